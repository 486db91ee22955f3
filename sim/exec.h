/* SPDX-License-Identifier: MIT */
/*
 * A command that has the simulator to itself for as long as it runs: for test
 * suites and CI, where nobody wants to wait for a port and clean up after.
 */
#ifndef SIM_EXEC_H
#define SIM_EXEC_H

#include "src/base/err.h"

struct server;

enum {
	EXEC_CANNOT = 126,   /* the command is there and cannot be run */
	EXEC_NOT_FOUND = 127 /* there is no such command */
};

/* Runs argv (NULL-terminated) with STORAGE_EMULATOR_HOST set, and serves until
 * it ends.  *status is what to exit with: the command's own exit status, or
 * 128 + the signal that killed it; when it could not be started (-1, *err), one
 * of those above, or 0. */
int exec_run(struct server *s, char **argv, int *status,
    struct err *err) MUST_CHECK;

#endif
