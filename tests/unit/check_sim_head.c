/* SPDX-License-Identifier: MIT */
/* Heads of requests: whole, unfinished, faulty, in any pieces. */
#include <stdio.h>
#include <string.h>

#include "sim/head.h"
#include "src/base/rng.h"
#include "tests/support/suite.h"

static const char good[] =
    "POST /upload/storage/v1/b/x/o?name=a%20b HTTP/1.1\r\n"
    "Host: storage.test\r\nContent-Type:text/plain\r\nX-Empty:\r\n"
    "Content-Length: \t 0012 \r\n\r\n";

START_TEST(a_whole_head_tells_method_target_and_length)
{
	struct head head;

	head_init(&head);
	ck_assert_int_eq(head_read(&head, good, sizeof(good) - 1), HEAD_WHOLE);
	ck_assert_int_eq(head.method, HTTP_POST);
	ck_assert_uint_eq(head.len, sizeof(good) - 1);
	ck_assert_uint_eq(head.length, 12);
	ck_assert(head.has_host && !head.is_chunked);
	ck_assert_int_eq(strncmp(good + head.target_at,
			     "/upload/storage/v1/b/x/o?name=a%20b HTTP",
			     head.target_len + 5),
	    0);
}
END_TEST

START_TEST(what_follows_a_head_is_not_read)
{
	static const char two[] =
	    "GET /a HTTP/1.1\r\nHost: x\r\n\r\n\nrubbish: \r\r\n\r\n";
	struct head head;

	head_init(&head);
	ck_assert_int_eq(head_read(&head, two, sizeof(two) - 1), HEAD_WHOLE);
	ck_assert_uint_eq(head.len,
	    strlen("GET /a HTTP/1.1\r\nHost: x\r\n\r\n"));
}
END_TEST

START_TEST(pieces_make_no_difference)
{
	struct head head;
	struct rng rng;
	uint64_t seed;
	size_t n;

	for (seed = 1; seed <= 500; seed++) {
		rng_init(&rng, seed);
		head_init(&head);
		for (n = 0; n < sizeof(good) - 2;) {
			ck_assert_msg(head_read(&head, good, n) ==
				HEAD_UNFINISHED,
			    "seed %llu, %zu bytes", (unsigned long long)seed,
			    n);
			n += 1 + rng_next(&rng) % 20;
		}
		ck_assert_int_eq(head_read(&head, good, sizeof(good) - 1),
		    HEAD_WHOLE);
		ck_assert_uint_eq(head.length, 12);
	}
}
END_TEST

#define GET  "GET /b HTTP/1.1\r\n"
#define POST "POST /b HTTP/1.1\r\nHost: x\r\n"

START_TEST(faults_have_their_status)
{
	static const struct {
		const char *bytes;
		int status;
	} rows[] = {
		{ "\r\n", 400 },
		{ "GET\r\n", 400 },
		{ "GET \r\n", 400 },
		{ "GET /b\r\n", 400 },
		{ "GET  HTTP/1.1\r\n", 400 },
		{ "GET /a b HTTP/1.1\r\n", 400 },
		{ "GET /b HTTP/2.0\r\n", 400 },
		{ "GET /b HTTP/1.12\r\n", 400 },
		{ "GET /b HTTP/1.2\r\n", 400 },
		{ "GET /b HTTP/1.1 \r\n", 400 },
		{ "get /b HTTP/1.1\r\n", 501 },
		{ "BREW /b HTTP/1.1\r\n", 501 },
		{ "CONNECT x:1 HTTP/1.1\r\n", 501 },
		{ "GET /b HTTP/1.1\n", 400 },
		{ "\n", 400 },
		{ GET "Host: x\n\r\n", 400 },
		{ GET "Host: x\r\n\n", 400 },
		{ GET "Host: x\ry: z\r\n", 400 },
		{ GET "Host: \x01\r\n", 400 },
		{ "GET /a\tb HTTP/1.1\r\n", 400 },
		{ "GET * HTTP/1.1\r\n", 400 },
		{ "GET http://x/ HTTP/1.1\r\n", 400 },
		{ GET "Host: x\r\nA(b): c\r\n", 400 },
		{ GET "Host: x\r\n\xc3\xa4: c\r\n", 400 },
		{ GET "Host: x\r\nExpect: 200-ok\r\n", 417 },
		{ "POST /b HTTP/1.0\r\nHost: x\r\n"
		  "Transfer-Encoding: chunked\r\n\r\n",
		    400 },
		{ GET "Host: x\r\n folded\r\n", 400 },
		{ GET "Host: x\r\n folded: y\r\n", 400 },
		{ GET "Host : x\r\n", 400 },
		{ GET "Host\r\n", 400 },
		{ GET ": x\r\n", 400 },
		{ GET "\r\n", 400 },
		{ GET "Host: x\r\nhOST: y\r\n", 400 },
		{ GET "Host: x\r\nContent-Length: 1\r\n\r\n", 400 },
		{ GET "Host: x\r\nTransfer-Encoding: chunked\r\n\r\n", 400 },
		{ POST "Content-Length:\r\n", 400 },
		{ POST "Content-Length: 1 2\r\n", 400 },
		{ POST "Content-Length: 0x1\r\n", 400 },
		{ POST "Content-Length: -1\r\n", 400 },
		{ POST "Content-Length: 1\r\nContent-Length: 1\r\n", 400 },
		{ POST "Content-Length: 1073741825\r\n\r\n", 413 },
		{ POST "Content-Length: 99999999999999999999\r\n\r\n", 413 },
		{ POST "Content-Length: 18446744073709551617\r\n\r\n", 413 },
		{ POST "Transfer-Encoding: gzip, chunked\r\n", 400 },
		{ POST "Transfer-Encoding: chunked\r\n"
		       "Transfer-Encoding: chunked\r\n",
		    400 },
		{ POST
		    "Transfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n",
		    400 },
	};
	struct head head;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		head_init(&head);
		ck_assert_msg(head_read(&head, rows[i].bytes,
				  strlen(rows[i].bytes)) == HEAD_FAULTY,
		    "%s", rows[i].bytes);
		ck_assert_msg(head.status == rows[i].status, "%d: %s",
		    head.status, rows[i].bytes);
		ck_assert_ptr_nonnull(head.fault);
	}
	head_init(&head);
	ck_assert_int_eq(head_read(&head, GET "A: \0\r\n", sizeof(GET) + 5),
	    HEAD_FAULTY);
	head_init(&head);
	ck_assert_int_eq(head_read(&head, "GET /a\0b HTTP/1.1\r\n", 20),
	    HEAD_FAULTY);
}
END_TEST

START_TEST(a_head_says_how_its_connection_goes_on)
{
	static const struct {
		const char *bytes;
		bool is_old, has_close, has_expect;
	} rows[] = {
		{ GET "Host: x\r\n\r\n", false, false, false },
		{ "GET /b HTTP/1.0\r\nHost: x\r\n\r\n", true, false, false },
		{ GET "Host: x\r\nConnection: keep-alive\r\n\r\n", false, false,
		    false },
		{ GET "Host: x\r\ncONNECTION:Close\r\n\r\n", false, true,
		    false },
		{ GET "Host: x\r\nConnection: te ,,\tclose , x\r\n\r\n", false,
		    true, false },
		{ GET "Host: x\r\nConnection: closed, x-close\r\n\r\n", false,
		    false, false },
		{ POST "Expect: 100-Continue\r\n\r\n", false, false, true },
	};
	struct head head;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		head_init(&head);
		ck_assert_msg(head_read(&head, rows[i].bytes,
				  strlen(rows[i].bytes)) == HEAD_WHOLE,
		    "%s", rows[i].bytes);
		ck_assert_msg(head.is_old == rows[i].is_old &&
			head.has_close == rows[i].has_close &&
			head.has_expect == rows[i].has_expect,
		    "%s", rows[i].bytes);
	}
}
END_TEST

START_TEST(each_method_has_its_name)
{
	static const char *const names[] = { [HTTP_GET] = "GET",
		[HTTP_POST] = "POST",
		[HTTP_DELETE] = "DELETE",
		[HTTP_HEAD] = "HEAD",
		[HTTP_PUT] = "PUT",
		[HTTP_PATCH] = "PATCH",
		[HTTP_OPTIONS] = "OPTIONS" };
	struct head head;
	char bytes[64];
	int method;

	for (method = HTTP_GET; method < HTTP_OTHER_METHOD; method++) {
		sprintf(bytes, "%s / HTTP/1.1\r\nHost: x\r\n\r\n",
		    names[method]);
		head_init(&head);
		ck_assert_int_eq(head_read(&head, bytes, strlen(bytes)),
		    HEAD_WHOLE);
		ck_assert_int_eq(head.method, method);
	}
}
END_TEST

START_TEST(a_split_head_is_strings)
{
	static const char *const fields[][2] = { { "Host", "storage.test" },
		{ "Content-Type", "text/plain" }, { "X-Empty", "" },
		{ "Content-Length", "0012" } };
	const char *name, *value;
	char bytes[sizeof(good)];
	struct head head;
	size_t at = 0, i;

	memcpy(bytes, good, sizeof(good));
	head_init(&head);
	ck_assert_int_eq(head_read(&head, bytes, sizeof(good) - 1), HEAD_WHOLE);
	head_split(&head, bytes);
	ck_assert_str_eq(bytes + head.target_at,
	    "/upload/storage/v1/b/x/o?name=a%20b");
	for (i = 0; i < 4; i++) {
		ck_assert(head_next(&head, bytes, &at, &name, &value));
		ck_assert_str_eq(name, fields[i][0]);
		ck_assert_str_eq(value, fields[i][1]);
	}
	ck_assert(!head_next(&head, bytes, &at, &name, &value));
}
END_TEST

START_TEST(a_head_has_a_limit)
{
	static char bytes[HTTP_MAX_HEAD + 100];
	struct head head;
	int line = sprintf(bytes, GET "Host: x\r\nX: ");

	memset(bytes + line, 'x', sizeof(bytes) - (size_t)line);
	head_init(&head);
	ck_assert_int_eq(head_read(&head, bytes, HTTP_MAX_HEAD - 1),
	    HEAD_UNFINISHED);
	ck_assert_int_eq(head_read(&head, bytes, HTTP_MAX_HEAD), HEAD_FAULTY);
	ck_assert_int_eq(head.status, 431);
	memcpy(bytes + HTTP_MAX_HEAD - 4, "\r\n\r\n", 4);
	head_init(&head);
	ck_assert_int_eq(head_read(&head, bytes, HTTP_MAX_HEAD), HEAD_WHOLE);
}
END_TEST

int
main(void)
{
	return suite_run("sim_head",
	    a_whole_head_tells_method_target_and_length,
	    what_follows_a_head_is_not_read, pieces_make_no_difference,
	    faults_have_their_status, a_head_says_how_its_connection_goes_on,
	    each_method_has_its_name, a_split_head_is_strings,
	    a_head_has_a_limit, NULL);
}
