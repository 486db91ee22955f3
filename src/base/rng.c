/* SPDX-License-Identifier: MIT */
/*
 * splitmix64 for sequences, and a multiply-and-fold hash on the same mixing
 * step.  Both are small enough to be read, and the same on every machine.
 */
#include "src/base/rng.h"

#include <assert.h>
#include <endian.h>
#include <string.h>

static uint64_t
mix(uint64_t z)
{
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
	return z ^ (z >> 31);
}

void
rng_init(struct rng *r, uint64_t seed)
{
	r->state = seed;
}

uint64_t
rng_next(struct rng *r)
{
	return mix(r->state += 0x9e3779b97f4a7c15U);
}

uint64_t
rng_below(struct rng *r, uint64_t bound)
{
	uint64_t x, low;

	assert(bound > 0);
	low = -bound % bound; /* 2^64 mod bound: the biased part */
	do
		x = rng_next(r);
	while (x < low);
	return x % bound;
}

void
rng_fill(struct rng *r, void *out, size_t n)
{
	unsigned char *p = out;

	while (n > 0) {
		uint64_t x = htole64(rng_next(r));
		size_t k = n < sizeof(x) ? n : sizeof(x);

		memcpy(p, &x, k);
		p += k;
		n -= k;
	}
}

uint64_t
rng_hash(const void *data, size_t n, uint64_t seed)
{
	const unsigned char *p = data;
	uint64_t h = mix(seed + 0x9e3779b97f4a7c15U) ^
	    (n * 0xff51afd7ed558ccdU);
	uint64_t word;

	for (; n >= sizeof(word); p += sizeof(word), n -= sizeof(word)) {
		memcpy(&word, p, sizeof(word));
		h = mix(h ^ le64toh(word));
	}
	word = 0;
	if (n != 0)
		memcpy(&word, p, n);
	return mix(h ^ le64toh(word) ^ ((uint64_t)n << 56));
}
