/* SPDX-License-Identifier: MIT */
/*
 * HTTP for the simulator, 1.1 and, inside of TLS, 2.  It listens, caps connections, heads and bodies,
 * refuses what two readers could read in two ways, tells of heads, and hands
 * over whole requests, one at a time of each connection; an answer may be given
 * at once or much later.  Nothing here knows what a bucket is.
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
struct loop;
struct tls;

/* A request that waits for its answer. */
struct http_exchange;

enum http_method {
	HTTP_GET,
	HTTP_POST,
	HTTP_DELETE,
	HTTP_HEAD,
	HTTP_PUT,
	HTTP_PATCH,
	HTTP_OPTIONS,
	HTTP_OTHER_METHOD
};

/* "GET"; "OTHER" for one that nothing here takes. */
const char *http_method_name(enum http_method method);

struct http_opts {
	const char *listen; /* "127.0.0.1:0", "[::1]:0", "localhost:80" */
	/* A second door, where TLS is spoken; NULL: there is none. */
	const char *tls_listen;
	struct tls *tls; /* the caller's, until http_close */
	/* Who comes beyond them is answered 503.  0: as many as descriptors
	 * can be had for; the others wait. */
	uint64_t max_connections;
	uint32_t max_streams; /* of a connection of HTTP/2: see http2.h */
	uint64_t max_resets;
	/* From the first byte of a head to its last, or of a handshake; 0: any
	 * time. */
	uint64_t head_timeout_us;
	/* In each such time a body must bring 1 KiB for each second of it, or
	 * it is answered 408; 0: at any pace. */
	uint64_t body_timeout_us;
	/* Where a POST may come without a length, as `curl -X POST` sends it;
	 * elsewhere that is answered 411, as in production.  NULL: nowhere. */
	bool (*is_lax)(const char *target);
	/* A head is complete, its body perhaps not yet: x has a method, a
	 * target and headers, or is NULL when the head cannot be read.  What
	 * this answers comes back once, in on_request or in on_end. */
	void *(*on_head)(void *arg, const struct http_exchange *x);
	void (*on_request)(void *arg, struct http_exchange *x, void *call);
	/* There will be no request: the head or the body was refused with this
	 * status, or (0) the connection ended before the body did. */
	void (*on_end)(void *arg, void *call, int status);
	void *arg;
	void (*on_warning)(void *arg, const char *text); /* may be NULL */
	void *warning_arg;
};

enum { HTTP_MAX_HEAD = 32 * 1024, HTTP_MAX_BODY = 1 << 30 };

/* NULL and *err when the address cannot be had. */
struct http *http_open(struct loop *loop, const struct http_opts *opts,
    struct err *err);

/* Closes every connection; unanswered exchanges must be dropped before. */
void http_close(struct http *h);

/* "http://127.0.0.1:41873" */
const char *http_url(const struct http *h);

/* "https://127.0.0.1:41874"; NULL: there is no such door. */
const char *http_tls_url(const struct http *h);

/* Connections since the beginning or the last reset: those that were served,
 * and those beyond the cap. */
uint64_t http_accepted(const struct http *h);
uint64_t http_refused(const struct http *h);
void http_reset_counts(struct http *h);

/* From now on no new connection, and each answer closes its own; streams end. */
void http_drain(struct http *h);

/* Has every answer left for the network? */
bool http_is_quiet(const struct http *h);

enum http_method http_method(const struct http_exchange *x);
const char *http_target(const struct http_exchange *x);

/* "http" or "https": how the client has come. */
const char *http_scheme(const struct http_exchange *x);

/* The first header of this name, in any case, or NULL. */
const char *http_header(const struct http_exchange *x, const char *name);

/* Every header in turn: *at begins at 0; false behind the last. */
bool http_next_header(const struct http_exchange *x, size_t *at,
    const char **name, const char **value);

/* The request's body as one piece, which stays until x is answered. */
const void *http_body(const struct http_exchange *x, size_t *n);

/* Where a body may be put before http_answer, instead of handing it over. */
struct evbuffer *http_output(struct http_exchange *x);

/* Calls on_gone(fd, what, arg) when x's client closes its end while x waits:
 * nobody else looks.  The caller frees the event before he answers or drops x.
 */
struct event *http_watch(struct http *h, struct http_exchange *x,
    event_callback_fn on_gone, void *arg);

/* Sends head and body in one piece; x is gone afterwards, also when its client
 * is.  head: further header lines, each ending in CRLF.  The body is what
 * http_output holds and these n bytes; to a HEAD only its length is told. */
void http_answer(struct http *h, struct http_exchange *x, int status,
    uint64_t wall_us, const char *head, const void *body, size_t n);

/* Gives up an exchange that will never be answered, and its connection. */
void http_drop(struct http_exchange *x);

/* Resets x's connection instead of answering; x is gone afterwards.  The client
 * sees ECONNRESET, not the orderly end that a closed connection has. */
void http_reset(struct http_exchange *x);

/* Ends x's connection without a word, and not by a reset; x is gone afterwards.
 */
void http_close_unanswered(struct http_exchange *x);

/* Nothing was done about x: says so in HTTP/2, and in HTTP/1.1 ends its
 * connection without a word; x is gone afterwards. */
void http_turn_away(struct http_exchange *x, bool by_goaway);

/* Which connection it came on, and as the how-manieth of it: both from 1. */
uint64_t http_connection(const struct http_exchange *x);
uint32_t http_turn(const struct http_exchange *x);

#endif
