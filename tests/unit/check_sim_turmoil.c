/* SPDX-License-Identifier: MIT */
/* Whatever happens to a simulator while requests wait, rest, drip or are held:
 * in the end each of them is over, and counted as that. */
#include <stdio.h>
#include <string.h>

#include "sim/sim.h"
#include "sim/sim_priv.h"
#include "sim/sim_state.h"
#include "src/base/rng.h"
#include "tests/support/suite.h"
#include "tests/unit/sim_client.h"

enum { SEEDS = 10, ROUNDS = 40, CONNECTIONS = 12 };

static struct sim_world world;
static struct rng rng;

static size_t
below(size_t n)
{
	return (size_t)rng_below(&rng, n);
}

#define ANY(array) ((array)[below(sizeof(array) / sizeof((array)[0]))])

static void
start(void)
{
	static const uint64_t caps[] = { 0, 1, 1000, SIM_JOURNAL_ALL };
	struct sim_opts opts;

	sim_defaults(&opts);
	opts.registry = "manifests=2";
	opts.latency = sim_constant(below(2) * 50000);
	opts.journal = ANY(caps);
	opts.prices.bandwidth = below(2) * 1000;
	opts.prices.entry_us = below(2) * 1000;
	opts.object_limit = sim_per_second(below(2));
	opts.burst = 1;
	if (below(2) == 0)
		opts.write_limit = 10;
	if (below(2) == 0)
		opts.on_limit = SIM_ON_LIMIT_QUEUE;
	sim_world_start(&world, LOOP_VIRTUAL, &opts, CONNECTIONS);
}

/* --- what is asked --- */

static void
ask(void)
{
	static const char bodies[] = "0123456789012345678901234567890123456789";
	static const char parts[] =
	    "--x\r\n\r\nDELETE /storage/v1/b/demo/o/a HTTP/1.1\r\n\r\n\r\n"
	    "--x\r\n\r\nGET /storage/v1/b HTTP/1.1\r\n\r\n\r\n--x--\r\n";
	static const char upload[] = "/upload/storage/v1/b/demo/o?name=";
	const struct retry_tests *tests = &world.sim->retry_tests;
	char request[512], test[64] = "";

	if (tests->all.n > 0 && below(2) == 0)
		snprintf(test, sizeof(test), "x-retry-test-id: %s\r\n",
		    tests->all.v[below(tests->all.n)]->id);
	switch (below(8)) {
	case 0:
	case 1:
		snprintf(request, sizeof(request),
		    "POST %s%c&uploadType=media HTTP/1.1\r\nHost: x\r\n"
		    "X-Sim-Scope: s%zu\r\n%sContent-Length: 40\r\n\r\n%s",
		    upload, (int)('a' + below(3)), below(3), test, bodies);
		break;
	case 2:
		snprintf(request, sizeof(request),
		    "DELETE /b/demo/o/%c HTTP/1.1\r\nHost: x\r\n%s\r\n",
		    (int)('a' + below(3)), test);
		break;
	case 3:
		snprintf(request, sizeof(request),
		    "POST /batch/storage/v1 HTTP/1.1\r\nHost: x\r\n%s"
		    "Content-Type: multipart/mixed; boundary=x\r\n"
		    "Content-Length: %zu\r\n\r\n%s",
		    test, sizeof(parts) - 1, parts);
		break;
	case 4:
		snprintf(request, sizeof(request),
		    "GET /b/demo/o HTTP/1.1\r\nHost: x\r\n%s\r\n", test);
		break;
	default:
		snprintf(request, sizeof(request),
		    "GET /b/demo/o/%c?alt=media HTTP/1.1\r\nHost: x\r\n%s\r\n",
		    (int)('a' + below(3)), test);
	}
	sim_client_raw(world.client, request, strlen(request));
}

/* --- what happens meanwhile --- */

static void
set_rule(void)
{
	static const char *const rules[] = { "PUT 503 after=20 times=2",
		"PUT reset after=1KB", "GET cut at=3 end=reset",
		"GET cut at=0 times=2", "GET stall at=5 for=1h times=1",
		"GET drip pace=10B/s", "DELETE lost", "OTHER lost times=1",
		"* reset acted=yes rate=20%", "LIST bad-json",
		"OTHER cut at=9" };
	struct err err = ERR_INIT;

	ck_assert_int_eq(sim_add_faults(world.sim, ANY(rules), &err), 0);
}

static void
set_test(void)
{
	static const char *const methods[] = { "storage.objects.insert",
		"storage.objects.get", "storage.buckets.list" };
	static const char *const texts[] = { "stall-for-3s-after-0K",
		"return-503-after-0K", "return-broken-stream",
		"return-unreachable-buckets-demo", "return-reset-connection" };
	struct retry_test *test = retry_test_new(false);
	size_t i;

	for (i = 0; i < 3; i++)
		retry_queue_add(retry_test_add(test, methods[i]), ANY(texts));
	(void)retry_tests_add(&world.sim->retry_tests, test);
}

static void
meddle_with_scopes(void)
{
	struct sim *sim = world.sim;
	struct scope *scope;
	struct err err = ERR_INIT;
	char name[8];

	snprintf(name, sizeof(name), "s%zu", below(3));
	scope = scopes_find(&sim->scopes, name);
	if (scope == NULL || !scope->is_open)
		(void)!scopes_open(&sim->scopes, name, below(2) == 0,
		    sim->journal.next, loop_now(world.loop), &err);
	else
		ck_assert_int_eq(scopes_close(scope, &sim->scopes,
				     sim->journal.next, loop_now(world.loop),
				     &err),
		    0);
}

static void
change_options(void)
{
	static const uint64_t caps[] = { 0, 1, 1000 };
	struct sim_opts opts = *sim_options(world.sim);
	struct err err = ERR_INIT;

	opts.journal = ANY(caps);
	opts.write_limit = below(2) * 10;
	opts.on_limit = below(2) == 0 ? SIM_ON_LIMIT_QUEUE : SIM_ON_LIMIT_503;
	opts.prices.bandwidth = below(2) * 1000;
	ck_assert_int_eq(sim_configure(world.sim, &opts, &err), 0);
}

static void
meddle(void)
{
	struct sim *sim = world.sim;
	struct retry_tests *tests = &sim->retry_tests;
	struct err err = ERR_INIT;
	int rc = 0;

	switch (below(14)) {
	case 0:
		sim_reset_counts(sim);
		break;
	case 1:
		rc = sim_snapshot(sim, "x", &err);
		break;
	case 2:
		(void)!sim_restore(sim, "x", &err);
		break;
	case 3:
		rc = sim_reseed(sim, &err);
		break;
	case 4:
		rc = sim_delete_all(sim, &err);
		break;
	case 5:
		rc = sim_remove_faults(sim, NULL, &err);
		break;
	case 6:
		if (tests->all.n > 0)
			retry_tests_remove(tests,
			    tests->all.v[below(tests->all.n)]->id);
		break;
	case 7:
		change_options();
		break;
	case 8:
		sim_client_hang_up(world.client);
		break;
	case 9:
		set_rule();
		break;
	case 10:
		set_test();
		break;
	default:
		meddle_with_scopes();
	}
	ck_assert_msg(rc == 0, "%s", err.text);
}

static void
on_late(void *arg)
{
	*(bool *)arg = true;
}

/* Turns the loop until so much later. */
static void
let_pass(uint64_t us)
{
	struct loop_timer timer;
	struct err err = ERR_INIT;
	bool is_late = false;

	loop_timer_init(&timer, world.loop, on_late, &is_late);
	loop_timer_set(&timer, loop_now(world.loop) + us);
	while (!is_late)
		ck_assert_msg(loop_step(world.loop, &err) == 0, "%s", err.text);
}

static void
rage(void)
{
	size_t round, i;

	for (round = 0; round < ROUNDS; round++) {
		for (i = below(2 * CONNECTIONS); i > 0; i--)
			ask();
		sim_client_start(world.client);
		let_pass(below(100000));
		meddle();
	}
}

/* --- the end --- */

static void
check_over(uint64_t seed)
{
	struct tally_key pending = tally_all;
	const struct scope *scope;
	struct sim_counts counts;

	sim_counts(world.sim, &counts);
	ck_assert_msg(counts.in_flight == 0, "seed %llu",
	    (unsigned long long)seed);
	pending.status = TALLY_PENDING;
	for (scope = world.sim->scopes.list; scope != NULL;
	     scope = scope->next) {
		ck_assert_uint_eq(scope->held, 0);
		ck_assert_uint_eq(scope->tally.in_flight, 0);
		ck_assert_uint_eq(tally_sum(&scope->tally, &pending).n, 0);
		ck_assert_int_eq(scope->has_slot, scope->is_open);
	}
}

/* How it went: what was asked and answered, and when. */
static uint64_t
live_through(uint64_t seed)
{
	uint64_t hash;

	rng_init(&rng, seed);
	start();
	rage();
	sim_client_run(world.client);
	/* Those whose clients have gone. */
	while (!sim_is_drained(world.sim))
		let_pass(1000000);
	check_over(seed);
	hash = sim_journal_hash(world.sim) ^ loop_now(world.loop);
	sim_world_stop(&world);
	return hash;
}

START_TEST(whatever_happens_each_request_comes_to_an_end)
{
	uint64_t seed;

	for (seed = 1; seed <= SEEDS; seed++)
		ck_assert_msg(live_through(seed) == live_through(seed),
		    "seed %llu: not the same twice", (unsigned long long)seed);
}
END_TEST

START_TEST(a_simulator_may_stop_in_the_midst_of_it)
{
	uint64_t seed;

	for (seed = 1; seed <= SEEDS; seed++) {
		rng_init(&rng, ~seed);
		start();
		rage();
		sim_world_stop(&world);
	}
}
END_TEST

int
main(void)
{
	return suite_run("sim_turmoil",
	    whatever_happens_each_request_comes_to_an_end,
	    a_simulator_may_stop_in_the_midst_of_it, NULL);
}
