/* SPDX-License-Identifier: MIT */
/*
 * What a run says on standard error while it works, read from the structs that
 * live anyway.  Two ways: a bar of three lines (list, mark, sweep) that is
 * redrawn in place, or plain lines, one when a phase ends and one every so
 * often.  SIGUSR1 prints a plain line at once, also when there is no progress.
 *
 * Whoever else wants to print calls progress_end first.
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdio.h>

#include "src/base/loop.h"
#include "src/cli/progress_line.h"

struct gc;
struct storage;
struct tally;

/* As the option's choices. */
enum progress_mode {
	PROGRESS_AUTO,
	PROGRESS_BAR,
	PROGRESS_PLAIN,
	PROGRESS_NONE
};

enum progress_phase { PROGRESS_LIST, PROGRESS_MARK, PROGRESS_SWEEP };

enum { PROGRESS_PHASES = PROGRESS_SWEEP + 1, PROGRESS_WHY_MAX = 64 };

struct progress_opts {
	enum progress_mode mode; /* not PROGRESS_AUTO */
	uint64_t every_us;       /* between plain lines */
	FILE *out;
	const struct gc *gc;
	const struct tally *tally;
	const struct storage *driver; /* of gcs_open; NULL: tally tells all */
	bool tells_pace;  /* the driver's, once a second and whenever it has
			    another reason */
	const bool *stop; /* the run's; says once that it is ending */
};

struct progress {
	struct progress_opts opts;
	struct loop *loop;
	struct loop_timer tick;
	bool is_on;                 /* between begin and end */
	enum progress_phase latest; /* that has begun */
	struct progress_line lines[PROGRESS_PHASES];
	uint64_t began_us[PROGRESS_PHASES];
	uint64_t next_plain_us;
	uint64_t next_pace_us;
	bool is_outage;             /* as told */
	char why[PROGRESS_WHY_MAX]; /* the pace's, as told last */
	bool has_drawn;             /* the bar is on the screen */
	bool has_told;              /* that it is stopping */
};

/* A bar where one can be drawn, plain lines where not, nothing when quiet. */
enum progress_mode progress_choose(enum progress_mode wanted, bool is_quiet);

/* What opts points to is borrowed; all times are loop's. */
void progress_init(struct progress *p, struct loop *loop,
    const struct progress_opts *opts);

/* Of a zeroed struct, too. */
void progress_release(struct progress *p);

/* PROGRESS_LIST: listing and marking; PROGRESS_SWEEP: sweeping. */
void progress_begin(struct progress *p, enum progress_phase phase);

/* The screen is free: no bar, the cursor at the start of a line. */
void progress_end(struct progress *p);

#endif
