/* SPDX-License-Identifier: MIT */
/* retry: what is tried again, how often, and after how long. */
#include "src/base/rng.h"
#include "src/net/retry.h"
#include "tests/support/suite.h"

static bool
is_in(int status, const int *list)
{
	for (; *list != 0; list++) {
		if (*list == status)
			return true;
	}
	return false;
}

START_TEST(six_statuses_are_tried_again_and_no_other)
{
	static const int again[] = { 408, 429, 500, 502, 503, 504, 0 };
	struct retry_try t = { .outcome = HTTP_ANSWERED,
		.sent = true,
		.idempotent = true,
		.tries = 1 };

	for (t.status = 100; t.status < 600; t.status++) {
		enum retry_verdict verdict = is_in(t.status, again)
		    ? RETRY_AGAIN
		    : RETRY_DONE;

		if (t.status == 429)
			verdict = RETRY_QUEUE;
		ck_assert_int_eq(retry_judge(&t), verdict);
	}
}
END_TEST

START_TEST(a_broken_transport_is_tried_again_when_that_is_safe)
{
	static const enum http_outcome broken[] = { HTTP_REFUSED, HTTP_LOST,
		HTTP_TIMEOUT };
	size_t i;

	for (i = 0; i < 3; i++) {
		struct retry_try t = { .outcome = broken[i], .tries = 1 };

		/* It never left. */
		ck_assert_int_eq(retry_judge(&t), RETRY_AGAIN);
		t.sent = true;
		ck_assert_int_eq(retry_judge(&t), RETRY_GIVE_UP);
		t.idempotent = true;
		ck_assert_int_eq(retry_judge(&t), RETRY_AGAIN);
	}
}
END_TEST

START_TEST(what_another_try_cannot_mend_is_not_tried)
{
	static const enum http_outcome hopeless[] = { HTTP_TOO_LARGE,
		HTTP_MALFORMED, HTTP_CANCELLED };
	size_t i;

	for (i = 0; i < 3; i++) {
		struct retry_try t = { .outcome = hopeless[i],
			.sent = true,
			.idempotent = true,
			.tries = 1 };

		ck_assert_int_eq(retry_judge(&t), RETRY_DONE);
	}
}
END_TEST

START_TEST(the_eighth_try_is_the_last)
{
	struct retry_try t = { .outcome = HTTP_ANSWERED,
		.status = 503,
		.sent = true,
		.idempotent = true };

	for (t.tries = 1; t.tries < RETRY_MAX_TRIES; t.tries++)
		ck_assert_int_eq(retry_judge(&t), RETRY_AGAIN);
	ck_assert_int_eq(retry_judge(&t), RETRY_GIVE_UP);
	t.outcome = HTTP_REFUSED;
	t.sent = false;
	ck_assert_int_eq(retry_judge(&t), RETRY_GIVE_UP);
}
END_TEST

START_TEST(too_much_is_429_and_503)
{
	int status;

	for (status = 100; status < 600; status++)
		ck_assert_int_eq(retry_is_rejection(status),
		    status == 429 || status == 503);
}
END_TEST

START_TEST(delays_fill_their_range_and_never_pass_it)
{
	static const uint64_t most[] = { 100000, 200000, 400000, 800000,
		1600000, 3200000, 6400000, 12800000, 25600000, 32000000,
		32000000 };
	struct rng rng;
	unsigned k, i;

	rng_init(&rng, 7);
	for (k = 1; k <= 11; k++) {
		uint64_t low = UINT64_MAX, high = 0;

		for (i = 0; i < 2000; i++) {
			uint64_t us = retry_delay(k, 0, &rng);

			low = us < low ? us : low;
			high = us > high ? us : high;
		}
		ck_assert_uint_le(high, most[k - 1]);
		ck_assert_uint_gt(high, most[k - 1] / 100 * 99);
		ck_assert_uint_lt(low, most[k - 1] / 100);
	}
	ck_assert_uint_le(retry_delay(1000000, 0, &rng), RETRY_CAP_US);
}
END_TEST

START_TEST(one_seed_gives_one_sequence)
{
	struct rng a, b;
	unsigned k;

	rng_init(&a, 42);
	rng_init(&b, 42);
	for (k = 1; k < 50; k++)
		ck_assert_uint_eq(retry_delay(k, 0, &a), retry_delay(k, 0, &b));
}
END_TEST

int
main(void)
{
	return suite_run("net retry", six_statuses_are_tried_again_and_no_other,
	    a_broken_transport_is_tried_again_when_that_is_safe,
	    what_another_try_cannot_mend_is_not_tried,
	    the_eighth_try_is_the_last, too_much_is_429_and_503,
	    delays_fill_their_range_and_never_pass_it,
	    one_seed_gives_one_sequence, NULL);
}
