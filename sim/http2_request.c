/* SPDX-License-Identifier: MIT */
/*
 * A request becomes the text of one of HTTP/1.1, so that one reader judges both.
 * What nghttp2 does not bound is bounded here: the size of a head.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/http.h"
#include "sim/http2_priv.h"
#include "src/base/mem.h"
#include "src/base/str.h"

/* Of a name and its value in one header: nghttp2 has none larger. */
enum { FIELD_MAX = 2 * 65536 };

/* --- heads --- */

void
request_init(struct http2_stream *s)
{
	buf_init(&s->fields, HTTP_MAX_HEAD + FIELD_MAX);
}

void
request_release(struct http2_stream *s)
{
	free(s->method);
	free(s->path);
	free(s->authority);
	s->method = s->path = s->authority = NULL;
	buf_release(&s->fields);
}

static void
keep(char **place, const uint8_t *value, size_t n)
{
	free(*place);
	*place = mem_strndup((const char *)value, n);
}

static void
add_field(struct http2_stream *s, const char *name, size_t name_len,
    const uint8_t *value, size_t value_len)
{
	/* One line more than may be is enough to see that it is too much. */
	if (s->fields.len > HTTP_MAX_HEAD)
		return;
	buf_add(&s->fields, name, name_len);
	buf_adds(&s->fields, ": ");
	buf_add(&s->fields, value, value_len);
	buf_adds(&s->fields, "\r\n");
}

int
request_on_header(nghttp2_session *session, const nghttp2_frame *frame,
    const uint8_t *name, size_t name_len, const uint8_t *value,
    size_t value_len, uint8_t flags, void *arg)
{
	struct http2_stream *s = nghttp2_session_get_stream_user_data(session,
	    frame->hd.stream_id);
	const char *text = (const char *)name;

	(void)flags, (void)arg;
	/* Trailers say nothing that anybody asks for. */
	if (s == NULL || frame->headers.cat != NGHTTP2_HCAT_REQUEST)
		return 0;
	if (str_is(text, name_len, ":method")) {
		keep(&s->method, value, value_len);
	} else if (str_is(text, name_len, ":path")) {
		keep(&s->path, value, value_len);
	} else if (str_is(text, name_len, ":authority")) {
		keep(&s->authority, value, value_len);
	} else if (text[0] != ':') {
		s->has_length |= str_is(text, name_len, "content-length");
		add_field(s, text, name_len, value, value_len);
	}
	return 0;
}

/* A Host beside an :authority is one too many, unless it is the same. */
static bool
says_host(const struct http2_stream *s)
{
	static const char name[] = "host: ";
	const char *line = s->fields.data, *end;
	size_t n = strlen(s->authority);

	for (; (end = strstr(line, "\r\n")) != NULL; line = end + 2) {
		if (strncmp(line, name, sizeof(name) - 1) == 0 &&
		    str_is(line + sizeof(name) - 1,
			(size_t)(end - line) - (sizeof(name) - 1),
			s->authority))
			return true;
	}
	return n == 0;
}

static void
tell(struct http2_stream *s, const void *bytes, size_t n)
{
	if (s->request != NULL && n > 0)
		s->http2->opts.on_bytes(s->request, bytes, n);
}

/* What is too large stays without its end. */
void
request_tell_head(struct http2_stream *s, bool is_over)
{
	struct buf text;

	s->is_chunked = !is_over && !s->has_length;
	buf_init(&text, 2 * HTTP_MAX_HEAD + 4 * FIELD_MAX);
	buf_addf(&text, "%s %s HTTP/1.1\r\n",
	    s->method != NULL ? s->method : "", s->path != NULL ? s->path : "");
	if (s->authority != NULL && !says_host(s))
		buf_addf(&text, "host: %s\r\n", s->authority);
	buf_add(&text, s->fields.data, s->fields.len);
	if (s->is_chunked)
		buf_adds(&text, "transfer-encoding: chunked\r\n");
	buf_adds(&text, "\r\n");
	request_release(s);
	tell(s, text.data, text.len < HTTP_MAX_HEAD ? text.len : HTTP_MAX_HEAD);
	buf_release(&text);
}

/* --- bodies --- */

int
request_on_data(nghttp2_session *session, uint8_t flags, int32_t id,
    const uint8_t *bytes, size_t n, void *arg)
{
	struct http2_stream *s = nghttp2_session_get_stream_user_data(session,
	    id);
	char size[32];

	(void)flags, (void)arg;
	if (s == NULL || n == 0)
		return 0;
	if (s->is_chunked)
		tell(s, size,
		    (size_t)snprintf(size, sizeof(size), "%zx\r\n", n));
	tell(s, bytes, n);
	if (s->is_chunked)
		tell(s, "\r\n", 2);
	return 0;
}

void
request_end(struct http2_stream *s)
{
	static const char last[] = "0\r\n\r\n";

	if (s->is_chunked)
		tell(s, last, sizeof(last) - 1);
}
