/* SPDX-License-Identifier: MIT */
/* A temporary file and a rename. */
#include "sim/whole_file.h"

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
refuse(const char *path, const char *why, struct err *err)
{
	return err_set(err, ERR_CONFIG, "cannot write %.200s: %s", path, why);
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

/* A rename would put a file in the place of a device, or of the link to one:
 * /dev/stdout, or /dev/null, for everybody who uses it. */
static bool
is_replaceable(const char *path)
{
	struct stat st;

	return stat(path, &st) != 0 || S_ISREG(st.st_mode);
}

int
whole_file_write(const char *path, const struct buf *bytes, struct err *err)
{
	struct buf temp;
	int rc = 0;

	if (!is_replaceable(path))
		return refuse(path, "it is no regular file", err);
	buf_init(&temp, PATH_TEXT_MAX);
	buf_addf(&temp, "%s.XXXXXX", path);
	if (!write_through(temp.data, path, bytes))
		rc = refuse(path, strerror(errno), err);
	buf_release(&temp);
	return rc;
}
