/* SPDX-License-Identifier: MIT */
/* Folders are counted, never built: two digits by a table, those of names by
 * sorting the names. */
#include "src/registry/walk_cost.h"

#include <stdlib.h>
#include <string.h>

#include "src/base/mem.h"
#include "src/registry/inventory.h"
#include "src/registry/plan.h"

/* What a List answers at once. */
enum { PAGE = 1000 };

/* In nanodollars. */
enum { CLASS_A = 5000, CLASS_B = 400 };

static uint64_t
pages_of(uint64_t children)
{
	return children <= PAGE ? 1 : (children + PAGE - 1) / PAGE;
}

/* --- folders and files --- */

static void
skip_folders(struct walk_cost *c, uint64_t n)
{
	c->misses += n;
	c->lists += n;
}

static void
enter_folder(struct walk_cost *c, uint64_t children)
{
	skip_folders(c, 1);
	c->lists += pages_of(children);
}

/* --- blobs --- */

static void
count_blobs(const struct inventory *inv, struct walk_cost *c)
{
	/* By the first byte of the digest, which is two digits. */
	uint64_t in_folder[DIGEST_ALGS][256] = { { 0 } };
	uint64_t i, folders;
	unsigned alg, k;

	for (i = 0; i < inv->nodes.n; i++) {
		struct digest d;

		if (inv->nodes.v[i].blob_generation == 0)
			continue;
		inventory_digest(inv, (uint32_t)i, &d);
		in_folder[d.alg][d.raw[0]]++;
		enter_folder(c, 1);
		c->gets++; /* data */
	}
	c->lists++; /* blobs/ */
	for (alg = 0; alg < DIGEST_ALGS; alg++) {
		for (folders = k = 0; k < 256; k++) {
			if (in_folder[alg][k] == 0)
				continue;
			folders++;
			enter_folder(c, in_folder[alg][k]);
		}
		if (folders > 0)
			enter_folder(c, folders);
	}
}

/* --- the folders of names --- */

/* By components: "a/b" before "a-b". */
static int
compare_names(const void *a, const void *b)
{
	const char *x = *(const char *const *)a, *y = *(const char *const *)b;

	for (; *x == *y && *x != '\0'; x++, y++)
		continue;
	if (*x == '/' || *y == '/')
		return *x == '\0' || (*x == '/' && *y != '\0') ? -1 : 1;
	return (unsigned char)*x - (unsigned char)*y;
}

/* Of the folders that lead to name and are it, those that did not lead to the
 * name before it. */
static uint64_t
new_folders(const char *before, const char *name)
{
	uint64_t n = 1;
	size_t i;

	for (i = 0; before[i] == name[i] && name[i] != '\0'; i++)
		continue;
	if (before[i] == '\0' && name[i] == '/')
		i++;
	for (; name[i] != '\0'; i++)
		n += name[i] == '/';
	return n;
}

static void
count_names(const struct inventory *inv, struct walk_cost *c)
{
	size_t n = inv->repositories.n, i;
	const char **names = mem_alloc((n + 1) * sizeof(*names));
	uint64_t k;

	for (i = 0; i < n; i++)
		names[i] = inv->repositories.v[i].name;
	qsort(names, n, sizeof(*names), compare_names);
	c->lists++; /* repositories/ */
	for (i = 0; i < n; i++) {
		for (k = new_folders(i ? names[i - 1] : "", names[i]); k > 0;
		     k--)
			enter_folder(c, 1);
	}
	free(names);
}

/* --- repositories --- */

struct repository_count {
	uint64_t revisions[DIGEST_ALGS];
	uint64_t tags;
};

/* One a repository; to be freed. */
static struct repository_count *
count_repositories(const struct inventory *inv)
{
	struct repository_count *counts = mem_zalloc(inv->repositories.n + 1,
	    sizeof(*counts));
	struct digest d;
	size_t i;

	for (i = 0; i < inv->revisions.n; i++) {
		const struct revision *r = &inv->revisions.v[i];

		if (!inventory_has_revision(inv, r))
			continue;
		inventory_digest(inv, r->node, &d);
		counts[r->repository].revisions[d.alg]++;
	}
	for (i = 0; i < inv->tags.n; i++) {
		const struct tag *t = &inv->tags.v[i];

		counts[t->repository].tags += inventory_has_tag(inv, t);
	}
	return counts;
}

static void
count_folders(const struct repository_count *r, struct walk_cost *c)
{
	unsigned alg;

	skip_folders(c, 2); /* _layers, _manifests */
	c->lists++;         /* revisions */
	for (alg = 0; alg < DIGEST_ALGS; alg++) {
		if (r->revisions[alg] > 0)
			enter_folder(c, r->revisions[alg]);
	}
}

static void
count_revision(const struct inventory *inv, const struct revision *r,
    uint64_t tags, bool delete_untagged, struct walk_cost *c)
{
	enter_folder(c, 1);
	c->gets += 2; /* its link: in the walk, and read */
	c->gets++;    /* read again, to see that it is there */
	if (inv->nodes.v[r->node].blob_generation == 0) {
		skip_folders(c, 1); /* it is not, nor a folder of its name */
		return;
	}
	c->gets++; /* the blob's metadata */
	if (delete_untagged) {
		c->lists += pages_of(tags);
		c->gets += tags;
	}
	if (delete_untagged && !r->is_root)
		c->lists += pages_of(tags);
	else
		c->gets += 3; /* link, metadata and data */
}

void
walk_cost_mark(const struct inventory *inv, bool delete_untagged,
    struct walk_cost *out)
{
	struct repository_count *counts = count_repositories(inv);
	size_t i;

	memset(out, 0, sizeof(*out));
	count_blobs(inv, out);
	count_names(inv, out);
	for (i = 0; i < inv->repositories.n; i++)
		count_folders(&counts[i], out);
	for (i = 0; i < inv->revisions.n; i++) {
		const struct revision *r = &inv->revisions.v[i];

		if (inventory_has_revision(inv, r))
			count_revision(inv, r, counts[r->repository].tags,
			    delete_untagged, out);
	}
	free(counts);
}

void
walk_cost_sweep(const struct inventory *inv, const struct plan *plan,
    struct walk_cost *out)
{
	struct repository_count *counts = count_repositories(inv);
	uint64_t victims = plan_count(plan);
	size_t i;

	memset(out, 0, sizeof(*out));
	for (i = 0; i < plan->victims[PLAN_REVISIONS].n; i++) {
		uint32_t r = plan->victims[PLAN_REVISIONS].v[i];

		skip_folders(out, counts[inv->revisions.v[r].repository].tags);
	}
	out->lists += victims;
	out->deletes = victims;
	free(counts);
}

/* --- sums --- */

uint64_t
walk_cost_requests(const struct walk_cost *c)
{
	return c->lists + c->gets + c->misses + c->deletes;
}

uint64_t
walk_cost_nanodollars(const struct walk_cost *c)
{
	return c->lists * CLASS_A + c->gets * CLASS_B;
}
