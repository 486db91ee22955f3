/* SPDX-License-Identifier: MIT */
/*
 * Answers wait in their streams until the client's windows let them go, so a
 * client that opens none holds as many of them as it may have streams.
 */
#include <event2/buffer.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/http2_priv.h"
#include "src/base/mem.h"

static ssize_t
on_want(nghttp2_session *session, int32_t id, uint8_t *room, size_t n,
    uint32_t *flags, nghttp2_data_source *source, void *arg)
{
	struct http2 *h = arg;
	struct http2_stream *s = source->ptr;
	int got = evbuffer_remove(s->body, room, n);

	(void)session, (void)id;
	if (s->is_whole && evbuffer_get_length(s->body) == 0) {
		*flags |= NGHTTP2_DATA_FLAG_EOF;
	} else if (got == 0) {
		if (s->request != NULL)
			h->opts.on_drained(s->request);
		return NGHTTP2_ERR_DEFERRED;
	}
	return got;
}

static void
to_lower(char *s, const char *end)
{
	for (; s < end; s++) {
		if (*s >= 'A' && *s <= 'Z')
			*s = (char)(*s + ('a' - 'A'));
	}
}

static nghttp2_nv
header(char *name, size_t name_len, char *value, size_t value_len)
{
	return (nghttp2_nv){ (uint8_t *)name, (uint8_t *)value, name_len,
		value_len, NGHTTP2_NV_FLAG_NONE };
}

static size_t
count_lines(const char *lines)
{
	size_t n = 0;

	while ((lines = strstr(lines, "\r\n")) != NULL) {
		lines += 2;
		n++;
	}
	return n;
}

static void
split_lines(char *lines, nghttp2_nv *headers)
{
	char *colon, *value, *end;

	for (; (end = strstr(lines, "\r\n")) != NULL; lines = end + 2) {
		colon = strchr(lines, ':');
		to_lower(lines, colon);
		for (value = colon + 1; *value == ' '; value++)
			;
		*headers++ = header(lines, (size_t)(colon - lines), value,
		    (size_t)(end - value));
	}
}

void
http2_continue(struct http2_stream *s)
{
	char name[] = ":status", value[] = "100";
	nghttp2_nv status = header(name, sizeof(name) - 1, value,
	    sizeof(value) - 1);

	http2_must(nghttp2_submit_headers(s->http2->session, NGHTTP2_FLAG_NONE,
		       s->id, NULL, &status, 1, NULL) < 0);
}

void
http2_answer(struct http2_stream *s, int status, char *lines, bool has_body)
{
	size_t n = 1 + count_lines(lines);
	nghttp2_nv *headers = mem_zalloc(n, sizeof(*headers));
	nghttp2_data_provider body = { { .ptr = s }, on_want };
	char name[] = ":status", value[16];

	headers[0] = header(name, sizeof(name) - 1, value,
	    (size_t)snprintf(value, sizeof(value), "%d", status));
	split_lines(lines, headers + 1);
	http2_must(nghttp2_submit_response(s->http2->session, s->id, headers, n,
	    has_body ? &body : NULL));
	free(headers);
}

void
http2_add(struct http2_stream *s, struct evbuffer *body, bool is_whole)
{
	evbuffer_add_buffer(s->body, body);
	s->is_whole = is_whole;
	/* Of one that is not waiting, this is refused. */
	(void)nghttp2_session_resume_data(s->http2->session, s->id);
}

size_t
http2_waiting(const struct http2_stream *s)
{
	return evbuffer_get_length(s->body);
}

void
http2_forget(struct http2_stream *s)
{
	s->request = NULL;
}

void
http2_reset(struct http2_stream *s, enum http2_reset how)
{
	static const uint32_t codes[] = {
		[HTTP2_RESET] = NGHTTP2_INTERNAL_ERROR,
		[HTTP2_CANCEL] = NGHTTP2_CANCEL,
		[HTTP2_REFUSED] = NGHTTP2_REFUSED_STREAM,
	};

	s->request = NULL;
	http2_must(nghttp2_submit_rst_stream(s->http2->session,
	    NGHTTP2_FLAG_NONE, s->id, codes[how]));
}
