/* SPDX-License-Identifier: MIT */
/*
 * gcsweep plan: all of gc but what changes anything, whatever the options and
 * the environment say.  With --output the plan is kept for show and apply.
 */
#include "src/cli/commands.h"
#include "src/cli/output.h"
#include "src/cli/run.h"

static enum status
plan(struct run *r)
{
	struct err err = ERR_INIT;

	if (run_open(r, &err) != 0 || run_plan(r, &err) != 0 ||
	    run_sweep(r, &err) != 0)
		return run_fail(r, &err);
	return run_end(r);
}

enum status
cmd_plan(const struct options *opts, int argc, char **argv)
{
	struct target target;
	struct run run = {
		.command = argv[0],
		.opts = opts,
		.target = &target,
		.is_reader = true,
	};
	struct err err = ERR_INIT;
	enum status status;

	if (run_check_options(opts, &err) != 0 ||
	    target_parse(&target, argc, argv, &err) != 0) {
		output_error(&err, opts->json);
		return status_of(err.code);
	}
	status = plan(&run);
	run_close(&run);
	target_release(&target);
	return status;
}
