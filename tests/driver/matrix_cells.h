/* SPDX-License-Identifier: MIT */
/*
 * Everything that the matrix makes a server do, as bytes: one cell is one
 * answer to one kind of operation, given to every try of it.
 */
#ifndef TESTS_DRIVER_MATRIX_CELLS_H
#define TESTS_DRIVER_MATRIX_CELLS_H

#include <stddef.h>

#include "src/base/buf.h"
#include "src/base/vec.h"
#include "tests/support/raw_server.h"

/* "delete" names a generation, "delete-any" does not. */
enum matrix_op {
	MATRIX_LIST,
	MATRIX_GET,
	MATRIX_PUT,
	MATRIX_DELETE,
	MATRIX_DELETE_ANY
};
enum { MATRIX_OPS = MATRIX_DELETE_ANY + 1 };

const char *matrix_op_name(enum matrix_op op);

/* What is there: the page lists A and B below the prefix, the object holds
 * MATRIX_BYTES. */
#define MATRIX_PREFIX "docker/"
#define MATRIX_A      "docker/a"
#define MATRIX_B      "docker/b"
#define MATRIX_BYTES  "every byte of this object counts"

struct cell {
	char name[64]; /* words, as the rows match them */
	struct buf reply;
	size_t chunk; /* bytes of one write; 0: all */
	enum raw_after after;
};

struct cells {
	VEC(struct cell) v;
	enum matrix_op op;
};

/* All cells of an operation. */
void cells_init(struct cells *cells, enum matrix_op op);
void cells_release(struct cells *cells);

#endif
