/* SPDX-License-Identifier: MIT */
/* pace: the rules one by one; what they add up to is in check_pace_model. */
#include <math.h>

#include "src/base/rng.h"
#include "src/net/pace.h"
#include "tests/support/suite.h"

#define SECOND 1000000U

enum { FLIGHT_MAX = 4096 };

/* A server whose round trip is always the same, so that answers come in the
 * order of the requests.  It accepts `accepts` of each ten. */
struct rig {
	struct pace pace;
	uint64_t now_us, round_trip_us;
	uint64_t sent[FLIGHT_MAX];
	uint64_t first, last; /* of what is in flight */
	unsigned accepts;
};

static void
set_up(struct rig *r, enum pace_mode mode, double rate, unsigned window)
{
	struct pace_opts opts = { mode, rate, window };

	*r = (struct rig){ .now_us = 7 * SECOND,
		.round_trip_us = 40000,
		.accepts = 10 };
	pace_init(&r->pace, &opts, r->now_us);
}

static void
send_one(struct rig *r)
{
	pace_sent(&r->pace, r->now_us);
	r->sent[r->last++ % FLIGHT_MAX] = r->now_us;
}

static void
answer_one(struct rig *r)
{
	uint64_t n = r->first++;

	pace_settled(&r->pace, r->now_us, r->sent[n % FLIGHT_MAX],
	    n % 10 < r->accepts ? PACE_ACCEPTED : PACE_REJECTED);
}

/* Sends as fast as it may; answers how many were sent. */
static uint64_t
run_for(struct rig *r, double seconds)
{
	uint64_t end = r->now_us + (uint64_t)(seconds * SECOND);
	uint64_t from = r->last;

	while (r->now_us < end) {
		uint64_t at = pace_next(&r->pace, r->now_us);
		uint64_t due = PACE_NEVER;

		if (r->first < r->last)
			due = r->sent[r->first % FLIGHT_MAX] + r->round_trip_us;
		if (due <= at && due <= end) {
			r->now_us = due;
			answer_one(r);
		} else if (at <= end) {
			if (at > r->now_us)
				r->now_us = at;
			send_one(r);
		} else {
			r->now_us = end;
		}
	}
	return r->last - from;
}

static uint64_t
send_burst(struct rig *r)
{
	uint64_t from = r->last;

	while (pace_next(&r->pace, r->now_us) <= r->now_us)
		send_one(r);
	return r->last - from;
}

START_TEST(the_first_burst_is_five_milliseconds_of_the_rate)
{
	struct rig r;

	set_up(&r, PACE_AUTO, 1000, 1000);
	ck_assert_uint_eq(send_burst(&r), 6);
	ck_assert_uint_le(pace_next(&r.pace, r.now_us), r.now_us + 1000);
	/* And no more after a rest. */
	r.now_us += 3600U * SECOND;
	ck_assert_uint_eq(send_burst(&r), 6);
	set_up(&r, PACE_AUTO, 10, 1000);
	ck_assert_uint_eq(send_burst(&r), 1);
	ck_assert_uint_le(pace_next(&r.pace, r.now_us), r.now_us + 100000);
}
END_TEST

START_TEST(without_a_429_the_rate_doubles_each_second)
{
	struct rig r;

	set_up(&r, PACE_AUTO, 100, 1000);
	run_for(&r, 1);
	ck_assert_double_eq_tol(r.pace.rate, 200, 10);
	run_for(&r, 2);
	ck_assert_double_eq_tol(r.pace.rate, 800, 40);
	ck_assert_str_eq(pace_why(&r.pace), "no limit met");
}
END_TEST

START_TEST(it_climbs_to_what_the_window_can_use_and_no_higher)
{
	struct rig r;

	set_up(&r, PACE_AUTO, 1000, 100);
	run_for(&r, 10);
	ck_assert_double_eq_tol(r.pace.rate, 100 / 0.04, 1);
	/* A longer round trip slows nothing down: the window does. */
	r.round_trip_us = 80000;
	run_for(&r, 10);
	ck_assert_double_eq_tol(r.pace.rate, 100 / 0.04, 1);
}
END_TEST

START_TEST(what_is_not_used_does_not_grow)
{
	struct rig r;
	int i;

	set_up(&r, PACE_AUTO, 1000, 1000);
	for (i = 0; i < 100; i++) {
		send_one(&r);
		r.now_us += SECOND;
		answer_one(&r);
	}
	ck_assert_double_eq(r.pace.rate, 1000);
}
END_TEST

START_TEST(a_429_cuts_once_and_is_judged_by_what_left_before)
{
	struct rig r;

	set_up(&r, PACE_CEILING, 1000, 1000);
	r.round_trip_us = 100000;
	run_for(&r, 1);
	r.accepts = 6;
	while (r.pace.state != PACE_SETTLING)
		run_for(&r, 0.001);
	/* The limit was not known, so the cut is deep. */
	ck_assert_double_eq(r.pace.rate, 500);
	ck_assert_str_eq(pace_why(&r.pace), "cut after a 429");
	run_for(&r, 0.12);
	ck_assert_double_eq(r.pace.rate, 500);
	ck_assert_uint_eq(r.pace.cuts, 1);
	run_for(&r, 0.02);
	ck_assert_int_eq(r.pace.state, PACE_STEADY);
	ck_assert_double_eq_tol(r.pace.rate, 600, 40);
	/* Those that are rejected still, left before: no second cut. */
	run_for(&r, 0.05);
	ck_assert_uint_eq(r.pace.cuts, 1);
}
END_TEST

START_TEST(a_known_limit_is_cut_less_deeply)
{
	struct rig r;

	set_up(&r, PACE_CEILING, 1000, 1000);
	r.round_trip_us = 100000;
	r.accepts = 9;
	while (r.pace.state != PACE_STEADY)
		run_for(&r, 0.001);
	while (r.pace.state != PACE_SETTLING)
		run_for(&r, 0.001);
	ck_assert_double_eq_tol(r.pace.rate, 0.7 * r.pace.epoch.rate, 0.001);
}
END_TEST

START_TEST(a_short_round_trip_is_judged_by_fifty_answers)
{
	struct rig r;

	set_up(&r, PACE_CEILING, 1000, 1000);
	r.round_trip_us = 1000;
	r.accepts = 5;
	while (r.pace.state != PACE_STEADY)
		run_for(&r, 0.001);
	ck_assert_uint_ge(r.pace.epoch.accepted + r.pace.epoch.rejected, 45);
	ck_assert_double_eq_tol(r.pace.rate, 500, 50);
}
END_TEST

START_TEST(it_grows_slowly_and_after_eight_quiet_seconds_faster)
{
	struct rig r;
	double rate;

	set_up(&r, PACE_AUTO, 1000, 1000);
	r.accepts = 9;
	while (r.pace.state != PACE_STEADY)
		run_for(&r, 0.001);
	r.accepts = 10;
	run_for(&r, 0.1);
	rate = r.pace.rate;
	run_for(&r, 7);
	ck_assert_double_eq_tol(r.pace.rate / rate, pow(1.005, 7), 0.01);
	ck_assert_str_eq(pace_why(&r.pace), "just below the limit");
	run_for(&r, 2);
	rate = r.pace.rate;
	run_for(&r, 3);
	ck_assert_double_eq_tol(r.pace.rate / rate, pow(1.1, 3), 0.02);
	ck_assert_str_eq(pace_why(&r.pace), "growing");
}
END_TEST

START_TEST(a_ceiling_is_never_passed)
{
	struct rig r;
	uint64_t sent;

	set_up(&r, PACE_CEILING, 250, 1000);
	sent = run_for(&r, 60);
	ck_assert_double_eq(r.pace.rate, 250);
	ck_assert_uint_le(sent, 60 * 250 + 3);
	ck_assert_uint_ge(sent, 60 * 250 - 3);
}
END_TEST

START_TEST(a_tenth_of_a_request_a_second_is_a_rate)
{
	struct rig r;

	set_up(&r, PACE_CEILING, 0.1, 1000);
	/* The first at once. */
	ck_assert_uint_eq(run_for(&r, 100), 11);
	r.accepts = 0;
	run_for(&r, 1000);
	ck_assert_double_eq(r.pace.rate, 0.1);
}
END_TEST

START_TEST(a_million_a_second_is_a_rate)
{
	struct rig r;

	set_up(&r, PACE_CEILING, 5e6, 4000);
	r.round_trip_us = 100;
	ck_assert_uint_ge(run_for(&r, 0.1), 99000);
	ck_assert_double_eq(r.pace.rate, PACE_MOST_RATE);
}
END_TEST

START_TEST(when_all_is_rejected_one_request_a_second_goes_on)
{
	struct rig r;
	uint64_t sent;

	set_up(&r, PACE_AUTO, 1000, 1000);
	r.accepts = 0;
	run_for(&r, 100);
	ck_assert_double_le(r.pace.rate, 1.5);
	sent = run_for(&r, 100);
	ck_assert_uint_ge(sent, 90);
	ck_assert_uint_le(sent, 150);
}
END_TEST

START_TEST(unpaced_is_as_fast_as_the_window_until_a_429)
{
	struct rig r;

	set_up(&r, PACE_OFF, 0, 1000);
	ck_assert_uint_eq(send_burst(&r), 1000);
	ck_assert_uint_eq(pace_next(&r.pace, r.now_us), PACE_NEVER);
	r.now_us += 40000;
	answer_one(&r);
	ck_assert_uint_eq(send_burst(&r), 1);
	r.accepts = 0;
	answer_one(&r);
	ck_assert_int_eq(r.pace.state, PACE_SETTLING);
	/* 25,000/s left, and half of it is still allowed. */
	ck_assert_double_eq_tol(r.pace.rate, 12500, 100);
}
END_TEST

START_TEST(no_answer_says_nothing_of_a_limit)
{
	struct rig r;
	int i;

	set_up(&r, PACE_AUTO, 1000, 1000);
	for (i = 0; i < 1000; i++) {
		pace_sent(&r.pace, r.now_us);
		r.now_us += SECOND;
		pace_settled(&r.pace, r.now_us, r.now_us - SECOND, PACE_LOST);
	}
	ck_assert_double_eq(r.pace.rate, 1000);
	ck_assert_double_eq(r.pace.round_trip, 0);
	ck_assert_uint_eq(r.pace.in_flight, 0);
}
END_TEST

START_TEST(in_flight_is_twice_what_the_rate_needs_and_a_little)
{
	struct rig r;

	set_up(&r, PACE_CEILING, 1000, 1000);
	ck_assert_uint_eq(pace_window(&r.pace), 1000);
	run_for(&r, 1);
	ck_assert_uint_eq(pace_window(&r.pace), 2 * 40 + 32);
	/* The server stands still. */
	r.round_trip_us = 3600U * SECOND;
	run_for(&r, 10);
	ck_assert_uint_eq(r.pace.in_flight, 2 * 40 + 32);
	ck_assert_uint_eq(pace_next(&r.pace, r.now_us), PACE_NEVER);
}
END_TEST

START_TEST(a_pause_that_was_asked_for_holds_everything)
{
	static const enum pace_mode modes[] = { PACE_OFF, PACE_AUTO };
	struct rig r;
	int i;

	for (i = 0; i < 2; i++) {
		set_up(&r, modes[i], 1000, 1000);
		pace_hold(&r.pace, r.now_us, 20 * SECOND);
		pace_hold(&r.pace, r.now_us, 10 * SECOND);
		ck_assert_uint_eq(send_burst(&r), 0);
		ck_assert_uint_eq(pace_next(&r.pace, r.now_us),
		    r.now_us + 20 * SECOND);
		r.now_us += 20 * SECOND;
		ck_assert_uint_le(pace_next(&r.pace, r.now_us), r.now_us);
		pace_hold(&r.pace, r.now_us, UINT64_MAX);
		r.now_us += PACE_HOLD_MAX_US;
		ck_assert_uint_le(pace_next(&r.pace, r.now_us), r.now_us);
	}
}
END_TEST

START_TEST(no_time_passes_and_nothing_breaks)
{
	struct rig r;
	int i;

	set_up(&r, PACE_AUTO, 1000, 1000);
	for (i = 0; i < 100000; i++) {
		pace_sent(&r.pace, r.now_us);
		pace_settled(&r.pace, r.now_us, r.now_us,
		    i % 2 ? PACE_ACCEPTED : PACE_REJECTED);
	}
	ck_assert(isfinite(r.pace.rate) && r.pace.rate >= 1);
	ck_assert_uint_ne(pace_next(&r.pace, r.now_us), PACE_NEVER);
}
END_TEST

START_TEST(a_clock_that_steps_by_hours_is_survived)
{
	static const int64_t steps[] = { 5 * 3600, -9 * 3600, -1, 1 };
	struct rig r;
	size_t i;

	set_up(&r, PACE_CEILING, 500, 1000);
	r.now_us += 24ULL * 3600 * SECOND;
	for (i = 0; i < 4; i++) {
		run_for(&r, 2);
		while (r.first < r.last)
			answer_one(&r);
		r.now_us += (uint64_t)(steps[i] * SECOND);
		ck_assert_uint_ge(run_for(&r, 2), 950);
		r.accepts = 8;
		run_for(&r, 2);
		ck_assert_double_ge(r.pace.rate, 100);
		r.accepts = 10;
		run_for(&r, 30);
	}
}
END_TEST

/* --- whatever happens --- */

static uint64_t
draw_time(struct rng *rng, uint64_t now_us)
{
	switch (rng_below(rng, 12)) {
	case 0:
		return now_us + rng_below(rng, 7200ULL * SECOND);
	case 1:
		return now_us - rng_below(rng, now_us / 2 + 1);
	case 2:
		return now_us + rng_below(rng, SECOND);
	default:
		return now_us + rng_below(rng, 3000);
	}
}

static void
hold_the_laws(struct pace *p, uint64_t now_us, unsigned window)
{
	uint64_t at = pace_next(p, now_us), limit = now_us;

	ck_assert_uint_le(p->in_flight, window);
	ck_assert_uint_ge(pace_window(p), 1);
	ck_assert_uint_le(pace_window(p), window);
	ck_assert(isfinite(p->round_trip) && p->round_trip >= 0);
	if (at == PACE_NEVER) {
		ck_assert_uint_gt(p->in_flight, 0);
		return;
	}
	if (p->state != PACE_UNPACED) {
		ck_assert(isfinite(p->rate) && p->rate > 0);
		ck_assert_double_le(p->rate, PACE_MOST_RATE);
		limit += (uint64_t)(SECOND / p->rate) + 1;
	}
	if (at > limit)
		ck_assert_uint_le(at, now_us + PACE_HOLD_MAX_US);
	/* It is as it says: the one who waits may send. */
	ck_assert_uint_le(pace_next(p, at > now_us ? at : now_us),
	    at > now_us ? at : now_us);
}

static void
play(uint64_t seed)
{
	struct pace_opts opts = { .window = 1 };
	uint64_t now_us = 0, sent[64];
	struct pace p;
	struct rng rng;
	unsigned i, n = 0;

	rng_init(&rng, seed);
	opts.mode = (enum pace_mode)rng_below(&rng, 3);
	opts.rate = pow(10, (double)rng_below(&rng, 8) - 1);
	opts.window += (unsigned)rng_below(&rng, 64);
	pace_init(&p, &opts, now_us);
	for (i = 0; i < 400; i++) {
		now_us = draw_time(&rng, now_us);
		if (rng_below(&rng, 50) == 0)
			pace_hold(&p, now_us,
			    rng_next(&rng) >> rng_below(&rng, 64));
		if (n > 0 && rng_below(&rng, 2) == 0) {
			uint64_t k = rng_below(&rng, n);

			pace_settled(&p, now_us, sent[k],
			    (enum pace_answer)rng_below(&rng, 3));
			sent[k] = sent[--n];
		} else if (pace_next(&p, now_us) <= now_us) {
			pace_sent(&p, now_us);
			sent[n++] = now_us;
		}
		hold_the_laws(&p, now_us, opts.window);
	}
}

START_TEST(whatever_happens_the_laws_hold)
{
	uint64_t seed;

	for (seed = 0; seed < 400; seed++)
		play(seed);
}
END_TEST

int
main(void)
{
	return suite_run("pace",
	    the_first_burst_is_five_milliseconds_of_the_rate,
	    without_a_429_the_rate_doubles_each_second,
	    it_climbs_to_what_the_window_can_use_and_no_higher,
	    what_is_not_used_does_not_grow,
	    a_429_cuts_once_and_is_judged_by_what_left_before,
	    a_known_limit_is_cut_less_deeply,
	    a_short_round_trip_is_judged_by_fifty_answers,
	    it_grows_slowly_and_after_eight_quiet_seconds_faster,
	    a_ceiling_is_never_passed, a_tenth_of_a_request_a_second_is_a_rate,
	    a_million_a_second_is_a_rate,
	    when_all_is_rejected_one_request_a_second_goes_on,
	    unpaced_is_as_fast_as_the_window_until_a_429,
	    no_answer_says_nothing_of_a_limit,
	    in_flight_is_twice_what_the_rate_needs_and_a_little,
	    a_pause_that_was_asked_for_holds_everything,
	    no_time_passes_and_nothing_breaks,
	    a_clock_that_steps_by_hours_is_survived,
	    whatever_happens_the_laws_hold, NULL);
}
