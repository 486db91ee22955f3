/* SPDX-License-Identifier: MIT */
/*
 * The graph's edges the other way round: who names a digest.  For questions; a
 * mark has no use for it.  8 bytes an edge and 4 a node.
 */
#ifndef REGISTRY_NAMERS_H
#define REGISTRY_NAMERS_H

#include <stddef.h>
#include <stdint.h>

struct graph;
struct inventory;

struct namer {
	uint32_t from;
	uint32_t reason; /* enum graph_reason */
};

struct namers {
	uint32_t *ends; /* of node n: where its namers end, and those of n + 1
			   begin */
	struct namer *v;
};

void namers_init(struct namers *x, const struct inventory *inv,
    const struct graph *g);
void namers_release(struct namers *x);

/* The first of *n; one that names a digest for two reasons is there twice. */
const struct namer *namers_of(const struct namers *x, uint32_t node, size_t *n);

#endif
