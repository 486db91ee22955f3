/* SPDX-License-Identifier: MIT */
/* How bench results look: a table for people, as text or as Markdown, or a
 * JSON object a line for programs.  Every row says how many times faster than
 * its first row it is: the old way, one at a time. */
#ifndef CLI_BENCH_PRINT_H
#define CLI_BENCH_PRINT_H

#include "src/cli/bench_cell.h"

/* The heading of a table, before its first row. */
void bench_print_head(const struct bench_cell *first, bool is_markdown);

/* One row; base is the first result of the same size. */
void bench_print_row(const struct bench_result *r,
    const struct bench_result *base, bool is_markdown);

/* The four cells: list-delete and delete, each one at a time and at once. */
void bench_print_square(const struct bench_result r[4], bool is_markdown);

/* What the mark took, below the table `overall`. */
void bench_print_mark(const struct bench_result *r);

void bench_print_json(const struct bench_result *r);

/* The words and units of all of them. */
const char *bench_table_name(enum bench_table t);
const char *bench_strategy_name(enum sweep_strategy s);
const char *bench_clock_name(const struct bench_cell *c);
double bench_seconds(uint64_t us);
double bench_milliseconds(uint64_t us);

#endif
