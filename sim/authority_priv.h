/* SPDX-License-Identifier: MIT */
/* Between the rooms of authority.h only: authority*.c. */
#ifndef SIM_AUTHORITY_PRIV_H
#define SIM_AUTHORITY_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/authority_key.h"
#include "sim/sim_opts.h"
#include "src/base/err.h"
#include "src/base/rng.h"
#include "src/base/vec.h"

struct ask;
struct json_out;
struct reply;

enum authority_kind {
	AUTHORITY_SERVICE_ACCOUNT,
	AUTHORITY_USER,
	AUTHORITY_WORKLOAD,
	AUTHORITY_BEARER /* known by a token alone */
};

struct authority_principal {
	enum authority_kind kind;
	char *email;
	uint64_t permissions;
	bool is_revoked;
	struct authority_key
	    *key; /* of a service account that signs; or NULL */
	char *key_id;
	char *secret; /* a user's refresh token, a workload's subject token */
};

struct authority_token {
	char *text;
	const struct authority_principal *who;
	unsigned scopes;
	uint64_t expires_us;
	bool is_signed;  /* by whom it is of: no longer good than his key */
	bool is_revoked; /* kept till then: who shows it again is known */
};

enum { AUTHORITY_PLACES = 4 };

/* Principals are never freed before the end, so that whoever has one may keep
 * it. */
struct authority {
	enum sim_auth mode;
	uint64_t lifetime_us;
	struct rng rng;
	VEC(struct authority_principal *) principals;
	VEC(struct authority_token) tokens;
	/* Since the start or the last reset: requests for tokens, by place, and of
	 * the API those that were answered 401 and 403. */
	uint64_t asked[AUTHORITY_PLACES];
	uint64_t granted;
	uint64_t unknown, denied;
};

#define AUTHORITY_FOREVER UINT64_MAX

/* Of all users. */
extern const char authority_client_id[];
extern const char authority_client_secret[];
/* Of all workloads. */
extern const char authority_audience[];
/* Whom the metadata server speaks of. */
extern const char authority_default[];

/* --- authority.c --- */

/* NULL: there is none. */
struct authority_principal *authority_find(const struct authority *a,
    const char *email);

/* A new one (none of that email is known), or that of the same kind. */
struct authority_principal *authority_add(struct authority *a,
    enum authority_kind kind, const char *email, uint64_t permissions);

/* Whose refresh or subject token it is, or NULL. */
struct authority_principal *authority_find_secret(const struct authority *a,
    enum authority_kind kind, const char *secret);

/* A new access token: valid until the next one is made. */
const struct authority_token *authority_issue(struct authority *a,
    const struct authority_principal *who, unsigned scopes,
    uint64_t lifetime_us, uint64_t wall_us);

/* One with that text; NULL: there is none. */
struct authority_token *authority_find_token(const struct authority *a,
    const char *text, size_t n);

/* Remembers a signed one that has been believed. */
struct authority_claim;
struct authority_token *authority_keep_signed(struct authority *a,
    const char *text, size_t n, const struct authority_claim *claim,
    uint64_t wall_us);

/* From now on p signs by that key alone, which is taken over. */
void authority_set_key(struct authority *a, struct authority_principal *p,
    struct authority_key *key_take, const char *key_id);

/* Something nobody guesses who does not know the seed: prefix and 32 letters. */
char *authority_draw(struct authority *a, const char *prefix);

/* Of a key file. */
int authority_load_account(struct authority *a, const char *spec,
    struct err *err) MUST_CHECK;

/* --- authority_believe.c: signed tokens --- */

/* Why not, in Google's words. */
struct authority_doubt {
	const char *error;
	const char *text;
};

struct authority_claim {
	struct authority_principal *who;
	unsigned scopes;
	uint64_t expires_us;
};

/* Is it good?  is_grant: to be exchanged for a token; else it is one itself,
 * shown to what the client calls host. */
bool authority_believe(const struct authority *a, const char *text, size_t n,
    bool is_grant, const char *host, uint64_t wall_us,
    struct authority_claim *out, struct authority_doubt *why);

/* --- authority_token.c, authority_iam.c, authority_metadata.c --- */

void authority_grant(struct authority *a, const struct ask *ask,
    struct reply *reply);
void authority_exchange(struct authority *a, const struct ask *ask,
    struct reply *reply);
void authority_impersonate(struct authority *a, const struct ask *ask,
    struct reply *reply);
void authority_metadata(struct authority *a, const struct ask *ask,
    struct reply *reply);

/* In seconds, as it is told: a little less than it is. */
uint64_t authority_tell_lifetime(uint64_t lifetime_us);

#endif
