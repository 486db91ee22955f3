/* SPDX-License-Identifier: MIT */
/*
 * What tags name, from what a listing tells: the MD5 of a current link is that
 * of one of the digests that repositories show, and only a link of which none is
 * has to be read.  Tags are sorted by MD5 and every digest looks for its own, so
 * that each MD5 is computed once.
 */
#include <stdlib.h>
#include <string.h>

#include "src/registry/mark_priv.h"

static int
compare_md5(const void *a, const void *b)
{
	const struct hashed_tag *one = a, *two = b;

	return memcmp(one->md5, two->md5, sizeof(one->md5));
}

/* The first tag whose current link has this MD5 or a later one. */
static size_t
seek(const struct run *run, const struct hashed_tag *key)
{
	size_t low = 0, high = run->hashed_tags.n, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (compare_md5(&run->hashed_tags.v[mid], key) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* Gives a digest to the tags that name it; answers how many. */
static size_t
give(struct run *run, uint32_t node)
{
	struct inventory *inv = &run->m->inv;
	struct hashed_tag key;
	struct digest d;
	size_t i, given = 0;

	inventory_digest(inv, node, &d);
	if (!digest_md5_text(run->md5, &d, key.md5))
		return 0;
	for (i = seek(run, &key); i < run->hashed_tags.n &&
	     compare_md5(&run->hashed_tags.v[i], &key) == 0;
	     i++) {
		struct tag *t = &inv->tags.v[run->hashed_tags.v[i].tag];

		if (t->current != HMAP_NONE)
			break; /* all of them have it already */
		t->current = node;
		given++;
		if (inventory_has_tag(inv, t))
			mark_ask_named(run, t->repository, node);
	}
	return given;
}

void
mark_resolve_tags(struct run *run)
{
	struct inventory *inv = &run->m->inv;
	size_t i, left = run->hashed_tags.n;

	if (left == 0)
		return;
	qsort(run->hashed_tags.v, left, sizeof(*run->hashed_tags.v),
	    compare_md5);
	for (i = 0; i < inv->revisions.n && left > 0; i++)
		left -= give(run, inv->revisions.v[i].node);
	for (i = 0; i < inv->tag_indexes.n && left > 0; i++)
		left -= give(run, inv->tag_indexes.v[i].node);
	for (i = 0; i < run->hashed_tags.n && left > 0; i++) {
		uint32_t tag = run->hashed_tags.v[i].tag;
		const struct tag *t = &inv->tags.v[tag];

		if (t->current == HMAP_NONE && inventory_has_tag(inv, t))
			mark_add_visit(run, VISIT_CURRENT, t->repository, tag);
	}
	run->hashed_tags.n = 0;
}
