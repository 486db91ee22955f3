/* SPDX-License-Identifier: MIT */
/*
 * Which digests are live: edges between nodes, roots, and the walk from the
 * roots.  Pure: no store, no time.
 *
 *	manifest -> every digest it names
 *	subject  -> its referrer (so that a kept image keeps its signatures)
 *
 * The walk is global, whichever repository a manifest was read in: what any
 * kept manifest names stays, at any depth.
 */
#ifndef REGISTRY_GRAPH_H
#define REGISTRY_GRAPH_H

#include <stdbool.h>
#include <stdint.h>

#include "src/base/vec.h"

struct inventory;
struct manifest;

struct graph_edge {
	uint32_t to;
	uint32_t next; /* the node's next edge, 0: none */
};

struct graph {
	VEC(struct graph_edge) edges; /* [0] is not used */
	VEC(uint32_t) roots;
	uint64_t marked; /* nodes marked, listed as blobs or not */
};

void graph_init(struct graph *g);
void graph_release(struct graph *g);

/* Adds the edges of one manifest that was read. */
void graph_add_manifest(struct graph *g, struct inventory *inv, uint32_t node,
    const struct manifest *m);

/* A digest that is live whatever names it. */
void graph_add_root(struct graph *g, uint32_t node);

/* Marks everything that can be reached: is_marked on all of it, is_pulled on
 * what was reached through an edge. */
void graph_walk(struct graph *g, struct inventory *inv);

#endif
