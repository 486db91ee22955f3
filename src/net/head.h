/* SPDX-License-Identifier: MIT */
/*
 * The head of an answer, held to the parts of HTTP/1.1 (RFC 9112) on which it
 * depends where a body ends.  libcurl is lenient there: it takes the last of
 * two lengths, and the digits before whatever else a length holds.
 */
#ifndef NET_HEAD_H
#define NET_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http_head {
	int status;      /* 0: no status line yet */
	bool is_within;  /* after a status line, before its empty line */
	bool has_ended;  /* the empty line of a final answer was seen */
	bool is_chunked; /* Transfer-Encoding: chunked */
	bool has_length; /* Content-Length, in length */
	uint64_t length;
	uint64_t date_s;        /* Date; 0: none that can be read */
	uint64_t retry_after_s; /* Retry-After as a number; 0: none */
	uint64_t retry_at_s;    /* Retry-After as a date; 0: none */
	bool is_flavored;       /* Metadata-Flavor: Google */
	const char *fault; /* what is wrong with it; NULL: nothing so far */
};

void http_head_init(struct http_head *h);

/* Takes the next line, with its line break.  Interim answers (1xx) are
 * forgotten when the next one begins; what follows the end of a final one
 * (trailers) is not looked at.  -1 and fault when it is not to be believed. */
int http_head_add(struct http_head *h, const char *line, size_t n);

/* The value of the line, n bytes of it, if it is the field of that name (in
 * lower case); else NULL. */
const char *http_head_value(const char *line, size_t line_n, const char *name,
    size_t *n);

/* Does the head say where the body ends?  Else the end of the connection does,
 * and a cut answer looks whole. */
bool http_head_is_measured(const struct http_head *h);

/* How long to wait, in seconds: of a date, from the answer's own Date or, where
 * it has none, from now_s.  At most a day; 0: it does not say, or not any more. */
uint64_t http_head_wait(const struct http_head *h, uint64_t now_s);

/* Does it announce a body that its status (204, 304) cannot have?  Then bytes
 * may follow on the connection that are nobody's. */
bool http_head_is_followed(const struct http_head *h);

#endif
