/* SPDX-License-Identifier: MIT */
/*
 * Which digests are live: edges between nodes, roots, and the walk from the
 * roots.  Pure: no store, no time.
 *
 *	manifest -> every digest it names
 *	subject  -> its referrer, if that is a revision (so that a kept image
 *		    keeps its signatures)
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

/* What is merely named (a layer, a config, a digest in an annotation) stays
 * itself; the walk goes on from it only if it is a manifest in the registry's
 * eyes: a revision, or the child of an index that is live.  Whatever a dead
 * manifest says of others decides nothing, or a second run, when it is gone,
 * would find less alive than the first. */
enum graph_reason { GRAPH_NAMED, GRAPH_CHILD, GRAPH_REFERRER };

struct graph_edge {
	uint32_t to;
	uint32_t reason : 2;
	uint32_t next : 30; /* the node's next edge, 0: none */
};

struct graph {
	VEC(struct graph_edge) edges; /* [0] is not used */
	VEC(uint32_t) roots;
	VEC(uint32_t) stack; /* the walk's */
	uint64_t marked;     /* nodes marked, listed as blobs or not */
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
