/* SPDX-License-Identifier: MIT */
/*
 * A session with a registry, from the options to the exit status.  What each
 * command that reads one is made of:
 *
 *	run_open -> run_mark                                    -> run_close
 *	         -> run_plan -> run_sweep             -> run_end -> run_close
 *	         -> run_plan -> confirm -> run_sweep  -> run_end -> run_close
 *
 * Each step says what people see of it: the first line, progress, damage, the
 * totals.  One that answers -1 is followed by run_fail and run_close.
 */
#ifndef CLI_RUN_H
#define CLI_RUN_H

#include <stdbool.h>

#include "src/base/err.h"
#include "src/cli/gc_run.h"
#include "src/cli/known.h"
#include "src/cli/login.h"
#include "src/cli/options.h"
#include "src/cli/progress.h"
#include "src/cli/result_file.h"
#include "src/cli/signals.h"
#include "src/cli/stack.h"
#include "src/cli/status.h"
#include "src/cli/target.h"
#include "src/registry/gc.h"

struct plan_file;

struct run {
	/* The command's, before run_open; borrowed until run_close. */
	const char *command; /* as it was typed */
	const struct options *opts;
	const struct target *target;
	bool is_reader;    /* it can delete nothing, whatever the options */
	bool is_query;     /* and only asks: see mark_opts.is_query */
	bool is_cut_short; /* the sweep, by what ended it */

	/* Of apply, before run_open: the plan that it goes on with.  Of others,
	 * after: that of --output, or NULL. */
	const char *plan_path;
	struct plan_file *plan; /* the run's */

	struct loop *loop;
	struct signals signals;
	struct progress progress;
	struct result_file hgrm;
	struct result_file metrics;
	struct stack stack;
	struct gc gc;
	struct known known;
	struct login login;
	struct gc_run report; /* what is told */
};

/* Options of a command that marks which the others leave without a use. */
int run_check_options(const struct options *opts, struct err *err) MUST_CHECK;

/* Logs in and opens the way there; nothing is asked of the bucket.  *r is
 * pointed at from now on, and may not move. */
int run_open(struct run *r, struct err *err) MUST_CHECK;

/* The first line, and the mark. */
int run_mark(struct run *r, struct err *err) MUST_CHECK;

/* The same; then the plan and its guards, and the plan's file: a new one is
 * written, and what apply goes on with is what its file and the mark both say
 * may go. */
int run_plan(struct run *r, struct err *err) MUST_CHECK;

/* Does what was planned, and reports it; even a sweep that stopped half-way has
 * its report. */
int run_sweep(struct run *r, struct err *err) MUST_CHECK;

/* The sweep has ended; whatever comes now, its report stands. */
enum status run_end(struct run *r);

/* Something came before the end: says what, and answers the exit status. */
enum status run_fail(struct run *r, const struct err *err);

/* ERR_CANCELLED, "interrupted <when>". */
int run_interrupted(const struct run *r, const char *when, struct err *err);

/* Also of a run that could not be opened.  Signals do nothing from here on: the
 * status is decided. */
void run_close(struct run *r);

/* A command's steps, from run_open to run_end or run_fail. */
typedef enum status run_story_fn(struct run *r, const void *arg);

/* A command from its operands, which name a registry, to its status.  Of *r opts
 * and what the command is are set; the rest comes from here, and is closed. */
enum status run_story(struct run *r, int argc, char **argv, run_story_fn *story,
    const void *arg);

#endif
