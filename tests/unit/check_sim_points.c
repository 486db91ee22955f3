/* SPDX-License-Identifier: MIT */
/* points: a measured distribution is read, said again, and drawn from. */
#include "sim/points.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/delay.h"
#include "sim/latency.h"
#include "src/base/buf.h"
#include "src/base/mem.h"
#include "src/base/opt.h"
#include "tests/support/suite.h"

enum { DRAWS = 10000 };

static const char five[] =
    "points:0%=18ms,50%=42ms,90%=60ms,99%=120ms,100%=2000ms";

static struct sim_delay
read_delay(const char *text)
{
	struct err err = ERR_INIT;
	struct sim_delay d;

	ck_assert_msg(sim_parse_delay(text, &d, &err) == 0, "%s", err.text);
	return d;
}

START_TEST(points_are_read_and_said_again)
{
	static const char *const rows[][3] = {
		{ "points:0=0,100=0", "points:0%=0ms,100%=0ms",
		    "2 points p50=0ms p99=0ms max=0ms" },
		{ "points:0%=1us,99.9999%=1ms,100%=24h",
		    "points:0%=1us,99.9999%=1ms,100%=86400000ms",
		    "3 points p50=501us p99=990us max=86400000ms" },
		{ five, five, "5 points p50=42ms p99=120ms max=2000ms" },
	};
	struct sim_delay d;
	struct buf text;
	size_t i;

	buf_init(&text, 4096);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		d = read_delay(rows[i][0]);
		buf_clear(&text);
		sim_delay_grammar.format(&d, &text);
		ck_assert_str_eq(text.data, rows[i][1]);
		buf_clear(&text);
		sim_add_delay(&d, &text);
		ck_assert_str_eq(text.data, rows[i][2]);
	}
	buf_release(&text);
}
END_TEST

START_TEST(points_that_cannot_be_are_named)
{
	static const char *const rows[][2] = {
		{ "points:", "'': want points such as 99.9%=400ms" },
		{ "points:0%=1ms", "want 0% first" },
		{ "points:1%=1ms,100%=2ms", "'1%=1ms': want 0% first" },
		{ "points:0%=1ms,99%=2ms", "100% last" },
		{ "points:0%=1ms,50%=3ms,50%=4ms,100%=9ms",
		    "'50%=4ms': percentiles rise" },
		{ "points:0%=1ms,50%=3ms,60%=2ms,100%=9ms",
		    "'60%=2ms': percentiles rise, and times do not fall" },
		{ "points:0%=1ms,100%=25h", "'100%=25h': want at most 24 h" },
		{ "points:0%=1ms,100%=2ms,", "'': want points" },
		{ "points:0%=1ms,,100%=2ms", "'': want points" },
		{ "points:0%:1ms,100%:2ms", "'0%:1ms': want points" },
		{ "points:0%=1ms,101%=2ms", "'101%=2ms': want points" },
		{ "points:0%=soon,100%=2ms", "'0%=soon': want points" },
		{ "points:0%=00000000000000000000000000000000000000001ms",
		    "want points" },
		{ "table:", "cannot read " },
		{ "table:/nonexistent/file", "cannot read /nonexistent/file" },
		{ "table:/dev/zero", "64 KiB or more" },
	};
	struct sim_delay d = { .us = 7 };
	struct err err = ERR_INIT;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ck_assert_msg(sim_parse_delay(rows[i][0], &d, &err) == -1, "%s",
		    rows[i][0]);
		ck_assert_msg(strstr(err.text, rows[i][1]) != NULL, "%s",
		    err.text);
		ck_assert_uint_eq(d.us, 7); /* left alone */
	}
}
END_TEST

START_TEST(there_are_at_most_64_points)
{
	struct err err = ERR_INIT;
	struct sim_delay d;
	struct buf text;
	int i;

	buf_init(&text, 4096);
	buf_adds(&text, "points:");
	for (i = 0; i < SIM_POINTS_MAX - 1; i++)
		buf_addf(&text, "%d%%=%dms,", i, i);
	buf_adds(&text, "100%=1s");
	d = read_delay(text.data);
	ck_assert_uint_eq(d.points, SIM_POINTS_MAX);
	text.len -= strlen("100%=1s");
	buf_adds(&text, "99%=99ms,100%=1s");
	ck_assert_int_eq(sim_parse_delay(text.data, &d, &err), -1);
	ck_assert_str_eq(err.text, "'100%=1s': want at most 64 percentiles");
	buf_release(&text);
}
END_TEST

/* The delay in a file of that content, or what is said of it. */
static int
read_file(const char *content, struct sim_delay *d, struct err *err)
{
	char path[] = "points.XXXXXX", text[64];
	int fd = mkstemp(path), rc;

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, content, strlen(content)),
	    (ssize_t)strlen(content));
	close(fd);
	snprintf(text, sizeof(text), "table:%s", path);
	rc = sim_parse_delay(text, d, err);
	unlink(path);
	return rc;
}

START_TEST(a_file_holds_the_same)
{
	static const char content[] = "# what curl said on a Monday\n"
				      "\n"
				      "0 18ms\r\n"
				      "\t50%\t42ms  # the median\n"
				      "90   60ms\n"
				      "99.0% 120ms\n"
				      "   #\n"
				      "100 2s";
	struct sim_delay d, typed = read_delay(five);
	struct err err = ERR_INIT;

	ck_assert_msg(read_file(content, &d, &err) == 0, "%s", err.text);
	ck_assert_uint_eq(d.points, typed.points);
	ck_assert_mem_eq(d.share, typed.share, sizeof(d.share));
	ck_assert_mem_eq(d.at_us, typed.at_us, sizeof(d.at_us));
}
END_TEST

START_TEST(what_is_wrong_in_a_file_has_its_line)
{
	static const char *const rows[][2] = {
		{ "", ":1: want 0% first" },
		{ "# nothing\n", ":1: want 0% first" },
		{ "0 1ms\n50 2ms\n",
		    ":2: want 0% first, the shortest time, "
		    "and 100% last" },
		{ "10 1ms\n", ":1: want 0% first" },
		{ "0 1ms\n\nsoon\n100 2ms\n",
		    ":3: want a percentile and a time, such as 99.9 400ms" },
		{ "0 1ms extra\n", ":1: want a percentile" },
		{ "0 1\n", ":1: want a percentile" },
		{ "0 1ms\n50 3ms\n50 4ms\n", ":3: percentiles rise" },
		{ "0 1ms\n50 3ms\n60 2ms\n", ":3: percentiles rise" },
		{ "0 1ms\n100 25h\n", ":2: want at most 24 hours" },
	};
	struct err err = ERR_INIT;
	struct sim_delay d;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ck_assert_int_eq(read_file(rows[i][0], &d, &err), -1);
		ck_assert_int_eq(err.code, ERR_CONFIG);
		ck_assert_msg(strncmp(err.text, "points.", 7) == 0 &&
			strstr(err.text, rows[i][1]) != NULL,
		    "%s", err.text);
	}
	/* A NUL is part of no word. */
	memset(&d, 0, sizeof(d));
	ck_assert_int_eq(points_scan("x", "0\0 1ms\n", 7, &d, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "x:1: want a percentile"));
}
END_TEST

START_TEST(between_two_points_there_is_a_straight_line)
{
	static const struct {
		double millionths;
		uint64_t us;
	} rows[] = { { 0, 18000 }, { 250000, 30000 }, { 500000, 42000 },
		{ 700000, 51000 }, { 900000, 60000 }, { 990000, 120000 },
		{ 995000, 1060000 }, { 1000000, 2000000 } };
	struct sim_delay d = read_delay(five);
	uint64_t before = 0, us;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ck_assert_uint_eq(points_at(&d, rows[i].millionths),
		    rows[i].us);
	for (i = 0; i <= 1000000; i += 37, before = us) {
		us = points_at(&d, (double)i);
		ck_assert_uint_ge(us, before);
		ck_assert_uint_le(us, 2000000);
	}
}
END_TEST

static int
by_size(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x == y ? 0 : x < y ? -1 : 1;
}

/* Of ten thousand names under that seed, sorted; free() them. */
static uint64_t *
draw(const char *text, uint64_t seed)
{
	uint64_t *us = mem_resize(NULL, DRAWS, sizeof(*us));
	struct err err = ERR_INIT;
	struct buf bucket, name;
	struct sim_opts opts;
	struct latency l;
	size_t i;

	sim_defaults(&opts);
	opts.seed = seed;
	opts.kind_latency[SIM_GET] = read_delay(text);
	ck_assert_int_eq(latency_init(&l, &opts, &err), 0);
	buf_init(&bucket, 100);
	buf_init(&name, 100);
	buf_adds(&bucket, "demo");
	for (i = 0; i < DRAWS; i++) {
		buf_clear(&name);
		buf_addf(&name, "blob/%zu", i);
		us[i] = latency_of(&l, SIM_GET, &bucket, &name, 1);
	}
	qsort(us, DRAWS, sizeof(*us), by_size);
	buf_release(&bucket);
	buf_release(&name);
	return us;
}

static double
mean_of(const uint64_t *us)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < DRAWS; i++)
		sum += (double)us[i];
	return sum / DRAWS;
}

/* Bounds are some four standard errors; the mean of the five points is
 * .5 * 30 + .4 * 51 + .09 * 90 + .01 * 1060 = 54.1 ms. */
START_TEST(ten_thousand_draws_have_the_percentiles_of_the_table)
{
	uint64_t seed, *us;

	for (seed = 1; seed <= 5; seed++) {
		us = draw(five, seed);
		ck_assert_uint_ge(us[0], 18000);
		ck_assert_uint_le(us[DRAWS - 1], 2000000);
		ck_assert_double_eq_tol((double)us[DRAWS / 2], 42000, 1000);
		ck_assert_double_eq_tol((double)us[DRAWS / 100 * 90], 60000,
		    8000);
		ck_assert_double_eq_tol((double)us[DRAWS / 1000 * 950], 93333,
		    6000);
		ck_assert_double_eq_tol(mean_of(us), 54100, 4800);
		free(us);
	}
}
END_TEST

/* The same numbers on every machine, every day. */
START_TEST(a_seed_draws_the_same_numbers_always)
{
	uint64_t *us = draw(five, 1), *again = draw(five, 1);

	ck_assert_mem_eq(us, again, DRAWS * sizeof(*us));
	ck_assert_uint_eq(us[0], 18021);
	ck_assert_uint_eq(us[DRAWS / 2], 42017);
	ck_assert_uint_eq(us[DRAWS / 100 * 99], 119992);
	ck_assert_uint_eq(us[DRAWS - 1], 1999236);
	free(us);
	free(again);
}
END_TEST

START_TEST(points_that_nobody_could_have_typed_start_nothing)
{
	struct err err = ERR_INIT;
	struct sim_delay d = read_delay(five);

	ck_assert_int_eq(sim_check_delay(&d, &err), 0);
	d.at_us[2] = d.at_us[1] - 1;
	ck_assert_int_eq(sim_check_delay(&d, &err), -1);
	d = read_delay(five);
	d.points = SIM_POINTS_MAX + 1;
	ck_assert_int_eq(sim_check_delay(&d, &err), -1);
	d.points = 1;
	ck_assert_int_eq(sim_check_delay(&d, &err), -1);
	d.points = 4;
	ck_assert_int_eq(sim_check_delay(&d, &err), -1);
	ck_assert_int_eq(err.code, ERR_USAGE);
}
END_TEST

int
main(void)
{
	return suite_run("sim_points", points_are_read_and_said_again,
	    points_that_cannot_be_are_named, there_are_at_most_64_points,
	    a_file_holds_the_same, what_is_wrong_in_a_file_has_its_line,
	    between_two_points_there_is_a_straight_line,
	    ten_thousand_draws_have_the_percentiles_of_the_table,
	    a_seed_draws_the_same_numbers_always,
	    points_that_nobody_could_have_typed_start_nothing, NULL);
}
