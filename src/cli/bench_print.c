/* SPDX-License-Identifier: MIT */
/* Requests stand beside seconds everywhere: fewer requests is one gain,
 * concurrency another, and no number may take the other's credit. */
#include "src/cli/bench_print.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sim/sim.h"
#include "src/cli/grid.h"
#include "src/cli/output.h"

static const char *const table_names[] = { "blobs", "manifests", "overall",
	"2x2", "limiter", "latency" };

const char *
bench_table_name(enum bench_table t)
{
	return table_names[t];
}

const char *
bench_strategy_name(enum sweep_strategy s)
{
	return s == SWEEP_LIST_DELETE ? "list-delete" : "delete";
}

double
bench_seconds(uint64_t us)
{
	return (double)us / 1e6;
}

/* How many times faster, to three digits at least. */
static const char *
times(char out[16], const struct bench_result *base,
    const struct bench_result *r)
{
	double factor = (double)base->us / (double)r->us;

	if (r->us == 0)
		snprintf(out, 16, "-");
	else
		snprintf(out, 16, factor < 100 ? "%.3gx" : "%.0fx", factor);
	return out;
}

enum { SQUARE_COLUMNS = 7 };

/* clang-format off */
static const struct grid_column blobs[] = {
	{ "N", 0, 7 }, { "strategy", 2, -11 }, { "width", 1, 5 },
	{ "requests", 2, 8 }, { "formula", 1, 8 }, { "seconds", 2, 9 },
	{ "faster", 1, 7 }, { "audit", 2, 0 }, { NULL, 0, 0 },
};
/* Revision links (M, 2M), tag references (MT, 2MT), and all that was sent. */
static const struct grid_column manifests[] = {
	{ "M", 0, 4 }, { "T", 1, 3 }, { "strategy", 1, -11 }, { "width", 1, 5 },
	{ "revs", 1, 5 }, { "tags", 1, 6 }, { "sum", 1, 6 },
	{ "formula", 1, 7 }, { "seconds", 1, 9 }, { "faster", 1, 7 },
	{ "audit", 1, 0 }, { NULL, 0, 0 },
};
static const struct grid_column overall[] = {
	{ "strategy", 0, -11 }, { "width", 1, 5 }, { "requests", 2, 8 },
	{ "formula", 1, 7 }, { "seconds", 2, 9 }, { "faster", 1, 7 },
	{ "objects", 2, 12 }, { "audit", 2, 0 }, { NULL, 0, 0 },
};
static const struct grid_column limiter[] = {
	{ "strategy", 0, -11 }, { "width", 1, 5 }, { "requests", 2, 8 },
	{ "rejected", 1, 8 }, { "failed", 1, 6 }, { "seconds", 2, 9 },
	{ "model", 1, 9 }, { "peak", 1, 5 }, { "audit", 2, 0 }, { NULL, 0, 0 },
};
static const struct grid_column square[SQUARE_COLUMNS + 1] = {
	{ "", 0, -11 }, { "sent", 2, 7 }, { "seconds", 1, 9 },
	{ "faster", 1, 7 }, { "sent", 6, 7 }, { "seconds", 1, 9 },
	{ "faster", 1, 7 }, { NULL, 0, 0 },
};
/* clang-format on */

/* The tables of one row a cell. */
static const struct grid_column *const columns[] = {
	[BENCH_BLOBS] = blobs,
	[BENCH_MANIFESTS] = manifests,
	[BENCH_OVERALL] = overall,
	[BENCH_LIMITER] = limiter,
};

const char *
bench_clock_name(const struct bench_cell *c)
{
	return c->clock == LOOP_VIRTUAL ? "virtual" : "real";
}

double
bench_milliseconds(uint64_t us)
{
	return (double)us / 1e3;
}

/* Where a table begins or ends, Markdown wants an empty line. */
static void
end_paragraph(bool is_markdown)
{
	if (is_markdown)
		putchar('\n');
}

/* Where a line on the whole table ends: a seed of one's own is part of it. */
static void
end_line(const struct bench_cell *c)
{
	if (c->seed != 1)
		printf("   seed %" PRIu64, c->seed);
	putchar('\n');
}

static void
print_limits(const struct bench_cell *c)
{
	static const char *const verdicts[] = { [SIM_ON_LIMIT_429] = "429",
		[SIM_ON_LIMIT_QUEUE] = "they wait",
		[SIM_ON_LIMIT_503] = "503" };

	if (c->table == BENCH_LIMITER)
		printf("%" PRIu64 " blobs, ", c->n);
	printf("writes %" PRIu64 "/s, burst %" PRIu64 "; over the limit %s\n",
	    c->write_limit, c->burst, verdicts[c->on_limit]);
}

void
bench_print_head(const struct bench_cell *first, bool is_markdown)
{
	struct grid g;

	if (first->table == BENCH_2X2) /* its own head comes with the square */
		return;
	if (first->table == BENCH_LATENCY) { /* and with each block */
		printf("table latency   seconds for each number at once   %s "
		       "clock",
		    bench_clock_name(first));
		end_line(first);
		return;
	}
	printf("table %s   latency %g ms   %s clock",
	    bench_table_name(first->table),
	    bench_milliseconds(first->latency_us), bench_clock_name(first));
	end_line(first);
	if (first->write_limit != 0)
		print_limits(first);
	end_paragraph(is_markdown);
	grid_init(&g, columns[first->table], is_markdown);
	grid_head(&g);
}

/* --- one row a cell --- */

static void
add_way(struct grid *g, const struct bench_result *r)
{
	grid_cell(g, "%s", bench_strategy_name(r->cell.strategy));
	grid_cell(g, "%" PRIu64, r->cell.width);
}

static void
add_time(struct grid *g, const struct bench_result *r,
    const struct bench_result *base)
{
	char faster[16];

	grid_cell(g, "%.3f", bench_seconds(r->us));
	grid_cell(g, "%s", times(faster, base, r));
}

static void
print_blobs(struct grid *g, const struct bench_result *r,
    const struct bench_result *base)
{
	grid_cell(g, "%" PRIu64, r->cell.n);
	add_way(g, r);
	grid_cell(g, "%" PRIu64, r->driver);
	grid_cell(g, "%" PRIu64, r->expected);
	add_time(g, r, base);
}

static void
print_manifests(struct grid *g, const struct bench_result *r,
    const struct bench_result *base)
{
	grid_cell(g, "%" PRIu64, r->cell.m);
	grid_cell(g, "%" PRIu64, r->cell.t);
	add_way(g, r);
	grid_cell(g, "%" PRIu64, r->revision_requests);
	grid_cell(g, "%" PRIu64, r->tag_requests);
	grid_cell(g, "%" PRIu64, r->driver);
	grid_cell(g, "%" PRIu64, r->expected);
	add_time(g, r, base);
}

static void
print_overall(struct grid *g, const struct bench_result *r,
    const struct bench_result *base)
{
	add_way(g, r);
	grid_cell(g, "%" PRIu64, r->driver);
	grid_cell(g, "%" PRIu64, r->expected);
	add_time(g, r, base);
	grid_cell(g, "%4" PRIu64 " -> %4" PRIu64, r->objects_before,
	    r->objects_after);
}

static void
print_limiter(struct grid *g, const struct bench_result *r)
{
	add_way(g, r);
	grid_cell(g, "%" PRIu64, r->driver);
	grid_cell(g, "%" PRIu64, r->rejected);
	grid_cell(g, "%" PRIu64, r->failed);
	grid_cell(g, "%.3f", bench_seconds(r->us));
	if (r->has_model)
		grid_cell(g, "%.3f", bench_seconds(r->model_us));
	else
		grid_cell(g, "-");
	grid_cell(g, "%" PRIu64, r->server.peak_in_flight);
}

void
bench_print_row(const struct bench_result *r, const struct bench_result *base,
    bool is_markdown)
{
	struct grid g;

	grid_init(&g, columns[r->cell.table], is_markdown);
	switch (r->cell.table) {
	case BENCH_BLOBS:
		print_blobs(&g, r, base);
		break;
	case BENCH_MANIFESTS:
		print_manifests(&g, r, base);
		break;
	case BENCH_OVERALL:
		print_overall(&g, r, base);
		break;
	case BENCH_LIMITER:
		print_limiter(&g, r);
		break;
	case BENCH_2X2:
	case BENCH_LATENCY:
		return;
	}
	grid_cell(&g, "%s", r->audit);
	fflush(stdout);
}

/* --- the square --- */

static void
print_square_row(struct grid *g, const struct bench_result r[2],
    const struct bench_result *base)
{
	int i;

	grid_cell(g, "%s", bench_strategy_name(r[0].cell.strategy));
	for (i = 0; i < 2; i++) {
		grid_cell(g, "%" PRIu64, r[i].driver);
		add_time(g, &r[i], base);
	}
}

/* Markdown has no heading over several columns. */
static void
print_square_head(uint64_t width, bool is_markdown)
{
	struct grid_column heads[SQUARE_COLUMNS + 1];
	struct grid g;
	char at_once[48];

	memcpy(heads, square, sizeof(heads));
	grid_init(&g, heads, is_markdown);
	if (is_markdown) {
		snprintf(at_once, sizeof(at_once),
		    "up to %" PRIu64 " at once: sent", width);
		heads[0].head = "strategy";
		heads[1].head = "one at a time: sent";
		heads[4].head = at_once;
	} else {
		printf("%-11s  %25s      %15s %4" PRIu64 " at once\n", "",
		    "one at a time", "up to", width);
	}
	grid_head(&g);
}

void
bench_print_square(const struct bench_result r[4], bool is_markdown)
{
	struct grid g;
	int i;

	printf("%" PRIu64 " blobs, latency %g ms, %s clock", r[0].cell.n,
	    bench_milliseconds(r[0].cell.latency_us),
	    bench_clock_name(&r[0].cell));
	end_line(&r[0].cell);
	putchar('\n');
	print_square_head(r[1].cell.width, is_markdown);
	grid_init(&g, square, is_markdown);
	print_square_row(&g, r, &r[0]);
	print_square_row(&g, r + 2, &r[0]);
	for (i = 0; i < 4 && r[i].is_audited; i++)
		continue;
	printf("\naudit: %s\n",
	    i == 4 ? "formula, driver and server agree in all four cells"
		   : r[i].audit);
}

void
bench_print_mark(const struct bench_result *r)
{
	printf("\nbefore each: the mark, %" PRIu64 " requests in %.3f s\n",
	    r->mark_requests, bench_seconds(r->mark_us));
}
