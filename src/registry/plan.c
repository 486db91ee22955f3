/* SPDX-License-Identifier: MIT */
/*
 * The decision itself is three lines: a revision that is not kept, a tag
 * reference to it, a listed blob that is neither marked nor young.  Deletes name
 * only what the listing showed, so a tag that a manifest never had costs
 * nothing.
 */
#include "src/registry/plan.h"

#include <string.h>

#include "src/registry/mark.h"

void
plan_init(struct plan *p)
{
	memset(p, 0, sizeof(*p));
}

void
plan_release(struct plan *p)
{
	int i;

	for (i = 0; i < PLAN_SECTIONS; i++) {
		vec_release(&p->victims[i]);
		vec_release(&p->rows[i]);
	}
}

static void
add(struct plan *p, enum plan_section section, size_t index)
{
	*vec_push(&p->victims[section]) = (uint32_t)index;
}

/* References to revisions that go are victims; map holds those, and the ones
 * that stay only for being young.  A tag that no registry could have made is
 * left alone. */
static void
add_tags(struct plan *p, const struct mark *m, const struct hmap *map,
    bool is_all)
{
	const struct inventory *inv = &m->inv;
	uint32_t r;
	size_t i;

	for (i = 0; i < inv->tag_indexes.n; i++) {
		const struct tag_index *ti = &inv->tag_indexes.v[i];
		const struct tag *t = &inv->tags.v[ti->tag];

		if (!inventory_has_tag(inv, t) ||
		    !path_is_tag_name(t->name, strlen(t->name)))
			continue;
		r = inventory_indexed_revision(inv, map, t->repository,
		    ti->node);
		if (r == HMAP_NONE)
			continue;
		if (is_all || !mark_keeps(m, &inv->revisions.v[r]))
			add(p, PLAN_TAGS, i);
		else
			p->kept.young_links++;
	}
}

static void
add_manifests(struct plan *p, const struct mark *m, bool is_all)
{
	const struct inventory *inv = &m->inv;
	struct hmap map;
	size_t i;

	hmap_init(&map);
	for (i = 0; i < inv->revisions.n; i++) {
		const struct revision *r = &inv->revisions.v[i];

		if (!inventory_has_revision(inv, r))
			continue;
		if (is_all || !mark_keeps(m, r)) {
			add(p, PLAN_REVISIONS, i);
		} else {
			p->kept.manifests++;
			p->kept.young_manifests += !r->is_lasting;
		}
		if (is_all || !r->is_lasting)
			inventory_index_revision(inv, &map, (uint32_t)i);
	}
	add_tags(p, m, &map, is_all);
	hmap_release(&map);
}

static void
add_blobs(struct plan *p, const struct mark *m, bool is_all)
{
	size_t i;

	for (i = 0; i < m->inv.nodes.n; i++) {
		const struct node *node = &m->inv.nodes.v[i];

		if (node->blob_generation == 0)
			continue;
		if (is_all || (!node->is_marked && !node->is_young)) {
			add(p, PLAN_BLOBS, i);
			p->bytes += node->blob_size;
			continue;
		}
		p->kept.blobs++;
		p->kept.bytes += node->blob_size;
		if (!node->is_lasting) {
			p->kept.young_blobs++;
			p->kept.young_bytes += node->blob_size;
		}
	}
}

void
plan_from_mark(struct plan *p, const struct mark *m)
{
	add_manifests(p, m, false);
	add_blobs(p, m, false);
}

void
plan_all_manifests(struct plan *p, const struct mark *m)
{
	add_manifests(p, m, true);
}

void
plan_all_blobs(struct plan *p, const struct mark *m)
{
	add_blobs(p, m, true);
}

uint64_t
plan_count(const struct plan *p)
{
	uint64_t n = 0;
	int i;

	for (i = 0; i < PLAN_SECTIONS; i++)
		n += p->victims[i].n;
	return n;
}

int
plan_victim(const struct plan *p, const struct inventory *inv,
    enum plan_section section, size_t i, struct buf *name, uint64_t *generation,
    struct err *err)
{
	uint32_t index = p->victims[section].v[i];
	struct path path;

	switch (section) {
	case PLAN_TAGS:
		path = inventory_tag_index_path(inv,
		    &inv->tag_indexes.v[index]);
		*generation = inv->tag_indexes.v[index].generation;
		break;
	case PLAN_REVISIONS:
		path = inventory_revision_path(inv, &inv->revisions.v[index]);
		*generation = inv->revisions.v[index].generation;
		break;
	case PLAN_BLOBS:
	default:
		path = inventory_blob_path(inv, index);
		*generation = inv->nodes.v[index].blob_generation;
		break;
	}
	return path_format_victim(&inv->paths, &path, name, err);
}

enum plan_reason
plan_reason(const struct plan *p, const struct mark *m,
    enum plan_section section, size_t i)
{
	const struct node *node;

	if (section == PLAN_TAGS)
		return PLAN_OF_MANIFEST;
	if (section == PLAN_REVISIONS)
		return PLAN_UNTAGGED;
	node = &m->inv.nodes.v[p->victims[section].v[i]];
	if (node->is_revision)
		return PLAN_MANIFEST;
	return node->is_mentioned ? PLAN_MENTIONED : PLAN_UNNAMED;
}

const char *
plan_reason_text(enum plan_reason reason)
{
	static const char *const texts[PLAN_REASONS] = {
		[PLAN_OF_MANIFEST] = "its manifest goes",
		[PLAN_UNTAGGED] = "no tag names it",
		[PLAN_MANIFEST] = "it is a manifest that goes",
		[PLAN_MENTIONED] = "only manifests that go name it",
		[PLAN_UNNAMED] = "nothing names it",
	};

	return texts[reason];
}

const char *
plan_section_name(enum plan_section section)
{
	static const char *const names[PLAN_SECTIONS] = {
		[PLAN_TAGS] = "tag reference",
		[PLAN_REVISIONS] = "manifest",
		[PLAN_BLOBS] = "blob",
	};

	return names[section];
}
