/* SPDX-License-Identifier: MIT */
/* What the kinds of credentials share.  Between files of src/auth, and for
 * tests that read a credential from memory. */
#ifndef AUTH_CRED_PRIV_H
#define AUTH_CRED_PRIV_H

#include <jansson.h>

#include "src/auth/cred.h"
#include "src/net/client.h"

/* Enough to list, read, write and delete objects and to read a bucket; and what
 * the API that mints tokens for another account wants. */
#define SCOPE_STORAGE "https://www.googleapis.com/auth/devstorage.read_write"
#define SCOPE_CLOUD   "https://www.googleapis.com/auth/cloud-platform"

#define UNIVERSE_DEFAULT "googleapis.com"

enum {
	CRED_FILE_MAX = 64 * 1024,  /* a credential or a subject token */
	CRED_REPLY_MAX = 64 * 1024, /* of a token endpoint */
	CRED_TOKEN_MAX = 16 * 1024, /* a request's head has 32 KiB */
	CRED_BODY_MAX = 256 * 1024, /* a request, percent-encoded */
	CRED_DEPTH_MAX = 3          /* of source_credentials in each other */
};

/* One call of cred_begin or cred_take. */
struct cred_turn {
	uint64_t wall_us;
	bool is_refused;
	struct http_request *req;
	struct cred_token *token;
	struct err *err;
};

struct cred_type {
	enum cred_kind kind;
	bool can_refresh;
	enum cred_step (*begin)(struct cred *c, struct cred_turn *turn);
	enum cred_step (*take)(struct cred *c, struct cred_turn *turn);
	void (*release)(struct cred *c); /* what is not in struct cred */
};

/* Each kind has a struct that begins with this one. */
struct cred {
	const struct cred_type *type;
	char *where; /* the file or variable, for errors */
	char *source;
	char *email;
	char *quota_project;
	char *universe;
	const char *scope; /* of the tokens that it is to get */
	struct buf url;    /* of the request that is asked */
	struct buf line;   /* its Authorization, if it has one */
	struct buf body;   /* secret, as line is */
};

/* Where a credential stands. */
struct cred_origin {
	const char *where;
	const char *scope;
	unsigned depth; /* of source_credentials */
};

/* A zeroed struct of that size, whose beginning is made ready. */
void *cred_new(size_t size, const struct cred_type *type,
    const struct cred_origin *origin);

/* A request from c->url, c->line and c->body; json: what the body is, or else a
 * form.  Without a body it is a GET.  Answers CRED_ASK. */
enum cred_step cred_ask(struct cred *c, struct cred_turn *turn, bool json);

/* Adds "name=value" with its "&" to a form. */
void cred_add_field(struct buf *form, const char *name, const char *value);

/* --- files (cred_file.c) --- */

/* The credential that n bytes of JSON describe.  NULL: ERR_CONFIG, which names
 * origin->where and quotes no value but "type". */
struct cred *cred_parse(const char *text, size_t n,
    const struct cred_origin *origin, struct err *err);
struct cred *cred_parse_value(const json_t *value,
    const struct cred_origin *origin, struct err *err);

/* The kinds, each in its own file. */
struct cred *cred_parse_service_account(const json_t *file,
    const struct cred_origin *origin, struct err *err);
struct cred *cred_parse_user(const json_t *file,
    const struct cred_origin *origin, struct err *err);
struct cred *cred_parse_impersonated(const json_t *file,
    const struct cred_origin *origin, struct err *err);
struct cred *cred_parse_external(const json_t *file,
    const struct cred_origin *origin, struct err *err);
struct cred *cred_new_token(const char *text, const struct cred_origin *origin,
    struct err *err);
struct cred *cred_new_metadata(const char *host, bool wants_who,
    const struct cred_origin *origin, struct err *err);

/* A member that is a string and not empty, or NULL. */
const char *cred_member(const json_t *object, const char *name);

/* Are all of these there (the last is NULL)?  The error names all that are not. */
int cred_need(const json_t *object, const char *where,
    const char *const names[], struct err *err);

/* Is it an https URL to which a secret may go? */
int cred_check_url(const char *url, const char *where, const char *name,
    struct err *err);

bool cred_is_host_name(const char *text);

/* A project's id or number, old ones with their domain ("example.com:p"). */
bool cred_is_project(const char *text);

#endif
