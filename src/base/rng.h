/* SPDX-License-Identifier: MIT */
/*
 * Randomness as a parameter: one 64-bit seed reproduces a run.  rng_hash is
 * also the hash of every table in the house.
 */
#ifndef BASE_RNG_H
#define BASE_RNG_H

#include <stddef.h>
#include <stdint.h>

struct rng {
	uint64_t state;
};

void rng_init(struct rng *r, uint64_t seed);

/* The next 64 bits (splitmix64, Steele, Lea and Flood 2014). */
uint64_t rng_next(struct rng *r);

/* Even in [0, bound); bound > 0. */
uint64_t rng_below(struct rng *r, uint64_t bound);

/* Fills n bytes. */
void rng_fill(struct rng *r, void *out, size_t n);

/* A 64-bit hash of n bytes under a seed; not for adversaries. */
uint64_t rng_hash(const void *data, size_t n, uint64_t seed);

#endif
