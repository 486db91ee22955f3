/* SPDX-License-Identifier: MIT */
/*
 * Resumable uploads in the data file, so that a client goes on with one that it
 * began before the process ended.  What has come is in rows, one for what each
 * request brought, until the upload ends.
 */
#include "sim/store_priv.h"

#include <stdlib.h>
#include <string.h>

#include "sim/object.h"
#include "sim/session.h"
#include "sim/store_load.h"
#include "sim/store_meta.h"
#include "sim/world.h"

/* --- writing --- */

/* The bytes of it that the file has. */
static uint64_t
ask_held(struct store *s, const struct upload_session *u)
{
	sqlite3_stmt *st = s->statement[STORE_ASK_UPLOAD];
	uint64_t held = 0;

	store_bind_text(st, 1, u->id);
	if (sqlite3_step(st) == SQLITE_ROW)
		held = store_number(st, 0);
	sqlite3_reset(st);
	return held;
}

static void
add_bytes(struct store *s, const struct upload_session *u)
{
	sqlite3_stmt *st = s->statement[STORE_ADD_UPLOAD_BYTES];
	uint64_t at = ask_held(s, u), size = u->bytes->size, n;

	for (; at < size; at += n) {
		n = size - at < STORE_PART ? size - at : STORE_PART;
		store_bind_text(st, 1, u->id);
		store_bind_u64(st, 2, at);
		store_bind_bytes(st, 3, u->bytes->bytes + at, (size_t)n);
		store_run(s, STORE_ADD_UPLOAD_BYTES);
	}
}

static void
drop_bytes(struct store *s, const struct upload_session *u)
{
	store_bind_text(s->statement[STORE_DROP_UPLOAD_BYTES], 1, u->id);
	store_run(s, STORE_DROP_UPLOAD_BYTES);
}

/* What it became. */
static void
bind_object(sqlite3_stmt *st, const struct object *o)
{
	store_bind_u64(st, 11, o->generation);
	store_bind_u64(st, 12, o->size);
	store_bind_bytes(st, 13, o->payload->md5, HASH_MD5);
	store_bind_u64(st, 14, o->payload->crc32c);
}

static void
put_upload(struct store *s, const struct upload_session *u)
{
	sqlite3_stmt *st = s->statement[STORE_PUT_UPLOAD];

	sqlite3_clear_bindings(st);
	store_bind_text(st, 1, u->id);
	store_bind_u64(st, 2, u->started_us);
	store_bind_u64(st, 3, u->state);
	store_bind_text(st, 4, u->bucket);
	store_bind_text(st, 5, u->name);
	store_bind_text(st, 6, u->query);
	store_bind_text(st, 7, u->promised);
	store_bind_meta(s, st, 8,
	    u->object != NULL ? u->object->meta : u->meta);
	if (u->has_total)
		store_bind_u64(st, 9, u->total);
	store_bind_u64(st, 10, u->bytes != NULL ? u->bytes->size : 0);
	if (u->object != NULL)
		bind_object(st, u->object);
	store_run(s, STORE_PUT_UPLOAD);
}

void
store_on_upload(void *arg, const struct upload_session *u)
{
	struct store *s = arg;

	store_begin(s);
	if (u->state == SESSION_OPEN)
		add_bytes(s, u);
	else
		drop_bytes(s, u);
	put_upload(s, u);
}

void
store_on_upload_gone(void *arg, const struct upload_session *u)
{
	struct store *s = arg;

	store_begin(s);
	drop_bytes(s, u);
	store_bind_text(s->statement[STORE_DROP_UPLOAD], 1, u->id);
	store_run(s, STORE_DROP_UPLOAD);
}

/* --- reading --- */

static char *
copy_text(sqlite3_stmt *st, int column)
{
	const char *text = (const char *)sqlite3_column_text(st, column);

	return mem_strdup(text != NULL ? text : "");
}

/* Those that are read are in order, and there is no hole between them. */
static int
fill_bytes(struct payload *p, sqlite3_stmt *st)
{
	size_t at = 0, n;

	while (sqlite3_step(st) == SQLITE_ROW) {
		n = (size_t)sqlite3_column_bytes(st, 1);
		if (store_number(st, 0) != at || n > p->size - at)
			return -1;
		if (n != 0)
			memcpy(p->bytes + at, sqlite3_column_blob(st, 1), n);
		at += n;
	}
	return at == p->size ? 0 : -1;
}

static int
read_bytes(struct store_load *l, struct upload_session *u, uint64_t held)
{
	static const char sql[] =
	    "SELECT at, bytes FROM upload_bytes WHERE id = ? ORDER BY at";
	sqlite3_stmt *st;
	int rc = -1;

	if (held > l->file_bytes)
		return -1;
	u->bytes = payload_alloc((size_t)held);
	u->room = (size_t)held;
	if (sqlite3_prepare_v2(l->store->db, sql, -1, &st, NULL) == SQLITE_OK) {
		store_bind_text(st, 1, u->id);
		rc = fill_bytes(u->bytes, st);
	}
	sqlite3_finalize(st);
	return rc;
}

/* Of one that is under way. */
static int
read_open(struct store_load *l, sqlite3_stmt *st, struct upload_session *u,
    struct meta *meta_take)
{
	u->meta = meta_take;
	u->query = copy_text(st, 5);
	u->promised = copy_text(st, 6);
	u->has_total = sqlite3_column_type(st, 8) != SQLITE_NULL;
	u->total = store_number(st, 8);
	return read_bytes(l, u, store_number(st, 9));
}

/* Of one that became an object. */
static int
read_done(sqlite3_stmt *st, struct upload_session *u, struct meta *meta_take)
{
	struct payload *hashes = payload_alloc(0);

	u->object = object_new(u->name, strlen(u->name), 0,
	    store_number(st, 11), store_number(st, 10), hashes, meta_take);
	if (sqlite3_column_bytes(st, 12) != HASH_MD5)
		return -1;
	memcpy(hashes->md5, sqlite3_column_blob(st, 12), HASH_MD5);
	hashes->crc32c = (uint32_t)store_number(st, 13);
	return 0;
}

static int
read_upload(struct store_load *l, sqlite3_stmt *st, struct upload_session *u)
{
	struct meta *meta;

	if (store_number(st, 2) > SESSION_CANCELLED ||
	    sqlite3_column_bytes(st, 0) >= SESSION_ID_MAX ||
	    object_name_fault(u->name, strlen(u->name)) != NULL ||
	    store_meta_parse(sqlite3_column_blob(st, 7),
		(size_t)sqlite3_column_bytes(st, 7), &meta) != 0)
		return -1;
	memcpy(u->id, sqlite3_column_text(st, 0),
	    (size_t)sqlite3_column_bytes(st, 0) + 1);
	u->state = (enum session_state)store_number(st, 2);
	u->started_us = store_number(st, 1);
	if (u->state == SESSION_OPEN)
		return read_open(l, st, u, meta);
	if (u->state == SESSION_DONE)
		return read_done(st, u, meta);
	free(meta);
	return 0;
}

/* One that makes no sense is added all the same: the world that it is in will
 * not be used, and releases it. */
static int
on_upload(struct store_load *l, sqlite3_stmt *st)
{
	struct upload_session *u = mem_zalloc(1, sizeof(*u));
	int rc;

	u->bucket = copy_text(st, 3);
	u->name = copy_text(st, 4);
	rc = read_upload(l, st, u);
	session_load(l->store->world, u);
	return rc == 0 ? 0
		       : store_damaged(l, "it makes no sense at upload of ",
			     u->name, (int)strlen(u->name));
}

int
store_load_uploads(struct store_load *l)
{
	return store_read_rows(l, "SELECT * FROM uploads ORDER BY started",
	    on_upload);
}
