/* SPDX-License-Identifier: MIT */
/* The HTTP/2 of a gcs-sim that was built without nghttp2: nobody ever speaks
 * it. */
#include "sim/http2.h"

#include <assert.h>

bool
http2_is_built(void)
{
	return false;
}

struct http2 *
http2_new(const struct http2_opts *opts)
{
	(void)opts;
	assert(!"nobody asks for it");
	return NULL;
}

void
http2_free(struct http2 *h)
{
	(void)h;
}

int
http2_feed(struct http2 *h, const void *bytes, size_t n, uint64_t now_us)
{
	(void)h, (void)bytes, (void)n, (void)now_us;
	return -1;
}

void
http2_pull(struct http2 *h, struct evbuffer *out, size_t most)
{
	(void)h, (void)out, (void)most;
}

bool
http2_has_more(const struct http2 *h)
{
	(void)h;
	return false;
}

bool
http2_is_over(const struct http2 *h)
{
	(void)h;
	return true;
}

bool
http2_is_idle(const struct http2 *h)
{
	(void)h;
	return false;
}

bool
http2_is_in_head(const struct http2 *h)
{
	(void)h;
	return false;
}

void
http2_shut(struct http2 *h)
{
	(void)h;
}

void
http2_continue(struct http2_stream *s)
{
	(void)s;
}

void
http2_answer(struct http2_stream *s, int status, char *lines, bool has_body)
{
	(void)s, (void)status, (void)lines, (void)has_body;
}

void
http2_add(struct http2_stream *s, struct evbuffer *body, bool is_whole)
{
	(void)s, (void)body, (void)is_whole;
}

size_t
http2_waiting(const struct http2_stream *s)
{
	(void)s;
	return 0;
}

void
http2_forget(struct http2_stream *s)
{
	(void)s;
}

void
http2_reset(struct http2_stream *s, enum http2_reset how)
{
	(void)s, (void)how;
}

void
http2_turn_away(struct http2_stream *s)
{
	(void)s;
}
