/* SPDX-License-Identifier: MIT */
/*
 * The rows of a cache.  One is found by its digest, and believed when its seal
 * is the SHA-256 of everything that it says and of the digest asked for.  New
 * rows are held back and written many at once, in a transaction that is short:
 * other runs may read and write between.
 */
#include "src/registry/cache.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/registry/cache_priv.h"
#include "src/registry/facts.h"
#include "src/registry/manifest.h"

/* Rows, and bytes of facts, that are held back at most; a manifest that has
 * more is written at once. */
enum { HELD_ROWS = 1000, HELD_BYTES = 1024 * 1024 };

struct cache *
cache_open(const char *path, struct err *err)
{
	struct cache *c = mem_zalloc(1, sizeof(*c));

	c->path = mem_strdup(path);
	buf_init(&c->facts, HELD_BYTES + 2 * MANIFEST_MAX);
	buf_init(&c->scratch, HELD_BYTES + 2 * MANIFEST_MAX);
	buf_init(&c->warning, CACHE_LINE_MAX);
	buf_init(&c->line, CACHE_LINE_MAX);
	if (cache_file_open(c, err) == 0)
		return c;
	cache_close(c);
	return NULL;
}

void
cache_close(struct cache *c)
{
	if (c == NULL)
		return;
	cache_flush(c);
	cache_file_close(c);
	vec_release(&c->held);
	buf_release(&c->facts);
	buf_release(&c->scratch);
	buf_release(&c->warning);
	buf_release(&c->line);
	free(c->path);
	free(c);
}

const char *
cache_warning(struct cache *c)
{
	if (c->warning.len > 0)
		return c->warning.data;
	if (c->dropped == 0)
		return NULL;
	buf_clear(&c->line);
	buf_addf(&c->line,
	    "the cache %s has rows that do not hold to their checksum "
	    "(%" PRIu64 "); these manifests were read again",
	    c->path, c->dropped);
	return c->line.data;
}

/* --- rows --- */

/* The key: the algorithm, then the raw bytes. */
static size_t
key_of(const struct digest *d, uint8_t key[1 + DIGEST_RAW_MAX])
{
	key[0] = d->alg;
	memcpy(key + 1, d->raw, digest_size(d->alg));
	return 1 + digest_size(d->alg);
}

static void
seal_of(struct cache *c, const struct digest *d, uint64_t size,
    const void *facts, size_t n, struct digest *seal)
{
	uint8_t key[1 + DIGEST_RAW_MAX], number[8];
	size_t i;

	for (i = 0; i < sizeof(number); i++)
		number[i] = (uint8_t)(size >> 8 * i);
	buf_clear(&c->scratch);
	buf_add(&c->scratch, CACHE_TABLE, sizeof(CACHE_TABLE));
	buf_add(&c->scratch, key, key_of(d, key));
	buf_add(&c->scratch, number, sizeof(number));
	buf_add(&c->scratch, facts, n);
	digest_compute(DIGEST_SHA256, c->scratch.data, c->scratch.len, seal);
}

static bool
take_row(struct cache *c, const struct digest *d, uint64_t size,
    struct manifest *m)
{
	const void *facts = sqlite3_column_blob(c->find, 1);
	size_t n = (size_t)sqlite3_column_bytes(c->find, 1);
	const void *seal = sqlite3_column_blob(c->find, 2);
	struct digest want;

	/* An object of another size is not the one that was read. */
	if ((uint64_t)sqlite3_column_int64(c->find, 0) != size)
		return false;
	seal_of(c, d, size, facts, n, &want);
	if (seal != NULL &&
	    sqlite3_column_bytes(c->find, 2) ==
		(int)digest_size(DIGEST_SHA256) &&
	    memcmp(seal, want.raw, digest_size(DIGEST_SHA256)) == 0 &&
	    facts_parse(facts, n, m) == 0)
		return true;
	c->dropped++;
	return false;
}

static bool
run(struct cache *c, const char *sql)
{
	return sqlite3_exec(c->db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

void
cache_rest(struct cache *c)
{
	if (c->has_lock)
		(void)run(c, "COMMIT");
	c->has_lock = false;
}

/* Another program has it for long.  That costs requests, and is waited for once
 * only. */
static void
be_busy(struct cache *c)
{
	cache_warn(c, "is in use by another program, and helps less");
	sqlite3_busy_timeout(c->db, 0);
}

bool
cache_find(struct cache *c, const struct digest *d, uint64_t size,
    struct manifest *m)
{
	uint8_t key[1 + DIGEST_RAW_MAX];
	bool is_found = false;
	int rc;

	if (c->db == NULL)
		return false;
	if (!c->has_lock)
		c->has_lock = run(c, "BEGIN");
	sqlite3_bind_blob(c->find, 1, key, (int)key_of(d, key), SQLITE_STATIC);
	rc = sqlite3_step(c->find);
	if (rc == SQLITE_ROW)
		is_found = take_row(c, d, size, m);
	sqlite3_reset(c->find);
	if (rc == SQLITE_BUSY) {
		be_busy(c);
		cache_rest(c);
	} else if (rc != SQLITE_ROW && rc != SQLITE_DONE) {
		(void)cache_file_mend(c);
	}
	return is_found;
}

void
cache_add(struct cache *c, const struct digest *d, uint64_t size,
    const struct manifest *m)
{
	size_t at = c->facts.len;

	if (c->db == NULL || c->is_stuck)
		return;
	facts_format(m, &c->facts);
	*vec_push(&c->held) = (struct cache_row){
		.digest = *d,
		.size = size,
		.at = at,
		.n = c->facts.len - at,
	};
	if (c->held.n >= HELD_ROWS || c->facts.len >= HELD_BYTES)
		cache_flush(c);
}

/* --- writing --- */

static bool
put_row(struct cache *c, const struct cache_row *row)
{
	const char *facts = c->facts.data + row->at;
	uint8_t key[1 + DIGEST_RAW_MAX];
	struct digest seal;
	int rc;

	seal_of(c, &row->digest, row->size, facts, row->n, &seal);
	sqlite3_bind_blob(c->put, 1, key, (int)key_of(&row->digest, key),
	    SQLITE_STATIC);
	sqlite3_bind_int64(c->put, 2, (sqlite3_int64)row->size);
	sqlite3_bind_blob(c->put, 3, facts, (int)row->n, SQLITE_STATIC);
	sqlite3_bind_blob(c->put, 4, seal.raw, (int)digest_size(seal.alg),
	    SQLITE_STATIC);
	rc = sqlite3_step(c->put);
	sqlite3_reset(c->put);
	return rc == SQLITE_DONE;
}

static bool
put_rows(struct cache *c)
{
	size_t i;

	if (!run(c, "BEGIN IMMEDIATE"))
		return false;
	for (i = 0; i < c->held.n; i++) {
		if (!put_row(c, &c->held.v[i]))
			return false;
	}
	return run(c, "COMMIT");
}

static void
give_up(struct cache *c)
{
	if ((sqlite3_errcode(c->db) & 0xff) == SQLITE_BUSY) {
		be_busy(c);
	} else {
		cache_warn(c, "cannot be written, and keeps nothing new");
		c->is_stuck = true;
	}
	sqlite3_exec(c->db, "ROLLBACK", NULL, NULL, NULL);
}

void
cache_flush(struct cache *c)
{
	cache_rest(c);
	if (c->db != NULL && c->held.n > 0 && !put_rows(c)) {
		if (!cache_file_is_damaged(c))
			give_up(c);
		else if (cache_file_mend(c) && !put_rows(c))
			give_up(c);
	}
	c->held.n = 0;
	buf_clear(&c->facts);
}
