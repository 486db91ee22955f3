/* SPDX-License-Identifier: MIT */
/*
 * gcsweep gc: plan, ask, sweep, report.  Until real credentials exist it talks
 * to emulators only, and says so in its first line.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "src/base/loop.h"
#include "src/base/str.h"
#include "src/cli/commands.h"
#include "src/cli/gc_report.h"
#include "src/cli/output.h"
#include "src/cli/stack.h"
#include "src/cli/target.h"
#include "src/net/url.h"

/* What "auto" asks for; the limit of open files may allow less. */
enum { AUTO_WIDTH = 1000 };

static unsigned
width_of(uint64_t wanted, uint64_t otherwise)
{
	return (unsigned)(wanted == OPT_AUTO ? otherwise : wanted);
}

/* As many connections as will ever be in flight. */
static unsigned
connections_of(const struct options *opts)
{
	unsigned sweep = width_of(opts->concurrency, AUTO_WIDTH);
	unsigned mark = (unsigned)opts->mark_width;

	return width_of(opts->connections, sweep > mark ? sweep : mark);
}

static bool
is_typed(const char *want)
{
	char line[256];

	if (fgets(line, sizeof(line), stdin) == NULL)
		return false;
	line[strcspn(line, "\r\n")] = '\0';
	return strcmp(line, want) == 0;
}

/* The last word is the operator's.  On a terminal he types the bucket's name;
 * off one, --yes; upstream's name for the command never asks off a terminal. */
static int
confirm(const struct gc_run *run, const char *command, struct err *err)
{
	uint64_t n = plan_count(&run->gc->plan);
	char size[STR_SIZE_MAX];

	if (n == 0 || run->opts->dry_run || run->opts->yes)
		return 0;
	if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO)) {
		if (strcmp(command, "garbage-collect") == 0)
			return 0;
		return err_set(err, ERR_REFUSED,
		    "%" PRIu64 " object%s would be deleted from gs://%s, and "
		    "there is no terminal to ask: say --yes, or --dry-run",
		    n, output_plural(n), run->target->bucket);
	}
	fflush(stdout);
	fprintf(stderr,
	    "Delete %" PRIu64 " object%s (%s) from gs://%s? "
	    "Type the bucket's name: ",
	    n, output_plural(n), str_format_size(size, run->gc->plan.bytes),
	    run->target->bucket);
	if (!is_typed(run->target->bucket))
		return err_set(err, ERR_REFUSED, "not confirmed");
	return 0;
}

static int
collect(struct gc_run *run, struct gc *gc, struct stack *st,
    const char *command, struct err *err)
{
	int rc;

	gc_report_start(run);
	fflush(stdout); /* whoever stops us should know where it pointed */
	rc = gc_plan(gc, st->store, err);
	gc_report_damage(run);
	if (rc != 0)
		return err_wrap(err, "nothing was deleted");
	run->mark = *stack_tally(st);
	stack_reset(st);
	gc_report_plan(run);
	if (confirm(run, command, err) != 0)
		return -1;
	rc = gc_sweep(gc, st->store, err);
	run->sweep = *stack_tally(st);
	gc_report_end(run);
	return rc;
}

static enum status
status_of_run(const struct gc_run *run)
{
	if (!gc_report_is_audited(run))
		return STATUS_AUDIT;
	if (run->gc->report.failed > 0)
		return STATUS_FAILED;
	return run->gc->mark.damages.n > 0 ? STATUS_DAMAGED : STATUS_OK;
}

/* Where to; base becomes its normal form. */
static int
find_endpoint(const struct options *opts, char base[URL_BASE_MAX],
    struct err *err)
{
	if (opts->endpoint == NULL)
		return err_set(err, ERR_CONFIG,
		    "no emulator named: gcsweep has no credentials for real "
		    "GCS, so give --endpoint URL or STORAGE_EMULATOR_HOST");
	return url_parse_endpoint(opts->endpoint, base, err);
}

/* An automatic width is no wider than the connections that the limit of open
 * files allows. */
static int
open_stack(struct stack *st, struct loop *loop, const struct gc_run *run,
    struct gc *gc, struct err *err)
{
	struct stack_opts opts = {
		.endpoint = run->endpoint,
		.bucket = run->target->bucket,
		.delete_under = run->gc->mark.inv.paths.prefix,
		.connections = connections_of(run->opts),
		.seed = run->opts->seed,
		.is_dry_run = run->opts->dry_run,
	};

	if (stack_open(st, loop, &opts, err) != 0)
		return -1;
	if (run->opts->concurrency == OPT_AUTO &&
	    st->connections < gc->opts.sweep.width)
		gc->opts.sweep.width = st->connections;
	return 0;
}

static enum status
run_gc(const struct options *opts, const struct target *target,
    const char *command)
{
	struct loop *loop = loop_new(LOOP_REAL);
	struct stack st = { 0 };
	struct err err = ERR_INIT;
	enum status status;
	struct gc gc;
	struct gc_opts gc_opts = {
		.root = target->root,
		.mark = { opts->delete_untagged, (unsigned)opts->mark_width },
		/* A dry run lists nothing for deletes it does not send. */
		.sweep = { opts->dry_run ? SWEEP_DELETE
					 : (enum sweep_strategy)opts->strategy,
		    width_of(opts->concurrency, AUTO_WIDTH) },
		.allow_empty_mark = opts->allow_empty_mark,
	};
	char endpoint[URL_BASE_MAX];
	struct gc_run run = {
		.opts = opts,
		.target = target,
		.endpoint = endpoint,
		.gc = &gc,
	};

	if (gc_init(&gc, &gc_opts, &err) != 0 ||
	    find_endpoint(opts, endpoint, &err) != 0 ||
	    open_stack(&st, loop, &run, &gc, &err) != 0 ||
	    collect(&run, &gc, &st, command, &err) != 0) {
		output_error(&err, opts->json);
		status = status_of(err.code);
	} else {
		status = status_of_run(&run);
	}
	stack_close(&st);
	gc_release(&gc);
	loop_free(loop);
	return status;
}

enum status
cmd_gc(const struct options *opts, int argc, char **argv)
{
	struct target target;
	struct err err = ERR_INIT;
	enum status status;

	if (target_parse(&target, argc, argv, &err) != 0) {
		output_error(&err, opts->json);
		return status_of(err.code);
	}
	status = run_gc(opts, &target, argv[0]);
	target_release(&target);
	return status;
}
