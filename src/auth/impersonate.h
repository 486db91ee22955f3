/* SPDX-License-Identifier: MIT */
/* A token for another account, which the IAM API hands to those who may act as
 * it: the last step of two kinds of credentials. */
#ifndef AUTH_IMPERSONATE_H
#define AUTH_IMPERSONATE_H

#include <jansson.h>

#include "src/auth/cred.h"

struct cred_turn;

struct impersonation {
	char *url;
	char *body;
};

/* Of the file's service_account_impersonation_url, and of delegates: an array of
 * strings, or NULL.  lifetime in seconds; 0: an hour. */
int impersonation_init(struct impersonation *im, const json_t *file,
    const json_t *delegates, unsigned lifetime, const char *scope,
    const char *where, struct err *err);
void impersonation_release(struct impersonation *im);

/* Whose tokens: the e-mail address in the URL, to free(); NULL: it has none. */
char *impersonation_email(const struct impersonation *im);

/* Asks with turn->token, which is spent. */
enum cred_step impersonation_ask(const struct impersonation *im, struct cred *c,
    struct cred_turn *turn);

#endif
