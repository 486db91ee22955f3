/* SPDX-License-Identifier: MIT */
/*
 * How far a rewrite has come that takes several calls.  The client carries it,
 * so nothing is kept here for clients that never come back.
 */
#ifndef SIM_REWRITE_TOKEN_H
#define SIM_REWRITE_TOKEN_H

#include <stddef.h>
#include <stdint.h>

struct buf;
struct route;

/* What all calls of one rewrite have in common. */
struct rewrite {
	const struct route *route; /* both names */
	uint64_t generation;       /* of the source */
	uint64_t step;             /* maxBytesRewrittenPerCall */
};

/* Adds the token of a rewrite that has done so many bytes. */
void rewrite_token_add(const struct rewrite *r, uint64_t done, struct buf *out);

/* -1 when it is no token, or that of another rewrite. */
int rewrite_token_parse(const struct rewrite *r, const char *text, size_t n,
    uint64_t *done);

#endif
