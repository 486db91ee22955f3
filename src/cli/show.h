/* SPDX-License-Identifier: MIT */
/* What a plan's rows come to: by kind and reason, by repository, and the biggest
 * of them.  Pure. */
#ifndef CLI_SHOW_H
#define CLI_SHOW_H

#include <stdint.h>

#include "src/base/arena.h"
#include "src/base/vec.h"
#include "src/registry/plan_file.h"

struct buf;

struct show_kind {
	enum plan_section section;
	const char *reason;
	uint64_t rows, bytes;
};

struct show_repository {
	const char *name;
	uint64_t rows[PLAN_SECTIONS];
};

struct show_blob {
	const char *name;
	uint64_t size;
};

enum { SHOW_TOP = 10 };

struct show {
	VEC(struct show_kind) kinds; /* in the order of the plan */
	VEC(struct show_repository) repositories;
	struct show_blob biggest[SHOW_TOP]; /* the first biggest_n */
	size_t biggest_n;
	struct arena arena;
};

/* *s is all zero. */
void show_add(struct show *s, const struct plan_row *row);

/* When all rows were added: repositories by how much goes, most first, then by
 * name. */
void show_sort(struct show *s);
void show_release(struct show *s);

/* Adds the text as a field of a CSV line, in quotes where it needs them. */
void show_format_csv(const char *text, struct buf *out);

#endif
