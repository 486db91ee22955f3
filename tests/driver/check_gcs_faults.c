/* SPDX-License-Identifier: MIT */
/*
 * The driver against a simulator that fails on purpose, on one virtual loop:
 * what is tried again, how it ends, and what each side has counted.
 */
#include "sim/sim.h"
#include "src/base/loop.h"
#include "src/gcs/gcs.h"
#include "src/storage/storage.h"
#include "tests/support/suite.h"

static struct loop *loop;
static struct sim *sim;
static struct storage *store;
static struct storage_op op;

static void
start(bool retry_always)
{
	struct err err = ERR_INIT;
	struct sim_opts sim_opts;
	struct gcs_opts gcs_opts;

	loop = loop_new(LOOP_VIRTUAL);
	sim_defaults(&sim_opts);
	sim_opts.registry = "manifests=0";
	sim_opts.latency = sim_constant(42000);
	sim_opts.kind_latency[SIM_PUT] = sim_constant(50000);
	sim = sim_start_on(loop, &sim_opts, &err);
	ck_assert_msg(sim != NULL, "%s", err.text);
	gcs_defaults(&gcs_opts);
	gcs_opts.endpoint = sim_url(sim);
	gcs_opts.bucket = "demo";
	gcs_opts.connections = 10;
	gcs_opts.retry_always = retry_always;
	store = gcs_open(loop, &gcs_opts, &err);
	ck_assert_msg(store != NULL, "%s", err.text);
	storage_op_init(&op);
}

static void
stop(void)
{
	storage_op_release(&op);
	storage_close(store);
	sim_stop(sim);
	loop_free(loop);
}

static void
fail_next(enum sim_kind kind, uint64_t times, int status, bool has_acted)
{
	struct sim_fault fault = { kind, times, status, has_acted };
	struct err err = ERR_INIT;

	ck_assert_msg(sim_fail_next(sim, &fault, &err) == 0, "%s", err.text);
}

static void
settle(void)
{
	storage_submit(store, &op);
	ck_assert_ptr_eq(storage_reap(store), &op);
}

/* Makes an object; answers its generation, with all counts at zero. */
static uint64_t
put(const char *name)
{
	storage_ask_put(&op, name, "bytes", 5);
	settle();
	ck_assert_int_eq(op.verdict, STORAGE_OK);
	sim_reset_counts(sim);
	return op.put_generation;
}

static void
expect(enum storage_verdict verdict, unsigned attempts, uint64_t faults,
    uint64_t objects)
{
	struct sim_counts counts;

	ck_assert_msg(op.verdict == verdict, "%s: %s",
	    storage_verdict_name(op.verdict), op.err.text);
	ck_assert_uint_eq(op.attempts, attempts);
	sim_counts(sim, &counts);
	/* Whether a reply came or not: the server has seen each attempt. */
	ck_assert_uint_eq(counts.total, attempts);
	ck_assert_uint_eq(counts.faults, faults);
	ck_assert_uint_eq(counts.in_flight, 0);
	ck_assert_uint_eq(sim_objects(sim, "demo", NULL), objects);
	sim_reset_counts(sim);
}

static const int lost[] = { 0, 500, 502, 503, 504 };
enum { LOST = sizeof(lost) / sizeof(lost[0]) };

START_TEST(a_delete_that_did_not_act_is_tried_again_and_deletes)
{
	uint64_t generation;
	int i;

	for (i = 0; i < LOST; i++) {
		start(false);
		generation = put("x");
		fail_next(SIM_DELETE, 3, lost[i], false);
		storage_ask_delete(&op, "x");
		storage_if_generation(&op, generation);
		settle();
		ck_assert_uint_eq(op.unanswered, lost[i] == 0 ? 3 : 0);
		ck_assert_uint_eq(op.rejected, lost[i] == 503 ? 3 : 0);
		expect(STORAGE_OK, 4, 3, 0);
		stop();
	}
}
END_TEST

/* By its idempotency token the second try hears what the first should have. */
START_TEST(a_delete_whose_reply_is_lost_is_tried_again_and_hears_it)
{
	uint64_t generation;
	int i;

	for (i = 0; i < LOST; i++) {
		start(false);
		generation = put("x");
		fail_next(SIM_DELETE, 1, lost[i], true);
		storage_ask_delete(&op, "x");
		storage_if_generation(&op, generation);
		settle();
		expect(STORAGE_OK, 2, 1, 0);
		stop();
	}
}
END_TEST

/* Somebody uploads the name anew between the lost reply (at 42 ms) and the
 * second try (which acts at 84 ms or later): his object has another generation,
 * and stays. */
START_TEST(a_second_try_never_takes_what_came_after_the_first)
{
	struct storage_op second;
	uint64_t generation;

	start(false);
	generation = put("x");
	fail_next(SIM_DELETE, 1, 503, true);
	storage_ask_delete(&op, "x");
	storage_if_generation(&op, generation);
	storage_op_init(&second);
	storage_ask_put(&second, "x", "new bytes", 9);
	storage_submit(store, &op);
	storage_submit(store, &second);
	ck_assert_ptr_eq(storage_reap(store), &second);
	ck_assert_int_eq(second.verdict, STORAGE_OK);
	ck_assert_ptr_eq(storage_reap(store), &op);
	ck_assert_int_eq(op.verdict, STORAGE_OK);
	ck_assert_uint_eq(op.attempts, 2);
	ck_assert_uint_eq(sim_objects(sim, "demo", NULL), 1);
	storage_op_release(&second);
	stop();
}
END_TEST

START_TEST(a_delete_of_any_generation_is_tried_again_only_when_that_is_right)
{
	start(false);
	put("x");
	fail_next(SIM_DELETE, 1, 0, true);
	storage_ask_delete(&op, "x");
	settle();
	expect(STORAGE_FAILED, 1, 1, 0);
	stop();
	start(true);
	put("x");
	fail_next(SIM_DELETE, 1, 0, true);
	storage_ask_delete(&op, "x");
	settle();
	expect(STORAGE_OK, 2, 1, 0);
	stop();
}
END_TEST

START_TEST(an_answer_that_another_try_would_not_change_is_final)
{
	static const struct {
		int status;
		enum storage_verdict verdict;
	} rows[] = {
		{ 400, STORAGE_FAILED },
		{ 401, STORAGE_DENIED },
		{ 403, STORAGE_DENIED },
		{ 404, STORAGE_GONE },
		{ 412, STORAGE_CHANGED },
	};
	uint64_t generation;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		start(false);
		generation = put("x");
		fail_next(SIM_DELETE, 1, rows[i].status, false);
		storage_ask_delete(&op, "x");
		storage_if_generation(&op, generation);
		settle();
		ck_assert_int_eq(op.status, rows[i].status);
		expect(rows[i].verdict, 1, 1, 1);
		stop();
	}
}
END_TEST

START_TEST(tries_end_and_say_why)
{
	start(false);
	fail_next(SIM_DELETE, 100, 0, false);
	storage_ask_delete(&op, "x");
	storage_if_generation(&op, 1);
	settle();
	ck_assert_uint_eq(op.unanswered, 8);
	expect(STORAGE_FAILED, 8, 8, 0);
	ck_assert_uint_eq(sim_faults_pending(sim), 92);
	stop();
	start(false);
	fail_next(SIM_DELETE, 100, 429, false);
	storage_ask_delete(&op, "x");
	storage_if_generation(&op, 1);
	settle();
	ck_assert_uint_eq(op.rejected, 32);
	expect(STORAGE_THROTTLED, 32, 32, 0);
	stop();
}
END_TEST

START_TEST(a_list_and_a_read_are_tried_again_until_they_come)
{
	int i;

	for (i = 0; i < LOST; i++) {
		start(false);
		put("x");
		fail_next(SIM_LIST, 2, lost[i], true);
		fail_next(SIM_GET, 2, lost[i], true);
		storage_ask_list(&op, "", "");
		settle();
		ck_assert_uint_eq(op.page.objects.n, 1);
		expect(STORAGE_OK, 3, 2, 1);
		storage_ask_get(&op, "x", 100);
		settle();
		ck_assert_str_eq(op.body.data, "bytes");
		expect(STORAGE_OK, 3, 2, 1);
		stop();
	}
}
END_TEST

int
main(void)
{
	return suite_run("gcs_faults",
	    a_delete_that_did_not_act_is_tried_again_and_deletes,
	    a_delete_whose_reply_is_lost_is_tried_again_and_hears_it,
	    a_second_try_never_takes_what_came_after_the_first,
	    a_delete_of_any_generation_is_tried_again_only_when_that_is_right,
	    an_answer_that_another_try_would_not_change_is_final,
	    tries_end_and_say_why,
	    a_list_and_a_read_are_tried_again_until_they_come, NULL);
}
