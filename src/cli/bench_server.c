/* SPDX-License-Identifier: MIT */
/* Two ways to have a simulator, behind one face. */
#include "src/cli/bench_server.h"

#include <stdlib.h>

#include "sim/gcssim.h"
#include "src/base/mem.h"
#include "src/cli/bench_child.h"

struct bench_server {
	struct loop *loop;
	struct gcssim *sim;        /* virtual clock */
	struct bench_child *child; /* real clock */
};

static struct gcssim *
start_here(struct loop *loop, const struct bench_server_opts *opts,
    struct err *err)
{
	struct gcssim_opts sim;

	gcssim_defaults(&sim);
	sim.seed = opts->seed;
	sim.registry = opts->registry;
	sim.bucket = BENCH_BUCKET;
	sim.latency = gcssim_constant(opts->latency_us);
	sim.write_limit = opts->write_limit;
	sim.burst = opts->burst;
	sim.on_limit = (enum gcssim_on_limit)opts->on_limit;
	return gcssim_start_on(loop, &sim, err);
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
	gcssim_stop(s->sim);
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
	return s->sim != NULL ? gcssim_url(s->sim) : bench_child_url(s->child);
}

int
bench_server_count(struct bench_server *s, struct bench_counts *out,
    struct err *err)
{
	struct gcssim_counts counts;

	if (s->child != NULL)
		return bench_child_count(s->child, s->loop, out, err);
	gcssim_counts(s->sim, &counts);
	out->requests[STORAGE_LIST] = counts.requests[GCSSIM_LIST];
	out->requests[STORAGE_GET] = counts.requests[GCSSIM_GET];
	out->requests[STORAGE_PUT] = counts.requests[GCSSIM_PUT];
	out->requests[STORAGE_DELETE] = counts.requests[GCSSIM_DELETE];
	out->total = counts.total;
	out->rejected = counts.rejected;
	out->peak_in_flight = counts.peak_in_flight;
	out->objects = gcssim_objects(s->sim, BENCH_BUCKET, NULL);
	return 0;
}

int
bench_server_reset(struct bench_server *s, struct err *err)
{
	if (s->child != NULL)
		return bench_child_reset(s->child, s->loop, err);
	gcssim_reset_counts(s->sim);
	return 0;
}
