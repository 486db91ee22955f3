/* SPDX-License-Identifier: MIT */
/*
 * Which digests are live: edges between nodes, roots, and the walk from the
 * roots.  Pure: no store, no time.
 *
 *	manifest -> every digest it names
 *	subject  -> its referrer, if that is a revision (so that a kept image
 *		    keeps its signatures)
 *	an alias -> the digest that its blob is kept by, for whoever names it
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
enum graph_reason {
	GRAPH_NAMED,
	GRAPH_CHILD,  /* of an index: a manifest */
	GRAPH_NEEDED, /* a config or layer, see manifest.needs */
	GRAPH_REFERRER
};

struct graph_edge {
	uint32_t to;
	uint32_t reason : 2;
	uint32_t next : 30; /* the node's next edge, 0: none */
};

/* A blob that was pushed by one digest and is kept by another. */
struct graph_alias {
	uint32_t from; /* what manifests may call it; no blob is there */
	uint32_t to;
};

struct graph {
	VEC(struct graph_edge) edges; /* [0] is not used */
	VEC(uint32_t) roots;
	VEC(uint32_t) stack;   /* the walk's */
	VEC(uint64_t) targets; /* of one manifest, in the making */
	VEC(struct graph_alias) aliases;
	uint64_t marked; /* nodes marked, listed as blobs or not */
};

/* A live manifest and what it names that is not there. */
struct graph_hole {
	uint32_t manifest;
	uint32_t target;
	enum graph_reason reason; /* GRAPH_NEEDED or GRAPH_CHILD */
};

struct graph_holes {
	uint64_t manifests; /* that lack something that they need */
	uint64_t needed;    /* configs and layers; counted once a manifest */
	uint64_t children;  /* an index may be sparse, so these mean less */
	VEC(struct graph_hole) first; /* of each of these two, some */
};

void graph_init(struct graph *g);
void graph_release(struct graph *g);

/* Adds the edges of one manifest that was read: to each digest one, or two to
 * what is a child and a need. */
void graph_add_manifest(struct graph *g, struct inventory *inv, uint32_t node,
    const struct manifest *m);

/* What names `from` names `to`.  Before the walk, once all is read,
 * graph_follow_aliases gives such manifests the edges that they lack; a need is
 * then one of the blob itself. */
void graph_add_alias(struct graph *g, uint32_t from, uint32_t to);
void graph_follow_aliases(struct graph *g, struct inventory *inv);

/* A digest that is live whatever names it. */
void graph_add_root(struct graph *g, uint32_t node);

/* Marks everything that can be reached: is_marked on all of it, is_pulled on
 * what was reached through an edge. */
void graph_walk(struct graph *g, struct inventory *inv);

/* After the walk: what live manifests name as need or child, and no listed blob
 * is.  Manifests that were not listed themselves, or were written at before_s
 * (server's clock; 0: not known) or later, are passed over: what they name may
 * have been written after its place was listed.  At most cap holes of each kind
 * are kept, in the order of nodes.  *out is released by the caller. */
void graph_find_holes(const struct graph *g, const struct inventory *inv,
    uint32_t before_s, size_t cap, struct graph_holes *out);

#endif
