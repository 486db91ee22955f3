/* SPDX-License-Identifier: MIT */
/*
 * gcsweep gc: mark, plan, ask, sweep, report.  Its first line says where it
 * works, and as whom.
 */
#include <stddef.h>

#include "src/cli/commands.h"
#include "src/cli/confirm.h"
#include "src/cli/run.h"

static enum status
collect(struct run *r, const void *arg)
{
	struct err err = ERR_INIT;

	(void)arg;
	if (run_open(r, &err) != 0 || run_plan(r, &err) != 0 ||
	    confirm(r, &err) != 0 || run_sweep(r, &err) != 0)
		return run_fail(r, &err);
	return run_end(r);
}

enum status
cmd_gc(const struct options *opts, int argc, char **argv)
{
	struct run run = { .opts = opts };

	return run_story(&run, argc, argv, collect, NULL);
}
