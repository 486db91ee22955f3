/* SPDX-License-Identifier: MIT */
/*
 * A new descriptor gets the lowest free number.  Without this, a program whose
 * standard error was closed would write its complaints into a connection.
 */
#include "src/base/start.h"

#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

/* What a shell answers for a program that cannot be run. */
enum { CANNOT_START = 126 };

static void
hold_standard(void)
{
	int fd, way;

	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		/* The wrong way round, so that nothing is read or written. */
		way = fd == STDIN_FILENO ? O_WRONLY : O_RDONLY;
		if (fcntl(fd, F_GETFD) == -1 &&
		    open("/dev/null", way | O_CLOEXEC) != fd)
			_exit(CANNOT_START);
	}
}

void
start_afresh(void)
{
	sigset_t none;

	hold_standard();
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_IGN);
}
