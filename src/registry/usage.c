/* SPDX-License-Identifier: MIT */
/*
 * One walk a repository, from the revisions that stay and by the graph's own
 * rules.  A digest carries the stamp of the last walk that saw it, and the one
 * repository that reached it, until a second one does.
 */
#include "src/registry/usage.h"

#include <stdlib.h>
#include <string.h>

#include "src/base/mem.h"
#include "src/registry/mark.h"

/* Owners, beside the numbers of repositories. */
enum { NOBODY = UINT32_MAX, SEVERAL = UINT32_MAX - 1 };

struct place {
	uint32_t seen;   /* by the walk of this repository */
	uint32_t walked; /* as a manifest; see graph.c */
	uint32_t owner;
};

struct walk {
	const struct mark *m;
	struct place *places; /* of nodes */
	uint32_t *first;      /* of a repository's revisions; HMAP_NONE: none */
	uint32_t *next;       /* of a revision: another of its repository */
	VEC(uint32_t) stack;
	struct usage_repository *now;
};

static void
add_blob(struct usage_sum *sum, const struct node *node)
{
	if (node->blob_generation == 0)
		return;
	sum->blobs++;
	sum->bytes += node->blob_size;
}

static void
reach(struct walk *w, uint32_t n, bool is_manifest)
{
	uint32_t repository = w->now->repository;
	struct place *place = &w->places[n];

	if (place->seen == repository &&
	    (place->walked == repository || !is_manifest))
		return;
	if (place->seen != repository) {
		add_blob(&w->now->all, &w->m->inv.nodes.v[n]);
		place->owner = place->owner == NOBODY ? repository : SEVERAL;
	}
	place->seen = repository;
	if (is_manifest)
		place->walked = repository;
	*vec_push(&w->stack) = n;
}

static void
follow(struct walk *w, uint32_t n)
{
	const struct node *nodes = w->m->inv.nodes.v;
	const struct graph_edge *edges = w->m->graph.edges.v;
	bool is_manifest = w->places[n].walked == w->now->repository;
	uint32_t e;

	for (e = nodes[n].edges; e != 0; e = edges[e].next) {
		bool is_revision = nodes[edges[e].to].is_revision;

		if (edges[e].reason == GRAPH_REFERRER ? is_revision
						      : is_manifest)
			reach(w, edges[e].to,
			    is_revision || edges[e].reason == GRAPH_CHILD);
	}
}

static void
walk_repository(struct walk *w, struct usage_repository *ur)
{
	uint32_t r;

	w->now = ur;
	for (r = w->first[ur->repository]; r != HMAP_NONE; r = w->next[r]) {
		ur->manifests++;
		reach(w, w->m->inv.revisions.v[r].node, true);
	}
	while (w->stack.n > 0)
		follow(w, w->stack.v[--w->stack.n]);
}

static void
walk_init(struct walk *w, struct usage *u, const struct mark *m)
{
	const struct inventory *inv = &m->inv;
	uint32_t i;

	memset(w, 0, sizeof(*w));
	w->m = m;
	w->places = mem_zalloc(inv->nodes.n + 1, sizeof(*w->places));
	memset(w->places, 0xff, inv->nodes.n * sizeof(*w->places));
	w->next = mem_zalloc(inv->revisions.n + 1, sizeof(*w->next));
	w->first = mem_zalloc(inv->repositories.n + 1, sizeof(*w->first));
	memset(w->first, 0xff, inv->repositories.n * sizeof(*w->first));
	for (i = 0; i < inv->revisions.n; i++) {
		const struct revision *r = &inv->revisions.v[i];

		if (!inventory_has_revision(inv, r))
			continue;
		if (!mark_keeps(m, r)) {
			u->going_manifests++;
			continue;
		}
		w->next[i] = w->first[r->repository];
		w->first[r->repository] = i;
	}
}

static void
walk_release(struct walk *w)
{
	vec_release(&w->stack);
	free(w->places);
	free(w->first);
	free(w->next);
}

/* --- sums --- */

static void
add_repositories(struct usage *u, const struct inventory *inv)
{
	uint32_t i;

	for (i = 0; i < inv->repositories.n; i++)
		*vec_push(&u->repositories) = (struct usage_repository){
			.repository = i,
			.uploads = inv->repositories.v[i].uploads,
			.upload_bytes = inv->repositories.v[i].upload_bytes,
		};
	for (i = 0; i < inv->tags.n; i++) {
		const struct tag *t = &inv->tags.v[i];

		if (inventory_has_tag(inv, t) && t->has_current)
			u->repositories.v[t->repository].tags++;
	}
}

static void
sum_up(struct usage *u, const struct walk *w)
{
	const struct inventory *inv = &w->m->inv;
	size_t i;

	for (i = 0; i < inv->nodes.n; i++) {
		const struct node *node = &inv->nodes.v[i];
		uint32_t owner = w->places[i].owner;

		if (owner == SEVERAL) {
			add_blob(&u->shared, node);
		} else if (owner != NOBODY) {
			add_blob(&u->own, node);
			add_blob(&u->repositories.v[owner].own, node);
		} else if (node->is_marked || node->is_young) {
			add_blob(&u->other, node);
		} else {
			add_blob(&u->going, node);
		}
	}
	for (i = 0; i < u->repositories.n; i++) {
		const struct usage_repository *ur = &u->repositories.v[i];

		u->tags += ur->tags;
		u->manifests += ur->manifests;
		u->uploads += ur->uploads;
		u->upload_bytes += ur->upload_bytes;
	}
}

static int
compare(const void *a, const void *b, void *arg)
{
	const struct usage_repository *x = a, *y = b;
	const struct mark *m = *(const struct mark *const *)arg;

	if (x->all.bytes != y->all.bytes)
		return x->all.bytes > y->all.bytes ? -1 : 1;
	return strcmp(m->inv.repositories.v[x->repository].name,
	    m->inv.repositories.v[y->repository].name);
}

void
usage_init(struct usage *u, const struct mark *m)
{
	struct walk w;
	size_t i;

	memset(u, 0, sizeof(*u));
	walk_init(&w, u, m);
	add_repositories(u, &m->inv);
	for (i = 0; i < u->repositories.n; i++)
		walk_repository(&w, &u->repositories.v[i]);
	sum_up(u, &w);
	walk_release(&w);
	if (u->repositories.n > 1)
		qsort_r(u->repositories.v, u->repositories.n,
		    sizeof(*u->repositories.v), compare, &m);
}

void
usage_release(struct usage *u)
{
	vec_release(&u->repositories);
}
