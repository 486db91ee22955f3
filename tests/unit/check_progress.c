/* SPDX-License-Identifier: MIT */
/* progress: what is said when, on a virtual clock, from numbers that the test
 * sets as the engine would. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/cli/progress.h"
#include "src/registry/gc.h"
#include "src/storage/tally.h"
#include "tests/support/suite.h"

enum { SECOND = 1000000 };

struct desk {
	struct loop *loop;
	struct progress progress;
	struct gc gc;
	struct tally tally;
	bool stop;
	FILE *out;
	char *text;
	size_t n;
	size_t seen;
};

static void
set_up(struct desk *d, enum progress_mode mode)
{
	struct progress_opts opts = {
		.mode = mode,
		.every_us = 10 * SECOND,
		.gc = &d->gc,
		.tally = &d->tally,
		.stop = &d->stop,
	};
	struct err err = ERR_INIT;

	memset(d, 0, sizeof(*d));
	ck_assert_int_eq(gc_init(&d->gc, &(struct gc_opts){ .root = "" }, &err),
	    0);
	d->loop = loop_new(LOOP_VIRTUAL);
	opts.out = d->out = open_memstream(&d->text, &d->n);
	progress_init(&d->progress, d->loop, &opts);
}

static void
tear_down(struct desk *d)
{
	progress_release(&d->progress);
	loop_free(d->loop);
	gc_release(&d->gc);
	fclose(d->out);
	free(d->text);
}

static void
on_due(void *arg)
{
	*(bool *)arg = true;
}

/* Lets that much time go by. */
static void
pass(struct desk *d, uint64_t us)
{
	struct err err = ERR_INIT;
	struct loop_timer t;
	bool is_over = false;

	loop_timer_init(&t, d->loop, on_due, &is_over);
	loop_timer_set(&t, loop_now(d->loop) + us);
	while (!is_over)
		ck_assert_int_eq(loop_step(d->loop, &err), 0);
}

/* What was said since the last time; good until more is said. */
static const char *
said(struct desk *d)
{
	size_t from = d->seen;

	fflush(d->out);
	d->seen = d->n;
	return d->text + from;
}

static void
list(struct desk *d, uint64_t objects, uint64_t pages, uint64_t done)
{
	d->gc.mark.inv.objects = objects;
	d->gc.mark.inv.bytes = objects * 1000000;
	d->gc.mark.pages.known = pages;
	d->gc.mark.pages.done = done;
	d->tally.ops[STORAGE_LIST] = pages;
	d->tally.settled[STORAGE_LIST] = done;
}

static void
read_some(struct desk *d, uint64_t known, uint64_t done)
{
	d->gc.mark.reads.known = known;
	d->gc.mark.reads.done = done;
	d->tally.ops[STORAGE_GET] = known;
	d->tally.settled[STORAGE_GET] = done;
}

static void
plan(struct desk *d, size_t victims)
{
	size_t i;

	for (i = 0; i < victims; i++)
		*vec_push(&d->gc.plan.victims[PLAN_BLOBS]) = 0;
	memset(&d->tally, 0, sizeof(d->tally));
}

static void
sweep(struct desk *d, uint64_t done, uint64_t in_flight)
{
	d->gc.report.verdicts[PLAN_BLOBS][STORAGE_OK] = done;
	d->tally.in_flight = in_flight;
}

/* --- plain lines --- */

START_TEST(plain_says_a_line_when_a_phase_ends_and_every_so_often)
{
	struct desk d;

	set_up(&d, PROGRESS_PLAIN);
	progress_begin(&d.progress, PROGRESS_LIST);
	list(&d, 1000, 2, 1);
	pass(&d, 9 * SECOND);
	ck_assert_str_eq(said(&d), "");
	pass(&d, 2 * SECOND);
	ck_assert_str_eq(said(&d),
	    "gcsweep: list 1000 objects, 1 GB, 100/s, 1 in flight\n");
	list(&d, 1500, 2, 2);
	read_some(&d, 100, 0);
	pass(&d, SECOND);
	ck_assert_str_eq(said(&d),
	    "gcsweep: list 1500 objects, 1.5 GB, 135/s, done in 11 s\n");
	read_some(&d, 100, 50);
	pass(&d, 9 * SECOND);
	ck_assert_str_eq(said(&d),
	    "gcsweep: mark 50/100 reads, 5.6/s, ETA 8.9 s, 50 in flight\n");
	read_some(&d, 100, 100);
	progress_end(&d.progress);
	ck_assert_str_eq(said(&d),
	    "gcsweep: mark 100/100 reads, 10/s, done in 9.9 s\n");
	pass(&d, 100 * SECOND);
	ck_assert_str_eq(said(&d), "");
	plan(&d, 391);
	progress_begin(&d.progress, PROGRESS_SWEEP);
	sweep(&d, 120, 100);
	d.tally.rejected = 3;
	pass(&d, 10 * SECOND + 1);
	ck_assert_str_eq(said(&d),
	    "gcsweep: sweep 120/391 objects, 12/s, ETA 23 s, 100 in flight, "
	    "3 rejected\n");
	sweep(&d, 391, 0);
	progress_end(&d.progress);
	ck_assert_str_eq(said(&d),
	    "gcsweep: sweep 391/391 objects, 39/s, done in 10 s, "
	    "3 rejected\n");
	tear_down(&d);
}
END_TEST

START_TEST(what_failed_at_once_is_left_to_the_error)
{
	struct desk d;

	set_up(&d, PROGRESS_PLAIN);
	progress_begin(&d.progress, PROGRESS_LIST);
	list(&d, 0, 1, 0);
	pass(&d, SECOND);
	progress_end(&d.progress);
	ck_assert_str_eq(said(&d), "");
	tear_down(&d);
	set_up(&d, PROGRESS_PLAIN);
	progress_begin(&d.progress, PROGRESS_LIST);
	list(&d, 1000, 2, 1);
	pass(&d, SECOND);
	progress_end(&d.progress);
	ck_assert_str_eq(said(&d),
	    "gcsweep: list 1000 objects, 1 GB, 1000/s, stopped after 1.0 s\n");
	tear_down(&d);
}
END_TEST

START_TEST(none_says_nothing_until_it_is_asked)
{
	struct desk d;

	set_up(&d, PROGRESS_NONE);
	progress_begin(&d.progress, PROGRESS_LIST);
	list(&d, 1000, 2, 1);
	pass(&d, 100 * SECOND);
	ck_assert_str_eq(said(&d), "");
	raise(SIGUSR1);
	loop_look(d.loop);
	ck_assert_str_eq(said(&d),
	    "gcsweep: list 1000 objects, 1 GB, 10/s, 1 in flight\n");
	progress_end(&d.progress);
	ck_assert_str_eq(said(&d), "");
	raise(SIGUSR1);
	loop_look(d.loop);
	ck_assert_str_eq(said(&d),
	    "gcsweep: list 1000 objects, 1 GB, 10/s, stopped after 2 min\n");
	tear_down(&d);
}
END_TEST

START_TEST(that_it_is_stopping_is_said_once)
{
	static const char want[] =
	    "gcsweep: stopping; what is in flight may settle, a second signal "
	    "gives it up\n";
	struct desk d;

	set_up(&d, PROGRESS_PLAIN);
	plan(&d, 10);
	progress_begin(&d.progress, PROGRESS_SWEEP);
	pass(&d, SECOND);
	d.stop = true;
	pass(&d, 5 * SECOND);
	ck_assert_str_eq(said(&d), want);
	tear_down(&d);
}
END_TEST

/* --- the bar --- */

START_TEST(the_bar_is_three_lines_drawn_again_in_place)
{
	struct desk d;

	set_up(&d, PROGRESS_BAR);
	progress_begin(&d.progress, PROGRESS_LIST);
	list(&d, 10, 2, 1);
	pass(&d, 100000);
	ck_assert_str_eq(said(&d),
	    "list  10 objects, 10 MB, 100/s, 1 in flight\033[K\n"
	    "mark  -\033[K\n"
	    "sweep -\033[K\n"
	    "\033[J");
	list(&d, 20, 2, 2);
	pass(&d, 100000);
	ck_assert_str_eq(said(&d),
	    "\033[3A\r"
	    "list  20 objects, 20 MB, 100/s, done in 0.2 s\033[K\n"
	    "mark  -\033[K\n"
	    "sweep -\033[K\n"
	    "\033[J");
	progress_end(&d.progress);
	ck_assert_str_eq(said(&d), "\033[3A\r\033[J");
	tear_down(&d);
}
END_TEST

START_TEST(it_draws_ten_times_a_second_at_most)
{
	struct desk d;
	const char *text;
	int draws = 0;

	set_up(&d, PROGRESS_BAR);
	progress_begin(&d.progress, PROGRESS_LIST);
	pass(&d, 10 * SECOND);
	for (text = said(&d); (text = strstr(text, "sweep")) != NULL; text++)
		draws++;
	ck_assert_int_le(draws, 100);
	ck_assert_int_ge(draws, 99);
	tear_down(&d);
}
END_TEST

START_TEST(asked_for_a_line_the_bar_makes_room)
{
	struct desk d;

	set_up(&d, PROGRESS_BAR);
	progress_begin(&d.progress, PROGRESS_LIST);
	list(&d, 10, 2, 1);
	pass(&d, 100000);
	said(&d);
	raise(SIGUSR1);
	loop_look(d.loop);
	ck_assert_str_eq(said(&d),
	    "\033[3A\r\033[J"
	    "gcsweep: list 10 objects, 10 MB, 100/s, 1 in flight\n");
	pass(&d, 100000);
	ck_assert_int_eq(strncmp(said(&d), "list  10", 8), 0);
	tear_down(&d);
}
END_TEST

/* Here the stop key's former action is to be ignored, so that the test goes on;
 * what counts is the tidy screen, and that the next one is heard again. */
START_TEST(the_stop_key_tidies_the_screen_first)
{
	struct desk d;
	int i;

	ck_assert(signal(SIGTSTP, SIG_IGN) != SIG_ERR);
	set_up(&d, PROGRESS_BAR);
	progress_begin(&d.progress, PROGRESS_LIST);
	for (i = 0; i < 3; i++) {
		pass(&d, 100000);
		said(&d);
		raise(SIGTSTP);
		loop_look(d.loop);
		ck_assert_str_eq(said(&d), "\033[3A\r\033[J");
	}
	tear_down(&d);
}
END_TEST

START_TEST(auto_looks_at_the_terminal_and_quiet_wins)
{
	ck_assert_int_eq(progress_choose(PROGRESS_BAR, false), PROGRESS_BAR);
	ck_assert_int_eq(progress_choose(PROGRESS_PLAIN, false),
	    PROGRESS_PLAIN);
	ck_assert_int_eq(progress_choose(PROGRESS_NONE, false), PROGRESS_NONE);
	ck_assert_int_eq(progress_choose(PROGRESS_AUTO, true), PROGRESS_NONE);
	ck_assert_int_eq(progress_choose(PROGRESS_BAR, true), PROGRESS_BAR);
	setenv("TERM", "dumb", 1);
	ck_assert_int_eq(progress_choose(PROGRESS_AUTO, false), PROGRESS_PLAIN);
}
END_TEST

int
main(void)
{
	return suite_run("progress",
	    plain_says_a_line_when_a_phase_ends_and_every_so_often,
	    what_failed_at_once_is_left_to_the_error,
	    none_says_nothing_until_it_is_asked,
	    that_it_is_stopping_is_said_once,
	    the_bar_is_three_lines_drawn_again_in_place,
	    it_draws_ten_times_a_second_at_most,
	    asked_for_a_line_the_bar_makes_room,
	    the_stop_key_tidies_the_screen_first,
	    auto_looks_at_the_terminal_and_quiet_wins, NULL);
}
