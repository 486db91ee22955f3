/* SPDX-License-Identifier: MIT */
/* bench_model: against closed forms, where there are any. */
#include "src/base/rng.h"
#include "src/cli/bench_model.h"
#include "tests/support/suite.h"

enum { LATENCY = 42000, SEEDS = 2000 };

START_TEST(without_a_limit_it_counts_waves)
{
	struct rng rng;
	int seed;

	for (seed = 0; seed < SEEDS; seed++) {
		struct bench_model m = { .latency_us = LATENCY };
		uint64_t victims[3], waves = 0;
		int i;

		rng_init(&rng, (uint64_t)seed);
		m.width = 1 + rng_below(&rng, 50);
		m.is_listing = rng_below(&rng, 2);
		for (i = 0; i < 3; i++) {
			victims[i] = rng_below(&rng, 200);
			waves += (victims[i] + m.width - 1) / m.width;
		}
		ck_assert_msg(bench_model_run(&m, victims, 3) ==
			waves * LATENCY * (m.is_listing ? 2 : 1),
		    "seed %d", seed);
	}
}
END_TEST

/* T = max((N - B)/R + L, ceil(N/width) L), whenever width >= R L: the bucket
 * decides, unless the window is so narrow that it never runs dry. */
START_TEST(with_a_limit_it_is_the_closed_form_where_that_holds)
{
	static const uint64_t rates[] = { 1, 10, 100, 1000, 5000 };
	struct rng rng;
	int seed;

	for (seed = 0; seed < SEEDS; seed++) {
		struct bench_model m = { .latency_us = LATENCY };
		uint64_t n, window, by_bucket, by_window;

		rng_init(&rng, (uint64_t)seed);
		m.write_limit = rates[rng_below(&rng, 5)];
		m.burst = 1 + rng_below(&rng, 300);
		window = m.write_limit * LATENCY / 1000000 + 1;
		m.width = window + rng_below(&rng, 100);
		n = m.burst + window + rng_below(&rng, 1000);
		by_bucket = (n - m.burst) * 1000000 / m.write_limit + LATENCY;
		by_window = (n + m.width - 1) / m.width * LATENCY;
		ck_assert_msg(bench_model_run(&m, &n, 1) ==
			(by_bucket > by_window ? by_bucket : by_window),
		    "seed %d", seed);
	}
}
END_TEST

START_TEST(a_burst_that_holds_all_is_no_limit)
{
	struct bench_model m = {
		.latency_us = LATENCY,
		.write_limit = 1,
		.burst = 100,
		.width = 1000,
	};
	uint64_t n = 100;

	ck_assert_uint_eq(bench_model_run(&m, &n, 1), LATENCY);
	n = 101;
	ck_assert_uint_eq(bench_model_run(&m, &n, 1), 1000000 + LATENCY);
	n = 0;
	ck_assert_uint_eq(bench_model_run(&m, &n, 1), 0);
}
END_TEST

/* 3 a second: the second write waits 333333 1/3 us, and no grant is early. */
START_TEST(a_rate_that_divides_badly_is_rounded_up)
{
	struct bench_model m = {
		.write_limit = 3,
		.burst = 1,
		.width = 10,
	};
	uint64_t n = 2;

	ck_assert_uint_eq(bench_model_run(&m, &n, 1), 333334);
	n = 4;
	ck_assert_uint_eq(bench_model_run(&m, &n, 1), 1000000);
}
END_TEST

int
main(void)
{
	return suite_run("bench_model", without_a_limit_it_counts_waves,
	    with_a_limit_it_is_the_closed_form_where_that_holds,
	    a_burst_that_holds_all_is_no_limit,
	    a_rate_that_divides_badly_is_rounded_up, NULL);
}
