/* SPDX-License-Identifier: MIT */
/* What the tests of plan files share. */
#include "tests/unit/plan_world.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/base/mem.h"

enum { CREATED_S = 1750000000 };

void
plan_world_init(struct plan_world *w, uint64_t seed)
{
	const char *folder = getenv("TMPDIR");

	memset(w, 0, sizeof(*w));
	/* In memory where that is to be had: hundreds of plans are synced. */
	if (folder == NULL)
		folder = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
	snprintf(w->folder, sizeof(w->folder), "%s/plan-XXXXXX", folder);
	ck_assert_ptr_nonnull(mkdtemp(w->folder));
	snprintf(w->path, sizeof(w->path), "%s/plan.db", w->folder);
	w->maker = maker_new(seed, 1 + seed % 3);
	rig_init(&w->rig, seed, true);
	w->rig.opts.root = maker_root(w->maker);
	maker_fill(w->maker, w->rig.mem);
	maker_judge(w->maker, true);
	w->head = (struct plan_head){
		.version = "0.7",
		.bucket = "demo",
		.root = maker_root(w->maker),
		.endpoint = "http://127.0.0.1:1",
		.is_emulator = true,
		.created_us = (uint64_t)CREATED_S * 1000000,
	};
}

void
plan_world_release(struct plan_world *w)
{
	char command[PLAN_PATH_MAX];

	plan_world_close(w);
	rig_release(&w->rig);
	maker_free(w->maker);
	snprintf(command, sizeof(command), "rm -r %s", w->folder);
	ck_assert_int_eq(system(command), 0);
}

void
plan_world_plan(struct plan_world *w)
{
	ck_assert_msg(rig_plan(&w->rig) == 0, "%s", w->rig.err.text);
	w->file = plan_file_create(w->path, &w->err);
	ck_assert_msg(w->file != NULL, "%s", w->err.text);
	ck_assert_msg(gc_store(&w->rig.gc, w->file, &w->head, &w->err) == 0,
	    "%s", w->err.text);
}

void
plan_world_close(struct plan_world *w)
{
	plan_file_close(w->file);
	w->file = NULL;
}

int
plan_world_resume(struct plan_world *w)
{
	w->file = plan_file_open(w->path, false, &w->err);
	if (w->file == NULL)
		return -1;
	return rig_resume(&w->rig, w->file);
}

void
plan_world_apply(struct plan_world *w)
{
	ck_assert_msg(plan_world_resume(w) == 0, "%s%s", w->err.text,
	    w->rig.err.text);
	ck_assert_msg(rig_sweep(&w->rig) == 0, "%s", w->rig.err.text);
	ck_assert_uint_eq(w->rig.gc.report.failed, 0);
	plan_world_close(w);
}

void
plan_world_expect_oracle(struct plan_world *w, uint64_t seed)
{
	const char *wrong = maker_difference(w->maker, w->rig.mem);

	ck_assert_msg(wrong == NULL, "seed %llu: %s is wrong",
	    (unsigned long long)seed, wrong);
}

/* --- the file --- */

static sqlite3 *
open_db(const char *path)
{
	sqlite3 *db;

	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	return db;
}

void
plan_world_sql(const char *path, const char *sql)
{
	sqlite3 *db = open_db(path);
	int rc = sqlite3_exec(db, sql, NULL, NULL, NULL);

	ck_assert_msg(rc == SQLITE_OK, "%s: %s", sql, sqlite3_errmsg(db));
	sqlite3_close(db);
}

int64_t
plan_world_ask(const char *path, const char *sql)
{
	sqlite3 *db = open_db(path);
	sqlite3_stmt *st;
	int64_t answer;

	ck_assert_msg(sqlite3_prepare_v2(db, sql, -1, &st, NULL) == SQLITE_OK,
	    "%s: %s", sql, sqlite3_errmsg(db));
	ck_assert_msg(sqlite3_step(st) == SQLITE_ROW, "%s", sql);
	answer = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	sqlite3_close(db);
	return answer;
}

char *
plan_world_read(const char *path, size_t *n)
{
	FILE *f = fopen(path, "rb");
	char *bytes;

	ck_assert_ptr_nonnull(f);
	fseek(f, 0, SEEK_END);
	*n = (size_t)ftell(f);
	rewind(f);
	bytes = mem_alloc(*n + 1);
	ck_assert_uint_eq(fread(bytes, 1, *n, f), *n);
	fclose(f);
	return bytes;
}

void
plan_world_write(const char *path, const char *bytes, size_t n)
{
	FILE *f = fopen(path, "wb");

	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(bytes, 1, n, f), n);
	ck_assert_int_eq(fclose(f), 0);
}

void
plan_world_refuses(const char *path, enum err_code code, const char *words)
{
	struct err err = ERR_INIT;
	struct plan_file *f = plan_file_open(path, false, &err);

	ck_assert_msg(f == NULL, "opened, and not: %s", words);
	ck_assert_msg(strstr(err.text, words) != NULL && err.code == code,
	    "code %d, \"%s\", and not \"%s\"", err.code, err.text, words);
}
