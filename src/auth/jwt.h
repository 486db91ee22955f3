/* SPDX-License-Identifier: MIT */
/* A JSON Web Token signed with RS256 (RFC 7515, 7519), and the key for it. */
#ifndef AUTH_JWT_H
#define AUTH_JWT_H

#include "src/base/err.h"

struct buf;
struct evp_pkey_st;

/* An RSA key of 2048 bits or more in PEM, without a passphrase.  NULL: *why is
 * what it is instead, in words that show nothing of it. */
struct evp_pkey_st *jwt_key_parse(const char *pem, const char **why);

/* NULL is fine. */
void jwt_key_free(struct evp_pkey_st *key);

/* Adds header.claims.signature to out; kid: the key's id, or NULL.  claims: JSON.
 * -1: it could not be signed, or does not fit. */
int jwt_sign(struct evp_pkey_st *key, const char *kid, const char *claims,
    struct buf *out) MUST_CHECK;

#endif
