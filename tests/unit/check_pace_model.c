/* SPDX-License-Identifier: MIT */
/*
 * pace, outage and retry together: how long a sweep takes against a limiter, in
 * terms of what no client could beat, and what is wasted.  All on a clock that
 * only events move, so the numbers are the same everywhere.
 *
 *	check_pace_model --table	prints the table of doc/DRIVER.md
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/suite.h"
#include "tests/unit/pace_model.h"

static const unsigned round_trips[] = { 10, 42, 100 };

static struct model
against(double rate, double burst, unsigned round_trip_ms, unsigned operations)
{
	return (struct model){
		.operations = operations,
		.width = 1000,
		.pace = { PACE_AUTO, PACE_BEGIN_RATE, 1000 },
		.round_trip_us = round_trip_ms * 1000,
		.rate = rate,
		.burst = burst,
	};
}

/* No client is faster, but by luck with the last answers. */
static double
bound(const struct model *m)
{
	double trip = (double)m->round_trip_us / 1e6;
	double n = m->operations, limit = 0, window;

	if (m->rate > 0)
		limit = (n - m->burst) / m->rate;
	window = n * trip / m->pace.window;
	return (limit > window ? limit : window) + trip;
}

static double
doubling_bound(const struct model *m)
{
	return m->doubles_in_s *
	    log2(1 + m->operations * log(2) / (m->rate * m->doubles_in_s));
}

/* 1000/s, 300/s from 30 s on, 1000/s again from 60 s on. */
static struct model
against_steps(double burst, unsigned round_trip_ms)
{
	struct model m = against(1000, burst, round_trip_ms, 100000);

	m.steps[0] = (struct model_step){ 30000000, 300 };
	m.steps[1] = (struct model_step){ 60000000, 1000 };
	return m;
}

static double
steps_bound(const struct model *m)
{
	return 60 + (m->operations - m->burst - 30000 - 9000) / 1000;
}

static struct model
against_doubling(unsigned round_trip_ms)
{
	struct model m = against(1000, 1000, round_trip_ms, 1000000);

	m.doubles_in_s = 1200;
	return m;
}

/* The worst of some seeds. */
struct worst {
	double time, rejected, requests; /* of the bound, of all, of N */
	unsigned rejections;
	uint64_t given_up, openings; /* of all */
};

static struct worst
worst_of(const struct model *m, double least_time, unsigned seeds)
{
	struct worst w = { 0 };
	unsigned i;

	for (i = 0; i < seeds; i++) {
		struct model run = *m;

		run.seed = m->seed + i;
		model_run(&run);
		w.time = fmax(w.time, run.seconds / least_time);
		w.rejected = fmax(w.rejected,
		    (double)run.rejected / (double)run.requests);
		w.requests = fmax(w.requests,
		    (double)run.requests / run.operations);
		if (run.most_rejections > w.rejections)
			w.rejections = run.most_rejections;
		w.given_up += run.given_up;
		w.openings += run.openings;
	}
	return w;
}

static void
assert_worst(const struct model *m, double least_time, double most_time,
    double most_rejected)
{
	struct worst w = worst_of(m, least_time, 3);

	ck_assert_double_le(w.time, most_time);
	ck_assert_double_le(w.rejected, most_rejected);
	ck_assert_uint_le(w.rejections, 3);
	ck_assert_double_le(w.requests, 1.10);
	ck_assert_uint_eq(w.given_up, 0);
	ck_assert_uint_eq(w.openings, 0);
}

START_TEST(ten_thousand_are_done_within_15_percent_of_the_bound)
{
	struct model m;
	int i, burst;

	for (i = 0; i < 3; i++) {
		for (burst = 100; burst <= 1000; burst *= 10) {
			m = against(1000, burst, round_trips[i], 10000);
			assert_worst(&m, bound(&m), 1.15, 0.03);
		}
	}
}
END_TEST

START_TEST(a_hundred_thousand_are_done_within_5_percent_of_the_bound)
{
	struct model m;
	int i, burst;

	for (i = 0; i < 3; i++) {
		for (burst = 100; burst <= 1000; burst *= 10) {
			m = against(1000, burst, round_trips[i], 100000);
			assert_worst(&m, bound(&m), 1.05, 0.005);
		}
	}
}
END_TEST

START_TEST(late_timers_make_no_difference)
{
	struct model m;
	int i;

	for (i = 0; i < 3; i++) {
		m = against(1000, 100, round_trips[i], 10000);
		m.tick_us = 4000;
		assert_worst(&m, bound(&m), 1.15, 0.03);
	}
}
END_TEST

START_TEST(a_low_limit_rejects_less_than_4_percent)
{
	struct model m;
	int i, burst;

	for (i = 0; i < 3; i++) {
		for (burst = 50; burst <= 100; burst *= 2) {
			m = against(50, burst, round_trips[i], 10000);
			assert_worst(&m, bound(&m), 1.05, 0.04);
		}
	}
}
END_TEST

START_TEST(a_high_limit_is_found)
{
	struct model m;
	int i;

	for (i = 0; i < 3; i++) {
		m = against(5000, 1000, round_trips[i], 100000);
		assert_worst(&m, bound(&m), 1.10, 0.01);
	}
}
END_TEST

START_TEST(a_limit_that_falls_and_rises_is_followed)
{
	struct model m;
	int i, burst;

	for (i = 0; i < 3; i++) {
		for (burst = 100; burst <= 1000; burst *= 10) {
			m = against_steps(burst, round_trips[i]);
			assert_worst(&m, steps_bound(&m), 1.15, 0.01);
		}
	}
}
END_TEST

START_TEST(a_limit_that_doubles_in_20_minutes_is_followed)
{
	struct model m = against_doubling(42);

	assert_worst(&m, doubling_bound(&m), 1.02, 0.01);
}
END_TEST

START_TEST(without_a_limit_the_rate_climbs_to_what_the_window_gives)
{
	struct model m = against(0, 0, 42, 100000);

	assert_worst(&m, bound(&m), (bound(&m) + 3.5) / bound(&m), 0);
}
END_TEST

START_TEST(unpaced_and_without_a_limit_the_bound_is_met)
{
	struct model m;
	int i;

	for (i = 0; i < 3; i++) {
		m = against(0, 0, round_trips[i], 100000);
		m.pace.mode = PACE_OFF;
		assert_worst(&m, bound(&m), 1.01, 0);
	}
}
END_TEST

START_TEST(an_unpaced_sweep_that_meets_a_limit_follows_it)
{
	struct worst w;
	struct model m;
	int i;

	/* The first window is lost, and nothing can be done about it. */
	for (i = 0; i < 3; i++) {
		m = against(1000, 100, round_trips[i], 100000);
		m.pace.mode = PACE_OFF;
		w = worst_of(&m, bound(&m), 3);
		ck_assert_double_le(w.time, 1.05);
		ck_assert_double_le(w.rejected, 0.03);
	}
}
END_TEST

START_TEST(a_ceiling_is_kept_and_met)
{
	struct model m = against(1000, 100, 42, 10000);

	m.pace.mode = PACE_CEILING;
	m.pace.rate = 500;
	assert_worst(&m, 10000 / 500.0, 1.01, 0);
	model_run(&m);
	ck_assert_double_ge(m.seconds, 10000 / 500.0 - 0.1);
}
END_TEST

START_TEST(one_percent_of_503_changes_little_and_opens_no_breaker)
{
	struct model m;
	int i;

	for (i = 0; i < 3; i++) {
		m = against(1000, 100, round_trips[i], 100000);
		m.failing = 0.01;
		/* They cost a token each. */
		assert_worst(&m, bound(&m), 1.05, 0.005);
	}
}
END_TEST

/* Ten minutes, five seconds after the beginning. */
static void
survive_outage(struct model *m)
{
	m->down_from_us = 5000000;
	m->down_to_us = m->down_from_us + 600000000;
	for (m->seed = 1; m->seed <= 3; m->seed++) {
		struct model run = *m;

		model_run(&run);
		ck_assert_uint_eq(run.given_up, 0);
		ck_assert_uint_ge(run.openings, 1);
		ck_assert_uint_ge(run.soonest_probes, 1000000);
		ck_assert_uint_le(run.back_us, 5000000);
		/* What was in flight or quick to fail, a probe a second. */
		ck_assert_double_le((double)run.requests,
		    1.10 * run.operations + 600);
	}
}

START_TEST(an_outage_of_ten_minutes_is_survived)
{
	struct model m = against(0, 0, 42, 100000);

	survive_outage(&m);
	m = against(1000, 100, 100, 20000);
	survive_outage(&m);
}
END_TEST

START_TEST(an_outage_in_which_nothing_answers_is_survived)
{
	struct model m = against(0, 0, 42, 200000);

	m.is_mute = true;
	survive_outage(&m);
	m = against(1000, 100, 100, 20000);
	m.is_mute = true;
	survive_outage(&m);
}
END_TEST

START_TEST(a_single_operation_survives_an_outage_too)
{
	struct model m = against(0, 0, 42, 400);

	m.width = 1;
	m.down_from_us = 5000000;
	survive_outage(&m);
}
END_TEST

/* --- the table --- */

static void
print_row(const char *name, const struct model *m, double least_time)
{
	struct worst w = worst_of(m, least_time, 5);

	printf("| %s | %u | %.2f | %.3f | %.2f | %u |\n", name,
	    (unsigned)(m->round_trip_us / 1000), least_time, w.time,
	    100 * w.rejected, w.rejections);
}

static void
print_limits(unsigned operations)
{
	struct model m;
	char name[80];
	int i, burst;

	for (burst = 1000; burst >= 100; burst /= 10) {
		for (i = 0; i < 3; i++) {
			m = against(1000, burst, round_trips[i], operations);
			snprintf(name, sizeof(name), "1000/s, burst %d, N = %u",
			    burst, operations);
			print_row(name, &m, bound(&m));
		}
	}
}

static void
print_row_of_each_round_trip(unsigned i)
{
	struct model m = against(50, 100, round_trips[i], 10000);

	print_row("50/s, burst 100, N = 10000", &m, bound(&m));
	m = against(5000, 1000, round_trips[i], 100000);
	print_row("5000/s, burst 1000, N = 100000", &m, bound(&m));
	m = against_steps(100, round_trips[i]);
	print_row("1000/s, 300/s, 1000/s, N = 100000", &m, steps_bound(&m));
	m = against_doubling(round_trips[i]);
	print_row("1000/s, doubles in 20 min, N = 1000000", &m,
	    doubling_bound(&m));
	m = against(0, 0, round_trips[i], 100000);
	print_row("no limit, N = 100000", &m, bound(&m));
	m.pace.mode = PACE_OFF;
	print_row("no limit, unpaced, N = 100000", &m, bound(&m));
	m = against(1000, 100, round_trips[i], 100000);
	m.pace.mode = PACE_OFF;
	print_row("1000/s, burst 100, unpaced, N = 100000", &m, bound(&m));
}

static void
print_table(void)
{
	unsigned i;

	puts(
	    "| limit | round trip, ms | bound T\\*, s | T/T\\* | rejected, % | "
	    "429s of one object |");
	puts("|---|---:|---:|---:|---:|---:|");
	print_limits(10000);
	print_limits(100000);
	for (i = 0; i < 3; i++)
		print_row_of_each_round_trip(i);
}

int
main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "--table") == 0)
		return print_table(), 0;
	return suite_run("pace model",
	    ten_thousand_are_done_within_15_percent_of_the_bound,
	    a_hundred_thousand_are_done_within_5_percent_of_the_bound,
	    late_timers_make_no_difference,
	    a_low_limit_rejects_less_than_4_percent, a_high_limit_is_found,
	    a_limit_that_falls_and_rises_is_followed,
	    a_limit_that_doubles_in_20_minutes_is_followed,
	    without_a_limit_the_rate_climbs_to_what_the_window_gives,
	    unpaced_and_without_a_limit_the_bound_is_met,
	    an_unpaced_sweep_that_meets_a_limit_follows_it,
	    a_ceiling_is_kept_and_met,
	    one_percent_of_503_changes_little_and_opens_no_breaker,
	    an_outage_of_ten_minutes_is_survived,
	    an_outage_in_which_nothing_answers_is_survived,
	    a_single_operation_survives_an_outage_too, NULL);
}
