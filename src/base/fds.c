/* SPDX-License-Identifier: MIT */
/*
 * A new descriptor gets the lowest free number.  Without this, a program whose
 * standard error was closed would write its complaints into a connection.
 */
#include "src/base/fds.h"

#include <fcntl.h>
#include <unistd.h>

void
fds_hold_standard(void)
{
	int fd;

	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) != -1)
			continue;
		/* The wrong way round, so that nothing is read or written. */
		if (open("/dev/null",
			fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
			_exit(126);
	}
}
