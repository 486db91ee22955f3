/* SPDX-License-Identifier: MIT */
/*
 * Limiters of one rate, one for each key that is in use; keys are hashes.  A key
 * is in use from the time when it is charged until its limiter is full again, and
 * one that is full is no more than a rate and a burst, so it is dropped: the
 * table has less than 4 slots for each key that was in use when it last grew, and
 * 64 at least.  Two names of one hash (of 64 bits) would share a limiter.
 */
#ifndef SIM_LIMITS_KEYED_H
#define SIM_LIMITS_KEYED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/limiter.h"

struct keyed_slot {
	uint64_t key; /* 0: free */
	uint64_t as_of;
	int64_t level;
};

struct limits_keyed {
	struct sim_rate rate;
	uint64_t burst;
	struct keyed_slot *slots;
	size_t cap; /* a power of two, or 0 */
	size_t n;
};

void limits_keyed_init(struct limits_keyed *k, struct sim_rate rate,
    uint64_t burst);
void limits_keyed_release(struct limits_keyed *k);

/* As limiter.h has them; to ask takes no memory. */
bool limits_keyed_has(const struct limits_keyed *k, uint64_t key,
    uint64_t now_us);
uint64_t limits_keyed_charge(struct limits_keyed *k, uint64_t key,
    uint64_t now_us);

#endif
