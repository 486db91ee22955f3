/* SPDX-License-Identifier: MIT */
/* The simulator on the virtual clock: exact, and the same every time. */
#include <stdio.h>
#include <string.h>

#include "sim/sim.h"
#include "src/base/loop.h"
#include "src/base/rng.h"
#include "tests/support/suite.h"
#include "tests/unit/sim_client.h"

/* Deletes names 0..n-1, from `turn` on. */
static void
queue_deletes(struct sim_world *w, size_t n, size_t turn)
{
	char target[64];
	size_t i;

	for (i = 0; i < n; i++) {
		snprintf(target, sizeof(target), "/storage/v1/b/demo/o/x%zu",
		    (i + turn) % n);
		sim_client_ask(w->client, "DELETE", target, NULL);
	}
}

START_TEST(ten_thousand_deletes_at_42_ms_take_exactly_as_long_as_they_must)
{
	static const struct {
		size_t deletes, connections;
		uint64_t us;
	} rows[] = {
		{ 10000, 1000, 420000 },
		{ 1000, 100, 420000 },
		{ 100, 1, 4200000 },
		{ 1001, 1000, 84000 },
	};
	struct sim_opts opts;
	struct sim_counts counts;
	struct sim_world w;
	size_t i;

	sim_defaults(&opts);
	opts.registry = "manifests=0";
	opts.latency = sim_constant(42000);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		sim_world_start(&w, LOOP_VIRTUAL, &opts, rows[i].connections);
		queue_deletes(&w, rows[i].deletes, 0);
		sim_client_run(w.client);
		ck_assert_uint_eq(loop_now(w.loop), rows[i].us);
		sim_counts(w.sim, &counts);
		ck_assert_uint_eq(counts.requests[SIM_DELETE], rows[i].deletes);
		ck_assert_uint_eq(counts.total, rows[i].deletes);
		ck_assert_uint_eq(counts.connections, rows[i].connections);
		ck_assert_uint_eq(counts.peak_in_flight, rows[i].connections);
		ck_assert_uint_eq(counts.in_flight, 0);
		sim_world_stop(&w);
	}
}
END_TEST

static uint64_t
run_limited(size_t turn, enum sim_on_limit on_limit, uint64_t *rejected,
    uint64_t *us)
{
	struct sim_opts opts;
	struct sim_counts counts;
	struct sim_world w;
	uint64_t hash;

	sim_defaults(&opts);
	opts.registry = "manifests=0";
	opts.latency = sim_constant(1000);
	opts.write_limit = 1000;
	opts.burst = 10;
	opts.on_limit = on_limit;
	sim_world_start(&w, LOOP_VIRTUAL, &opts, 100);
	queue_deletes(&w, 100, turn);
	sim_client_run(w.client);
	sim_counts(w.sim, &counts);
	*rejected = counts.rejected;
	*us = loop_now(w.loop);
	hash = sim_journal_hash(w.sim);
	sim_world_stop(&w);
	return hash;
}

START_TEST(what_arrives_together_is_decided_in_an_order_of_its_own)
{
	uint64_t first, rejected, us;
	size_t turn;

	/* Which ten of a hundred get a token is in the statuses, and so in the
	 * hash. */
	first = run_limited(0, SIM_ON_LIMIT_429, &rejected, &us);
	ck_assert_uint_eq(rejected, 90);
	ck_assert_uint_eq(us, 1000);
	for (turn = 1; turn < 100; turn += 13) {
		ck_assert_uint_eq(run_limited(turn, SIM_ON_LIMIT_429, &rejected,
				      &us),
		    first);
	}
}
END_TEST

START_TEST(a_503_costs_no_token_and_takes_as_long)
{
	const struct sim_answer *a;
	struct sim_opts opts;
	struct sim_counts counts;
	struct sim_world w;
	uint64_t limited[2], hash[2], us;

	hash[0] = run_limited(0, SIM_ON_LIMIT_429, &limited[0], &us);
	hash[1] = run_limited(0, SIM_ON_LIMIT_503, &limited[1], &us);
	ck_assert_uint_eq(limited[0], limited[1]);
	ck_assert_uint_ne(hash[0], hash[1]);
	ck_assert_uint_eq(us, 1000);

	sim_defaults(&opts);
	opts.registry = "manifests=0";
	opts.latency = sim_constant(400000);
	opts.write_limit = 1;
	opts.burst = 1;
	opts.on_limit = SIM_ON_LIMIT_503;
	sim_world_start(&w, LOOP_VIRTUAL, &opts, 1);
	a = sim_client_get(w.client, "DELETE", "/b/demo/o/x");
	ck_assert_int_eq(a->status, 404);
	a = sim_client_get(w.client, "DELETE", "/b/demo/o/x");
	ck_assert_uint_eq(loop_now(w.loop), 800000);
	ck_assert_int_eq(a->status, 503);
	ck_assert_ptr_nonnull(
	    strstr(a->head.data, "HTTP/1.1 503 Service Unavailable\r\n"));
	ck_assert_str_eq(a->body.data,
	    "{\n  \"error\": {\n    \"code\": 503,\n"
	    "    \"message\": \"We encountered an internal error. Please try "
	    "again.\",\n"
	    "    \"errors\": [\n      {\n"
	    "        \"message\": \"We encountered an internal error. Please "
	    "try again.\",\n"
	    "        \"domain\": \"global\",\n"
	    "        \"reason\": \"backendError\"\n"
	    "      }\n    ]\n  }\n}\n");
	/* At 0.4 s there was no token; the one of 1 s is still there. */
	sim_client_get(w.client, "DELETE", "/b/demo/o/x");
	a = sim_client_get(w.client, "DELETE", "/b/demo/o/x");
	ck_assert_uint_eq(loop_now(w.loop), 1600000);
	ck_assert_int_eq(a->status, 404);
	sim_counts(w.sim, &counts);
	ck_assert_uint_eq(counts.rejected, 2);
	sim_world_stop(&w);
}
END_TEST

START_TEST(a_queue_lets_all_pass_at_the_rate)
{
	uint64_t rejected, us;

	run_limited(0, SIM_ON_LIMIT_QUEUE, &rejected, &us);
	ck_assert_uint_eq(rejected, 0);
	ck_assert_uint_eq(us, 90 * 1000 + 1000);
}
END_TEST

START_TEST(each_kind_has_its_latency_and_says_so)
{
	const struct sim_answer *a;
	struct sim_opts opts;
	struct sim_world w;

	sim_defaults(&opts);
	opts.registry = "manifests=0";
	opts.latency = sim_constant(42000);
	opts.kind_latency[SIM_LIST] = sim_constant(60500);
	opts.kind_latency[SIM_GET] = sim_constant(0);
	sim_world_start(&w, LOOP_VIRTUAL, &opts, 1);
	a = sim_client_get(w.client, "GET", "/b/demo/o");
	ck_assert_int_eq(a->status, 200);
	ck_assert_uint_eq(loop_now(w.loop), 60500);
	ck_assert_ptr_nonnull(strstr(a->head.data,
	    "\r\nServer-Timing: sim;dur=60.5, limit;dur=0.0, "
	    "total;dur=60.5\r\n"));
	sim_client_get(w.client, "GET", "/b/demo/o/x");
	ck_assert_uint_eq(loop_now(w.loop), 60500);
	sim_client_get(w.client, "DELETE", "/b/demo/o/x");
	ck_assert_uint_eq(loop_now(w.loop), 102500);
	/* 2026-01-01, on the virtual clock's calendar. */
	ck_assert_ptr_nonnull(
	    strstr(a->head.data, "\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT"));
	sim_world_stop(&w);
}
END_TEST

/* The journal of a hundred deletes, ten at once. */
static uint64_t
run_spread(const struct sim_opts *opts, uint64_t *us)
{
	struct sim_world w;
	uint64_t hash;

	sim_world_start(&w, LOOP_VIRTUAL, opts, 10);
	queue_deletes(&w, 100, 0);
	sim_client_run(w.client);
	*us = loop_now(w.loop);
	hash = sim_journal_hash(w.sim);
	sim_world_stop(&w);
	return hash;
}

START_TEST(a_spread_latency_gives_one_journal_a_seed)
{
	static const char *const texts[] = { "uniform:42ms±10%",
		"lognormal:p50=42ms,p99=120ms" };
	uint64_t hash[2], us[2], again, other;
	struct err err = ERR_INIT;
	struct sim_opts opts;
	size_t i;

	for (i = 0; i < 2; i++) {
		sim_defaults(&opts);
		opts.registry = "manifests=0";
		ck_assert_int_eq(sim_parse_delay(texts[i], &opts.latency, &err),
		    0);
		hash[i] = run_spread(&opts, &us[i]);
		ck_assert_uint_eq(run_spread(&opts, &again), hash[i]);
		ck_assert_uint_eq(again, us[i]);
		opts.seed = 2;
		ck_assert_uint_ne(run_spread(&opts, &other), hash[i]);
		ck_assert_uint_ne(other, us[i]);
	}
	ck_assert_uint_ne(hash[0], hash[1]);
	/* Ten rounds of some 42 ms, and never exactly that. */
	ck_assert_uint_ne(us[0], 420000);
	ck_assert(us[0] > 378000 && us[0] < 462000);
}
END_TEST

START_TEST(a_request_takes_as_long_whatever_came_before_it)
{
	struct sim_opts opts;
	struct sim_world w;
	uint64_t took[2], from;
	int i;

	sim_defaults(&opts);
	opts.registry = "manifests=0";
	opts.latency = sim_constant(42000);
	opts.jitter = 500000;
	for (i = 0; i < 2; i++) {
		sim_world_start(&w, LOOP_VIRTUAL, &opts, 3);
		queue_deletes(&w, i == 0 ? 0 : 20, 0);
		sim_client_run(w.client);
		from = loop_now(w.loop);
		sim_client_get(w.client, "DELETE", "/b/demo/o/mine");
		took[i] = loop_now(w.loop) - from;
		sim_world_stop(&w);
	}
	ck_assert_uint_eq(took[0], took[1]);
	ck_assert_uint_ne(took[0], 42000);
}
END_TEST

START_TEST(a_delete_whose_client_has_gone_still_takes_effect)
{
	struct sim_opts opts;
	struct sim_counts counts;
	struct err err = ERR_INIT;
	struct sim_world w;
	uint64_t before;

	sim_defaults(&opts);
	opts.registry = "manifests=1,layers=0,orphans=0,tags=0";
	opts.latency = sim_constant(42000);
	sim_world_start(&w, LOOP_VIRTUAL, &opts, 1);
	before = sim_objects(w.sim, "demo", NULL);
	sim_client_ask(w.client, "POST",
	    "/upload/storage/v1/b/demo/o?uploadType=media&name=mine", "bytes");
	sim_client_run(w.client);
	ck_assert_uint_eq(sim_objects(w.sim, "demo", NULL), before + 1);
	sim_client_ask(w.client, "DELETE", "/b/demo/o/mine", NULL);
	sim_client_start(w.client);
	do {
		ck_assert_int_eq(loop_step(w.loop, &err), 0);
		sim_counts(w.sim, &counts);
	} while (counts.in_flight == 0);
	sim_client_hang_up(w.client);
	while (counts.in_flight > 0) {
		ck_assert_int_eq(loop_step(w.loop, &err), 0);
		sim_counts(w.sim, &counts);
	}
	ck_assert_uint_eq(sim_objects(w.sim, "demo", NULL), before);
	sim_world_stop(&w);
}
END_TEST

START_TEST(stopping_with_requests_in_flight_leaves_nothing_behind)
{
	struct sim_opts opts;
	struct sim_counts counts;
	struct err err = ERR_INIT;
	struct sim_world w;

	sim_defaults(&opts);
	opts.registry = "manifests=0";
	opts.latency = sim_constant(42000);
	sim_world_start(&w, LOOP_VIRTUAL, &opts, 20);
	queue_deletes(&w, 20, 0);
	sim_client_start(w.client);
	do {
		ck_assert_int_eq(loop_step(w.loop, &err), 0);
		sim_counts(w.sim, &counts);
	} while (counts.in_flight < 20);
	sim_stop(w.sim);
	w.sim = NULL;
	sim_world_stop(&w);
}
END_TEST

int
main(void)
{
	return suite_run("sim_clock",
	    ten_thousand_deletes_at_42_ms_take_exactly_as_long_as_they_must,
	    what_arrives_together_is_decided_in_an_order_of_its_own,
	    a_503_costs_no_token_and_takes_as_long,
	    a_queue_lets_all_pass_at_the_rate,
	    each_kind_has_its_latency_and_says_so,
	    a_spread_latency_gives_one_journal_a_seed,
	    a_request_takes_as_long_whatever_came_before_it,
	    a_delete_whose_client_has_gone_still_takes_effect,
	    stopping_with_requests_in_flight_leaves_nothing_behind, NULL);
}
