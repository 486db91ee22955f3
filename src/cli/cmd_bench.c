/* SPDX-License-Identifier: MIT */
/*
 * gcsweep bench: the merge request's tables on the built-in simulator.  A table is a
 * list of sizes; each size runs under both strategies at both widths, unless
 * an option names one.  A difference between formula, driver and server fails
 * the command.
 */
#include <inttypes.h>
#include <stdio.h>

#include "sim/gcssim.h"
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

enum {
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
		.connections = opts->connections,
		.clock = (enum loop_clock)opts->clock,
		.simulator = opts->simulator,
		.seed = opts->seed,
		.latency_us = opts->latency_us,
		.write_limit = pick(opts->write_limit,
		    is_limiter ? LIMITER_RATE : 0),
		.burst = pick(opts->burst, LIMITER_BURST),
		.on_limit = opts->on_limit == BENCH_ON_LIMIT_AUTO
		    ? GCSSIM_ON_LIMIT_QUEUE
		    : opts->on_limit,
	};
}

static int
run_cell(struct bench *b, const struct bench_cell *cell, struct bench_result *r,
    struct err *err)
{
	if (bench_cell_run(cell, r, err) != 0)
		return -1;
	b->failed += r->failed;
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
		bench_print_row(&r, &b->base);
	return 0;
}

/* One size: each strategy wanted, at each width wanted. */
static int
run_size(struct bench *b, struct bench_cell *cell, struct err *err)
{
	bool is_limiter = cell->table == BENCH_LIMITER;
	const uint64_t *widths = is_limiter ? limiter_widths : both_widths;
	size_t n = is_limiter ? COUNT(limiter_widths) : COUNT(both_widths), i;
	int strategy = b->opts->strategy, s;

	if (b->opts->concurrency != OPT_AUTO) {
		widths = &b->opts->concurrency;
		n = 1;
	}
	if (is_limiter && strategy == BENCH_BOTH)
		strategy = BENCH_DELETE;
	b->has_base = false;
	for (s = SWEEP_LIST_DELETE; s <= SWEEP_DELETE; s++) {
		if (strategy != BENCH_BOTH && strategy != s)
			continue;
		cell->strategy = (enum sweep_strategy)s;
		for (i = 0; i < n; i++) {
			cell->width = widths[i];
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
		bench_print_square(r);
	return 0;
}

/* From a width of R*L on, the bucket alone decides, unless the window is so
 * narrow that the bucket never runs dry: then the waves do. */
static void
print_closed_form(const struct bench_cell *c)
{
	double rate = (double)c->write_limit;
	double latency = (double)c->latency_us / 1e6;

	if (c->on_limit == 0 || c->n <= c->burst)
		return;
	printf("\nFrom a width of R*L = %g on, T is the larger of\n"
	       "  (N - B)/R + L     = %.6f s, what the bucket allows\n"
	       "  ceil(N/width) * L, what the window allows\n",
	    rate * latency, ((double)c->n - (double)c->burst) / rate + latency);
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
		print_closed_form(cell);
	return 0;
}

/* An option that this table has no use for would be ignored: say so. */
static int
check_options(const struct options *o, struct err *err)
{
	bool is_blobs = o->table == BENCH_BLOBS || o->table == BENCH_2X2 ||
	    o->table == BENCH_LIMITER;

	if (o->n != OPT_AUTO && !is_blobs)
		return err_set(err, ERR_USAGE,
		    "--n goes with the tables blobs, 2x2 and limiter");
	if ((o->m != OPT_AUTO || o->t != OPT_AUTO) &&
	    o->table != BENCH_MANIFESTS)
		return err_set(err, ERR_USAGE,
		    "--m and --t go with the table manifests");
	if ((o->burst != OPT_AUTO || o->on_limit != BENCH_ON_LIMIT_AUTO) &&
	    o->table != BENCH_LIMITER &&
	    (o->write_limit == OPT_AUTO || o->write_limit == 0))
		return err_set(err, ERR_USAGE,
		    "--burst and --on-limit go with --write-limit");
	if (o->write_limit == 0 && o->table == BENCH_LIMITER)
		return err_set(err, ERR_USAGE,
		    "the table limiter needs a --write-limit");
	if (o->strategy != BENCH_BOTH && o->table == BENCH_2X2)
		return err_set(err, ERR_USAGE,
		    "the table 2x2 always has both strategies");
	if (o->simulator != NULL && o->clock == LOOP_VIRTUAL)
		return err_set(err, ERR_USAGE,
		    "--simulator goes with --clock real");
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
	};
	struct bench_cell cell = cell_of(b->opts);

	if (!b->opts->json)
		bench_print_head(&cell);
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
	else if (check_options(opts, &err) == 0 && run_table(&b, &err) == 0)
		return b.status;
	output_error(&err, opts->json);
	return status_of(err.code);
}
