/* SPDX-License-Identifier: MIT */
/* Idempotency tokens: what is answered once, for how long, and at what price. */
#include <stdio.h>
#include <string.h>

#include "sim/sim.h"
#include "sim/replay.h"
#include "sim/reply.h"
#include "sim/routes.h"
#include "tests/support/suite.h"
#include "tests/unit/sim_client.h"

#define SECOND 1000000

/* --- over HTTP --- */

static struct sim_world world;

static void
start_with(uint64_t write_limit, uint64_t burst)
{
	struct sim_opts opts;

	sim_defaults(&opts);
	opts.registry = "manifests=0";
	opts.write_limit = write_limit;
	opts.burst = burst;
	sim_world_start(&world, LOOP_VIRTUAL, &opts, 1);
}

static void
start(void)
{
	start_with(0, 1);
}

static void
stop(void)
{
	sim_world_stop(&world);
}

/* token NULL: none. */
static const struct sim_answer *
ask(const char *method, const char *target, const char *token, const char *body)
{
	char request[2000];
	size_t number;
	int n;

	n = snprintf(request, sizeof(request),
	    "%s %s HTTP/1.1\r\nHost: h\r\n%s%s%sContent-Length: %zu\r\n\r\n%s",
	    method, target,
	    token != NULL ? "X-Goog-GCS-Idempotency-Token: " : "",
	    token != NULL ? token : "", token != NULL ? "\r\n" : "",
	    strlen(body), body);
	number = sim_client_raw(world.client, request, (size_t)n);
	sim_client_run(world.client);
	return sim_client_answer(world.client, number);
}

static uint64_t
replayed(void)
{
	struct sim_counts counts;

	sim_counts(world.sim, &counts);
	return counts.replayed;
}

static void
on_time(void *arg)
{
	*(bool *)arg = true;
}

static void
pass(uint64_t us)
{
	struct err err = ERR_INIT;
	struct loop_timer timer;
	bool is_over = false;

	loop_timer_init(&timer, world.loop, on_time, &is_over);
	loop_timer_set(&timer, loop_now(world.loop) + us);
	while (!is_over)
		ck_assert_msg(loop_step(world.loop, &err) == 0, "%s", err.text);
}

#define UPLOAD "/upload/storage/v1/b/demo/o?uploadType=media&name="

START_TEST(a_success_is_repeated_byte_for_byte_and_does_not_act_again)
{
	static const char patch[] = "{\"metadata\":{\"k\":\"v\"}}";
	const struct sim_answer *first, *second;
	static const struct {
		const char *method, *target, *body;
		int status;
	} rows[] = {
		{ "POST", UPLOAD "x", "one", 200 },
		{ "PATCH", "/b/demo/o/x", patch, 200 },
		{ "POST", "/b/demo/o/x/moveTo/o/y", "", 200 },
		{ "DELETE", "/b/demo/o/y", "", 204 },
	};
	size_t i;

	start();
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		first = ask(rows[i].method, rows[i].target, "t-1",
		    rows[i].body);
		ck_assert_msg(first->status == rows[i].status, "row %zu: %d %s",
		    i, first->status, first->body.data);
		pass(SECOND);
		second = ask(rows[i].method, rows[i].target, "t-1",
		    rows[i].body);
		ck_assert_int_eq(second->status, first->status);
		ck_assert_str_eq(second->body.data, first->body.data);
		ck_assert_uint_eq(replayed(), i + 1);
	}
	/* Without a token, and with another, it is a call of its own. */
	ck_assert_int_eq(ask("DELETE", "/b/demo/o/y", NULL, "")->status, 404);
	ck_assert_int_eq(ask("DELETE", "/b/demo/o/y", "t-2", "")->status, 404);
	ck_assert_int_eq(ask("DELETE", "/b/demo/o/x", "t-1", "")->status, 404);
	ck_assert_uint_eq(replayed(), 4);
	stop();
}
END_TEST

START_TEST(a_lost_answer_is_found_again)
{
	const struct sim_fault lost = { SIM_DELETE, 1, 503, true };
	struct err err = ERR_INIT;

	start();
	ask("POST", UPLOAD "x", NULL, "1");
	ck_assert_int_eq(sim_fail_next(world.sim, &lost, &err), 0);
	ck_assert_int_eq(ask("DELETE", "/b/demo/o/x", "t", "")->status, 503);
	ask("POST", UPLOAD "x", NULL, "2");
	ck_assert_int_eq(ask("DELETE", "/b/demo/o/x", "t", "")->status, 204);
	/* The object that came in between is safe. */
	ck_assert(sim_has(world.sim, "demo", "x"));
	stop();
}
END_TEST

START_TEST(a_token_is_known_for_120_seconds)
{
	start();
	ask("POST", UPLOAD "x", NULL, "1");
	ck_assert_int_eq(ask("DELETE", "/b/demo/o/x", "t", "")->status, 204);
	pass(119 * SECOND);
	ck_assert_int_eq(ask("DELETE", "/b/demo/o/x", "t", "")->status, 204);
	pass(2 * SECOND);
	ck_assert_int_eq(ask("DELETE", "/b/demo/o/x", "t", "")->status, 404);
	ask("POST", UPLOAD "x", NULL, "1");
	ck_assert_int_eq(ask("DELETE", "/b/demo/o/x", "t", "")->status, 204);
	pass(119 * SECOND);
	ck_assert_int_eq(ask("DELETE", "/b/demo/o/x", "t", "")->status, 204);
	ck_assert_uint_eq(replayed(), 2);
	stop();
}
END_TEST

START_TEST(what_production_runs_again_runs_again)
{
	start();
	/* A failure. */
	ck_assert_int_eq(ask("DELETE", "/b/demo/o/x", "t", "")->status, 404);
	ask("POST", UPLOAD "x", NULL, "1");
	ck_assert_int_eq(ask("DELETE", "/b/demo/o/x", "t", "")->status, 204);
	/* Buckets. */
	ck_assert_int_eq(ask("POST", "/b", "t", "{\"name\":\"new\"}")->status,
	    200);
	ck_assert_int_eq(ask("POST", "/b", "t", "{\"name\":\"new\"}")->status,
	    409);
	/* Reads. */
	ask("POST", UPLOAD "z", NULL, "1");
	ck_assert_int_eq(ask("GET", "/b/demo/o/z", "t", "")->status, 200);
	ask("DELETE", "/b/demo/o/z", NULL, "");
	ck_assert_int_eq(ask("GET", "/b/demo/o/z", "t", "")->status, 404);
	ck_assert_uint_eq(replayed(), 0);
	/* A token that is empty is none. */
	ask("POST", UPLOAD "z", NULL, "1");
	ck_assert_int_eq(ask("DELETE", "/b/demo/o/z", "", "")->status, 204);
	ck_assert_int_eq(ask("DELETE", "/b/demo/o/z", "", "")->status, 404);
	stop();
}
END_TEST

START_TEST(a_repeated_answer_is_a_request_and_costs_a_token)
{
	struct sim_counts counts;

	start_with(1, 2);
	ck_assert_int_eq(ask("POST", UPLOAD "x", "t", "1")->status, 200);
	ck_assert_int_eq(ask("POST", UPLOAD "x", "t", "1")->status, 200);
	ck_assert_int_eq(ask("POST", UPLOAD "x", "t", "1")->status, 429);
	sim_counts(world.sim, &counts);
	ck_assert_uint_eq(counts.requests[SIM_PUT], 3);
	ck_assert_uint_eq(counts.replayed, 1);
	ck_assert_uint_eq(counts.rejected, 1);
	ck_assert_ptr_nonnull(
	    strstr(ask("GET", "/_sim/stats", NULL, "")->body.data,
		"\"replayed\": 1,"));
	sim_reset_counts(world.sim);
	ck_assert_uint_eq(replayed(), 0);
	stop();
}
END_TEST

START_TEST(the_parts_of_a_batch_have_tokens_of_their_own)
{
	static const char request[] =
	    "POST /batch HTTP/1.1\r\nHost: h\r\n"
	    "x-goog-gcs-idempotency-token: outer\r\n"
	    "Content-Type: multipart/mixed; boundary=B\r\n"
	    "Content-Length: 188\r\n\r\n"
	    "--B\r\nContent-Type: application/http\r\n\r\n"
	    "DELETE /b/demo/o/x HTTP/1.1\r\n"
	    "x-goog-gcs-idempotency-token: inner\r\n\r\n\r\n"
	    "--B\r\nContent-Type: application/http\r\n\r\n"
	    "DELETE /b/demo/o/y HTTP/1.1\r\n\r\n\r\n--B--\r\n";
	size_t number;

	start();
	ask("POST", UPLOAD "x", NULL, "1");
	ask("POST", UPLOAD "y", NULL, "1");
	number = sim_client_raw(world.client, request, sizeof(request) - 1);
	sim_client_run(world.client);
	ck_assert_int_eq(sim_client_answer(world.client, number)->status, 200);
	ck_assert_uint_eq(sim_objects(world.sim, "demo", NULL), 0);
	ck_assert_int_eq(ask("DELETE", "/b/demo/o/x", "inner", "")->status,
	    204);
	ck_assert_int_eq(ask("DELETE", "/b/demo/o/y", "outer", "")->status,
	    204);
	ck_assert_int_eq(ask("DELETE", "/b/demo/o/x", "outer", "")->status,
	    404);
	stop();
}
END_TEST

/* --- alone --- */

static void
keep(struct replay *r, struct route *route, int token, uint64_t now_us)
{
	char text[32];
	struct reply reply;

	reply_init(&reply);
	reply.status = 204;
	snprintf(text, sizeof(text), "%d", token);
	replay_keep(r, route, text, now_us, &reply);
	reply_release(&reply);
}

static bool
is_known(struct replay *r, struct route *route, int token, uint64_t now_us)
{
	char text[32];
	struct reply reply;
	bool is;

	reply_init(&reply);
	snprintf(text, sizeof(text), "%d", token);
	is = replay_get(r, route, text, now_us, &reply);
	ck_assert(!is || reply.status == 204);
	reply_release(&reply);
	return is;
}

/* A thousand answers a second for a quarter of an hour. */
START_TEST(memory_is_that_of_a_few_minutes)
{
	struct replay r;
	struct route route;
	uint64_t now = 0;
	int i;

	replay_init(&r);
	route_init(&route);
	route_parse(&route, HTTP_DELETE, "/b/demo/o/x");
	for (i = 0; i < 900 * 1000; i++, now += 1000) {
		keep(&r, &route, i, now);
		ck_assert_uint_le(r.now.answers.n + r.before.answers.n,
		    240 * 1000 + 2);
		if (i % 10007 == 0 && i >= 150000) {
			ck_assert(is_known(&r, &route, i, now));
			ck_assert(is_known(&r, &route, i - 119000, now));
			ck_assert(!is_known(&r, &route, i - 121000, now));
		}
	}
	route_release(&route);
	replay_release(&r);
}
END_TEST

START_TEST(a_flood_forgets_the_oldest_first)
{
	struct replay r;
	struct route route;
	char target[1000];
	int i;

	replay_init(&r);
	route_init(&route);
	memset(target, 'x', sizeof(target));
	memcpy(target, "/b/demo/o/", 10);
	target[sizeof(target) - 1] = '\0';
	route_parse(&route, HTTP_DELETE, target);
	for (i = 0; i < 200000; i++)
		keep(&r, &route, i, 1);
	ck_assert(is_known(&r, &route, i - 1, 1));
	ck_assert(is_known(&r, &route, i - 20000, 1));
	ck_assert(!is_known(&r, &route, 0, 1));
	ck_assert_uint_le(r.now.texts.total + r.before.texts.total,
	    65 * 1024 * 1024);
	route_release(&route);
	replay_release(&r);
}
END_TEST

int
main(void)
{
	return suite_run("sim_replay",
	    a_success_is_repeated_byte_for_byte_and_does_not_act_again,
	    a_lost_answer_is_found_again, a_token_is_known_for_120_seconds,
	    what_production_runs_again_runs_again,
	    a_repeated_answer_is_a_request_and_costs_a_token,
	    the_parts_of_a_batch_have_tokens_of_their_own,
	    memory_is_that_of_a_few_minutes, a_flood_forgets_the_oldest_first,
	    NULL);
}
