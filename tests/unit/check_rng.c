/* SPDX-License-Identifier: MIT */
/*
 * rng: the same numbers on every machine and for ever, since seeds are written
 * down in reports.  The golden values come from a second implementation of the
 * published algorithm.
 */
#include <stdint.h>
#include <string.h>

#include "src/base/rng.h"
#include "tests/support/suite.h"

START_TEST(sequences_are_splitmix64)
{
	static const struct {
		uint64_t seed;
		uint64_t want[5];
	} golden[] = {
		{ 0,
		    { 0xe220a8397b1dcdaf, 0x6e789e6aa1b965f4,
			0x06c45d188009454f, 0xf88bb8a8724c81ec,
			0x1b39896a51a8749b } },
		{ 1,
		    { 0x910a2dec89025cc1, 0xbeeb8da1658eec67,
			0xf893a2eefb32555e, 0x71c18690ee42c90b,
			0x71bb54d8d101b5b9 } },
		{ 1234567,
		    { 0x599ed017fb08fc85, 0x2c73f08458540fa5,
			0x883ebce5a3f27c77, 0x3fbef740e9177b3f,
			0xe3b8346708cb5ecd } },
		{ UINT64_MAX,
		    { 0xe4d971771b652c20, 0xe99ff867dbf682c9,
			0x382ff84cb27281e9, 0x6d1db36ccba982d2,
			0xb4a0472e578069ae } },
	};
	struct rng r;
	size_t i, k;

	for (i = 0; i < sizeof(golden) / sizeof(golden[0]); i++) {
		rng_init(&r, golden[i].seed);
		for (k = 0; k < 5; k++)
			ck_assert_uint_eq(rng_next(&r), golden[i].want[k]);
	}
}
END_TEST

START_TEST(hashes_never_change)
{
	static const struct {
		const char *text;
		uint64_t seed;
		uint64_t want;
	} golden[] = {
		{ "", 0, 0x48218226ff3cd4bf },
		{ "", 7, 0x74b5abcc66b8bdc1 },
		{ "a", 0, 0xbc93eed0d138a569 },
		{ "a", 7, 0xdc7ebe6cf235b2d0 },
		{ "sha256:0", 0, 0x592b35b54474ee07 },
		{ "sha256:0", 7, 0x29fabadb75cdf6b8 },
		{ "docker/registry/v2/blobs", 0, 0xdb391c2c1a5e355e },
		{ "docker/registry/v2/blobs", 7, 0xb9967d05434dc298 },
	};
	size_t i;

	for (i = 0; i < sizeof(golden) / sizeof(golden[0]); i++)
		ck_assert_uint_eq(rng_hash(golden[i].text,
				      strlen(golden[i].text), golden[i].seed),
		    golden[i].want);
	ck_assert_uint_eq(rng_hash(NULL, 0, 7), rng_hash("", 0, 7));
}
END_TEST

START_TEST(a_hash_differs_after_any_single_bit_flip)
{
	unsigned char data[40];
	uint64_t whole, seed;
	struct rng r;
	size_t n, bit;

	for (seed = 0; seed < 20; seed++) {
		rng_init(&r, seed);
		rng_fill(&r, data, sizeof(data));
		for (n = 1; n <= sizeof(data); n++) {
			whole = rng_hash(data, n, seed);
			for (bit = 0; bit < 8 * n; bit++) {
				data[bit / 8] ^= (unsigned char)(1 << bit % 8);
				ck_assert_uint_ne(rng_hash(data, n, seed),
				    whole);
				data[bit / 8] ^= (unsigned char)(1 << bit % 8);
			}
			ck_assert_uint_ne(rng_hash(data, n, seed + 1), whole);
			ck_assert_uint_ne(rng_hash(data, n - 1, seed), whole);
		}
	}
}
END_TEST

START_TEST(a_bit_flip_changes_about_half_of_the_hash)
{
	enum { ROUNDS = 2000 };
	unsigned char data[24];
	uint64_t flipped = 0, a, b;
	struct rng r;
	int i;

	rng_init(&r, 3);
	for (i = 0; i < ROUNDS; i++) {
		size_t bit = rng_below(&r, 8 * sizeof(data));

		rng_fill(&r, data, sizeof(data));
		a = rng_hash(data, sizeof(data), 1);
		data[bit / 8] ^= (unsigned char)(1 << bit % 8);
		b = rng_hash(data, sizeof(data), 1);
		flipped += (uint64_t)__builtin_popcountll(a ^ b);
	}
	/* 32 bits each; the deviation of the mean is 4 / sqrt(2000) = 0.09. */
	ck_assert_uint_gt(flipped, ROUNDS * UINT64_C(31));
	ck_assert_uint_lt(flipped, ROUNDS * UINT64_C(33));
}
END_TEST

START_TEST(below_is_even)
{
	enum { DRAWS = 70000, BOUND = 7 };
	uint64_t count[BOUND] = { 0 };
	struct rng r;
	int i;

	rng_init(&r, 99);
	for (i = 0; i < DRAWS; i++)
		count[rng_below(&r, BOUND)]++;
	/* 10000 each; five deviations are 5 * sqrt(10000 * 6/7) = 463. */
	for (i = 0; i < BOUND; i++) {
		ck_assert_uint_gt(count[i], 10000 - 463);
		ck_assert_uint_lt(count[i], 10000 + 463);
	}
}
END_TEST

/* With a bound of 3 * 2^62 a plain remainder would fall into the lowest third
 * every second time. */
START_TEST(below_is_even_where_a_remainder_is_not)
{
	enum { DRAWS = 30000 };
	const uint64_t third = UINT64_C(1) << 62;
	uint64_t count[3] = { 0 }, x;
	struct rng r;
	int i;

	rng_init(&r, 5);
	for (i = 0; i < DRAWS; i++) {
		x = rng_below(&r, 3 * third);
		ck_assert_uint_lt(x, 3 * third);
		count[x / third]++;
	}
	/* Five deviations are 5 * sqrt(30000 * 2/9) = 408. */
	for (i = 0; i < 3; i++) {
		ck_assert_uint_gt(count[i], DRAWS / 3 - 408);
		ck_assert_uint_lt(count[i], DRAWS / 3 + 408);
	}
}
END_TEST

START_TEST(below_knows_its_edges)
{
	struct rng r;
	int i;

	rng_init(&r, 8);
	for (i = 0; i < 1000; i++) {
		ck_assert_uint_eq(rng_below(&r, 1), 0);
		ck_assert_uint_lt(rng_below(&r, 2), 2);
		ck_assert_uint_lt(rng_below(&r, UINT64_MAX), UINT64_MAX);
	}
}
END_TEST

START_TEST(fill_writes_just_what_is_asked)
{
	static const unsigned char golden[13] = { 0x95, 0x6e, 0xeb, 0x2f, 0x26,
		0x32, 0xd7, 0xbd, 0x03, 0xf1, 0x66, 0xb2, 0x33 };
	unsigned char out[14];
	struct rng r;
	size_t n;

	for (n = 0; n <= sizeof(golden); n++) {
		memset(out, 0xee, sizeof(out));
		rng_init(&r, 42);
		rng_fill(&r, out, n);
		ck_assert_mem_eq(out, golden, n);
		ck_assert_uint_eq(out[n], 0xee);
	}
}
END_TEST

int
main(void)
{
	return suite_run("rng", sequences_are_splitmix64, hashes_never_change,
	    a_hash_differs_after_any_single_bit_flip,
	    a_bit_flip_changes_about_half_of_the_hash, below_is_even,
	    below_is_even_where_a_remainder_is_not, below_knows_its_edges,
	    fill_writes_just_what_is_asked, NULL);
}
