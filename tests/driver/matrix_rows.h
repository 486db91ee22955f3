/* SPDX-License-Identifier: MIT */
/*
 * fixtures/hostile/verdicts.txt, read: what the driver must make of each thing
 * that a server can do.  The file explains itself.
 */
#ifndef TESTS_DRIVER_MATRIX_ROWS_H
#define TESTS_DRIVER_MATRIX_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "src/base/vec.h"

struct row {
	int line;        /* of the file */
	char *ops;       /* "list get", or "all" */
	char *pattern;   /* of the cell's name */
	char *verdict;   /* as storage_verdict_name says it */
	int status;      /* 0: none came */
	unsigned tries;  /* requests that the server saw */
	char *words;     /* are in the error; "": there is none */
	unsigned served; /* cells that this row matched */
};

struct rows {
	VEC(struct row) v;
	char *text;
};

/* Reads the file or ends the test with the line that is wrong. */
void rows_load(struct rows *rows);
void rows_release(struct rows *rows);

/* The one row for this operation and cell; ends the test when there is none,
 * or another. */
struct row *rows_find(struct rows *rows, const char *op, const char *cell);

#endif
