/* SPDX-License-Identifier: MIT */
/*
 * The outer body is cut by sim/multipart.c; here is what stands in a part: a
 * request line, headers, an empty line, a body.  Lines end in CRLF or in LF
 * alone, and clients leave out what would be empty: a part may end behind any
 * line of its head.
 */
#include "sim/batch.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "sim/json_out.h"
#include "sim/multipart.h"
#include "sim/reply.h"
#include "sim/status.h"
#include "src/base/buf.h"
#include "src/base/str.h"

/* Of a part; production's is not published. */
enum { HEADERS_MAX = 64 };

struct reader {
	struct batch *batch;
	const char *at;
	const char *end;
};

struct line {
	const char *s;
	size_t n;
};

void
batch_init(struct batch *b)
{
	*b = (struct batch){ 0 };
	arena_init(&b->texts);
}

void
batch_release(struct batch *b)
{
	vec_release(&b->parts);
	vec_release(&b->headers);
	arena_release(&b->texts);
}

/* --- a part --- */

/* The next line, without its end; behind the last one come empty ones. */
static struct line
next_line(struct reader *r)
{
	const char *start = r->at, *end;

	end = memchr(start, '\n', (size_t)(r->end - start));
	if (end == NULL)
		end = r->end;
	r->at = end < r->end ? end + 1 : end;
	if (end > start && end[-1] == '\r')
		end--;
	return (struct line){ start, (size_t)(end - start) };
}

/* A NUL, a CR or the like in a head is nothing that a client means. */
static bool
is_plain(struct line line)
{
	size_t i;

	for (i = 0; i < line.n; i++) {
		if ((unsigned char)line.s[i] < ' ' && line.s[i] != '\t')
			return false;
	}
	return true;
}

static bool
read_method(struct line word, enum http_method *out)
{
	static const struct {
		const char *name;
		enum http_method method;
	} methods[] = { { "DELETE", HTTP_DELETE }, { "GET", HTTP_GET },
		{ "PATCH", HTTP_PATCH }, { "POST", HTTP_POST },
		{ "PUT", HTTP_PUT } };
	size_t i;

	for (i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		if (!str_is(word.s, word.n, methods[i].name))
			continue;
		*out = methods[i].method;
		return true;
	}
	return false;
}

/* Of "http://host/path" the path: which host is meant is known. */
static struct line
skip_host(struct line target)
{
	static const char *const schemes[] = { "http://", "https://" };
	const char *end = target.s + target.n, *at = NULL;
	size_t i, n;

	for (i = 0; i < 2; i++) {
		n = strlen(schemes[i]);
		if (target.n > n && memcmp(target.s, schemes[i], n) == 0)
			at = memchr(target.s + n, '/', target.n - n);
	}
	return at != NULL ? (struct line){ at, (size_t)(end - at) } : target;
}

/* METHOD TARGET, and HTTP/1.1 or nothing behind them. */
static const char *
read_request(struct reader *r, struct batch_part *part)
{
	static const char no_request[] =
	    "A part must begin with a line such as "
	    "'DELETE /storage/v1/b/B/o/N HTTP/1.1'.";
	struct line line = next_line(r), method = { line.s, 0 }, target;
	const char *end = line.s + line.n, *space, *version;

	space = memchr(line.s, ' ', line.n);
	if (space == NULL || !is_plain(line))
		return no_request;
	method.n = (size_t)(space - line.s);
	target.s = space + 1;
	version = memchr(target.s, ' ', (size_t)(end - target.s));
	target.n = (size_t)((version != NULL ? version : end) - target.s);
	target = skip_host(target);
	if (target.n == 0 || target.s[0] != '/' ||
	    (version != NULL &&
		!str_is(version, (size_t)(end - version), " HTTP/1.1") &&
		!str_is(version, (size_t)(end - version), " HTTP/1.0")))
		return no_request;
	if (target.n >= HTTP_MAX_HEAD)
		return "The target in a part of a batch is too long.";
	if (!read_method(method, &part->method))
		return "No such method in a part of a batch.";
	part->target = arena_strndup(&r->batch->texts, target.s, target.n);
	return NULL;
}

static bool
has_blank(const char *s, size_t n)
{
	return memchr(s, ' ', n) != NULL || memchr(s, '\t', n) != NULL;
}

static const char *
read_header(struct reader *r, struct line line)
{
	const char *colon = memchr(line.s, ':', line.n), *value;
	const char *end = line.s + line.n;
	struct batch_header *header;

	if (colon == NULL || colon == line.s || !is_plain(line) ||
	    has_blank(line.s, (size_t)(colon - line.s)))
		return "Malformed headers in a part of a batch.";
	for (value = colon + 1;
	     value < end && (*value == ' ' || *value == '\t'); value++)
		;
	while (end > value && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	header = vec_push(&r->batch->headers);
	header->name = arena_strndup(&r->batch->texts, line.s,
	    (size_t)(colon - line.s));
	header->value = arena_strndup(&r->batch->texts, value,
	    (size_t)(end - value));
	return NULL;
}

static const char *
read_headers(struct reader *r, struct batch_part *part)
{
	const char *begin = r->at, *fault = NULL;
	struct line line;

	part->first = r->batch->headers.n;
	while (fault == NULL && r->at < r->end && (line = next_line(r)).n > 0) {
		if (r->batch->headers.n - part->first == HEADERS_MAX)
			fault = "A part of a batch has at most 64 headers.";
		else if (r->at - begin > HTTP_MAX_HEAD)
			fault = "The headers of a part of a batch are too "
				"long.";
		else
			fault = read_header(r, line);
	}
	part->last = r->batch->headers.n;
	return fault;
}

/* All that is left, or as much of it as the part says. */
static const char *
read_body(struct reader *r, struct batch_part *part)
{
	const char *length = batch_header(r->batch, part, "Content-Length");
	uint64_t n = (uint64_t)(r->end - r->at);

	if (batch_header(r->batch, part, "Transfer-Encoding") != NULL)
		return "A part of a batch has no Transfer-Encoding.";
	if (length != NULL &&
	    (str_parse_u64(length, &n) != 0 || n > (uint64_t)(r->end - r->at)))
		return "The Content-Length in a part of a batch is not that of "
		       "its body.";
	part->body = r->at;
	part->body_n = (size_t)n;
	return NULL;
}

static const char *
read_id(struct batch *b, const struct multipart_part *from)
{
	struct line id = { from->id, from->id_n };

	if (id.s == NULL)
		return NULL;
	if (id.n >= 2 && id.s[0] == '<' && id.s[id.n - 1] == '>') {
		id.s++;
		id.n -= 2;
	}
	return is_plain(id) ? arena_strndup(&b->texts, id.s, id.n) : NULL;
}

static bool
is_http(const struct multipart_part *from)
{
	static const char type[] = "application/http";
	size_t n = sizeof(type) - 1;

	return from->type_n >= n && strncasecmp(from->type, type, n) == 0 &&
	    (from->type_n == n || strchr("; \t", from->type[n]) != NULL);
}

static void
read_part(struct batch *b, const struct multipart_part *from)
{
	struct reader r = { b, from->bytes, from->bytes + from->n };
	struct batch_part part = { .method = HTTP_OTHER_METHOD, .target = "/" };

	part.id = read_id(b, from);
	if (!is_http(from))
		part.fault = "Each part of a batch must be application/http.";
	else if ((part.fault = read_request(&r, &part)) == NULL &&
	    (part.fault = read_headers(&r, &part)) == NULL)
		part.fault = read_body(&r, &part);
	*vec_push(&b->parts) = part;
}

/* --- a batch --- */

const char *
batch_parse(struct batch *b, const char *content_type, const void *body,
    size_t n)
{
	struct multipart_reader r;
	struct multipart_part part;
	const char *fault = multipart_open(&r, "mixed", content_type, body, n);

	if (fault != NULL)
		return fault;
	while (multipart_has_next(&r)) {
		fault = multipart_next(&r, &part);
		if (fault != NULL)
			return fault;
		if (b->parts.n == BATCH_PARTS)
			return "A batch has at most 100 parts.";
		read_part(b, &part);
	}
	return b->parts.n > 0 ? NULL : "A batch has at least one part.";
}

const char *
batch_header(const struct batch *b, const struct batch_part *part,
    const char *name)
{
	size_t i;

	for (i = part->first; i < part->last; i++) {
		if (strcasecmp(b->headers.v[i].name, name) == 0)
			return b->headers.v[i].value;
	}
	return NULL;
}

bool
batch_is_shared(const char *name)
{
	return strncasecmp(name, "Content-", strlen("Content-")) != 0 &&
	    strcasecmp(name, "Transfer-Encoding") != 0;
}

/* --- the answer --- */

void
batch_add_answer(struct buf *out, const char *boundary,
    const struct batch_part *part, const struct reply *reply)
{
	buf_addf(out, "--%s\r\nContent-Type: application/http\r\n", boundary);
	if (part->id != NULL) {
		buf_adds(out, "Content-ID: <response-");
		buf_adds(out, part->id);
		buf_adds(out, ">\r\n");
	}
	buf_addf(out, "\r\nHTTP/1.1 %d %s\r\n", reply->status,
	    status_reason(reply->status));
	if (reply->type != NULL && reply->body.len > 0)
		buf_addf(out, "Content-Type: %s\r\n", reply->type);
	buf_add(out, reply->head.data, reply->head.len);
	if (reply->status != 204 && reply->status != 304) {
		buf_adds(out, "Content-Length: ");
		json_add_u64(out, reply->body.len);
		buf_adds(out, "\r\n");
	}
	buf_adds(out, "\r\n");
	buf_add(out, reply->body.data, reply->body.len);
	buf_adds(out, "\r\n");
}

void
batch_end_answer(struct buf *out, const char *boundary)
{
	buf_addf(out, "--%s--\r\n", boundary);
}
