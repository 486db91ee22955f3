/* SPDX-License-Identifier: MIT */
/* Two ways to have a simulator, behind one face. */
#include "src/cli/bench_server.h"

#include <stdlib.h>

#include "sim/sim.h"
#include "src/base/mem.h"
#include "src/cli/bench_child.h"

struct bench_server {
	struct loop *loop;
	struct sim *sim;           /* virtual clock */
	struct bench_child *child; /* real clock */
};

static struct sim *
start_here(struct loop *loop, const struct bench_server_opts *opts,
    struct err *err)
{
	struct sim_opts sim;

	sim_defaults(&sim);
	sim.seed = opts->seed;
	sim.registry = opts->registry;
	sim.bucket = BENCH_BUCKET;
	sim.latency = sim_constant(opts->latency_us);
	sim.write_limit = opts->write_limit;
	sim.burst = opts->burst;
	sim.on_limit = (enum sim_on_limit)opts->on_limit;
	return sim_start_on(loop, &sim, err);
}

struct bench_server *
bench_server_start(const struct bench_server_opts *opts, struct err *err)
{
	struct bench_server *s = mem_zalloc(1, sizeof(*s));

	s->loop = loop_new(opts->clock);
	if (opts->clock == LOOP_VIRTUAL)
		s->sim = start_here(s->loop, opts, err);
	else
		s->child = bench_child_start(opts, err);
	if (s->sim == NULL && s->child == NULL) {
		bench_server_stop(s);
		return NULL;
	}
	return s;
}

void
bench_server_stop(struct bench_server *s)
{
	if (s == NULL)
		return;
	sim_stop(s->sim);
	bench_child_stop(s->child);
	loop_free(s->loop);
	free(s);
}

struct loop *
bench_server_loop(struct bench_server *s)
{
	return s->loop;
}

const char *
bench_server_url(const struct bench_server *s)
{
	return s->sim != NULL ? sim_url(s->sim) : bench_child_url(s->child);
}

int
bench_server_count(struct bench_server *s, struct bench_counts *out,
    struct err *err)
{
	struct sim_counts counts;

	if (s->child != NULL)
		return bench_child_count(s->child, s->loop, out, err);
	sim_counts(s->sim, &counts);
	out->requests[STORAGE_LIST] = counts.requests[SIM_LIST];
	out->requests[STORAGE_GET] = counts.requests[SIM_GET];
	out->requests[STORAGE_PUT] = counts.requests[SIM_PUT];
	out->requests[STORAGE_DELETE] = counts.requests[SIM_DELETE];
	out->total = counts.total;
	out->rejected = counts.rejected;
	out->peak_in_flight = counts.peak_in_flight;
	out->objects = sim_objects(s->sim, BENCH_BUCKET, NULL);
	return 0;
}

int
bench_server_reset(struct bench_server *s, struct err *err)
{
	if (s->child != NULL)
		return bench_child_reset(s->child, s->loop, err);
	sim_reset_counts(s->sim);
	return 0;
}
