/* SPDX-License-Identifier: MIT */
/*
 * Multipart uploads in the data file, so that a client goes on with one that it
 * began before the process ended.  A part is a payload like that of an object,
 * written once, and a row that says whose it is.
 */
#include "sim/store_priv.h"

#include <string.h>

#include "sim/object.h"
#include "sim/store_load.h"
#include "sim/store_meta.h"
#include "sim/world.h"
#include "sim/xml_delete.h"
#include "sim/xml_upload.h"
#include "src/base/mem.h"

/* --- writing --- */

void
store_on_xml_upload(void *arg, const struct xml_upload *u)
{
	struct store *s = arg;
	sqlite3_stmt *st = s->statement[STORE_ADD_XML_UPLOAD];

	store_begin(s);
	store_bind_text(st, 1, u->id);
	store_bind_u64(st, 2, u->started_us);
	store_bind_text(st, 3, u->bucket);
	store_bind_text(st, 4, u->name);
	store_bind_meta(s, st, 5, u->meta);
	store_run(s, STORE_ADD_XML_UPLOAD);
}

void
store_on_xml_upload_gone(void *arg, const struct xml_upload *u)
{
	struct store *s = arg;

	store_begin(s);
	store_bind_text(s->statement[STORE_DROP_XML_UPLOAD], 1, u->id);
	store_run(s, STORE_DROP_XML_UPLOAD);
}

void
store_on_xml_part(void *arg, const struct xml_upload *u,
    const struct xml_upload_part *part)
{
	struct store *s = arg;
	sqlite3_stmt *st = s->statement[STORE_ADD_XML_PART];

	store_begin(s);
	store_use_bytes(s, part->payload);
	store_bind_text(st, 1, u->id);
	store_bind_u64(st, 2, part->number);
	store_bind_u64(st, 3, part->stored_us);
	store_bind_u64(st, 4, part->payload->stored_at);
	store_run(s, STORE_ADD_XML_PART);
}

void
store_on_xml_part_gone(void *arg, const struct xml_upload *u,
    const struct xml_upload_part *part)
{
	struct store *s = arg;
	sqlite3_stmt *st = s->statement[STORE_DROP_XML_PART];

	store_begin(s);
	store_bind_text(st, 1, u->id);
	store_bind_u64(st, 2, part->number);
	store_run(s, STORE_DROP_XML_PART);
	store_leave_bytes(s, part->payload);
}

/* --- reading --- */

static int
read_part(struct store_load *l, sqlite3_stmt *st, struct xml_upload *u)
{
	struct payload *p = store_find_payload(l, store_number(st, 2));
	uint64_t number = store_number(st, 0);

	if (p == NULL || number < 1 || number > XML_PARTS_MAX)
		return -1;
	p->stored++;
	xml_upload_put(l->store->world, u, (uint32_t)number, payload_share(p),
	    store_number(st, 1));
	return 0;
}

static int
read_parts(struct store_load *l, struct xml_upload *u)
{
	static const char sql[] = "SELECT number, stored, payload"
				  " FROM xml_parts WHERE id = ?"
				  " ORDER BY number";
	sqlite3_stmt *st;
	int rc = 0, step = SQLITE_ERROR;

	if (sqlite3_prepare_v2(l->store->db, sql, -1, &st, NULL) == SQLITE_OK) {
		store_bind_text(st, 1, u->id);
		while (rc == 0 && (step = sqlite3_step(st)) == SQLITE_ROW)
			rc = read_part(l, st, u);
	}
	sqlite3_finalize(st);
	return rc == 0 && step == SQLITE_DONE ? 0 : -1;
}

static int
read_upload(struct store_load *l, sqlite3_stmt *st, struct xml_upload *u)
{
	size_t id_len = (size_t)sqlite3_column_bytes(st, 0);

	if (id_len >= sizeof(u->id) ||
	    object_name_fault(u->name, strlen(u->name)) != NULL ||
	    store_meta_parse(sqlite3_column_blob(st, 4),
		(size_t)sqlite3_column_bytes(st, 4), &u->meta) != 0)
		return -1;
	memcpy(u->id, sqlite3_column_text(st, 0), id_len + 1);
	u->started_us = store_number(st, 1);
	return read_parts(l, u);
}

/* One that makes no sense is added all the same: the world that it is in will
 * not be used, and releases it. */
static int
on_upload(struct store_load *l, sqlite3_stmt *st)
{
	struct xml_upload *u = mem_zalloc(1, sizeof(*u));

	u->bucket = mem_strdup((const char *)sqlite3_column_text(st, 2));
	u->name = mem_strdup((const char *)sqlite3_column_text(st, 3));
	xml_upload_load(l->store->world, u);
	return read_upload(l, st, u) == 0
	    ? 0
	    : store_damaged(l, "it makes no sense at multipart upload of ",
		  u->name, (int)strlen(u->name));
}

int
store_load_xml_uploads(struct store_load *l)
{
	return store_read_rows(l, "SELECT * FROM xml_uploads ORDER BY started",
	    on_upload);
}
