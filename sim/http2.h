/* SPDX-License-Identifier: MIT */
/*
 * HTTP/2 for the simulator, without sockets and without a clock: bytes of one
 * connection go in, requests come out as a client of HTTP/1.1 would have sent
 * them, and their answers become bytes.  What is no HTTP/2 is answered as RFC
 * 9113 has it, and nobody hears of it.
 */
#ifndef SIM_HTTP2_H
#define SIM_HTTP2_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct evbuffer;

/* A connection. */
struct http2;

/* A request of it, and the answer. */
struct http2_stream;

struct http2_opts {
	uint32_t max_streams; /* at once */
	/* Streams that a client may reset at once, and in each half a minute;
	 * who resets more is sent away.  0: as many as he likes. */
	uint64_t max_resets;
	/* A request has begun; what this answers stands for it.  Told, as all
	 * below, inside of http2_feed and http2_pull; none may call these. */
	void *(*on_request)(void *arg, struct http2_stream *s);
	/* More of it: the head, whole unless it is larger than HTTP_MAX_HEAD,
	 * and then the body, in chunks if it came without a length. */
	void (*on_bytes)(void *request, const void *bytes, size_t n);
	/* All of the answer that is here has left, and it is not whole. */
	void (*on_drained)(void *request);
	/* The stream has ended before its answer was whole. */
	void (*on_gone)(void *request);
	void *arg;
};

/* What a stream ends with, when it is not with an answer. */
enum http2_reset {
	HTTP2_RESET,  /* INTERNAL_ERROR */
	HTTP2_CANCEL, /* CANCEL */
	HTTP2_REFUSED /* REFUSED_STREAM: nothing has been done */
};

/* Was HTTP/2 compiled in?  Where not, nothing below may be called. */
bool http2_is_built(void);

/* opts are copied. */
struct http2 *http2_new(const struct http2_opts *opts);

/* on_gone for each request that is left. */
void http2_free(struct http2 *h);

/* n bytes have come; -1 when they make no sense any more. */
int http2_feed(struct http2 *h, const void *bytes, size_t n, uint64_t now_us);

/* Puts up to about so many bytes there, which are to leave. */
void http2_pull(struct http2 *h, struct evbuffer *out, size_t most);

/* Is there anything that http2_pull would give? */
bool http2_has_more(const struct http2 *h);

/* Has all been said, on both sides? */
bool http2_is_over(const struct http2 *h);

/* Is no request under way? */
bool http2_is_idle(const struct http2 *h);

/* Has a head begun that is not whole? */
bool http2_is_in_head(const struct http2 *h);

/* GOAWAY: what has begun is finished, and nothing new begins. */
void http2_shut(struct http2 *h);

/* "Go on": the body is wanted. */
void http2_continue(struct http2_stream *s);

/* The head of the answer: lines "Name: value", each ending in CRLF, which are
 * written over.  Without a body nothing may follow. */
void http2_answer(struct http2_stream *s, int status, char *lines,
    bool has_body);

/* What body holds is moved behind the head. */
void http2_add(struct http2_stream *s, struct evbuffer *body, bool is_whole);

/* How much of that waits for the client. */
size_t http2_waiting(const struct http2_stream *s);

/* Nobody is told anything of s any more, which ends when its answer has left. */
void http2_forget(struct http2_stream *s);

/* Ends s with RST_STREAM, and forgets it. */
void http2_reset(struct http2_stream *s, enum http2_reset how);

/* Ends s's connection with a GOAWAY that says of s, and of nothing that anybody
 * has been told of, that nothing was done; where later streams have begun, a
 * REFUSED_STREAM says so.  s is forgotten. */
void http2_turn_away(struct http2_stream *s);

#endif
