/* SPDX-License-Identifier: MIT */
/*
 * What upstream's collector (distribution 2.8, its GCS driver) would have sent
 * for the registry that was just marked, from the inventory alone.
 *
 * It walks folders, one request after the other:
 *
 *	a file		1	a GET of its metadata
 *	a folder	3	that GET, answered 404; a List, to see whether it
 *				is a folder; a List of it (of each 1000 children)
 *	one not entered	2
 *	a link read	1	a GET
 *	a blob's Stat	1	a GET
 *
 * which makes
 *
 *	blobs/		1, each algorithm 3, each two digits in use 3, each blob 4
 *	repositories/	1, each folder of a name 3, and each repository 8 more:
 *			_layers 2, _manifests 2, revisions 1, an algorithm 3
 *	a revision	4 in the walk, 3 to see that it is there, 3 to read it
 *	with -m		and for each that is there all tags of its repository,
 *			a List and a GET a tag; for one that goes another List,
 *			and it is not read
 *
 * This agrees with what was counted on the wire of distribution 2.8.2: 384
 * requests for 10 images of 2 layers (494 with -m), 36.5 for one image more, 6.4
 * for one layer more, about 2650 for 80 images (9134 with -m and 80 tags), and
 * 16,800 for 4000 orphan blobs.
 *
 * A repository is taken to have a folder _layers and no _uploads, and nothing to
 * lie where the layout has no place for it: that is not in the inventory, and
 * would be a request or two each.
 */
#ifndef REGISTRY_WALK_COST_H
#define REGISTRY_WALK_COST_H

#include <stdbool.h>
#include <stdint.h>

struct inventory;
struct plan;

/* Requests, ours or theirs. */
struct walk_cost {
	uint64_t lists;
	uint64_t gets;    /* that were answered */
	uint64_t misses;  /* GETs answered 404 */
	uint64_t deletes; /* whatever was answered */
};

/* Upstream's mark, after ours succeeded; with -m, or without. */
void walk_cost_mark(const struct inventory *inv, bool delete_untagged,
    struct walk_cost *out);

/* Upstream's sweep of what this plan deletes: for each manifest every tag of its
 * repository is looked for (a GET and a List, and where there is a reference a
 * List and a DELETE), then it and each blob is a List and a DELETE. */
void walk_cost_sweep(const struct inventory *inv, const struct plan *plan,
    struct walk_cost *out);

uint64_t walk_cost_requests(const struct walk_cost *c);

/* At Google's list prices for one region and class Standard: a List is an
 * operation of class A, $0.05 for 10,000, a GET of class B, $0.004 for 10,000;
 * DELETEs are free, and so is what is answered 4xx.  10^-9 dollars, exact. */
uint64_t walk_cost_nanodollars(const struct walk_cost *c);

#endif
