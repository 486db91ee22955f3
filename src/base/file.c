/* SPDX-License-Identifier: MIT */
#include "src/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/base/buf.h"

/* What it reads may be a secret, and stays nowhere but in the buffer. */
static int
read_all(int fd, struct buf *out)
{
	char chunk[4096];
	ssize_t n;

	while ((n = read(fd, chunk, sizeof(chunk))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 || buf_add(out, chunk, (size_t)n) != 0)
			break;
	}
	explicit_bzero(chunk, sizeof(chunk));
	return n == 0 ? 0 : -1;
}

int
file_load(const char *path, struct buf *out, unsigned *mode, struct err *err)
{
	/* Not to wait for who opens the other end of a FIFO. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	int rc = 0;
	struct stat st;

	if (fd < 0)
		return err_set(err,
		    errno == ENOENT || errno == ENOTDIR ? ERR_NOT_FOUND
							: ERR_CONFIG,
		    "%s: %s", path, strerror(errno));
	if (fstat(fd, &st) != 0)
		rc = err_set(err, ERR_CONFIG, "%s: %s", path, strerror(errno));
	else if (!S_ISREG(st.st_mode))
		rc = err_set(err, ERR_CONFIG, "%s: not a regular file", path);
	else if (read_all(fd, out) != 0)
		rc = out->full
		    ? err_set(err, ERR_CONFIG, "%s: larger than %zu bytes",
			  path, out->max)
		    : err_set(err, ERR_CONFIG, "%s: %s", path, strerror(errno));
	else
		*mode = st.st_mode;
	close(fd);
	return rc;
}

bool
file_write_all(int fd, const char *data, size_t n)
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

void
file_open_up(int fd)
{
	mode_t mask = umask(0);

	umask(mask);
	/* Where modes mean nothing, so does this. */
	(void)!fchmod(fd, 0666 & ~mask);
}
