/* SPDX-License-Identifier: MIT */
/* limiter: exact tokens on a clock that the test moves. */
#include "sim/limiter.h"
#include "src/base/rng.h"
#include "tests/support/suite.h"

static bool
take(struct limiter *l, uint64_t now_us)
{
	bool has = limiter_has(l, now_us);

	if (has)
		ck_assert_uint_eq(limiter_charge(l, 1, now_us), 0);
	return has;
}

/* So many tokens a second. */
static void
init(struct limiter *l, uint64_t rate, uint64_t burst, uint64_t now_us)
{
	limiter_init(l, sim_per_second(rate), burst, now_us);
}

START_TEST(no_limit_lets_everything_pass)
{
	struct limiter l;
	int i;

	init(&l, 0, 0, 0);
	for (i = 0; i < 1000; i++) {
		ck_assert(take(&l, 0));
		ck_assert_uint_eq(limiter_charge(&l, 1, 0), 0);
	}
}
END_TEST

START_TEST(a_full_bucket_gives_its_burst_and_then_its_rate)
{
	struct limiter l;
	int i;

	init(&l, 1000, 100, 5);
	for (i = 0; i < 100; i++)
		ck_assert(take(&l, 5));
	ck_assert(!take(&l, 5));
	ck_assert(!take(&l, 5 + 999));
	ck_assert(take(&l, 5 + 1000));
	ck_assert(!take(&l, 5 + 1000));
}
END_TEST

START_TEST(a_refusal_costs_nothing)
{
	struct limiter l;
	int i;

	init(&l, 10, 1, 0);
	ck_assert(take(&l, 0));
	for (i = 0; i < 10000; i++)
		ck_assert(!take(&l, 99999));
	ck_assert(take(&l, 100000));
}
END_TEST

START_TEST(a_rested_bucket_holds_no_more_than_its_burst)
{
	struct limiter l;
	uint64_t far = UINT64_MAX / 2;
	int i;

	init(&l, RATE_MAX, 7, 0);
	for (i = 0; i < 7; i++)
		ck_assert(take(&l, far));
	ck_assert(!take(&l, far));
}
END_TEST

START_TEST(a_queue_is_served_in_order_at_the_rate)
{
	struct limiter l;
	uint64_t i;

	init(&l, 1000, 10, 0);
	for (i = 0; i < 10; i++)
		ck_assert_uint_eq(limiter_charge(&l, 1, 0), 0);
	for (i = 1; i <= 5000; i++)
		ck_assert_uint_eq(limiter_charge(&l, 1, 0), i * 1000);
	/* Half a second later half of the queue is gone. */
	ck_assert_uint_eq(limiter_charge(&l, 1, 500000), 5001000 - 500000);
}
END_TEST

START_TEST(a_rate_that_does_not_divide_the_second_loses_nothing)
{
	struct limiter l;
	uint64_t i;

	/* 7 a second: token i is there at i/7 s, rounded up. */
	init(&l, 7, 1, 0);
	ck_assert_uint_eq(limiter_charge(&l, 1, 0), 0);
	for (i = 1; i < 1000; i++)
		ck_assert_uint_eq(limiter_charge(&l, 1, 0),
		    (i * 1000000 + 6) / 7);
}
END_TEST

START_TEST(never_more_than_burst_plus_rate_times_time)
{
	struct limiter l;
	struct rng rng;
	uint64_t seed, now, rate, burst, taken;
	int i;

	for (seed = 1; seed <= 200; seed++) {
		rng_init(&rng, seed);
		rate = 1 + rng_below(&rng, 5000);
		burst = 1 + rng_below(&rng, 100);
		init(&l, rate, burst, 0);
		for (i = 0, now = 0, taken = 0; i < 2000; i++) {
			now += rng_below(&rng, 2000);
			taken += take(&l, now);
			ck_assert_msg(taken * 1000000 <=
				burst * 1000000 + now * rate,
			    "seed %llu", (unsigned long long)seed);
		}
	}
}
END_TEST

START_TEST(thirty_a_minute_are_one_in_two_seconds_exactly)
{
	static const struct sim_rate rates[] = { { 30, 60000000 },
		{ 1800, 3600000000 } };
	struct limiter l;
	uint64_t i, k;

	for (k = 0; k < 2; k++) {
		limiter_init(&l, rates[k], 2, 7);
		ck_assert(take(&l, 7) && take(&l, 7));
		for (i = 1; i < 1000; i++) {
			ck_assert(!take(&l, 7 + i * 2000000 - 1));
			ck_assert(take(&l, 7 + i * 2000000));
		}
	}
	/* 7 an hour, from one token on: token i is there at i/7 h. */
	limiter_init(&l, (struct sim_rate){ 7, 3600000000 }, 1, 0);
	for (i = 0; i < 1000; i++)
		ck_assert_uint_eq(limiter_charge(&l, 1, 0),
		    (i * 3600000000 + 6) / 7);
}
END_TEST

START_TEST(a_whole_hour_of_the_highest_burst_does_not_overflow)
{
	struct limiter l;

	limiter_init(&l, (struct sim_rate){ RATE_MAX, 3600000000 }, UINT64_MAX,
	    0);
	ck_assert_uint_eq(limiter_charge(&l, RATE_MAX, 0), 0);
	ck_assert(!limiter_has(&l, 3));
	ck_assert(limiter_has(&l, 4));
	/* As many tokens again as a bucket holds take its hour. */
	ck_assert_uint_eq(limiter_charge(&l, RATE_MAX, 4), 3600000000 - 4);
	ck_assert(!limiter_is_full(&l, 7200000000 - 1));
	ck_assert(limiter_is_full(&l, 7200000000));
}
END_TEST

START_TEST(many_tokens_cost_as_much_as_one_by_one)
{
	struct limiter one, many;
	uint64_t i, wait = 0;

	init(&one, 7, 3, 0);
	init(&many, 7, 3, 0);
	for (i = 0; i < 100; i++)
		wait = limiter_charge(&one, 1, 5);
	ck_assert_uint_eq(limiter_charge(&many, 100, 5), wait);
	ck_assert_int_eq(one.level, many.level);
}
END_TEST

START_TEST(a_change_of_rate_leaves_what_was_gained_before)
{
	struct limiter l;

	init(&l, 10, 5, 0);
	ck_assert_uint_eq(limiter_charge(&l, 5, 0), 0);
	limiter_change(&l, 1000, 50000); /* half a token is there */
	ck_assert(!limiter_has(&l, 50499));
	ck_assert(limiter_has(&l, 50500));
	limiter_change(&l, 1, 50500);
	ck_assert_uint_eq(limiter_charge(&l, 2, 50500), 1000000);
}
END_TEST

int
main(void)
{
	return suite_run("sim_limiter", no_limit_lets_everything_pass,
	    a_full_bucket_gives_its_burst_and_then_its_rate,
	    a_refusal_costs_nothing,
	    a_rested_bucket_holds_no_more_than_its_burst,
	    a_queue_is_served_in_order_at_the_rate,
	    a_rate_that_does_not_divide_the_second_loses_nothing,
	    never_more_than_burst_plus_rate_times_time,
	    thirty_a_minute_are_one_in_two_seconds_exactly,
	    a_whole_hour_of_the_highest_burst_does_not_overflow,
	    many_tokens_cost_as_much_as_one_by_one,
	    a_change_of_rate_leaves_what_was_gained_before, NULL);
}
