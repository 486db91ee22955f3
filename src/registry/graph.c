/* SPDX-License-Identifier: MIT */
/* An explicit stack instead of recursion: indexes may nest as deep as a
 * pusher likes, and name each other in circles. */
#include "src/registry/graph.h"

#include <assert.h>
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
}

void
graph_add_manifest(struct graph *g, struct inventory *inv, uint32_t node,
    const struct manifest *m)
{
	size_t i;

	for (i = 0; i < m->names.n; i++)
		add_edge(g, inv, node, inventory_node(inv, &m->names.v[i]),
		    GRAPH_NAMED);
	for (i = 0; i < m->children.n; i++)
		add_edge(g, inv, node, inventory_node(inv, &m->children.v[i]),
		    GRAPH_CHILD);
	if (m->has_subject)
		add_edge(g, inv, inventory_node(inv, &m->subject), node,
		    GRAPH_REFERRER);
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
