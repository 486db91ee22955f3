/* SPDX-License-Identifier: MIT */
/*
 * Open addressing with linear probing.  A slot keeps the upper half of the
 * hash, so that growing never asks the caller for a key again and most misses
 * never call same().
 */
#include "src/base/hmap.h"

#include <assert.h>
#include <stdlib.h>

#include "src/base/mem.h"

struct hmap_slot {
	uint32_t tag;   /* the hash's upper half, which also places the slot */
	uint32_t entry; /* HMAP_NONE: free */
};

void
hmap_init(struct hmap *m)
{
	*m = (struct hmap){ 0 };
}

void
hmap_release(struct hmap *m)
{
	free(m->slots);
	hmap_init(m);
}

uint32_t
hmap_find(const struct hmap *m, uint64_t hash, hmap_same_fn *same,
    const void *ctx, const void *key)
{
	uint32_t tag = (uint32_t)(hash >> 32);
	size_t i;

	if (m->cap == 0)
		return HMAP_NONE;
	for (i = tag & (m->cap - 1); m->slots[i].entry != HMAP_NONE;
	     i = (i + 1) & (m->cap - 1)) {
		if (m->slots[i].tag == tag && same(ctx, m->slots[i].entry, key))
			return m->slots[i].entry;
	}
	return HMAP_NONE;
}

static void
place(struct hmap *m, struct hmap_slot slot)
{
	size_t i = slot.tag & (m->cap - 1);

	while (m->slots[i].entry != HMAP_NONE)
		i = (i + 1) & (m->cap - 1);
	m->slots[i] = slot;
}

static void
grow(struct hmap *m)
{
	struct hmap old = *m;
	size_t i;

	m->cap = old.cap ? old.cap * 2 : 64;
	m->slots = mem_resize(NULL, m->cap, sizeof(*m->slots));
	for (i = 0; i < m->cap; i++)
		m->slots[i].entry = HMAP_NONE;
	for (i = 0; i < old.cap; i++) {
		if (old.slots[i].entry != HMAP_NONE)
			place(m, old.slots[i]);
	}
	free(old.slots);
}

void
hmap_add(struct hmap *m, uint64_t hash, uint32_t entry)
{
	assert(entry != HMAP_NONE);
	if (m->n + 1 > m->cap / 4 * 3)
		grow(m);
	place(m, (struct hmap_slot){ (uint32_t)(hash >> 32), entry });
	m->n++;
}
