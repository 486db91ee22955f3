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

	hmap_init(map);
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
follow_tags(struct mark *m)
{
	struct inventory *inv = &m->inv;
	struct hmap map;
	size_t i;

	index_revisions(inv, &map);
	for (i = 0; i < inv->tags.n; i++) {
		const struct tag *t = &inv->tags.v[i];
		struct path path;
		uint32_t r;

		if (t->current == HMAP_NONE || !inventory_has_tag(inv, t))
			continue;
		r = inventory_indexed_revision(inv, &map, t->repository,
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
	hmap_release(&map);
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

void
roots_collect(struct mark *m, bool delete_untagged)
{
	struct inventory *inv = &m->inv;
	size_t i;

	keep_odd_names(m);
	note_odd_tags(m);
	if (delete_untagged)
		follow_tags(m);
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
