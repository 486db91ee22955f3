/* SPDX-License-Identifier: MIT */
/*
 * The token that requests carry, kept fresh: one refresh in flight however many
 * wait, early enough that none is ever refused for its age, and once more when
 * one is refused all the same.  It has its own connection, and is turned by the
 * loop like every client of src/net.
 */
#ifndef AUTH_TOKEN_H
#define AUTH_TOKEN_H

#include <stdbool.h>
#include <stdint.h>

#include "src/base/err.h"

struct cred;
struct loop;
struct token_source;

struct token_opts {
	const char *ca_file;    /* as of http_opts; borrowed until close */
	const char *user_agent; /* borrowed until close */
	uint64_t seed;          /* of the jitter between tries */
};

/* cred is taken over. */
struct token_source *token_open(struct loop *loop, struct cred *cred_take,
    const struct token_opts *opts);
void token_close(struct token_source *ts); /* NULL is fine */

enum token_state {
	TOKEN_READY, /* *line is "Authorization: Bearer ..." */
	TOKEN_WAIT,  /* one is on its way: token_turn tells */
	TOKEN_FAILED /* *err says why; the next call tries again, but not
		       * within a second */
};

/* What a request is to carry now.  Begins a refresh where one is due.  *line is
 * the source's until the loop turns; *serial names the token for
 * token_refused. */
enum token_state token_get(struct token_source *ts, const char **line,
    uint64_t *serial, struct err *err);

/* A request that carried the token of this serial was answered 401: the first to
 * say so begins a refresh.  False: that is of no use (it cannot be refreshed, or
 * the refreshed one was refused too), so the answer stands. */
bool token_refused(struct token_source *ts, uint64_t serial);

/* Takes in what the loop has brought; true when token_get would now say
 * something else than before. */
bool token_turn(struct token_source *ts);

/* Token calls that were sent. */
uint64_t token_calls(const struct token_source *ts);

const struct cred *token_cred(const struct token_source *ts);

#endif
