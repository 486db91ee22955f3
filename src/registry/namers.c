/* SPDX-License-Identifier: MIT */
/* A counting sort of the edges by what they lead to. */
#include "src/registry/namers.h"

#include <stdlib.h>

#include "src/base/mem.h"
#include "src/registry/graph.h"
#include "src/registry/inventory.h"

/* Counts into ends[to + 1], so that the sums are where each node begins; adding
 * then moves each to where it ends. */
static void
count(struct namers *x, const struct inventory *inv, const struct graph *g)
{
	size_t i;

	for (i = 1; i < g->edges.n; i++)
		x->ends[g->edges.v[i].to + 1]++;
	for (i = 1; i <= inv->nodes.n; i++)
		x->ends[i] += x->ends[i - 1];
}

void
namers_init(struct namers *x, const struct inventory *inv,
    const struct graph *g)
{
	uint32_t n, e;

	x->ends = mem_zalloc(inv->nodes.n + 1, sizeof(*x->ends));
	x->v = mem_zalloc(g->edges.n, sizeof(*x->v));
	count(x, inv, g);
	for (n = 0; n < inv->nodes.n; n++) {
		for (e = inv->nodes.v[n].edges; e != 0; e = g->edges.v[e].next)
			x->v[x->ends[g->edges.v[e].to]++] = (struct namer){
				.from = n,
				.reason = g->edges.v[e].reason,
			};
	}
}

void
namers_release(struct namers *x)
{
	free(x->ends);
	free(x->v);
	x->ends = NULL;
	x->v = NULL;
}

const struct namer *
namers_of(const struct namers *x, uint32_t node, size_t *n)
{
	uint32_t begin = node == 0 ? 0 : x->ends[node - 1];

	*n = x->ends[node] - begin;
	return &x->v[begin];
}
