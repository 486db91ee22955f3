/* SPDX-License-Identifier: MIT */
/* An explicit stack instead of recursion: indexes may nest as deep as a
 * pusher likes, and name each other in circles. */
#include "src/registry/graph.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "src/registry/inventory.h"
#include "src/registry/manifest.h"

void
graph_init(struct graph *g)
{
	memset(g, 0, sizeof(*g));
	*vec_push(&g->edges) = (struct graph_edge){ 0 };
}

void
graph_release(struct graph *g)
{
	vec_release(&g->edges);
	vec_release(&g->roots);
	vec_release(&g->stack);
	vec_release(&g->targets);
	vec_release(&g->aliases);
}

static void
add_edge(struct graph *g, struct inventory *inv, uint32_t from, uint32_t to,
    enum graph_reason reason)
{
	struct node *node = &inv->nodes.v[from];

	*vec_push(&g->edges) = (struct graph_edge){
		.to = to,
		.reason = reason,
		.next = node->edges,
	};
	assert(g->edges.n < 1U << 30); /* 8 GiB of edges come first */
	node->edges = (uint32_t)g->edges.n - 1;
	inv->nodes.v[to].is_mentioned |= reason != GRAPH_REFERRER;
}

/* A target is a node and, in the low bits, the reason: sorted, all reasons of
 * a node stand together, and GRAPH_NAMED first. */
static void
add_targets(struct graph *g, struct inventory *inv, const struct digest *v,
    size_t n, enum graph_reason reason)
{
	size_t i;

	for (i = 0; i < n; i++)
		*vec_push(&g->targets) = (uint64_t)inventory_node(inv, &v[i])
			<< 2 |
		    reason;
}

static int
compare_targets(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Most digests are there twice, as a layer and as a mere token. */
void
graph_add_manifest(struct graph *g, struct inventory *inv, uint32_t node,
    const struct manifest *m)
{
	size_t i;

	g->targets.n = 0;
	add_targets(g, inv, m->names.v, m->names.n, GRAPH_NAMED);
	add_targets(g, inv, m->children.v, m->children.n, GRAPH_CHILD);
	add_targets(g, inv, m->needs.v, m->needs.n, GRAPH_NEEDED);
	if (g->targets.n > 0)
		qsort(g->targets.v, g->targets.n, sizeof(*g->targets.v),
		    compare_targets);
	for (i = 0; i < g->targets.n; i++) {
		uint64_t t = g->targets.v[i];

		if (i + 1 < g->targets.n &&
		    (t == g->targets.v[i + 1] ||
			((t & 3) == GRAPH_NAMED &&
			    t >> 2 == g->targets.v[i + 1] >> 2)))
			continue;
		add_edge(g, inv, node, (uint32_t)(t >> 2), t & 3);
	}
	if (m->has_subject)
		add_edge(g, inv, inventory_node(inv, &m->subject), node,
		    GRAPH_REFERRER);
}

/* --- aliases --- */

void
graph_add_alias(struct graph *g, uint32_t from, uint32_t to)
{
	*vec_push(&g->aliases) = (struct graph_alias){ from, to };
}

static int
compare_aliases(const void *a, const void *b)
{
	const struct graph_alias *x = a, *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return (x->to > y->to) - (x->to < y->to);
}

/* The first alias that is not of a digest before this one. */
static size_t
seek_alias(const struct graph *g, uint32_t from)
{
	size_t low = 0, high = g->aliases.n, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (g->aliases.v[mid].from < from)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* Repositories that have the same layer have the same alias. */
static void
follow_alias(struct graph *g, struct inventory *inv, uint32_t node, uint32_t e)
{
	uint32_t from = g->edges.v[e].to;
	enum graph_reason reason = g->edges.v[e].reason;
	size_t first = seek_alias(g, from), i;

	for (i = first; i < g->aliases.n && g->aliases.v[i].from == from; i++) {
		if (i == first || g->aliases.v[i].to != g->aliases.v[i - 1].to)
			add_edge(g, inv, node, g->aliases.v[i].to, reason);
		g->edges.v[e].reason = GRAPH_NAMED;
	}
}

void
graph_follow_aliases(struct graph *g, struct inventory *inv)
{
	uint32_t n, e;

	if (g->aliases.n == 0)
		return;
	qsort(g->aliases.v, g->aliases.n, sizeof(*g->aliases.v),
	    compare_aliases);
	for (n = 0; n < inv->nodes.n; n++) {
		for (e = inv->nodes.v[n].edges; e != 0;
		     e = g->edges.v[e].next) {
			if (g->edges.v[e].reason != GRAPH_REFERRER)
				follow_alias(g, inv, n, e);
		}
	}
}

void
graph_add_root(struct graph *g, uint32_t node)
{
	*vec_push(&g->roots) = node;
}

/* A node is stacked when it becomes live, and again should it turn out to be a
 * live manifest only later. */
static void
reach(struct graph *g, struct inventory *inv, uint32_t n, bool is_manifest)
{
	struct node *node = &inv->nodes.v[n];

	if (node->is_marked && (node->is_walked || !is_manifest))
		return;
	g->marked += !node->is_marked;
	node->is_marked = true;
	node->is_walked |= is_manifest;
	*vec_push(&g->stack) = n;
}

static void
follow(struct graph *g, struct inventory *inv, bool is_manifest,
    const struct graph_edge *e)
{
	struct node *target = &inv->nodes.v[e->to];

	if (e->reason == GRAPH_REFERRER ? !target->is_revision : !is_manifest)
		return;
	target->is_pulled = true;
	reach(g, inv, e->to, target->is_revision || e->reason == GRAPH_CHILD);
}

void
graph_walk(struct graph *g, struct inventory *inv)
{
	const struct node *node;
	size_t i;
	uint32_t e;

	for (i = 0; i < g->roots.n; i++)
		reach(g, inv, g->roots.v[i], true);
	while (g->stack.n > 0) {
		node = &inv->nodes.v[g->stack.v[--g->stack.n]];
		for (e = node->edges; e != 0; e = g->edges.v[e].next)
			follow(g, inv, node->is_walked, &g->edges.v[e]);
	}
}

/* --- what is not there --- */

static void
add_hole(struct graph_holes *out, size_t cap, const struct graph_hole *hole)
{
	uint64_t *count = hole->reason == GRAPH_NEEDED ? &out->needed
						       : &out->children;

	if ((*count)++ < cap)
		*vec_push(&out->first) = *hole;
}

static bool
is_hole(const struct inventory *inv, const struct graph_edge *e)
{
	return (e->reason == GRAPH_NEEDED || e->reason == GRAPH_CHILD) &&
	    inv->nodes.v[e->to].blob_generation == 0;
}

void
graph_find_holes(const struct graph *g, const struct inventory *inv,
    uint32_t before_s, size_t cap, struct graph_holes *out)
{
	uint64_t needed;
	uint32_t i, e;

	memset(out, 0, sizeof(*out));
	for (i = 0; i < inv->nodes.n; i++) {
		const struct node *node = &inv->nodes.v[i];

		if (!node->is_walked || node->blob_generation == 0 ||
		    (before_s != 0 && node->blob_created_s >= before_s))
			continue;
		needed = out->needed;
		for (e = node->edges; e != 0; e = g->edges.v[e].next) {
			struct graph_hole hole = { i, g->edges.v[e].to,
				g->edges.v[e].reason };

			if (is_hole(inv, &g->edges.v[e]))
				add_hole(out, cap, &hole);
		}
		out->manifests += out->needed > needed;
	}
}
