/* SPDX-License-Identifier: MIT */
/* faults: the next requests of a kind fail as told, and no others. */
#include "sim/faults.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/suite.h"
#include "tests/unit/sim_client.h"

static struct sim_world world;

/* An empty bucket `demo`, 42 ms a request. */
static void
start_on(enum loop_clock clock, uint64_t latency_us)
{
	struct sim_opts opts;

	sim_defaults(&opts);
	opts.registry = "manifests=0";
	opts.latency = sim_constant(latency_us);
	sim_world_start(&world, clock, &opts, 1);
}

static void
start(void)
{
	start_on(LOOP_VIRTUAL, 42000);
}

static void
stop(void)
{
	sim_world_stop(&world);
}

static void
fail_next(enum sim_kind kind, uint64_t times, int status, bool has_acted)
{
	struct sim_fault fault = { kind, times, status, has_acted };
	struct err err = ERR_INIT;

	ck_assert_msg(sim_fail_next(world.sim, &fault, &err) == 0, "%s",
	    err.text);
}

static int
ask(const char *method, const char *target)
{
	return sim_client_get(world.client, method, target)->status;
}

static void
put(const char *name)
{
	char target[128];

	snprintf(target, sizeof(target),
	    "/upload/storage/v1/b/demo/o?uploadType=media&name=%s", name);
	sim_client_ask(world.client, "POST", target, "some bytes");
	sim_client_run(world.client);
}

START_TEST(a_fault_that_cannot_be_is_refused)
{
	static const struct {
		struct sim_fault fault;
		const char *why;
	} rows[] = {
		{ { (enum sim_kind)SIM_KINDS, 1, 503, false }, "kind" },
		{ { (enum sim_kind) - 1, 1, 503, false }, "kind" },
		{ { SIM_DELETE, 0, 503, false }, "DELETE: 0 times" },
		{ { SIM_DELETE, UINT64_MAX, 503, false }, "times" },
		{ { SIM_GET, 1, 399, false }, "GET: status 399" },
		{ { SIM_GET, 1, 600, false }, "400 to 599" },
		{ { SIM_GET, 1, 200, false }, "0 for a reset" },
		{ { SIM_GET, 1, -1, true }, "status -1" },
		{ { SIM_GET, 1, INT_MIN, true }, "status" },
	};
	struct err err = ERR_INIT;
	size_t i;

	start();
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		err_clear(&err);
		ck_assert_int_eq(sim_fail_next(world.sim, &rows[i].fault, &err),
		    -1);
		ck_assert_int_eq(err.code, ERR_USAGE);
		ck_assert_msg(strstr(err.text, rows[i].why) != NULL, "%s",
		    err.text);
	}
	ck_assert_uint_eq(sim_faults_pending(world.sim), 0);
	stop();
}
END_TEST

START_TEST(faults_of_a_kind_are_used_first_come_first_served)
{
	struct sim_counts counts;

	start();
	fail_next(SIM_GET, 2, 500, false);
	fail_next(SIM_DELETE, 1, 412, false);
	fail_next(SIM_GET, 1, 403, false);
	fail_next(SIM_LIST, 1, 418, false);
	ck_assert_uint_eq(sim_faults_pending(world.sim), 5);
	put("x");
	ck_assert_int_eq(ask("GET", "/b/demo/o/x"), 500);
	ck_assert_int_eq(ask("DELETE", "/b/demo/o/x"), 412);
	ck_assert_int_eq(ask("GET", "/b/demo/o/x"), 500);
	ck_assert_uint_eq(sim_faults_pending(world.sim), 2);
	ck_assert_int_eq(ask("GET", "/b/demo/o/x"), 403);
	ck_assert_int_eq(ask("GET", "/b/demo/o/x"), 200);
	ck_assert_int_eq(ask("GET", "/b/demo/o"), 418);
	ck_assert_int_eq(ask("GET", "/b/demo/o"), 200);
	ck_assert_int_eq(ask("DELETE", "/b/demo/o/x"), 204);
	ck_assert_uint_eq(sim_faults_pending(world.sim), 0);
	sim_counts(world.sim, &counts);
	ck_assert_uint_eq(counts.faults, 5);
	ck_assert_uint_eq(counts.total, 9);
	ck_assert_uint_eq(counts.requests[SIM_GET], 4);
	ck_assert_uint_eq(counts.requests[SIM_DELETE], 2);
	/* Each has taken its latency. */
	ck_assert_uint_eq(loop_now(world.loop), 9 * 42000);
	sim_reset_counts(world.sim);
	sim_counts(world.sim, &counts);
	ck_assert_uint_eq(counts.faults, 0);
	stop();
}
END_TEST

START_TEST(before_acting_nothing_happens_and_after_acting_it_has_happened)
{
	static const int statuses[] = { 0, 503 };
	const struct sim_answer *a;
	size_t i;

	for (i = 0; i < 2; i++) {
		start();
		fail_next(SIM_PUT, 1, statuses[i], false);
		put("x");
		ck_assert_uint_eq(sim_objects(world.sim, "demo", NULL), 0);
		fail_next(SIM_PUT, 1, statuses[i], true);
		put("x");
		ck_assert_uint_eq(sim_objects(world.sim, "demo", NULL), 1);
		fail_next(SIM_DELETE, 1, statuses[i], false);
		a = sim_client_get(world.client, "DELETE", "/b/demo/o/x");
		ck_assert_int_eq(a->status, statuses[i]);
		ck_assert_int_eq(a->closed, statuses[i] == 0);
		ck_assert_uint_eq(sim_objects(world.sim, "demo", NULL), 1);
		fail_next(SIM_DELETE, 1, statuses[i], true);
		a = sim_client_get(world.client, "DELETE", "/b/demo/o/x");
		ck_assert_int_eq(a->status, statuses[i]);
		ck_assert_uint_eq(sim_objects(world.sim, "demo", NULL), 0);
		ck_assert_int_eq(ask("DELETE", "/b/demo/o/x"), 404);
		ck_assert_uint_eq(loop_now(world.loop), 5 * 42000);
		stop();
	}
}
END_TEST

START_TEST(every_status_has_production_s_envelope)
{
	static const struct {
		int status;
		const char *what;
	} rows[] = {
		{ 401, "\"reason\": \"authError\"" },
		{ 401, "\"location\": \"Authorization\"" },
		{ 403, "\"reason\": \"forbidden\"" },
		{ 403, "Permission 'storage.objects.delete' denied" },
		{ 404, "\"message\": \"No such object: demo/x\"" },
		{ 404, "\"reason\": \"notFound\"" },
		{ 408, "\"reason\": \"uploadBrokenConnection\"" },
		{ 412, "\"reason\": \"conditionNotMet\"" },
		{ 412, "\"location\": \"If-Match\"" },
		{ 429, "\"reason\": \"rateLimitExceeded\"" },
		{ 429, "\"domain\": \"usageLimits\"" },
		{ 500, "\"reason\": \"backendError\"" },
		{ 502, "\"reason\": \"backendError\"" },
		{ 503, "\"message\": \"We encountered an internal error." },
	};
	const struct sim_answer *a;
	char code[32];
	int status;
	size_t i;

	start();
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		fail_next(SIM_DELETE, 1, rows[i].status, i % 2 == 0);
		a = sim_client_get(world.client, "DELETE", "/b/demo/o/x");
		ck_assert_int_eq(a->status, rows[i].status);
		ck_assert_msg(strstr(a->body.data, rows[i].what) != NULL, "%s",
		    a->body.data);
	}
	for (status = 400; status < 600; status++) {
		fail_next(SIM_LIST, 1, status, status % 2 == 0);
		a = sim_client_get(world.client, "GET", "/b/demo/o");
		ck_assert_int_eq(a->status, status);
		snprintf(code, sizeof(code), "\"code\": %d,\n", status);
		ck_assert_ptr_nonnull(strstr(a->body.data, code));
	}
	stop();
}
END_TEST

START_TEST(a_read_that_fails_gives_away_no_byte)
{
	const struct sim_answer *a;

	start();
	put("x");
	fail_next(SIM_GET, 1, 404, true);
	a = sim_client_get(world.client, "GET", "/b/demo/o/x?alt=media");
	ck_assert_str_eq(a->body.data, "No such object: demo/x");
	fail_next(SIM_GET, 1, 500, true);
	a = sim_client_get(world.client, "GET", "/b/demo/o/x?alt=media");
	ck_assert_ptr_null(strstr(a->body.data, "some bytes"));
	ck_assert_ptr_null(strstr(a->head.data, "x-goog"));
	a = sim_client_get(world.client, "GET", "/b/demo/o/x?alt=media");
	ck_assert_str_eq(a->body.data, "some bytes");
	stop();
}
END_TEST

START_TEST(a_reset_is_journalled_without_a_status)
{
	struct sim_counts counts;
	const struct sim_answer *a;

	start();
	fail_next(SIM_DELETE, 1, 0, false);
	ck_assert_int_eq(ask("DELETE", "/b/demo/o/x"), 0);
	sim_counts(world.sim, &counts);
	ck_assert_uint_eq(counts.in_flight, 0);
	ck_assert_uint_eq(counts.total, 1);
	a = sim_client_get(world.client, "GET", "/_sim/requests?format=text");
	ck_assert_str_eq(a->body.data, "DELETE x 0\n");
	a = sim_client_get(world.client, "GET", "/_sim/stats");
	ck_assert_ptr_nonnull(strstr(a->body.data, "\"faults\": 1,"));
	stop();
}
END_TEST

START_TEST(what_the_limiter_rejects_takes_no_fault)
{
	struct sim_opts opts;
	struct sim_counts counts;

	sim_defaults(&opts);
	opts.registry = "manifests=0";
	opts.write_limit = 1;
	opts.burst = 1;
	opts.latency = sim_constant(400000);
	sim_world_start(&world, LOOP_VIRTUAL, &opts, 1);
	fail_next(SIM_DELETE, 2, 500, false);
	ck_assert_int_eq(ask("DELETE", "/b/demo/o/x"), 500); /* 0.0 s */
	ck_assert_int_eq(ask("DELETE", "/b/demo/o/x"), 429); /* 0.4 s */
	ck_assert_int_eq(ask("DELETE", "/b/demo/o/x"), 429); /* 0.8 s */
	ck_assert_uint_eq(sim_faults_pending(world.sim), 1);
	ck_assert_int_eq(ask("DELETE", "/b/demo/o/x"), 500); /* 1.2 s */
	sim_counts(world.sim, &counts);
	ck_assert_uint_eq(counts.faults, 2);
	ck_assert_uint_eq(counts.rejected, 2);
	stop();
}
END_TEST

/* Without latency the answer is made inside the server's own callback. */
START_TEST(on_the_real_clock_a_reset_can_come_at_once)
{
	int i;

	start_on(LOOP_REAL, 0);
	fail_next(SIM_DELETE, 50, 0, true);
	for (i = 0; i < 50; i++)
		ck_assert_int_eq(ask("DELETE", "/b/demo/o/x"), 0);
	ck_assert_int_eq(ask("DELETE", "/b/demo/o/x"), 404);
	stop();
}
END_TEST

START_TEST(a_client_that_has_gone_is_not_reset)
{
	struct sim_counts counts;
	struct err err = ERR_INIT;

	start();
	put("x");
	fail_next(SIM_DELETE, 1, 0, true);
	sim_client_ask(world.client, "DELETE", "/b/demo/o/x", NULL);
	sim_client_start(world.client);
	do {
		ck_assert_int_eq(loop_step(world.loop, &err), 0);
		sim_counts(world.sim, &counts);
	} while (counts.in_flight == 0);
	sim_client_hang_up(world.client);
	while (counts.in_flight > 0) {
		ck_assert_int_eq(loop_step(world.loop, &err), 0);
		sim_counts(world.sim, &counts);
	}
	ck_assert_uint_eq(sim_objects(world.sim, "demo", NULL), 0);
	stop();
}
END_TEST

int
main(void)
{
	return suite_run("sim_faults", a_fault_that_cannot_be_is_refused,
	    faults_of_a_kind_are_used_first_come_first_served,
	    before_acting_nothing_happens_and_after_acting_it_has_happened,
	    every_status_has_production_s_envelope,
	    a_read_that_fails_gives_away_no_byte,
	    a_reset_is_journalled_without_a_status,
	    what_the_limiter_rejects_takes_no_fault,
	    on_the_real_clock_a_reset_can_come_at_once,
	    a_client_that_has_gone_is_not_reset, NULL);
}
