/* SPDX-License-Identifier: MIT */
/* The cache, between cache.c (rows) and cache_file.c (the file). */
#ifndef REGISTRY_CACHE_PRIV_H
#define REGISTRY_CACHE_PRIV_H

#include <sqlite3.h>

#include "src/base/buf.h"
#include "src/base/vec.h"
#include "src/registry/cache.h"
#include "src/registry/digest.h"

/* The version of what is kept: of facts.h, of manifest_parse (what it finds),
 * and of the seal.  Whoever changes one of them counts up. */
#define CACHE_TABLE "manifest_cache_1"

enum { CACHE_LINE_MAX = 8 * 1024 };

/* A row that is not written yet; its facts are in cache.facts. */
struct cache_row {
	struct digest digest;
	uint64_t size;
	size_t at;
	size_t n;
};

struct cache {
	char *path;
	sqlite3 *db; /* NULL: nothing is known, and nothing kept */
	sqlite3_stmt *find;
	sqlite3_stmt *put;
	bool is_guest; /* in a plan */
	bool is_stuck; /* it cannot be written */
	bool has_lock; /* of lookups: a transaction that only reads */
	VEC(struct cache_row) held;
	struct buf facts;
	struct buf scratch; /* a seal in the making */
	uint64_t dropped;   /* rows */
	struct buf warning; /* the first, whole */
	struct buf line;    /* what cache_warning answered */
};

/* Opens c->path and prepares the statements.  What is damaged is put aside, once,
 * and is a warning. */
int cache_file_open(struct cache *c, struct err *err) MUST_CHECK;

void cache_file_close(struct cache *c);

/* A statement failed.  Damage: the file begins anew, or if it cannot, or is a
 * plan, it is closed for good.  True when it can be used again. */
bool cache_file_mend(struct cache *c);

/* Is the last error that the file is not whole? */
bool cache_file_is_damaged(const struct cache *c);

/* Keeps one line, if it is the first: "the cache FILE WHAT (why)". */
void cache_warn(struct cache *c, const char *what);

#endif
