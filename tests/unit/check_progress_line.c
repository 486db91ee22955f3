/* SPDX-License-Identifier: MIT */
/* progress_line: what is said at which width, from nothing to millions. */
#include <string.h>

#include "src/base/buf.h"
#include "src/base/rng.h"
#include "src/cli/progress_line.h"
#include "tests/support/suite.h"

static const struct progress_line half_way = {
	.name = "sweep",
	.unit = "objects",
	.state = PROGRESS_RUNNING,
	.has_total = true,
	.done = 120,
	.total = 391,
	.bytes = 1200000000,
	.elapsed_us = 300000,
	.in_flight = 100,
	.rejected = 3,
};

static void
expect(const struct progress_line *l, size_t width, const char *want)
{
	struct buf text;

	buf_init(&text, 4096);
	progress_line_format(l, 0, width, &text);
	ck_assert_str_eq(text.data, want);
	buf_release(&text);
}

START_TEST(what_does_not_fit_goes_the_weakest_first)
{
	static const char full[] = "sweep 120/391 objects, 1.2 GB, 400/s, "
				   "ETA 0.7 s, 100 in flight, 3 rejected";

	expect(&half_way, 0, full);
	expect(&half_way, 200, full);
	expect(&half_way, 80, full);
	expect(&half_way, strlen(full), full);
	expect(&half_way, strlen(full) - 1,
	    "sweep 120/391 objects, 1.2 GB, 400/s, ETA 0.7 s, 3 rejected");
	expect(&half_way, 51,
	    "sweep 120/391 objects, 400/s, ETA 0.7 s, 3 rejected");
	expect(&half_way, 40, "sweep 120/391 objects, 400/s, ETA 0.7 s");
	expect(&half_way, 33, "sweep 120/391 objects, ETA 0.7 s");
	expect(&half_way, 21, "sweep 120/391 objects");
	expect(&half_way, 20, "sweep");
	expect(&half_way, 3, "swe");
}
END_TEST

START_TEST(while_the_server_is_out_nobody_knows_how_long_it_takes)
{
	struct progress_line l = half_way;

	l.is_out = true;
	expect(&l, 0,
	    "sweep 120/391 objects, 1.2 GB, 400/s, the server is out, 100 in "
	    "flight, 3 rejected");
	expect(&l, 41, "sweep 120/391 objects, the server is out");
	l.has_total = false;
	expect(&l, 37, "sweep 120 objects, the server is out");
	l.state = PROGRESS_ENDED;
	expect(&l, 41, "sweep 120 objects, stopped after 0.3 s");
}
END_TEST

START_TEST(a_phase_that_waits_says_no_more)
{
	struct progress_line l = half_way;

	l.state = PROGRESS_WAITING;
	expect(&l, 80, "sweep -");
}
END_TEST

START_TEST(the_first_instant_has_no_rate_and_no_end)
{
	struct progress_line l = half_way;

	l.done = l.bytes = l.elapsed_us = l.rejected = 0;
	expect(&l, 80, "sweep 0/391 objects, 100 in flight");
	l.elapsed_us = 5000000; /* and nothing yet */
	expect(&l, 80, "sweep 0/391 objects, 100 in flight");
	l.done = 7;
	l.elapsed_us = 999; /* too soon to tell */
	expect(&l, 80, "sweep 7/391 objects, 100 in flight");
	l.total = l.done = l.in_flight = 0;
	expect(&l, 80, "sweep 0/0 objects");
}
END_TEST

START_TEST(without_a_total_there_is_no_end)
{
	struct progress_line l = half_way;

	l.has_total = false;
	expect(&l, 80,
	    "sweep 120 objects, 1.2 GB, 400/s, 100 in flight, 3 rejected");
}
END_TEST

START_TEST(the_end_says_how_long_it_took)
{
	struct progress_line l = half_way;

	l.state = PROGRESS_ENDED;
	expect(&l, 80,
	    "sweep 120/391 objects, 1.2 GB, 400/s, stopped after 0.3 s, "
	    "3 rejected");
	l.done = l.total;
	l.is_done = true;
	l.rejected = 0;
	l.elapsed_us = 120 * UINT64_C(1000000);
	expect(&l, 80, "sweep 391/391 objects, 1.2 GB, 3.3/s, done in 2 min");
}
END_TEST

START_TEST(times_have_the_unit_that_suits_them)
{
	static const struct {
		uint64_t rest;
		const char *want;
	} rows[] = {
		{ 9, "sweep 1/10 objects, 1.0/s, ETA 9.0 s" },
		{ 99, "sweep 1/100 objects, 1.0/s, ETA 99 s" },
		{ 180, "sweep 1/181 objects, 1.0/s, ETA 3 min" },
		{ 7200, "sweep 1/7201 objects, 1.0/s, ETA 2 h" },
		{ 864000, "sweep 1/864001 objects, 1.0/s, ETA 10 d" },
		{ 100000000, "sweep 1/100000001 objects, 1.0/s, ETA years" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct progress_line l = half_way;

		l.bytes = l.in_flight = l.rejected = 0;
		l.elapsed_us = 1000000;
		l.done = 1;
		l.total = 1 + rows[i].rest;
		expect(&l, 80, rows[i].want);
	}
}
END_TEST

START_TEST(millions_fit)
{
	struct progress_line l = half_way;

	l.done = 12345678;
	l.total = 98765432;
	l.elapsed_us = 3600 * UINT64_C(1000000);
	expect(&l, 80,
	    "sweep 12345678/98765432 objects, 1.2 GB, 3429/s, ETA 7 h, "
	    "3 rejected");
}
END_TEST

START_TEST(no_line_is_ever_wider_than_asked)
{
	static const size_t widths[] = { 1, 5, 20, 40, 80, 200 };
	struct rng rng;
	uint64_t seed;
	size_t i;

	for (seed = 0; seed < 5000; seed++) {
		struct progress_line l = half_way;

		rng_init(&rng, seed);
		l.state = (enum progress_state)rng_below(&rng, 3);
		l.has_total = rng_below(&rng, 2);
		l.is_done = rng_below(&rng, 2);
		l.done = rng_next(&rng) >> rng_below(&rng, 64);
		l.total = rng_next(&rng) >> rng_below(&rng, 64);
		l.bytes = rng_next(&rng) >> rng_below(&rng, 64);
		l.elapsed_us = rng_next(&rng) >> rng_below(&rng, 64);
		l.in_flight = rng_next(&rng) >> rng_below(&rng, 64);
		l.rejected = rng_next(&rng) >> rng_below(&rng, 64);
		for (i = 0; i < sizeof(widths) / sizeof(widths[0]); i++) {
			struct buf text;

			buf_init(&text, 4096);
			progress_line_format(&l, 5, widths[i], &text);
			ck_assert_msg(text.len <= widths[i],
			    "seed %llu, width %zu: %s",
			    (unsigned long long)seed, widths[i], text.data);
			buf_release(&text);
		}
	}
}
END_TEST

int
main(void)
{
	return suite_run("progress_line",
	    what_does_not_fit_goes_the_weakest_first,
	    while_the_server_is_out_nobody_knows_how_long_it_takes,
	    a_phase_that_waits_says_no_more,
	    the_first_instant_has_no_rate_and_no_end,
	    without_a_total_there_is_no_end, the_end_says_how_long_it_took,
	    times_have_the_unit_that_suits_them, millions_fit,
	    no_line_is_ever_wider_than_asked, NULL);
}
