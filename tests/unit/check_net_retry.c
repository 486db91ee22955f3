/* SPDX-License-Identifier: MIT */
/* retry: what is tried again, how often, and after how long. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
		HTTP_MALFORMED, HTTP_UNTRUSTED, HTTP_UNSAFE, HTTP_CANCELLED };
	size_t i;

	for (i = 0; i < 5; i++) {
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

START_TEST(a_429_is_no_try_but_the_32nd_is_the_last)
{
	struct retry_try t = { .outcome = HTTP_ANSWERED,
		.status = 429,
		.sent = true,
		.tries = RETRY_MAX_TRIES };

	/* Nothing was carried out, so nobody asks what twice would do. */
	for (t.rejections = 1; t.rejections < RETRY_MAX_REJECTIONS;
	     t.rejections++)
		ck_assert_int_eq(retry_judge(&t), RETRY_QUEUE);
	ck_assert_int_eq(retry_judge(&t), RETRY_GIVE_UP);
}
END_TEST

START_TEST(a_401_is_sent_once_more_with_a_new_token)
{
	struct retry_try t = { .outcome = HTTP_ANSWERED,
		.status = 401,
		.sent = true,
		.can_refresh = true,
		.tries = RETRY_MAX_TRIES };

	ck_assert_int_eq(retry_judge(&t), RETRY_REFRESH);
	t.can_refresh = false;
	ck_assert_int_eq(retry_judge(&t), RETRY_DONE);
}
END_TEST

START_TEST(an_outage_uses_up_no_tries_and_makes_nothing_safer)
{
	struct retry_try t = { .outcome = HTTP_LOST,
		.sent = true,
		.idempotent = true,
		.in_outage = true,
		.tries = RETRY_MAX_TRIES };

	ck_assert_int_eq(retry_judge(&t), RETRY_QUEUE);
	t.idempotent = false;
	ck_assert_int_eq(retry_judge(&t), RETRY_GIVE_UP);
	t.outcome = HTTP_ANSWERED;
	t.status = 404;
	ck_assert_int_eq(retry_judge(&t), RETRY_DONE);
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

START_TEST(what_the_server_asks_for_is_waited_up_to_five_minutes)
{
	struct rng rng;
	uint64_t us;

	rng_init(&rng, 7);
	us = retry_delay(1, 20000000, &rng);
	ck_assert_uint_ge(us, 20000000);
	ck_assert_uint_le(us, 20000000 + RETRY_BASE_US);
	us = retry_delay(1, UINT64_MAX, &rng);
	ck_assert_uint_ge(us, RETRY_AFTER_MAX_US);
	ck_assert_uint_le(us, RETRY_AFTER_MAX_US + RETRY_BASE_US);
}
END_TEST

/* --- the table of doc/DRIVER.md --- */

static char *
read_whole(const char *path)
{
	FILE *f = fopen(path, "r");
	char *text = calloc(1, 1 << 20);

	ck_assert_ptr_nonnull(f);
	ck_assert_uint_gt(fread(text, 1, (1 << 20) - 1, f), 0);
	fclose(f);
	return text;
}

static const char *
verdict_word(struct retry_try t, bool idempotent)
{
	static const char *const words[] = { [RETRY_DONE] = "end",
		[RETRY_AGAIN] = "again",
		[RETRY_QUEUE] = "tail",
		[RETRY_REFRESH] = "new token",
		[RETRY_GIVE_UP] = "give up" };

	t.idempotent = idempotent;
	return words[retry_judge(&t)];
}

static void
assert_row(const char *doc, const char *name, const struct retry_try *t)
{
	static const char *const pace[] = { [PACE_ACCEPTED] = "accepted",
		[PACE_REJECTED] = "rejected",
		[PACE_LOST] = "-" };
	static const char *const outage[] = { [OUTAGE_ANSWERED] = "well",
		[OUTAGE_REJECTED] = "well, nothing done",
		[OUTAGE_FAILED] = "failure",
		[OUTAGE_MUTE] = "-" };
	char row[200];

	snprintf(row, sizeof(row), "\n| %s | %s | %s | %s | %s |\n", name,
	    verdict_word(*t, true), verdict_word(*t, false),
	    pace[retry_pace_answer(t)], outage[retry_outage_answer(t)]);
	ck_assert_msg(strstr(doc, row) != NULL, "doc/DRIVER.md has no row %s",
	    row);
}

START_TEST(the_table_in_the_manual_is_the_one_in_the_code)
{
	static const struct {
		const char *name;
		enum http_outcome outcome;
		int status;
	} rows[] = {
		{ "401", HTTP_ANSWERED, 401 },
		{ "408", HTTP_ANSWERED, 408 },
		{ "429", HTTP_ANSWERED, 429 },
		{ "500", HTTP_ANSWERED, 500 },
		{ "502", HTTP_ANSWERED, 502 },
		{ "503", HTTP_ANSWERED, 503 },
		{ "504", HTTP_ANSWERED, 504 },
		{ "any other answer", HTTP_ANSWERED, 501 },
		{ "lost: the connection broke", HTTP_LOST, 0 },
		{ "timeout", HTTP_TIMEOUT, 0 },
		{ "too large", HTTP_TOO_LARGE, 0 },
		{ "not HTTP", HTTP_MALFORMED, 0 },
		{ "certificate not trusted", HTTP_UNTRUSTED, 0 },
		{ "secret without TLS", HTTP_UNSAFE, 0 },
		{ "cancelled", HTTP_CANCELLED, 0 },
	};
	struct retry_try t = { .can_refresh = true, .tries = 1 };
	char *doc = read_whole(suite_source("doc/DRIVER.md"));
	size_t i;

	/* Only what never left is the same either way. */
	t.outcome = HTTP_REFUSED;
	assert_row(doc, "refused: no connection", &t);
	t.sent = true;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		t.outcome = rows[i].outcome;
		t.status = rows[i].status;
		assert_row(doc, rows[i].name, &t);
	}
	free(doc);
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
	    the_eighth_try_is_the_last,
	    a_429_is_no_try_but_the_32nd_is_the_last,
	    a_401_is_sent_once_more_with_a_new_token,
	    an_outage_uses_up_no_tries_and_makes_nothing_safer,
	    too_much_is_429_and_503, delays_fill_their_range_and_never_pass_it,
	    what_the_server_asks_for_is_waited_up_to_five_minutes,
	    one_seed_gives_one_sequence,
	    the_table_in_the_manual_is_the_one_in_the_code, NULL);
}
