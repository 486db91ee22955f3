/* SPDX-License-Identifier: MIT */
/* Bodies of two parts: the dialects of clients, and everything that is none. */
#include <stdlib.h>
#include <string.h>

#include "sim/multipart.h"
#include "src/base/buf.h"
#include "src/base/mem.h"
#include "src/base/rng.h"
#include "tests/support/suite.h"

#define TYPE "multipart/related; boundary=B"

/* The body in memory of just its size, so that a look too far is seen. */
static const char *
parse(const char *type, const char *body, size_t n, struct multipart *out)
{
	static char *copy;

	free(copy);
	copy = mem_alloc(n > 0 ? n : 1);
	memcpy(copy, body, n);
	return multipart_parse(type, copy, n, out);
}

static void
ck_part(const struct multipart_part *part, const char *type, const char *bytes,
    size_t n)
{
	ck_assert_uint_eq(part->type_n, type != NULL ? strlen(type) : 0);
	if (type != NULL)
		ck_assert_mem_eq(part->type, type, part->type_n);
	ck_assert_uint_eq(part->n, n);
	ck_assert_mem_eq(part->bytes, bytes, n);
}

/* {"name":"x"} and the media, as application/json and text/plain. */
static void
ck_media(const char *type, const char *body, size_t n, const char *media,
    size_t media_n)
{
	struct multipart m;
	const char *fault = parse(type, body, n, &m);

	ck_assert_msg(fault == NULL, "%s: %s", type, fault);
	ck_part(&m.metadata, "application/json", "{\"name\":\"x\"}", 12);
	ck_part(&m.media, "text/plain", media, media_n);
}

static void
ck_fault(const char *type, const char *body, const char *why)
{
	struct multipart m;
	const char *fault = parse(type, body, strlen(body), &m);

	ck_assert_msg(fault != NULL, "taken: %s", body);
	ck_assert_msg(strstr(fault, why) != NULL, "%s: %s", body, fault);
}

static const char crlf[] = "--B\r\nContent-Type: application/json\r\n\r\n"
			   "{\"name\":\"x\"}\r\n--B\r\n"
			   "Content-Type: text/plain\r\n\r\n"
			   "hello\r\n--B--";

START_TEST(lines_end_in_crlf_or_in_lf_alone)
{
	static const char lf[] =
	    "--B\ncontent-type:application/json\nMIME-Version: 1.0\n\n"
	    "{\"name\":\"x\"}\n--B\nContent-Type:\ttext/plain \n"
	    "Content-Transfer-Encoding: binary\n\nhello\n--B--\n";

	ck_media(TYPE, crlf, sizeof(crlf) - 1, "hello", 5);
	ck_media(TYPE, lf, sizeof(lf) - 1, "hello", 5);
}
END_TEST

/* A byte of the part that looks like half a line end is kept. */
START_TEST(bytes_before_a_delimiter_are_kept)
{
	static const char *const ends[] = { "\r\n", "\n" };
	static const char *const media[] = { "", "\r", "\n", "\r\n", "a\r",
		"--Bx\r\n", "x--B", "--B-x", "\r\n--BB", "\r\n--B-",
		"\r\n-B--\r\n" };
	struct buf body;
	const char *e;
	size_t i, j;

	buf_init(&body, 4096);
	for (i = 0; i < 2; i++) {
		e = ends[i];
		for (j = 0; j < sizeof(media) / sizeof(media[0]); j++) {
			buf_clear(&body);
			buf_addf(&body,
			    "--B%sContent-Type: application/json%s%s"
			    "{\"name\":\"x\"}%s--B%sContent-Type: text/plain"
			    "%s%s%s%s--B--%s",
			    e, e, e, e, e, e, e, media[j], e, e);
			ck_media(TYPE, body.data, body.len, media[j],
			    strlen(media[j]));
		}
	}
	buf_release(&body);
}
END_TEST

START_TEST(any_byte_may_be_in_the_media)
{
	struct buf body;
	struct rng rng;
	uint8_t media[300];
	size_t n;
	int seed;

	buf_init(&body, 4096);
	for (seed = 0; seed < 2000; seed++) {
		rng_init(&rng, (uint64_t)seed);
		n = rng_below(&rng, sizeof(media) + 1);
		rng_fill(&rng, media, n);
		buf_clear(&body);
		buf_add(&body, crlf, (size_t)(strstr(crlf, "hello") - crlf));
		buf_add(&body, media, n);
		buf_adds(&body, "\r\n--B--\r\n");
		ck_media(TYPE, body.data, body.len, (const char *)media, n);
	}
	buf_release(&body);
}
END_TEST

START_TEST(a_boundary_may_stand_in_quotes)
{
	static const char *const types[] = { "multipart/related;boundary=B",
		"multipart/related; boundary=\"B\"",
		"multipart/related; boundary='B'",
		"Multipart/Related ; BOUNDARY=B ; charset=utf-8",
		("multipart/related; type=\"application/json; boundary=no\"; "
		 "boundary=B"),
		"multipart/related; flag; boundary=B;" };
	static const char gcloud[] =
	    "--===============8527==\nContent-Type: application/json\n\n"
	    "{\"name\":\"x\"}\n--===============8527==\n"
	    "Content-Type: text/plain\n\nhello\n--===============8527==--\n";
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		ck_media(types[i], crlf, sizeof(crlf) - 1, "hello", 5);
	ck_media("multipart/related; boundary='===============8527=='", gcloud,
	    sizeof(gcloud) - 1, "hello", 5);
}
END_TEST

START_TEST(what_is_before_and_behind_is_passed_over)
{
	struct buf body;

	buf_init(&body, 4096);
	buf_adds(&body, "This is a message --B in many parts.\r\n--BB\r\n");
	buf_adds(&body, crlf);
	buf_adds(&body, " \t\r\nand what came later --B\r\n");
	ck_media(TYPE, body.data, body.len, "hello", 5);
	buf_release(&body);
}
END_TEST

START_TEST(types_that_name_no_boundary_are_refused)
{
	static const char *const bad[] = { "multipart/related",
		"multipart/related; boundary", "multipart/related; boundary=",
		"multipart/related; boundary=\"\"",
		"multipart/related; boundary=''",
		"multipart/related; boundary=\"a",
		"multipart/related; boundary=a\x01",
		"multipart/related; boundary=\"a \"",
		"multipart/related; boundary=<a>",
		"multipart/related; xboundary=B",
		"multipart/related; boundary="
		"12345678901234567890123456789012345678901234567890123456789012"
		"345678901" };
	static const char *const other[] = { "application/json", "",
		"multipart/relatedness; boundary=B",
		"multipart/mixed; boundary=B", "multipart" };
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_fault(bad[i], crlf, "must name its boundary");
	for (i = 0; i < sizeof(other) / sizeof(other[0]); i++)
		ck_fault(other[i], crlf, "Please use multipart/related");
	ck_fault(NULL, crlf, "Please use multipart/related");
	ck_media("multipart/related; boundary=B", crlf, sizeof(crlf) - 1,
	    "hello", 5);
}
END_TEST

START_TEST(bodies_that_are_none_are_refused_with_the_cause)
{
	static const struct {
		const char *body, *why;
	} rows[] = {
		{ "", "Missing start boundary" },
		{ "hello", "Missing start boundary" },
		{ "x--B\r\n\r\n{}", "Missing start boundary" },
		{ "--B--", "two parts" },
		{ "--B\r\n\r\n{}\r\n--B--", "two parts" },
		{ "--B\r\n\r\n{}\r\n--B\r\n\r\na\r\n--B\r\n\r\nb\r\n--B--",
		    "two parts" },
		{ "--B\r\n\r\n{}\r\n--B\r\n\r\nhello", "Missing end boundary" },
		{ "--B\r\n\r\n{}", "Missing end boundary" },
		{ "--B\r\nno colon\r\n\r\n{}\r\n--B\r\n\r\na\r\n--B--",
		    "Malformed headers" },
		{ "--B\r\n: x\r\n\r\n{}\r\n--B\r\n\r\na\r\n--B--",
		    "Malformed headers" },
		{ "--B\r\nA: b", "Malformed headers" },
		{ "--B\r\n", "Malformed headers" },
		{ "--B\r\n\r\n{}\r\n--B\r\nContent-Transfer-Encoding: base64"
		  "\r\n\r\naGVsbG8=\r\n--B--",
		    "Content-Transfer-Encoding" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ck_fault(TYPE, rows[i].body, rows[i].why);
}
END_TEST

START_TEST(no_beginning_of_a_body_is_taken)
{
	struct multipart m;
	size_t n;

	for (n = 0; n < sizeof(crlf) - 1; n++)
		ck_assert_ptr_nonnull(parse(TYPE, crlf, n, &m));
}
END_TEST

/* Whatever comes, what is taken lies in the body, in order. */
START_TEST(slices_stay_within_the_body)
{
	static const char *const pieces[] = { "--B", "--", "\r\n", "\n", "\r",
		"Content-Type: a/b", "{}", "\r\n--B\r\n\r\n", "\n--B--", " ",
		":" };
	struct multipart m;
	struct buf body;
	struct rng rng;
	int seed, taken = 0;
	size_t i, n;

	buf_init(&body, 4096);
	for (seed = 0; seed < 20000; seed++) {
		rng_init(&rng, (uint64_t)seed);
		buf_clear(&body);
		n = rng_below(&rng, 14);
		for (i = 0; i < n; i++)
			buf_adds(&body, pieces[rng_below(&rng, 11)]);
		if (multipart_parse(TYPE, body.data, body.len, &m) != NULL)
			continue;
		taken++;
		ck_assert(m.metadata.bytes >= body.data);
		ck_assert(m.metadata.bytes + m.metadata.n < m.media.bytes);
		ck_assert(m.media.bytes + m.media.n < body.data + body.len);
	}
	ck_assert_int_gt(taken, 20);
	buf_release(&body);
}
END_TEST

int
main(void)
{
	return suite_run("sim_multipart", lines_end_in_crlf_or_in_lf_alone,
	    bytes_before_a_delimiter_are_kept, any_byte_may_be_in_the_media,
	    a_boundary_may_stand_in_quotes,
	    what_is_before_and_behind_is_passed_over,
	    types_that_name_no_boundary_are_refused,
	    bodies_that_are_none_are_refused_with_the_cause,
	    no_beginning_of_a_body_is_taken, slices_stay_within_the_body, NULL);
}
