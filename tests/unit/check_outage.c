/* SPDX-License-Identifier: MIT */
/* outage: when the breaker opens, what leaves meanwhile, when it closes. */
#include "src/base/rng.h"
#include "src/net/outage.h"
#include "src/net/retry.h"
#include "tests/support/suite.h"

#define SECOND 1000000U

struct rig {
	struct outage outage;
	uint64_t now_us;
};

static void
set_up(struct rig *r)
{
	r->now_us = 5 * SECOND;
	outage_init(&r->outage, OUTAGE_PATIENCE_US, r->now_us);
}

/* One request and its answer, a millisecond later. */
static bool
ask(struct rig *r, enum outage_answer answer)
{
	uint64_t sent_us = r->now_us;

	outage_sent(&r->outage, sent_us);
	r->now_us += 1000;
	return outage_settled(&r->outage, r->now_us, sent_us, answer);
}

static void
ask_often(struct rig *r, unsigned n, enum outage_answer answer)
{
	while (n-- > 0)
		ask(r, answer);
}

static void
open_it(struct rig *r)
{
	ask(r, OUTAGE_ANSWERED);
	ask_often(r, OUTAGE_STREAK - 1, OUTAGE_FAILED);
	ck_assert(!r->outage.is_open);
	ck_assert(ask(r, OUTAGE_FAILED));
	ck_assert(r->outage.is_open);
}

START_TEST(failures_in_a_row_open_it_before_any_operation_is_out_of_tries)
{
	struct rig r;

	ck_assert_int_lt(OUTAGE_STREAK, RETRY_MAX_TRIES);
	set_up(&r);
	open_it(&r);
	ck_assert_uint_eq(r.outage.openings, 1);
}
END_TEST

START_TEST(a_server_that_never_answered_has_no_outage)
{
	struct rig r;

	set_up(&r);
	ask_often(&r, 1000, OUTAGE_FAILED);
	ck_assert(!r.outage.is_open);
	ck_assert_uint_le(outage_next(&r.outage, r.now_us), r.now_us);
}
END_TEST

START_TEST(more_than_ten_percent_open_it)
{
	struct rig r;
	int i;

	set_up(&r);
	for (i = 0; i < 200; i++) {
		ask(&r, OUTAGE_FAILED);
		ask_often(&r, 12, OUTAGE_ANSWERED);
	}
	ck_assert_uint_eq(r.outage.openings, 0);
	for (i = 0; i < 2000 && r.outage.openings == 0; i++) {
		ask(&r, OUTAGE_FAILED);
		ask_often(&r, 3, OUTAGE_ANSWERED);
	}
	ck_assert(i > 10 && i < 2000);
}
END_TEST

START_TEST(few_failures_open_nothing_whatever_their_share)
{
	struct rig r;
	int i;

	set_up(&r);
	for (i = 0; i < OUTAGE_FLOOR; i++) {
		ask(&r, OUTAGE_FAILED);
		ask(&r, OUTAGE_ANSWERED);
	}
	ck_assert(!r.outage.is_open);
	/* They are forgotten after ten seconds. */
	r.now_us += OUTAGE_WINDOW_US;
	for (i = 0; i < OUTAGE_FLOOR; i++) {
		ask(&r, OUTAGE_FAILED);
		ask(&r, OUTAGE_ANSWERED);
	}
	ck_assert(!r.outage.is_open);
}
END_TEST

START_TEST(one_percent_of_failures_never_opens_it)
{
	struct rng rng;
	struct rig r;
	unsigned i;

	rng_init(&rng, 1);
	set_up(&r);
	for (i = 0; i < 1000000; i++)
		ask(&r,
		    rng_below(&rng, 100) == 0 ? OUTAGE_FAILED
					      : OUTAGE_ANSWERED);
	ck_assert_uint_eq(r.outage.openings, 0);
}
END_TEST

START_TEST(while_it_is_open_one_probe_a_second_leaves)
{
	struct rig r;
	uint64_t at;
	int i;

	set_up(&r);
	open_it(&r);
	for (i = 0; i < 600; i++) {
		at = outage_next(&r.outage, r.now_us);
		ck_assert_uint_gt(at, r.now_us);
		ck_assert_uint_le(at, r.now_us + OUTAGE_PROBE_US);
		r.now_us = at;
		ck_assert_uint_le(outage_next(&r.outage, at), at);
		ck_assert(!ask(&r, OUTAGE_FAILED));
	}
	ck_assert_uint_eq(r.outage.probes, 600);
	ck_assert_uint_eq(r.outage.openings, 1);
}
END_TEST

START_TEST(a_probe_that_hangs_keeps_no_other_back)
{
	struct rig r;
	int i;

	set_up(&r);
	open_it(&r);
	for (i = 0; i < 3; i++) {
		r.now_us = outage_next(&r.outage, r.now_us);
		outage_sent(&r.outage, r.now_us);
	}
	ck_assert_uint_eq(r.outage.probes, 3);
	r.now_us = outage_next(&r.outage, r.now_us);
	ask(&r, OUTAGE_ANSWERED);
	ck_assert(!r.outage.is_open);
	/* The hung ones fail in the end, which opens nothing. */
	for (i = 0; i < 3; i++)
		ck_assert(!outage_settled(&r.outage, r.now_us, r.now_us - 9,
		    OUTAGE_FAILED));
}
END_TEST

START_TEST(an_answer_to_a_probe_closes_it_and_clears_the_account)
{
	static const enum outage_answer well[] = { OUTAGE_ANSWERED,
		OUTAGE_REJECTED };
	struct rig r;
	int i;

	for (i = 0; i < 2; i++) {
		set_up(&r);
		open_it(&r);
		r.now_us = outage_next(&r.outage, r.now_us);
		ask(&r, well[i]);
		ck_assert(!r.outage.is_open);
		ck_assert_uint_le(outage_next(&r.outage, r.now_us), r.now_us);
		ck_assert(!ask(&r, OUTAGE_FAILED));
	}
}
END_TEST

START_TEST(a_late_answer_from_before_does_not_close_it)
{
	struct rig r;
	uint64_t sent_us;

	set_up(&r);
	sent_us = r.now_us;
	outage_sent(&r.outage, sent_us);
	open_it(&r);
	outage_settled(&r.outage, r.now_us, sent_us, OUTAGE_ANSWERED);
	ck_assert(r.outage.is_open);
	/* Nor does what says nothing. */
	r.now_us = outage_next(&r.outage, r.now_us);
	ask(&r, OUTAGE_MUTE);
	ck_assert(r.outage.is_open);
}
END_TEST

START_TEST(patience_ends_and_returns_with_an_answer)
{
	struct rig r;

	set_up(&r);
	ask(&r, OUTAGE_ANSWERED);
	r.now_us += 2 * OUTAGE_PATIENCE_US;
	ck_assert(!outage_is_hopeless(&r.outage, r.now_us));
	open_it(&r);
	ck_assert(!outage_is_hopeless(&r.outage, r.now_us));
	r.now_us += OUTAGE_PATIENCE_US;
	ck_assert(outage_is_hopeless(&r.outage, r.now_us));
	/* The server is well, but does nothing. */
	ask(&r, OUTAGE_REJECTED);
	ck_assert(!r.outage.is_open);
	ck_assert(outage_is_hopeless(&r.outage, r.now_us));
	ask(&r, OUTAGE_ANSWERED);
	ck_assert(!outage_is_hopeless(&r.outage, r.now_us));
}
END_TEST

static void
play(uint64_t seed)
{
	struct rng rng;
	struct rig r;
	int i;

	rng_init(&rng, seed);
	set_up(&r);
	for (i = 0; i < 400; i++) {
		uint64_t at;

		if (rng_below(&rng, 10) == 0)
			r.now_us += rng_below(&rng, 7200ULL * SECOND);
		else if (rng_below(&rng, 10) == 0)
			r.now_us -= rng_below(&rng, r.now_us / 2);
		at = outage_next(&r.outage, r.now_us);
		ck_assert_uint_le(at, r.now_us + OUTAGE_PROBE_US);
		ck_assert(r.outage.is_open || at <= r.now_us);
		if (at > r.now_us)
			r.now_us = at;
		ck_assert_uint_le(outage_next(&r.outage, r.now_us), r.now_us);
		ask(&r, (enum outage_answer)rng_below(&rng, 4));
		ck_assert_uint_le(r.outage.streak, OUTAGE_STREAK);
	}
}

START_TEST(whatever_the_clock_does_a_probe_is_never_far_away)
{
	uint64_t seed;

	for (seed = 0; seed < 400; seed++)
		play(seed);
}
END_TEST

int
main(void)
{
	return suite_run("outage",
	    failures_in_a_row_open_it_before_any_operation_is_out_of_tries,
	    a_server_that_never_answered_has_no_outage,
	    more_than_ten_percent_open_it,
	    few_failures_open_nothing_whatever_their_share,
	    one_percent_of_failures_never_opens_it,
	    while_it_is_open_one_probe_a_second_leaves,
	    a_probe_that_hangs_keeps_no_other_back,
	    an_answer_to_a_probe_closes_it_and_clears_the_account,
	    a_late_answer_from_before_does_not_close_it,
	    patience_ends_and_returns_with_an_answer,
	    whatever_the_clock_does_a_probe_is_never_far_away, NULL);
}
