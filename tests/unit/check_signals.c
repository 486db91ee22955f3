/* SPDX-License-Identifier: MIT */
/* signals: who is heard when, what is cancelled, and that a wait for input ends
 * whenever a signal comes. */
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "src/cli/signals.h"
#include "src/storage/storage.h"
#include "tests/support/suite.h"

enum { DRAIN = 10000000 };

/* A store that counts how often it is cancelled. */
struct counter {
	struct storage base;
	int cancels;
};

static void
count_cancel(struct storage *s)
{
	((struct counter *)s)->cancels++;
}

struct post {
	struct loop *loop;
	struct signals signals;
	struct counter store;
};

static void
set_up(struct post *p, enum loop_clock clock)
{
	static const struct storage_ops ops = { .cancel = count_cancel };

	memset(p, 0, sizeof(*p));
	p->loop = loop_new(clock);
	signals_init(&p->signals, p->loop);
	p->store.base.ops = &ops;
	p->signals.store = &p->store.base;
}

static void
tear_down(struct post *p)
{
	signals_release(&p->signals);
	loop_free(p->loop);
}

START_TEST(the_first_lets_settle_and_the_second_cancels)
{
	static const int signos[] = { SIGINT, SIGTERM, SIGHUP };
	struct post p;
	int i;

	for (i = 0; i < 3; i++) {
		set_up(&p, LOOP_VIRTUAL);
		p.signals.drain_us = DRAIN;
		ck_assert(!signals_look(&p.signals));
		raise(signos[i]);
		ck_assert(signals_look(&p.signals));
		ck_assert_int_eq(p.signals.signo, signos[i]);
		ck_assert_int_eq(p.store.cancels, 0);
		raise(signos[(i + 1) % 3]);
		ck_assert(signals_look(&p.signals));
		ck_assert_int_eq(p.signals.signo, signos[i]);
		ck_assert_int_eq(p.store.cancels, 1);
		raise(signos[i]); /* and a third does no harm */
		signals_look(&p.signals);
		tear_down(&p);
	}
}
END_TEST

START_TEST(what_does_not_settle_in_time_is_cancelled)
{
	struct err err = ERR_INIT;
	struct post p;

	set_up(&p, LOOP_VIRTUAL);
	p.signals.drain_us = DRAIN;
	raise(SIGTERM);
	signals_look(&p.signals);
	ck_assert_int_eq(p.store.cancels, 0);
	ck_assert_int_eq(loop_step(p.loop, &err), 0);
	ck_assert_uint_eq(loop_now(p.loop), DRAIN);
	ck_assert_int_eq(p.store.cancels, 1);
	tear_down(&p);
}
END_TEST

START_TEST(reads_are_cancelled_at_once)
{
	struct post p;

	set_up(&p, LOOP_VIRTUAL);
	raise(SIGINT);
	ck_assert(signals_look(&p.signals));
	ck_assert_int_eq(p.store.cancels, 1);
	p.signals.store = NULL; /* it was closed: nothing to cancel */
	raise(SIGINT);
	ck_assert(signals_look(&p.signals));
	tear_down(&p);
}
END_TEST

START_TEST(what_was_ignored_stays_ignored_and_the_rest_is_given_back)
{
	struct sigaction action;
	struct post p;

	ck_assert(signal(SIGHUP, SIG_IGN) != SIG_ERR);
	ck_assert(signal(SIGTERM, SIG_DFL) != SIG_ERR);
	set_up(&p, LOOP_REAL);
	raise(SIGHUP);
	ck_assert(!signals_look(&p.signals));
	tear_down(&p);
	ck_assert_int_eq(sigaction(SIGHUP, NULL, &action), 0);
	ck_assert(action.sa_handler == SIG_IGN);
	ck_assert_int_eq(sigaction(SIGTERM, NULL, &action), 0);
	ck_assert(action.sa_handler == SIG_DFL);
}
END_TEST

/* --- waiting for input --- */

START_TEST(input_ends_the_wait_and_so_does_a_signal_before_it)
{
	struct post p;
	int ends[2];

	ck_assert_int_eq(pipe(ends), 0);
	set_up(&p, LOOP_REAL);
	ck_assert_int_eq(write(ends[1], "x", 1), 1);
	ck_assert(signals_wait(&p.signals, ends[0]));
	raise(SIGTERM);
	ck_assert(!signals_wait(&p.signals, ends[0]));
	tear_down(&p);
	close(ends[0]);
	close(ends[1]);
}
END_TEST

/* The child's signal comes before the wait, in it, or on its threshold; were
 * one ever lost, the test would hang. */
START_TEST(no_signal_is_lost_on_the_threshold)
{
	int ends[2], i, status;

	ck_assert_int_eq(pipe(ends), 0);
	for (i = 0; i < 300; i++) {
		struct post p;
		pid_t child;

		set_up(&p, LOOP_REAL);
		child = fork();
		ck_assert_int_ne(child, -1);
		if (child == 0)
			_exit(kill(getppid(), SIGTERM));
		ck_assert(!signals_wait(&p.signals, ends[0]));
		ck_assert_int_eq(p.signals.signo, SIGTERM);
		while (waitpid(child, &status, 0) == -1)
			continue;
		tear_down(&p);
	}
	close(ends[0]);
	close(ends[1]);
}
END_TEST

/* As between the report and the exit; were it not so, the test would be killed.
 */
START_TEST(what_comes_after_the_end_changes_nothing)
{
	struct post p;

	set_up(&p, LOOP_REAL);
	signals_hold();
	tear_down(&p);
	raise(SIGUSR1);
	raise(SIGTERM);
	raise(SIGINT);
	raise(SIGHUP);
}
END_TEST

START_TEST(signals_have_their_names)
{
	ck_assert_str_eq(signals_name(SIGINT), "SIGINT");
	ck_assert_str_eq(signals_name(SIGTERM), "SIGTERM");
	ck_assert_str_eq(signals_name(SIGHUP), "SIGHUP");
}
END_TEST

int
main(void)
{
	return suite_run("signals",
	    the_first_lets_settle_and_the_second_cancels,
	    what_does_not_settle_in_time_is_cancelled,
	    reads_are_cancelled_at_once,
	    what_was_ignored_stays_ignored_and_the_rest_is_given_back,
	    input_ends_the_wait_and_so_does_a_signal_before_it,
	    no_signal_is_lost_on_the_threshold,
	    what_comes_after_the_end_changes_nothing, signals_have_their_names,
	    NULL);
}
