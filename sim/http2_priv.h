/* SPDX-License-Identifier: MIT */
/*
 * A connection of HTTP/2 and its streams: between http2.c and its rooms
 * http2_request.c and http2_answer.c only.
 */
#ifndef SIM_HTTP2_PRIV_H
#define SIM_HTTP2_PRIV_H

#include <nghttp2/nghttp2.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/http2.h"
#include "sim/limiter.h"
#include "src/base/buf.h"

struct http2_stream {
	struct http2 *http2;
	struct http2_stream *next;
	struct http2_stream **self;
	int32_t id;
	void *request; /* NULL: nobody waits to hear of it */
	/* The head, until it is whole. */
	char *method, *path, *authority;
	struct buf fields;
	bool has_length;
	bool is_chunked; /* its body is, as we tell it */
	/* The answer. */
	struct evbuffer *body;
	bool is_whole;
};

struct http2 {
	struct http2_opts opts;
	nghttp2_session *session;
	struct http2_stream *streams;
	struct limiter resets;
	uint64_t now_us; /* of the feeding */
	bool is_in_head;
};

/* nghttp2 fails only for want of memory, where it is not our bug. */
void http2_must(int rc);

/* --- requests: http2_request.c --- */

void request_init(struct http2_stream *s);
void request_release(struct http2_stream *s);

/* One more header. */
int request_on_header(nghttp2_session *session, const nghttp2_frame *frame,
    const uint8_t *name, size_t name_len, const uint8_t *value,
    size_t value_len, uint8_t flags, void *arg);

/* The head has come whole. */
void request_tell_head(struct http2_stream *s, bool is_over);

/* A piece of a body; and its end. */
int request_on_data(nghttp2_session *session, uint8_t flags, int32_t id,
    const uint8_t *bytes, size_t n, void *arg);
void request_end(struct http2_stream *s);

#endif
