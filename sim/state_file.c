/* SPDX-License-Identifier: MIT */
/* Which files are taken for one, and which are left alone. */
#include "sim/state_file.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/whole_file.h"
#include "src/base/buf.h"

enum { PATH_TEXT_MAX = 64 * 1024 };

static int
refuse(const char *what, const char *path, const char *why, struct err *err)
{
	return err_set(err, ERR_CONFIG, "cannot %s %.200s: %s", what, path,
	    why);
}

/* Is there a file of that name and ending? */
static bool
has_beside(const char *path, const char *ending)
{
	struct buf name;
	bool has;

	buf_init(&name, PATH_TEXT_MAX);
	buf_addf(&name, "%s%s", path, ending);
	has = access(name.data, F_OK) == 0;
	buf_release(&name);
	return has;
}

/* A link is not replaced either, as it would be by a rename; and SQLite would
 * take what is beside the old file for changes to the new. */
static int
check_kind(const char *what, const char *path, bool is_there,
    const struct stat *st, struct err *err)
{
	if (path[0] == '\0')
		return err_set(err, ERR_USAGE, "the name of the file is empty");
	if (is_there && !S_ISREG(st->st_mode))
		return refuse(what, path, "it is no regular file", err);
	if (has_beside(path, "-wal") || has_beside(path, "-journal"))
		return refuse(what, path,
		    "it is a data file in use, or one whose gcs-sim was "
		    "killed: a gcs-sim --data of it that ends leaves it whole",
		    err);
	return 0;
}

/* --- reading --- */

static int
read_all(FILE *f, const char *path, struct buf *out, struct err *err)
{
	char piece[64 * 1024];
	size_t n;

	while ((n = fread(piece, 1, sizeof(piece), f)) > 0) {
		if (buf_add(out, piece, n) != 0)
			return err_set(err, ERR_CONFIG,
			    "%.200s has more than %zu bytes, which is all that "
			    "a request may bring; gcs-sim --data takes it",
			    path, out->max);
	}
	return ferror(f) ? refuse("read", path, strerror(errno), err) : 0;
}

int
state_file_read(const char *path, struct buf *out, struct err *err)
{
	struct stat st = { 0 };
	bool is_there = stat(path, &st) == 0;
	FILE *f;
	int rc;

	if (check_kind("read", path, is_there, &st, err) != 0)
		return -1;
	f = fopen(path, "r");
	if (f == NULL)
		return refuse("read", path, strerror(errno), err);
	rc = read_all(f, path, out, err);
	fclose(f);
	return rc;
}

/* --- writing --- */

int
state_file_check(const char *path, struct err *err)
{
	struct stat st = { 0 };

	return check_kind("write", path, lstat(path, &st) == 0, &st, err);
}

int
state_file_write(const char *path, const struct buf *bytes, struct err *err)
{
	if (state_file_check(path, err) != 0)
		return -1;
	return whole_file_write(path, bytes, err);
}
