/* SPDX-License-Identifier: MIT */
/*
 * gcsweep plan: all of gc but what changes anything, whatever the options and
 * the environment say.  With --output the plan is kept for show and apply.
 */
#include <stddef.h>

#include "src/cli/commands.h"
#include "src/cli/run.h"

static enum status
plan(struct run *r, const void *arg)
{
	struct err err = ERR_INIT;

	(void)arg;
	if (run_open(r, &err) != 0 || run_plan(r, &err) != 0 ||
	    run_sweep(r, &err) != 0)
		return run_fail(r, &err);
	return run_end(r);
}

enum status
cmd_plan(const struct options *opts, int argc, char **argv)
{
	struct run run = { .opts = opts, .is_reader = true };

	return run_story(&run, argc, argv, plan, NULL);
}
