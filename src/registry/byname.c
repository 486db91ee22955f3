/* SPDX-License-Identifier: MIT */
#include "src/registry/byname.h"

#include <stdlib.h>
#include <string.h>

#include "src/registry/inventory.h"

int
byname_compare_nodes(const struct inventory *inv, uint32_t a, uint32_t b)
{
	const uint8_t *x = inv->nodes.v[a].digest, *y = inv->nodes.v[b].digest;

	if (x[0] != y[0])
		return x[0] < y[0] ? -1 : 1;
	return memcmp(x + 1, y + 1, digest_size(x[0]));
}

static int
compare_repositories(const struct inventory *inv, uint32_t a, uint32_t b)
{
	return strcmp(inv->repositories.v[a].name, inv->repositories.v[b].name);
}

int
byname_compare_tags(const struct inventory *inv, uint32_t a, uint32_t b)
{
	const struct tag *x = &inv->tags.v[a], *y = &inv->tags.v[b];
	int order = compare_repositories(inv, x->repository, y->repository);

	return order != 0 ? order : strcmp(x->name, y->name);
}

int
byname_compare_revisions(const struct inventory *inv, uint32_t a, uint32_t b)
{
	const struct revision *x = &inv->revisions.v[a];
	const struct revision *y = &inv->revisions.v[b];
	int order = compare_repositories(inv, x->repository, y->repository);

	return order != 0 ? order : byname_compare_nodes(inv, x->node, y->node);
}

static int
compare_tag_indexes(const struct inventory *inv, uint32_t a, uint32_t b)
{
	const struct tag_index *x = &inv->tag_indexes.v[a];
	const struct tag_index *y = &inv->tag_indexes.v[b];
	int order = byname_compare_tags(inv, x->tag, y->tag);

	return order != 0 ? order : byname_compare_nodes(inv, x->node, y->node);
}

/* --- sorting --- */

struct order {
	const struct inventory *inv;
	byname_fn *compare;
};

static int
compare(const void *a, const void *b, void *arg)
{
	const struct order *o = arg;

	return o->compare(o->inv, *(const uint32_t *)a, *(const uint32_t *)b);
}

static void
sort(const struct inventory *inv, uint32_t *v, size_t n, byname_fn *by)
{
	struct order order = { inv, by };

	if (n > 1)
		qsort_r(v, n, sizeof(*v), compare, &order);
}

void
byname_nodes(const struct inventory *inv, uint32_t *v, size_t n)
{
	sort(inv, v, n, byname_compare_nodes);
}

void
byname_revisions(const struct inventory *inv, uint32_t *v, size_t n)
{
	sort(inv, v, n, byname_compare_revisions);
}

void
byname_tags(const struct inventory *inv, uint32_t *v, size_t n)
{
	sort(inv, v, n, byname_compare_tags);
}

void
byname_tag_indexes(const struct inventory *inv, uint32_t *v, size_t n)
{
	sort(inv, v, n, compare_tag_indexes);
}
