/* SPDX-License-Identifier: MIT */
/* The inventory keeps blobs, revisions and tag references in three arrays; a
 * plan file wants to see them alike. */
#include "src/registry/plan_file_entry.h"

#include <string.h>

#include "src/registry/inventory.h"

size_t
plan_entry_count(const struct inventory *inv, enum plan_section section)
{
	switch (section) {
	case PLAN_TAGS:
		return inv->tag_indexes.n;
	case PLAN_REVISIONS:
		return inv->revisions.n;
	case PLAN_BLOBS:
	default:
		return inv->nodes.n;
	}
}

static bool
get_tag(const struct inventory *inv, uint32_t index, struct plan_entry *out)
{
	const struct tag_index *ti = &inv->tag_indexes.v[index];

	*out = (struct plan_entry){
		.path = inventory_tag_index_path(inv, ti),
		.generation = ti->generation,
		.created_s = ti->created_s,
	};
	return inventory_has_tag(inv, &inv->tags.v[ti->tag]);
}

static bool
get_revision(const struct inventory *inv, uint32_t index,
    struct plan_entry *out)
{
	const struct revision *r = &inv->revisions.v[index];

	*out = (struct plan_entry){
		.path = inventory_revision_path(inv, r),
		.generation = r->generation,
		.created_s = r->created_s,
	};
	return inventory_has_revision(inv, r);
}

static bool
get_blob(const struct inventory *inv, uint32_t index, struct plan_entry *out)
{
	const struct node *node = &inv->nodes.v[index];

	*out = (struct plan_entry){
		.path = inventory_blob_path(inv, index),
		.generation = node->blob_generation,
		.size = node->blob_size,
		.created_s = node->blob_created_s,
	};
	return node->blob_generation != 0;
}

bool
plan_entry_get(const struct inventory *inv, enum plan_section section,
    uint32_t index, struct plan_entry *out)
{
	switch (section) {
	case PLAN_TAGS:
		return get_tag(inv, index, out);
	case PLAN_REVISIONS:
		return get_revision(inv, index, out);
	case PLAN_BLOBS:
	default:
		return get_blob(inv, index, out);
	}
}

static int
compare_text(const char *a, size_t a_len, const char *b, size_t b_len)
{
	size_t n = a_len < b_len ? a_len : b_len;
	int order = n > 0 ? memcmp(a, b, n) : 0;

	return order != 0 ? order : (a_len > b_len) - (a_len < b_len);
}

int
plan_entry_compare(const struct plan_entry *a, const struct plan_entry *b)
{
	const struct path *p = &a->path, *q = &b->path;
	int order = compare_text(p->repo, p->repo_len, q->repo, q->repo_len);

	if (order == 0)
		order = compare_text(p->tag, p->tag_len, q->tag, q->tag_len);
	if (order == 0)
		order = p->digest.alg - q->digest.alg;
	if (order == 0)
		order = memcmp(p->digest.raw, q->digest.raw,
		    digest_size(p->digest.alg));
	return order;
}
