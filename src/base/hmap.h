/* SPDX-License-Identifier: MIT */
/*
 * An index over somebody else's array: it maps a hash to entry numbers and
 * leaves the entries, their keys and the comparison to the caller.  8 bytes a
 * slot, at most 3/4 full, no removal (nobody needs one).
 */
#ifndef BASE_HMAP_H
#define BASE_HMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HMAP_NONE = UINT32_MAX };

struct hmap_slot;

struct hmap {
	struct hmap_slot *slots;
	size_t cap; /* a power of two, or 0 */
	size_t n;
};

/* Is entry the one that key asks for? */
typedef bool hmap_same_fn(const void *ctx, uint32_t entry, const void *key);

void hmap_init(struct hmap *m);
void hmap_release(struct hmap *m);

/* The entry with this hash for which same() is true, or HMAP_NONE. */
uint32_t hmap_find(const struct hmap *m, uint64_t hash, hmap_same_fn *same,
    const void *ctx, const void *key);

/* Adds an entry number; the caller has looked for it before. */
void hmap_add(struct hmap *m, uint64_t hash, uint32_t entry);

#endif
