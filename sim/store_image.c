/* SPDX-License-Identifier: MIT */
/*
 * The file as bytes in memory, for whoever keeps it elsewhere: written from a
 * world that has a data file of its own, or none, and read into another.
 *
 * Payloads know a row of the data file and of nothing else, so an image has a
 * list of its own of those that it has.  What is read may come from anybody: it
 * must have our tables and none besides, whose types SQLite then checks, before
 * a row of it is looked at.
 */
#include "sim/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/bucket.h"
#include "sim/store_load.h"
#include "sim/store_priv.h"
#include "sim/world.h"
#include "src/base/hmap.h"
#include "src/base/mem.h"
#include "src/base/rng.h"

/* SQLite's on its header. */
enum { VERSIONS_AT = 18, ID_AT = 68, HEADER = 100, ROLLBACK_VERSION = 1 };

enum { SQL_MAX = 128, REASON_MAX = 256 };

struct written {
	const struct payload *payload;
	uint64_t row;
};

struct image {
	struct store store;
	VEC(struct written) written;
	struct hmap by_payload;
};

bool
store_is_built(void)
{
	return true;
}

/* "cannot make room for the image: why" */
static int
no_room(const struct store *s, struct err *err)
{
	struct buf why;

	buf_init(&why, REASON_MAX);
	store_add_reason(s, &why);
	err_set(err, ERR_CONFIG, "cannot make room for the image: %s",
	    why.data);
	buf_release(&why);
	return -1;
}

static int
open_empty(struct store *s, struct err *err)
{
	return sqlite3_open(":memory:", &s->db) == SQLITE_OK ? 0
							     : no_room(s, err);
}

/* --- writing --- */

static bool
is_of(const void *ctx, uint32_t entry, const void *payload)
{
	const struct image *im = ctx;

	return im->written.v[entry].payload == payload;
}

/* The row of it, which is written when it is the first to have it. */
static uint64_t
row_of(struct image *im, const struct payload *p)
{
	uint64_t hash = rng_hash(&p, sizeof(p), 0);
	uint32_t at = hmap_find(&im->by_payload, hash, is_of, im, p);
	uint64_t row = im->store.next_payload;

	if (at != HMAP_NONE)
		return im->written.v[at].row;
	hmap_add(&im->by_payload, hash, (uint32_t)im->written.n);
	*vec_push(&im->written) = (struct written){ p, row };
	im->store.next_payload += store_parts(p->size);
	store_add_bytes(&im->store, p, row);
	return row;
}

static void
write_versions(struct image *im, const struct bucket *b, const struct index *ix)
{
	const struct object *o;

	for (o = ix->head[0]; o != NULL; o = index_next(o))
		store_add_version(&im->store, b, o,
		    o->payload != NULL ? row_of(im, o->payload) : 0);
}

static void
write_world(struct image *im, const struct world *w)
{
	struct store *s = &im->store;
	const struct bucket *b;

	store_begin(s);
	for (b = w->buckets; b != NULL; b = b->next) {
		store_on_bucket(s, b);
		store_on_bulk(s, b);
		write_versions(im, b, &b->live);
		write_versions(im, b, &b->noncurrent);
		write_versions(im, b, &b->soft_deleted);
	}
	store_on_keys(s, w);
	store_bind_u64(s->statement[STORE_SET_GENERATION], 1,
	    w->last_generation);
	store_run(s, STORE_SET_GENERATION);
	store_run(s, STORE_COMMIT);
}

/* A new one, of so many bytes at most. */
static int
make_image(struct store *s, size_t max, struct err *err)
{
	enum { PAGE = 4096 };
	char sql[SQL_MAX];

	snprintf(sql, sizeof(sql),
	    "PRAGMA page_size=%d; PRAGMA max_page_count=%zu", PAGE,
	    max / PAGE + 1);
	if (open_empty(s, err) != 0)
		return -1;
	if (sqlite3_exec(s->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return no_room(s, err);
	if (store_check_format(s, err) != 0)
		return -1;
	return store_prepare(s, err);
}

static int
too_large(size_t max, struct err *err)
{
	return err_set(err, ERR_CONFIG,
	    "the image would have more than %zu bytes; --data keeps as much as "
	    "there is",
	    max);
}

/* What is written, as bytes. */
static int
take_bytes(struct store *s, struct buf *out, struct err *err)
{
	sqlite3_int64 n = 0;
	unsigned char *bytes;
	int rc = 0;

	if (s->is_full)
		return too_large(out->max, err);
	if (s->err.code != ERR_NONE) {
		*err = s->err;
		return -1;
	}
	bytes = sqlite3_serialize(s->db, "main", &n, 0);
	if (bytes == NULL)
		return no_room(s, err);
	store_file_close(s);
	if (buf_add(out, bytes, (size_t)n) != 0)
		rc = too_large(out->max, err);
	sqlite3_free(bytes);
	return rc;
}

int
store_write_image(const struct world *w, struct buf *out, struct err *err)
{
	struct image im = { 0 };
	int rc;

	store_init(&im.store, NULL, NULL);
	hmap_init(&im.by_payload);
	rc = make_image(&im.store, out->max, err);
	if (rc == 0) {
		write_world(&im, w);
		rc = take_bytes(&im.store, out, err);
	}
	store_release(&im.store);
	hmap_release(&im.by_payload);
	vec_release(&im.written);
	return rc;
}

/* --- reading --- */

static uint32_t
number_at(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 |
	    (uint32_t)bytes[2] << 8 | bytes[3];
}

static int
check_header(const uint8_t *bytes, size_t n, struct err *err)
{
	static const char magic[16] = "SQLite format 3";

	if (n == 0)
		return err_set(err, ERR_USAGE, "the image is empty");
	if (n < HEADER || memcmp(bytes, magic, sizeof(magic)) != 0)
		return err_set(err, ERR_USAGE,
		    "the image is no data file of gcs-sim");
	if (number_at(bytes + ID_AT) != STORE_APPLICATION_ID)
		return err_set(err, ERR_USAGE,
		    "the image is a database of something else and no data "
		    "file of gcs-sim");
	return 0;
}

/* A file that was written by a gcs-sim says that changes may be in another one
 * beside it, which SQLite has none of in memory. */
static int
open_bytes(struct store *s, const void *bytes, size_t n, struct err *err)
{
	uint8_t *copy;

	if (open_empty(s, err) != 0)
		return -1;
	copy = sqlite3_malloc64(n);
	if (copy == NULL)
		return err_set(err, ERR_CONFIG,
		    "cannot make room for the image: out of memory");
	memcpy(copy, bytes, n);
	memset(copy + VERSIONS_AT, ROLLBACK_VERSION, 2);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	return sqlite3_deserialize(s->db, "main", copy, (sqlite3_int64)n,
		   (sqlite3_int64)n,
		   SQLITE_DESERIALIZE_FREEONCLOSE |
		       SQLITE_DESERIALIZE_RESIZEABLE) == SQLITE_OK
	    ? 0
	    : no_room(s, err);
}

/* The one text that a query answers, to free(); or why there is none. */
static char *
ask_text(struct store *s, const char *sql)
{
	const char *text = NULL;
	sqlite3_stmt *st;
	char *copy;

	if (sqlite3_prepare_v2(s->db, sql, -1, &st, NULL) == SQLITE_OK &&
	    sqlite3_step(st) == SQLITE_ROW)
		text = (const char *)sqlite3_column_text(st, 0);
	copy = mem_strdup(text != NULL ? text : sqlite3_errmsg(s->db));
	sqlite3_finalize(st);
	return copy;
}

/* Those that a new one has, as they are written there. */
static int
check_tables(struct store *s, struct err *err)
{
	static const char sql[] =
	    "SELECT group_concat(type || name || tbl_name || sql) FROM"
	    " (SELECT * FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%'"
	    " ESCAPE '\\' ORDER BY name)";
	struct store fresh;
	char *has, *should;
	int rc;

	store_init(&fresh, NULL, NULL);
	rc = open_empty(&fresh, err);
	if (rc == 0)
		rc = store_check_format(&fresh, err);
	if (rc == 0) {
		should = ask_text(&fresh, sql);
		has = ask_text(s, sql);
		if (strcmp(has, should) != 0)
			rc = err_set(err, ERR_CONFIG,
			    "the image is damaged: its tables are not those "
			    "that gcs-sim makes");
		free(has);
		free(should);
	}
	store_release(&fresh);
	return rc;
}

static int
check_pages(struct store *s, struct err *err)
{
	char *text = ask_text(s, "PRAGMA quick_check(1)");
	int rc = strcmp(text, "ok") == 0
	    ? 0
	    : err_set(err, ERR_CONFIG, "the image is damaged: %s", text);

	free(text);
	return rc;
}

/* No data file has them yet. */
static void
forget_rows(const struct index *ix)
{
	const struct object *o;

	for (o = ix->head[0]; o != NULL; o = index_next(o)) {
		if (o->payload != NULL)
			o->payload->stored = 0;
	}
}

int
store_read_image(const void *bytes, size_t n, struct world *w, struct err *err)
{
	const struct bucket *b;
	struct store s;
	int rc = check_header(bytes, n, err);

	if (rc != 0)
		return rc;
	store_init(&s, NULL, w);
	if (open_bytes(&s, bytes, n, err) != 0 ||
	    store_check_format(&s, err) != 0 || check_tables(&s, err) != 0 ||
	    check_pages(&s, err) != 0 || store_load(&s, err) != 0)
		rc = -1;
	if (rc != 0)
		err->code = ERR_USAGE;
	for (b = w->buckets; b != NULL; b = b->next) {
		forget_rows(&b->live);
		forget_rows(&b->noncurrent);
		forget_rows(&b->soft_deleted);
	}
	store_release(&s);
	return rc;
}
