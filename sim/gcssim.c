/* SPDX-License-Identifier: MIT */
/*
 * The public library: a simulator with a loop, in a thread of its own.  All
 * that callers ask for is run in that thread, which alone touches the simulator
 * once it has started:
 *
 *	gcssim_start:	settings, loop, simulator; then the thread has them
 *	a call:		ask -> mailbox -> run_...() in the thread -> answer
 *	gcssim_stop:	the same, then the thread takes the simulator down
 *
 * The thread hears no signals: they are the program's.  So a write to a
 * connection that is gone is no SIGPIPE for anybody either.
 */
#include "sim/gcssim.h"

#include "config.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/gcssim_priv.h"
#include "sim/settings_text.h"
#include "sim/sim.h"
#include "src/base/loop.h"
#include "src/base/mailbox.h"
#include "src/base/mem.h"

int
tell_caller(struct gcssim_error *out, const struct err *err)
{
	if (out != NULL)
		snprintf(out->text, sizeof(out->text), "%s", err->text);
	return -1;
}

/* --- the thread --- */

static void
on_warning(void *arg, const char *text)
{
	struct gcssim *sim = arg;

	if (sim->trouble.code == ERR_NONE)
		err_set(&sim->trouble, ERR_NET, "%s", text);
}

static void
on_failure(void *arg, const char *text)
{
	struct gcssim *sim = arg;

	err_set(&sim->trouble, ERR_CONFIG, "%s", text);
}

static void *
serve(void *arg)
{
	struct gcssim *sim = arg;
	struct err err = ERR_INIT;

	if (loop_run(sim->loop, &err) != 0)
		sim->trouble = err;
	mailbox_close(sim->box);
	sim_stop(sim->sim);
	return NULL;
}

static int
start_thread(struct gcssim *sim, struct err *err)
{
	sigset_t all, before;
	int why;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	why = pthread_create(&sim->thread, NULL, serve, sim);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (why != 0)
		return err_set(err, ERR_CONFIG, "cannot start a thread: %s",
		    strerror(why));
	return 0;
}

/* --- start and stop --- */

static void
copy_texts(struct gcssim *sim, const char *const *texts)
{
	for (; texts != NULL && *texts != NULL; texts++)
		*vec_push(&sim->texts) = mem_strdup(*texts);
	*vec_push(&sim->texts) = NULL;
}

static int
start(struct gcssim *sim, struct err *err)
{
	struct sim_opts *opts = &sim->settings.opts;

	if (settings_parse(&sim->settings, (const char *const *)sim->texts.v,
		err) != 0)
		return -1;
	opts->on_warning = on_warning;
	opts->warning_arg = sim;
	opts->on_failure = on_failure;
	opts->failure_arg = sim;
	sim->loop = loop_new(LOOP_REAL);
	sim->box = mailbox_new(sim->loop, err);
	if (sim->box == NULL ||
	    (sim->sim = sim_start_on(sim->loop, opts, err)) == NULL)
		return -1;
	sim->url = mem_strdup(sim_url(sim->sim));
	if (start_thread(sim, err) == 0)
		return 0;
	sim_stop(sim->sim);
	return -1;
}

/* All but the simulator itself. */
static void
release(struct gcssim *sim)
{
	size_t i;

	mailbox_free(sim->box);
	loop_free(sim->loop);
	for (i = 0; i < sim->texts.n; i++)
		free(sim->texts.v[i]);
	vec_release(&sim->texts);
	free(sim->url);
	free(sim);
}

struct gcssim *
gcssim_start(const char *const *settings, struct gcssim_error *err)
{
	struct gcssim *sim = mem_zalloc(1, sizeof(*sim));
	struct err why = ERR_INIT;

	sim->pid = getpid();
	copy_texts(sim, settings);
	if (start(sim, &why) == 0)
		return sim;
	tell_caller(err, &why);
	release(sim);
	return NULL;
}

static void
run_stop(void *arg)
{
	struct gcssim *sim = arg;

	loop_stop(sim->loop);
}

/* In a child the loop is not touched: it shares its epoll with the parent's. */
void
gcssim_stop(struct gcssim *sim)
{
	if (sim == NULL || sim->pid != getpid())
		return;
	/* When it fails the thread has ended by itself. */
	mailbox_call(sim->box, run_stop, sim);
	pthread_join(sim->thread, NULL);
	release(sim);
}

/* --- asking --- */

int
ask_thread(struct gcssim *sim, void (*run)(void *arg), struct question *q,
    struct gcssim_error *err)
{
	q->sim = sim;
	if (sim->pid != getpid())
		q->rc = err_set(&q->err, ERR_USAGE,
		    "the simulator is in process %ld, and this is a child of "
		    "it; start one here (with Check: in a checked fixture)",
		    (long)sim->pid);
	else if (mailbox_call(sim->box, run, q) != 0)
		q->rc = err_set(&q->err, ERR_NET, "the simulator has ended: %s",
		    sim->trouble.text);
	return q->rc == 0 ? 0 : tell_caller(err, &q->err);
}

const char *
gcssim_url(const struct gcssim *sim)
{
	return sim->url;
}

const char *
gcssim_version(void)
{
	return PACKAGE_VERSION;
}
