/* SPDX-License-Identifier: MIT */
/*
 * The steps of a session, in their order.  What a signal means between any two
 * of them is decided here; how what they work with is made, in run_open.c.
 */
#include "src/cli/run.h"

#include <inttypes.h>
#include <stdio.h>

#include "config.h"
#include "src/base/buf.h"
#include "src/base/hist.h"
#include "src/base/loop.h"
#include "src/cli/gc_report.h"
#include "src/cli/metrics.h"
#include "src/cli/output.h"
#include "src/cli/target.h"
#include "src/registry/plan_file.h"

/* What is in flight when a signal stops the sweep may settle for so long: well
 * within the 30 s that Kubernetes waits between TERM and KILL. */
enum { DRAIN_US = 10000000 };

/* The text of a histogram has a few hundred lines at most; microseconds in,
 * milliseconds out. */
enum { HGRM_MAX = 1024 * 1024, HGRM_UNIT = 1000 };

/* They are no rivals, of which the stronger source holds: a dry run that the
 * environment asks for must not become one that deletes. */
int
run_check_options(const struct options *opts, struct err *err)
{
	enum progress_mode mode =
	    progress_choose((enum progress_mode)opts->progress, opts->quiet);

	if (opts->dry_run &&
	    opt_refuse(&opts->said, "hgrm",
		"times deletes, and a dry run sends none", err) != 0)
		return -1;
	if (mode == PROGRESS_NONE || opts->progress == PROGRESS_BAR)
		return opt_refuse(&opts->said, "progress-every",
		    "is for plain lines of progress, and none are asked for",
		    err);
	return 0;
}

int
run_interrupted(const struct run *r, const char *when, struct err *err)
{
	return err_set(err, ERR_CANCELLED, "interrupted %s%s", when,
	    r->is_reader ? "" : "; nothing was deleted");
}

/* --- mark and plan --- */

/* Whoever never got a page of an emulator most likely forgot to start it, or
 * names the port of one that has ended. */
static int
not_read(const struct run *r, struct err *err)
{
	const char *nothing = r->is_reader ? "" : "nothing was deleted: ";
	struct err why = *err;

	if (why.code == ERR_NET && r->gc.mark.pages.done == 0 &&
	    r->login.where.is_emulator)
		return err_set(err, why.code,
		    "%s%s; does an emulator run there?", nothing, why.text);
	return err_set(err, why.code, "%s%s", nothing, why.text);
}

static int
mark_only(struct run *r, struct err *err)
{
	return mark_run(&r->gc.mark, r->stack.store, &r->gc.opts.mark, err);
}

static int
plan_it(struct run *r, struct err *err)
{
	return r->report.resumed != NULL
	    ? gc_resume(&r->gc, r->stack.store, r->plan, err)
	    : gc_plan(&r->gc, r->stack.store, err);
}

static int
read_registry(struct run *r, int (*read)(struct run *r, struct err *err),
    struct err *err)
{
	int rc;

	gc_report_start(&r->report);
	fflush(stdout); /* whoever stops us should know where it pointed */
	progress_begin(&r->progress, PROGRESS_LIST);
	r->gc.opts.guards.wall_us = loop_wall(r->loop);
	rc = read(r, err);
	progress_end(&r->progress);
	known_close(&r->known, &r->gc.opts.mark, r->opts->quiet);
	r->report.mark = *stack_tally(&r->stack);
	r->report.mark_latency = figures_of(stack_latency(&r->stack));
	gc_report_damage(&r->report);
	if (signals_look(&r->signals))
		return run_interrupted(r, "while marking", err);
	return rc == 0 ? 0 : not_read(r, err);
}

int
run_mark(struct run *r, struct err *err)
{
	return read_registry(r, mark_only, err);
}

/* By the server's clock, as far as it tells it. */
static int
store_plan(struct run *r, struct err *err)
{
	const struct where *w = &r->login.where;
	struct plan_head head = {
		.version = PACKAGE_VERSION,
		.bucket = r->target->bucket,
		.root = r->target->root,
		.endpoint = w->base,
		.is_emulator = w->is_emulator,
		.created_us = r->gc.mark.server_us != 0 ? r->gc.mark.server_us
							: loop_wall(r->loop),
	};

	return gc_store(&r->gc, r->plan, &head, err);
}

int
run_plan(struct run *r, struct err *err)
{
	if (read_registry(r, plan_it, err) != 0 ||
	    (r->plan != NULL && r->report.resumed == NULL &&
		store_plan(r, err) != 0))
		return -1;
	if (r->report.is_dry) /* it has nothing to tell the file */
		r->gc.opts.sweep.file = NULL;
	r->report.is_planned = true;
	gc_report_plan(&r->report);
	return 0;
}

/* --- sweep --- */

int
run_sweep(struct run *r, struct err *err)
{
	struct gc_run *report = &r->report;
	uint64_t victims = plan_count(&r->gc.plan);
	int rc;

	if (signals_look(&r->signals))
		return run_interrupted(r, "before the sweep", err);
	stack_reset(&r->stack);
	r->signals.drain_us = DRAIN_US;
	stack_expect(&r->stack,
	    sweep_formula(r->gc.opts.sweep.strategy, victims));
	if (!report->is_dry && victims > 0)
		progress_begin(&r->progress, PROGRESS_SWEEP);
	rc = gc_sweep(&r->gc, r->stack.store, err);
	progress_end(&r->progress);
	report->sweep = *stack_tally(&r->stack);
	report->sweep_latency = figures_of(stack_latency(&r->stack));
	report->is_interrupted = r->signals.is_stopping;
	r->is_cut_short = rc != 0;
	stack_status(&r->stack, &report->status);
	gc_report_end(report);
	return rc;
}

/* --- the end --- */

static enum status
status_of_run(const struct gc_run *run)
{
	if (!gc_run_is_audited(run))
		return STATUS_AUDIT;
	if (run->gc->report.failed > 0)
		return STATUS_FAILED;
	return run->gc->mark.damages.n > 0 ? STATUS_DAMAGED : STATUS_OK;
}

static enum status
end_interrupted(const struct run *r)
{
	enum status status = (enum status)(STATUS_SIGNAL + r->signals.signo);
	const char *name = signals_name(r->signals.signo);
	struct err err;

	if (gc_run_is_all_done(&r->report))
		err_set(&err, ERR_CANCELLED,
		    "interrupted by %s, when all was done", name);
	else
		err_set(&err, ERR_CANCELLED,
		    "interrupted by %s: %" PRIu64 " of %" PRIu64
		    " objects not tried; run again",
		    name, r->gc.report.not_tried, plan_count(&r->gc.plan));
	output_error_as(&err, status, r->opts->json);
	return status;
}

static int
write_hgrm(struct run *r, struct err *err)
{
	struct buf text;
	int rc;

	buf_init(&text, HGRM_MAX);
	hist_format_hgrm(stack_latency(&r->stack), HGRM_UNIT, &text);
	rc = result_file_write(&r->hgrm, &text, err);
	buf_release(&text);
	return rc;
}

/* What tells of the run could not be written; the run stands. */
static enum status
tell_unwritten(const struct run *r, enum status status, struct err *err)
{
	err_wrap(err, "the run has ended, but");
	if (status == STATUS_OK || status == STATUS_DAMAGED)
		status = STATUS_FAILED;
	output_error_as(err, status, r->opts->json);
	return status;
}

static enum status
write_metrics(struct run *r, enum status status)
{
	struct err err;

	return metrics_write(&r->metrics, &r->report, status,
		   loop_wall(r->loop), &err) == 0
	    ? status
	    : tell_unwritten(r, status, &err);
}

enum status
run_end(struct run *r)
{
	enum status status = status_of_run(&r->report);
	struct err err;

	if (write_hgrm(r, &err) != 0)
		status = tell_unwritten(r, status, &err);
	if (r->report.is_interrupted && status != STATUS_AUDIT)
		status = end_interrupted(r);
	return write_metrics(r, status);
}

/* A plan's file that could not be written ends a sweep of which some was done:
 * that is no fault of the command line's, and another run goes on. */
static enum status
status_of_failure(const struct run *r, const struct err *err)
{
	if (err->code == ERR_CANCELLED && r->signals.signo != 0)
		return (enum status)(STATUS_SIGNAL + r->signals.signo);
	if (r->is_cut_short && err->code != ERR_REFUSED)
		return STATUS_FAILED;
	return status_of(err->code);
}

enum status
run_fail(struct run *r, const struct err *err)
{
	enum status status = status_of_failure(r, err);

	output_error_as(err, status, r->opts->json);
	return write_metrics(r, status);
}

enum status
run_story(struct run *r, int argc, char **argv, run_story_fn *story,
    const void *arg)
{
	struct target target;
	struct err err = ERR_INIT;
	enum status status;

	if (run_check_options(r->opts, &err) != 0 ||
	    target_parse(&target, argc, argv, &err) != 0) {
		output_error(&err, r->opts->json);
		return status_of(err.code);
	}
	r->command = argv[0];
	r->target = &target;
	status = story(r, arg);
	run_close(r);
	target_release(&target);
	return status;
}
