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
#include "src/base/file.h"

enum { PATH_TEXT_MAX = 64 * 1024 };

static int
refuse(const char *path, const char *why, struct err *err)
{
	return err_set(err, ERR_CONFIG, "cannot write %.200s: %s", path, why);
}

static bool
write_through(char *temp, const char *path, const struct buf *bytes)
{
	int fd = mkstemp(temp), error = 0;

	if (fd == -1)
		return false;
	file_open_up(fd);
	if (!file_write_all(fd, bytes->data, bytes->len))
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
