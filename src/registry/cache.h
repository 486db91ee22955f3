/* SPDX-License-Identifier: MIT */
/*
 * What manifests name, kept from run to run in a file (SQLite).  A manifest
 * never changes, so what was true once is true for ever; the file only saves
 * requests.  Each row carries a checksum, and a row that does not hold to it, or
 * a file that is no cache, is dropped with a warning: nothing is ever believed
 * that was not read from the manifest's own bytes.
 *
 * Where there is no SQLite, cache_open says so.
 */
#ifndef REGISTRY_CACHE_H
#define REGISTRY_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#include "src/base/err.h"

struct cache;
struct digest;
struct manifest;

/* Opens the file, made if need be; NULL and *err when that cannot be (ERR_CONFIG,
 * naming the file).  One that is damaged begins anew, see cache_warning. */
struct cache *cache_open(const char *path, struct err *err);

/* Fills *m with what the manifest of that digest and size names; false: it is not
 * known. */
bool cache_find(struct cache *c, const struct digest *d, uint64_t size,
    struct manifest *m);

/* Keeps what manifest_parse made of bytes that hash to the digest.  What cannot
 * be written is not kept, and a warning. */
void cache_add(struct cache *c, const struct digest *d, uint64_t size,
    const struct manifest *m);

/* One line for people when anything was dropped or could not be kept, or NULL;
 * the cache's. */
const char *cache_warning(const struct cache *c);

/* Writes what is still held back.  NULL is fine. */
void cache_close(struct cache *c);

#endif
