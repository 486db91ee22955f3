/* SPDX-License-Identifier: MIT */
/*
 * The part of a run that makes, from the options, what it works with: the
 * collection, the login, the store, the progress.  Widths and paces are decided
 * here.
 */
#include "src/cli/run.h"

#include <stdio.h>

#include "src/base/loop.h"
#include "src/cli/output.h"
#include "src/registry/plan_file.h"

/* Connections that are worth a word when nobody asked for a number. */
enum { FEW = 100 };

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

	return width_of(opts->max_connections, sweep > mark ? sweep : mark);
}

/* --rate says it; where nobody did, -j auto looks for the rate by itself, and a
 * number leaves it to the first 429. */
static enum pace_mode
pace_of(const struct options *opts)
{
	if (opts->rate == 0)
		return PACE_OFF;
	if (opts->rate != OPT_AUTO)
		return PACE_CEILING;
	return opts->concurrency == OPT_AUTO ||
		opt_is_spoken(&opts->said, "rate")
	    ? PACE_AUTO
	    : PACE_OFF;
}

/* The first token comes before all else: who has none hears that, and not that
 * a listing failed. */
static int
log_in(struct run *r, struct err *err)
{
	const bool *stop = &r->signals.is_stopping;
	const char *line;

	if (login_choose(&r->login, r->opts, r->target, err) != 0 ||
	    login_find(&r->login, r->loop, false, err) != 0)
		return -1;
	if (login_wait(&r->login, r->loop, stop, &line, err) == 0)
		return 0;
	return r->signals.is_stopping
	    ? run_interrupted(r, "before anything was asked", err)
	    : -1;
}

/* Fewer than a person asked for, or than anybody would want: it takes longer,
 * and he should know why. */
static void
tell_connections(const struct run *r)
{
	const struct options *opts = r->opts;
	unsigned asked = connections_of(opts), got = r->stack.connections;
	bool is_asked = opts->concurrency != OPT_AUTO ||
	    opts->max_connections != OPT_AUTO;
	char text[160];

	if (opts->quiet || got >= asked || (!is_asked && got >= FEW))
		return;
	snprintf(text, sizeof(text),
	    "%u connection%s at most and not %u, as no more files may be open; "
	    "ulimit -n raises that",
	    got, output_plural(got), asked);
	output_warning(text);
}

/* An automatic width is no wider than the connections that the limit of open
 * files allows. */
static int
open_stack(struct run *r, struct err *err)
{
	const struct options *opts = r->opts;
	struct stack_opts stack_opts = {
		.endpoint = r->login.where.base,
		.bucket = r->target->bucket,
		.delete_under = r->gc.mark.inv.paths.prefix,
		.connections = connections_of(opts),
		.seed = opts->seed,
		.tokens = r->login.tokens,
		.quota_project = login_quota_project(&r->login),
		.ca_file = opts->ca_file,
		.pace = pace_of(opts),
		.rate = opts->rate,
		.is_dry_run = r->report.is_dry,
	};

	if (stack_open(&r->stack, r->loop, &stack_opts, err) != 0)
		return -1;
	r->signals.store = r->stack.store;
	r->signals.driver = r->stack.driver;
	tell_connections(r);
	if (opts->concurrency == OPT_AUTO &&
	    r->stack.connections < r->gc.opts.sweep.width)
		r->gc.opts.sweep.width = r->stack.connections;
	return 0;
}

static int
open_gc(struct run *r, struct err *err)
{
	const struct options *opts = r->opts;
	struct gc_opts gc_opts = {
		.root = r->target->root,
		.mark = {
			.delete_untagged = opts->delete_untagged,
			.is_query = r->is_query,
			.width = (unsigned)opts->mark_width,
			.min_age_us = opts->min_age_us,
			.stop = &r->signals.is_stopping,
		},
		.sweep = {
			/* A dry run lists nothing for deletes it does not
			 * send. */
			.strategy = r->report.is_dry
			    ? SWEEP_DELETE
			    : (enum sweep_strategy)opts->strategy,
			.width = width_of(opts->concurrency, AUTO_WIDTH),
			.seed = opts->seed,
			.stop = &r->signals.is_stopping,
		},
		.guards = {
			.allow_empty_mark = opts->allow_empty_mark,
			.allow_missing = opts->allow_missing,
			.max_delete = opts->max_delete,
			.max_skew_us = opts->max_skew_us,
		},
	};

	if (r->plan != NULL) {
		const struct plan_head *rules = plan_file_head(r->plan);

		gc_opts.mark.delete_untagged = rules->delete_untagged;
		gc_opts.mark.min_age_us = rules->min_age_us;
	}
	return gc_init(&r->gc, &gc_opts, err);
}

/* Nobody should learn after the mark that the plan cannot be written. */
static int
open_plan(struct run *r, struct err *err)
{
	const char *path = r->opts->output;

	if (r->plan != NULL || path == NULL)
		return 0;
	if (path[0] == '\0')
		return err_set(err, ERR_USAGE, "--output needs a file's name");
	r->report.plan_path = r->plan_path = path;
	r->plan = plan_file_create(path, err);
	return r->plan != NULL ? 0 : -1;
}

/* A plan's file is the cache where there is no other: what was read to make it
 * need not be read to apply it. */
static int
open_known(struct run *r, struct err *err)
{
	return known_open(&r->known, r->opts,
	    r->plan != NULL ? plan_file_path(r->plan) : NULL, &r->gc.opts.mark,
	    err);
}

static int
open_results(struct run *r, struct err *err)
{
	if (result_file_open(&r->metrics, "metrics", r->opts->metrics, err) !=
	    0)
		return -1;
	return result_file_open(&r->hgrm, "hgrm", r->opts->hgrm, err);
}

static void
open_progress(struct run *r)
{
	const struct options *opts = r->opts;
	struct progress_opts progress = {
		.mode = progress_choose((enum progress_mode)opts->progress,
		    opts->quiet),
		.every_us = opts->progress_every_us,
		.out = stderr,
		.gc = &r->gc,
		.stop = &r->signals.is_stopping,
		.tally = stack_tally(&r->stack),
		.driver = r->stack.driver,
		.tells_pace = opts->verbose,
	};

	progress_init(&r->progress, r->loop, &progress);
}

int
run_open(struct run *r, struct err *err)
{
	r->report = (struct gc_run){
		.command = r->command,
		.opts = r->opts,
		.target = r->target,
		.login = &r->login,
		.gc = &r->gc,
		.plan_path = r->plan_path,
		.resumed = r->plan,
		.is_dry = r->is_reader || r->opts->dry_run,
		.is_query = r->is_query,
	};
	r->hgrm = r->metrics = RESULT_FILE_NONE;
	r->loop = loop_new(LOOP_REAL);
	signals_init(&r->signals, r->loop);
	if (r->opts->require_readonly &&
	    target_check_readonly(r->target, err) != 0)
		return -1;
	if (open_gc(r, err) != 0 || open_results(r, err) != 0 ||
	    open_plan(r, err) != 0 || open_known(r, err) != 0 ||
	    log_in(r, err) != 0 || open_stack(r, err) != 0)
		return -1;
	open_progress(r);
	return 0;
}

void
run_close(struct run *r)
{
	signals_hold();
	progress_release(&r->progress);
	result_file_release(&r->hgrm);
	result_file_release(&r->metrics);
	stack_close(&r->stack);
	login_release(&r->login);
	known_close(&r->known, &r->gc.opts.mark, r->opts->quiet);
	gc_release(&r->gc);
	plan_file_close(r->plan);
	signals_release(&r->signals);
	loop_free(r->loop);
}
