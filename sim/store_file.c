/* SPDX-License-Identifier: MIT */
/*
 * The file itself: whose it is, its format, its tables.
 *
 * It is in WAL mode with synchronous=NORMAL: a commit is in the system's hands
 * and needs no disk, which is what surviving the end of a process takes.  A
 * power cut may lose the last commits, but not tear one.
 *
 * One process has it at a time, by locking_mode=EXCLUSIVE: the buckets in
 * memory are the truth, and a second writer would make them a lie.  The kernel
 * takes the lock back from whoever is killed.
 */
#include "sim/store_priv.h"

#include <errno.h>
#include <string.h>

enum { FORMAT = 2, REASON_MAX = 256 };

/* Times are microseconds since the Unix epoch.  A version without a payload is
 * virtual.  The rows of a long payload behind its first have no hashes.  What is
 * uploaded bit by bit is in rows of its own until it is an object;
 * a part of a multipart upload is a payload. */
static const char schema[] =
    "CREATE TABLE world(last_generation INTEGER NOT NULL, keys TEXT) STRICT;"
    "INSERT INTO world VALUES(0, NULL);"
    "CREATE TABLE buckets(name TEXT PRIMARY KEY, created INTEGER NOT NULL,"
    " updated INTEGER NOT NULL, metageneration INTEGER NOT NULL,"
    " versioning INTEGER NOT NULL, default_event_based_hold INTEGER NOT NULL,"
    " soft_delete_s INTEGER NOT NULL, soft_delete_since INTEGER NOT NULL,"
    " retention_s INTEGER NOT NULL, retention_since INTEGER NOT NULL,"
    " retention_is_locked INTEGER NOT NULL, extra TEXT) STRICT, WITHOUT ROWID;"
    "CREATE TABLE versions(bucket TEXT NOT NULL, name BLOB NOT NULL,"
    " generation INTEGER NOT NULL, state INTEGER NOT NULL,"
    " size INTEGER NOT NULL, updated INTEGER NOT NULL,"
    " ended INTEGER NOT NULL, hard_delete INTEGER NOT NULL,"
    " metageneration INTEGER NOT NULL, payload INTEGER, meta BLOB,"
    " PRIMARY KEY(bucket, name, generation)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE payloads(id INTEGER PRIMARY KEY, size INTEGER NOT NULL,"
    " md5 BLOB, crc32c INTEGER, bytes BLOB NOT NULL) STRICT;"
    "CREATE TABLE bulks(bucket TEXT PRIMARY KEY, prefix TEXT NOT NULL,"
    " n INTEGER NOT NULL, seed INTEGER NOT NULL, size INTEGER NOT NULL,"
    " generation INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE bulk_gone(bucket TEXT NOT NULL, number INTEGER NOT NULL,"
    " PRIMARY KEY(bucket, number)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE uploads(id TEXT PRIMARY KEY, started INTEGER NOT NULL,"
    " state INTEGER NOT NULL, bucket TEXT NOT NULL, name TEXT NOT NULL,"
    " query TEXT, promised TEXT, meta BLOB, total INTEGER,"
    " held INTEGER NOT NULL, generation INTEGER, size INTEGER, md5 BLOB,"
    " crc32c INTEGER) STRICT, WITHOUT ROWID;"
    "CREATE TABLE upload_bytes(id TEXT NOT NULL, at INTEGER NOT NULL,"
    " bytes BLOB NOT NULL, PRIMARY KEY(id, at)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE xml_uploads(id TEXT PRIMARY KEY, started INTEGER NOT NULL,"
    " bucket TEXT NOT NULL, name TEXT NOT NULL, meta BLOB)"
    " STRICT, WITHOUT ROWID;"
    "CREATE TABLE xml_parts(id TEXT NOT NULL, number INTEGER NOT NULL,"
    " stored INTEGER NOT NULL, payload INTEGER NOT NULL,"
    " PRIMARY KEY(id, number)) STRICT, WITHOUT ROWID;";

/* The first format had no keys, and no lists of access in metadata. */
static const char upgrade[] = "BEGIN; ALTER TABLE world ADD COLUMN keys TEXT;"
			      "PRAGMA user_version=2; COMMIT";

static const char *const statements[STORE_STATEMENTS] = {
	[STORE_BEGIN] = "BEGIN IMMEDIATE",
	[STORE_COMMIT] = "COMMIT",
	[STORE_PUT_BUCKET] =
	    "REPLACE INTO buckets VALUES(?,?,?,?,?,?,?,?,?,?,?,?)",
	[STORE_DROP_BUCKET] = "DELETE FROM buckets WHERE name = ?",
	[STORE_ADD_VERSION] =
	    "INSERT INTO versions VALUES(?,?,?,?,?,?,?,?,?,?,?)",
	[STORE_CHANGE_VERSION] =
	    "UPDATE versions SET state = ?4, updated = ?6, ended = ?7,"
	    " hard_delete = ?8, metageneration = ?9, meta = ?11"
	    " WHERE bucket = ?1 AND name = ?2 AND generation = ?3",
	[STORE_DROP_VERSION] = "DELETE FROM versions"
			       " WHERE bucket = ? AND name = ?"
			       " AND generation = ?",
	[STORE_ADD_BYTES] = "INSERT INTO payloads VALUES(?,?,?,?,?)",
	[STORE_DROP_BYTES] = "DELETE FROM payloads WHERE id >= ? AND id < ?",
	[STORE_PUT_BULK] = "REPLACE INTO bulks VALUES(?,?,?,?,?,?)",
	[STORE_DROP_BULK] = "DELETE FROM bulks WHERE bucket = ?",
	[STORE_ADD_BULK_GONE] = "INSERT INTO bulk_gone VALUES(?,?)",
	[STORE_DROP_BULK_GONE] = "DELETE FROM bulk_gone WHERE bucket = ?",
	[STORE_PUT_UPLOAD] =
	    "REPLACE INTO uploads VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
	[STORE_DROP_UPLOAD] = "DELETE FROM uploads WHERE id = ?",
	[STORE_ASK_UPLOAD] = "SELECT held FROM uploads WHERE id = ?",
	[STORE_ADD_UPLOAD_BYTES] = "INSERT INTO upload_bytes VALUES(?,?,?)",
	[STORE_DROP_UPLOAD_BYTES] = "DELETE FROM upload_bytes WHERE id = ?",
	[STORE_ADD_XML_UPLOAD] = "INSERT INTO xml_uploads VALUES(?,?,?,?,?)",
	[STORE_DROP_XML_UPLOAD] = "DELETE FROM xml_uploads WHERE id = ?",
	[STORE_ADD_XML_PART] = "INSERT INTO xml_parts VALUES(?,?,?,?)",
	[STORE_DROP_XML_PART] =
	    "DELETE FROM xml_parts WHERE id = ? AND number = ?",
	[STORE_SET_GENERATION] = "UPDATE world SET last_generation = ?",
	[STORE_SET_KEYS] = "UPDATE world SET keys = ?",
};

void
store_add_reason(const struct store *s, struct buf *out)
{
	int error = sqlite3_system_errno(s->db);

	buf_adds(out, sqlite3_errmsg(s->db));
	if (error != 0 && sqlite3_errcode(s->db) != SQLITE_FULL)
		buf_addf(out, " (%s)", strerror(error));
}

static int
is_not_ours(const struct store *s, const char *what, struct err *err)
{
	if (s->path == NULL)
		return err_set(err, ERR_CONFIG, "%s is %s", s->name, what);
	return err_set(err, ERR_CONFIG,
	    "%s is %s; name another, or one that is not there yet", s->path,
	    what);
}

/* "cannot open the data file FILE: why" */
static int
say_why(const struct store *s, struct err *err)
{
	struct buf why;

	buf_init(&why, REASON_MAX);
	store_add_reason(s, &why);
	switch (sqlite3_errcode(s->db) & 0xff) {
	case SQLITE_BUSY:
		err_set(err, ERR_CONFIG,
		    "%s is in use; one process has it at a time", s->name);
		break;
	case SQLITE_NOTADB:
		is_not_ours(s, "no data file of gcs-sim", err);
		break;
	default:
		err_set(err, ERR_CONFIG, "cannot open %s: %s", s->name,
		    why.data);
	}
	buf_release(&why);
	return -1;
}

static int
run(const struct store *s, const char *sql, struct err *err)
{
	return sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK
	    ? 0
	    : say_why(s, err);
}

/* The one number that a query answers. */
static int
ask(const struct store *s, const char *sql, int64_t *out, struct err *err)
{
	sqlite3_stmt *st;
	int rc = -1;

	if (sqlite3_prepare_v2(s->db, sql, -1, &st, NULL) == SQLITE_OK &&
	    sqlite3_step(st) == SQLITE_ROW) {
		*out = sqlite3_column_int64(st, 0);
		rc = 0;
	}
	if (rc != 0)
		say_why(s, err);
	sqlite3_finalize(st);
	return rc;
}

/* All or nothing of the tables, so that one who is killed leaves a file that is
 * still new. */
static int
make_tables(const struct store *s, struct err *err)
{
	struct buf sql;
	int rc;

	buf_init(&sql, sizeof(schema) + REASON_MAX);
	buf_addf(&sql,
	    "BEGIN; %s PRAGMA application_id=%d; PRAGMA user_version=%d; "
	    "COMMIT",
	    schema, STORE_APPLICATION_ID, FORMAT);
	rc = run(s, sql.data, err);
	buf_release(&sql);
	return rc;
}

int
store_check_format(struct store *s, struct err *err)
{
	int64_t id, format, tables;

	if (ask(s, "PRAGMA application_id", &id, err) != 0 ||
	    ask(s, "PRAGMA user_version", &format, err) != 0 ||
	    ask(s, "SELECT count(*) FROM sqlite_schema", &tables, err) != 0)
		return -1;
	if (id == 0 && format == 0 && tables == 0)
		return make_tables(s, err);
	if (id != STORE_APPLICATION_ID)
		return is_not_ours(s,
		    "a database of something else and no data file of gcs-sim",
		    err);
	if (format == 1)
		return run(s, upgrade, err);
	if (format != FORMAT)
		return err_set(err, ERR_CONFIG,
		    "%s has format %lld, and this gcs-sim knows format %d: a "
		    "newer one wrote it",
		    s->name, (long long)format, FORMAT);
	return 0;
}

int
store_prepare(struct store *s, struct err *err)
{
	int i;

	for (i = 0; i < STORE_STATEMENTS; i++) {
		if (sqlite3_prepare_v3(s->db, statements[i], -1,
			SQLITE_PREPARE_PERSISTENT, &s->statement[i],
			NULL) != SQLITE_OK)
			return say_why(s, err);
	}
	return 0;
}

/* The mode is asked for once the file is known to be ours: it is written to
 * the file. */
int
store_file_open(struct store *s, struct err *err)
{
	struct buf path;
	int rc;

	/* SQLite has meanings of its own for ":memory:" and its like. */
	buf_init(&path, strlen(s->path) + sizeof("./"));
	buf_adds(&path, s->path[0] == ':' ? "./" : "");
	buf_adds(&path, s->path);
	rc = sqlite3_open_v2(path.data, &s->db,
	    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
	buf_release(&path);
	if (rc != SQLITE_OK)
		return say_why(s, err);
	if (sqlite3_db_readonly(s->db, "main") != 0)
		return err_set(err, ERR_CONFIG,
		    "the data file %s cannot be written: %s", s->path,
		    strerror(EACCES));
	if (run(s, "PRAGMA locking_mode=EXCLUSIVE", err) != 0 ||
	    store_check_format(s, err) != 0 ||
	    run(s,
		"PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
		"PRAGMA cache_size=-65536",
		err) != 0)
		return -1;
	return store_prepare(s, err);
}

void
store_file_close(struct store *s)
{
	int i;

	for (i = 0; i < STORE_STATEMENTS; i++) {
		sqlite3_finalize(s->statement[i]);
		s->statement[i] = NULL;
	}
	sqlite3_close(s->db);
	s->db = NULL;
}
