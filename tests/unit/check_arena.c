/* SPDX-License-Identifier: MIT */
/* arena: copies keep their bytes until reset or release. */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "src/base/arena.h"
#include "src/base/rng.h"
#include "tests/support/suite.h"

/* More than any chunk the arena takes by itself. */
enum { BIG = 1024 * 1024 };

/* n bytes of one kind, copied. */
static char *
copy_of(struct arena *a, char byte, size_t n)
{
	static char text[BIG];

	memset(text, byte, n);
	return arena_strndup(a, text, n);
}

static bool
is_filled(const char *p, size_t n, char byte)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (p[i] != byte)
			return false;
	}
	return p[n] == '\0';
}

START_TEST(copies_of_any_size_never_overlap)
{
	enum { COPIES = 400 };
	struct {
		char *p;
		size_t n;
	} copies[COPIES];
	uint64_t seed;

	for (seed = 0; seed < 40; seed++) {
		struct arena a;
		struct rng r;
		size_t i, sum = 0;

		arena_init(&a);
		rng_init(&r, seed);
		for (i = 0; i < COPIES; i++) {
			size_t most = rng_below(&r, 20) ? 300 : 100000;

			copies[i].n = rng_below(&r, most);
			copies[i].p = copy_of(&a, (char)(1 + i % 100),
			    copies[i].n);
			sum += copies[i].n + 1;
		}
		for (i = 0; i < COPIES; i++)
			ck_assert_msg(is_filled(copies[i].p, copies[i].n,
					  (char)(1 + i % 100)),
			    "seed %llu, copy %zu", (unsigned long long)seed, i);
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

START_TEST(a_big_copy_takes_a_chunk_of_its_size)
{
	struct arena a = ARENA_INIT;
	char *small = arena_strndup(&a, "small", 5), *big;
	size_t before = a.total;

	big = copy_of(&a, 'b', BIG - 1);
	ck_assert_str_eq(small, "small");
	ck_assert_uint_eq(a.total, before + BIG);
	ck_assert_str_eq(arena_strndup(&a, "after", 5), "after");
	ck_assert(is_filled(big, BIG - 1, 'b'));
	arena_release(&a);
}
END_TEST

START_TEST(a_chunk_is_filled_to_its_last_byte)
{
	struct arena a = ARENA_INIT;
	size_t chunk;

	(void)arena_strndup(&a, "", 0);
	chunk = a.total;
	(void)copy_of(&a, 'x', chunk - 2); /* one NUL before, one behind */
	ck_assert_uint_eq(a.total, chunk);
	(void)arena_strndup(&a, "", 0);
	ck_assert_uint_eq(a.total, 2 * chunk);
	arena_release(&a);
}
END_TEST

START_TEST(reset_keeps_one_chunk_and_uses_it_again)
{
	struct arena a = ARENA_INIT;
	size_t i, held;
	char *first;

	arena_reset(&a);
	ck_assert_uint_eq(a.total, 0);
	for (i = 0; i < 5000; i++)
		(void)copy_of(&a, 'x', 100);
	held = a.total;
	arena_reset(&a);
	ck_assert_uint_lt(a.total, held);
	ck_assert_uint_gt(a.total, 0);
	held = a.total;
	first = copy_of(&a, 'y', 100);
	ck_assert_uint_eq(a.total, held);
	arena_reset(&a);
	ck_assert_ptr_eq(copy_of(&a, 'z', 100), first);
	arena_release(&a);
}
END_TEST

START_TEST(release_leaves_an_empty_arena_that_can_be_used)
{
	struct arena a = ARENA_INIT;

	arena_release(&a);
	(void)copy_of(&a, 'x', 10);
	arena_release(&a);
	ck_assert_uint_eq(a.total, 0);
	ck_assert_ptr_null(a.chunks);
	ck_assert_str_eq(arena_strndup(&a, "again", 5), "again");
	arena_release(&a);
}
END_TEST

START_TEST(so_does_wiping)
{
	struct arena a = ARENA_INIT;

	arena_wipe(&a);
	ck_assert_str_eq(arena_strndup(&a, "secret", 6), "secret");
	arena_wipe(&a);
	ck_assert_uint_eq(a.total, 0);
	ck_assert_ptr_null(a.chunks);
}
END_TEST

int
main(void)
{
	return suite_run("arena", copies_of_any_size_never_overlap,
	    strings_are_copied_terminated_and_packed,
	    a_big_copy_takes_a_chunk_of_its_size,
	    a_chunk_is_filled_to_its_last_byte,
	    reset_keeps_one_chunk_and_uses_it_again,
	    release_leaves_an_empty_arena_that_can_be_used, so_does_wiping,
	    NULL);
}
