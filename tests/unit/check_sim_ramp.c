/* SPDX-License-Identifier: MIT */
/* ramp: a rate that follows the load, on a clock that the test moves. */
#include "sim/ramp.h"

#include <string.h>

#include "src/base/rng.h"
#include "tests/support/suite.h"

/* In microseconds. */
#define SECOND UINT64_C(1000000)
#define MINUTE (60 * SECOND)

static struct ramp_rules
rules_from(uint64_t base)
{
	return (struct ramp_rules){ .period_us = 20 * MINUTE,
		.decay_us = 10 * MINUTE,
		.share = 800000,
		.base = base };
}

/* So many are offered in each minute of that time, all at its middle. */
static uint64_t
load(struct ramp *r, const struct ramp_rules *rules, uint64_t from,
    uint64_t minutes, uint64_t n)
{
	uint64_t i, at;

	for (i = 0; i < minutes; i++) {
		at = from + i * MINUTE + MINUTE / 2;
		ramp_roll(r, rules, at);
		ramp_offer(r, n);
	}
	ramp_roll(r, rules, from + minutes * MINUTE);
	return r->limiter.rate.n;
}

START_TEST(a_load_that_stays_doubles_the_rate_each_twenty_minutes)
{
	const struct ramp_rules rules = rules_from(1000);
	const uint64_t plenty = 1000 * MINUTE;
	struct ramp r;
	uint64_t i, from = 12345;

	ramp_init(&r, &rules, 1, from);
	for (i = 1; i <= 10; i++) {
		load(&r, &rules, from, 19, plenty);
		ck_assert_uint_lt(r.limiter.rate.n, UINT64_C(1000) << i);
		ramp_roll(&r, &rules, from + 19 * MINUTE);
		ramp_offer(&r, plenty);
		ramp_roll(&r, &rules, from + 20 * MINUTE - 1);
		ck_assert_uint_eq(r.limiter.rate.n,
		    (UINT64_C(1000) << (i - 1)) * 39 / 20);
		ramp_roll(&r, &rules, from + 20 * MINUTE);
		ck_assert_uint_eq(r.limiter.rate.n, UINT64_C(1000) << i);
		from += 20 * MINUTE;
	}
}
END_TEST

START_TEST(a_base_of_one_doubles_too)
{
	const struct ramp_rules rules = rules_from(1);
	struct ramp r;
	uint64_t i;

	ramp_init(&r, &rules, 1, 0);
	for (i = 0; i < 6; i++)
		ck_assert_uint_eq(load(&r, &rules, i * 20 * MINUTE, 20,
				      1000000),
		    UINT64_C(2) << i);
}
END_TEST

START_TEST(a_share_that_is_just_reached_does_not_ramp)
{
	const struct ramp_rules rules = rules_from(1000);
	struct ramp r;

	/* 80 % of 1000 a second are 48,000 a minute. */
	ramp_init(&r, &rules, 1, 0);
	ck_assert_uint_eq(load(&r, &rules, 0, 100, 48000), 1000);
	ck_assert_uint_eq(load(&r, &rules, 100 * MINUTE, 1, 48001), 1050);
	/* Nor is 48,001 more than 80 % of 1050; and it is no slack. */
	ck_assert_uint_eq(load(&r, &rules, 101 * MINUTE, 500, 48001), 1050);
}
END_TEST

START_TEST(a_maximum_is_reached_and_kept)
{
	struct ramp_rules rules = rules_from(1000);
	struct ramp r;

	rules.max = 3000;
	ramp_init(&r, &rules, 1, 0);
	ck_assert_uint_eq(load(&r, &rules, 0, 20, 1 << 30), 2000);
	ck_assert_uint_eq(load(&r, &rules, 20 * MINUTE, 9, 1 << 30), 2900);
	ck_assert_uint_eq(load(&r, &rules, 29 * MINUTE, 1000, 1 << 30), 3000);
}
END_TEST

START_TEST(slack_halves_the_rate_down_to_the_base)
{
	const struct ramp_rules rules = rules_from(1000);
	const uint64_t idle = 60 * MINUTE;
	struct ramp r;

	ramp_init(&r, &rules, 1, 0);
	ck_assert_uint_eq(load(&r, &rules, 0, 60, 1 << 30), 8000);
	ramp_roll(&r, &rules, idle + 10 * MINUTE - 1);
	ck_assert_uint_eq(r.limiter.rate.n, 8000);
	ramp_roll(&r, &rules, idle + 10 * MINUTE);
	ck_assert_uint_eq(r.limiter.rate.n, 4000);
	ramp_roll(&r, &rules, idle + 20 * MINUTE);
	ck_assert_uint_eq(r.limiter.rate.n, 2000);
	/* 80 % of half of 2000, and that is slack; one more is none. */
	ck_assert_uint_eq(load(&r, &rules, idle + 20 * MINUTE, 100, 48001),
	    2000);
	ck_assert_uint_eq(load(&r, &rules, idle + 120 * MINUTE, 9, 48000),
	    2000);
	ck_assert_uint_eq(load(&r, &rules, idle + 129 * MINUTE, 1, 48000),
	    1000);
	ramp_roll(&r, &rules, UINT64_MAX / 2);
	ck_assert_uint_eq(r.limiter.rate.n, 1000);
}
END_TEST

/* Offers to a and b alike; b is looked at all the time. */
static void
compare_looks(uint64_t seed)
{
	struct ramp_rules rules = rules_from(100);
	struct ramp a, b;
	struct rng rng;
	uint64_t now = 0, next, n, i, looks;

	rng_init(&rng, seed);
	rules.decay_us = (1 + rng_below(&rng, 30)) * MINUTE;
	ramp_init(&a, &rules, 50, 0);
	b = a;
	for (i = 0; i < 300; i++) {
		next = now +
		    rng_below(&rng,
			rng_below(&rng, 10) == 0 ? 100 * MINUTE : 2 * MINUTE);
		n = rng_below(&rng, 20000);
		for (looks = 0; looks < 20; looks++)
			ramp_roll(&b, &rules, now + (next - now) / 20 * looks);
		now = next;
		ramp_roll(&a, &rules, now);
		ramp_roll(&b, &rules, now);
		ck_assert_msg(limiter_has(&a.limiter, now) ==
			    limiter_has(&b.limiter, now) &&
			memcmp(&a, &b, sizeof(a)) == 0,
		    "seed %llu", (unsigned long long)seed);
		limiter_charge(&a.limiter, 1 + n % 50, now);
		limiter_charge(&b.limiter, 1 + n % 50, now);
		ramp_offer(&a, n);
		ramp_offer(&b, n);
	}
}

START_TEST(how_often_a_ramp_is_looked_at_changes_nothing)
{
	uint64_t seed;

	for (seed = 1; seed <= 300; seed++)
		compare_looks(seed);
}
END_TEST

int
main(void)
{
	return suite_run("sim_ramp",
	    a_load_that_stays_doubles_the_rate_each_twenty_minutes,
	    a_base_of_one_doubles_too,
	    a_share_that_is_just_reached_does_not_ramp,
	    a_maximum_is_reached_and_kept,
	    slack_halves_the_rate_down_to_the_base,
	    how_often_a_ramp_is_looked_at_changes_nothing, NULL);
}
