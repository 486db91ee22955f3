/* SPDX-License-Identifier: MIT */
/* Requests out of bytes: bodies, chunks, what is sent ahead, in any pieces. */
#include <string.h>

#include "sim/http_reader.h"
#include "src/base/buf.h"
#include "src/base/rng.h"
#include "tests/support/suite.h"

#define HEAD   "POST /b HTTP/1.1\r\nHost: x\r\n"
#define CHUNKS HEAD "Transfer-Encoding: chunked\r\n\r\n"

static void
add(struct reader *r, const char *bytes, size_t n)
{
	char *room;
	size_t some;

	for (; n > 0; n -= some, bytes += some) {
		room = reader_room(r, &some);
		ck_assert_uint_gt(some, 0);
		if (some > n)
			some = n;
		memcpy(room, bytes, some);
		reader_add(r, some);
	}
}

/* All of the bytes at once; the last thing found. */
static enum reader_found
read_all(struct reader *r, const char *bytes, size_t n)
{
	enum reader_found found;

	reader_init(r);
	add(r, bytes, n);
	if ((found = reader_read(r)) == READER_HEAD)
		found = reader_read(r);
	return found;
}

static void
expect_body(const struct reader *r, const char *body)
{
	ck_assert_uint_eq(r->body_len, strlen(body));
	ck_assert_mem_eq(r->data + r->body_at, body, strlen(body));
}

START_TEST(a_body_has_the_length_that_was_announced)
{
	static const char bytes[] = HEAD "Content-Length: 5\r\n\r\nabcdefgh";
	struct reader r;

	ck_assert_int_eq(read_all(&r, bytes, sizeof(bytes) - 1), READER_WHOLE);
	expect_body(&r, "abcde");
	ck_assert_int_eq(reader_read(&r), READER_WHOLE);
	reader_release(&r);
}
END_TEST

static const char three[] = CHUNKS
    "3\r\nabc\r\n00A;x=\"y\";z\r\n0123456789\r\n0\r\nA: b\r\nC: d\r\n\r\n"
    "GET /second HTTP/1.1\r\nHost: y\r\n\r\n" HEAD
    "Content-Length: 4\r\n\r\nlast";

/* Reads on; at the end of the n-th request its body must be this. */
static bool
reads_on(struct reader *r, size_t *n)
{
	static const char *const bodies[] = { "abc0123456789", "", "last" };

	switch (reader_read(r)) {
	case READER_HUNGRY:
		return false;
	case READER_HEAD:
		ck_assert_str_eq(r->data + r->head.target_at,
		    *n == 1 ? "/second" : "/b");
		return true;
	case READER_WHOLE:
		expect_body(r, bodies[(*n)++]);
		reader_next(r);
		return true;
	case READER_FAULTY:
		ck_abort_msg("%s", r->fault);
	}
	return false;
}

START_TEST(pieces_make_no_difference)
{
	struct reader r;
	struct rng rng;
	uint64_t seed;
	size_t at, some, n;

	for (seed = 0; seed < 500; seed++) {
		rng_init(&rng, seed);
		reader_init(&r);
		for (n = at = 0; at < sizeof(three) - 1; at += some) {
			/* The first time a byte at a time. */
			some = seed == 0 ? 1 : 1 + rng_next(&rng) % 50;
			if (some > sizeof(three) - 1 - at)
				some = sizeof(three) - 1 - at;
			add(&r, three + at, some);
			while (reads_on(&r, &n))
				;
		}
		ck_assert_uint_eq(n, 3);
		ck_assert(!reader_has_begun(&r));
		reader_release(&r);
	}
}
END_TEST

START_TEST(faulty_chunks_have_their_status)
{
	static const struct {
		const char *bytes;
		int status;
	} rows[] = {
		{ "\r\n", 400 },
		{ "0x3\r\n", 400 },
		{ "+3\r\n", 400 },
		{ "-3\r\n", 400 },
		{ " 3\r\n", 400 },
		{ "3 \r\n", 400 },
		{ "3 ;x\r\n", 400 },
		{ ";x\r\n", 400 },
		{ "g\r\n", 400 },
		{ "3\n", 400 },
		{ "3\r\r\n", 400 },
		{ "3;\x01\r\n", 400 },
		{ "3\r\nabcd\r\n", 400 },
		{ "3\r\nabc\n0\r\n", 400 },
		{ "3\r\nabc\r\n\r\n", 400 },
		{ "40000001\r\n", 413 },
		{ "3\r\nabc\r\n3ffffffe\r\n", 413 },
		{ "ffffffffffffffff\r\n", 413 },
		{ "10000000000000001\r\n", 413 },
		{ "0\r\nno header\r\n", 400 },
		{ "0\r\n: x\r\n", 400 },
		{ "0\r\nA : x\r\n", 400 },
		{ "0\r\nA: x\n", 400 },
		{ "0\r\n\n", 400 },
		{ "0\r\nA: \x7f\r\n", 400 },
	};
	struct reader r;
	struct buf bytes;
	size_t i;

	buf_init(&bytes, 4096);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		buf_clear(&bytes);
		buf_adds(&bytes, CHUNKS);
		buf_adds(&bytes, rows[i].bytes);
		ck_assert_msg(read_all(&r, bytes.data, bytes.len) ==
			READER_FAULTY,
		    "%s", rows[i].bytes);
		ck_assert_msg(r.status == rows[i].status, "%d: %s", r.status,
		    rows[i].bytes);
		ck_assert_ptr_nonnull(r.fault);
		reader_release(&r);
	}
	buf_release(&bytes);
}
END_TEST

/* One more byte than may be before the end of a line is one too many. */
static void
expect_limit(const char *before, size_t most)
{
	struct reader r;
	struct buf bytes;
	size_t begin;

	buf_init(&bytes, 1 << 16);
	buf_adds(&bytes, CHUNKS);
	begin = bytes.len;
	buf_adds(&bytes, before);
	while (bytes.len - begin < most - 1)
		buf_addc(&bytes, 'x');
	ck_assert_int_eq(read_all(&r, bytes.data, bytes.len), READER_HUNGRY);
	reader_release(&r);
	buf_addc(&bytes, 'x');
	ck_assert_int_eq(read_all(&r, bytes.data, bytes.len), READER_FAULTY);
	ck_assert_int_eq(r.status, 400);
	reader_release(&r);
	buf_release(&bytes);
}

START_TEST(extensions_and_trailers_have_limits)
{
	expect_limit("3;", 1024);
	expect_limit("0\r\nA: ", 3 + 8192);
}
END_TEST

START_TEST(memory_goes_with_what_has_come)
{
	enum { SIZE = 3 << 20 };
	static const char head[] = HEAD "Content-Length: 1073741824\r\n\r\n";
	static const char next[] = "Content-Length: 0\r\n\r\n";
	static char bytes[SIZE];
	struct reader r;
	size_t i;

	for (i = 0; i < SIZE; i++)
		bytes[i] = (char)(i * i >> 7);
	ck_assert_int_eq(read_all(&r, head, sizeof(head) - 1), READER_HUNGRY);
	add(&r, bytes, 100);
	ck_assert_int_eq(reader_read(&r), READER_HUNGRY);
	ck_assert_uint_lt(r.cap, 200000);
	add(&r, bytes + 100, SIZE - 100);
	ck_assert_int_eq(reader_read(&r), READER_HUNGRY);
	ck_assert_uint_lt(r.cap, 3 * SIZE);
	ck_assert_uint_eq(r.body_len, SIZE);
	ck_assert_mem_eq(r.data + r.body_at, bytes, SIZE);
	reader_release(&r);

	/* And goes back with the request. */
	reader_init(&r);
	add(&r, CHUNKS "300000\r\n", strlen(CHUNKS "300000\r\n"));
	add(&r, bytes, SIZE);
	add(&r, "\r\n0\r\n\r\n" HEAD, strlen("\r\n0\r\n\r\n" HEAD));
	ck_assert_int_eq(reader_read(&r), READER_HEAD);
	ck_assert_int_eq(reader_read(&r), READER_WHOLE);
	ck_assert_mem_eq(r.data + r.body_at, bytes, SIZE);
	reader_next(&r);
	ck_assert_uint_lt(r.cap, 10000);
	add(&r, next, sizeof(next) - 1);
	ck_assert_int_eq(reader_read(&r), READER_HEAD);
	ck_assert_int_eq(reader_read(&r), READER_WHOLE);
	reader_release(&r);
}
END_TEST

int
main(void)
{
	return suite_run("sim_reader", a_body_has_the_length_that_was_announced,
	    pieces_make_no_difference, faulty_chunks_have_their_status,
	    extensions_and_trailers_have_limits, memory_goes_with_what_has_come,
	    NULL);
}
