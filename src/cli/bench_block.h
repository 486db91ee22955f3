/* SPDX-License-Identifier: MIT */
/*
 * The table `latency` is printed in blocks, one for each N: a row for each
 * latency, a column for each strategy and width.  So 2N beside N and one
 * beside a thousand stand in one row, and what a longer way costs below it.
 */
#ifndef CLI_BENCH_BLOCK_H
#define CLI_BENCH_BLOCK_H

#include <stddef.h>

#include "src/cli/bench_cell.h"
#include "src/cli/grid.h"

/* What a table holds of each size: strategies first to last, and widths. */
struct bench_ways {
	int first, last; /* enum sweep_strategy */
	const uint64_t *widths;
	size_t n_widths; /* up to BENCH_WIDTHS_MAX */
};

enum {
	BENCH_WIDTHS_MAX = 6,
	BENCH_CELLS_MAX = 2 * BENCH_WIDTHS_MAX,
	BENCH_HEAD_MAX = 48
};

struct bench_block {
	struct grid grid;
	struct grid_column columns[1 + BENCH_CELLS_MAX + 1];
	char heads[BENCH_CELLS_MAX][BENCH_HEAD_MAX];
};

/* Prints the heading of N blobs.  The block must stay where it is. */
void bench_block_begin(struct bench_block *b, const struct bench_ways *ways,
    uint64_t n, bool is_markdown);

/* A row: its latency, then bench_block_cell() for each strategy and width. */
void bench_block_row(struct bench_block *b, uint64_t latency_us);
void bench_block_cell(struct bench_block *b, const struct bench_result *r);

#endif
