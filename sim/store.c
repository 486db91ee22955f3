/* SPDX-License-Identifier: MIT */
/*
 * Changes become rows as they happen.  Who watches cannot refuse a change, so
 * the first error is kept: nothing is written after it, and every commit from
 * then on answers it.
 */
#include "sim/store.h"

#include <stdlib.h>
#include <string.h>

#include "sim/bucket.h"
#include "sim/store_load.h"
#include "sim/store_meta.h"
#include "sim/store_priv.h"
#include "sim/world.h"
#include "src/base/mem.h"

enum {
	META_MAX = 256 * 1024 * 1024,
	NAME_TEXT_MAX = 64 * 1024,
	REASON_MAX = 256
};

/* --- statements --- */

static void
fail(struct store *s)
{
	struct buf why;

	if (s->err.code != ERR_NONE)
		return;
	s->is_full = sqlite3_errcode(s->db) == SQLITE_FULL;
	buf_init(&why, REASON_MAX);
	store_add_reason(s, &why);
	err_set(&s->err, ERR_CONFIG, "cannot write to %s: %s", s->name,
	    why.data);
	buf_release(&why);
}

void
store_run(struct store *s, enum store_statement which)
{
	sqlite3_stmt *st = s->statement[which];

	if (s->err.code == ERR_NONE && sqlite3_step(st) != SQLITE_DONE)
		fail(s);
	sqlite3_reset(st);
}

void
store_bind_u64(sqlite3_stmt *st, int at, uint64_t v)
{
	sqlite3_bind_int64(st, at, (sqlite3_int64)v);
}

void
store_bind_text(sqlite3_stmt *st, int at, const char *text)
{
	sqlite3_bind_text(st, at, text, -1, SQLITE_STATIC);
}

/* No bytes are a value too. */
void
store_bind_bytes(sqlite3_stmt *st, int at, const void *bytes, size_t n)
{
	sqlite3_bind_blob64(st, at, n != 0 ? bytes : "", n, SQLITE_STATIC);
}

void
store_bind_meta(struct store *s, sqlite3_stmt *st, int at, const struct meta *m)
{
	buf_clear(&s->meta);
	store_meta_add(m, &s->meta);
	if (m != NULL)
		store_bind_bytes(st, at, s->meta.data, s->meta.len);
	else
		sqlite3_bind_null(st, at);
}

void
store_begin(struct store *s)
{
	if (s->has_begun)
		return;
	store_run(s, STORE_BEGIN);
	s->has_begun = true;
}

/* --- payloads --- */

uint64_t
store_parts(uint64_t n)
{
	return n <= STORE_PART ? 1 : (n + STORE_PART - 1) / STORE_PART;
}

void
store_add_bytes(struct store *s, const struct payload *p, uint64_t row)
{
	sqlite3_stmt *st = s->statement[STORE_ADD_BYTES];
	size_t at = 0, n;
	uint64_t i, parts = store_parts(p->size);

	for (i = 0; i < parts; i++, at += n) {
		n = p->size - at < STORE_PART ? p->size - at : STORE_PART;
		store_bind_u64(st, 1, row + i);
		store_bind_u64(st, 2, p->size);
		if (i == 0) {
			store_bind_bytes(st, 3, p->md5, sizeof(p->md5));
			store_bind_u64(st, 4, p->crc32c);
		} else {
			sqlite3_bind_null(st, 3);
			sqlite3_bind_null(st, 4);
		}
		store_bind_bytes(st, 5, p->bytes + at, n);
		store_run(s, STORE_ADD_BYTES);
	}
}

void
store_use_bytes(struct store *s, struct payload *p)
{
	if (p->stored++ > 0)
		return;
	p->stored_at = s->next_payload;
	s->next_payload += store_parts(p->size);
	store_add_bytes(s, p, p->stored_at);
}

void
store_leave_bytes(struct store *s, struct payload *p)
{
	sqlite3_stmt *st = s->statement[STORE_DROP_BYTES];

	if (--p->stored > 0)
		return;
	store_bind_u64(st, 1, p->stored_at);
	store_bind_u64(st, 2, p->stored_at + store_parts(p->size));
	store_run(s, STORE_DROP_BYTES);
}

/* --- versions --- */

static void
bind_key(sqlite3_stmt *st, const struct bucket *b, const struct object *o)
{
	store_bind_text(st, 1, b->name);
	store_bind_bytes(st, 2, object_name(o), o->name_len);
	store_bind_u64(st, 3, o->generation);
}

/* Whatever of it may change. */
static void
bind_rest(struct store *s, sqlite3_stmt *st, const struct object *o)
{
	store_bind_u64(st, 4, o->state);
	store_bind_u64(st, 6, o->updated_us);
	store_bind_u64(st, 7, o->ended_us);
	store_bind_u64(st, 8, o->hard_delete_us);
	store_bind_u64(st, 9, o->metageneration);
	store_bind_meta(s, st, 11, o->meta);
}

void
store_add_version(struct store *s, const struct bucket *b,
    const struct object *o, uint64_t row)
{
	sqlite3_stmt *st = s->statement[STORE_ADD_VERSION];

	bind_key(st, b, o);
	bind_rest(s, st, o);
	store_bind_u64(st, 5, o->size);
	if (row != 0)
		store_bind_u64(st, 10, row);
	else
		sqlite3_bind_null(st, 10);
	store_run(s, STORE_ADD_VERSION);
}

static void
add_version(struct store *s, const struct bucket *b, const struct object *o)
{
	if (o->payload != NULL)
		store_use_bytes(s, o->payload);
	store_add_version(s, b, o,
	    o->payload != NULL ? o->payload->stored_at : 0);
}

/* One that is there already is changed, any other added. */
static void
on_object(void *arg, const struct bucket *b, const struct object *o)
{
	struct store *s = arg;
	sqlite3_stmt *st = s->statement[STORE_CHANGE_VERSION];

	store_begin(s);
	bind_key(st, b, o);
	bind_rest(s, st, o);
	store_run(s, STORE_CHANGE_VERSION);
	if (sqlite3_changes(s->db) == 0)
		add_version(s, b, o);
}

static void
on_object_gone(void *arg, const struct bucket *b, const struct object *o)
{
	struct store *s = arg;

	store_begin(s);
	bind_key(s->statement[STORE_DROP_VERSION], b, o);
	store_run(s, STORE_DROP_VERSION);
	if (o->payload != NULL)
		store_leave_bytes(s, o->payload);
}

/* --- buckets --- */

void
store_on_bucket(void *arg, const struct bucket *b)
{
	struct store *s = arg;
	const struct bucket_config *c = &b->config;
	sqlite3_stmt *st = s->statement[STORE_PUT_BUCKET];

	store_begin(s);
	store_bind_text(st, 1, b->name);
	store_bind_u64(st, 2, b->created_us);
	store_bind_u64(st, 3, b->updated_us);
	store_bind_u64(st, 4, b->metageneration);
	store_bind_u64(st, 5, c->has_versioning);
	store_bind_u64(st, 6, c->default_event_based_hold);
	store_bind_u64(st, 7, c->soft_delete_s);
	store_bind_u64(st, 8, c->soft_delete_since_us);
	store_bind_u64(st, 9, c->retention_s);
	store_bind_u64(st, 10, c->retention_since_us);
	store_bind_u64(st, 11, c->retention_is_locked);
	store_bind_text(st, 12, c->extra);
	store_run(s, STORE_PUT_BUCKET);
}

static void
drop_versions(struct store *s, const struct bucket *b, const struct index *ix)
{
	const struct object *o;

	for (o = ix->head[0]; o != NULL; o = index_next(o))
		on_object_gone(s, b, o);
}

static void
on_bucket_gone(void *arg, const struct bucket *b)
{
	struct store *s = arg;

	store_begin(s);
	drop_versions(s, b, &b->live);
	drop_versions(s, b, &b->noncurrent);
	drop_versions(s, b, &b->soft_deleted);
	store_drop_bulk(s, b);
	store_bind_text(s->statement[STORE_DROP_BUCKET], 1, b->name);
	store_run(s, STORE_DROP_BUCKET);
}

void
store_on_keys(void *arg, const struct world *w)
{
	struct store *s = arg;

	store_begin(s);
	store_bind_text(s->statement[STORE_SET_KEYS], 1, w->keys);
	store_run(s, STORE_SET_KEYS);
}

/* --- the whole --- */

int
store_commit(struct store *s, struct err *err)
{
	uint64_t last = s->world->last_generation;

	if (last != s->last_generation) {
		store_begin(s);
		store_bind_u64(s->statement[STORE_SET_GENERATION], 1, last);
		store_run(s, STORE_SET_GENERATION);
		s->last_generation = last;
	}
	if (s->has_begun)
		store_run(s, STORE_COMMIT);
	s->has_begun = false;
	if (s->err.code == ERR_NONE)
		return 0;
	*err = s->err;
	return -1;
}

static void
watch(struct store *s, struct world *w)
{
	struct bucket *b;

	s->watcher = (struct change_watcher){ .on_object = on_object,
		.on_object_gone = on_object_gone,
		.on_bucket = store_on_bucket,
		.on_bucket_gone = on_bucket_gone,
		.on_bulk = store_on_bulk,
		.on_bulk_gone = store_on_bulk_gone,
		.on_upload = store_on_upload,
		.on_upload_gone = store_on_upload_gone,
		.on_xml_upload = store_on_xml_upload,
		.on_xml_upload_gone = store_on_xml_upload_gone,
		.on_xml_part = store_on_xml_part,
		.on_xml_part_gone = store_on_xml_part_gone,
		.on_keys = store_on_keys,
		.arg = s };
	w->watcher = &s->watcher;
	for (b = w->buckets; b != NULL; b = b->next)
		b->watcher = &s->watcher;
}

void
store_init(struct store *s, const char *path, struct world *w)
{
	struct buf name;

	buf_init(&name, NAME_TEXT_MAX);
	if (path != NULL)
		buf_addf(&name, "the data file %s", path);
	else
		buf_adds(&name, "the image");
	*s = (struct store){ .path = path != NULL ? mem_strdup(path) : NULL,
		.name = buf_steal(&name),
		.world = w,
		.next_payload = 1 };
	buf_init(&s->meta, META_MAX);
}

void
store_release(struct store *s)
{
	store_file_close(s);
	buf_release(&s->meta);
	free(s->name);
	free(s->path);
}

struct store *
store_open(const char *path, struct world *w, struct err *err)
{
	struct store *s;

	if (path[0] == '\0') {
		err_set(err, ERR_USAGE, "--data wants the name of a file");
		return NULL;
	}
	s = mem_zalloc(1, sizeof(*s));
	store_init(s, path, w);
	if (store_file_open(s, err) != 0 || store_load(s, err) != 0) {
		store_close(s);
		return NULL;
	}
	watch(s, w);
	return s;
}

void
store_close(struct store *s)
{
	if (s == NULL)
		return;
	store_release(s);
	free(s);
}
