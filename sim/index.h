/* SPDX-License-Identifier: MIT */
/*
 * Versions of objects in order: byte order of their names, then generations.
 * Finding, adding and removing take O(log n) at any size, the next one takes
 * no search.  An index does not own what stands in it.
 */
#ifndef SIM_INDEX_H
#define SIM_INDEX_H

#include <stddef.h>
#include <stdint.h>

#include "src/base/rng.h"

struct object;

/* One in four objects reaches the next level: 12 levels serve 16 million. */
enum { INDEX_LEVELS = 12 };

struct index {
	struct rng rng; /* heights */
	uint64_t n;
	uint64_t bytes; /* the sum of their sizes */
	struct object *head[INDEX_LEVELS];
};

void index_init(struct index *ix, uint64_t seed);

/* How high the next object shall be: for object_new. */
uint8_t index_draw_height(struct index *ix);

/* The first version that is not before (name, generation), or NULL. */
struct object *index_seek(const struct index *ix, const char *name, size_t n,
    uint64_t generation);

/* The first version of exactly that name, or NULL. */
struct object *index_find(const struct index *ix, const char *name, size_t n);

/* The one behind o, or NULL. */
struct object *index_next(const struct object *o);

/* Nothing of o's name and generation may be there. */
void index_add(struct index *ix, struct object *o);

/* o, which stands here, does so no more. */
void index_remove(struct index *ix, struct object *o);

#endif
