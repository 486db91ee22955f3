/* SPDX-License-Identifier: MIT */
/*
 * loop: timers in order on both clocks, stop, signals.  Nothing here asserts
 * how long anything took.
 */
#include <event2/event.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "src/base/loop.h"
#include "src/base/rng.h"
#include "tests/support/suite.h"

static void
step(struct loop *loop)
{
	struct err err = ERR_INIT;

	ck_assert_msg(loop_step(loop, &err) == 0, "%s", err.text);
}

/* --- a timer that writes down when it ran --- */

struct diary {
	struct loop *loop;
	size_t n;
	struct {
		size_t id;
		uint64_t now;
	} rows[4000];
};

struct entry {
	struct loop_timer timer;
	struct diary *diary;
	size_t id;
	uint64_t repeat_us; /* set it again, so much later */
	unsigned repeats;
};

static void
on_due(void *arg)
{
	struct entry *e = arg;
	struct diary *d = e->diary;

	ck_assert_uint_lt(d->n, sizeof(d->rows) / sizeof(d->rows[0]));
	ck_assert(!loop_timer_is_set(&e->timer));
	d->rows[d->n].id = e->id;
	d->rows[d->n++].now = loop_now(d->loop);
	if (e->repeats > 0) {
		e->repeats--;
		loop_timer_set(&e->timer, loop_now(d->loop) + e->repeat_us);
	}
}

static void
entries_init(struct diary *d, struct loop *loop, struct entry *e, size_t n)
{
	size_t i;

	d->loop = loop;
	d->n = 0;
	for (i = 0; i < n; i++) {
		e[i] = (struct entry){ .diary = d, .id = i };
		loop_timer_init(&e[i].timer, loop, on_due, &e[i]);
	}
}

static void
expect(const struct diary *d, size_t row, size_t id, uint64_t now)
{
	ck_assert_uint_lt(row, d->n);
	ck_assert_uint_eq(d->rows[row].id, id);
	ck_assert_uint_eq(d->rows[row].now, now);
}

START_TEST(timers_run_in_order_and_ties_as_they_were_set)
{
	struct loop *loop = loop_new(LOOP_VIRTUAL);
	static struct diary d;
	struct entry e[5];

	entries_init(&d, loop, e, 5);
	loop_timer_set(&e[0].timer, 300);
	loop_timer_set(&e[1].timer, 100);
	loop_timer_set(&e[2].timer, 300);
	loop_timer_set(&e[3].timer, 200);
	loop_timer_set(&e[4].timer, 100);
	while (d.n < 5)
		step(loop);
	expect(&d, 0, 1, 100);
	expect(&d, 1, 4, 100);
	expect(&d, 2, 3, 200);
	expect(&d, 3, 0, 300);
	expect(&d, 4, 2, 300);
	ck_assert_uint_eq(loop_now(loop), 300);
	loop_free(loop);
}
END_TEST

START_TEST(timers_can_be_cancelled_and_moved)
{
	struct loop *loop = loop_new(LOOP_VIRTUAL);
	static struct diary d;
	struct entry e[4];

	entries_init(&d, loop, e, 4);
	loop_timer_cancel(&e[0].timer);
	loop_timer_set(&e[0].timer, 10);
	loop_timer_set(&e[1].timer, 20);
	loop_timer_set(&e[2].timer, 30);
	loop_timer_set(&e[3].timer, 40);
	ck_assert(loop_timer_is_set(&e[1].timer));
	loop_timer_cancel(&e[1].timer);
	loop_timer_cancel(&e[1].timer);
	ck_assert(!loop_timer_is_set(&e[1].timer));
	loop_timer_set(&e[0].timer, 50); /* later */
	loop_timer_set(&e[3].timer, 30); /* earlier, after the one there */
	while (d.n < 3)
		step(loop);
	expect(&d, 0, 2, 30);
	expect(&d, 1, 3, 30);
	expect(&d, 2, 0, 50);
	loop_free(loop);
}
END_TEST

START_TEST(timers_set_inside_timers_run_at_their_time)
{
	struct loop *loop = loop_new(LOOP_VIRTUAL);
	static struct diary d;
	struct entry e[2];
	size_t i;

	entries_init(&d, loop, e, 2);
	e[0].repeat_us = 7;
	e[0].repeats = 999;
	e[1].repeat_us = 0; /* at once, three times: time must not move */
	e[1].repeats = 3;
	loop_timer_set(&e[0].timer, 7);
	while (d.n < 1000)
		step(loop);
	for (i = 0; i < 1000; i++)
		expect(&d, i, 0, 7 * (i + 1));
	loop_timer_set(&e[0].timer, 7000); /* due now, set first */
	loop_timer_set(&e[1].timer, 7000);
	while (d.n < 1005)
		step(loop);
	expect(&d, 1000, 0, 7000);
	for (i = 1001; i < 1005; i++)
		expect(&d, i, 1, 7000);
	loop_free(loop);
}
END_TEST

static void
on_due_cancel(void *arg)
{
	loop_timer_cancel(arg);
}

START_TEST(a_timer_may_cancel_one_that_is_due_with_it)
{
	struct loop *loop = loop_new(LOOP_VIRTUAL);
	struct loop_timer killer;
	static struct diary d;
	struct entry e[2];

	entries_init(&d, loop, e, 2);
	loop_timer_init(&killer, loop, on_due_cancel, &e[0].timer);
	loop_timer_set(&killer, 5);
	loop_timer_set(&e[0].timer, 5);
	loop_timer_set(&e[1].timer, 5);
	while (d.n < 1)
		step(loop);
	expect(&d, 0, 1, 5);
	loop_free(loop);
}
END_TEST

START_TEST(the_past_is_due_now)
{
	struct loop *loop = loop_new(LOOP_VIRTUAL);
	static struct diary d;
	struct entry e[2];

	entries_init(&d, loop, e, 2);
	loop_timer_set(&e[0].timer, 1000);
	while (d.n < 1)
		step(loop);
	loop_timer_set(&e[1].timer, 10);
	while (d.n < 2)
		step(loop);
	expect(&d, 1, 1, 1000);
	loop_free(loop);
}
END_TEST

/* --- thousands of timers against a sorted list --- */

struct wanted {
	size_t id;
	uint64_t at;
	uint64_t order; /* of the last setting */
	bool set;
};

static int
compare_wanted(const void *a, const void *b)
{
	const struct wanted *x = a, *y = b;

	if (x->set != y->set)
		return x->set ? -1 : 1;
	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return x->order < y->order ? -1 : 1;
}

static void
compare_with_sorted(uint64_t seed)
{
	enum { TIMERS = 2000, STEPS = 3 * TIMERS };
	static struct diary d;
	static struct entry e[TIMERS];
	static struct wanted want[TIMERS];
	struct loop *loop = loop_new(LOOP_VIRTUAL);
	uint64_t horizon;
	struct rng r;
	size_t i, k, n = 0;

	rng_init(&r, seed);
	horizon = 1 + rng_below(&r, seed % 2 ? 500 : 1000000000);
	entries_init(&d, loop, e, TIMERS);
	memset(want, 0, sizeof(want));
	for (i = 0; i < STEPS; i++) {
		k = rng_below(&r, TIMERS);
		want[k].id = k;
		want[k].set = rng_below(&r, 4) != 0;
		want[k].at = rng_below(&r, horizon);
		want[k].order = i;
		if (want[k].set)
			loop_timer_set(&e[k].timer, want[k].at);
		else
			loop_timer_cancel(&e[k].timer);
	}
	qsort(want, TIMERS, sizeof(want[0]), compare_wanted);
	while (n < TIMERS && want[n].set)
		n++;
	while (d.n < n)
		step(loop);
	for (i = 0; i < n; i++)
		ck_assert_msg(d.rows[i].id == want[i].id &&
			d.rows[i].now == want[i].at,
		    "seed %llu: run %zu was timer %zu, not %zu",
		    (unsigned long long)seed, i, d.rows[i].id, want[i].id);
	for (i = 0; i < TIMERS; i++)
		ck_assert(!loop_timer_is_set(&e[i].timer));
	loop_free(loop);
}

START_TEST(thousands_of_timers_run_as_a_sorted_list_would)
{
	uint64_t seed;

	for (seed = 0; seed < 60; seed++)
		compare_with_sorted(seed);
}
END_TEST

START_TEST(the_virtual_day_begins_in_2026)
{
	struct loop *loop = loop_new(LOOP_VIRTUAL);
	static struct diary d;
	struct entry e;

	ck_assert(loop_is_virtual(loop));
	ck_assert_uint_eq(loop_now(loop), 0);
	ck_assert_uint_eq(loop_wall(loop), UINT64_C(1767225600000000));
	entries_init(&d, loop, &e, 1);
	loop_timer_set(&e.timer, 86400000000);
	step(loop);
	ck_assert_uint_eq(loop_wall(loop), UINT64_C(1767312000000000));
	loop_free(loop);
}
END_TEST

/* --- the real clock --- */

START_TEST(real_timers_run_in_order_and_never_early)
{
	struct loop *loop = loop_new(LOOP_REAL);
	static struct diary d;
	struct entry e[4];
	uint64_t at;
	size_t i;

	ck_assert(!loop_is_virtual(loop));
	entries_init(&d, loop, e, 4);
	at = loop_now(loop);
	loop_timer_set(&e[0].timer, at + 3000);
	loop_timer_set(&e[1].timer, at + 1000);
	loop_timer_set(&e[2].timer, at + 3000);
	loop_timer_set(&e[3].timer, at + 3600000000);
	loop_timer_set(&e[3].timer, 0); /* from an hour hence to at once */
	while (d.n < 4)
		step(loop);
	ck_assert_uint_eq(d.rows[0].id, 3);
	ck_assert_uint_eq(d.rows[1].id, 1);
	ck_assert_uint_eq(d.rows[2].id, 0);
	ck_assert_uint_eq(d.rows[3].id, 2);
	for (i = 1; i < 4; i++)
		ck_assert_uint_ge(d.rows[i].now, e[d.rows[i].id].timer.at);
	loop_free(loop);
}
END_TEST

START_TEST(a_real_loop_with_nothing_to_wait_for_says_so)
{
	struct loop *loop = loop_new(LOOP_REAL);
	struct err err = ERR_INIT;
	static struct diary d;
	struct entry e;

	ck_assert_int_eq(loop_step(loop, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "nothing to wait for"));
	entries_init(&d, loop, &e, 1);
	loop_timer_set(&e.timer, loop_now(loop) + UINT64_C(3600000000));
	loop_timer_cancel(&e.timer); /* and then it does not wait an hour */
	ck_assert_int_eq(loop_step(loop, &err), -1);
	loop_free(loop);
	loop_free(NULL);
}
END_TEST

/* --- stop and signals, on either clock --- */

static void
on_due_stop(void *arg)
{
	loop_stop(arg);
}

static void
on_readable_stop(evutil_socket_t fd, short what, void *arg)
{
	(void)fd, (void)what;
	loop_stop(arg);
}

static void
run_and_stop(enum loop_clock clock)
{
	struct loop *loop = loop_new(clock);
	struct err err = ERR_INIT;
	struct loop_timer stop;
	struct event *event;
	static struct diary d;
	struct entry e;
	int ends[2];

	entries_init(&d, loop, &e, 1);
	loop_timer_init(&stop, loop, on_due_stop, loop);
	loop_timer_set(&e.timer, loop_now(loop));
	loop_timer_set(&stop, loop_now(loop) + 1000);
	ck_assert_int_eq(loop_run(loop, &err), 0);
	ck_assert_uint_eq(d.n, 1);

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	event = event_new(loop_events(loop), ends[0], EV_READ, on_readable_stop,
	    loop);
	event_add(event, NULL);
	ck_assert_int_eq(write(ends[1], "!", 1), 1);
	ck_assert_int_eq(loop_run(loop, &err), 0);
	event_free(event);
	close(ends[0]);
	close(ends[1]);
	loop_free(loop);
}

START_TEST(run_turns_until_stop_and_can_be_called_again)
{
	run_and_stop(LOOP_REAL);
	run_and_stop(LOOP_VIRTUAL);
}
END_TEST

START_TEST(run_fails_as_step_does)
{
	struct loop *loop = loop_new(LOOP_REAL);
	struct err err = ERR_INIT;

	ck_assert_int_eq(loop_run(loop, &err), -1);
	ck_assert_int_eq(err.code, ERR_NET);
	loop_free(loop);
}
END_TEST

static void
on_signal(void *arg)
{
	++*(int *)arg;
}

static void
hear_signals(enum loop_clock clock)
{
	struct loop *loop = loop_new(clock);
	struct sigaction action;
	int ints = 0, terms = 0;

	ck_assert(signal(SIGTERM, SIG_IGN) != SIG_ERR);
	loop_on_signal(loop, SIGINT, on_signal, &ints);
	loop_on_signal(loop, SIGTERM, on_signal, &terms);
	raise(SIGINT);
	while (ints < 1)
		step(loop);
	raise(SIGTERM);
	while (terms < 1)
		step(loop);
	raise(SIGINT);
	while (ints < 2)
		step(loop);
	ck_assert_int_eq(terms, 1);
	loop_free(loop);
	ck_assert_int_eq(sigaction(SIGTERM, NULL, &action), 0);
	ck_assert(action.sa_handler == SIG_IGN);
	ck_assert_int_eq(sigaction(SIGINT, NULL, &action), 0);
	ck_assert(action.sa_handler == SIG_DFL);
}

START_TEST(signals_are_heard_and_given_back)
{
	ck_assert(signal(SIGINT, SIG_DFL) != SIG_ERR);
	hear_signals(LOOP_REAL);
	hear_signals(LOOP_VIRTUAL);
}
END_TEST

/* From its own callback a signal is given back, raised again, and taken up
 * once more: what a terminal's stop key needs. */
struct relay {
	struct loop *loop;
	int calls;
};

static void
on_signal_give_back(void *arg)
{
	struct relay *r = arg;

	loop_off_signal(r->loop, SIGINT);
	raise(SIGINT); /* ignored: so was the former action */
	if (++r->calls < 3)
		loop_on_signal(r->loop, SIGINT, on_signal_give_back, r);
}

START_TEST(a_signal_can_be_given_back_by_its_own_callback)
{
	struct relay r = { .loop = loop_new(LOOP_REAL) };
	struct sigaction action;
	int i, others = 0;

	ck_assert(signal(SIGINT, SIG_IGN) != SIG_ERR);
	loop_on_signal(r.loop, SIGTERM, on_signal, &others);
	loop_on_signal(r.loop, SIGINT, on_signal_give_back, &r);
	for (i = 1; i <= 3; i++) {
		raise(SIGINT);
		while (r.calls < i)
			step(r.loop);
	}
	loop_off_signal(r.loop, SIGINT); /* not watched any more: nothing */
	ck_assert_int_eq(sigaction(SIGINT, NULL, &action), 0);
	ck_assert(action.sa_handler == SIG_IGN);
	raise(SIGTERM);
	loop_look(r.loop);
	ck_assert_int_eq(others, 1);
	loop_free(r.loop);
}
END_TEST

START_TEST(a_look_hears_what_came_and_never_waits)
{
	struct loop *loop = loop_new(LOOP_REAL);
	int ints = 0;

	loop_look(loop); /* nothing at all to wait for */
	loop_on_signal(loop, SIGINT, on_signal, &ints);
	loop_look(loop);
	ck_assert_int_eq(ints, 0);
	raise(SIGINT);
	loop_look(loop);
	ck_assert_int_eq(ints, 1);
	loop_free(loop);
}
END_TEST

int
main(void)
{
	return suite_run("loop", timers_run_in_order_and_ties_as_they_were_set,
	    timers_can_be_cancelled_and_moved,
	    timers_set_inside_timers_run_at_their_time,
	    a_timer_may_cancel_one_that_is_due_with_it, the_past_is_due_now,
	    thousands_of_timers_run_as_a_sorted_list_would,
	    the_virtual_day_begins_in_2026,
	    real_timers_run_in_order_and_never_early,
	    a_real_loop_with_nothing_to_wait_for_says_so,
	    run_turns_until_stop_and_can_be_called_again,
	    run_fails_as_step_does, signals_are_heard_and_given_back,
	    a_signal_can_be_given_back_by_its_own_callback,
	    a_look_hears_what_came_and_never_waits, NULL);
}
