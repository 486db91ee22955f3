/* SPDX-License-Identifier: MIT */
/* Limits on the wire, on the virtual clock: what is admitted is what the rates
 * say, to the request. */
#include <stdio.h>
#include <string.h>

#include "sim/sim.h"
#include "sim/sim_state.h"
#include "src/base/loop.h"
#include "tests/support/suite.h"
#include "tests/unit/sim_client.h"

static struct sim_world world;

static struct sim_opts
some_opts(uint64_t latency_us)
{
	struct sim_opts opts;

	sim_defaults(&opts);
	opts.registry = "manifests=0";
	opts.latency = sim_constant(latency_us);
	return opts;
}

static void
start(const struct sim_opts *opts, size_t connections)
{
	sim_world_start(&world, LOOP_VIRTUAL, opts, connections);
}

static void
stop(void)
{
	sim_world_stop(&world);
}

static const struct sim_answer *
ask(const char *method, const char *target)
{
	return sim_client_get(world.client, method, target);
}

static const struct sim_answer *
send_body(const char *method, const char *target, const char *body)
{
	size_t number = sim_client_ask(world.client, method, target, body);

	sim_client_run(world.client);
	return sim_client_answer(world.client, number);
}

static int
put(const char *name)
{
	char target[128];

	snprintf(target, sizeof(target),
	    "/upload/storage/v1/b/demo/o?uploadType=media&name=%s", name);
	return send_body("POST", target, "bytes")->status;
}

static bool
stats_say(const char *line)
{
	return strstr(ask("GET", "/_sim/stats")->body.data, line) != NULL;
}

/* Deletes of other names, each of which takes its connection a latency; how
 * many were admitted. */
static uint64_t
offer(size_t n)
{
	struct sim_counts before, after;
	static unsigned long serial;
	char target[64];
	size_t i;

	sim_counts(world.sim, &before);
	for (i = 0; i < n; i++) {
		snprintf(target, sizeof(target), "/b/demo/o/x%lu", ++serial);
		sim_client_ask(world.client, "DELETE", target, NULL);
	}
	sim_client_run(world.client);
	sim_counts(world.sim, &after);
	ck_assert_uint_eq(after.total - before.total, n);
	return n - (after.rejected - before.rejected);
}

START_TEST(twenty_times_the_limit_is_admitted_at_the_limit_exactly)
{
	struct sim_opts opts = some_opts(10000);
	struct sim_counts counts;

	/* 20 connections of 100 a second each, for 10 s: the last come when 9.99
	 * are over. */
	opts.write_limit = 100;
	opts.burst = 10;
	start(&opts, 20);
	ck_assert_uint_eq(offer(20000), 10 + 999);
	ck_assert_uint_eq(loop_now(world.loop), 10000000);
	sim_counts(world.sim, &counts);
	ck_assert_uint_eq(counts.rejected_by[SIM_LIMIT_WRITES], 20000 - 1009);
	ck_assert(stats_say("\"rejected\": 18991,\n  \"rejected_by\": {\n"
			    "    \"writes\": 18991,\n    \"reads\": 0,\n"
			    "    \"object\": 0,\n    \"range\": 0,\n"
			    "    \"buckets\": 0\n  },\n"));
	sim_reset_counts(world.sim);
	ck_assert(stats_say("\"writes\": 0,\n"));
	stop();
}
END_TEST

START_TEST(a_ramp_from_one_a_second_takes_two_hours_to_double_thrice)
{
	struct sim_opts opts = some_opts(0);
	struct err err = ERR_INIT;
	char line[64];
	uint64_t i;

	opts.write_limit = 1;
	opts.ramp_us = UINT64_C(2400000000);
	opts.burst = 1;
	start(&opts, 2);
	for (i = 0; i < 3; i++) {
		snprintf(line, sizeof(line), "\"writes_per_second\": %d\n",
		    1 << i);
		ck_assert_msg(stats_say(line), "%s", line);
		/* 2 connections offer twice the rate that there is at first,
		 * which is more than 80 % of twice the rate less a step. */
		opts.latency = sim_constant(1000000 >> i);
		ck_assert_int_eq(sim_configure(world.sim, &opts, &err), 0);
		offer(4800 << i);
		ck_assert_uint_eq(loop_now(world.loop),
		    (i + 1) * UINT64_C(2400000000));
	}
	ck_assert(stats_say("\"writes_per_second\": 8\n"));
	/* A restored bucket has no past. */
	ck_assert_int_eq(sim_restart(world.sim, &err), 0);
	ck_assert(stats_say("\"writes_per_second\": 1\n"));
	stop();
}
END_TEST

START_TEST(a_name_takes_one_write_a_second_whatever_writes_it)
{
	struct sim_opts opts = some_opts(1000);
	const struct sim_answer *a;

	opts.object_limit = sim_per_second(1);
	start(&opts, 1);
	ck_assert_int_eq(put("x"), 200);
	ck_assert_int_eq(put("x"), 429);
	a = ask("DELETE", "/b/demo/o/x");
	ck_assert_int_eq(a->status, 429);
	ck_assert_ptr_nonnull(strstr(a->body.data,
	    "The object demo/x exceeded the rate limit for object mutation "
	    "operations"));
	ck_assert_int_eq(send_body("PATCH", "/b/demo/o/x", "{}")->status, 429);
	ck_assert_int_eq(send_body("PUT", "/demo/x", "b")->status, 429);
	ck_assert_int_eq(send_body("POST", "/demo?delete",
			     "<Delete><Object><Key>y</Key></Object>"
			     "<Object><Key>x</Key></Object></Delete>")
			     ->status,
	    429);
	/* Both names of a move are written, and the source of a copy is not. */
	ck_assert_int_eq(ask("POST", "/b/demo/o/x/moveTo/o/w")->status, 429);
	ck_assert_int_eq(ask("POST", "/b/demo/o/x/copyTo/b/demo/o/v")->status,
	    200);
	ck_assert_int_eq(ask("GET", "/b/demo/o/x")->status, 200);
	ck_assert_int_eq(ask("GET", "/b/demo/o")->status, 200);
	ck_assert(stats_say("\"object\": 6,\n"));
	/* y was not written, but in vain. */
	ck_assert_int_eq(put("y"), 200);
	stop();
}
END_TEST

START_TEST(a_resumable_upload_is_one_write_of_its_name)
{
	static const char chunk[] =
	    "PUT %s HTTP/1.1\r\nHost: h\r\nContent-Range: bytes %s\r\n"
	    "Content-Length: %d\r\n\r\n%s";
	struct sim_opts opts = some_opts(1000);
	const struct sim_answer *a;
	char target[256], request[512];
	int i, n;

	opts.object_limit = sim_per_second(1);
	start(&opts, 1);
	a = send_body("POST",
	    "/upload/storage/v1/b/demo/o?uploadType=resumable&name=x", "{}");
	ck_assert_int_eq(a->status, 200);
	ck_assert_int_eq(sscanf(strstr(a->head.data, "/upload/"), "%255[^\r]",
			     target),
	    1);
	for (i = 0; i < 2; i++) {
		n = snprintf(request, sizeof(request), chunk, target,
		    i == 0 ? "*/*" : "0-2/3", i == 0 ? 0 : 3,
		    i == 0 ? "" : "abc");
		sim_client_raw(world.client, request, (size_t)n);
	}
	sim_client_run(world.client);
	ck_assert_uint_eq(sim_objects(world.sim, "demo", NULL), 1);
	ck_assert_int_eq(put("x"), 429);
	stop();
}
END_TEST

START_TEST(a_bucket_that_is_made_again_has_no_past)
{
	struct sim_opts opts = some_opts(1000);
	const char *make = "{\"name\":\"two\"}";
	int i;

	opts.object_limit = sim_per_second(1);
	opts.write_limit = 1;
	opts.burst = 1;
	start(&opts, 1);
	for (i = 0; i < 3; i++) {
		ck_assert_int_eq(send_body("POST", "/b?project=p", make)
				     ->status,
		    200);
		ck_assert_int_eq(ask("DELETE", "/b/two/o/x")->status, 404);
		ck_assert_int_eq(ask("DELETE", "/b/two/o/x")->status, 429);
		ck_assert_int_eq(ask("DELETE", "/b/two")->status, 204);
	}
	stop();
}
END_TEST

START_TEST(buckets_come_and_go_every_two_seconds)
{
	struct sim_opts opts = some_opts(1000000);
	const struct sim_answer *a;

	opts.bucket_limit = (struct sim_rate){ 30, 60000000 };
	start(&opts, 1);
	a = send_body("POST", "/b?project=p", "{\"name\":\"two\"}"); /* 0 s */
	ck_assert_int_eq(a->status, 200);
	a = ask("DELETE", "/b/two"); /* 1 s */
	ck_assert_int_eq(a->status, 429);
	ck_assert_ptr_nonnull(strstr(a->body.data,
	    "\"message\": \"The project exceeded the rate limit for creating "
	    "and deleting buckets.\""));
	ck_assert_ptr_nonnull(
	    strstr(a->body.data, "\"reason\": \"rateLimitExceeded\""));
	a = ask("DELETE", "/b/two"); /* 2 s */
	ck_assert_int_eq(a->status, 204);
	a = send_body("PUT", "/three", ""); /* 3 s */
	ck_assert_int_eq(a->status, 429);
	ck_assert_ptr_nonnull(strstr(a->body.data, "<Code>SlowDown</Code>"));
	ck_assert_int_eq(ask("GET", "/b/demo")->status, 200);
	ck_assert(stats_say("\"buckets\": 2\n"));
	stop();
}
END_TEST

START_TEST(a_hot_range_is_held_back_and_the_others_are_not)
{
	struct sim_opts opts = some_opts(1000);

	opts.range_bytes = 2;
	opts.range_burst = 1;
	opts.range_write_limit = sim_per_second(1);
	opts.range_read_limit = sim_per_second(1);
	start(&opts, 1);
	ck_assert_int_eq(put("aa1"), 200);
	ck_assert_int_eq(put("aa2"), 429);
	ck_assert_int_eq(put("ab2"), 200);
	ck_assert_int_eq(ask("GET", "/b/demo/o/aa1")->status, 200);
	ck_assert_int_eq(ask("GET", "/b/demo/o/aa1")->status, 429);
	/* A list is no range's. */
	ck_assert_int_eq(ask("GET", "/b/demo/o?prefix=aa")->status, 200);
	ck_assert_int_eq(ask("GET", "/b/demo/o?prefix=aa")->status, 200);
	ck_assert(stats_say("\"range\": 2,\n"));
	stop();
}
END_TEST

START_TEST(a_rejection_comes_late_and_says_when_to_come_again)
{
	struct sim_opts opts = some_opts(1000);
	const struct sim_answer *a;
	uint64_t from, i, n503 = 0;

	opts.write_limit = 1;
	opts.burst = 1;
	opts.limit_latency_us = 2000;
	opts.limit_503 = 250000;
	opts.limit_retry_after_us = 1500000;
	start(&opts, 1);
	ck_assert_int_eq(ask("DELETE", "/b/demo/o/x")->status, 404);
	for (i = 0; i < 100; i++) {
		from = loop_now(world.loop);
		a = ask("DELETE", "/b/demo/o/x");
		ck_assert_uint_eq(loop_now(world.loop), from + 3000);
		ck_assert(sim_answer_has(a, "Retry-After: 2"));
		ck_assert(a->status == 429 || a->status == 503);
		n503 += a->status == 503;
	}
	ck_assert_uint_eq(n503, 25);
	stop();
}
END_TEST

START_TEST(limits_change_while_it_runs)
{
	struct sim_opts opts = some_opts(1000);
	struct err err = ERR_INIT;

	opts.write_limit = 1;
	opts.burst = 1;
	start(&opts, 1);
	ck_assert_int_eq(put("x"), 200);
	opts.latency = sim_constant(2000);
	ck_assert_int_eq(sim_configure(world.sim, &opts, &err), 0);
	ck_assert_int_eq(put("x"), 429);
	opts.write_limit = 0;
	ck_assert_int_eq(sim_configure(world.sim, &opts, &err), 0);
	ck_assert_int_eq(put("x"), 200);
	ck_assert_int_eq(put("x"), 200);
	ck_assert(!stats_say("writes_per_second"));
	stop();
}
END_TEST

int
main(void)
{
	return suite_run("sim_overload",
	    twenty_times_the_limit_is_admitted_at_the_limit_exactly,
	    a_ramp_from_one_a_second_takes_two_hours_to_double_thrice,
	    a_name_takes_one_write_a_second_whatever_writes_it,
	    a_resumable_upload_is_one_write_of_its_name,
	    a_bucket_that_is_made_again_has_no_past,
	    buckets_come_and_go_every_two_seconds,
	    a_hot_range_is_held_back_and_the_others_are_not,
	    a_rejection_comes_late_and_says_when_to_come_again,
	    limits_change_while_it_runs, NULL);
}
