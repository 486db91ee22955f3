/* SPDX-License-Identifier: MIT */
/* start: no number below three is left for a socket, no signal is blocked. */
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "src/base/start.h"
#include "tests/support/suite.h"

/* What the test says must still come out. */
static int kept[3];

static void
close_all(void)
{
	int fd;

	for (fd = 0; fd < 3; fd++) {
		kept[fd] = fcntl(fd, F_DUPFD_CLOEXEC, 10);
		close(fd);
	}
}

static void
give_back(void)
{
	int fd;

	for (fd = 0; fd < 3; fd++) {
		if (kept[fd] >= 0)
			dup2(kept[fd], fd);
	}
}

START_TEST(closed_ones_are_taken_and_stay_useless)
{
	int next, reads, writes, complaints;
	char byte = 'x';

	close_all();
	start_afresh();
	next = open("/dev/null", O_RDONLY);
	reads = (int)read(0, &byte, 1);
	writes = (int)write(1, &byte, 1);
	complaints = (int)write(2, &byte, 1);
	close(next);
	give_back();
	ck_assert_int_gt(next, 2);
	ck_assert_int_eq(reads, -1);
	ck_assert_int_eq(writes, -1);
	ck_assert_int_eq(complaints, -1);
}
END_TEST

START_TEST(open_ones_are_left_alone)
{
	int line[2], copy = dup(1);
	char byte = 0;

	ck_assert_int_eq(pipe(line), 0);
	dup2(line[1], 1);
	start_afresh();
	ck_assert_int_eq((int)write(1, "y", 1), 1);
	dup2(copy, 1);
	ck_assert_int_eq((int)read(line[0], &byte, 1), 1);
	ck_assert_int_eq(byte, 'y');
}
END_TEST

START_TEST(what_was_blocked_is_heard)
{
	sigset_t all, now;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	start_afresh();
	sigprocmask(SIG_SETMASK, NULL, &now);
	ck_assert_int_eq(sigismember(&now, SIGTERM), 0);
	ck_assert_int_eq(sigismember(&now, SIGCHLD), 0);
}
END_TEST

int
main(void)
{
	return suite_run("start", closed_ones_are_taken_and_stay_useless,
	    open_ones_are_left_alone, what_was_blocked_is_heard, NULL);
}
