/* SPDX-License-Identifier: MIT */
/*
 * gcsweep bench: the merge request's tables on the built-in simulator.  A table
 * is a list of sizes; each size runs under both strategies at both widths,
 * unless an option names one.  A difference between formula, driver and server
 * fails the command.
 */
#include <inttypes.h>
#include <stdio.h>

#include "sim/sim.h"
#include "src/cli/bench_block.h"
#include "src/cli/bench_check.h"
#include "src/cli/bench_print.h"
#include "src/cli/commands.h"
#include "src/cli/output.h"

/* The sizes of the merge request's tables "Blobs" and "Manifests". */
static const uint64_t blob_sizes[] = { 1, 10, 100, 1000 };
static const struct {
	uint64_t m, t;
} manifest_sizes[] = { { 1, 0 }, { 1, 1 }, { 10, 0 }, { 10, 1 }, { 100, 0 },
	{ 100, 1 }, { 100, 20 } };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* 1000 writes/s at 42 ms need 42 in flight; to use up the burst of 1000 as
 * well within 10,000 it takes 47. */
static const uint64_t limiter_widths[] = { 1, 10, 42, 47, 100, 1000 };
static const uint64_t both_widths[] = { 1, 1000 };

/* From a machine next door to one across an ocean. */
static const uint64_t latencies[] = { 0, 10000, 42000, 100000 };
static const uint64_t latency_widths[] = { 1, 10, 100, 1000 };

enum {
	LATENCY_US = 42000, /* as the merge request measured */
	SQUARE_N = 100,
	LIMITER_N = 10000,
	LIMITER_RATE = 1000,
	LIMITER_BURST = 1000
};

struct bench {
	const struct options *opts;
	enum status status;
	struct bench_result base; /* the first row of the size at hand */
	bool has_base;
	uint64_t failed; /* deletes that never got through, in all cells */

	/* where the audits have no column */
	uint64_t cells, unaudited, retries;
	struct bench_result unaudited_first;
};

static uint64_t
pick(uint64_t said, uint64_t otherwise)
{
	return said == OPT_AUTO ? otherwise : said;
}

static struct bench_cell
cell_of(const struct options *opts)
{
	bool is_limiter = opts->table == BENCH_LIMITER;

	return (struct bench_cell){
		.table = (enum bench_table)opts->table,
		.n = pick(opts->n, is_limiter ? LIMITER_N : SQUARE_N),
		.connections = opts->max_connections,
		.clock = (enum loop_clock)opts->clock,
		.simulator = opts->simulator,
		.seed = opts->seed,
		.latency_us = pick(opts->latency_us, LATENCY_US),
		.write_limit = pick(opts->write_limit,
		    is_limiter ? LIMITER_RATE : 0),
		.burst = pick(opts->burst, LIMITER_BURST),
		.on_limit = opts->on_limit == BENCH_ON_LIMIT_AUTO
		    ? SIM_ON_LIMIT_QUEUE
		    : opts->on_limit,
	};
}

static int
run_cell(struct bench *b, const struct bench_cell *cell, struct bench_result *r,
    struct err *err)
{
	if (bench_cell_run(cell, r, err) != 0)
		return -1;
	b->cells++;
	b->failed += r->failed;
	b->retries += r->retries;
	if (!r->is_audited && b->unaudited++ == 0)
		b->unaudited_first = *r;
	if (!r->is_audited)
		b->status = STATUS_AUDIT;
	else if (r->failed > 0 && b->status == STATUS_OK)
		b->status = STATUS_FAILED;
	if (b->opts->json)
		bench_print_json(r);
	return 0;
}

/* One cell, printed beside the first of its size. */
static int
run_row(struct bench *b, struct bench_cell *cell, struct err *err)
{
	struct bench_result r;

	if (run_cell(b, cell, &r, err) != 0)
		return -1;
	if (!b->has_base)
		b->base = r;
	b->has_base = true;
	if (!b->opts->json)
		bench_print_row(&r, &b->base, b->opts->markdown);
	return 0;
}

/* Each strategy wanted, at each width wanted. */
static struct bench_ways
ways_of(const struct options *opts)
{
	struct bench_ways ways = { SWEEP_LIST_DELETE, SWEEP_DELETE, both_widths,
		COUNT(both_widths) };

	if (opts->table == BENCH_LIMITER) {
		ways.first = SWEEP_DELETE;
		ways.widths = limiter_widths;
		ways.n_widths = COUNT(limiter_widths);
	} else if (opts->table == BENCH_LATENCY) {
		ways.widths = latency_widths;
		ways.n_widths = COUNT(latency_widths);
	}
	if (opts->strategy == BENCH_BOTH)
		ways.first = SWEEP_LIST_DELETE;
	else if (opts->strategy != BENCH_STRATEGY_AUTO)
		ways.first = ways.last = opts->strategy;
	if (opts->concurrency != OPT_AUTO) {
		ways.widths = &opts->concurrency;
		ways.n_widths = 1;
	}
	return ways;
}

static int
run_size(struct bench *b, struct bench_cell *cell, struct err *err)
{
	struct bench_ways ways = ways_of(b->opts);
	size_t i;
	int s;

	b->has_base = false;
	for (s = ways.first; s <= ways.last; s++) {
		cell->strategy = (enum sweep_strategy)s;
		for (i = 0; i < ways.n_widths; i++) {
			cell->width = ways.widths[i];
			if (run_row(b, cell, err) != 0)
				return -1;
		}
	}
	return 0;
}

static int
run_blobs(struct bench *b, struct bench_cell *cell, struct err *err)
{
	size_t i;

	for (i = 0; i < COUNT(blob_sizes); i++) {
		cell->n = pick(b->opts->n, blob_sizes[i]);
		if (run_size(b, cell, err) != 0)
			return -1;
		if (b->opts->n != OPT_AUTO)
			break;
	}
	return 0;
}

static int
run_manifests(struct bench *b, struct bench_cell *cell, struct err *err)
{
	bool is_single = b->opts->m != OPT_AUTO || b->opts->t != OPT_AUTO;
	size_t i;

	for (i = 0; i < COUNT(manifest_sizes); i++) {
		cell->m = pick(b->opts->m, manifest_sizes[i].m);
		cell->t = pick(b->opts->t, manifest_sizes[i].t);
		if (run_size(b, cell, err) != 0)
			return -1;
		if (is_single)
			break;
	}
	return 0;
}

/* The four cells that keep the two gains apart. */
static int
run_square(struct bench *b, struct bench_cell *cell, struct err *err)
{
	struct bench_result r[4];
	int i;

	for (i = 0; i < 4; i++) {
		cell->strategy = i < 2 ? SWEEP_LIST_DELETE : SWEEP_DELETE;
		cell->width = i % 2 ? pick(b->opts->concurrency, 1000) : 1;
		if (run_cell(b, cell, &r[i], err) != 0)
			return -1;
	}
	if (!b->opts->json)
		bench_print_square(r, b->opts->markdown);
	return 0;
}

/* From a width of R*L on, the bucket alone decides, unless the window is so
 * narrow that the bucket never runs dry: then the waves do. */
static void
print_closed_form(const struct bench_cell *c, bool is_markdown)
{
	double rate = (double)c->write_limit;
	double latency = (double)c->latency_us / 1e6;
	const char *item = is_markdown ? "-" : " ";

	if (c->on_limit != SIM_ON_LIMIT_QUEUE || c->n <= c->burst)
		return;
	printf("\nFrom a width of R*L = %g on, T is the larger of\n"
	       "%s (N - B)/R + L     = %.6f s, what the bucket allows\n"
	       "%s ceil(N/width) * L, what the window allows\n",
	    rate * latency, item,
	    ((double)c->n - (double)c->burst) / rate + latency, item);
}

static int
run_block_row(struct bench *b, struct bench_block *block,
    const struct bench_ways *ways, struct bench_cell *cell, struct err *err)
{
	struct bench_result r;
	size_t i;
	int s;

	if (!b->opts->json)
		bench_block_row(block, cell->latency_us);
	for (s = ways->first; s <= ways->last; s++) {
		cell->strategy = (enum sweep_strategy)s;
		for (i = 0; i < ways->n_widths; i++) {
			cell->width = ways->widths[i];
			if (run_cell(b, cell, &r, err) != 0)
				return -1;
			if (!b->opts->json)
				bench_block_cell(block, &r);
		}
	}
	return 0;
}

static int
run_block(struct bench *b, struct bench_cell *cell, struct err *err)
{
	struct bench_ways ways = ways_of(b->opts);
	struct bench_block block;
	size_t i;

	if (!b->opts->json)
		bench_block_begin(&block, &ways, cell->n, b->opts->markdown);
	for (i = 0; i < COUNT(latencies); i++) {
		cell->latency_us = pick(b->opts->latency_us, latencies[i]);
		if (run_block_row(b, &block, &ways, cell, err) != 0)
			return -1;
		if (b->opts->latency_us != OPT_AUTO)
			break;
	}
	return 0;
}

static void
print_audits(const struct bench *b)
{
	const struct bench_cell *c = &b->unaudited_first.cell;

	printf("\naudit: ");
	if (b->unaudited == 0)
		printf("formula, driver and server agree in all %" PRIu64
		       " cell%s",
		    b->cells, output_plural(b->cells));
	else
		printf("%" PRIu64 " of %" PRIu64 " cells differ, first N = "
		       "%" PRIu64 ", %g ms, %s, %" PRIu64 " at once: %s",
		    b->unaudited, b->cells, c->n,
		    bench_milliseconds(c->latency_us),
		    bench_strategy_name(c->strategy), c->width,
		    b->unaudited_first.audit);
	if (b->retries > 0)
		printf("; %" PRIu64 " retr%s", b->retries,
		    b->retries == 1 ? "y" : "ies");
	puts("\n\nmore at once than there are blobs is all of them at once");
}

static int
run_latency(struct bench *b, struct bench_cell *cell, struct err *err)
{
	size_t i;

	for (i = 0; i < COUNT(blob_sizes); i++) {
		cell->n = pick(b->opts->n, blob_sizes[i]);
		if (run_block(b, cell, err) != 0)
			return -1;
		if (b->opts->n != OPT_AUTO)
			break;
	}
	if (!b->opts->json)
		print_audits(b);
	return 0;
}

static int
run_overall(struct bench *b, struct bench_cell *cell, struct err *err)
{
	if (run_size(b, cell, err) != 0)
		return -1;
	if (!b->opts->json)
		bench_print_mark(&b->base);
	return 0;
}

static int
run_limiter(struct bench *b, struct bench_cell *cell, struct err *err)
{
	if (run_size(b, cell, err) != 0)
		return -1;
	if (!b->opts->json)
		print_closed_form(cell, b->opts->markdown);
	return 0;
}

static int
run_table(struct bench *b, struct err *err)
{
	static int (*const tables[])(struct bench *, struct bench_cell *,
	    struct err *) = {
		[BENCH_BLOBS] = run_blobs,
		[BENCH_MANIFESTS] = run_manifests,
		[BENCH_OVERALL] = run_overall,
		[BENCH_2X2] = run_square,
		[BENCH_LIMITER] = run_limiter,
		[BENCH_LATENCY] = run_latency,
	};
	struct bench_cell cell = cell_of(b->opts);

	if (!b->opts->json)
		bench_print_head(&cell, b->opts->markdown);
	if (tables[cell.table](b, &cell, err) != 0)
		return -1;
	if (b->failed > 0 && !b->opts->json)
		printf("\n%" PRIu64 " delete%s still failed after the last "
		       "try\n",
		    b->failed, output_plural(b->failed));
	return 0;
}

enum status
cmd_bench(const struct options *opts, int argc, char **argv)
{
	struct bench b = { .opts = opts };
	struct err err = ERR_INIT;

	if (argc > 1)
		err_set(&err, ERR_USAGE, "%s takes no operand, and got '%s'",
		    argv[0], argv[1]);
	else if (bench_check(opts, &err) == 0 && run_table(&b, &err) == 0)
		return b.status;
	output_error(&err, opts->json);
	return status_of(err.code);
}
