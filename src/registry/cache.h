/* SPDX-License-Identifier: MIT */
/*
 * What manifests name, kept from run to run in a file (SQLite).  A manifest
 * never changes, so what was true once is true for ever; the file only saves
 * requests.  Nothing is ever believed that was not read from a manifest's own
 * bytes: each row has a checksum over all of it and the digest that it is asked
 * for by, and one that does not hold to it is as if it were not there.
 *
 * That is a guard against rot, not against people: whoever can write to the file
 * can have things deleted, so one that everybody can write to is refused.
 *
 * A file that is damaged is put aside as FILE.damaged and begins anew, with a
 * warning.  A file that is no database, or another program's, is refused, a plan
 * is not: a cache may be a guest there.  Each version of what is kept has a table
 * of its own, so that gcsweeps of several versions can share one file.  So can
 * several runs: what one cannot write, as another is writing, it does not keep.
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
 * naming the file). */
struct cache *cache_open(const char *path, struct err *err);

/* Replaces *m by what the manifest of that digest and size names; false: it is
 * not known, and *m is anything. */
bool cache_find(struct cache *c, const struct digest *d, uint64_t size,
    struct manifest *m);

/* To be called before anything is waited for: lookups take a lock that is held
 * until then, as it costs more than they do, and who writes waits for it. */
void cache_rest(struct cache *c);

/* Keeps what manifest_parse made of bytes that hash to the digest, also if that
 * was MANIFEST_NONE.  What cannot be written is not kept, and a warning. */
void cache_add(struct cache *c, const struct digest *d, uint64_t size,
    const struct manifest *m);

/* Writes what is still held back.  cache_close does it too. */
void cache_flush(struct cache *c);

/* One line for people when anything was dropped or could not be kept, or NULL;
 * the cache's, until the next call. */
const char *cache_warning(struct cache *c);

/* NULL is fine. */
void cache_close(struct cache *c);

#endif
