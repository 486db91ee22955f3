/* SPDX-License-Identifier: MIT */
/*
 * Content digests as a registry writes them: "<alg>:<lower-case hex>", for
 * sha256, sha384 and sha512 (OCI image-spec, descriptor.md, "Digests").
 */
#ifndef REGISTRY_DIGEST_H
#define REGISTRY_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "src/base/err.h"

struct buf;

enum digest_alg { DIGEST_SHA256, DIGEST_SHA384, DIGEST_SHA512 };
enum {
	DIGEST_ALGS = DIGEST_SHA512 + 1,
	DIGEST_RAW_MAX = 64,
	DIGEST_TEXT_MAX = 7 + 2 * DIGEST_RAW_MAX, /* without a NUL */
	DIGEST_MD5_SIZE = 16
};

struct digest {
	uint8_t alg;
	uint8_t raw[DIGEST_RAW_MAX]; /* digest_size(alg) of them count */
};

/* Bytes of a raw digest: 32, 48 or 64.  Its hex has twice as many. */
size_t digest_size(unsigned alg);

/* Bytes of "<alg>:<hex>". */
size_t digest_text_size(unsigned alg);

const char *digest_alg_name(unsigned alg);

/* Reads exactly n bytes of "<alg>:<hex>"; 0, or -1 for anything else. */
int digest_parse(const char *text, size_t n, struct digest *out);

/* The same from the two parts of a path. */
int digest_parse_parts(const char *alg, size_t alg_len, const char *hex,
    size_t hex_len, struct digest *out);

/* Adds "<alg>:<hex>", or only the hex. */
void digest_format(const struct digest *d, struct buf *out);
void digest_format_hex(const struct digest *d, struct buf *out);

bool digest_equal(const struct digest *a, const struct digest *b);

/* For tables.  Whoever pushes may choose digests freely, so the seed must be a
 * secret of the table, or a thousand of them share one slot. */
uint64_t digest_hash(const struct digest *d, uint64_t secret);

/* The digest of n bytes. */
void digest_compute(unsigned alg, const void *data, size_t n,
    struct digest *out);

/* Computes MD5s of digests as text, by which a listing tells what a link says
 * without a read.  The algorithm is dear to fetch and fetched once. */
struct digest_md5;
struct digest_md5 *digest_md5_new(void);
void digest_md5_free(struct digest_md5 *m);

/* The MD5 of "<alg>:<hex>"; false where the library will not compute one (FIPS):
 * then no listing tells anything. */
bool digest_md5_text(struct digest_md5 *m, const struct digest *d,
    uint8_t out[DIGEST_MD5_SIZE]) MUST_CHECK;

/* Finds the next "<alg>:<hex>" token at or after *at, in either case of hex,
 * and moves *at behind it; false at the end. */
bool digest_next_token(const char *text, size_t n, size_t *at,
    struct digest *out);

#endif
