/* SPDX-License-Identifier: MIT */
/*
 * A cell is timed and counted over the sweep's window alone.  The victim list
 * of the tables `blobs` and `manifests` is what a listing shows, as the merge
 * request's RemoveBlobs and RemoveManifests were handed theirs; `overall` goes
 * through the mark.
 */
#include "src/cli/bench_cell.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "sim/sim.h"
#include "src/cli/bench_model.h"
#include "src/cli/stack.h"
#include "src/registry/gc.h"
#include "src/storage/tally.h"

/* Descriptors that are not connections: standard streams, loops, listeners. */
enum { OTHER_FDS = 128 };

enum { MARK_WIDTH = 64 };

static void
registry_spec(const struct bench_cell *c, char *spec, size_t size)
{
	if (c->table == BENCH_OVERALL)
		snprintf(spec, size, "demo");
	else if (c->table == BENCH_MANIFESTS)
		snprintf(spec, size,
		    "manifests=%" PRIu64 ",tags=%" PRIu64 ",untagged=100%%",
		    c->m, c->t);
	else
		snprintf(spec, size, "manifests=0,orphans=%" PRIu64, c->n);
}

/* What the limit of open files leaves room for: on the virtual clock both ends
 * of a connection are in this process; on the real one each process keeps some
 * descriptors for itself, and the bench one connection for questions. */
static unsigned
connections_of(const struct bench_cell *c)
{
	uint64_t want = c->connections, room;
	struct rlimit limit;

	if (want == OPT_AUTO)
		want = c->table == BENCH_OVERALL && c->width < MARK_WIDTH
		    ? MARK_WIDTH
		    : c->width;
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 ||
	    limit.rlim_max == RLIM_INFINITY)
		return (unsigned)want;
	room = limit.rlim_max > OTHER_FDS ? limit.rlim_max - OTHER_FDS : 1;
	if (c->clock == LOOP_VIRTUAL && room > 1)
		room /= 2;
	return (unsigned)(want < room ? want : room);
}

static int
make_plan(const struct bench_cell *c, struct gc *gc, struct stack *st,
    struct err *err)
{
	if (c->table == BENCH_OVERALL)
		return gc_plan(gc, st->store, err);
	if (mark_list(&gc->mark, st->store, 1, err) != 0)
		return -1;
	if (c->table == BENCH_MANIFESTS)
		plan_all_manifests(&gc->plan, &gc->mark);
	else
		plan_all_blobs(&gc->plan, &gc->mark);
	return 0;
}

/* Who waits for his token can be predicted; who is rejected tries again at a
 * random time. */
static void
predict(struct bench_result *r, const struct plan *plan)
{
	const struct bench_cell *c = &r->cell;
	struct bench_model model = {
		.latency_us = c->latency_us,
		.write_limit = c->write_limit,
		.burst = c->burst,
		.width = c->width,
		.is_listing = c->strategy == SWEEP_LIST_DELETE,
	};
	uint64_t victims[PLAN_SECTIONS];
	int i;

	for (i = 0; i < PLAN_SECTIONS; i++)
		victims[i] = plan->victims[i].n;
	r->has_model = c->clock == LOOP_VIRTUAL &&
	    connections_of(c) >= c->width &&
	    (c->write_limit == 0 || c->on_limit == SIM_ON_LIMIT_QUEUE);
	r->model_us = r->has_model
	    ? bench_model_run(&model, victims, PLAN_SECTIONS)
	    : 0;
}

/* --- the audit --- */

/* Does a lie in [low, high]?  If not, the audit says so. */
static bool
is_within(struct bench_result *r, const char *what, uint64_t a, uint64_t low,
    uint64_t high)
{
	if (a >= low && a <= high)
		return true;
	if (low == high)
		snprintf(r->audit, sizeof(r->audit),
		    "%s: %" PRIu64 ", and not %" PRIu64, what, a, low);
	else
		snprintf(r->audit, sizeof(r->audit),
		    "%s: %" PRIu64 ", and not %" PRIu64 " to %" PRIu64, what, a,
		    low, high);
	return false;
}

/* driver = formula + retries - operations that never left; server = driver,
 * less what was lost before any answer, and only that; the objects that are
 * gone are those that were deleted, and perhaps some whose answer was lost.
 * Where nothing is lost every bound is an equation. */
static void
audit(struct bench_result *r, const struct tally *t, uint64_t victims)
{
	uint64_t gone = r->objects_before - r->objects_after;
	uint64_t deleted = victims - r->failed, lost = t->unanswered;
	uint64_t deletes = t->requests[STORAGE_DELETE];
	uint64_t may_be_gone = r->failed < lost ? r->failed : lost;

	r->unseen = r->driver > r->server.total ? r->driver - r->server.total
						: 0;
	r->is_audited = is_within(r, "requests by the driver",
			    r->driver + t->unsent, r->expected + r->retries,
			    r->expected + r->retries) &&
	    is_within(r, "requests at the server", r->server.total,
		r->driver - lost, r->driver) &&
	    is_within(r, "DELETEs at the server",
		r->server.requests[STORAGE_DELETE],
		deletes > lost ? deletes - lost : 0, deletes) &&
	    is_within(r, "rejections at the server", r->server.rejected,
		r->rejected, r->rejected + lost) &&
	    is_within(r, "objects gone", gone, deleted, deleted + may_be_gone);
	if (r->is_audited)
		snprintf(r->audit, sizeof(r->audit), "ok");
}

/* --- running --- */

/* User and system time of this process so far. */
static uint64_t
cpu_us(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (uint64_t)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000000 +
	    (uint64_t)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

static int
sweep(struct bench_result *r, struct gc *gc, struct stack *st,
    struct bench_server *server, struct err *err)
{
	const struct tally *t = stack_tally(st);
	struct bench_counts counts;
	uint64_t victims = plan_count(&gc->plan), cpu;

	if (bench_server_count(server, &counts, err) != 0 ||
	    bench_server_reset(server, err) != 0)
		return -1;
	r->objects_before = counts.objects;
	r->mark_requests = t->attempts;
	r->mark_us = t->last_us - t->first_us;
	stack_reset(st);
	cpu = cpu_us();
	if (gc_sweep(gc, st->store, err) != 0)
		return -1;
	r->cpu_us = cpu_us() - cpu;
	if (bench_server_count(server, &r->server, err) != 0)
		return -1;
	r->objects_after = r->server.objects;
	r->expected = sweep_formula(r->cell.strategy, victims);
	r->driver = t->attempts;
	r->rejected = t->rejected;
	r->retries = t->retries;
	r->us = t->last_us - t->first_us;
	r->revision_requests = gc->report.requests[PLAN_REVISIONS];
	r->tag_requests = gc->report.requests[PLAN_TAGS];
	r->failed = gc->report.failed + gc->report.not_tried;
	predict(r, &gc->plan);
	audit(r, t, victims);
	return 0;
}

static int
run_on(const struct bench_cell *c, struct bench_server *server,
    struct bench_result *r, struct err *err)
{
	struct gc_opts gc_opts = {
		.root = "",
		.mark = { .delete_untagged = true, .width = MARK_WIDTH },
		.sweep = { .strategy = c->strategy,
		    .seed = c->seed,
		    .width = (unsigned)c->width },
		.guards = { .max_delete = GUARD_LIMIT_NONE },
	};
	struct stack_opts stack_opts = {
		.endpoint = bench_server_url(server),
		.bucket = BENCH_BUCKET,
		.connections = connections_of(c),
		.seed = c->seed,
		/* A request that waits minutes for its token has not failed. */
		.is_patient = c->clock == LOOP_VIRTUAL,
	};
	struct stack st = { 0 };
	struct gc gc;
	int rc;

	rc = gc_init(&gc, &gc_opts, err);
	stack_opts.delete_under = gc.mark.inv.paths.prefix;
	if (rc == 0)
		rc = stack_open(&st, bench_server_loop(server), &stack_opts,
		    err);
	if (rc == 0)
		rc = make_plan(c, &gc, &st, err);
	if (rc == 0)
		rc = sweep(r, &gc, &st, server, err);
	stack_close(&st);
	gc_release(&gc);
	return rc;
}

int
bench_cell_run(const struct bench_cell *cell, struct bench_result *r,
    struct err *err)
{
	char spec[128];
	struct bench_server_opts opts = {
		.clock = cell->clock,
		.simulator = cell->simulator,
		.registry = spec,
		.seed = cell->seed,
		.latency_us = cell->latency_us,
		.write_limit = cell->write_limit,
		.burst = cell->burst,
		.on_limit = cell->on_limit,
	};
	struct bench_server *server;
	int rc;

	*r = (struct bench_result){ .cell = *cell };
	registry_spec(cell, spec, sizeof(spec));
	if ((server = bench_server_start(&opts, err)) == NULL)
		return -1;
	rc = run_on(cell, server, r, err);
	bench_server_stop(server);
	return rc;
}
