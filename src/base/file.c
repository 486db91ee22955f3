/* SPDX-License-Identifier: MIT */
#include "src/base/file.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

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
