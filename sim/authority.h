/* SPDX-License-Identifier: MIT */
/*
 * Who is who, and who may do what: the accounts that the simulator knows, the
 * access tokens that they have, and the places where tokens are to be had, as
 * doc/AUTH.md tells.  It is no part of the world: neither a snapshot nor the data
 * file has any of it.
 *
 * Times are microseconds since the Unix epoch, by the simulator's clock.
 */
#ifndef SIM_AUTHORITY_H
#define SIM_AUTHORITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/http.h"
#include "src/base/err.h"

struct ask;
struct ask_headers;
struct authority;
struct authority_principal;
struct buf;
struct json_out;
struct reply;
struct route;
struct sim_opts;

/* NULL and *err (ERR_USAGE, ERR_CONFIG) for a file that is no key, or a word
 * that is no permission.  opts->auth is not SIM_AUTH_OFF. */
struct authority *authority_new(const struct sim_opts *opts, struct err *err);
void authority_free(struct authority *a); /* NULL is fine */

/* The part of it that looks at what is typed, and opens no file. */
int authority_check(const struct sim_opts *opts, struct err *err) MUST_CHECK;

/* Of tokens that are made from now on. */
void authority_set_lifetime(struct authority *a, uint64_t lifetime_us);

/* --- who asks, and may he: authority_weigh.c --- */

enum authority_finding {
	AUTHORITY_FINE,
	AUTHORITY_NOBODY, /* does not say who he is */
	AUTHORITY_UNKNOWN, /* says so by a token that is none, or none any more */
	AUTHORITY_UNSIGNED, /* by an HMAC signature that is not taken */
	AUTHORITY_DENIED,   /* may not do that */
	AUTHORITY_NARROW    /* might, but his token's scopes may not */
};

struct authority_verdict {
	enum authority_finding finding;
	const struct authority_principal *who; /* NULL: anybody */
	const char *permission;                /* AUTHORITY_DENIED */
};

struct authority_ask {
	const struct route *route;
	const struct ask_headers *headers;
	const char *keys; /* the world's HMAC keys, or NULL */
	bool overwrites;  /* an object that is there would be replaced */
	uint64_t wall_us;
};

/* a NULL: everybody may do everything. */
void authority_weigh(struct authority *a, const struct authority_ask *ask,
    struct authority_verdict *out);

/* The answer to what is not fine. */
void authority_refuse(const struct authority_verdict *v,
    const struct route *route, struct reply *reply);

/* Has whoever it is the permission of that name?  who NULL: yes. */
bool authority_has(const struct authority_principal *who, const char *name,
    size_t n);

/* --- where tokens come from --- */

/* Is the route's operation one of these, which are no requests of the API? */
bool authority_serves(const struct route *route);

/* The same of a request that has come: then it is the route, and *nth tells the
 * how-manieth of its operation it is. */
bool authority_takes(struct authority *a, struct route *route,
    enum http_method method, const char *target, uint32_t *nth);

/* It is answered. */
void authority_answer(struct authority *a, const struct ask *ask,
    struct reply *reply);

/* What such an answer's head ends with. */
void authority_end_head(const struct route *route, struct buf *head);

/* --- what is told of it and to it: authority_tell.c --- */

/* Adds "auth": {...}: how many such requests there were, and how many of the
 * API's have been refused. */
void authority_add_counts(const struct authority *a, struct json_out *w);
void authority_reset_counts(struct authority *a);

/* Adds an object: its mode, and everybody that it knows. */
void authority_add_json(const struct authority *a, struct json_out *w,
    uint64_t wall_us);

/* email "": everybody's.  ERR_NOT_FOUND for one that is not known. */
int authority_expire(struct authority *a, const char *email,
    struct err *err) MUST_CHECK;
/* That, and whoever it is gets no others, or does again. */
int authority_revoke(struct authority *a, const char *email, bool is_revoked,
    struct err *err) MUST_CHECK;
/* permissions: see permission.h. */
int authority_permit(struct authority *a, const char *email,
    const char *permissions, bool may, struct err *err) MUST_CHECK;

/* A token that is good until it is expired or revoked, somebody's of that
 * name ("": the token's own). */
int authority_add_token(struct authority *a, const char *text,
    const char *email, const char *permissions, struct err *err) MUST_CHECK;

/* A file of that kind for a client, with all that it needs to be known here.
 * source: "url", or "file:PATH", of an external_account; "" is url. */
struct authority_wish {
	const char *kind, *email, *role, *source; /* "": the usual */
	const char *url;                          /* of the simulator */
};
int authority_add_credentials(struct authority *a,
    const struct authority_wish *wish, struct buf *out,
    struct err *err) MUST_CHECK;

/* What a workload shows to become one; NULL: there is none of that name. */
const char *authority_subject(const struct authority *a, const char *email);

#endif
