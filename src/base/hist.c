/* SPDX-License-Identifier: MIT */
/*
 * Block 0 holds 0..1023 and block 1 holds 1024..2047, one value a cell; block b
 * above that holds the values with 10 + b bits, 2^(b-1) of them a cell.  So a
 * cell is never wider than 1/1024 of the values in it.
 *
 *	value  = 1 x x x x x x x x x x . . . .
 *		   \----- cell -----/ \ shift = block - 1 /
 */
#include "src/base/hist.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/buf.h"
#include "src/base/mem.h"

/* Steps of the percentile text for each halving of what is above it. */
enum { TICKS = 5 };

/* A cell that holds something, met on a walk from the smallest up. */
struct step {
	unsigned block, cell;
	uint64_t below; /* values up to and in this cell */
};

void
hist_init(struct hist *h)
{
	memset(h, 0, sizeof(*h));
}

void
hist_release(struct hist *h)
{
	int b;

	for (b = 0; b < HIST_BLOCKS; b++)
		free(h->blocks[b]);
	hist_init(h);
}

/* Shifted until 11 bits are left. */
static unsigned
block_of(uint64_t value)
{
	return value < HIST_CELLS ? 0 : 54 - (unsigned)__builtin_clzll(value);
}

static size_t
cell_of(uint64_t value, unsigned block)
{
	return block == 0 ? value : (value >> (block - 1)) - HIST_CELLS;
}

void
hist_add(struct hist *h, uint64_t value)
{
	double x = (double)value, distance = x - h->mean;
	unsigned block = block_of(value);

	if (h->blocks[block] == NULL)
		h->blocks[block] = mem_zalloc(HIST_CELLS, sizeof(uint64_t));
	h->blocks[block][cell_of(value, block)]++;
	h->count++;
	if (value > h->max)
		h->max = value;
	/* Welford's way: sums of squares would cancel each other out. */
	h->mean += distance / (double)h->count;
	h->squares += distance * (x - h->mean);
}

/* On to the next cell that is not empty; a step begins as { 0 } and what it is
 * at is only known after the first call. */
static bool
next_step(const struct hist *h, struct step *s)
{
	if (s->below == h->count)
		return false;
	if (s->below > 0)
		s->cell++;
	for (;; s->block++, s->cell = 0) {
		const uint64_t *cells = h->blocks[s->block];

		for (; cells != NULL && s->cell < HIST_CELLS; s->cell++) {
			if (cells[s->cell] > 0) {
				s->below += cells[s->cell];
				return true;
			}
		}
	}
}

/* The largest value that the cell stands for, and that was added. */
static uint64_t
value_at(const struct hist *h, const struct step *s)
{
	unsigned shift = s->block > 0 ? s->block - 1 : 0;
	uint64_t first = s->block > 0 ? HIST_CELLS + s->cell : s->cell;
	uint64_t last = (first << shift) + ((UINT64_C(1) << shift) - 1);

	return last < h->max ? last : h->max;
}

uint64_t
hist_quantile(const struct hist *h, double q)
{
	struct step s = { 0 };
	/* A product a hair above a whole number, as 0.07 times 100 is, is that
	 * number. */
	double want = ceil(nextafter(q * (double)h->count, 0));

	if (h->count == 0)
		return 0;
	while (next_step(h, &s)) {
		if ((double)s.below >= want)
			break;
	}
	return value_at(h, &s);
}

uint64_t
hist_rank(const struct hist *h, uint64_t v)
{
	unsigned last = block_of(v), b;
	uint64_t rank = 0;
	size_t i, n;

	for (b = 0; b <= last; b++) {
		if (h->blocks[b] == NULL)
			continue;
		n = b < last ? HIST_CELLS : cell_of(v, b) + 1;
		for (i = 0; i < n; i++)
			rank += h->blocks[b][i];
	}
	return rank;
}

double
hist_deviation(const struct hist *h)
{
	return h->count > 0 ? sqrt(h->squares / (double)h->count) : 0;
}

/* --- the percentile text --- */

/* The next percentile to report: TICKS of them on the way from 0 to 50%, as
 * many from there to 75%, and so on. */
static double
next_percentile(double p)
{
	double halvings = floor(log2(100 / (100 - p))) + 1;

	return p + 100 / (TICKS * exp2(halvings));
}

static void
format_steps(const struct hist *h, double unit, struct buf *out)
{
	struct step s = { 0 };
	double p = 0;

	while (next_step(h, &s)) {
		double value = (double)value_at(h, &s) / unit;

		while (100 * (double)s.below / (double)h->count >= p) {
			buf_addf(out, "%12.3f %14.12f %10llu %14.2f\n", value,
			    p / 100, (unsigned long long)s.below,
			    100 / (100 - p));
			p = next_percentile(p);
			if (s.below == h->count)
				break;
		}
	}
	if (h->count > 0)
		buf_addf(out, "%12.3f %14.12f %10llu\n", (double)h->max / unit,
		    1.0, (unsigned long long)h->count);
}

void
hist_format_hgrm(const struct hist *h, double unit, struct buf *out)
{
	int b, blocks = 0;

	for (b = 0; b < HIST_BLOCKS; b++)
		blocks += h->blocks[b] != NULL;
	buf_addf(out, "%12s %14s %10s %14s\n\n", "Value", "Percentile",
	    "TotalCount", "1/(1-Percentile)");
	format_steps(h, unit, out);
	buf_addf(out, "#[Mean    = %12.3f, StdDeviation   = %12.3f]\n",
	    h->mean / unit, hist_deviation(h) / unit);
	buf_addf(out, "#[Max     = %12.3f, Total count    = %12llu]\n",
	    (double)h->max / unit, (unsigned long long)h->count);
	buf_addf(out, "#[Buckets = %12d, SubBuckets     = %12d]\n", blocks,
	    2 * HIST_CELLS);
}
