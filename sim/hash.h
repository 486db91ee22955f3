/* SPDX-License-Identifier: MIT */
/*
 * The digests that GCS and registries speak of: md5 and crc32c of an object's
 * bytes, sha256 as the name of a manifest.
 */
#ifndef SIM_HASH_H
#define SIM_HASH_H

#include <stddef.h>
#include <stdint.h>

enum { HASH_MD5 = 16, HASH_SHA256_HEX = 64 };

void hash_md5(const void *data, size_t n, uint8_t out[HASH_MD5]);
uint32_t hash_crc32c(const void *data, size_t n);

/* The same on any processor. */
uint32_t hash_crc32c_by_table(const void *data, size_t n);

/* Lower-case hex with a NUL. */
void hash_sha256_hex(const void *data, size_t n, char out[HASH_SHA256_HEX + 1]);
void hash_hex(const uint8_t *bytes, size_t n, char *out);

#endif
