/* SPDX-License-Identifier: MIT */
/*
 * Forwards from all tags at once, which tells what is needed and the shortest
 * way to it; then backwards from what is missing, which tells the tags that
 * cannot do without.  A manifest needs its configs and layers as they are, and
 * its children whole.
 */
#include "src/registry/verify.h"

#include <stdlib.h>
#include <string.h>

#include "src/base/mem.h"
#include "src/registry/byname.h"
#include "src/registry/mark.h"
#include "src/registry/namers.h"

struct verify_place {
	uint32_t via;   /* the node before it; HMAP_NONE: a tag names it */
	uint32_t rank;  /* of the tag that the way begins with */
	uint32_t level; /* how far that is; UINT32_MAX: out of reach */
	uint32_t hole;  /* among the holes; UINT32_MAX: none */
	bool is_walked; /* as a manifest */
	bool is_fresh;  /* pushed meanwhile */
	bool is_broken; /* a manifest that lacks something */
};

struct check {
	struct verify *v;
	const struct mark *m;
	VEC(uint32_t) queue;
};

static const struct node *
node_of(const struct check *c, uint32_t n)
{
	return &c->m->inv.nodes.v[n];
}

static bool
is_there(const struct check *c, uint32_t n)
{
	const struct node *node = node_of(c, n);

	return node->blob_generation != 0 || node->reading == NODE_READ ||
	    node->reading == NODE_ODD;
}

static bool
is_sound(const struct check *c, uint32_t n)
{
	return is_there(c, n) && node_of(c, n)->reading != NODE_CORRUPT;
}

/* --- forwards --- */

/* Of two ways that are as long the one from the first tag, and then the one
 * through the first digest, so that the order of reading decides nothing. */
static bool
is_better(const struct check *c, uint32_t from, const struct verify_place *than)
{
	const struct verify_place *place = &c->v->places[from];

	if (than->via == HMAP_NONE || place->rank != than->rank)
		return than->via != HMAP_NONE && place->rank < than->rank;
	return byname_compare_nodes(&c->m->inv, from, than->via) < 0;
}

static void
reach(struct check *c, uint32_t n, uint32_t via, bool is_manifest)
{
	struct verify_place *place = &c->v->places[n];
	uint32_t level = c->v->places[via].level + 1;

	if (place->level == UINT32_MAX ||
	    (place->level == level && is_better(c, via, place))) {
		place->via = via;
		place->rank = c->v->places[via].rank;
	}
	if (place->level != UINT32_MAX && (place->is_walked || !is_manifest))
		return;
	if (place->level == UINT32_MAX)
		place->level = level;
	place->is_walked |= is_manifest;
	*vec_push(&c->queue) = n;
}

static void
reach_root(struct check *c, uint32_t n, uint32_t rank)
{
	struct verify_place *place = &c->v->places[n];

	if (place->level != UINT32_MAX)
		return;
	place->via = HMAP_NONE;
	place->rank = rank;
	place->level = 0;
	place->is_walked = true;
	*vec_push(&c->queue) = n;
}

static struct verify_hole *
hole_at(struct check *c, uint32_t n)
{
	struct verify_place *place = &c->v->places[n];

	if (place->hole == UINT32_MAX) {
		place->hole = (uint32_t)c->v->holes.n;
		*vec_push(&c->v->holes) = (struct verify_hole){
			.node = n,
			.last = HMAP_NONE,
			.is_corrupt = is_there(c, n),
		};
	}
	return &c->v->holes.v[place->hole];
}

static bool
needs(const struct graph_edge *e)
{
	return e->reason == GRAPH_CHILD || e->reason == GRAPH_NEEDED;
}

static void
look_below(struct check *c, uint32_t n)
{
	const struct graph_edge *edges = c->m->graph.edges.v;
	const struct verify_place *place = &c->v->places[n];
	struct verify_hole *hole;
	uint32_t e;

	for (e = node_of(c, n)->edges; e != 0; e = edges[e].next) {
		if (!needs(&edges[e]))
			continue;
		if (is_sound(c, edges[e].to)) {
			reach(c, edges[e].to, n,
			    edges[e].reason == GRAPH_CHILD);
		} else if (!place->is_fresh) {
			reach(c, edges[e].to, n, false);
			hole = hole_at(c, edges[e].to);
			hole->needed_by += hole->last != n;
			hole->last = n;
			hole->is_manifest |= edges[e].reason == GRAPH_CHILD;
		}
	}
}

/* Each node is looked at once as a manifest, and perhaps once before as what is
 * merely needed. */
static void
walk(struct check *c)
{
	struct verify_place *place;
	size_t i;

	for (i = 0; i < c->queue.n; i++) {
		place = &c->v->places[c->queue.v[i]];
		if (place->is_walked && is_sound(c, c->queue.v[i]))
			look_below(c, c->queue.v[i]);
	}
}

/* --- tags --- */

static void
add_fault(struct verify *v, uint32_t tag, enum verify_fault fault)
{
	*vec_push(&v->faults) = (struct verify_tag){ tag, fault };
}

static void
begin_at_tag(struct check *c, const struct hmap *map, uint32_t rank)
{
	const struct inventory *inv = &c->m->inv;
	uint32_t i = c->v->sorted.v[rank];
	const struct tag *t = &inv->tags.v[i];

	if (!t->has_current) {
		add_fault(c->v, i, VERIFY_NO_CURRENT);
	} else if (t->current == HMAP_NONE) {
		add_fault(c->v, i, VERIFY_BAD_LINK);
	} else {
		if (inventory_indexed_revision(inv, map, t->repository,
			t->current) == HMAP_NONE)
			add_fault(c->v, i, VERIFY_NO_REVISION);
		reach_root(c, t->current, rank);
		if (!is_sound(c, t->current))
			hole_at(c, t->current)->is_manifest = true;
	}
}

static void
begin_at_tags(struct check *c)
{
	const struct inventory *inv = &c->m->inv;
	struct hmap map;
	uint32_t i;

	hmap_init(&map);
	for (i = 0; i < inv->revisions.n; i++) {
		if (inventory_has_revision(inv, &inv->revisions.v[i]))
			inventory_index_revision(inv, &map, i);
	}
	for (i = 0; i < inv->tags.n; i++) {
		if (inventory_has_tag(inv, &inv->tags.v[i]))
			*vec_push(&c->v->sorted) = i;
	}
	c->v->tags = c->v->sorted.n;
	byname_tags(inv, c->v->sorted.v, c->v->sorted.n);
	for (i = 0; i < c->v->sorted.n; i++)
		begin_at_tag(c, &map, i);
	hmap_release(&map);
}

/* --- backwards --- */

static void
spread(struct check *c)
{
	struct verify_place *places = c->v->places;
	struct namers namers;
	const struct namer *who;
	size_t i, k, n;

	namers_init(&namers, &c->m->inv, &c->m->graph);
	c->queue.n = 0;
	for (i = 0; i < c->v->holes.n; i++)
		*vec_push(&c->queue) = c->v->holes.v[i].node;
	for (i = 0; i < c->queue.n; i++) {
		uint32_t node = c->queue.v[i];
		bool is_hole = places[node].hole != UINT32_MAX;

		who = namers_of(&namers, node, &n);
		for (k = 0; k < n; k++) {
			struct verify_place *place = &places[who[k].from];

			if (place->is_broken || !place->is_walked ||
			    (is_hole && place->is_fresh) ||
			    (who[k].reason != GRAPH_CHILD &&
				!(is_hole && who[k].reason == GRAPH_NEEDED)))
				continue;
			place->is_broken = true;
			*vec_push(&c->queue) = who[k].from;
		}
	}
	namers_release(&namers);
}

static bool
is_whole(const struct verify *v, uint32_t node)
{
	return node != HMAP_NONE && !v->places[node].is_broken &&
	    v->places[node].hole == UINT32_MAX;
}

static void
count_tags(struct check *c)
{
	const struct verify *v = c->v;
	size_t i, at = 0;

	for (i = 0; i < v->sorted.n; i++) {
		uint32_t tag = v->sorted.v[i];
		bool has_fault = at < v->faults.n && v->faults.v[at].tag == tag;
		bool is_empty = has_fault &&
		    v->faults.v[at].fault == VERIFY_NO_CURRENT;

		at += has_fault;
		if (!is_empty &&
		    (has_fault || !is_whole(v, c->m->inv.tags.v[tag].current)))
			c->v->broken_tags++;
	}
}

/* --- the rest --- */

static bool
lacks_something(const struct check *c, uint32_t n)
{
	const struct graph_edge *edges = c->m->graph.edges.v;
	uint32_t e;

	for (e = node_of(c, n)->edges; e != 0; e = edges[e].next) {
		if (needs(&edges[e]) && !is_sound(c, edges[e].to))
			return true;
	}
	return false;
}

/* No tag needs them, so that nobody pulls them but by digest. */
static void
look_at_untagged(struct check *c)
{
	const struct inventory *inv = &c->m->inv;
	uint32_t i;

	for (i = 0; i < inv->revisions.n; i++) {
		const struct revision *r = &inv->revisions.v[i];
		const struct verify_place *place = &c->v->places[r->node];

		if (!inventory_has_revision(inv, r) || place->is_walked ||
		    place->hole != UINT32_MAX)
			continue;
		if (!is_there(c, r->node))
			*vec_push(&c->v->dangling) = i;
		else if (!place->is_fresh && lacks_something(c, r->node))
			c->v->broken_untagged++;
	}
	byname_revisions(inv, c->v->dangling.v, c->v->dangling.n);
}

/* A manifest pushed meanwhile was not listed as a blob, or came after the first
 * page; or its link did, when its bytes were there before. */
static void
find_fresh(struct check *c)
{
	const struct inventory *inv = &c->m->inv;
	uint64_t from_s = c->m->server_us / 1000000;
	uint32_t i;

	for (i = 0; i < inv->nodes.n; i++) {
		const struct node *node = &inv->nodes.v[i];

		if (node->blob_generation == 0 ||
		    (from_s != 0 && node->blob_created_s >= from_s))
			c->v->places[i].is_fresh = true;
	}
	for (i = 0; i < inv->revisions.n; i++) {
		const struct revision *r = &inv->revisions.v[i];

		if (from_s != 0 && r->created_s >= from_s)
			c->v->places[r->node].is_fresh = true;
	}
}

static void
count_nodes(struct check *c)
{
	uint32_t i;

	for (i = 0; i < c->m->inv.nodes.n; i++) {
		const struct verify_place *place = &c->v->places[i];

		if (place->level == UINT32_MAX || !is_there(c, i))
			continue;
		c->v->blobs++;
		c->v->manifests += place->is_walked;
		c->v->meanwhile += place->is_walked && place->is_fresh;
	}
}

static int
compare_holes(const void *a, const void *b, void *arg)
{
	const struct mark *m = *(const struct mark *const *)arg;
	const struct verify_hole *x = a, *y = b;

	if (x->needed_by != y->needed_by)
		return x->needed_by > y->needed_by ? -1 : 1;
	return byname_compare_nodes(&m->inv, x->node, y->node);
}

void
verify_init(struct verify *v, const struct mark *m)
{
	struct check c = { .v = v, .m = m };
	size_t i;

	memset(v, 0, sizeof(*v));
	v->places = mem_zalloc(m->inv.nodes.n + 1, sizeof(*v->places));
	for (i = 0; i < m->inv.nodes.n; i++)
		v->places[i].level = v->places[i].hole = UINT32_MAX;
	find_fresh(&c);
	begin_at_tags(&c);
	walk(&c);
	if (v->holes.n > 0)
		spread(&c);
	count_tags(&c);
	count_nodes(&c);
	look_at_untagged(&c);
	vec_release(&c.queue);
	if (v->holes.n > 1) /* places do not point at them any more */
		qsort_r(v->holes.v, v->holes.n, sizeof(*v->holes.v),
		    compare_holes, &m);
}

void
verify_release(struct verify *v)
{
	vec_release(&v->holes);
	vec_release(&v->faults);
	vec_release(&v->dangling);
	vec_release(&v->sorted);
	free(v->places);
	v->places = NULL;
}

uint32_t
verify_path_to(const struct verify *v, uint32_t node, struct verify_path *path)
{
	uint32_t n = v->places[node].level + 1, at = node;

	path->nodes.n = 0;
	vec_reserve(&path->nodes, n);
	path->nodes.n = n;
	while (n > 0) {
		path->nodes.v[--n] = at;
		at = v->places[at].via;
	}
	return v->sorted.v[v->places[path->nodes.v[0]].rank];
}
