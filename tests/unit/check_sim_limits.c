/* SPDX-License-Identifier: MIT */
/* limits: exact, on a clock that the test moves. */
#include "sim/limits.h"

#include <stdio.h>
#include <string.h>

#include "src/base/buf.h"
#include "src/base/opt.h"
#include "tests/support/suite.h"

/* In microseconds. */
#define SECOND UINT64_C(1000000)
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)

static struct limits limits;

static struct sim_opts
some_opts(void)
{
	return (struct sim_opts){ .burst = 1000,
		.ramp_share = 800000,
		.ramp_decay_us = 20 * MINUTE,
		.object_burst = 1,
		.bucket_burst = 1,
		.range_burst = 100 };
}

/* With no past. */
static void
begin(const struct sim_opts *opts)
{
	memset(&limits, 0, sizeof(limits));
	limits_configure(&limits, opts);
}

static struct limits_verdict
decide(enum limits_class class, const char *bucket, const char *name,
    uint64_t now_us)
{
	const struct limits_name names[] = { { name, strlen(name) } };
	const struct limits_ask ask = { .class = class,
		.bucket = bucket,
		.tokens = 1,
		.names = names,
		.names_n = class != LIMITS_MAKE,
		.is_mutation = class == LIMITS_WRITE };
	struct limits_verdict v;

	limits_decide(&limits, &ask, now_us, &v);
	return v;
}

static bool
writes(const char *bucket, const char *name, uint64_t now_us)
{
	return decide(LIMITS_WRITE, bucket, name, now_us).passes;
}

static void
is_rejected_by(struct limits_verdict v, enum sim_limit by)
{
	ck_assert(!v.passes);
	ck_assert_int_eq(v.by, by);
	ck_assert_int_eq(v.status, 429);
}

/* --- a ramp --- */

START_TEST(two_hours_at_a_thousand_a_second_admit_what_the_ramp_says)
{
	struct sim_opts opts = some_opts();
	uint64_t now, minute, rate = 0, admitted = 0;
	uint64_t gained = 2 * SECOND; /* millionths of a token */

	opts.write_limit = 100;
	opts.burst = 2;
	opts.ramp_us = 20 * MINUTE;
	begin(&opts);
	for (minute = 0; minute < 120; minute++) {
		for (now = minute * MINUTE; now < (minute + 1) * MINUTE;
		     now += 1000)
			admitted += writes("b", "x", now);
		rate = limits_rate(&limits, "b", LIMITS_WRITE, now - 1);
		if (rate > 1000)
			continue; /* then all are admitted, and more could be */
		ck_assert_uint_eq(admitted,
		    (gained + rate * (MINUTE - 1000)) / SECOND);
		gained += rate * MINUTE;
	}
	/* 1000 a second are more than 80 % of 1240 a second, and not of 1280,
	 * which are 800 * 31 / 20 and 800 * 32 / 20. */
	ck_assert_uint_eq(rate, 1280);
	limits_release(&limits);
}
END_TEST

/* --- names, ranges, buckets --- */

START_TEST(a_name_is_written_once_a_second)
{
	struct sim_opts opts = some_opts();

	opts.object_limit = sim_per_second(1);
	begin(&opts);
	ck_assert(writes("b", "x", 5));
	is_rejected_by(decide(LIMITS_WRITE, "b", "x", 5), SIM_LIMIT_OBJECT);
	ck_assert(writes("b", "y", 5));
	ck_assert(writes("c", "x", 5));
	ck_assert(decide(LIMITS_READ, "b", "x", 5).passes);
	is_rejected_by(decide(LIMITS_WRITE, "b", "x", SECOND + 4),
	    SIM_LIMIT_OBJECT);
	ck_assert(writes("b", "x", SECOND + 5));
	/* A bucket of that name is another one. */
	limits_forget(&limits, "b");
	limits_forget(&limits, "never seen");
	ck_assert(writes("b", "x", SECOND + 5));
	limits_refill(&limits);
	ck_assert(writes("c", "x", SECOND + 6));
	ck_assert(writes("b", "x", SECOND + 6));
	ck_assert(!writes("b", "x", SECOND + 6));
	limits_release(&limits);
}
END_TEST

START_TEST(a_rejection_takes_nothing_from_any_limit)
{
	struct sim_opts opts = some_opts();
	int i;

	opts.object_limit = sim_per_second(1);
	opts.write_limit = 1;
	opts.burst = 3;
	begin(&opts);
	ck_assert(writes("b", "x", 0));
	for (i = 0; i < 100; i++)
		is_rejected_by(decide(LIMITS_WRITE, "b", "x", 0),
		    SIM_LIMIT_OBJECT);
	ck_assert(writes("b", "y", 0));
	ck_assert(writes("b", "z", 0));
	for (i = 0; i < 100; i++)
		is_rejected_by(decide(LIMITS_WRITE, "b", "w", 0),
		    SIM_LIMIT_WRITES);
	/* Both are wanting: the narrower one is the reason. */
	is_rejected_by(decide(LIMITS_WRITE, "b", "x", 0), SIM_LIMIT_OBJECT);
	ck_assert(writes("b", "w", SECOND));
	limits_release(&limits);
}
END_TEST

START_TEST(a_request_of_many_names_needs_a_token_for_each)
{
	static const struct limits_name names[] = { { "x", 1 }, { "y", 1 },
		{ "y", 1 } };
	struct sim_opts opts = some_opts();
	struct limits_ask ask = { .class = LIMITS_WRITE,
		.bucket = "b",
		.tokens = 3,
		.names = names,
		.names_n = 3,
		.is_mutation = true };
	struct limits_verdict v;

	opts.object_limit = sim_per_second(1);
	opts.write_limit = 1;
	opts.burst = 10;
	begin(&opts);
	ck_assert(writes("b", "y", 0));
	limits_decide(&limits, &ask, SECOND - 1, &v);
	is_rejected_by(v, SIM_LIMIT_OBJECT);
	ck_assert(writes("b", "x", SECOND - 1));
	limits_decide(&limits, &ask, 2 * SECOND, &v);
	ck_assert(v.passes && v.wait_us == 0);
	/* y was named twice, so its next token is promised. */
	ck_assert(writes("b", "x", 3 * SECOND));
	ck_assert(!writes("b", "y", 3 * SECOND));
	ck_assert(writes("b", "y", 4 * SECOND));
	limits_release(&limits);
}
END_TEST

START_TEST(a_hot_range_is_what_begins_alike)
{
	struct sim_opts opts = some_opts();

	opts.range_bytes = 3;
	opts.range_burst = 2;
	opts.range_write_limit = sim_per_second(2);
	opts.range_read_limit = (struct sim_rate){ 60, 60000000 };
	begin(&opts);
	ck_assert(writes("b", "abc1", 0) && writes("b", "abc2", 0));
	is_rejected_by(decide(LIMITS_WRITE, "b", "abc3", 0), SIM_LIMIT_RANGE);
	is_rejected_by(decide(LIMITS_WRITE, "b", "abc", 0), SIM_LIMIT_RANGE);
	ck_assert(writes("b", "ab", 0) && writes("b", "abd", 0));
	ck_assert(writes("c", "abc3", 0));
	ck_assert(decide(LIMITS_READ, "b", "abc1", 0).passes);
	ck_assert(decide(LIMITS_READ, "b", "abc1", 0).passes);
	is_rejected_by(decide(LIMITS_READ, "b", "abc9", 0), SIM_LIMIT_RANGE);
	ck_assert(!writes("b", "abc3", SECOND / 2 - 1));
	ck_assert(writes("b", "abc3", SECOND / 2));
	ck_assert(!decide(LIMITS_READ, "b", "abc", SECOND - 1).passes);
	ck_assert(decide(LIMITS_READ, "b", "abc", SECOND).passes);
	limits_release(&limits);
}
END_TEST

START_TEST(buckets_come_and_go_at_a_rate_of_their_own)
{
	struct sim_opts opts = some_opts();
	uint64_t i;

	opts.bucket_limit = (struct sim_rate){ 30, 60000000 };
	opts.write_limit = 1;
	opts.burst = 1;
	begin(&opts);
	ck_assert(decide(LIMITS_MAKE, NULL, "", 0).passes);
	for (i = 1; i < 100; i++) {
		is_rejected_by(decide(LIMITS_MAKE, NULL, "",
				   i * 2 * SECOND - 1),
		    SIM_LIMIT_BUCKETS);
		ck_assert(decide(LIMITS_MAKE, NULL, "", i * 2 * SECOND).passes);
	}
	ck_assert(writes("b", "x", 200 * SECOND));
	limits_refill(&limits);
	ck_assert(decide(LIMITS_MAKE, NULL, "", 199 * SECOND).passes);
	limits_release(&limits);
}
END_TEST

START_TEST(who_may_queue_waits_for_the_last_of_his_tokens)
{
	struct sim_opts opts = some_opts();
	uint64_t i;

	opts.on_limit = SIM_ON_LIMIT_QUEUE;
	opts.write_limit = 10;
	opts.burst = 1;
	opts.object_limit = sim_per_second(1);
	begin(&opts);
	for (i = 0; i < 100; i++)
		ck_assert_uint_eq(decide(LIMITS_WRITE, "b", "x", 0).wait_us,
		    i * SECOND);
	/* The bucket has promised a hundred tokens. */
	ck_assert_uint_eq(decide(LIMITS_WRITE, "b", "y", 0).wait_us,
	    10 * SECOND);
	limits_release(&limits);
}
END_TEST

/* --- rejections --- */

START_TEST(a_share_of_the_rejections_says_503_exactly)
{
	static const uint64_t shares[] = { 0, 1, 10000, 250000, 333333,
		1000000 };
	struct sim_opts opts = some_opts();
	struct limits_verdict v;
	uint64_t i, k, n;

	for (k = 0; k < sizeof(shares) / sizeof(shares[0]); k++) {
		opts.write_limit = 1;
		opts.burst = 1;
		opts.limit_503 = shares[k];
		opts.limit_latency_us = 777;
		begin(&opts);
		ck_assert(writes("b", "x", 0));
		for (i = 1, n = 0; i <= 100000; i++) {
			v = decide(LIMITS_WRITE, "b", "x", 0);
			ck_assert_uint_eq(v.wait_us, 777);
			n += v.status == 503;
			ck_assert_uint_eq(n, i * shares[k] / 1000000);
		}
		limits_release(&limits);
	}
}
END_TEST

START_TEST(memory_is_bounded_by_the_names_in_use)
{
	struct sim_opts opts = some_opts();
	char name[32];
	uint64_t i, now;
	size_t cap;

	opts.object_limit = sim_per_second(1);
	begin(&opts);
	/* A million names, a thousand of them within each second. */
	for (i = 0; i < 1000000; i++) {
		now = i * 1000;
		snprintf(name, sizeof(name), "n%llu", (unsigned long long)i);
		ck_assert(writes("b", name, now));
		ck_assert_uint_lt(limits.objects.cap, 4 * 1000 + 64);
	}
	ck_assert(!writes("b", name, now));
	/* A crowd at once, of which nothing is left when it is over. */
	for (i = 0; i < 100000; i++) {
		snprintf(name, sizeof(name), "m%llu", (unsigned long long)i);
		ck_assert(writes("b", name, now));
	}
	ck_assert_uint_lt(limits.objects.cap, 4 * 101000);
	cap = limits.objects.cap;
	for (i = 0; i < cap; i++) {
		snprintf(name, sizeof(name), "o%llu", (unsigned long long)i);
		ck_assert(writes("b", name, now + HOUR + i * 1000));
	}
	ck_assert_uint_lt(limits.objects.cap, 4 * 1000 + 64);
	limits_release(&limits);
}
END_TEST

START_TEST(what_is_off_limits_nothing)
{
	struct sim_opts opts = some_opts();
	int i;

	begin(&opts);
	for (i = 0; i < 3000; i++) {
		ck_assert(writes("b", "x", 0));
		ck_assert(decide(LIMITS_READ, "b", "x", 0).passes);
		ck_assert(decide(LIMITS_MAKE, NULL, "", 0).passes);
	}
	ck_assert_uint_eq(limits_rate(&limits, "b", LIMITS_READ, HOUR), 0);
	ck_assert_uint_eq(limits.objects.cap, 0);
	limits_release(&limits);
}
END_TEST

START_TEST(other_rates_fill_all_limits_and_the_rest_does_not)
{
	struct sim_opts opts = some_opts();
	struct limits_verdict v;

	opts.object_limit = sim_per_second(1);
	begin(&opts);
	ck_assert(limits_exist(&limits));
	ck_assert(writes("b", "x", 0));
	opts.limit_latency_us = 5;
	opts.on_limit = SIM_ON_LIMIT_503;
	limits_configure(&limits, &opts);
	v = decide(LIMITS_WRITE, "b", "x", 0);
	ck_assert(!v.passes && v.status == 503 && v.wait_us == 5);
	opts.burst++;
	limits_configure(&limits, &opts);
	ck_assert(writes("b", "x", 0));
	ck_assert(!writes("b", "x", 0));
	opts.object_limit.n = 0;
	limits_configure(&limits, &opts);
	ck_assert(!limits_exist(&limits));
	limits_release(&limits);
}
END_TEST

START_TEST(a_share_is_told_as_it_was_said)
{
	static const char *const bad[] = { "", "%", "80", "101%", "-1%", "80%%",
		"all" };
	static const struct {
		const char *text;
		uint64_t share;
	} good[] = { { "0%", 0 }, { "80%", 800000 }, { "0.5%", 5000 },
		{ "99.9999%", 999999 }, { "100%", 1000000 } };
	struct err err = ERR_INIT;
	struct buf text;
	uint64_t share;
	size_t i;

	buf_init(&text, 64);
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		ck_assert_int_eq(sim_share_grammar.parse(good[i].text, &share,
				     &err),
		    0);
		ck_assert_uint_eq(share, good[i].share);
		buf_clear(&text);
		sim_share_grammar.format(&share, &text);
		ck_assert_str_eq(text.data, good[i].text);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		err_clear(&err);
		ck_assert_msg(sim_share_grammar.parse(bad[i], &share, &err) !=
			0,
		    "%s", bad[i]);
		ck_assert_int_eq(err.code, ERR_USAGE);
	}
	buf_release(&text);
}
END_TEST

START_TEST(a_rate_is_told_as_it_was_said)
{
	static const struct {
		const char *text;
		uint64_t n, per_us;
		const char *again;
	} good[] = {
		{ "off", 0, 1000000, "off" },
		{ "5", 5, 1000000, "5/s" },
		{ "5/s", 5, 1000000, "5/s" },
		{ "30/m", 30, 60000000, "30/m" },
		{ "1000000000/h", 1000000000, 3600000000, "1000000000/h" },
	};
	static const char *const bad[] = { "", "0", "0/s", "/s", "-1/s", "1/d",
		"1/ms", "5/", "1.5/s", "off/s", "1000000001", " 1/s", "1 /s",
		"99999999999999999999999999/s" };
	struct sim_rate rate;
	struct err err = ERR_INIT;
	struct buf text;
	size_t i;

	buf_init(&text, 64);
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		ck_assert_int_eq(sim_rate_grammar.parse(good[i].text, &rate,
				     &err),
		    0);
		ck_assert_uint_eq(rate.n, good[i].n);
		ck_assert_uint_eq(rate.per_us, good[i].per_us);
		buf_clear(&text);
		sim_rate_grammar.format(&rate, &text);
		ck_assert_str_eq(text.data, good[i].again);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		err_clear(&err);
		ck_assert_msg(sim_rate_grammar.parse(bad[i], &rate, &err) != 0,
		    "%s", bad[i]);
		ck_assert_int_eq(err.code, ERR_USAGE);
		ck_assert_ptr_nonnull(strstr(err.text, "30/m"));
	}
	buf_release(&text);
}
END_TEST

int
main(void)
{
	return suite_run("sim_limits",
	    two_hours_at_a_thousand_a_second_admit_what_the_ramp_says,
	    a_name_is_written_once_a_second,
	    a_rejection_takes_nothing_from_any_limit,
	    a_request_of_many_names_needs_a_token_for_each,
	    a_hot_range_is_what_begins_alike,
	    buckets_come_and_go_at_a_rate_of_their_own,
	    who_may_queue_waits_for_the_last_of_his_tokens,
	    a_share_of_the_rejections_says_503_exactly,
	    memory_is_bounded_by_the_names_in_use, what_is_off_limits_nothing,
	    other_rates_fill_all_limits_and_the_rest_does_not,
	    a_share_is_told_as_it_was_said, a_rate_is_told_as_it_was_said,
	    NULL);
}
