/* SPDX-License-Identifier: MIT */
/*
 * The driver against a limiter and against an outage, over HTTP on the virtual
 * clock: how long it takes beside what nobody could beat, how much is rejected,
 * and that it all ends well.
 */
#include <stdio.h>
#include <stdlib.h>

#include "sim/sim.h"
#include "src/base/loop.h"
#include "src/base/mem.h"
#include "src/gcs/gcs.h"
#include "src/storage/storage.h"
#include "tests/support/suite.h"

enum { WIDTH = 1000 };

static struct loop *loop;
static struct sim *sim;
static struct storage *store;

static void
start(const struct sim_opts *sim_opts, enum pace_mode mode)
{
	struct err err = ERR_INIT;
	struct gcs_opts opts;

	loop = loop_new(LOOP_VIRTUAL);
	sim = sim_start_on(loop, sim_opts, &err);
	ck_assert_msg(sim != NULL, "%s", err.text);
	gcs_defaults(&opts);
	opts.endpoint = sim_url(sim);
	opts.bucket = "demo";
	opts.connections = WIDTH;
	opts.pace = mode;
	opts.rate = PACE_BEGIN_RATE;
	store = gcs_open(loop, &opts, &err);
	ck_assert_msg(store != NULL, "%s", err.text);
}

static void
stop(void)
{
	storage_close(store);
	sim_stop(sim);
	loop_free(loop);
}

static void
send(struct storage_op *op, size_t i)
{
	char name[32];

	snprintf(name, sizeof(name), "%02zx/%zu", i * 37 % 256, i);
	storage_ask_delete(op, name);
	storage_if_generation(op, 1);
	storage_submit(store, op);
}

struct outcome {
	uint64_t us;
	uint64_t attempts, rejected;
	unsigned most_tries;
	uint64_t others; /* not GONE */
};

/* Deletes n objects that are not there, which costs as much as if they were. */
static struct outcome
delete_many(size_t n)
{
	struct storage_op *ops = mem_zalloc(WIDTH, sizeof(*ops)), *op;
	struct outcome out = { .us = loop_now(loop) };
	size_t sent = 0, i;

	for (i = 0; i < WIDTH; i++) {
		storage_op_init(&ops[i]);
		if (sent < n)
			send(&ops[i], sent++);
	}
	while ((op = storage_reap(store)) != NULL) {
		out.attempts += op->attempts;
		out.rejected += op->rejected;
		out.others += op->verdict != STORAGE_GONE;
		if (op->attempts > out.most_tries)
			out.most_tries = op->attempts;
		if (sent < n)
			send(op, sent++);
	}
	for (i = 0; i < WIDTH; i++)
		storage_op_release(&ops[i]);
	free(ops);
	out.us = loop_now(loop) - out.us;
	return out;
}

static void
run_cell(double latency_ms, uint64_t burst)
{
	enum { N = 10000, RATE = 1000 };
	double paced = (N - (double)burst) / RATE;
	double wide = N * latency_ms / 1000 / WIDTH;
	double bound = (paced > wide ? paced : wide) + latency_ms / 1000;
	struct sim_opts opts;
	struct outcome out;

	sim_defaults(&opts);
	opts.registry = "manifests=0";
	opts.latency = sim_constant((uint64_t)(latency_ms * 1000));
	opts.write_limit = RATE;
	opts.burst = burst;
	start(&opts, PACE_AUTO);
	out = delete_many(N);
	printf(
	    "# %g ms, burst %u: %.2fx the bound, %.2f %% rejected, %u tries\n",
	    latency_ms, (unsigned)burst, (double)out.us / 1e6 / bound,
	    100.0 * (double)out.rejected / (double)out.attempts,
	    out.most_tries);
	ck_assert_uint_eq(out.others, 0);
	ck_assert_uint_le(out.us, (uint64_t)(1.15 * bound * 1e6));
	ck_assert_uint_le(out.rejected * 100, out.attempts * 3);
	ck_assert_uint_le(out.most_tries, 3);
	stop();
}

START_TEST(a_limiter_is_met_within_15_percent_of_what_is_possible)
{
	run_cell(10, 100);
	run_cell(42, 1000);
	run_cell(100, 100);
}
END_TEST

/* --- an outage --- */

static void
on_end(void *arg)
{
	struct err err = ERR_INIT;

	(void)arg;
	ck_assert_msg(sim_remove_faults(sim, NULL, &err) == 0, "%s", err.text);
}

static void
on_begin(void *arg)
{
	struct err err = ERR_INIT;

	ck_assert_msg(sim_add_faults(sim, arg, &err) == 0, "%s", err.text);
}

static void
outlast(const char *rule)
{
	enum { N = 2000, MINUTES = 10 };
	const uint64_t begin = 500000, lasts = MINUTES * 60000000ULL;
	struct loop_timer begins, ends;
	struct gcs_status status;
	struct sim_opts opts;
	struct outcome out;
	char text[64];

	snprintf(text, sizeof(text), "%s", rule);
	sim_defaults(&opts);
	opts.registry = "manifests=0";
	opts.latency = sim_constant(42000);
	opts.write_limit = 1000;
	opts.burst = 100;
	start(&opts, PACE_AUTO);
	loop_timer_init(&begins, loop, on_begin, text);
	loop_timer_init(&ends, loop, on_end, NULL);
	loop_timer_set(&begins, loop_now(loop) + begin);
	loop_timer_set(&ends, loop_now(loop) + begin + lasts);
	out = delete_many(N);
	gcs_status(store, &status);
	printf("# '%s': %.1f s after it, %u probes, %u requests for %d\n", rule,
	    (double)(out.us - begin - lasts) / 1e6, (unsigned)status.probes,
	    (unsigned)out.attempts, N);
	ck_assert_uint_eq(out.others, 0);
	ck_assert(!status.is_outage);
	ck_assert_uint_ge(status.outages, 1);
	/* One probe a second at most, and back within five. */
	ck_assert_uint_le(status.probes, MINUTES * 60 + 5);
	ck_assert_uint_le(out.us, begin + lasts + 5000000);
	stop();
}

START_TEST(an_outage_of_ten_minutes_is_outlasted)
{
	outlast("DELETE 503");
	outlast("DELETE reset");
	outlast("DELETE 500");
}
END_TEST

/* A thousand in flight meet one random failure in a hundred: no outage, and
 * hardly more requests than objects. */
START_TEST(failures_now_and_then_cost_what_they_are)
{
	struct gcs_status status;
	struct err err = ERR_INIT;
	struct sim_opts opts;
	struct outcome out;

	sim_defaults(&opts);
	opts.registry = "manifests=0";
	opts.latency = sim_constant(42000);
	start(&opts, PACE_OFF);
	ck_assert_int_eq(sim_add_faults(sim, "DELETE 503 rate=1%", &err), 0);
	out = delete_many(10000);
	gcs_status(store, &status);
	ck_assert_uint_eq(out.others, 0);
	ck_assert_uint_eq(status.outages, 0);
	ck_assert_uint_gt(out.attempts, 10000);
	ck_assert_uint_le(out.attempts, 11000);
	stop();
}
END_TEST

int
main(void)
{
	return suite_run("limits",
	    a_limiter_is_met_within_15_percent_of_what_is_possible,
	    an_outage_of_ten_minutes_is_outlasted,
	    failures_now_and_then_cost_what_they_are, NULL);
}
