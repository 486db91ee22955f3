/* SPDX-License-Identifier: MIT */
/* How bench results look: a table for people, a JSON object a line for
 * programs.  Every row says how many times faster than its first row it is:
 * the old way, one at a time. */
#ifndef CLI_BENCH_PRINT_H
#define CLI_BENCH_PRINT_H

#include "src/cli/bench_cell.h"

/* The heading of a table, before its first row. */
void bench_print_head(const struct bench_cell *first);

/* One row; base is the first result of the same size. */
void bench_print_row(const struct bench_result *r,
    const struct bench_result *base);

/* The four cells: list-delete and delete, each one at a time and at once. */
void bench_print_square(const struct bench_result r[4]);

/* What the mark took, below the table `overall`. */
void bench_print_mark(const struct bench_result *r);

void bench_print_json(const struct bench_result *r);

#endif
