/* SPDX-License-Identifier: MIT */
/* A temporary file and a rename. */
#include "sim/state_file.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

/* A rename would put a file in the place of a device, or of the link to one;
 * and SQLite would take what is beside the old file for changes to the new. */
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

/* mkstemp makes it for us alone; the file is for whom the umask says. */
static void
open_up(int fd)
{
	mode_t mask = umask(0);

	umask(mask);
	/* Where modes mean nothing, so does this. */
	(void)!fchmod(fd, 0666 & ~mask);
}

static bool
write_all(int fd, const char *data, size_t n)
{
	ssize_t done;

	for (; n > 0; data += done, n -= (size_t)done) {
		do
			done = write(fd, data, n);
		while (done == -1 && errno == EINTR);
		if (done == -1)
			return false;
	}
	return true;
}

static bool
write_through(char *temp, const char *path, const struct buf *bytes)
{
	int fd = mkstemp(temp), error = 0;

	if (fd == -1)
		return false;
	open_up(fd);
	if (!write_all(fd, bytes->data, bytes->len))
		error = errno;
	if (close(fd) != 0 && error == 0)
		error = errno;
	if (error == 0 && rename(temp, path) != 0)
		error = errno;
	if (error != 0)
		unlink(temp);
	errno = error;
	return error == 0;
}

int
state_file_write(const char *path, const struct buf *bytes, struct err *err)
{
	struct buf temp;
	int rc = 0;

	if (state_file_check(path, err) != 0)
		return -1;
	buf_init(&temp, PATH_TEXT_MAX);
	buf_addf(&temp, "%s.XXXXXX", path);
	if (!write_through(temp.data, path, bytes))
		rc = refuse("write", path, strerror(errno), err);
	buf_release(&temp);
	return rc;
}
