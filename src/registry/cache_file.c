/* SPDX-License-Identifier: MIT */
/*
 * The file of a cache: whose it is, its table, and what becomes of one that is
 * damaged.  It is renamed, never erased; and one that does not begin as SQLite's
 * do is not touched at all, since whoever misspelt a name would lose that file.
 *
 * Everything is durable as SQLite has it by default: a plan may be in the same
 * file, and there are few commits.
 */
#include "src/registry/cache_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/base/mem.h"
#include "src/base/str.h"

/* With another run that is writing just now. */
enum { PATIENCE_MS = 5000 };

/* Far above any row: a manifest has at most 4 MiB. */
enum { ROW_MAX = 16 * 1024 * 1024 };

static const char schema[] = "CREATE TABLE IF NOT EXISTS " CACHE_TABLE
			     "(digest BLOB PRIMARY KEY, size INTEGER NOT NULL,"
			     " facts BLOB NOT NULL, seal BLOB NOT NULL)";

static const char find[] = "SELECT size, facts, seal FROM " CACHE_TABLE
			   " WHERE digest = ?";

static const char put[] = "INSERT OR REPLACE INTO " CACHE_TABLE
			  "(digest, size, facts, seal)"
			  " VALUES(?, ?, ?, ?)";

/* --- what went wrong --- */

static void
add_reason(const struct cache *c, struct buf *out)
{
	int system = sqlite3_system_errno(c->db);

	buf_adds(out, sqlite3_errmsg(c->db));
	if (system != 0 && sqlite3_errcode(c->db) != SQLITE_FULL)
		buf_addf(out, ", %s", strerror(system));
}

void
cache_warn(struct cache *c, const char *what)
{
	if (c->warning.len > 0)
		return;
	buf_addf(&c->warning, "the cache %s %s", c->path, what);
	if (c->db != NULL) {
		buf_adds(&c->warning, " (");
		add_reason(c, &c->warning);
		buf_addc(&c->warning, ')');
	}
}

/* Our SQL is right: what SQLite finds wrong with it is wrong with the tables, or
 * with the version in the file's head. */
bool
cache_file_is_damaged(const struct cache *c)
{
	switch (sqlite3_errcode(c->db) & 0xff) {
	case SQLITE_ERROR:
	case SQLITE_NOTADB:
	case SQLITE_CORRUPT:
	case SQLITE_TOOBIG:
	case SQLITE_FORMAT:
		return true;
	default:
		return false;
	}
}

static int
say_why(const struct cache *c, struct err *err)
{
	struct buf why;

	buf_init(&why, CACHE_LINE_MAX);
	add_reason(c, &why);
	if ((sqlite3_errcode(c->db) & 0xff) == SQLITE_BUSY)
		err_set(err, ERR_CONFIG,
		    "the cache %s is in use by another program; run again "
		    "when it is done, or name another file with --cache",
		    c->path);
	else
		err_set(err, ERR_CONFIG, "cannot open the cache %s: %s",
		    c->path, why.data);
	buf_release(&why);
	return -1;
}

/* --- open --- */

/* Made here, as SQLite does not tell why it could not; it takes an empty one. */
static int
make_file(const struct cache *c, struct err *err)
{
	int fd = open(c->path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);

	if (fd < 0)
		return err_set(err, ERR_CONFIG, "cannot make the cache %s: %s",
		    c->path, strerror(errno));
	close(fd);
	return 0;
}

static int
look_at_file(const struct cache *c, struct err *err)
{
	struct stat st;

	if (stat(c->path, &st) != 0)
		return make_file(c, err);
	if (!S_ISREG(st.st_mode))
		return err_set(err, ERR_CONFIG,
		    "the cache %s is not a file; name another with --cache",
		    c->path);
	if (st.st_mode & S_IWOTH)
		return err_set(err, ERR_CONFIG,
		    "everybody can write to the cache %s, and so say what is "
		    "deleted; chmod o-w it",
		    c->path);
	return 0;
}

/* SQLite has meanings of its own for some names (":memory:"). */
static int
open_database(struct cache *c, struct err *err)
{
	struct buf name;
	int rc;

	buf_init(&name, CACHE_LINE_MAX);
	buf_addf(&name, "%s%s", c->path[0] == '/' ? "" : "./", c->path);
	rc = sqlite3_open_v2(name.data, &c->db,
	    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
	buf_release(&name);
	mem_checked(c->db, sizeof(void *));
	if (rc != SQLITE_OK)
		return say_why(c, err);
	sqlite3_busy_timeout(c->db, PATIENCE_MS);
	sqlite3_limit(c->db, SQLITE_LIMIT_LENGTH, ROW_MAX);
	sqlite3_db_config(c->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(c->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	sqlite3_db_config(c->db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
	return 0;
}

/* Whose tables are in it? */
static int
look_at_tables(struct cache *c, struct err *err)
{
	sqlite3_stmt *st = NULL;
	bool is_new = true, is_cache = false;
	const char *name;
	int rc;

	c->is_guest = false;
	if (sqlite3_prepare_v2(c->db, "SELECT name FROM sqlite_schema", -1, &st,
		NULL) != SQLITE_OK)
		return say_why(c, err);
	while ((rc = sqlite3_step(st)) == SQLITE_ROW) {
		name = (const char *)sqlite3_column_text(st, 0);
		is_new = false;
		if (name == NULL)
			continue;
		is_cache |= str_starts(name, "manifest_cache_");
		c->is_guest |= strcmp(name, "victim") == 0;
	}
	if (rc != SQLITE_DONE)
		say_why(c, err);
	sqlite3_finalize(st);
	if (rc != SQLITE_DONE)
		return -1;
	if (is_new || is_cache || c->is_guest)
		return 0;
	return err_set(err, ERR_CONFIG,
	    "the cache %s is another program's database; name another file "
	    "with --cache",
	    c->path);
}

static bool
prepare(struct cache *c)
{
	return sqlite3_prepare_v3(c->db, find, -1, SQLITE_PREPARE_PERSISTENT,
		   &c->find, NULL) == SQLITE_OK &&
	    sqlite3_prepare_v3(c->db, put, -1, SQLITE_PREPARE_PERSISTENT,
		&c->put, NULL) == SQLITE_OK;
}

/* One who may only read it has no need to make a table that is there. */
static int
open_table(struct cache *c, struct err *err)
{
	if (prepare(c))
		return 0;
	sqlite3_finalize(c->find);
	c->find = NULL;
	if (sqlite3_exec(c->db, schema, NULL, NULL, NULL) == SQLITE_OK &&
	    prepare(c))
		return 0;
	if (sqlite3_errcode(c->db) != SQLITE_ERROR)
		return say_why(c, err);
	/* It is there, and has not the columns that it must have. */
	cache_warn(c, "has a table that is none of ours, and begins anew");
	if (sqlite3_exec(c->db, "DROP TABLE " CACHE_TABLE, NULL, NULL, NULL) ==
		SQLITE_OK &&
	    sqlite3_exec(c->db, schema, NULL, NULL, NULL) == SQLITE_OK &&
	    prepare(c))
		return 0;
	return say_why(c, err);
}

static int
open_whole(struct cache *c, struct err *err)
{
	if (look_at_file(c, err) != 0 || open_database(c, err) != 0 ||
	    look_at_tables(c, err) != 0)
		return -1;
	return open_table(c, err);
}

void
cache_file_close(struct cache *c)
{
	sqlite3_finalize(c->find);
	sqlite3_finalize(c->put);
	sqlite3_close(c->db);
	c->find = c->put = NULL;
	c->db = NULL;
	c->has_lock = false;
}

/* --- damage --- */

/* The registry's config.yml, say, must not be moved away.  Not looked at before
 * SQLite finds damage: to close the file drops the locks that this process has
 * on it, and a plan's are needed. */
static int
look_at_magic(const struct cache *c, struct err *err)
{
	static const char magic[] = "SQLite format 3";
	char start[sizeof(magic)];
	int fd = open(c->path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return err_set(err, ERR_CONFIG, "cannot read the cache %s: %s",
		    c->path, strerror(errno));
	n = read(fd, start, sizeof(start));
	close(fd);
	if (n == sizeof(start) && memcmp(start, magic, sizeof(magic)) == 0)
		return 0;
	return err_set(err, ERR_CONFIG,
	    "%s is no cache: not a SQLite file; name another with --cache",
	    c->path);
}

/* Its journal, too, would be played back into the new file. */
static int
put_aside(struct cache *c, struct err *err)
{
	struct buf name;
	int rc;

	if (look_at_magic(c, err) != 0)
		return -1;
	cache_warn(c,
	    "is damaged and begins anew; what there was is "
	    "FILE.damaged");
	cache_file_close(c);
	buf_init(&name, CACHE_LINE_MAX);
	buf_addf(&name, "%s-journal", c->path);
	unlink(name.data);
	buf_clear(&name);
	buf_addf(&name, "%s.damaged", c->path);
	if ((rc = rename(c->path, name.data)) != 0)
		err_set(err, ERR_CONFIG,
		    "the cache %s is damaged, and cannot be renamed: %s",
		    c->path, strerror(errno));
	buf_release(&name);
	return rc;
}

int
cache_file_open(struct cache *c, struct err *err)
{
	if (open_whole(c, err) == 0)
		return 0;
	if (c->db == NULL || c->is_guest || !cache_file_is_damaged(c))
		return -1;
	err_clear(err);
	return put_aside(c, err) == 0 ? open_whole(c, err) : -1;
}

bool
cache_file_mend(struct cache *c)
{
	struct err err = ERR_INIT;

	if (cache_file_is_damaged(c) && !c->is_guest &&
	    put_aside(c, &err) == 0 && open_whole(c, &err) == 0)
		return true;
	cache_warn(c, "cannot be read, and is not used any more");
	cache_file_close(c);
	return false;
}
