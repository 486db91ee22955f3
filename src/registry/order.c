/* SPDX-License-Identifier: MIT */
/* A counting sort by group, a shuffle of each, and a cursor into each. */
#include "src/registry/order.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/mem.h"
#include "src/base/rng.h"

static void
shuffle(uint32_t *items, size_t n, struct rng *rng)
{
	for (; n > 1; n--) {
		size_t i = (size_t)rng_below(rng, n);
		uint32_t item = items[i];

		items[i] = items[n - 1];
		items[n - 1] = item;
	}
}

void
order_init(struct order *o, size_t n, uint64_t seed,
    unsigned (*group_of)(const void *arg, size_t i), const void *arg)
{
	size_t begin = 0, i;
	struct rng rng;

	assert(n <= UINT32_MAX);
	memset(o, 0, sizeof(*o));
	o->items = mem_zalloc(n != 0 ? n : 1, sizeof(*o->items));
	o->left = n;
	for (i = 0; i < n; i++)
		o->ends[group_of(arg, i)]++;
	for (i = 0; i < ORDER_GROUPS; i++) {
		o->cursors[i] = begin;
		begin += o->ends[i];
		o->ends[i] = o->cursors[i];
	}
	for (i = 0; i < n; i++)
		o->items[o->ends[group_of(arg, i)]++] = (uint32_t)i;
	rng_init(&rng, seed);
	for (i = 0; i < ORDER_GROUPS; i++)
		shuffle(o->items + o->cursors[i], o->ends[i] - o->cursors[i],
		    &rng);
}

void
order_release(struct order *o)
{
	free(o->items);
	o->items = NULL;
}

size_t
order_next(struct order *o)
{
	unsigned group;

	if (o->left == 0)
		return ORDER_END;
	o->left--;
	do {
		group = o->turn;
		o->turn = (o->turn + 1) % ORDER_GROUPS;
	} while (o->cursors[group] == o->ends[group]);
	return o->items[o->cursors[group]++];
}
