/* SPDX-License-Identifier: MIT */
/* An explicit stack instead of recursion: indexes may nest as deep as a
 * pusher likes, and name each other in circles. */
#include "src/registry/graph.h"

#include <string.h>

#include "src/registry/inventory.h"
#include "src/registry/manifest.h"

void
graph_init(struct graph *g)
{
	memset(g, 0, sizeof(*g));
	*vec_push(&g->edges) = (struct graph_edge){ 0, 0 };
}

void
graph_release(struct graph *g)
{
	vec_release(&g->edges);
	vec_release(&g->roots);
}

static void
add_edge(struct graph *g, struct inventory *inv, uint32_t from, uint32_t to)
{
	struct node *node = &inv->nodes.v[from];

	*vec_push(&g->edges) = (struct graph_edge){ to, node->edges };
	node->edges = (uint32_t)g->edges.n - 1;
}

void
graph_add_manifest(struct graph *g, struct inventory *inv, uint32_t node,
    const struct manifest *m)
{
	size_t i;

	for (i = 0; i < m->names.n; i++)
		add_edge(g, inv, node, inventory_node(inv, &m->names.v[i]));
	if (m->has_subject)
		add_edge(g, inv, inventory_node(inv, &m->subject), node);
}

void
graph_add_root(struct graph *g, uint32_t node)
{
	*vec_push(&g->roots) = node;
}

void
graph_walk(struct graph *g, struct inventory *inv)
{
	VEC(uint32_t) stack = { 0 };
	struct node *node, *target;
	uint32_t e;
	size_t i;

	for (i = 0; i < g->roots.n; i++) {
		node = &inv->nodes.v[g->roots.v[i]];
		if (!node->is_marked)
			*vec_push(&stack) = g->roots.v[i];
		node->is_marked = true;
	}
	while (stack.n > 0) {
		node = &inv->nodes.v[stack.v[--stack.n]];
		g->marked++;
		for (e = node->edges; e != 0; e = g->edges.v[e].next) {
			target = &inv->nodes.v[g->edges.v[e].to];
			target->is_pulled = true;
			if (!target->is_marked)
				*vec_push(&stack) = g->edges.v[e].to;
			target->is_marked = true;
		}
	}
	vec_release(&stack);
}
