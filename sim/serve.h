/* SPDX-License-Identifier: MIT */
/*
 * The simulator as a process runs it: a loop, the simulator on it, the port
 * file, and an end that lets what is in flight leave first.
 */
#ifndef SIM_SERVE_H
#define SIM_SERVE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>

#include "sim/sim.h"
#include "sim/parent.h"
#include "src/base/loop.h"

struct buf;
struct settings;

struct server {
	struct loop *loop;
	struct sim *sim;
	struct sim_opts opts;
	struct rlimit files; /* before the simulator raised the limit */
	struct parent parent;
	struct loop_timer look; /* is it drained? */
	uint64_t stop_by;       /* 0: not draining */
	bool hears;             /* server_hear was called */
	struct err failure;     /* of the data file */
};

/* Starts the simulator: from here on requests are taken, and answered when the
 * loop turns.  on_warning hears of what the simulator survives.  server_close
 * in any case. */
int server_open(struct server *s, const struct settings *set,
    void (*on_warning)(void *arg, const char *text),
    struct err *err) MUST_CHECK;
void server_close(struct server *s);

/* From here on SIGTERM and SIGINT end server_run.  To be called before anybody
 * is told that we are there. */
void server_hear(struct server *s);

/* Writes the port files that are wanted. */
int server_write_port(const struct server *s, const struct settings *set,
    struct err *err) MUST_CHECK;

/* Adds "gcs-sim ready URL (...)", without a line break. */
void server_add_ready(const struct server *s, struct buf *line);

/* Serves until it is to end, and at most five seconds longer while
 * answers are in flight; a second signal ends it at once.  -1 also when the
 * data file failed. */
int server_run(struct server *s, struct err *err) MUST_CHECK;

/* -1 and why when the data file failed, in whatever way the end came. */
int server_check(const struct server *s, struct err *err) MUST_CHECK;

#endif
