/* SPDX-License-Identifier: MIT */
/*
 * The first 64 bits of digest i are i * step and a random part below step, the
 * other 192 are random: they look like digests and grow with i.  So the first
 * digits settle the order, and nothing else of a name is made to find it.
 */
#include "sim/bulk.h"

#include <stdlib.h>
#include <string.h>

#include "sim/hash.h"
#include "sim/object.h"
#include "src/base/mem.h"
#include "src/base/rng.h"

static const char tail[] = "/data";

enum {
	WORD = 64,        /* bits of one */
	HEAD_DIGITS = 16, /* of a digest, that follow from its number */
	/* What follows the prefix: two digits, a slash, all digits, the tail. */
	HEAD = 2 + 1 + HEAD_DIGITS,
	REST = 2 + 1 + HASH_SHA256_HEX + sizeof(tail) - 1
};

struct bulk *
bulk_new(const char *prefix, uint64_t n, uint64_t seed, uint64_t size,
    uint64_t generation)
{
	struct bulk *k = mem_alloc(sizeof(*k));

	*k = (struct bulk){ .prefix = mem_strdup(prefix),
		.prefix_n = strlen(prefix),
		.n = n,
		.left = n,
		.seed = seed,
		.size = size,
		.generation = generation,
		.step = UINT64_MAX / n,
		.gone = mem_zalloc((size_t)(n / WORD + 1), sizeof(*k->gone)) };
	return k;
}

static size_t
gone_size(const struct bulk *k)
{
	return (size_t)(k->n / WORD + 1) * sizeof(*k->gone);
}

struct bulk *
bulk_dup(const struct bulk *k)
{
	struct bulk *copy = bulk_new(k->prefix, k->n, k->seed, k->size,
	    k->generation);

	copy->left = k->left;
	memcpy(copy->gone, k->gone, gone_size(k));
	return copy;
}

bool
bulk_is_same(const struct bulk *a, const struct bulk *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return a->n == b->n && a->seed == b->seed && a->size == b->size &&
	    a->generation == b->generation && a->left == b->left &&
	    strcmp(a->prefix, b->prefix) == 0 &&
	    memcmp(a->gone, b->gone, gone_size(a)) == 0;
}

void
bulk_free(struct bulk *k)
{
	if (k == NULL)
		return;
	free(k->prefix);
	free(k->gone);
	free(k);
}

static void
put_hex(char *out, uint64_t bits)
{
	static const char digits[] = "0123456789abcdef";
	int i;

	for (i = HEAD_DIGITS - 1; i >= 0; i--, bits >>= 4)
		out[i] = digits[bits & 15];
}

/* Writes what follows the prefix in name i, up to the digits that follow from
 * i; answers what the other digits are drawn from. */
static struct rng
format_head(const struct bulk *k, uint64_t i, char out[HEAD])
{
	struct rng rng;

	rng_init(&rng, rng_hash(&i, sizeof(i), k->seed));
	put_hex(out + 3, i * k->step + rng_next(&rng) % k->step);
	memcpy(out, out + 3, 2);
	out[2] = '/';
	return rng;
}

static void
format_rest(const struct bulk *k, uint64_t i, char out[REST])
{
	struct rng rng = format_head(k, i, out);
	size_t at;

	for (at = HEAD; at < REST - sizeof(tail) + 1; at += HEAD_DIGITS)
		put_hex(out + at, rng_next(&rng));
	memcpy(out + at, tail, sizeof(tail) - 1);
}

/* As memcmp, of name i and what follows the prefix in another name. */
static int
compare(const struct bulk *k, uint64_t i, const char *rest, size_t n)
{
	char have[REST];
	int c;

	format_head(k, i, have);
	c = memcmp(have, rest, n < HEAD ? n : HEAD);
	if (c != 0)
		return c;
	format_rest(k, i, have);
	c = memcmp(have, rest, n < REST ? n : REST);
	return c != 0 ? c : n == REST ? 0 : n < REST ? 1 : -1;
}

/* The first number, there or not, whose name is not before this one. */
static uint64_t
place_of(const struct bulk *k, const char *name, size_t n)
{
	size_t common = n < k->prefix_n ? n : k->prefix_n;
	int c = common == 0 ? 0 : memcmp(name, k->prefix, common);
	uint64_t low = 0, high = k->n, middle;

	if (c != 0 || n < k->prefix_n)
		return c > 0 ? k->n : 0;
	name += k->prefix_n;
	n -= k->prefix_n;
	while (low < high) {
		middle = low + (high - low) / 2;
		if (compare(k, middle, name, n) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

uint64_t
bulk_next(const struct bulk *k, uint64_t i)
{
	uint64_t there;

	for (; i < k->n; i = (i / WORD + 1) * WORD) {
		there = ~k->gone[i / WORD] >> (i % WORD);
		if (there == 0)
			continue;
		i += (uint64_t)__builtin_ctzll(there);
		return i < k->n ? i : k->n;
	}
	return k->n;
}

uint64_t
bulk_seek(const struct bulk *k, const char *name, size_t n)
{
	return bulk_next(k, place_of(k, name, n));
}

uint64_t
bulk_find(const struct bulk *k, const char *name, size_t n)
{
	uint64_t i;

	if (n != k->prefix_n + REST)
		return k->n;
	i = place_of(k, name, n);
	if (i == k->n ||
	    compare(k, i, name + k->prefix_n, n - k->prefix_n) != 0 ||
	    (k->gone[i / WORD] >> (i % WORD) & 1) != 0)
		return k->n;
	return i;
}

struct object *
bulk_object(const struct bulk *k, uint64_t i, struct arena *room)
{
	char name[OBJECT_NAME_MAX];

	memcpy(name, k->prefix, k->prefix_n);
	format_rest(k, i, name + k->prefix_n);
	return object_new_in(room, name, k->prefix_n + REST, k->size,
	    k->generation + i);
}

void
bulk_remove(struct bulk *k, uint64_t i)
{
	k->gone[i / WORD] |= UINT64_C(1) << (i % WORD);
	k->left--;
}
