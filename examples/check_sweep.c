/* SPDX-License-Identifier: MIT */
/*
 * A test to copy: a collector against the simulator, in one process, on a
 * virtual clock.  It needs Check and the libraries; nothing of tests/.  From
 * outside the tree, with gcsweep/ beside it and built there:
 *
 *	b=gcsweep/build
 *	cc -std=gnu11 -Igcsweep check_sweep.c -o check_sweep \
 *	    $b/libsim.a $b/libregistry.a $b/libgcs.a $b/libnet.a \
 *	    $b/libstorage.a $b/libbase.a $(pkg-config --cflags --libs check \
 *	    libcurl libevent jansson libcrypto expat zlib) -lm
 *
 * The bucket is a registry with GARBAGE blobs that nobody names.  Each test
 * marks, sweeps, and then asks the simulator what it was asked: counts are
 * exact, and so are times, because on the virtual clock 42 ms are 42 ms on any
 * machine, and cost none.
 */
#include <check.h>
#include <stdlib.h>

#include "sim/sim.h"
#include "src/base/loop.h"
#include "src/gcs/gcs.h"
#include "src/registry/gc.h"
#include "src/storage/storage.h"

enum { GARBAGE = 100, LATENCY_US = 42000 };

static const char bucket[] = "my-registry";
static const char registry[] = "manifests=2,orphans=100";

static struct loop *loop;
static struct sim *sim;
static struct storage *store;
static struct gc gc;
static struct err err;

/*
 * A checked fixture (tcase_add_checked_fixture): Check forks for each test and
 * runs setup and teardown in the child.  An unchecked one would start a single
 * simulator before the forks: all tests would share its sockets, and each
 * would have a copy of its objects and counters that the others never change.
 * A checked one also makes a failed setup the failure of that one test.
 */
static void
setup(void)
{
	struct sim_opts sim_opts;
	struct gcs_opts gcs_opts;

	loop = loop_new(LOOP_VIRTUAL);
	sim_defaults(&sim_opts);
	sim_opts.latency = sim_constant(LATENCY_US);
	sim = sim_start_on(loop, &sim_opts, &err);
	ck_assert_msg(sim != NULL, "%s", err.text);
	ck_assert_msg(sim_fill(sim, bucket, registry, "", &err) == 0, "%s",
	    err.text);

	gcs_defaults(&gcs_opts);
	gcs_opts.endpoint = sim_url(sim);
	gcs_opts.bucket = bucket;
	gcs_opts.connections = GARBAGE;
	store = gcs_open(loop, &gcs_opts, &err);
	ck_assert_msg(store != NULL, "%s", err.text);
}

/* In the order of who uses whom; the store closes its connections before the
 * simulator goes. */
static void
teardown(void)
{
	gc_release(&gc);
	storage_close(store);
	sim_stop(sim);
	loop_free(loop);
}

/* Marks, then sweeps with counters at zero: what is counted afterwards is the
 * sweep alone.  Answers how long that took. */
static uint64_t
sweep(enum sweep_strategy strategy, unsigned width)
{
	struct gc_opts opts = { .root = "",
		.mark = { .width = 16 },
		.sweep = { .strategy = strategy, .width = width },
		.guards = { .max_delete = GUARD_LIMIT_NONE } };
	uint64_t from;

	ck_assert_msg(gc_init(&gc, &opts, &err) == 0, "%s", err.text);
	ck_assert_msg(gc_plan(&gc, store, &err) == 0, "%s", err.text);
	ck_assert_uint_eq(plan_count(&gc.plan), GARBAGE);
	sim_reset_counts(sim);
	from = loop_now(loop);
	ck_assert_msg(gc_sweep(&gc, store, &err) == 0, "%s", err.text);
	return loop_now(loop) - from;
}

START_TEST(delete_sends_one_request_for_each_victim)
{
	uint64_t before = sim_objects(sim, bucket, NULL);

	sweep(SWEEP_DELETE, 10);
	ck_assert_uint_eq(sim_count(sim, SIM_DELETE), GARBAGE);
	ck_assert_uint_eq(sim_count(sim, SIM_LIST), 0);
	ck_assert_uint_eq(sim_objects(sim, bucket, NULL), before - GARBAGE);
}
END_TEST

START_TEST(list_delete_sends_two)
{
	struct sim_counts counts;

	sweep(SWEEP_LIST_DELETE, 10);
	sim_counts(sim, &counts);
	ck_assert_uint_eq(counts.requests[SIM_LIST], GARBAGE);
	ck_assert_uint_eq(counts.requests[SIM_DELETE], GARBAGE);
	ck_assert_uint_eq(counts.total, 2 * GARBAGE);
}
END_TEST

/* The next DELETE takes effect, but its connection is reset before the reply.
 * The driver tries again, hears that the object is gone, and that is a
 * success; the price is one request. */
START_TEST(a_lost_reply_costs_one_request_and_no_object)
{
	const struct sim_fault fault = { .kind = SIM_DELETE,
		.times = 1,
		.status = 0, /* or 500, 503, ... */
		.has_acted = true };
	uint64_t before = sim_objects(sim, bucket, NULL);

	ck_assert_msg(sim_fail_next(sim, &fault, &err) == 0, "%s", err.text);
	sweep(SWEEP_DELETE, 10);
	ck_assert_uint_eq(sim_faults_pending(sim), 0);
	ck_assert_uint_eq(sim_count(sim, SIM_DELETE), GARBAGE + 1);
	ck_assert_uint_eq(sim_objects(sim, bucket, NULL), before - GARBAGE);
	ck_assert_uint_eq(gc.report.failed, 0);
	/* The second try has the first one's token, so it is answered alike. */
	ck_assert_uint_eq(sweep_count(&gc.report, STORAGE_OK), GARBAGE);
}
END_TEST

START_TEST(ten_at_once_take_a_tenth_of_the_time)
{
	ck_assert_uint_eq(sweep(SWEEP_DELETE, 10), GARBAGE / 10 * LATENCY_US);
}
END_TEST

START_TEST(all_at_once_take_one_round_trip)
{
	ck_assert_uint_eq(sweep(SWEEP_DELETE, GARBAGE), LATENCY_US);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("sweep");
	TCase *cases = tcase_create("sweep");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(cases, setup, teardown);
	tcase_add_test(cases, delete_sends_one_request_for_each_victim);
	tcase_add_test(cases, list_delete_sends_two);
	tcase_add_test(cases, a_lost_reply_costs_one_request_and_no_object);
	tcase_add_test(cases, ten_at_once_take_a_tenth_of_the_time);
	tcase_add_test(cases, all_at_once_take_one_round_trip);
	tcase_set_timeout(cases, 60); /* a guard against hangs */
	suite_add_tcase(suite, cases);
	runner = srunner_create(suite);
	srunner_set_tap(runner, "-"); /* automake reads it; people can, too */
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
