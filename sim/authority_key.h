/* SPDX-License-Identifier: MIT */
/* RSA keys of service accounts: made, and asked whether they have signed. */
#ifndef SIM_AUTHORITY_KEY_H
#define SIM_AUTHORITY_KEY_H

#include <stdbool.h>
#include <stddef.h>

#include "src/base/err.h"

struct authority_key;
struct buf;

enum { AUTHORITY_KEY_ID = 40 };

/* The public half of a key in PEM, private or public; NULL: it is none of RSA. */
struct authority_key *authority_key_parse(const char *pem, size_t n);
void authority_key_free(struct authority_key *key);

/* Is that its RS256 signature of those bytes? */
bool authority_key_has_signed(const struct authority_key *key, const void *data,
    size_t n, const void *signature, size_t signature_n);

/* A fresh RSA key of 2048 bits: its PKCS #8 PEM is added, its id, which is made
 * of its public half, is hexadecimal. */
int authority_key_make(struct buf *pem, char id[AUTHORITY_KEY_ID + 1],
    struct err *err) MUST_CHECK;

#endif
