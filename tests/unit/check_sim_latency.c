/* SPDX-License-Identifier: MIT */
/* delay, latency: what is typed, and the shape of what comes out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/latency.h"
#include "src/base/buf.h"
#include "src/base/mem.h"
#include "tests/support/suite.h"

enum { NAMES = 100000 };

START_TEST(every_shape_is_read_and_said_again)
{
	static const struct {
		const char *text;
		struct sim_delay delay;
		const char *said;
	} rows[] = {
		{ "0", { .shape = SIM_CONSTANT, .us = 0 }, "0ms" },
		{ "42ms", { .shape = SIM_CONSTANT, .us = 42000 }, "42ms" },
		{ "1.5s", { .shape = SIM_CONSTANT, .us = 1500000 }, "1500ms" },
		{ "250us", { .shape = SIM_CONSTANT, .us = 250 }, "250us" },
		{ "24h", { .shape = SIM_CONSTANT, .us = SIM_DELAY_MAX },
		    "86400000ms" },
		{ "uniform:42ms±10%",
		    { .shape = SIM_UNIFORM, .us = 42000, .spread = 100000 },
		    "42ms ±10%" },
		{ "uniform:42ms+-10%",
		    { .shape = SIM_UNIFORM, .us = 42000, .spread = 100000 },
		    "42ms ±10%" },
		{ "uniform:1s±0%", { .shape = SIM_UNIFORM, .us = 1000000 },
		    "1000ms ±0%" },
		{ "uniform:12h±100%",
		    { .shape = SIM_UNIFORM,
			.us = SIM_DELAY_MAX / 2,
			.spread = 1000000 },
		    "43200000ms ±100%" },
		{ "lognormal:p50=42ms,p99=120ms",
		    { .shape = SIM_LOGNORMAL, .us = 42000, .p99_us = 120000 },
		    "lognormal p50=42ms p99=120ms" },
	};
	struct err err = ERR_INIT;
	struct sim_delay d;
	struct buf said;
	size_t i;

	buf_init(&said, 1000);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ck_assert_msg(sim_parse_delay(rows[i].text, &d, &err) == 0,
		    "%s", err.text);
		ck_assert_int_eq(d.shape, rows[i].delay.shape);
		ck_assert_uint_eq(d.us, rows[i].delay.us);
		ck_assert_uint_eq(d.p99_us, rows[i].delay.p99_us);
		ck_assert_uint_eq(d.spread, rows[i].delay.spread);
		buf_clear(&said);
		sim_add_delay(&d, &said);
		ck_assert_str_eq(said.data, rows[i].said);
	}
	buf_release(&said);
}
END_TEST

START_TEST(what_cannot_be_is_refused_by_name)
{
	static const char *const rows[][2] = {
		{ "", "want a time such as 42ms" },
		{ "soon", "'soon': want a time such as 42ms" },
		{ "42", "want a time such as 42ms" },
		{ "-1ms", "want a time such as 42ms" },
		{ "42ms±10%", "uniform:42ms±10%" },
		{ "normal:42ms", "lognormal:p50=42ms,p99=120ms" },
		{ "25h", "at most 24 hours" },
		{ "uniform:", "want uniform:42ms" },
		{ "uniform:42ms", "want uniform:42ms" },
		{ "uniform:42ms±", "±0% to ±100%" },
		{ "uniform:42ms±10", "±0% to ±100%" },
		{ "uniform:42ms±101%", "±0% to ±100%" },
		{ "uniform:42ms±-1%", "±0% to ±100%" },
		{ "uniform:42ms±1%±1%", "±0% to ±100%" },
		{ "uniform:42ms+10%", "or +- for the sign" },
		{ "uniform:\xc2", "want uniform:42ms" },
		{ "uniform:10ms-20ms", "want uniform:42ms" },
		{ "uniform:±10%", "want times" },
		{ "uniform:42±10%", "want times" },
		{ "uniform:25h±0%", "at most 24 hours" },
		{ "uniform:13h±100%", "at most 24 hours" },
		{ "uniform:00000000000000000000000000000000000042ms±1%",
		    "want times" },
		{ "lognormal:", "want lognormal:" },
		{ "lognormal:42ms", "want lognormal:" },
		{ "lognormal:p50=42ms", "want lognormal:" },
		{ "lognormal:p99=120ms,p50=42ms", "want lognormal:" },
		{ "lognormal:,p99=120ms", "want lognormal:" },
		{ "lognormal:p50=,p99=120ms", "want times" },
		{ "lognormal:p50=42ms,p99=", "want times" },
		{ "lognormal:p50=42ms,p99=120ms,", "want times" },
		{ "lognormal:p50=0,p99=120ms", "p50 must be longer than 0" },
		{ "lognormal:p50=42ms,p99=42ms", "longer than the p50" },
		{ "lognormal:p50=42ms,p99=41ms", "longer than the p50" },
		{ "lognormal:p50=42ms,p99=25h", "at most 24 hours" },
	};
	struct sim_delay d = { .shape = SIM_CONSTANT, .us = 7 };
	struct err err = ERR_INIT;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ck_assert_msg(sim_parse_delay(rows[i][0], &d, &err) == -1, "%s",
		    rows[i][0]);
		ck_assert_int_eq(err.code, ERR_USAGE);
		ck_assert_msg(strstr(err.text, rows[i][0]) != NULL &&
			strstr(err.text, rows[i][1]) != NULL,
		    "%s", err.text);
		ck_assert_uint_eq(d.us, 7); /* left alone */
	}
}
END_TEST

START_TEST(a_jitter_spreads_what_is_constant)
{
	static const char *const good[] = { "uniform:±10%", "±10%", "+-10%",
		"10%", "uniform:10%", "uniform:+-10%" };
	static const char *const bad[] = { "", "10", "±", "±101%", "-10%",
		"lognormal:10%", "uniform:", "10ms" };
	struct sim_delay lognormal = { .shape = SIM_LOGNORMAL,
		.us = 1,
		.p99_us = 2 },
			 d;
	struct err err = ERR_INIT;
	uint64_t jitter;
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		jitter = 0;
		ck_assert_msg(sim_parse_jitter(good[i], &jitter, &err) == 0,
		    "%s", err.text);
		ck_assert_uint_eq(jitter, 100000);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ck_assert_msg(sim_parse_jitter(bad[i], &jitter, &err) == -1,
		    "%s", bad[i]);
		ck_assert_int_eq(err.code, ERR_USAGE);
		ck_assert_ptr_nonnull(strstr(err.text, "±0% to ±100%"));
	}
	d = sim_jittered(sim_constant(42000), jitter);
	ck_assert_int_eq(d.shape, SIM_UNIFORM);
	ck_assert_uint_eq(d.us, 42000);
	ck_assert_uint_eq(d.spread, 100000);
	ck_assert_int_eq(sim_jittered(sim_constant(1), 0).shape, SIM_CONSTANT);
	ck_assert_int_eq(sim_jittered(lognormal, jitter).shape, SIM_LOGNORMAL);
}
END_TEST

/* A latency like the text for every kind, under a seed. */
static struct latency
make(const char *text, uint64_t seed)
{
	struct err err = ERR_INIT;
	struct sim_opts opts;
	struct latency l;

	sim_defaults(&opts);
	opts.seed = seed;
	ck_assert_msg(sim_parse_delay(text, &opts.latency, &err) == 0, "%s",
	    err.text);
	ck_assert_msg(latency_init(&l, &opts, &err) == 0, "%s", err.text);
	return l;
}

static uint64_t
ask(const struct latency *l, enum sim_kind kind, const char *bucket,
    const char *name, uint32_t nth)
{
	struct buf b, n;
	uint64_t us;

	buf_init(&b, 100);
	buf_init(&n, 100);
	buf_adds(&b, bucket);
	buf_adds(&n, name);
	us = latency_of(l, kind, &b, &n, nth);
	buf_release(&b);
	buf_release(&n);
	return us;
}

static int
by_size(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x == y ? 0 : x < y ? -1 : 1;
}

/* The latencies of a hundred thousand names, sorted; free() them. */
static uint64_t *
sample(const char *text, uint64_t seed)
{
	struct latency l = make(text, seed);
	uint64_t *us = mem_resize(NULL, NAMES, sizeof(*us));
	char name[32];
	size_t i;

	for (i = 0; i < NAMES; i++) {
		snprintf(name, sizeof(name), "docker/blobs/%zu", i);
		us[i] = ask(&l, SIM_DELETE, "demo", name, 1);
	}
	qsort(us, NAMES, sizeof(*us), by_size);
	return us;
}

static double
mean_of(const uint64_t *us)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < NAMES; i++)
		sum += (double)us[i];
	return sum / NAMES;
}

/* Bounds are four standard errors of a sample of this size. */
START_TEST(a_uniform_latency_fills_its_range_evenly)
{
	uint64_t seed, *us;

	for (seed = 1; seed <= 3; seed++) {
		us = sample("uniform:42ms±10%", seed);
		ck_assert_uint_eq(us[0], 37800);
		ck_assert_uint_eq(us[NAMES - 1], 46200);
		ck_assert_double_eq_tol(mean_of(us), 42000, 31);
		ck_assert_double_eq_tol((double)us[NAMES / 4], 39900, 47);
		ck_assert_double_eq_tol((double)us[NAMES / 2], 42000, 54);
		ck_assert_double_eq_tol((double)us[NAMES * 3 / 4], 44100, 47);
		free(us);
	}
}
END_TEST

START_TEST(a_lognormal_latency_has_its_two_percentiles)
{
	uint64_t seed, *us;

	for (seed = 1; seed <= 3; seed++) {
		us = sample("lognormal:p50=42ms,p99=120ms", seed);
		ck_assert_double_eq_tol((double)us[NAMES / 2], 42000, 300);
		ck_assert_double_eq_tol((double)us[NAMES / 100 * 99], 120000,
		    2560);
		/* Its own symmetry: p1 is as far below as p99 above. */
		ck_assert_double_eq_tol((double)us[NAMES / 100], 14700, 314);
		/* exp(mu + sigma^2 / 2) */
		ck_assert_double_eq_tol(mean_of(us), 46504, 279);
		free(us);
	}
}
END_TEST

START_TEST(the_widest_shapes_stay_within_their_limits)
{
	uint64_t *us = sample("lognormal:p50=1us,p99=24h", 1);

	ck_assert_uint_le(us[0], 1);
	ck_assert_uint_eq(us[NAMES - 1], SIM_DELAY_MAX);
	free(us);
	us = sample("uniform:12h±100%", 1);
	ck_assert_uint_le(us[NAMES - 1], SIM_DELAY_MAX);
	free(us);
	us = sample("uniform:1us±100%", 1);
	ck_assert_uint_eq(us[0], 0);
	ck_assert_uint_eq(us[NAMES - 1], 2);
	free(us);
}
END_TEST

START_TEST(a_latency_depends_on_what_is_asked_and_on_nothing_else)
{
	struct latency l = make("lognormal:p50=42ms,p99=120ms", 1);
	struct latency other = make("lognormal:p50=42ms,p99=120ms", 2);
	uint64_t us = ask(&l, SIM_GET, "demo", "x", 1);
	uint32_t nth;

	/* Whatever is asked between. */
	for (nth = 1; nth < 100; nth++)
		ask(&l, SIM_GET, "demo", "y", nth);
	ck_assert_uint_eq(ask(&l, SIM_GET, "demo", "x", 1), us);
	ck_assert_uint_ne(ask(&l, SIM_GET, "demo", "x", 2), us);
	ck_assert_uint_ne(ask(&l, SIM_GET, "demo", "y", 1), us);
	ck_assert_uint_ne(ask(&l, SIM_GET, "other", "x", 1), us);
	ck_assert_uint_ne(ask(&l, SIM_GET, "demox", "", 1), us);
	ck_assert_uint_ne(ask(&l, SIM_DELETE, "demo", "x", 1), us);
	ck_assert_uint_ne(ask(&other, SIM_GET, "demo", "x", 1), us);
}
END_TEST

START_TEST(a_kind_of_its_own_wins_and_jitter_reaches_all_that_is_constant)
{
	struct err err = ERR_INIT;
	struct sim_opts opts;
	struct latency l;
	uint64_t us;

	sim_defaults(&opts);
	opts.latency = sim_constant(42000);
	opts.kind_latency[SIM_GET] = sim_constant(0);
	opts.kind_latency[SIM_LIST] = sim_constant(60000);
	ck_assert_int_eq(latency_init(&l, &opts, &err), 0);
	ck_assert_uint_eq(ask(&l, SIM_GET, "b", "x", 1), 0);
	ck_assert_uint_eq(ask(&l, SIM_LIST, "b", "x", 1), 60000);
	ck_assert_uint_eq(ask(&l, SIM_DELETE, "b", "x", 1), 42000);
	opts.jitter = 100000;
	ck_assert_int_eq(latency_init(&l, &opts, &err), 0);
	ck_assert_uint_eq(ask(&l, SIM_GET, "b", "x", 1), 0);
	us = ask(&l, SIM_LIST, "b", "x", 1);
	ck_assert(us != 60000 && us >= 54000 && us <= 66000);
	us = ask(&l, SIM_DELETE, "b", "x", 1);
	ck_assert(us != 42000 && us >= 37800 && us <= 46200);
}
END_TEST

START_TEST(a_delay_that_nobody_could_have_typed_starts_no_simulator)
{
	static const struct sim_delay bad[] = {
		{ .shape = SIM_CONSTANT, .us = SIM_DELAY_MAX + 1 },
		{ .shape = SIM_UNIFORM, .us = 1, .spread = 1000001 },
		{ .shape = SIM_LOGNORMAL, .us = 0, .p99_us = 120000 },
		{ .shape = SIM_LOGNORMAL, .us = 42000, .p99_us = 42000 },
	};
	struct err err = ERR_INIT;
	struct sim_opts opts;
	struct latency l;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		sim_defaults(&opts);
		opts.kind_latency[SIM_PUT] = bad[i];
		ck_assert_int_eq(latency_init(&l, &opts, &err), -1);
		ck_assert_int_eq(err.code, ERR_USAGE);
	}
}
END_TEST

int
main(void)
{
	return suite_run("sim_latency", every_shape_is_read_and_said_again,
	    what_cannot_be_is_refused_by_name,
	    a_jitter_spreads_what_is_constant,
	    a_uniform_latency_fills_its_range_evenly,
	    a_lognormal_latency_has_its_two_percentiles,
	    the_widest_shapes_stay_within_their_limits,
	    a_latency_depends_on_what_is_asked_and_on_nothing_else,
	    a_kind_of_its_own_wins_and_jitter_reaches_all_that_is_constant,
	    a_delay_that_nobody_could_have_typed_starts_no_simulator, NULL);
}
