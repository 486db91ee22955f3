/* SPDX-License-Identifier: MIT */
/*
 * The journal: outcomes are added to a table of their own as they come, some
 * hundred to a commit, and become the rows' states when the file is closed or
 * next opened.  The file is in WAL mode then, so that a commit is in the
 * system's hands and needs no disk; what a power cut takes of it, a resumed run
 * finds gone.
 *
 * The first thing that cannot be written ends it: every later call answers that
 * error, and the sweep stops.  A sweep that cannot say what it did must not do
 * more.
 */
#include "src/registry/plan_file_priv.h"

#include "src/storage/storage.h"

enum {
	BATCH = 256, /* rows */
	BATCH_US = 1000000
};

static const char begin_sql[] = "BEGIN IMMEDIATE";

/* A reader may keep the mode from changing; then it is as safe and slower. */
static void
use_wal(struct plan_file *f)
{
	sqlite3_exec(f->db,
	    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL", NULL, NULL,
	    NULL);
}

static int
begin(struct plan_file *f, struct err *err)
{
	if (f->add_outcome == NULL) {
		use_wal(f);
		f->add_outcome = plan_db_prepare(f,
		    "INSERT INTO outcome VALUES(?, ?, ?, ?,"
		    " strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))",
		    err);
		if (f->add_outcome == NULL)
			return -1;
	}
	if (!f->has_begun && plan_db_run(f, begin_sql, err) != 0)
		return -1;
	f->has_begun = true;
	return 0;
}

static int
add(struct plan_file *f, const struct plan_row *row, struct err *err)
{
	sqlite3_stmt *st;
	int rc;

	if (begin(f, err) != 0)
		return -1;
	st = f->add_outcome;
	sqlite3_bind_int64(st, 1, (sqlite3_int64)row->id);
	sqlite3_bind_text(st, 2, plan_state_name(row->state), -1,
	    SQLITE_STATIC);
	sqlite3_bind_int(st, 3, row->status);
	sqlite3_bind_int64(st, 4, row->attempts);
	rc = sqlite3_step(st) == SQLITE_DONE ? 0 : plan_db_fail(f, err);
	sqlite3_reset(st);
	return rc;
}

static void
count(struct plan_file *f, const struct plan_row *row)
{
	struct plan_tally *from = &f->tally[row->section][PLAN_PENDING];
	struct plan_tally *to = &f->tally[row->section][row->state];

	from->rows--;
	from->bytes -= row->size;
	to->rows++;
	to->bytes += row->size;
}

int
plan_journal_add(struct plan_file *f, const struct plan_row *row,
    struct err *err)
{
	if (f->err.code == ERR_NONE && add(f, row, &f->err) == 0) {
		f->held++;
		count(f, row);
		return 0;
	}
	*err = f->err;
	return -1;
}

int
plan_file_commit(struct plan_file *f, struct err *err)
{
	if (f->err.code == ERR_NONE && f->has_begun) {
		if (plan_db_run(f, "COMMIT", &f->err) == 0) {
			f->has_begun = false;
			f->has_outcomes = true;
			f->held = 0;
		}
	}
	if (f->err.code == ERR_NONE)
		return 0;
	*err = f->err;
	return -1;
}

static enum plan_state
state_of(enum storage_verdict verdict)
{
	switch (verdict) {
	case STORAGE_OK:
		return PLAN_DELETED;
	case STORAGE_GONE:
		return PLAN_GONE;
	case STORAGE_CHANGED:
		return PLAN_CHANGED;
	default:
		return PLAN_FAILED;
	}
}

int
plan_file_settle(struct plan_file *f, enum plan_section section, uint64_t row,
    uint64_t size, const struct storage_op *op, struct err *err)
{
	struct plan_row outcome = {
		.id = row,
		.section = section,
		.size = size,
		.state = state_of(op->verdict),
		.status = op->status,
		.attempts = op->attempts,
	};

	if (f->held == 0)
		f->held_since = op->done_us;
	if (plan_journal_add(f, &outcome, err) != 0)
		return -1;
	if (f->held < BATCH && op->done_us - f->held_since < BATCH_US)
		return 0;
	return plan_file_commit(f, err);
}

/* All or nothing; in the order of the rows, so that each page is written
 * once. */
int
plan_journal_fold(struct plan_file *f, struct err *err)
{
	static const char sql[] =
	    "BEGIN IMMEDIATE;"
	    "UPDATE victim AS v SET state = " PLAN_STATE_SQL ","
	    " status = o.status, attempts = v.attempts + o.attempts,"
	    " settled = o.settled"
	    " FROM (SELECT * FROM outcome ORDER BY row) o"
	    " WHERE o.row = v.row;"
	    "DELETE FROM outcome;"
	    "COMMIT";

	if (plan_db_run(f, sql, err) == 0) {
		f->has_outcomes = false;
		return 0;
	}
	sqlite3_exec(f->db, "ROLLBACK", NULL, NULL, NULL);
	return -1;
}

/* What cannot be folded now will be when the plan is next opened.  Without WAL
 * a plan is one file again, that may be copied and be read anywhere. */
void
plan_journal_close(struct plan_file *f)
{
	struct err err = ERR_INIT;

	sqlite3_finalize(f->add_outcome);
	f->add_outcome = NULL;
	if (f->has_begun)
		sqlite3_exec(f->db, "ROLLBACK", NULL, NULL, NULL);
	f->has_begun = false;
	if (!f->is_sound || f->is_read_only)
		return;
	if (f->has_outcomes && plan_journal_fold(f, &err) != 0)
		return;
	sqlite3_exec(f->db, "PRAGMA journal_mode=DELETE", NULL, NULL, NULL);
}
