/* SPDX-License-Identifier: MIT */
/*
 * Where to, and as whom: from the options to a place and to the token that
 * requests carry.
 *
 *	login_choose -> login_find -> login_wait -> ... -> login_release
 *
 * With nobody to be, login_find and login_wait have nothing to do and succeed.
 */
#ifndef CLI_LOGIN_H
#define CLI_LOGIN_H

#include <stdbool.h>
#include <stdint.h>

#include "src/base/err.h"
#include "src/cli/where.h"

struct config_file;
struct cred;
struct loop;
struct options;
struct target;
struct token_source;

struct login {
	const struct options *opts;
	const struct config_file *config; /* the target's */
	struct where where;
	struct token_source *tokens; /* NULL: as nobody */
	const struct cred *cred;     /* the tokens'; NULL likewise */
};

/* The place, by the rules of where.h.  Options that are then of no use are
 * refused.  opts and target are borrowed until release. */
int login_choose(struct login *l, const struct options *opts,
    const struct target *target, struct err *err) MUST_CHECK;

/* The credential, of which nothing is asked yet: that of --credentials, else that
 * of the registry's configuration, else as Google's tools find it.  What is odd about it is told
 * on standard error, a line each.  wants_who: its e-mail address is worth a
 * request. */
int login_find(struct login *l, struct loop *loop, bool wants_who,
    struct err *err) MUST_CHECK;

/* Waits for a token: *line becomes "Authorization: Bearer ...", the source's
 * until the loop turns, or NULL for nobody; and the place is known for good.
 * ERR_CANCELLED when *stop becomes true (stop may be NULL). */
int login_wait(struct login *l, struct loop *loop, const bool *stop,
    const char **line, struct err *err) MUST_CHECK;

/* Who pays, or NULL. */
const char *login_quota_project(const struct login *l);

/* Token calls so far. */
uint64_t login_token_calls(const struct login *l);

/* Of a zeroed struct, too. */
void login_release(struct login *l);

#endif
