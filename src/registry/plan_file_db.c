/* SPDX-License-Identifier: MIT */
/*
 * The connection and the tables; doc/PLAN.md tells people of them.
 *
 * A plan comes from wherever, so its schema is not trusted: no view and no
 * trigger of it ever runs, and no value is longer than a row may be.
 */
#include "src/registry/plan_file_priv.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

/* With a reviewer who writes just now. */
enum { PATIENCE_MS = 5000 };

/* No STRICT, which SQLite before 3.37 cannot read: reviewers have what they
 * have.  What became of a row is added to `outcome`, at its end, since victims
 * are swept in no order: a page of `victim` for each would be twenty times the
 * writing.  The view is for people. */
static const char schema[] =
    "CREATE TABLE head(key TEXT PRIMARY KEY, value TEXT NOT NULL)"
    " WITHOUT ROWID;"
    "CREATE TABLE victim(row INTEGER PRIMARY KEY, kind TEXT NOT NULL,"
    " repository TEXT, name TEXT NOT NULL, generation INTEGER NOT NULL,"
    " size INTEGER, created TEXT, reason TEXT NOT NULL,"
    " seal INTEGER NOT NULL, state TEXT NOT NULL DEFAULT 'pending',"
    " status INTEGER NOT NULL DEFAULT 0,"
    " attempts INTEGER NOT NULL DEFAULT 0, settled TEXT);"
    "CREATE TABLE outcome(row INTEGER NOT NULL, state TEXT NOT NULL,"
    " status INTEGER NOT NULL, attempts INTEGER NOT NULL,"
    " settled TEXT NOT NULL);"
    "CREATE VIEW plan AS SELECT v.row, kind, repository, name, generation,"
    " size, created, reason, " PLAN_STATE_SQL " AS state,"
    " coalesce(o.status, v.status) AS status,"
    " v.attempts + coalesce(o.attempts, 0) AS attempts,"
    " coalesce(o.settled, v.settled) AS settled"
    " FROM victim v LEFT JOIN outcome o ON o.row = v.row;";

/* --- errors --- */

static int
no_plan(const struct plan_file *f, const char *what, struct err *err)
{
	return err_set(err, ERR_CONFIG, "%s is no plan of gcsweep: %s", f->path,
	    what);
}

int
plan_db_fail(const struct plan_file *f, struct err *err)
{
	int system = sqlite3_system_errno(f->db);
	const char *why = sqlite3_errmsg(f->db);

	switch (sqlite3_errcode(f->db) & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return err_set(err, ERR_CONFIG,
		    "%s is in use by another program (%s)", f->at, why);
	case SQLITE_NOTADB:
		return no_plan(f, "not a SQLite file", err);
	case SQLITE_CORRUPT:
	case SQLITE_ERROR: /* a table or a column is not there */
	case SQLITE_TOOBIG:
		return err_set(err, ERR_CORRUPT,
		    "%s is damaged (%s); make a new plan", f->at, why);
	case SQLITE_FULL:
		return err_set(err, ERR_CONFIG, "cannot write to %s: %s", f->at,
		    why);
	default:
		return err_set(err, ERR_CONFIG,
		    "cannot read or write %s: %s%s%s", f->at, why,
		    system != 0 ? ", " : "",
		    system != 0 ? strerror(system) : "");
	}
}

/* --- statements --- */

int
plan_db_run(struct plan_file *f, const char *sql, struct err *err)
{
	return sqlite3_exec(f->db, sql, NULL, NULL, NULL) == SQLITE_OK
	    ? 0
	    : plan_db_fail(f, err);
}

sqlite3_stmt *
plan_db_prepare(struct plan_file *f, const char *sql, struct err *err)
{
	sqlite3_stmt *st = NULL;

	if (sqlite3_prepare_v2(f->db, sql, -1, &st, NULL) != SQLITE_OK)
		plan_db_fail(f, err);
	return st;
}

int
plan_db_ask(struct plan_file *f, const char *sql, int64_t *out, struct err *err)
{
	sqlite3_stmt *st = plan_db_prepare(f, sql, err);
	int rc = 0;

	if (st == NULL)
		return -1;
	if (sqlite3_step(st) == SQLITE_ROW)
		*out = sqlite3_column_int64(st, 0);
	else
		rc = plan_db_fail(f, err);
	sqlite3_finalize(st);
	return rc;
}

/* --- the connection --- */

/* SQLite would make what is not there, wait for a pipe's other end, and has
 * meanings of its own for names that begin with a colon. */
static int
open_file(struct plan_file *f, struct err *err)
{
	int flags = f->is_read_only ? SQLITE_OPEN_READONLY
				    : SQLITE_OPEN_READWRITE;
	struct buf name;
	struct stat st;
	int rc;

	if (stat(f->at, &st) != 0)
		return err_set(err, ERR_CONFIG, "cannot open the plan %s: %s",
		    f->at, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return no_plan(f, "not a file", err);
	buf_init(&name, strlen(f->at) + sizeof("./"));
	buf_adds(&name, f->at[0] == ':' ? "./" : "");
	buf_adds(&name, f->at);
	rc = sqlite3_open_v2(name.data, &f->db, flags, NULL);
	buf_release(&name);
	return rc == SQLITE_OK ? 0 : plan_db_fail(f, err);
}

int
plan_db_open(struct plan_file *f, struct err *err)
{
	if (open_file(f, err) != 0)
		return -1;
	sqlite3_busy_timeout(f->db, PATIENCE_MS);
	sqlite3_limit(f->db, SQLITE_LIMIT_LENGTH, VALUE_MAX);
	sqlite3_db_config(f->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(f->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(f->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	sqlite3_db_config(f->db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
	return plan_db_run(f, "PRAGMA cell_size_check=ON", err);
}

void
plan_db_close(struct plan_file *f)
{
	sqlite3_close(f->db);
	f->db = NULL;
}

/* --- the tables --- */

/* Until it has its name the file is nobody's loss, so nothing is journaled on
 * disk; plan_place_end syncs it. */
int
plan_db_make_tables(struct plan_file *f, struct err *err)
{
	struct buf sql;
	int rc;

	buf_init(&sql, sizeof(schema) + 512);
	buf_addf(&sql,
	    "PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF; BEGIN; %s "
	    "PRAGMA application_id=%d; PRAGMA user_version=%d; COMMIT",
	    schema, PLAN_APPLICATION_ID, PLAN_FORMAT);
	rc = plan_db_run(f, sql.data, err);
	buf_release(&sql);
	return rc;
}

int
plan_db_check_format(struct plan_file *f, struct err *err)
{
	int64_t id, format;

	if (plan_db_ask(f, "PRAGMA application_id", &id, err) != 0 ||
	    plan_db_ask(f, "PRAGMA user_version", &format, err) != 0)
		return -1;
	if (id != PLAN_APPLICATION_ID)
		return no_plan(f, "a database of something else", err);
	if (format != PLAN_FORMAT)
		return err_set(err, ERR_CONFIG,
		    "%s is a plan of format %lld, and this gcsweep knows "
		    "format %d: a newer one made it",
		    f->path, (long long)format, PLAN_FORMAT);
	return 0;
}
