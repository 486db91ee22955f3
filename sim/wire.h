/* SPDX-License-Identifier: MIT */
/*
 * How the bytes of an accepted connection come and go: as they are, or inside
 * of TLS.  Nothing here waits, and nothing here knows what the bytes mean.
 */
#ifndef SIM_WIRE_H
#define SIM_WIRE_H

#include <event2/util.h>
#include <stdbool.h>
#include <stddef.h>

struct event;
struct event_base;
struct evbuffer;
struct tls;
struct tls_talk;

struct wire {
	struct event_base *events;
	evutil_socket_t fd;
	struct tls_talk *talk; /* NULL: plain */
	struct event *flush;   /* what a read made us say, and did not leave */
	bool has_begun;        /* something has come */
	bool may_hold;         /* it came, and was not read */
	bool has_ended;
};

/* fd is non-blocking, and w's from here on; tls is NULL for a plain one. */
void wire_init(struct wire *w, struct event_base *events, evutil_socket_t fd,
    struct tls *tls);

/* Closes it, without a word. */
void wire_release(struct wire *w);

/* Puts what has come into room; *n is its size, and then how much that is, which
 * may be nothing.  False when no more will come. */
bool wire_read(struct wire *w, void *room, size_t *n);

/* May there be more to read, although nothing more comes from the network? */
bool wire_holds(const struct wire *w);

/* Throws away what has come, a piece of it at most; false as wire_read. */
bool wire_discard(struct wire *w);

enum wire_sent {
	WIRE_ALL,  /* and out is empty */
	WIRE_SOME, /* the rest when the socket is writable */
	WIRE_GONE  /* nothing will ever leave any more */
};

/* Sends what out holds, a piece of it at a time. */
enum wire_sent wire_send(struct wire *w, struct evbuffer *out);

/* A short word that goes by itself; where a plain connection has no room for it
 * at once, it is lost. */
void wire_say(struct wire *w, const void *bytes, size_t n);

/* Nothing more leaves after what has left: in order, or as if it had been cut,
 * which TLS lets a client tell apart.  False: again, when the socket is
 * writable. */
bool wire_end(struct wire *w, bool is_cut);

/* Its close is to be a reset. */
void wire_set_reset(struct wire *w);

/* May bytes of the client's come?  Those of a plain one may from the
 * beginning. */
bool wire_is_up(const struct wire *w);

/* Has its client chosen HTTP/2? */
bool wire_speaks_http2(const struct wire *w);

/* Has a handshake begun that has not been made? */
bool wire_is_shaking(const struct wire *w);

#endif
