/* SPDX-License-Identifier: MIT */
/* Tags and revisions meet by (repository, digest); an hmap over the revisions
 * joins them in one pass each. */
#include "src/registry/roots.h"

#include <string.h>

#include "src/base/buf.h"
#include "src/base/hmap.h"
#include "src/registry/mark.h"

static void
index_revisions(const struct inventory *inv, struct hmap *map)
{
	size_t i;

	for (i = 0; i < inv->revisions.n; i++) {
		if (inventory_has_revision(inv, &inv->revisions.v[i]))
			inventory_index_revision(inv, map, (uint32_t)i);
	}
}

static void
note(struct mark *m, const struct path *path, const char *what)
{
	struct buf name;

	buf_init(&name, 4096);
	path_format(&m->inv.paths, path, &name);
	mark_note_damage(m, name.data, what);
	buf_release(&name);
}

static void
follow_tags(struct mark *m, const struct hmap *map)
{
	struct inventory *inv = &m->inv;
	size_t i;

	for (i = 0; i < inv->tags.n; i++) {
		const struct tag *t = &inv->tags.v[i];
		struct path path;
		uint32_t r;

		if (t->current == HMAP_NONE || !inventory_has_tag(inv, t))
			continue;
		r = inventory_indexed_revision(inv, map, t->repository,
		    t->current);
		if (r != HMAP_NONE) {
			inv->revisions.v[r].is_root = true;
			continue;
		}
		path = inventory_current_path(inv, t);
		note(m, &path,
		    "names a manifest that its repository does not have; the "
		    "digest is kept");
		graph_add_root(&m->graph, t->current);
	}
}

/* A repository whose name no registry would accept is read, and left alone. */
static void
keep_odd_names(struct mark *m)
{
	size_t i;

	for (i = 0; i < m->inv.repositories.n; i++) {
		struct repository *r = &m->inv.repositories.v[i];

		if (r->has_valid_name)
			continue;
		mark_note_damage(m, r->name,
		    "not a repository name; all of it is kept");
		r->keeps_all = true;
	}
}

/* So is a tag whose name none would accept: what it names is kept, and its
 * links are never deleted. */
static void
note_odd_tags(struct mark *m)
{
	struct path path;
	size_t i;

	for (i = 0; i < m->inv.tags.n; i++) {
		const struct tag *t = &m->inv.tags.v[i];

		if (!inventory_has_tag(&m->inv, t) ||
		    path_is_tag_name(t->name, strlen(t->name)))
			continue;
		path = inventory_current_path(&m->inv, t);
		note(m, &path, "not a tag name; its links are kept");
	}
}

/* A revision whose manifest is not there: common and harmless, unless somebody
 * counts on it. */
static void
count_dangling(struct mark *m, const struct revision *r, bool is_wanted)
{
	struct path path;

	if (m->inv.nodes.v[r->node].reading != NODE_ABSENT)
		return;
	m->dangling++;
	if (!is_wanted)
		return;
	path = inventory_revision_path(&m->inv, r);
	note(m, &path, "it is to be kept, but its manifest is missing");
}

static void
collect(struct mark *m, const struct hmap *map, bool delete_untagged)
{
	struct inventory *inv = &m->inv;
	size_t i;

	keep_odd_names(m);
	note_odd_tags(m);
	if (delete_untagged)
		follow_tags(m, map);
	for (i = 0; i < inv->revisions.n; i++) {
		struct revision *r = &inv->revisions.v[i];

		if (!inventory_has_revision(inv, r))
			continue;
		count_dangling(m, r, delete_untagged && r->is_root);
		if (!delete_untagged ||
		    inv->repositories.v[r->repository].keeps_all)
			r->is_root = true;
		if (r->is_root)
			graph_add_root(&m->graph, r->node);
	}
}

/* --- what is young --- */

static void
note_lasting(struct mark *m)
{
	struct inventory *inv = &m->inv;
	size_t i;

	for (i = 0; i < inv->revisions.n; i++)
		inv->revisions.v[i].is_lasting = mark_keeps(m,
		    &inv->revisions.v[i]);
	for (i = 0; i < inv->nodes.n; i++)
		inv->nodes.v[i].is_lasting = inv->nodes.v[i].is_marked;
}

static void
add_young(struct mark *m, struct revision *r)
{
	r->is_root = true;
	graph_add_root(&m->graph, r->node);
}

/* A push writes the revision's link each time, and a tag's links when it has a
 * tag: the one that is young tells of it. */
static void
collect_young(struct mark *m, const struct hmap *map)
{
	struct inventory *inv = &m->inv;
	const struct tag_index *ti;
	const struct tag *t;
	uint32_t r;
	size_t i;

	for (i = 0; i < inv->revisions.n; i++) {
		if (inv->revisions.v[i].is_young &&
		    inventory_has_revision(inv, &inv->revisions.v[i]))
			add_young(m, &inv->revisions.v[i]);
	}
	for (i = 0; i < inv->tag_indexes.n; i++) {
		ti = &inv->tag_indexes.v[i];
		t = &inv->tags.v[ti->tag];
		if (!ti->is_young || !inventory_has_tag(inv, t))
			continue;
		r = inventory_indexed_revision(inv, map, t->repository,
		    ti->node);
		if (r != HMAP_NONE)
			add_young(m, &inv->revisions.v[r]);
	}
}

void
roots_walk(struct mark *m, bool delete_untagged)
{
	struct hmap map;

	hmap_init(&map);
	if (delete_untagged)
		index_revisions(&m->inv, &map);
	collect(m, &map, delete_untagged);
	graph_walk(&m->graph, &m->inv);
	note_lasting(m);
	if (delete_untagged) {
		collect_young(m, &map);
		graph_walk(&m->graph, &m->inv);
	}
	hmap_release(&map);
}
