/* SPDX-License-Identifier: MIT */
/*
 * A walk over the versions of a bucket, in byte order of their names and then
 * by generation, whichever indexes they stand in.
 */
#ifndef SIM_CURSOR_H
#define SIM_CURSOR_H

#include <stddef.h>
#include <stdint.h>

struct bucket;
struct object;

enum cursor_over {
	CURSOR_LIVE,
	CURSOR_VERSIONS,    /* live and noncurrent */
	CURSOR_SOFT_DELETED /* also those whose time has come */
};

struct cursor {
	const struct bucket *bucket;
	enum cursor_over over;
	const struct object *a; /* live or soft-deleted */
	const struct object *b; /* noncurrent */
	const struct object *f; /* by formula, and its number */
	uint64_t number;
};

/* The bucket may not change while c is in use; what c answers is valid until
 * bucket_begin. */
void cursor_init(struct cursor *c, const struct bucket *bucket,
    enum cursor_over over);

/* To the first version that is not before (name, generation); answers it, or
 * NULL. */
const struct object *cursor_seek(struct cursor *c, const char *name, size_t n,
    uint64_t generation);

/* The version at the cursor, or NULL at the end. */
const struct object *cursor_at(const struct cursor *c);

/* One further (not at the end); answers what is there. */
const struct object *cursor_next(struct cursor *c);

#endif
