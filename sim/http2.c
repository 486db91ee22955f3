/* SPDX-License-Identifier: MIT */
/*
 * nghttp2 reads and writes frames, holds headers and flow to the standard, and
 * guards against floods of settings, pings and continuations.  How often a
 * client may take back what it has asked for is bounded here, by a clock that
 * the caller has.
 */
#include "sim/http2.h"

#include <event2/buffer.h>
#include <stdlib.h>

#include "sim/http.h"
#include "sim/http2_priv.h"
#include "src/base/mem.h"

enum {
	/* What a client may send ahead, of a stream and of all: bodies are kept
	 * whole, so that a small window would save nothing. */
	WINDOW = 1 << 20,
	/* Of an answer. */
	ANSWER_HEAD_MAX = 1 << 20,
	/* Resets are forgiven in so much time. */
	RESETS_US = 30000000
};

void
http2_must(int rc)
{
	if (rc != 0)
		mem_checked(NULL, 1);
}

/* --- streams --- */

static struct http2_stream *
add_stream(struct http2 *h, int32_t id)
{
	struct http2_stream *s = mem_zalloc(1, sizeof(*s));

	s->http2 = h;
	s->id = id;
	request_init(s);
	s->body = mem_checked(evbuffer_new(), 1);
	s->next = h->streams;
	s->self = &h->streams;
	if (s->next != NULL)
		s->next->self = &s->next;
	h->streams = s;
	return s;
}

static void
remove_stream(struct http2_stream *s)
{
	void *request = s->request;

	*s->self = s->next;
	if (s->next != NULL)
		s->next->self = s->self;
	s->request = NULL;
	if (request != NULL)
		s->http2->opts.on_gone(request);
	request_release(s);
	evbuffer_free(s->body);
	free(s);
}

static int
on_close(nghttp2_session *session, int32_t id, uint32_t code, void *arg)
{
	struct http2_stream *s = nghttp2_session_get_stream_user_data(session,
	    id);

	(void)code, (void)arg;
	if (s != NULL)
		remove_stream(s);
	return 0;
}

/* --- frames --- */

static int
on_begin(nghttp2_session *session, const nghttp2_frame *frame, void *arg)
{
	struct http2 *h = arg;
	int32_t id = frame->hd.stream_id;

	h->is_in_head = true;
	if (frame->headers.cat == NGHTTP2_HCAT_REQUEST)
		http2_must(nghttp2_session_set_stream_user_data(session, id,
		    add_stream(h, id)));
	return 0;
}

static void
take_reset(struct http2 *h)
{
	if (h->opts.max_resets == 0)
		return;
	if (limiter_has(&h->resets, h->now_us))
		limiter_charge(&h->resets, 1, h->now_us);
	else
		http2_must(nghttp2_session_terminate_session(h->session,
		    NGHTTP2_ENHANCE_YOUR_CALM));
}

static void
take_head(struct http2 *h, struct http2_stream *s, bool is_over)
{
	s->request = h->opts.on_request(h->opts.arg, s);
	request_tell_head(s, is_over);
}

/* Of a frame that has come whole. */
static int
on_frame(nghttp2_session *session, const nghttp2_frame *frame, void *arg)
{
	struct http2 *h = arg;
	struct http2_stream *s = nghttp2_session_get_stream_user_data(session,
	    frame->hd.stream_id);
	bool is_over = frame->hd.flags & NGHTTP2_FLAG_END_STREAM;

	switch (frame->hd.type) {
	case NGHTTP2_HEADERS:
		h->is_in_head = false;
		if (s == NULL)
			break;
		if (frame->headers.cat == NGHTTP2_HCAT_REQUEST)
			take_head(h, s, is_over);
		else if (is_over)
			request_end(s);
		break;
	case NGHTTP2_DATA:
		if (s != NULL && is_over)
			request_end(s);
		break;
	case NGHTTP2_RST_STREAM:
		take_reset(h);
		break;
	default:
		break;
	}
	return 0;
}

/* A head that is refused is at its end, too. */
static int
on_bad_frame(nghttp2_session *session, const nghttp2_frame *frame, int code,
    void *arg)
{
	struct http2 *h = arg;

	(void)session, (void)code;
	if (frame->hd.type == NGHTTP2_HEADERS)
		h->is_in_head = false;
	return 0;
}

/* Whoever has his answer need not send the rest of his body. */
static int
on_sent(nghttp2_session *session, const nghttp2_frame *frame, void *arg)
{
	bool may_end = frame->hd.type == NGHTTP2_HEADERS ||
	    frame->hd.type == NGHTTP2_DATA;

	(void)arg;
	if (may_end && (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) &&
	    nghttp2_session_get_stream_remote_close(session,
		frame->hd.stream_id) == 0)
		http2_must(nghttp2_submit_rst_stream(session, NGHTTP2_FLAG_NONE,
		    frame->hd.stream_id, NGHTTP2_NO_ERROR));
	return 0;
}

/* --- the connection --- */

static void
say_goaway(struct http2 *h, int32_t last)
{
	http2_must(nghttp2_submit_goaway(h->session, NGHTTP2_FLAG_NONE, last,
	    NGHTTP2_NO_ERROR, NULL, 0));
}

void
http2_shut(struct http2 *h)
{
	say_goaway(h, nghttp2_session_get_last_proc_stream_id(h->session));
}

void
http2_turn_away(struct http2_stream *s)
{
	struct http2 *h = s->http2;
	int32_t last = nghttp2_session_get_last_proc_stream_id(h->session);

	if (last == s->id)
		last = s->id > 2 ? s->id - 2 : 0;
	else
		http2_reset(s, HTTP2_REFUSED);
	s->request = NULL;
	say_goaway(h, last);
}

static nghttp2_session *
new_session(struct http2 *h)
{
	nghttp2_session_callbacks *callbacks;
	nghttp2_option *option;
	nghttp2_session *session;

	http2_must(nghttp2_session_callbacks_new(&callbacks));
	nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks,
	    on_begin);
	nghttp2_session_callbacks_set_on_header_callback(callbacks,
	    request_on_header);
	nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks,
	    request_on_data);
	nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks,
	    on_frame);
	nghttp2_session_callbacks_set_on_invalid_frame_recv_callback(callbacks,
	    on_bad_frame);
	nghttp2_session_callbacks_set_on_frame_send_callback(callbacks,
	    on_sent);
	nghttp2_session_callbacks_set_on_stream_close_callback(callbacks,
	    on_close);
	http2_must(nghttp2_option_new(&option));
	nghttp2_option_set_max_send_header_block_length(option,
	    ANSWER_HEAD_MAX);
	/* nghttp2's own guard has a clock of its own. */
	nghttp2_option_set_stream_reset_rate_limit(option, UINT64_MAX,
	    UINT64_MAX);
	http2_must(nghttp2_session_server_new2(&session, callbacks, h, option));
	nghttp2_option_del(option);
	nghttp2_session_callbacks_del(callbacks);
	return session;
}

bool
http2_is_built(void)
{
	return true;
}

struct http2 *
http2_new(const struct http2_opts *opts)
{
	struct http2 *h = mem_zalloc(1, sizeof(*h));
	const nghttp2_settings_entry settings[] = {
		{ NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, opts->max_streams },
		{ NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, WINDOW },
		{ NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, HTTP_MAX_HEAD },
	};
	const struct sim_rate forgiven = { opts->max_resets, RESETS_US };

	h->opts = *opts;
	h->session = new_session(h);
	limiter_init(&h->resets, forgiven, opts->max_resets, 0);
	http2_must(nghttp2_submit_settings(h->session, NGHTTP2_FLAG_NONE,
	    settings, sizeof(settings) / sizeof(settings[0])));
	http2_must(nghttp2_session_set_local_window_size(h->session,
	    NGHTTP2_FLAG_NONE, 0, WINDOW));
	return h;
}

void
http2_free(struct http2 *h)
{
	if (h == NULL)
		return;
	while (h->streams != NULL)
		remove_stream(h->streams);
	nghttp2_session_del(h->session);
	free(h);
}

int
http2_feed(struct http2 *h, const void *bytes, size_t n, uint64_t now_us)
{
	h->now_us = now_us;
	return nghttp2_session_mem_recv(h->session, bytes, n) < 0 ? -1 : 0;
}

void
http2_pull(struct http2 *h, struct evbuffer *out, size_t most)
{
	const uint8_t *bytes;
	ssize_t n;

	while (evbuffer_get_length(out) < most &&
	    (n = nghttp2_session_mem_send(h->session, &bytes)) > 0)
		evbuffer_add(out, bytes, (size_t)n);
}

bool
http2_has_more(const struct http2 *h)
{
	return nghttp2_session_want_write(h->session) != 0;
}

bool
http2_is_over(const struct http2 *h)
{
	return nghttp2_session_want_read(h->session) == 0 &&
	    nghttp2_session_want_write(h->session) == 0;
}

bool
http2_is_idle(const struct http2 *h)
{
	return h->streams == NULL;
}

bool
http2_is_in_head(const struct http2 *h)
{
	return h->is_in_head;
}
