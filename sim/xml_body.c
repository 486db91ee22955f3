/* SPDX-License-Identifier: MIT */
/*
 *	5;chunk-signature=0055... CRLF hello CRLF
 *	0 CRLF x-amz-checksum-crc32:NhCmhg== CRLF CRLF
 */
#include "sim/xml_body.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sim/base64.h"
#include "sim/head.h"
#include "sim/http.h"
#include "sim/object.h"
#include "sim/operations.h"
#include "sim/percent.h"
#include "sim/promise.h"
#include "src/base/buf.h"
#include "src/base/str.h"

enum {
	TRAILERS_MAX = 16 * 1024,
	PROMISED_MAX = 4096,
	MD5_BASE64 = 24,
	CRC_BASE64_MAX = 16
};

/* --- framing --- */

/* The line at *at, without its CRLF, and past it; NULL: there is no such. */
static const char *
next_line(const char **at, const char *end, size_t *n)
{
	const char *line = *at;
	const char *cr = memmem(line, (size_t)(end - line), "\r\n", 2);

	if (cr == NULL)
		return NULL;
	*n = (size_t)(cr - line);
	*at = cr + 2;
	return line;
}

/* "5" or "5;chunk-signature=..." */
static int
read_size(const char *line, size_t n, size_t *out)
{
	size_t i, size = 0;

	for (i = 0; i < n && percent_digit(line[i]) >= 0; i++) {
		if (size > HTTP_MAX_BODY)
			return -1;
		size = size << 4 | (size_t)percent_digit(line[i]);
	}
	*out = size;
	return i > 0 && (i == n || line[i] == ';') ? 0 : -1;
}

const char *
xml_body_unframe(const char *bytes, size_t n, struct buf *out,
    struct buf *trailers)
{
	static const char bad[] = "The framing of aws-chunked is broken.";
	const char *at = bytes, *end = bytes + n, *line;
	size_t line_n, size;

	do {
		line = next_line(&at, end, &line_n);
		if (line == NULL || read_size(line, line_n, &size) != 0 ||
		    size > (size_t)(end - at))
			return bad;
		buf_add(out, at, size);
		at += size;
		if (size > 0 &&
		    (next_line(&at, end, &line_n) == NULL || line_n > 0))
			return bad;
	} while (size > 0);
	while (at < end && (line = next_line(&at, end, &line_n)) != NULL &&
	    line_n > 0) {
		if (!head_is_text(line, line_n))
			return bad;
		buf_add(trailers, line, line_n);
		buf_addc(trailers, '\n');
	}
	return at == end && !trailers->full ? NULL : bad;
}

static bool
is_framed(const struct ask *ask)
{
	const char *encoding = ask_header(ask, "Content-Encoding");
	const char *hash = ask_header(ask, "x-amz-content-sha256");

	return (encoding != NULL &&
		   strncasecmp(encoding, "aws-chunked", 11) == 0) ||
	    (hash != NULL && str_starts(hash, "STREAMING-"));
}

/* --- checksums --- */

uint32_t
xml_body_crc32(const void *bytes, size_t n)
{
	const uint8_t *p = bytes, *end = p + n;
	uint32_t table[256], crc = 0xffffffff, c;
	int i, bit;

	for (i = 0; i < 256; i++) {
		c = (uint32_t)i;
		for (bit = 0; bit < 8; bit++)
			c = c & 1 ? c >> 1 ^ 0xedb88320 : c >> 1;
		table[i] = c;
	}
	for (; p < end; p++)
		crc = crc >> 8 ^ table[(crc ^ *p) & 0xff];
	return ~crc;
}

/* A header, or the trailer of that name.  The text is *trailers' own then, up
 * to the end of its line. */
static const char *
find_checksum(const struct ask *ask, const struct buf *trailers,
    const char *name, size_t *n)
{
	const char *value = ask_header(ask, name), *line;
	size_t k = strlen(name);

	if (value != NULL) {
		*n = strlen(value);
		return value;
	}
	for (line = trailers->data; line != NULL && *line != '\0';
	     line = strchr(line, '\n') + 1) {
		if (strncasecmp(line, name, k) != 0 || line[k] != ':')
			continue;
		line += k + 1;
		line += strspn(line, " \t");
		*n = strcspn(line, " \t\n");
		return line;
	}
	return NULL;
}

static bool
has_crc32(const char *promised, size_t n, const struct payload *p)
{
	uint32_t crc = xml_body_crc32(p->bytes, p->size);
	uint8_t bytes[4] = { (uint8_t)(crc >> 24), (uint8_t)(crc >> 16),
		(uint8_t)(crc >> 8), (uint8_t)crc };
	struct buf text;
	bool is_equal;

	buf_init(&text, CRC_BASE64_MAX);
	base64_add(&text, bytes, sizeof(bytes));
	is_equal = str_is(promised, n, text.data);
	buf_release(&text);
	return is_equal;
}

static void
add_crc32c(const struct ask *ask, const struct buf *trailers,
    struct buf *promised)
{
	size_t n;
	const char *value = find_checksum(ask, trailers,
	    "x-amz-checksum-crc32c", &n);

	if (value == NULL)
		return;
	promise_add(promised, "crc32c", "");
	buf_add(promised, value, n);
}

/* Are the bytes what they are said to be? */
static bool
check(const struct ask *ask, const struct buf *trailers,
    const struct payload *p, enum xml_error *error, struct buf *why)
{
	const char *md5 = ask_header(ask, "Content-MD5"), *crc32, *hash;
	struct buf promised;
	size_t n, at = 0;
	bool is_kept;

	*error = XML_INVALID_DIGEST;
	if (md5 != NULL && strlen(md5) != MD5_BASE64) {
		buf_adds(why, "Content-MD5 is the base64 of 16 bytes.");
		return false;
	}
	*error = XML_BAD_DIGEST;
	crc32 = find_checksum(ask, trailers, "x-amz-checksum-crc32", &n);
	if (crc32 != NULL && !has_crc32(crc32, n, p)) {
		buf_adds(why, "x-amz-checksum-crc32 is of other bytes.");
		return false;
	}
	buf_init(&promised, PROMISED_MAX);
	promise_add(&promised, "md5", md5);
	while ((hash = ask_next_header(ask, "x-goog-hash", &at)) != NULL)
		promise_add_header(&promised, hash);
	add_crc32c(ask, trailers, &promised);
	is_kept = promised.len == 0 || promise_is_kept(promised.data, p, why);
	buf_release(&promised);
	return is_kept;
}

/* --- both --- */

static struct payload *
read_framed(const struct ask *ask, struct buf *trailers, enum xml_error *error,
    struct buf *why)
{
	struct payload *p = NULL;
	const char *fault;
	struct buf out;

	buf_init(&out, HTTP_MAX_BODY);
	fault = xml_body_unframe(ask->body != NULL ? ask->body : "",
	    ask->body_len, &out, trailers);
	if (fault == NULL) {
		p = payload_new(out.data, out.len);
	} else {
		*error = XML_INVALID_ARGUMENT;
		buf_adds(why, fault);
	}
	buf_release(&out);
	return p;
}

struct payload *
xml_body_read(const struct ask *ask, enum xml_error *error, struct buf *why)
{
	struct payload *p;
	struct buf trailers;

	buf_init(&trailers, TRAILERS_MAX);
	p = is_framed(ask) ? read_framed(ask, &trailers, error, why)
			   : payload_new(ask->body, ask->body_len);
	if (p != NULL && !check(ask, &trailers, p, error, why)) {
		payload_free(p);
		p = NULL;
	}
	buf_release(&trailers);
	return p;
}
