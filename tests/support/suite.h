/* SPDX-License-Identifier: MIT */
/*
 * One Check suite as one program that speaks TAP to automake's driver.  A test
 * file is a list of START_TESTs and
 *
 *	int
 *	main(void)
 *	{
 *		return suite_run("buf", test_grows, test_stops_at_max, NULL);
 *	}
 */
#ifndef TESTS_SUPPORT_SUITE_H
#define TESTS_SUPPORT_SUITE_H

#include <check.h>

/* Check writes down where each assertion held, by a system call, to tell where a
 * test crashed.  One in a long loop is written down this often and no more: of a
 * crash after that the sanitizers tell. */
enum { SUITE_MARKS = 64 };

#define _mark_point(file, line)                    \
	__extension__({                            \
		static unsigned marks;             \
                                                   \
		if (marks < SUITE_MARKS) {         \
			marks++;                   \
			(_mark_point)(file, line); \
		}                                  \
	})

/* Runs the tests (ended by NULL); answers the exit status for main.  Each gets
 * SUITE_TIMEOUT seconds, a guard against hangs and never a measurement. */
enum { SUITE_TIMEOUT = 240 };

int suite_run(const char *name, const TTest *first, ...)
    __attribute__((sentinel));

/* An absolute path below the source tree, for fixtures; static storage. */
const char *suite_source(const char *relative);

#endif
