/* SPDX-License-Identifier: MIT */
/* hmap: an index that answers as a walk over the array would. */
#include <stdbool.h>
#include <stdint.h>

#include "src/base/hmap.h"
#include "src/base/rng.h"
#include "tests/support/suite.h"

/* The entries are numbers; ctx is their array. */
static bool
is_same(const void *ctx, uint32_t entry, const void *key)
{
	const uint64_t *entries = ctx;

	return entries[entry] == *(const uint64_t *)key;
}

/* spread: how many hashes there are, at most; few make every find collide. */
static uint64_t
hash_of(uint64_t value, uint64_t spread)
{
	return rng_hash(&value, sizeof(value), 1) % spread << 32;
}

static uint32_t
naive_find(const uint64_t *entries, uint32_t n, uint64_t value)
{
	uint32_t i;

	for (i = 0; i < n; i++) {
		if (entries[i] == value)
			return i;
	}
	return HMAP_NONE;
}

static void
compare_with_naive(uint64_t seed, uint64_t spread)
{
	enum { ENTRIES = 300 };
	uint64_t entries[ENTRIES], value;
	uint32_t n = 0, found, want;
	struct hmap m;
	struct rng r;
	int step;

	hmap_init(&m);
	rng_init(&r, seed);
	for (step = 0; step < 2 * ENTRIES; step++) {
		value = rng_below(&r, 2 * ENTRIES);
		found = hmap_find(&m, hash_of(value, spread), is_same, entries,
		    &value);
		want = naive_find(entries, n, value);
		ck_assert_msg(found == want,
		    "seed %llu, step %d: %u where %u is right",
		    (unsigned long long)seed, step, found, want);
		if (found != HMAP_NONE || n == ENTRIES)
			continue;
		entries[n] = value;
		hmap_add(&m, hash_of(value, spread), n++);
		ck_assert_uint_eq(m.n, n);
	}
	hmap_release(&m);
}

START_TEST(finds_what_a_naive_search_finds)
{
	uint64_t seed;

	for (seed = 0; seed < 60; seed++)
		compare_with_naive(seed, UINT32_MAX);
}
END_TEST

START_TEST(finds_it_too_when_hashes_collide)
{
	uint64_t seed;

	for (seed = 0; seed < 60; seed++)
		compare_with_naive(seed, 1 + seed % 7);
}
END_TEST

START_TEST(an_empty_map_has_nothing)
{
	uint64_t key = 1;
	struct hmap m;

	hmap_init(&m);
	ck_assert_uint_eq(hmap_find(&m, 1, is_same, NULL, &key), HMAP_NONE);
	hmap_release(&m);
	hmap_release(&m);
}
END_TEST

START_TEST(entries_of_one_hash_are_told_apart_by_the_caller)
{
	uint64_t entries[] = { 10, 20, 30 }, key;
	struct hmap m;
	uint32_t i;

	hmap_init(&m);
	for (i = 0; i < 3; i++)
		hmap_add(&m, UINT64_MAX, i);
	for (i = 0; i < 3; i++)
		ck_assert_uint_eq(hmap_find(&m, UINT64_MAX, is_same, entries,
				      &entries[i]),
		    i);
	key = 40;
	ck_assert_uint_eq(hmap_find(&m, UINT64_MAX, is_same, entries, &key),
	    HMAP_NONE);
	hmap_release(&m);
}
END_TEST

START_TEST(grows_past_many_thousands_and_loses_none)
{
	enum { MANY = 50000 };
	static uint64_t entries[MANY];
	struct hmap m;
	uint32_t i;

	hmap_init(&m);
	for (i = 0; i < MANY; i++) {
		entries[i] = i * UINT64_C(0x9e3779b97f4a7c15);
		hmap_add(&m, hash_of(entries[i], UINT32_MAX), i);
		ck_assert_uint_le(m.n, m.cap / 4 * 3);
	}
	for (i = 0; i < MANY; i++)
		ck_assert_uint_eq(hmap_find(&m, hash_of(entries[i], UINT32_MAX),
				      is_same, entries, &entries[i]),
		    i);
	hmap_release(&m);
}
END_TEST

int
main(void)
{
	return suite_run("hmap", finds_what_a_naive_search_finds,
	    finds_it_too_when_hashes_collide, an_empty_map_has_nothing,
	    entries_of_one_hash_are_told_apart_by_the_caller,
	    grows_past_many_thousands_and_loses_none, NULL);
}
