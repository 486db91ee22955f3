/* SPDX-License-Identifier: MIT */
/* limiter: exact tokens on a clock that the test moves. */
#include "sim/limiter.h"
#include "src/base/rng.h"
#include "tests/support/suite.h"

START_TEST(no_limit_lets_everything_pass)
{
	struct limiter l;
	int i;

	limiter_init(&l, 0, 0, 0);
	for (i = 0; i < 1000; i++) {
		ck_assert(limiter_take(&l, 0));
		ck_assert_uint_eq(limiter_queue(&l, 0), 0);
	}
}
END_TEST

START_TEST(a_full_bucket_gives_its_burst_and_then_its_rate)
{
	struct limiter l;
	int i;

	limiter_init(&l, 1000, 100, 5);
	for (i = 0; i < 100; i++)
		ck_assert(limiter_take(&l, 5));
	ck_assert(!limiter_take(&l, 5));
	ck_assert(!limiter_take(&l, 5 + 999));
	ck_assert(limiter_take(&l, 5 + 1000));
	ck_assert(!limiter_take(&l, 5 + 1000));
}
END_TEST

START_TEST(a_refusal_costs_nothing)
{
	struct limiter l;
	int i;

	limiter_init(&l, 10, 1, 0);
	ck_assert(limiter_take(&l, 0));
	for (i = 0; i < 10000; i++)
		ck_assert(!limiter_take(&l, 99999));
	ck_assert(limiter_take(&l, 100000));
}
END_TEST

START_TEST(a_rested_bucket_holds_no_more_than_its_burst)
{
	struct limiter l;
	uint64_t far = UINT64_MAX / 2;
	int i;

	limiter_init(&l, LIMITER_MAX, 7, 0);
	for (i = 0; i < 7; i++)
		ck_assert(limiter_take(&l, far));
	ck_assert(!limiter_take(&l, far));
}
END_TEST

START_TEST(a_queue_is_served_in_order_at_the_rate)
{
	struct limiter l;
	uint64_t i;

	limiter_init(&l, 1000, 10, 0);
	for (i = 0; i < 10; i++)
		ck_assert_uint_eq(limiter_queue(&l, 0), 0);
	for (i = 1; i <= 5000; i++)
		ck_assert_uint_eq(limiter_queue(&l, 0), i * 1000);
	/* Half a second later half of the queue is gone. */
	ck_assert_uint_eq(limiter_queue(&l, 500000), 5001000 - 500000);
}
END_TEST

START_TEST(a_rate_that_does_not_divide_the_second_loses_nothing)
{
	struct limiter l;
	uint64_t i;

	/* 7 a second: token i is there at i/7 s, rounded up. */
	limiter_init(&l, 7, 1, 0);
	ck_assert_uint_eq(limiter_queue(&l, 0), 0);
	for (i = 1; i < 1000; i++)
		ck_assert_uint_eq(limiter_queue(&l, 0), (i * 1000000 + 6) / 7);
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
		limiter_init(&l, rate, burst, 0);
		for (i = 0, now = 0, taken = 0; i < 2000; i++) {
			now += rng_below(&rng, 2000);
			taken += limiter_take(&l, now);
			ck_assert_msg(taken * 1000000 <=
				burst * 1000000 + now * rate,
			    "seed %llu", (unsigned long long)seed);
		}
	}
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
	    never_more_than_burst_plus_rate_times_time, NULL);
}
