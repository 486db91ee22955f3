/* SPDX-License-Identifier: MIT */
/*
 * Who we are: a credential, found in Google's order (ADC), is a small machine
 * that is asked for a token.  It has no socket and no clock: it says which
 * request it wants answered and reads the answer, step by step, until it has a
 * token or says why not.
 *
 *	cred_begin -> ASK -> (the request is answered) -> cred_take -> ASK | DONE | FAILED
 *
 * Each kind is one file, cred_<kind>.c.  Formats and order: Google's
 * "Application Default Credentials", AIP 4110 to 4117.
 */
#ifndef AUTH_CRED_H
#define AUTH_CRED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "src/base/buf.h"
#include "src/base/err.h"

struct cred;
struct http_request;

enum cred_kind {
	CRED_TOKEN,           /* GOOGLE_ACCESS_TOKEN: as it is, once */
	CRED_SERVICE_ACCOUNT, /* a key: self-signed JWT, else an exchange */
	CRED_USER,            /* authorized_user: a refresh token */
	CRED_IMPERSONATED,    /* impersonated_service_account */
	CRED_EXTERNAL,        /* external_account: a file or a URL */
	CRED_METADATA         /* GCE, GKE, Cloud Run */
};

struct cred_opts {
	const char *file;    /* NULL: text, or as the environment says */
	const char *file_by; /* who names it; NULL: --credentials */
	/* A credential as JSON, of a registry's configuration; or NULL. */
	const char *text;
	const char *text_by; /* where it stands */
	unsigned text_mode;  /* of the file it stands in, 0: of none */
	bool is_strict;      /* a key file that others can read is refused */
	/* Overrides GOOGLE_CLOUD_QUOTA_PROJECT, which overrides the file's; may
	 * be NULL. */
	const char *quota_project;
	/* Ask a metadata server for e-mail address and universe too, before its
	 * first token: for gcsweep doctor. */
	bool wants_who;
	/* As getenv; NULL: getenv. */
	const char *(*env)(void *arg, const char *name);
	void *env_arg;
	/* Hears one line of what is odd but no error; may be NULL. */
	void (*on_warning)(void *arg, const char *text);
	void *warning_arg;
};

/* The first credential in Google's order: the file or text of opts,
 * GOOGLE_ACCESS_TOKEN, GOOGLE_APPLICATION_CREDENTIALS, gcloud's well-known file,
 * and else the metadata server, which is not asked yet.  An empty variable counts as not set.  What is
 * named and cannot be used is ERR_CONFIG, never skipped.  From here on the
 * process leaves no core (guard.h).  cred_free frees it. */
struct cred *cred_find(const struct cred_opts *opts, struct err *err);

/* Wipes what it holds.  NULL is fine. */
void cred_free(struct cred *c);

enum cred_kind cred_kind(const struct cred *c);
const char *cred_kind_name(enum cred_kind kind); /* "service_account" */

/* For people: "GOOGLE_APPLICATION_CREDENTIALS=/k.json", and why it won. */
const char *cred_source(const struct cred *c);

/* Who it is, as far as it knows: an e-mail address, or NULL. */
const char *cred_email(const struct cred *c);
const char *cred_quota_project(const struct cred *c); /* or NULL */
const char *cred_universe(const struct cred *c);      /* "googleapis.com" */

/* Can it get another token when this one is refused? */
bool cred_can_refresh(const struct cred *c);

enum cred_step { CRED_ASK, CRED_DONE, CRED_FAILED };

/* Its owner's, who inits and releases it. */
struct cred_token {
	struct buf text;     /* without "Bearer": printable, no space */
	uint64_t expires_us; /* Unix epoch; UINT64_MAX: not known */
};

void cred_token_init(struct cred_token *token);
void cred_token_release(struct cred_token *token); /* wipes */

/* Begins anew at wall_us (Unix epoch).  ASK: *req is the request to be answered;
 * what it points to is the credential's until the next call.  is_refused: the
 * token that it made last was answered 401, so a self-signed one is not tried
 * again.  FAILED: *err says in Google's words what is wrong; ERR_NET may pass by
 * itself, nothing else will. */
enum cred_step cred_begin(struct cred *c, uint64_t wall_us, bool is_refused,
    struct http_request *req, struct cred_token *token, struct err *err);

/* The request was answered, or not (req->outcome). */
enum cred_step cred_take(struct cred *c, uint64_t wall_us,
    struct http_request *req, struct cred_token *token, struct err *err);

#endif
