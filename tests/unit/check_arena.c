/* SPDX-License-Identifier: MIT */
/* arena: blocks keep their bytes and their alignment until reset or release. */
#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "src/base/arena.h"
#include "src/base/rng.h"
#include "tests/support/suite.h"

/* More than any chunk the arena takes by itself. */
enum { BIG = 1024 * 1024 };

static bool
is_aligned(const void *p)
{
	return (uintptr_t)p % alignof(max_align_t) == 0;
}

static bool
is_filled(const unsigned char *p, size_t n, unsigned char byte)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (p[i] != byte)
			return false;
	}
	return true;
}

START_TEST(blocks_are_aligned_whatever_lies_between)
{
	struct arena a = ARENA_INIT;
	size_t n;

	for (n = 0; n < 200; n++) {
		(void)arena_strndup(&a, "odd lengths", n % 11);
		ck_assert(is_aligned(arena_alloc(&a, n)));
	}
	arena_release(&a);
}
END_TEST

START_TEST(blocks_of_any_size_never_overlap)
{
	enum { BLOCKS = 400 };
	struct {
		unsigned char *p;
		size_t n;
	} blocks[BLOCKS];
	uint64_t seed;

	for (seed = 0; seed < 40; seed++) {
		struct arena a;
		struct rng r;
		size_t i, sum = 0;

		arena_init(&a);
		rng_init(&r, seed);
		for (i = 0; i < BLOCKS; i++) {
			size_t most = rng_below(&r, 20) ? 300 : 100000;

			blocks[i].n = rng_below(&r, most);
			blocks[i].p = arena_alloc(&a, blocks[i].n);
			memset(blocks[i].p, (int)(i % 251), blocks[i].n);
			sum += blocks[i].n;
		}
		for (i = 0; i < BLOCKS; i++)
			ck_assert_msg(is_filled(blocks[i].p, blocks[i].n,
					  (unsigned char)(i % 251)),
			    "seed %llu, block %zu", (unsigned long long)seed,
			    i);
		ck_assert_uint_ge(a.total, sum);
		arena_release(&a);
	}
}
END_TEST

START_TEST(strings_are_copied_terminated_and_packed)
{
	struct arena a = ARENA_INIT;
	char text[] = "repositories/a";
	char *first = arena_strndup(&a, text, strlen(text));
	char *second = arena_strndup(&a, text, 4);
	char *third = arena_strndup(&a, "", 0);

	text[0] = 'X';
	ck_assert_str_eq(first, "repositories/a");
	ck_assert_str_eq(second, "repo");
	ck_assert_str_eq(third, "");
	ck_assert_ptr_eq(second, first + sizeof(text));
	ck_assert_ptr_eq(third, second + 5);
	arena_release(&a);
}
END_TEST

START_TEST(a_big_block_takes_a_chunk_of_its_size)
{
	struct arena a = ARENA_INIT;
	char *small = arena_strndup(&a, "small", 5);
	size_t before = a.total;
	unsigned char *big = arena_alloc(&a, BIG);

	memset(big, 0xa5, BIG);
	ck_assert(is_aligned(big));
	ck_assert_str_eq(small, "small");
	ck_assert_uint_eq(a.total, before + BIG);
	ck_assert_str_eq(arena_strndup(&a, "after", 5), "after");
	ck_assert(is_filled(big, BIG, 0xa5));
	arena_release(&a);
}
END_TEST

START_TEST(reset_keeps_one_chunk_and_uses_it_again)
{
	struct arena a = ARENA_INIT;
	size_t i, held;
	void *first;

	arena_reset(&a);
	ck_assert_uint_eq(a.total, 0);
	for (i = 0; i < 5000; i++)
		(void)arena_alloc(&a, 100);
	held = a.total;
	arena_reset(&a);
	ck_assert_uint_lt(a.total, held);
	ck_assert_uint_gt(a.total, 0);
	held = a.total;
	first = arena_alloc(&a, 100);
	ck_assert_uint_eq(a.total, held);
	arena_reset(&a);
	ck_assert_ptr_eq(arena_alloc(&a, 100), first);
	arena_release(&a);
}
END_TEST

START_TEST(release_leaves_an_empty_arena_that_can_be_used)
{
	struct arena a = ARENA_INIT;

	arena_release(&a);
	(void)arena_alloc(&a, 10);
	arena_release(&a);
	ck_assert_uint_eq(a.total, 0);
	ck_assert_ptr_null(a.chunks);
	ck_assert_str_eq(arena_strndup(&a, "again", 5), "again");
	arena_release(&a);
}
END_TEST

int
main(void)
{
	return suite_run("arena", blocks_are_aligned_whatever_lies_between,
	    blocks_of_any_size_never_overlap,
	    strings_are_copied_terminated_and_packed,
	    a_big_block_takes_a_chunk_of_its_size,
	    reset_keeps_one_chunk_and_uses_it_again,
	    release_leaves_an_empty_arena_that_can_be_used, NULL);
}
