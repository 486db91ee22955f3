/* SPDX-License-Identifier: MIT */
/*
 * The text side of URLs: a name into a URL, and an endpoint as people type it
 * into the one form that everything else builds on.
 */
#ifndef NET_URL_H
#define NET_URL_H

#include <stdbool.h>
#include <stddef.h>

#include "src/base/err.h"

struct buf;

/* Adds n bytes with everything but RFC 3986's unreserved characters percent-
 * encoded: right for one whole path segment and for one query value alike.
 * Returns 0, or -1 when the buffer is (now) full.  "." and ".." come out as
 * they are: no encoding hides them from a server, so the caller refuses them. */
int url_add_encoded(struct buf *out, const char *s, size_t n);

/* Longest base that url_parse_endpoint writes: a DNS name and a port. */
enum { URL_BASE_MAX = 280 };

/* "http://HOST:PORT", "HOST:PORT" or "https://HOST[:PORT]", each with "/",
 * "/storage/v1" or "/storage/v1/" behind it: base becomes "http://HOST:PORT" or
 * "https://HOST[:PORT]".  Anything else is ERR_USAGE with a line that says what
 * is wrong with it. */
int url_parse_endpoint(const char *text, char base[URL_BASE_MAX],
    struct err *err) MUST_CHECK;

/* Does what is asked by this URL go through TLS? */
bool url_is_https(const char *url);

/* Where the host of "http[s]://HOST..." begins; *n: its length, without the
 * port and, of an IPv6 address, without the brackets.  NULL: it has none, or a
 * user name, or anything else by which two readers might find two hosts. */
const char *url_host(const char *url, size_t *n);

/* The path of "http[s]://HOST[:PORT]/PATH" as it is sent, or NULL: it is no such
 * URL, its base is too long, or it has a space or a control character. */
const char *url_path(const char *url);

#endif
