/* SPDX-License-Identifier: MIT */
/*
 * Indices into the inventory in the order of names: what is told to people must
 * not depend on the order in which a bucket was read.
 */
#ifndef REGISTRY_BYNAME_H
#define REGISTRY_BYNAME_H

#include <stddef.h>
#include <stdint.h>

struct inventory;

/* Each sorts n indices.  Nodes: by digest.  All others: by repository, and then
 * by tag and digest as far as they have them. */
void byname_nodes(const struct inventory *inv, uint32_t *v, size_t n);
void byname_revisions(const struct inventory *inv, uint32_t *v, size_t n);
void byname_tags(const struct inventory *inv, uint32_t *v, size_t n);
void byname_tag_indexes(const struct inventory *inv, uint32_t *v, size_t n);

/* Of two indices: below 0 when a comes before b, and so on. */
typedef int byname_fn(const struct inventory *inv, uint32_t a, uint32_t b);

byname_fn byname_compare_nodes;
byname_fn byname_compare_revisions;
byname_fn byname_compare_tags;

#endif
