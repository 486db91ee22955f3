/* SPDX-License-Identifier: MIT */
/*
 * What the rooms of http share: http.c (the whole, and what requests say),
 * http_door.c (who comes in), http_hear.c (requests), http_answer.c,
 * http_slow.c, http_stream.c and http_carry.c (HTTP/2).  Bytes come and go by
 * wire.h alone.
 */
#ifndef SIM_HTTP_PRIV_H
#define SIM_HTTP_PRIV_H

#include <event2/event.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "sim/http.h"
#include "sim/http_door_priv.h"
#include "sim/http_reader.h"
#include "sim/wire.h"
#include "src/base/buf.h"
#include "src/base/loop.h"

struct evbuffer;
struct http2;
struct http2_stream;
struct slow;
struct stream;

/*
 *	HEARING --> WAITING --> SENDING --> HEARING, for the next request
 *	        --------------> SENDING --> LINGERING, for the client to close
 *	        --> STREAMING <--> SENDING, and LINGERING when it drains
 *	        --> CARRYING --> LINGERING
 */
enum exchange_state {
	EXCHANGE_HEARING,
	EXCHANGE_WAITING, /* for its answer */
	EXCHANGE_SENDING,
	EXCHANGE_STREAMING, /* all that was added has left */
	EXCHANGE_CARRYING,  /* others, for good */
	EXCHANGE_LINGERING,
	EXCHANGE_OVER /* gone as soon as nobody is at work on it */
};

/* A connection with the one request that it may have; or, in HTTP/2, a connection
 * that carries others, or one of these, which has no wire. */
struct http_exchange {
	struct http *http;
	struct http_exchange *next;
	struct http_exchange **self; /* the link to it */
	struct wire wire;
	struct event *readable;
	struct event *writable;
	enum exchange_state state;
	bool is_beyond;  /* the cap: came in to be sent away */
	bool is_hearing; /* hear() is at work on it */
	bool is_deaf;    /* readable is not added */
	bool is_last;    /* the answer closes the connection */
	bool is_cut;     /* and that is to look like an accident */
	unsigned discards;
	struct reader reader;
	struct loop_timer deadline; /* of the head or the body */
	size_t body_seen;           /* when the deadline was set */
	void *call;                 /* on_head's, until on_request or on_end */
	struct evbuffer *out;
	struct slow *slow; /* an answer that does not leave at once; or NULL */
	struct stream *stream; /* an answer without an end; or NULL */
	struct http2 *carries; /* CARRYING: what others come by */
	bool is_carried;
	bool has_head; /* is_carried: the answer's has been handed over */
	/* is_carried: by whom, and as what; NULL when that has ended. */
	struct http_exchange *carrier;
	struct http2_stream *lane;
	struct event *watch; /* is_carried: http_watch's, while it waits */
	uint64_t number;     /* of the connection, 1 is the first */
	uint32_t turn;       /* of its request: 1 is its first */
};

struct http {
	struct http_opts opts;
	struct loop *loop;
	struct door doors[DOORS];
	bool is_draining;
	struct event *resume;
	uint64_t connections; /* since the beginning */
	uint64_t accepted;
	uint64_t refused;
	uint64_t max_connections;
	bool is_capped; /* by the caller, not by descriptors */
	bool is_resting;
	uint64_t next_warning; /* not before */
	uint64_t open;
	uint64_t beyond; /* of the cap, and still here */
	struct http_exchange *exchanges;
	struct buf head; /* of the answer being sent */
	time_t date_of;
	char date[40];
};

/* --- http_hear.c --- */

void hear_init(struct http_exchange *x);
void hear_release(struct http_exchange *x);

/* Goes on with x as far as it can, now that something has changed: x may be
 * gone afterwards. */
void hear(struct http_exchange *x);

/* Hears bytes again, which is what LINGERING and HEARING do. */
void hear_from(struct http_exchange *x, const struct timeval *silence);

/* --- http_answer.c --- */

void answer_init(struct http_exchange *x);
void answer_release(struct http_exchange *x);

/* Puts the body of an answer into x->out, if it has one; answers how long a
 * client is told that it is. */
size_t answer_gather(struct http_exchange *x, int status, const void *body,
    size_t n);

/* Of an answer whose end is that of its connection. */
#define ANSWER_ENDLESS SIZE_MAX

/* Puts its head in front. */
void answer_head(struct http *h, struct http_exchange *x, int status,
    uint64_t wall_us, const char *head, size_t length);

/* Sends what x->out holds; x may be gone afterwards. */
void answer_push(struct http_exchange *x);

/* What was pushed has left; x may be gone afterwards. */
void answer_end(struct http_exchange *x);

/* As answer_push, but not before the loop's next turn. */
void answer_push_later(struct http_exchange *x);

/* The last answer of x's connection: what is wrong with its request. */
void answer_refusal(struct http_exchange *x, int status, const char *fault);

/* "Go on": the body is wanted. */
void answer_continue(struct http_exchange *x);

/* --- http.c --- */

/* x's connection is to end by a reset. */
void http_set_reset(struct http_exchange *x);

#endif
