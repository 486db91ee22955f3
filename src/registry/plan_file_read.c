/* SPDX-License-Identifier: MIT */
/*
 * Rows are read in their order and held to the seal, every time a plan is
 * opened: before the first request it is known that every row is as it was
 * planned, and names what a plan may delete.
 *
 * A reviewer may set the state of a row to `skip`, and nothing else.
 */
#include "src/registry/plan_file_priv.h"

#include <inttypes.h>
#include <string.h>

#include "src/registry/paths.h"

enum column {
	ROW,
	KIND,
	REPOSITORY,
	NAME,
	GENERATION,
	SIZE,
	CREATED,
	REASON,
	SEAL,
	STATE,
	STATUS,
	ATTEMPTS,
	IS_SETTLED
};

/* What a run that was killed had settled is in `outcome`. */
static const char select_sql[] =
    "SELECT v.row, kind, repository, name, generation, size, created, reason,"
    " seal, " PLAN_STATE_SQL ", coalesce(o.status, v.status),"
    " v.attempts + coalesce(o.attempts, 0), o.row IS NOT NULL"
    " FROM victim v LEFT JOIN outcome o ON o.row = v.row ORDER BY v.row";

/* --- columns --- */

static const char *
column_text(sqlite3_stmt *st, enum column column)
{
	return (const char *)sqlite3_column_text(st, column);
}

static uint64_t
column_u64(sqlite3_stmt *st, enum column column)
{
	sqlite3_int64 v = sqlite3_column_int64(st, column);

	return v > 0 ? (uint64_t)v : 0;
}

/* The number of a word in a list of them, or how many there are. */
static int
find_word(const char *word, const char *(*name_of)(int), int n)
{
	int i = 0;

	while (i < n && (word == NULL || strcmp(word, name_of(i)) != 0))
		i++;
	return i;
}

static const char *
section_name(int i)
{
	return plan_section_name((enum plan_section)i);
}

static const char *
state_name(int i)
{
	return plan_state_name((enum plan_state)i);
}

static int
was_changed(const struct plan_file *f, uint64_t row, struct err *err)
{
	return err_set(err, ERR_CORRUPT,
	    "%s: row %" PRIu64 " was changed since the plan was made; make a "
	    "new plan (to take a row off, set its state to 'skip')",
	    f->path, row);
}

/* Its strings are SQLite's, until the next step. */
static int
read_row(struct plan_file *f, sqlite3_stmt *st, struct plan_row *row,
    struct err *err)
{
	const char *created = column_text(st, CREATED);
	const char *state = column_text(st, STATE);
	uint64_t created_us = 0;
	int section = find_word(column_text(st, KIND), section_name,
	    PLAN_SECTIONS);
	int s = find_word(state, state_name, PLAN_STATES);

	*row = (struct plan_row){
		.id = column_u64(st, ROW),
		.section = (enum plan_section)section,
		.repository = column_text(st, REPOSITORY),
		.name = column_text(st, NAME),
		.generation = column_u64(st, GENERATION),
		.size = column_u64(st, SIZE),
		.reason = column_text(st, REASON),
		.state = (enum plan_state)s,
		.status = sqlite3_column_int(st, STATUS),
		.attempts = (unsigned)column_u64(st, ATTEMPTS),
	};
	if (section == PLAN_SECTIONS || row->name == NULL ||
	    row->reason == NULL ||
	    (created != NULL && plan_time_parse(created, &created_us) != 0))
		return was_changed(f, row->id, err);
	if (s == PLAN_STATES)
		return err_set(err, ERR_REFUSED,
		    "%s: row %" PRIu64 " has the state '%s'; to take it off, "
		    "set it to 'skip', or to 'pending' to have it back",
		    f->path, row->id, state != NULL ? state : "");
	row->created_s = created_us / 1000000;
	return 0;
}

/* --- each --- */

int
plan_file_each(struct plan_file *f,
    int (*see)(void *arg, const struct plan_row *row), void *arg,
    struct err *err)
{
	sqlite3_stmt *st = plan_db_prepare(f, select_sql, err);
	struct plan_row row;
	int step = SQLITE_DONE, rc = 0;

	if (st == NULL)
		return -1;
	while (rc == 0 && (step = sqlite3_step(st)) == SQLITE_ROW) {
		if ((rc = read_row(f, st, &row, err)) == 0)
			rc = see(arg, &row);
	}
	if (rc == 0 && step != SQLITE_DONE)
		rc = plan_db_fail(f, err);
	sqlite3_finalize(st);
	return rc;
}

/* --- the check --- */

struct check {
	struct plan_file *f;
	struct plan_seal seal;
	struct paths paths;
	struct buf text;
};

/* Does the row name what a row of its kind may delete, in this registry? */
static bool
is_victim(struct check *c, const struct plan_row *row)
{
	static const enum path_kind kinds[PLAN_SECTIONS] = {
		[PLAN_TAGS] = PATH_TAG_INDEX,
		[PLAN_REVISIONS] = PATH_REVISION,
		[PLAN_BLOBS] = PATH_BLOB,
	};
	struct err err = ERR_INIT;
	struct path path;

	path_parse(&c->paths, row->name, &path);
	return path.kind == kinds[row->section] && row->generation != 0 &&
	    path_format_victim(&c->paths, &path, &c->text, &err) == 0 &&
	    strcmp(c->text.data, row->name) == 0;
}

static int
check_row(struct check *c, sqlite3_stmt *st, struct err *err)
{
	struct plan_file *f = c->f;
	struct plan_tally *tally;
	struct plan_row row;

	if (column_u64(st, ROW) != f->rows + 1)
		return err_set(err, ERR_CORRUPT,
		    "%s: row %" PRIu64 " is missing; to take a row off, set "
		    "its state to 'skip'",
		    f->path, f->rows + 1);
	if (read_row(f, st, &row, err) != 0)
		return -1;
	if (plan_seal_row(&c->seal, &row) != sqlite3_column_int64(st, SEAL))
		return was_changed(f, row.id, err);
	if (!is_victim(c, &row))
		return err_set(err, ERR_REFUSED,
		    "%s: row %" PRIu64 " names what no %s of the registry at "
		    "\"%s\" is: %s",
		    f->path, row.id, plan_section_name(row.section),
		    f->head.root, row.name);
	f->has_outcomes |= sqlite3_column_int(st, IS_SETTLED) != 0;
	tally = &f->tally[row.section][row.state];
	tally->rows++;
	tally->bytes += row.size;
	f->rows++;
	return 0;
}

static int
check_rows(struct check *c, struct err *err)
{
	sqlite3_stmt *st = plan_db_prepare(c->f, select_sql, err);
	int step = SQLITE_DONE, rc = 0;

	if (st == NULL)
		return -1;
	while (rc == 0 && (step = sqlite3_step(st)) == SQLITE_ROW)
		rc = check_row(c, st, err);
	if (rc == 0 && step != SQLITE_DONE)
		rc = plan_db_fail(c->f, err);
	sqlite3_finalize(st);
	return rc;
}

static int
check_all(struct check *c, struct buf *seal, struct err *err)
{
	struct plan_file *f = c->f;

	if (plan_head_load(f, seal, err) != 0)
		return -1;
	if (paths_init(&c->paths, f->head.root, err) != 0)
		return err_wrap(err, "%s", f->path);
	if (check_rows(c, err) != 0)
		return -1;
	plan_seal_head(&c->seal, &f->head, &c->text);
	if (strcmp(c->text.data, seal->data) != 0)
		return err_set(err, ERR_CORRUPT,
		    "%s: its head was changed since the plan was made, or the "
		    "last rows are missing; make a new plan",
		    f->path);
	return 0;
}

int
plan_read_check(struct plan_file *f, struct err *err)
{
	struct check c = { .f = f };
	struct buf seal;
	int rc;

	buf_init(&seal, VALUE_MAX);
	buf_init(&c.text, VALUE_MAX);
	plan_seal_init(&c.seal);
	rc = check_all(&c, &seal, err);
	plan_seal_release(&c.seal);
	paths_release(&c.paths);
	buf_release(&c.text);
	buf_release(&seal);
	return rc;
}
