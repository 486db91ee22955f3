/* SPDX-License-Identifier: MIT */
/*
 * gcsweep apply: goes on with the plan in a file.  Bucket, root and rules are the
 * plan's; a target that is given must be the same.  The registry is marked again,
 * so what became live since stays, and the file hears what becomes of each row:
 * whenever this ends, it may be run again.
 */
#include <string.h>

#include "src/base/loop.h"
#include "src/base/mem.h"
#include "src/cli/applied.h"
#include "src/cli/commands.h"
#include "src/cli/confirm.h"
#include "src/cli/output.h"
#include "src/cli/run.h"
#include "src/registry/plan_file.h"

/* Is it the plan's bucket, and is the plan young enough?  By our own clock,
 * before the bucket is asked anything. */
static int
check_head(const struct run *r, struct err *err)
{
	struct plan_head here = {
		.bucket = r->target->bucket,
		.root = r->target->root,
		.endpoint = r->login.where.base,
		.is_emulator = r->login.where.is_emulator,
	};

	return plan_head_check(plan_file_head(r->plan), &here,
	    loop_wall(r->loop), r->opts->max_plan_age_us, err);
}

static enum status
apply(struct run *r)
{
	struct err err = ERR_INIT;

	if (run_open(r, &err) != 0 || check_head(r, &err) != 0 ||
	    run_plan(r, &err) != 0 || confirm(r, &err) != 0 ||
	    run_sweep(r, &err) != 0)
		return run_fail(r, &err);
	return run_end(r);
}

/* Nobody need be asked anything. */
static enum status
tell_complete(const struct run *r)
{
	if (r->opts->quiet)
		return STATUS_OK;
	if (r->opts->json) {
		applied_print_json(r->plan_path, r->plan);
	} else {
		applied_print(r->plan);
		puts("nothing left to do");
	}
	return STATUS_OK;
}

/* The operands: FILE, and perhaps a target.  *t is to be released. */
static int
parse_operands(struct run *r, struct target *t, int argc, char **argv,
    struct err *err)
{
	const struct plan_head *head;

	if (argc < 2)
		return err_set(err, ERR_USAGE,
		    "apply needs a plan: a file that gcsweep plan --output "
		    "wrote");
	r->plan_path = argv[1];
	if (argc > 2) {
		argv[1] = argv[0];
		if (target_parse(t, argc - 1, argv + 1, err) != 0)
			return -1;
	}
	if ((r->plan = plan_file_open(r->plan_path, false, err)) == NULL)
		return -1;
	head = plan_file_head(r->plan);
	if (argc == 2) {
		t->bucket = mem_strdup(head->bucket);
		t->root = mem_strdup(head->root);
	}
	return 0;
}

enum status
cmd_apply(const struct options *opts, int argc, char **argv)
{
	struct target target = { 0 };
	struct run run = {
		.command = argv[0],
		.opts = opts,
		.target = &target,
	};
	struct err err = ERR_INIT;
	enum status status;

	if (run_check_options(opts, &err) != 0 ||
	    parse_operands(&run, &target, argc, argv, &err) != 0) {
		output_error(&err, opts->json);
		status = status_of(err.code);
	} else if (argc == 2 && applied_is_complete(run.plan)) {
		status = tell_complete(&run);
		plan_file_close(run.plan);
	} else {
		status = apply(&run);
		run_close(&run);
	}
	target_release(&target);
	return status;
}
