/* SPDX-License-Identifier: MIT */
/*
 * The file into memory: bytes first, then buckets, then versions and uploads,
 * which share them.  What is read is checked, since anybody can write to a file;
 * bytes are taken for what their row says that they hash to.
 */
#include "sim/store_load.h"

#include <string.h>

#include "sim/bucket.h"
#include "sim/store_meta.h"
#include "sim/store_priv.h"
#include "sim/world.h"
#include "src/base/mem.h"
#include "src/base/vec.h"

enum { REASON_MAX = 256 };

/* --- what is wrong with it --- */

int
store_damaged(const struct store_load *l, const char *what, const void *name,
    int n)
{
	return err_set(l->err, ERR_CONFIG, "%s is damaged: %s%.*s",
	    l->store->name, what, n, (const char *)name);
}

int
store_unreadable(const struct store_load *l)
{
	struct buf why;

	buf_init(&why, REASON_MAX);
	store_add_reason(l->store, &why);
	err_set(l->err, ERR_CONFIG, "cannot read %s: %s", l->store->name,
	    why.data);
	buf_release(&why);
	return -1;
}

int
store_read_rows(struct store_load *l, const char *sql,
    int (*on_row)(struct store_load *l, sqlite3_stmt *st))
{
	sqlite3_stmt *st;
	int rc = 0, step = SQLITE_ERROR;

	if (sqlite3_prepare_v2(l->store->db, sql, -1, &st, NULL) == SQLITE_OK) {
		while (rc == 0 && (step = sqlite3_step(st)) == SQLITE_ROW)
			rc = on_row(l, st);
	}
	if (rc == 0 && step != SQLITE_DONE)
		rc = store_unreadable(l);
	sqlite3_finalize(st);
	return rc;
}

uint64_t
store_number(sqlite3_stmt *st, int column)
{
	return (uint64_t)sqlite3_column_int64(st, column);
}

/* --- bytes --- */

static bool
is_whole(const struct store_load *l)
{
	return l->payloads.n == 0 ||
	    l->filled == l->payloads.v[l->payloads.n - 1]->size;
}

/* The first row of a payload. */
static int
begin_payload(struct store_load *l, sqlite3_stmt *st)
{
	uint64_t size = store_number(st, 1);
	struct payload *p;

	if (!is_whole(l) || sqlite3_column_bytes(st, 2) != HASH_MD5 ||
	    size > l->file_bytes)
		return store_damaged(l, "bytes are missing", "", 0);
	p = payload_alloc((size_t)size);
	p->crc32c = (uint32_t)store_number(st, 3);
	p->stored_at = store_number(st, 0);
	memcpy(p->md5, sqlite3_column_blob(st, 2), HASH_MD5);
	*vec_push(&l->payloads) = p;
	l->filled = 0;
	return 0;
}

static int
on_bytes(struct store_load *l, sqlite3_stmt *st)
{
	size_t n = (size_t)sqlite3_column_bytes(st, 4);
	struct payload *p;

	if (sqlite3_column_type(st, 2) != SQLITE_NULL &&
	    begin_payload(l, st) != 0)
		return -1;
	if (l->payloads.n == 0)
		return store_damaged(l, "bytes belong to nothing", "", 0);
	p = l->payloads.v[l->payloads.n - 1];
	if (n > p->size - l->filled)
		return store_damaged(l, "there are too many bytes", "", 0);
	if (n != 0)
		memcpy(p->bytes + l->filled, sqlite3_column_blob(st, 4), n);
	l->filled += n;
	l->store->next_payload = store_number(st, 0) + 1;
	return 0;
}

static int
read_payloads(struct store_load *l)
{
	if (store_read_rows(l, "SELECT * FROM payloads ORDER BY id",
		on_bytes) != 0)
		return -1;
	return is_whole(l) ? 0 : store_damaged(l, "bytes are missing", "", 0);
}

struct payload *
store_find_payload(const struct store_load *l, uint64_t row)
{
	size_t low = 0, high = l->payloads.n, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (l->payloads.v[middle]->stored_at < row)
			low = middle + 1;
		else
			high = middle;
	}
	return low < l->payloads.n && l->payloads.v[low]->stored_at == row
	    ? l->payloads.v[low]
	    : NULL;
}

/* --- buckets --- */

static int
on_bucket(struct store_load *l, sqlite3_stmt *st)
{
	const char *name = (const char *)sqlite3_column_text(st, 0);
	const char *extra = (const char *)sqlite3_column_text(st, 11);
	struct bucket *b;

	if (!bucket_is_name(name, (size_t)sqlite3_column_bytes(st, 0)))
		return store_damaged(l, "no bucket is named ", name,
		    sqlite3_column_bytes(st, 0));
	b = world_add(l->store->world, name, store_number(st, 1));
	b->updated_us = store_number(st, 2);
	b->metageneration = store_number(st, 3);
	b->config = (struct bucket_config){ .has_versioning = store_number(st,
								  4) != 0,
		.default_event_based_hold = store_number(st, 5) != 0,
		.soft_delete_s = store_number(st, 6),
		.soft_delete_since_us = store_number(st, 7),
		.retention_s = store_number(st, 8),
		.retention_since_us = store_number(st, 9),
		.retention_is_locked = store_number(st, 10) != 0,
		.extra = extra != NULL ? mem_strdup(extra) : NULL };
	b->is_from_file = true;
	return 0;
}

/* --- versions --- */

/* The payload and the metadata of a version; -1: there is something wrong. */
static int
read_parts(struct store_load *l, sqlite3_stmt *st, struct payload **payload,
    struct meta **meta)
{
	*payload = NULL;
	if (sqlite3_column_type(st, 9) != SQLITE_NULL) {
		*payload = store_find_payload(l, store_number(st, 9));
		if (*payload == NULL || (*payload)->size != store_number(st, 4))
			return -1;
	}
	return store_meta_parse(sqlite3_column_blob(st, 10),
	    (size_t)sqlite3_column_bytes(st, 10), meta);
}

static int
add_version(struct store_load *l, sqlite3_stmt *st, const char *name, size_t n)
{
	enum object_state state = (enum object_state)store_number(st, 3);
	struct index *ix = bucket_index(l->bucket, state);
	struct payload *payload;
	struct meta *meta;
	struct object *o;

	if (read_parts(l, st, &payload, &meta) != 0)
		return -1;
	if (payload != NULL)
		payload_share(payload)->stored++;
	o = object_new(name, n, index_draw_height(ix), store_number(st, 4),
	    store_number(st, 2), payload, meta);
	o->state = (uint8_t)state;
	o->updated_us = store_number(st, 5);
	o->ended_us = store_number(st, 6);
	o->hard_delete_us = store_number(st, 7);
	o->metageneration = (uint32_t)store_number(st, 8);
	bucket_load(l->bucket, o);
	return 0;
}

static int
on_version(struct store_load *l, sqlite3_stmt *st)
{
	const char *bucket = (const char *)sqlite3_column_text(st, 0);
	const char *name = sqlite3_column_blob(st, 1);
	size_t n = (size_t)sqlite3_column_bytes(st, 1);

	if (l->bucket == NULL || strcmp(l->bucket->name, bucket) != 0)
		l->bucket = world_find(l->store->world, bucket, strlen(bucket));
	if (l->bucket == NULL)
		return store_damaged(l, "there is no bucket ", bucket,
		    (int)strlen(bucket));
	if (object_name_fault(name, n) != NULL ||
	    store_number(st, 3) > OBJECT_SOFT_DELETED ||
	    add_version(l, st, name, n) != 0)
		return store_damaged(l, "it makes no sense at object ", name,
		    (int)n);
	return 0;
}

/* --- all of it --- */

static int
on_world(struct store_load *l, sqlite3_stmt *st)
{
	const char *keys = (const char *)sqlite3_column_text(st, 1);

	l->store->last_generation = store_number(st, 0);
	l->store->world->last_generation = store_number(st, 0);
	if (keys != NULL)
		l->store->world->keys = mem_strdup(keys);
	return 0;
}

static int
on_size(struct store_load *l, sqlite3_stmt *st)
{
	l->file_bytes = store_number(st, 0);
	return 0;
}

int
store_load(struct store *s, struct err *err)
{
	struct store_load l = { .store = s, .err = err };
	size_t i;
	int rc = 0;

	if (store_read_rows(&l,
		"SELECT page_count * page_size"
		" FROM pragma_page_count, pragma_page_size",
		on_size) != 0 ||
	    store_read_rows(&l, "SELECT last_generation, keys FROM world",
		on_world) != 0 ||
	    read_payloads(&l) != 0 ||
	    store_read_rows(&l, "SELECT * FROM buckets ORDER BY name",
		on_bucket) != 0 ||
	    store_load_bulk(&l) != 0 || store_load_uploads(&l) != 0 ||
	    store_load_xml_uploads(&l) != 0 ||
	    store_read_rows(&l,
		"SELECT * FROM versions ORDER BY bucket, name, generation",
		on_version) != 0)
		rc = -1;
	/* The versions and the uploads have them now. */
	for (i = 0; i < l.payloads.n; i++)
		payload_free(l.payloads.v[i]);
	vec_release(&l.payloads);
	/* All of it is in memory now, and need not be so twice. */
	sqlite3_db_release_memory(s->db);
	return rc;
}
