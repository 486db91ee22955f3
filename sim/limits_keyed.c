/* SPDX-License-Identifier: MIT */
/*
 * Open addressing without removal: whoever needs room makes the table anew from
 * what is still in use.  At least a quarter of the slots is filled between two
 * such times, so a charge costs a few slots each.
 */
#include "sim/limits_keyed.h"

#include <stdlib.h>

#include "src/base/mem.h"

enum { SLOTS_MIN = 64 };

void
limits_keyed_init(struct limits_keyed *k, struct sim_rate rate, uint64_t burst)
{
	*k = (struct limits_keyed){ .rate = rate, .burst = burst };
}

void
limits_keyed_release(struct limits_keyed *k)
{
	free(k->slots);
	k->slots = NULL;
	k->cap = k->n = 0;
}

/* The key's slot, or the free one where it belongs. */
static struct keyed_slot *
find(const struct limits_keyed *k, uint64_t key)
{
	size_t i = key & (k->cap - 1);

	while (k->slots[i].key != 0 && k->slots[i].key != key)
		i = (i + 1) & (k->cap - 1);
	return &k->slots[i];
}

/* The limiter of a slot; a free one's is full. */
static struct limiter
load(const struct limits_keyed *k, const struct keyed_slot *slot,
    uint64_t now_us)
{
	struct limiter l;

	limiter_init(&l, k->rate, k->burst, now_us);
	if (slot != NULL && slot->key != 0) {
		l.level = slot->level;
		l.as_of = slot->as_of;
	}
	return l;
}

static bool
is_in_use(const struct limits_keyed *k, const struct keyed_slot *slot,
    uint64_t now_us)
{
	struct limiter l;

	if (slot->key == 0)
		return false;
	l = load(k, slot, now_us);
	return !limiter_is_full(&l, now_us);
}

/* Makes the table anew, at most half full. */
static void
rebuild(struct limits_keyed *k, uint64_t now_us)
{
	struct limits_keyed old = *k;
	size_t i, in_use = 0;

	for (i = 0; i < old.cap; i++)
		in_use += is_in_use(&old, &old.slots[i], now_us);
	for (k->cap = SLOTS_MIN; k->cap < 2 * in_use; k->cap *= 2)
		continue;
	k->slots = mem_zalloc(k->cap, sizeof(*k->slots));
	k->n = in_use;
	for (i = 0; i < old.cap; i++) {
		if (is_in_use(&old, &old.slots[i], now_us))
			*find(k, old.slots[i].key) = old.slots[i];
	}
	free(old.slots);
}

/* 0 stands for a free slot. */
static uint64_t
name_key(uint64_t key)
{
	return key != 0 ? key : 1;
}

bool
limits_keyed_has(const struct limits_keyed *k, uint64_t key, uint64_t now_us)
{
	struct limiter l;

	if (k->rate.n == 0 || k->cap == 0)
		return true;
	l = load(k, find(k, name_key(key)), now_us);
	return limiter_has(&l, now_us);
}

uint64_t
limits_keyed_charge(struct limits_keyed *k, uint64_t key, uint64_t now_us)
{
	struct keyed_slot *slot;
	struct limiter l;
	uint64_t wait;

	if (k->rate.n == 0)
		return 0;
	key = name_key(key);
	if (k->n >= k->cap / 4 * 3)
		rebuild(k, now_us);
	slot = find(k, key);
	l = load(k, slot, now_us);
	wait = limiter_charge(&l, 1, now_us);
	k->n += slot->key == 0;
	*slot = (struct keyed_slot){ key, l.as_of, l.level };
	return wait;
}
