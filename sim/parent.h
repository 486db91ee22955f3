/* SPDX-License-Identifier: MIT */
/*
 * Watches a process that is not our child: the test harness for which a
 * simulator runs, and which may be killed before it can clean up.
 */
#ifndef SIM_PARENT_H
#define SIM_PARENT_H

#include <sys/types.h>

#include "src/base/err.h"
#include "src/base/loop.h"

struct event;

struct parent {
	pid_t pid;
	int fd; /* a pidfd; -1: the timer looks */
	struct event *event;
	struct loop_timer look;
	void (*on_gone)(void *arg);
	void *arg;
};

/* Calls on_gone(arg) from the loop, once, when the process has ended.  -1 when
 * there is no such process now. */
int parent_watch(struct parent *p, struct loop *loop, pid_t pid,
    void (*on_gone)(void *arg), void *arg, struct err *err) MUST_CHECK;

/* A zeroed struct is fine. */
void parent_release(struct parent *p);

#endif
