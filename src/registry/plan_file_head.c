/* SPDX-License-Identifier: MIT */
/* One table says what is in the head: from it come the rows of `head`, the text
 * that is sealed, and what is read back. */
#include "src/registry/plan_file_priv.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include "src/base/str.h"

enum kind { TEXT, FLAG, COUNT, TIME, SPAN };

#define AT(member) offsetof(struct plan_head, member)

static const struct {
	const char *key;
	enum kind kind;
	size_t at;
} keys[] = {
	{ "version", TEXT, AT(version) },
	{ "bucket", TEXT, AT(bucket) },
	{ "root", TEXT, AT(root) },
	{ "endpoint", TEXT, AT(endpoint) },
	{ "emulator", FLAG, AT(is_emulator) },
	{ "delete_untagged", FLAG, AT(delete_untagged) },
	{ "min_age", SPAN, AT(min_age_us) },
	{ "created", TIME, AT(created_us) },
	{ "listed", COUNT, AT(listed) },
	{ "kept_manifests", COUNT, AT(kept.manifests) },
	{ "kept_blobs", COUNT, AT(kept.blobs) },
	{ "kept_bytes", COUNT, AT(kept.bytes) },
	{ "young_manifests", COUNT, AT(kept.young_manifests) },
	{ "young_blobs", COUNT, AT(kept.young_blobs) },
	{ "young_bytes", COUNT, AT(kept.young_bytes) },
	{ "young_links", COUNT, AT(kept.young_links) },
	{ "damages", COUNT, AT(damages) },
};

enum { KEYS = sizeof(keys) / sizeof(keys[0]) };

static const char seal_key[] = "seal";

/* --- values as text --- */

static void
format_value(const struct plan_head *head, size_t i, struct buf *out)
{
	const void *p = (const char *)head + keys[i].at;
	char text[PLAN_TIME_MAX + STR_DURATION_MAX];

	switch (keys[i].kind) {
	case TEXT:
		buf_adds(out, *(const char *const *)p);
		break;
	case FLAG:
		buf_adds(out, *(const bool *)p ? "yes" : "no");
		break;
	case COUNT:
		buf_addf(out, "%" PRIu64, *(const uint64_t *)p);
		break;
	case TIME:
		buf_adds(out, plan_time_format(text, *(const uint64_t *)p));
		break;
	case SPAN:
		buf_adds(out, str_format_duration(text, *(const uint64_t *)p));
		break;
	}
}

static int
parse_value(struct plan_file *f, size_t i, const char *text)
{
	void *p = (char *)&f->head + keys[i].at;
	bool is_yes = strcmp(text, "yes") == 0;

	switch (keys[i].kind) {
	case TEXT:
		*(const char **)p = arena_strndup(&f->arena, text,
		    strlen(text));
		return 0;
	case FLAG:
		*(bool *)p = is_yes;
		return is_yes || strcmp(text, "no") == 0 ? 0 : -1;
	case COUNT:
		return str_parse_u64(text, p);
	case TIME:
		return plan_time_parse(text, p);
	case SPAN:
		return str_parse_duration(text, p);
	}
	return -1;
}

void
plan_head_format(const struct plan_head *head, struct buf *out)
{
	size_t i;

	for (i = 0; i < KEYS; i++) {
		buf_addf(out, "%s=", keys[i].key);
		format_value(head, i, out);
		buf_addc(out, '\n');
	}
}

/* --- in the file --- */

static int
store(struct plan_file *f, sqlite3_stmt *st, const char *key, const char *value,
    struct err *err)
{
	sqlite3_bind_text(st, 1, key, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 2, value, -1, SQLITE_STATIC);
	if (sqlite3_step(st) != SQLITE_DONE)
		return plan_db_fail(f, err);
	sqlite3_reset(st);
	return 0;
}

int
plan_head_store(struct plan_file *f, const char *seal, struct err *err)
{
	sqlite3_stmt *st = plan_db_prepare(f, "INSERT INTO head VALUES(?, ?)",
	    err);
	struct buf value;
	size_t i;
	int rc = 0;

	if (st == NULL)
		return -1;
	buf_init(&value, VALUE_MAX);
	for (i = 0; i < KEYS && rc == 0; i++) {
		buf_clear(&value);
		format_value(&f->head, i, &value);
		rc = store(f, st, keys[i].key, value.data, err);
	}
	if (rc == 0)
		rc = store(f, st, seal_key, seal, err);
	buf_release(&value);
	sqlite3_finalize(st);
	return rc;
}

/* The text of a key, until the next one is asked for. */
static const char *
find(struct plan_file *f, sqlite3_stmt *st, const char *key, struct err *err)
{
	const char *text = NULL;
	int rc;

	sqlite3_reset(st);
	sqlite3_bind_text(st, 1, key, -1, SQLITE_STATIC);
	rc = sqlite3_step(st);
	if (rc == SQLITE_ROW)
		text = (const char *)sqlite3_column_text(st, 0);
	else if (rc != SQLITE_DONE) {
		plan_db_fail(f, err);
		return NULL;
	}
	if (text == NULL)
		err_set(err, ERR_CORRUPT,
		    "%s is damaged: its head says no \"%s\"; make a new plan",
		    f->path, key);
	return text;
}

static int
load(struct plan_file *f, sqlite3_stmt *st, struct buf *seal, struct err *err)
{
	const char *text;
	size_t i;

	for (i = 0; i < KEYS; i++) {
		if ((text = find(f, st, keys[i].key, err)) == NULL)
			return -1;
		if (parse_value(f, i, text) != 0)
			return err_set(err, ERR_CORRUPT,
			    "%s is damaged: its head says \"%s\" as its \"%s\""
			    "; make a new plan",
			    f->path, text, keys[i].key);
	}
	if ((text = find(f, st, seal_key, err)) == NULL)
		return -1;
	buf_clear(seal);
	buf_adds(seal, text);
	return 0;
}

int
plan_head_load(struct plan_file *f, struct buf *seal, struct err *err)
{
	sqlite3_stmt *st = plan_db_prepare(f,
	    "SELECT value FROM head WHERE key = ?", err);
	int rc;

	if (st == NULL)
		return -1;
	rc = load(f, st, seal, err);
	sqlite3_finalize(st);
	return rc;
}
