/* SPDX-License-Identifier: MIT */
/*
 * A histogram of microseconds, or of anything that is counted in whole numbers
 * up to 2^64 - 1: exact below 2048, and above that to one part in 1024, which
 * is three significant digits.  Its cells come in blocks of 8 KiB, one for each
 * power of two that was ever met: a sweep touches three or four of the 55.
 */
#ifndef BASE_HIST_H
#define BASE_HIST_H

#include <stdint.h>

struct buf;

enum { HIST_CELLS = 1024, HIST_BLOCKS = 55 };

struct hist {
	uint64_t count;
	uint64_t max;
	double mean;
	double squares; /* sum of squared distances from the mean */
	uint64_t *blocks[HIST_BLOCKS];
};

/* A zeroed struct is an empty histogram, too. */
void hist_init(struct hist *h);
void hist_release(struct hist *h);

void hist_add(struct hist *h, uint64_t value);

/* The smallest value v for which at least the share q (0..1) of what was added
 * is at most v, rounded up to the end of its cell, but never above the maximum;
 * 0 when nothing was added.  A q of 0 asks for the minimum. */
uint64_t hist_quantile(const struct hist *h, double q);

/* How many were at most v, and those above it that are in its cell, too: so it
 * is exact below 2048, and as near as a quantile above. */
uint64_t hist_rank(const struct hist *h, uint64_t v);

double hist_deviation(const struct hist *h); /* standard, of the population */

/* Adds the percentile text of HdrHistogram (.hgrm), which its plotters read;
 * values are divided by unit: 1000 makes milliseconds of microseconds. */
void hist_format_hgrm(const struct hist *h, double unit, struct buf *out);

#endif
