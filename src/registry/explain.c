/* SPDX-License-Identifier: MIT */
/*
 * One search from the digest backwards finds all that reaches it, and how far
 * away each is; the nearest root tells the story, the others are counted.
 *
 * A node has two states, as in the walk (graph.c): merely named, or a manifest,
 * from which the walk goes on.  What is in reach of the search need not be
 * live: roots are.
 */
#include "src/registry/explain.h"

#include <stdlib.h>
#include <string.h>

#include "src/base/mem.h"
#include "src/registry/byname.h"
#include "src/registry/mark.h"
#include "src/registry/namers.h"

enum { NAMED, MANIFEST, STATES };

struct search {
	const struct mark *m;
	struct namers namers;
	uint32_t *next;      /* of each state: the one nearer to the digest */
	uint32_t *distances; /* UINT32_MAX: not reached */
	VEC(uint32_t) queue;
};

static uint32_t
state_of(uint32_t node, unsigned how)
{
	return STATES * node + how;
}

static void
reach(struct search *s, uint32_t state, uint32_t next, uint32_t distance)
{
	if (s->distances[state] != UINT32_MAX)
		return;
	s->distances[state] = distance;
	s->next[state] = next;
	*vec_push(&s->queue) = state;
}

/* Whoever brings the walk into this state, by graph.c's rules. */
static void
step_back(struct search *s, uint32_t state)
{
	uint32_t node = state / STATES, far = s->distances[state] + 1;
	bool is_manifest = state % STATES == MANIFEST;
	bool is_revision = s->m->inv.nodes.v[node].is_revision;
	const struct namer *v;
	size_t n, i;

	v = namers_of(&s->namers, node, &n);
	for (i = 0; i < n; i++) {
		if (v[i].reason == GRAPH_REFERRER) {
			if (!is_revision || !is_manifest)
				continue;
			reach(s, state_of(v[i].from, NAMED), state, far);
		} else if (is_manifest !=
		    (is_revision || v[i].reason == GRAPH_CHILD)) {
			continue;
		}
		reach(s, state_of(v[i].from, MANIFEST), state, far);
	}
}

static void
search_init(struct search *s, const struct mark *m, uint32_t node)
{
	size_t states = STATES * m->inv.nodes.n, i;

	memset(s, 0, sizeof(*s));
	s->m = m;
	namers_init(&s->namers, &m->inv, &m->graph);
	s->next = mem_zalloc(states, sizeof(*s->next));
	s->distances = mem_zalloc(states, sizeof(*s->distances));
	memset(s->distances, 0xff, states * sizeof(*s->distances));
	reach(s, state_of(node, MANIFEST), HMAP_NONE, 0);
	reach(s, state_of(node, NAMED), HMAP_NONE, 0);
	for (i = 0; i < s->queue.n; i++)
		step_back(s, s->queue.v[i]);
}

static void
search_release(struct search *s)
{
	vec_release(&s->queue);
	free(s->distances);
	free(s->next);
	namers_release(&s->namers);
}

/* --- roots --- */

bool
explain_is_live(const struct mark *m, uint32_t node)
{
	return m->inv.nodes.v[node].is_walked;
}

/* How far the digest is from a manifest that is live; UINT32_MAX: out of
 * reach. */
static uint32_t
distance_from(const struct search *s, uint32_t node)
{
	if (node == HMAP_NONE || !explain_is_live(s->m, node))
		return UINT32_MAX;
	return s->distances[state_of(node, MANIFEST)];
}

/* A root that reaches the digest becomes the story if it makes a better one: a
 * better kind, nearer, or by its name. */
static void
consider(struct explain *x, const struct search *s, enum explain_root root,
    uint32_t index, uint32_t far, byname_fn *compare)
{
	if (root > x->root ||
	    (root == x->root &&
		(far > x->distance ||
		    (far == x->distance &&
			compare(&s->m->inv, index, x->root_index) >= 0))))
		return;
	x->root = root;
	x->root_index = index;
	x->distance = far;
}

static void
look_at_tags(struct explain *x, const struct search *s)
{
	const struct inventory *inv = &s->m->inv;
	uint32_t i, far;

	for (i = 0; i < inv->tags.n; i++) {
		const struct tag *t = &inv->tags.v[i];

		far = distance_from(s, t->current);
		if (far == UINT32_MAX || !inventory_has_tag(inv, t))
			continue;
		x->root_tags++;
		consider(x, s, EXPLAIN_TAG, i, far, byname_compare_tags);
	}
}

static enum explain_root
root_of(const struct revision *r, bool delete_untagged)
{
	if (!delete_untagged)
		return EXPLAIN_UNTAGGED;
	return r->is_lasting ? EXPLAIN_DAMAGED : EXPLAIN_YOUNG_LINK;
}

/* Revisions that stay by themselves. */
static void
look_at_revisions(struct explain *x, const struct search *s,
    bool delete_untagged)
{
	const struct inventory *inv = &s->m->inv;
	uint32_t i, far;

	for (i = 0; i < inv->revisions.n; i++) {
		const struct revision *r = &inv->revisions.v[i];

		far = distance_from(s, r->node);
		if (far == UINT32_MAX || !r->is_root ||
		    !inventory_has_revision(inv, r))
			continue;
		consider(x, s, root_of(r, delete_untagged), i, far,
		    byname_compare_revisions);
	}
}

static void
look_at_others(struct explain *x, const struct search *s)
{
	const struct graph *g = &s->m->graph;
	uint32_t far;
	size_t i;

	for (i = 0; i < g->roots.n; i++) {
		far = distance_from(s, g->roots.v[i]);
		if (far != UINT32_MAX)
			consider(x, s, EXPLAIN_OTHER, g->roots.v[i], far,
			    byname_compare_nodes);
	}
}

/* --- the path --- */

/* The most that one manifest says of another digest. */
static uint32_t
reason_of(const struct mark *m, uint32_t from, uint32_t to)
{
	const struct graph_edge *edges = m->graph.edges.v;
	uint32_t reason = GRAPH_NAMED, e;

	for (e = m->inv.nodes.v[from].edges; e != 0; e = edges[e].next) {
		if (edges[e].to == to && edges[e].reason > reason)
			reason = edges[e].reason;
	}
	return reason;
}

static uint32_t
root_node(const struct explain *x, const struct inventory *inv)
{
	if (x->root == EXPLAIN_OTHER)
		return x->root_index;
	return x->root == EXPLAIN_TAG ? inv->tags.v[x->root_index].current
				      : inv->revisions.v[x->root_index].node;
}

static void
follow_path(struct explain *x, const struct search *s)
{
	uint32_t state = state_of(root_node(x, &s->m->inv), MANIFEST);
	uint32_t last = HMAP_NONE;

	for (; state != HMAP_NONE; state = s->next[state]) {
		uint32_t node = state / STATES;

		*vec_push(&x->path) = (struct explain_step){
			.node = node,
			.reason = last == HMAP_NONE
			    ? GRAPH_NAMED
			    : reason_of(s->m, last, node),
		};
		last = node;
	}
}

/* --- what it is --- */

static void
find_links(struct explain *x, const struct inventory *inv)
{
	uint32_t i;

	for (i = 0; i < inv->revisions.n; i++) {
		if (inv->revisions.v[i].node == x->node &&
		    inventory_has_revision(inv, &inv->revisions.v[i]))
			*vec_push(&x->revisions) = i;
	}
	for (i = 0; i < inv->tags.n; i++) {
		if (inv->tags.v[i].current == x->node &&
		    inventory_has_tag(inv, &inv->tags.v[i]))
			*vec_push(&x->tags) = i;
	}
	for (i = 0; i < inv->tag_indexes.n; i++) {
		const struct tag_index *ti = &inv->tag_indexes.v[i];
		const struct tag *t = &inv->tags.v[ti->tag];

		if (ti->node == x->node && t->current != x->node &&
		    inventory_has_tag(inv, t))
			*vec_push(&x->tag_indexes) = i;
	}
	byname_revisions(inv, x->revisions.v, x->revisions.n);
	byname_tags(inv, x->tags.v, x->tags.n);
	byname_tag_indexes(inv, x->tag_indexes.v, x->tag_indexes.n);
}

/* A referrer names its subject, which is then called its subject alone. */
static void
find_namers(struct explain *x, const struct search *s)
{
	const struct mark *m = s->m;
	const struct graph_edge *edges = m->graph.edges.v;
	const struct namer *v;
	uint32_t e, last = HMAP_NONE;
	size_t n, i;

	for (e = m->inv.nodes.v[x->node].edges; e != 0; e = edges[e].next) {
		if (edges[e].reason == GRAPH_REFERRER)
			*vec_push(&x->referrers) = edges[e].to;
	}
	v = namers_of(&s->namers, x->node, &n);
	for (i = 0; i < n; i++) { /* a namer's edges stand together */
		if (v[i].from == last || v[i].reason == GRAPH_REFERRER ||
		    reason_of(m, x->node, v[i].from) == GRAPH_REFERRER)
			continue;
		last = v[i].from;
		*vec_push(&x->namers) = last;
	}
	byname_nodes(&m->inv, x->referrers.v, x->referrers.n);
	byname_nodes(&m->inv, x->namers.v, x->namers.n);
}

static uint32_t
find_alias(const struct graph *g, uint32_t node)
{
	size_t i;

	for (i = 0; i < g->aliases.n; i++) {
		if (g->aliases.v[i].from == node)
			return g->aliases.v[i].to;
	}
	return HMAP_NONE;
}

static enum explain_verdict
verdict_of(const struct explain *x, const struct node *node)
{
	if (node->blob_generation == 0 && x->revisions.n == 0)
		return EXPLAIN_ABSENT;
	if (node->is_marked)
		return node->is_lasting ? EXPLAIN_KEPT : EXPLAIN_YOUNG;
	return node->is_young ? EXPLAIN_YOUNG : EXPLAIN_ELIGIBLE;
}

static enum explain_why
why_of(const struct explain *x)
{
	if (x->revisions.n > 0)
		return EXPLAIN_NO_TAG;
	return x->namers.n > 0 ? EXPLAIN_ONLY_DEAD : EXPLAIN_UNNAMED;
}

void
explain_init(struct explain *x, const struct mark *m, uint32_t node,
    bool delete_untagged)
{
	struct search s;

	memset(x, 0, sizeof(*x));
	x->node = node;
	x->root = EXPLAIN_NOTHING;
	x->alias = find_alias(&m->graph, node);
	search_init(&s, m, node);
	find_links(x, &m->inv);
	find_namers(x, &s);
	x->verdict = verdict_of(x, &m->inv.nodes.v[node]);
	x->why = why_of(x);
	look_at_tags(x, &s);
	look_at_revisions(x, &s, delete_untagged);
	look_at_others(x, &s);
	if (x->root != EXPLAIN_NOTHING)
		follow_path(x, &s);
	search_release(&s);
}

void
explain_release(struct explain *x)
{
	vec_release(&x->path);
	vec_release(&x->revisions);
	vec_release(&x->tags);
	vec_release(&x->tag_indexes);
	vec_release(&x->namers);
	vec_release(&x->referrers);
}
