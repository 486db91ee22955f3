/* SPDX-License-Identifier: MIT */
/*
 * The whole house on one virtual loop: engine, driver, sockets, simulator.
 * Counts and times are exact, and one seed gives one journal.
 */
#include "sim/sim.h"
#include "src/base/loop.h"
#include "src/gcs/gcs.h"
#include "src/registry/gc.h"
#include "src/registry/walk_cost.h"
#include "src/storage/storage.h"
#include "src/storage/tally.h"
#include "tests/support/suite.h"

struct setup {
	const char *registry;
	uint64_t seed;
	enum sweep_strategy strategy;
	unsigned width;
	unsigned connections;
	uint64_t write_limit;
	enum sim_on_limit on_limit;
};

enum { LATENCY_US = 42000 };

struct outcome {
	uint64_t hash; /* of the sweep's journal */
	uint64_t us;
	uint64_t mark_us;
	uint64_t
	    upstream; /* requests that its mark and sweep would have sent */
	uint64_t attempts;
	uint64_t retries;
	uint64_t rejected;
	struct sim_counts counts;
	uint64_t objects;
	uint64_t bytes;
};

static uint64_t
cost_of_upstream(const struct gc *gc)
{
	struct walk_cost mark, sweep;

	walk_cost_mark(&gc->mark.inv, true, &mark);
	walk_cost_sweep(&gc->mark.inv, &gc->plan, &sweep);
	return walk_cost_requests(&mark) + walk_cost_requests(&sweep);
}

static void
sweep_all(struct gc *gc, struct storage *store, struct sim *sim,
    struct outcome *out)
{
	const struct tally *t = tally_of(store);
	struct err err = ERR_INIT;

	ck_assert_msg(gc_plan(gc, store, &err) == 0, "%s", err.text);
	out->mark_us = t->last_us - t->first_us;
	out->upstream = cost_of_upstream(gc);
	tally_reset(store);
	sim_reset_counts(sim);
	ck_assert_msg(gc_sweep(gc, store, &err) == 0, "%s", err.text);
	ck_assert_uint_eq(gc->report.failed, 0);
	out->us = t->last_us - t->first_us;
	out->attempts = t->attempts;
	out->retries = t->retries;
	out->rejected = t->rejected;
	out->hash = sim_journal_hash(sim);
	sim_counts(sim, &out->counts);
	out->objects = sim_objects(sim, "demo", &out->bytes);
}

static struct outcome
collect(const struct setup *s)
{
	struct loop *loop = loop_new(LOOP_VIRTUAL);
	struct err err = ERR_INIT;
	struct outcome out = { 0 };
	struct sim_opts sim_opts;
	struct gcs_opts gcs_opts;
	struct gc_opts gc_opts = {
		.root = "",
		.mark = { .delete_untagged = true, .width = 64 },
		.sweep = { .strategy = s->strategy, .width = s->width },
		.guards = { .max_delete = GUARD_LIMIT_NONE },
	};
	struct storage *store;
	struct sim *sim;
	struct gc gc;

	sim_defaults(&sim_opts);
	sim_opts.registry = s->registry;
	sim_opts.seed = s->seed;
	sim_opts.latency = sim_constant(LATENCY_US);
	sim_opts.write_limit = s->write_limit;
	sim_opts.burst = 100;
	sim_opts.on_limit = s->on_limit;
	sim = sim_start_on(loop, &sim_opts, &err);
	ck_assert_msg(sim != NULL, "%s", err.text);
	gcs_defaults(&gcs_opts);
	gcs_opts.endpoint = sim_url(sim);
	gcs_opts.bucket = "demo";
	gcs_opts.connections = s->connections;
	gcs_opts.seed = s->seed;
	store = gcs_open(loop, &gcs_opts, &err);
	ck_assert_msg(store != NULL, "%s", err.text);
	store = tally_new(store);
	ck_assert_int_eq(gc_init(&gc, &gc_opts, &err), 0);
	sweep_all(&gc, store, sim, &out);
	gc_release(&gc);
	storage_close(store);
	sim_stop(sim);
	loop_free(loop);
	return out;
}

START_TEST(the_seeds_run_ends_at_688_objects_by_782_or_391_requests)
{
	struct setup s = { .registry = "demo", .seed = 1, .connections = 400 };
	struct outcome out;

	s.strategy = SWEEP_LIST_DELETE;
	s.width = 1;
	out = collect(&s);
	ck_assert_uint_eq(out.attempts, 782);
	ck_assert_uint_eq(out.counts.requests[SIM_LIST], 391);
	ck_assert_uint_eq(out.counts.requests[SIM_DELETE], 391);
	ck_assert_uint_eq(out.counts.peak_in_flight, 1);
	ck_assert_uint_eq(out.us, 782 * 42000);
	ck_assert_uint_eq(out.objects, 688);
	ck_assert_uint_eq(out.bytes, 2528000000);

	s.strategy = SWEEP_DELETE;
	s.width = 1000;
	out = collect(&s);
	ck_assert_uint_eq(out.attempts, 391);
	ck_assert_uint_eq(out.counts.total, 391);
	ck_assert_uint_eq(out.counts.requests[SIM_DELETE], 391);
	ck_assert_uint_eq(out.counts.peak_in_flight, 351);
	ck_assert_uint_eq(out.us, 3 * 42000); /* tags, revisions, blobs */
	ck_assert_uint_eq(out.objects, 688);
	ck_assert_uint_eq(out.bytes, 2528000000);
}
END_TEST

/* Upstream waits for each request before it sends the next.  Ours wait for six:
 * two listings, the manifests at once, and a section of the sweep three times. */
START_TEST(the_seeds_run_waits_a_hundredth_of_upstreams_time)
{
	struct setup s = { .registry = "demo",
		.seed = 1,
		.strategy = SWEEP_DELETE,
		.width = 1000,
		.connections = 1000 };
	struct outcome out = collect(&s);
	uint64_t waits = (out.mark_us + out.us) / LATENCY_US;

	ck_assert_uint_eq(waits, 6);
	ck_assert_uint_le(waits * 50, out.upstream);
	ck_assert_uint_le((out.mark_us + out.us) * 100,
	    out.upstream * LATENCY_US);
}
END_TEST

START_TEST(one_seed_gives_one_journal)
{
	/* Queueing, rejections with jittered retries, and a queue of ours
	 * before too few connections: whatever could depend on the order in
	 * which sockets become readable. */
	static const struct setup setups[] = {
		{ "demo", 1, SWEEP_DELETE, 1000, 1000, 0, 0 },
		{ "demo", 1, SWEEP_LIST_DELETE, 300, 50, 0, 0 },
		{ "demo", 1, SWEEP_DELETE, 300, 300, 500, SIM_ON_LIMIT_QUEUE },
		{ "demo", 1, SWEEP_DELETE, 300, 300, 500, SIM_ON_LIMIT_429 },
		{ "demo", 2, SWEEP_DELETE, 300, 70, 500, SIM_ON_LIMIT_429 },
	};
	uint64_t hashes[sizeof(setups) / sizeof(setups[0])];
	size_t i, j;

	for (i = 0; i < sizeof(setups) / sizeof(setups[0]); i++) {
		struct outcome a = collect(&setups[i]);
		struct outcome b = collect(&setups[i]);

		ck_assert_uint_eq(a.hash, b.hash);
		ck_assert_uint_eq(a.us, b.us);
		ck_assert_uint_eq(a.attempts, a.counts.total);
		ck_assert_uint_eq(a.rejected, a.counts.rejected);
		hashes[i] = a.hash;
		for (j = 0; j < i; j++)
			ck_assert_uint_ne(hashes[i], hashes[j]);
	}
}
END_TEST

START_TEST(rejected_deletes_are_tried_again_and_counted)
{
	struct setup s = {
		.registry = "manifests=0,orphans=600,kept=1",
		.seed = 7,
		.strategy = SWEEP_DELETE,
		.width = 600,
		.connections = 600,
		.write_limit = 1000,
		.on_limit = SIM_ON_LIMIT_429,
	};
	struct outcome out = collect(&s);

	ck_assert_uint_gt(out.rejected, 0);
	ck_assert_uint_eq(out.retries, out.rejected);
	ck_assert_uint_eq(out.attempts, 600 + out.retries);
	ck_assert_uint_eq(out.counts.total, out.attempts);
	ck_assert_uint_eq(out.counts.rejected, out.rejected);
	ck_assert_uint_eq(out.objects, 4 + 6); /* kept: blobs, links */
}
END_TEST

static struct storage_op *
ask(struct storage *store, struct storage_op *op)
{
	storage_submit(store, op);
	return storage_reap(store);
}

/* What was given up is still parked in the simulator; it must not count for
 * what came after it. */
START_TEST(a_request_that_was_given_up_moves_no_clock)
{
	struct loop *loop = loop_new(LOOP_VIRTUAL);
	struct err err = ERR_INIT;
	struct sim_opts sim_opts;
	struct gcs_opts gcs_opts;
	struct sim_counts counts;
	struct storage *store;
	struct storage_op op;
	struct sim *sim;
	int i;

	sim_defaults(&sim_opts);
	sim_opts.registry = "manifests=1";
	sim_opts.kind_latency[SIM_GET] = sim_constant(35000000);
	sim_opts.kind_latency[SIM_LIST] = sim_constant(1000);
	sim = sim_start_on(loop, &sim_opts, &err);
	gcs_defaults(&gcs_opts);
	gcs_opts.endpoint = sim_url(sim);
	gcs_opts.bucket = "demo";
	gcs_opts.connections = 2;
	gcs_opts.idle_timeout_us = 30000000;
	store = gcs_open(loop, &gcs_opts, &err);
	ck_assert(store != NULL);
	storage_op_init(&op);
	storage_ask_get(&op, "some/object", 100);
	ck_assert_ptr_eq(ask(store, &op), &op);
	ck_assert_int_eq(op.verdict, STORAGE_FAILED);
	ck_assert_uint_eq(op.attempts, 8);
	sim_counts(sim, &counts);
	ck_assert_uint_eq(counts.requests[SIM_GET], 8);
	ck_assert_uint_gt(counts.in_flight, 0);
	for (i = 0; i < 20; i++) {
		storage_ask_list(&op, "docker/", "");
		ck_assert_ptr_eq(ask(store, &op), &op);
		ck_assert_int_eq(op.verdict, STORAGE_OK);
		ck_assert_uint_eq(op.done_us - op.submitted_us, 1000);
	}
	storage_op_release(&op);
	storage_close(store);
	sim_stop(sim);
	loop_free(loop);
}
END_TEST

int
main(void)
{
	return suite_run("virtual",
	    the_seeds_run_ends_at_688_objects_by_782_or_391_requests,
	    the_seeds_run_waits_a_hundredth_of_upstreams_time,
	    one_seed_gives_one_journal,
	    rejected_deletes_are_tried_again_and_counted,
	    a_request_that_was_given_up_moves_no_clock, NULL);
}
