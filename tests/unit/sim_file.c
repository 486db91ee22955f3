/* SPDX-License-Identifier: MIT */
#include "tests/unit/sim_file.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/store.h"
#include "sim/world.h"
#include "src/base/buf.h"
#include "tests/support/suite.h"

static char folder[32];
static char path[48];

void
file_set_up(void)
{
	strcpy(folder, "/tmp/check_sim_store.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/data", folder);
}

void
file_tear_down(void)
{
	char wal[64];

	snprintf(wal, sizeof(wal), "%s-wal", path);
	unlink(path);
	unlink(wal);
	ck_assert_int_eq(rmdir(folder), 0);
}

const char *
file_path(void)
{
	return path;
}

struct store *
file_open(struct world *w)
{
	struct err err = ERR_INIT;
	struct store *s;

	*w = (struct world){ 0 };
	s = store_open(path, w, &err);
	ck_assert_msg(s != NULL, "%s", err.text);
	return s;
}

void
file_commit(struct store *s)
{
	struct err err = ERR_INIT;

	ck_assert_msg(store_commit(s, &err) == 0, "%s", err.text);
}

void
file_read(struct buf *out)
{
	char piece[64 * 1024];
	FILE *f = fopen(path, "r");
	size_t n;

	ck_assert_ptr_nonnull(f);
	while ((n = fread(piece, 1, sizeof(piece), f)) > 0)
		buf_add(out, piece, n);
	fclose(f);
}

int
file_count(const char *sql)
{
	sqlite3 *db;
	sqlite3_stmt *st;
	int n;

	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_prepare_v2(db, sql, -1, &st, NULL), SQLITE_OK);
	ck_assert_int_eq(sqlite3_step(st), SQLITE_ROW);
	n = sqlite3_column_int(st, 0);
	sqlite3_finalize(st);
	sqlite3_close(db);
	return n;
}

void
file_change(const char *sql)
{
	sqlite3 *db;

	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}
