/* SPDX-License-Identifier: MIT */
/*
 * A table on standard output, one cell after the other: aligned for people, or
 * as GitHub-flavoured Markdown.  Whoever fills it does not know which, so both
 * hold the same.
 */
#ifndef CLI_GRID_H
#define CLI_GRID_H

#include <stdbool.h>

#include "src/base/err.h"

struct grid_column {
	const char *head; /* NULL ends the columns */
	int gap;          /* spaces before it */
	int width;        /* below 0: to the left; 0: the last one, as it is */
};

struct grid {
	const struct grid_column *columns;
	bool is_markdown;
	int at; /* the column of the next cell */
};

/* Borrows the columns. */
void grid_init(struct grid *g, const struct grid_column *columns,
    bool is_markdown);

void grid_head(struct grid *g);

/* The next cell; the one of the last column ends the row. */
void grid_cell(struct grid *g, const char *format, ...) PRINTF_LIKE(2, 3);

#endif
