/* SPDX-License-Identifier: MIT */
/*
 * HTTP/1.1 for the simulator: evhttp behind a small door.  It listens, caps
 * connections, heads and bodies, refuses what two readers could read in two
 * ways, and hands over whole requests; an answer may be given at once or much
 * later.  Nothing here knows what a bucket is.
 */
#ifndef SIM_HTTP_H
#define SIM_HTTP_H

#include <event2/event.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "src/base/err.h"

struct evbuffer;
struct http;

/* A request that waits for its answer. */
struct http_exchange;

enum http_method {
	HTTP_GET,
	HTTP_POST,
	HTTP_DELETE,
	HTTP_HEAD,
	HTTP_OTHER_METHOD
};

struct http_opts {
	const char *listen;       /* "127.0.0.1:0", "[::1]:0", "localhost:80" */
	uint64_t max_connections; /* 0: what the fd limit allows */
	void (*on_request)(void *arg, struct http_exchange *x);
	void *arg;
};

enum { HTTP_MAX_HEAD = 32 * 1024, HTTP_MAX_BODY = 64 * 1024 * 1024 };

/* NULL and *err when the address cannot be had. */
struct http *http_open(struct event_base *base, const struct http_opts *opts,
    struct err *err);

/* Closes every connection; unanswered exchanges must be dropped before. */
void http_close(struct http *h);

/* "http://127.0.0.1:41873" */
const char *http_url(const struct http *h);

/* Connections since the beginning or the last reset. */
uint64_t http_accepted(const struct http *h);
void http_reset_accepted(struct http *h);

/* From now on no new connection, and each answer closes its own. */
void http_drain(struct http *h);

/* Has every answer left for the network? */
bool http_is_quiet(const struct http *h);

enum http_method http_method(const struct http_exchange *x);
const char *http_target(const struct http_exchange *x);

/* A header of the request, or NULL. */
const char *http_header(const struct http_exchange *x, const char *name);

/* The request's body as one piece. */
const void *http_body(struct http_exchange *x, size_t *n);

/* Where a body may be put before http_answer, instead of handing it over. */
struct evbuffer *http_output(struct http_exchange *x);

/* Calls on_gone(fd, what, arg) when x's client closes its end while x waits:
 * evhttp itself does not look.  The caller frees the event before he answers or
 * drops x. */
struct event *http_watch(struct http *h, struct http_exchange *x,
    event_callback_fn on_gone, void *arg);

/* Sends head and body in one piece; x is gone afterwards, also when its client
 * is.  head: at least one further header line, each ending in CRLF. */
void http_answer(struct http *h, struct http_exchange *x, int status,
    uint64_t wall_us, const char *head, const void *body, size_t n);

/* Gives up an exchange that will never be answered. */
void http_drop(struct http_exchange *x);

/* Resets x's connection instead of answering; x is gone afterwards.  The client
 * sees ECONNRESET, not the orderly end that a closed connection has. */
void http_reset(struct http_exchange *x);

#endif
