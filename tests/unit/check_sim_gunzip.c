/* SPDX-License-Identifier: MIT */
/* What gzip made comes back; nothing else does. */
#include <event2/buffer.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "sim/gunzip.h"
#include "src/base/mem.h"
#include "src/base/rng.h"
#include "tests/support/suite.h"

enum { GZIP_ONLY = 16 + MAX_WBITS };

/* Packs n bytes into room; answers how many they are then. */
static size_t
pack(const uint8_t *bytes, size_t n, uint8_t *room, size_t size)
{
	z_stream z = { .next_in = (Bytef *)(uintptr_t)bytes,
		.avail_in = (uInt)n,
		.next_out = room,
		.avail_out = (uInt)size };

	ck_assert_int_eq(deflateInit2(&z, Z_BEST_SPEED, Z_DEFLATED, GZIP_ONLY,
			     8, Z_DEFAULT_STRATEGY),
	    Z_OK);
	ck_assert_int_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
	deflateEnd(&z);
	return size - z.avail_out;
}

/* Words and noise in turn, so that some of it packs well. */
static void
fill(struct rng *rng, uint8_t *bytes, size_t n)
{
	size_t i;

	rng_fill(rng, bytes, n);
	for (i = 0; i < n; i++) {
		if (i / 100 % 2 == 0)
			bytes[i] = "abc"[i % 3];
	}
}

START_TEST(what_was_packed_comes_back)
{
	enum { MOST = 200000 };
	uint8_t *bytes = mem_alloc(MOST), *packed = mem_alloc(2 * MOST);
	struct evbuffer *out = evbuffer_new();
	struct rng rng;
	size_t n, half, packed_n;
	int seed;

	for (seed = 0; seed < 60; seed++) {
		rng_init(&rng, (uint64_t)seed);
		n = rng_below(&rng, seed % 3 == 0 ? MOST : 300);
		half = rng_below(&rng, n + 1);
		fill(&rng, bytes, n);
		packed_n = pack(bytes, half, packed, 2 * MOST);
		packed_n += pack(bytes + half, n - half, packed + packed_n,
		    2 * MOST - packed_n); /* two files */
		evbuffer_add(out, "x", 1);
		ck_assert_int_eq(gunzip(packed, packed_n, out), 0);
		ck_assert_uint_eq(evbuffer_get_length(out), n + 1);
		ck_assert_mem_eq(evbuffer_pullup(out, -1) + 1, bytes, n);
		evbuffer_drain(out, n + 1);
	}
	evbuffer_free(out);
	free(bytes);
	free(packed);
}
END_TEST

START_TEST(what_is_not_whole_gives_nothing)
{
	uint8_t bytes[1000], packed[2000];
	struct evbuffer *out = evbuffer_new();
	struct rng rng;
	size_t i, n;

	rng_init(&rng, 1);
	fill(&rng, bytes, sizeof(bytes));
	n = pack(bytes, sizeof(bytes), packed, sizeof(packed));
	for (i = 0; i < n; i++)
		ck_assert_int_ne(gunzip(packed, i, out), 0);
	for (i = 10; i < n; i++) { /* behind the head */
		packed[i] ^= 1;
		ck_assert_int_ne(gunzip(packed, n, out), 0);
		packed[i] ^= 1;
	}
	ck_assert_int_ne(gunzip("hello", 5, out), 0);
	ck_assert_uint_eq(evbuffer_get_length(out), 0);
	evbuffer_free(out);
}
END_TEST

int
main(void)
{
	return suite_run("sim_gunzip", what_was_packed_comes_back,
	    what_is_not_whole_gives_nothing, NULL);
}
