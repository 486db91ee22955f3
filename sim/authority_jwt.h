/* SPDX-License-Identifier: MIT */
/*
 * A JSON Web Token in its compact form, HEADER.CLAIMS.SIGNATURE, taken apart.
 * Whether to believe it is authority_believe.c's to say.
 */
#ifndef SIM_AUTHORITY_JWT_H
#define SIM_AUTHORITY_JWT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "src/base/buf.h"

struct json_t;

enum { AUTHORITY_JWT_MAX = 16 * 1024 };

struct authority_jwt {
	struct json_t *head, *claims;
	/* Of those, "" where there is none. */
	const char *alg, *kid, *iss, *sub, *aud, *scope;
	int64_t iat, exp; /* seconds since the Unix epoch; -1: not a number */
	const char *text; /* what is signed, borrowed from the token */
	size_t text_n;
	struct buf signature;
};

/* text is borrowed while it is in use; -1: it is none.  Release in any case. */
int authority_jwt_parse(struct authority_jwt *jwt, const char *text, size_t n);
void authority_jwt_release(struct authority_jwt *jwt);

#endif
