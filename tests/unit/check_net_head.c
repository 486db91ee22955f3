/* SPDX-License-Identifier: MIT */
/* head: an answer ends in one place or is not believed. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "src/net/head.h"
#include "tests/support/suite.h"

/* Adds every line of the text, with its line break; stops at a fault. */
static int
add(struct http_head *h, const char *text)
{
	const char *end;

	for (; *text != '\0'; text = end) {
		end = strchr(text, '\n');
		end = end != NULL ? end + 1 : text + strlen(text);
		if (http_head_add(h, text, (size_t)(end - text)) != 0)
			return -1;
	}
	return 0;
}

#define OK200 "HTTP/1.1 200 OK\r\n"

START_TEST(knows_where_an_answer_ends)
{
	struct http_head h;

	http_head_init(&h);
	ck_assert(!h.has_ended && !http_head_is_measured(&h));
	ck_assert_int_eq(add(&h, OK200 "content-length: \t5 \r\n"), 0);
	ck_assert(!h.has_ended && http_head_is_measured(&h));
	ck_assert_uint_eq(h.length, 5);
	ck_assert_int_eq(add(&h, "\r\n"), 0);
	ck_assert(h.has_ended && h.status == 200);
	ck_assert(!http_head_is_followed(&h));

	http_head_init(&h);
	ck_assert_int_eq(add(&h, OK200 "TRANSFER-ENCODING: Chunked\r\n\r\n"),
	    0);
	ck_assert(h.has_ended && h.is_chunked && http_head_is_measured(&h));

	http_head_init(&h);
	ck_assert_int_eq(add(&h, OK200 "X: y\r\nContent-Lengths: 5\r\n\r\n"),
	    0);
	ck_assert(h.has_ended && !http_head_is_measured(&h));

	http_head_init(&h);
	ck_assert_int_eq(add(&h,
			     "HTTP/1.0 503\nContent-Length: 5\n"
			     "Content-Length: 005\n\n"),
	    0);
	ck_assert(h.has_ended && h.status == 503 && h.length == 5);
}
END_TEST

START_TEST(interim_answers_and_trailers_change_nothing)
{
	struct http_head h;

	http_head_init(&h);
	ck_assert_int_eq(add(&h,
			     "HTTP/1.1 100 Continue\r\n"
			     "Content-Length: 3\r\n\r\n"),
	    0);
	ck_assert(!h.has_ended);
	ck_assert_int_eq(add(&h, "HTTP/1.1 103 Early Hints\r\n\r\n"), 0);
	ck_assert(!h.has_ended);
	ck_assert_int_eq(add(&h, OK200 "Transfer-Encoding: chunked\r\n\r\n"),
	    0);
	ck_assert(h.has_ended && !h.has_length);
	ck_assert_int_eq(add(&h, "Content-Length: 7\r\n\r\n"), 0);
	ck_assert(h.has_ended && !h.has_length);
}
END_TEST

START_TEST(some_statuses_have_no_body_whatever_is_said)
{
	struct http_head h;

	http_head_init(&h);
	ck_assert_int_eq(add(&h, "HTTP/1.1 204 No Content\r\n\r\n"), 0);
	ck_assert(http_head_is_measured(&h) && !http_head_is_followed(&h));
	http_head_init(&h);
	ck_assert_int_eq(add(&h, "HTTP/1.1 204 No\r\nContent-Length: 0\r\n"),
	    0);
	ck_assert(http_head_is_measured(&h) && !http_head_is_followed(&h));
	http_head_init(&h);
	ck_assert_int_eq(add(&h, "HTTP/1.1 304 No\r\nContent-Length: 1\r\n"),
	    0);
	ck_assert(http_head_is_followed(&h));
	http_head_init(&h);
	ck_assert_int_eq(add(&h,
			     "HTTP/1.1 204 No\r\n"
			     "Transfer-Encoding: chunked\r\n"),
	    0);
	ck_assert(http_head_is_followed(&h));
}
END_TEST

START_TEST(what_is_ambiguous_is_refused)
{
	static const struct {
		const char *text, *fault;
	} cases[] = {
		{ "HTTP/2 200\r\n", "status line" },
		{ "HTTP/1.2 200 OK\r\n", "status line" },
		{ "HTTP/1.1  200 OK\r\n", "status line" },
		{ "HTTP/1.1 20 OK\r\n", "status line" },
		{ "HTTP/1.1 2000 OK\r\n", "status line" },
		{ "HTTP/1.1 -20 OK\r\n", "status line" },
		{ "HTTP/1.1 \r\n", "status line" },
		{ "HTTP/1.1 099 OK\r\n", "does not exist" },
		{ "HTTP/1.1 600 OK\r\n", "does not exist" },
		{ "HTTP/1.1 101 Switching\r\n", "switches" },
		{ OK200 "Content-Length: 5\r\n" OK200, "second status" },
		{ OK200 OK200, "second status" },
		{ "Content-Length: 5\r\n", "status line" },
		{ "\r\n", "status line" },
		{ "HTTP/1.1 100 Continue\r\n\r\nX: y\r\n", "status line" },
		{ OK200 "Content-Length: \r\n", "Content-Length" },
		{ OK200 "Content-Length: -1\r\n", "Content-Length" },
		{ OK200 "Content-Length: +1\r\n", "Content-Length" },
		{ OK200 "Content-Length: 1 1\r\n", "Content-Length" },
		{ OK200 "Content-Length: 1x\r\n", "Content-Length" },
		{ OK200 "Content-Length: 0x1\r\n", "Content-Length" },
		{ OK200 "Content-Length: 5, 5\r\n", "Content-Length" },
		{ OK200 "Content-Length: 18446744073709551616\r\n",
		    "Content-Length" },
		{ OK200 "Content-Length: 000000000000000000001\r\n",
		    "Content-Length" },
		{ OK200 "Content-Length: 5\r\nContent-Length: 6\r\n",
		    "two different" },
		{ OK200 "Content-Length: 5\r\n folded\r\n", "folded" },
		{ OK200 "Transfer-Encoding: gzip, chunked\r\n", "other than" },
		{ OK200 "Transfer-Encoding: identity\r\n", "other than" },
		{ OK200 "Transfer-Encoding:\r\n", "other than" },
		{ OK200 "Transfer-Encoding: chunked\r\n"
			"Transfer-Encoding: chunked\r\n",
		    "two Transfer" },
		{ OK200 "Transfer-Encoding: chunked\r\n"
			"Content-Length: 5\r\n\r\n",
		    "and chunks" },
	};
	struct http_head h;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		http_head_init(&h);
		ck_assert_msg(add(&h, cases[i].text) == -1, "%s",
		    cases[i].text);
		ck_assert_msg(strstr(h.fault, cases[i].fault) != NULL, "%s: %s",
		    cases[i].text, h.fault);
		ck_assert(!h.has_ended);
	}
	/* A NUL is no digit, and ends none. */
	http_head_init(&h);
	ck_assert_int_eq(add(&h, OK200), 0);
	ck_assert_int_eq(http_head_add(&h, "Content-Length: 5\0000\r\n", 21),
	    -1);
}
END_TEST

static uint64_t
wait_of(const char *lines)
{
	struct http_head h;

	http_head_init(&h);
	ck_assert_int_eq(add(&h, "HTTP/1.1 503 Busy\r\n"), 0);
	ck_assert_int_eq(add(&h, lines), 0);
	return http_head_wait(&h, 784111777); /* when nobody says */
}

START_TEST(retry_after_is_a_number_or_a_date)
{
	static const struct {
		const char *lines;
		uint64_t wait;
	} cases[] = {
		{ "", 0 },
		{ "Retry-After: 0\r\n", 0 },
		{ "Retry-After: 120\r\n", 120 },
		{ "retry-after:7\r\n", 7 },
		{ "Retry-After: 86400\r\n", 86400 },
		{ "Retry-After: 86401\r\n", 86400 },
		{ "Retry-After: 99999999999999999999\r\n", 0 },
		{ "Retry-After: 1.5\r\n", 0 },
		{ "Retry-After: -1\r\n", 0 },
		{ "Retry-After: soon\r\n", 0 },
		{ "Retry-After: Sun, 06 Nov 1994 08:49:47 GMT\r\n", 10 },
		{ "Retry-After: Sun, 06 Nov 1994 08:49:27 GMT\r\n", 0 },
		{ "Date: Sun, 06 Nov 1994 08:49:40 GMT\r\n"
		  "Retry-After: Sun, 06 Nov 1994 08:49:47 GMT\r\n",
		    7 },
		{ "Retry-After: 5\r\nRetry-After: 6\r\n", 6 },
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		ck_assert_msg(wait_of(cases[i].lines) == cases[i].wait, "%s",
		    cases[i].lines);
}
END_TEST

START_TEST(a_date_is_read_or_passed_over)
{
	static const struct {
		const char *text;
		uint64_t seconds;
	} cases[] = {
		{ "Sun, 06 Nov 1994 08:49:37 GMT", 784111777 },
		{ "Thu, 01 Jan 1970 00:00:01 GMT", 1 },
		{ "Thu, 29 Feb 2024 23:59:60 GMT", 1709251200 },
		{ "Tue, 29 Feb 2000 00:00:00 GMT", 951782400 },
		{ "Mon, 01 Mar 2100 00:00:00 GMT", 4107542400 },
		{ "Fri, 31 Dec 9999 23:59:59 GMT", 253402300799 },
		{ "Mon, 29 Feb 2100 00:00:00 GMT", 0 },
		{ "Sun, 06 Nov 1969 08:49:37 GMT", 0 },
		{ "Sun, 31 Nov 1994 08:49:37 GMT", 0 },
		{ "Sun, 00 Nov 1994 08:49:37 GMT", 0 },
		{ "Sun, 06 Nox 1994 08:49:37 GMT", 0 },
		{ "Sun, 06 Nov 1994 24:00:00 GMT", 0 },
		{ "Sun, 06 Nov 1994 08:49:37 UTC", 0 },
		{ "Sun, 06 Nov 1994 08:49:3x GMT", 0 },
		{ "Sunday, 06-Nov-94 08:49:37 GMT", 0 },
		{ "Sun Nov  6 08:49:37 1994", 0 },
		{ "", 0 },
	};
	struct http_head h;
	char line[80];
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(line, sizeof(line), "Date: %s\r\n", cases[i].text);
		http_head_init(&h);
		ck_assert_int_eq(add(&h, OK200), 0);
		ck_assert_int_eq(add(&h, line), 0);
		ck_assert_msg(h.date_s == cases[i].seconds, "%s: %ju",
		    cases[i].text, (uintmax_t)h.date_s);
	}
}
END_TEST

START_TEST(the_metadata_server_says_who_it_is)
{
	struct http_head h;

	http_head_init(&h);
	ck_assert_int_eq(add(&h, OK200 "Metadata-Flavor: Google\r\n"), 0);
	ck_assert(h.is_flavored);
	http_head_init(&h);
	ck_assert_int_eq(add(&h, OK200 "Metadata-Flavor: Googles\r\n"), 0);
	ck_assert(!h.is_flavored);
}
END_TEST

int
main(void)
{
	return suite_run("net head", knows_where_an_answer_ends,
	    interim_answers_and_trailers_change_nothing,
	    some_statuses_have_no_body_whatever_is_said,
	    what_is_ambiguous_is_refused, retry_after_is_a_number_or_a_date,
	    a_date_is_read_or_passed_over, the_metadata_server_says_who_it_is,
	    NULL);
}
