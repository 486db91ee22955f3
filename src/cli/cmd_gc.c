/* SPDX-License-Identifier: MIT */
/*
 * gcsweep gc: log in, plan, ask, sweep, report.  Its first line says where it
 * works, and as whom.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "src/base/loop.h"
#include "src/base/str.h"
#include "src/cli/commands.h"
#include "src/cli/gc_report.h"
#include "src/cli/hgrm.h"
#include "src/cli/login.h"
#include "src/cli/output.h"
#include "src/cli/progress.h"
#include "src/cli/signals.h"
#include "src/cli/stack.h"
#include "src/cli/target.h"

/* Connections that are worth a word when nobody asked for a number. */
enum { FEW = 100 };

/* What "auto" asks for; the limit of open files may allow less. */
enum { AUTO_WIDTH = 1000 };

/* What is in flight when a signal stops the sweep may settle for so long: well
 * within the 30 s that Kubernetes waits between TERM and KILL. */
enum { DRAIN_US = 10000000 };

struct session {
	struct loop *loop;
	struct signals signals;
	struct progress progress;
	struct hgrm hgrm;
	struct stack stack;
	struct gc gc;
	struct login login;
	struct gc_run run;
};

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

/* Ctrl-C at the prompt is a no that ends the wait at once. */
static bool
is_typed(struct signals *signals, const char *want)
{
	char line[256];
	size_t n = 0;
	ssize_t got;

	while (n < sizeof(line) && memchr(line, '\n', n) == NULL) {
		if (!signals_wait(signals, STDIN_FILENO))
			return false;
		got = read(STDIN_FILENO, line + n, sizeof(line) - n);
		if (got == 0 || (got == -1 && errno != EINTR))
			break;
		n += got > 0 ? (size_t)got : 0;
	}
	while (n > 0 && (line[n - 1] == '\n' || line[n - 1] == '\r'))
		n--;
	return str_is(line, n, want);
}

static int
interrupted(const char *when, struct err *err)
{
	return err_set(err, ERR_CANCELLED,
	    "interrupted %s; nothing was deleted", when);
}

/* The last word is the operator's.  On a terminal he types the bucket's name;
 * off one, --yes; upstream's name for the command never asks off a terminal. */
static int
confirm(struct session *s, const char *command, struct err *err)
{
	const struct gc_run *run = &s->run;
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
	if (is_typed(&s->signals, run->target->bucket))
		return 0;
	if (!s->signals.is_stopping)
		return err_set(err, ERR_REFUSED,
		    "not confirmed, and nothing was deleted; type the bucket's "
		    "name, or say --yes");
	fputc('\n', stderr); /* after what was typed so far */
	return interrupted("at the prompt", err);
}

/* Whoever never got a page of an emulator most likely forgot to start it, or
 * names the port of one that has ended. */
static int
not_planned(const struct session *s, struct err *err)
{
	struct err why = *err;

	if (why.code != ERR_NET || s->gc.mark.pages.done > 0 ||
	    !s->login.where.is_emulator)
		return err_wrap(err, "nothing was deleted");
	return err_set(err, why.code,
	    "nothing was deleted: %s; does an emulator run there?", why.text);
}

static int
make_plan(struct session *s, const char *command, struct err *err)
{
	struct gc_run *run = &s->run;
	int rc;

	gc_report_start(run);
	fflush(stdout); /* whoever stops us should know where it pointed */
	progress_begin(&s->progress, PROGRESS_LIST);
	rc = gc_plan(&s->gc, s->stack.store, err);
	progress_end(&s->progress);
	gc_report_damage(run);
	if (signals_look(&s->signals))
		return interrupted("while marking", err);
	if (rc != 0)
		return not_planned(s, err);
	run->mark = *stack_tally(&s->stack);
	run->mark_latency = figures_of(stack_latency(&s->stack));
	gc_report_plan(run);
	if (confirm(s, command, err) != 0)
		return -1;
	if (signals_look(&s->signals))
		return interrupted("before the sweep", err);
	return 0;
}

/* Even a sweep that stopped half-way has its report. */
static int
sweep(struct session *s, struct err *err)
{
	struct gc_run *run = &s->run;
	bool is_shown = !run->opts->dry_run && plan_count(&s->gc.plan) > 0;
	int rc;

	stack_reset(&s->stack);
	s->signals.drain_us = DRAIN_US;
	stack_expect(&s->stack,
	    sweep_formula(s->gc.opts.sweep.strategy, plan_count(&s->gc.plan)));
	if (is_shown)
		progress_begin(&s->progress, PROGRESS_SWEEP);
	rc = gc_sweep(&s->gc, s->stack.store, err);
	progress_end(&s->progress);
	run->sweep = *stack_tally(&s->stack);
	run->sweep_latency = figures_of(stack_latency(&s->stack));
	run->is_interrupted = s->signals.is_stopping;
	stack_status(&s->stack, &run->status);
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
log_in(struct session *s, struct err *err)
{
	const bool *stop = &s->signals.is_stopping;
	const char *line;

	if (login_find(&s->login, s->loop, false, err) != 0)
		return -1;
	if (login_wait(&s->login, s->loop, stop, &line, err) == 0)
		return 0;
	return s->signals.is_stopping
	    ? interrupted("before anything was asked", err)
	    : -1;
}

/* Fewer than a person asked for, or than anybody would want: it takes longer,
 * and he should know why. */
static void
tell_connections(const struct session *s)
{
	const struct options *opts = s->run.opts;
	unsigned asked = connections_of(opts), got = s->stack.connections;
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
open_stack(struct session *s, struct err *err)
{
	const struct options *opts = s->run.opts;
	struct stack_opts stack_opts = {
		.endpoint = s->login.where.base,
		.bucket = s->run.target->bucket,
		.delete_under = s->gc.mark.inv.paths.prefix,
		.connections = connections_of(opts),
		.seed = opts->seed,
		.tokens = s->login.tokens,
		.quota_project = login_quota_project(&s->login),
		.ca_file = opts->ca_file,
		.pace = pace_of(opts),
		.rate = opts->rate,
		.is_dry_run = opts->dry_run,
	};

	if (stack_open(&s->stack, s->loop, &stack_opts, err) != 0)
		return -1;
	s->signals.store = s->stack.store;
	s->signals.driver = s->stack.driver;
	tell_connections(s);
	if (opts->concurrency == OPT_AUTO &&
	    s->stack.connections < s->gc.opts.sweep.width)
		s->gc.opts.sweep.width = s->stack.connections;
	return 0;
}

static int
open_gc(struct session *s, struct err *err)
{
	const struct options *opts = s->run.opts;
	struct gc_opts gc_opts = {
		.root = s->run.target->root,
		.mark = {
			.delete_untagged = opts->delete_untagged,
			.width = (unsigned)opts->mark_width,
			.stop = &s->signals.is_stopping,
		},
		.sweep = {
			/* A dry run lists nothing for deletes it does not
			 * send. */
			.strategy = opts->dry_run
			    ? SWEEP_DELETE
			    : (enum sweep_strategy)opts->strategy,
			.width = width_of(opts->concurrency, AUTO_WIDTH),
			.seed = opts->seed,
			.stop = &s->signals.is_stopping,
		},
		.guards = { .allow_empty_mark = opts->allow_empty_mark },
	};

	return gc_init(&s->gc, &gc_opts, err);
}

static int
open_session(struct session *s, struct err *err)
{
	const struct options *opts = s->run.opts;
	struct progress_opts progress = {
		.mode = progress_choose((enum progress_mode)opts->progress,
		    opts->quiet),
		.every_us = opts->progress_every_us,
		.out = stderr,
		.gc = &s->gc,
		.stop = &s->signals.is_stopping,
	};

	s->loop = loop_new(LOOP_REAL);
	signals_init(&s->signals, s->loop);
	if (open_gc(s, err) != 0 || login_choose(&s->login, opts, err) != 0 ||
	    log_in(s, err) != 0 || open_stack(s, err) != 0 ||
	    hgrm_open(&s->hgrm, opts->hgrm, err) != 0)
		return -1;
	progress.tally = stack_tally(&s->stack);
	progress.driver = s->stack.driver;
	progress.tells_pace = opts->verbose;
	progress_init(&s->progress, s->loop, &progress);
	return 0;
}

static void
close_session(struct session *s)
{
	progress_release(&s->progress);
	hgrm_release(&s->hgrm);
	stack_close(&s->stack);
	login_release(&s->login);
	gc_release(&s->gc);
	signals_release(&s->signals);
	loop_free(s->loop);
}

/* The sweep has ended; whatever comes now, its report stands. */
static enum status
end_run(struct session *s)
{
	const struct gc_run *run = &s->run;
	enum status status = status_of_run(run);
	struct err err = ERR_INIT;

	if (hgrm_write(&s->hgrm, stack_latency(&s->stack), &err) != 0) {
		err_wrap(&err, "the sweep has ended, but");
		if (status == STATUS_OK || status == STATUS_DAMAGED)
			status = STATUS_FAILED;
		output_error_as(&err, status, run->opts->json);
	}
	if (!run->is_interrupted || status == STATUS_AUDIT)
		return status;
	status = (enum status)(STATUS_SIGNAL + s->signals.signo);
	if (gc_report_is_all_done(run))
		err_set(&err, ERR_CANCELLED,
		    "interrupted by %s, when all was done",
		    signals_name(s->signals.signo));
	else
		err_set(&err, ERR_CANCELLED,
		    "interrupted by %s: %" PRIu64 " of %" PRIu64
		    " objects not tried; run again",
		    signals_name(s->signals.signo), s->gc.report.not_tried,
		    plan_count(&s->gc.plan));
	output_error_as(&err, status, run->opts->json);
	return status;
}

static enum status
run_gc(const struct options *opts, const struct target *target,
    const char *command)
{
	struct session s = {
		.run = { .opts = opts, .target = target },
		.hgrm = { .fd = -1 },
	};
	struct err err = ERR_INIT;
	enum status status;

	s.run.login = &s.login;
	s.run.gc = &s.gc;
	if (open_session(&s, &err) == 0 && make_plan(&s, command, &err) == 0 &&
	    sweep(&s, &err) == 0) {
		status = end_run(&s);
	} else {
		status = err.code == ERR_CANCELLED && s.signals.signo != 0
		    ? (enum status)(STATUS_SIGNAL + s.signals.signo)
		    : status_of(err.code);
		output_error_as(&err, status, opts->json);
	}
	signals_hold();
	close_session(&s);
	return status;
}

/* Options that the others leave without a use.  They are no rivals, of which
 * the stronger source holds: a dry run that the environment asks for must not
 * become one that deletes. */
static int
check_options(const struct options *opts, struct err *err)
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

enum status
cmd_gc(const struct options *opts, int argc, char **argv)
{
	struct target target;
	struct err err = ERR_INIT;
	enum status status;

	if (check_options(opts, &err) != 0 ||
	    target_parse(&target, argc, argv, &err) != 0) {
		output_error(&err, opts->json);
		return status_of(err.code);
	}
	status = run_gc(opts, &target, argv[0]);
	target_release(&target);
	return status;
}
