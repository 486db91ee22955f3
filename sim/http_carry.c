/* SPDX-License-Identifier: MIT */
/*
 * Between http2.c, which knows frames, and exchanges.  A stream's request comes
 * as the text that http_reader.c reads, so all that holds for a request of
 * HTTP/1.1 holds for it, too.
 *
 * Answers are handed over at once and leave with the loop's next turn: many in
 * one write, and nobody who answers finds that his connection has ended under
 * his hands.
 */
#include "sim/http_carry_priv.h"

#include <event2/buffer.h>
#include <event2/event.h>
#include <string.h>

#include "sim/http2.h"
#include "sim/http_later_priv.h"
#include "sim/http_priv.h"
#include "src/base/mem.h"

enum {
	READ_BYTES = 32 * 1024,
	/* What is made ahead of the network: bodies wait in their streams. */
	OUT_MOST = 64 * 1024
};

/* As in http_answer.c. */
static const struct timeval STUCK = { .tv_sec = 600 };
static const struct timeval LINGER = { .tv_sec = 2 };

/* --- what the streams say --- */

static void *
on_request(void *arg, struct http2_stream *lane)
{
	struct http_exchange *carrier = arg;
	struct http_exchange *x = mem_zalloc(1, sizeof(*x));

	x->http = carrier->http;
	x->carrier = carrier;
	x->lane = lane;
	x->is_carried = true;
	x->wire.fd = -1;
	x->number = carrier->number;
	x->turn = carrier->turn++;
	x->is_beyond = carrier->is_beyond;
	door_enter(x);
	return x;
}

static void
on_bytes(void *request, const void *bytes, size_t n)
{
	struct http_exchange *x = request;
	const char *at = bytes;
	size_t size;
	char *room;

	for (; n > 0 && x->state == EXCHANGE_HEARING; n -= size, at += size) {
		room = reader_room(&x->reader, &size);
		if (size > n)
			size = n;
		memcpy(room, at, size);
		reader_add(&x->reader, size);
	}
	hear(x);
}

static void
on_drained(void *request)
{
	answer_end(request);
}

/* Whoever waits to answer is told, if he cares; all others end here. */
static void
on_gone(void *request)
{
	struct http_exchange *x = request;

	x->lane = NULL;
	x->carrier = NULL;
	if (x->state == EXCHANGE_WAITING) {
		if (x->watch != NULL)
			event_active(x->watch, EV_CLOSED, 0);
		x->watch = NULL;
		return;
	}
	x->state = EXCHANGE_OVER;
	hear(x);
}

/* --- connections --- */

/* A client has so long for a head that he has begun. */
static void
watch_head(struct http_exchange *x)
{
	uint64_t us = x->http->opts.head_timeout_us;

	if (x->is_beyond)
		return;
	if (!http2_is_in_head(x->carries))
		loop_timer_cancel(&x->deadline);
	else if (us > 0 && !loop_timer_is_set(&x->deadline))
		loop_timer_set(&x->deadline, loop_now(x->http->loop) + us);
}

static void
take(struct http_exchange *x, const void *bytes, size_t n)
{
	if (http2_feed(x->carries, bytes, n, loop_now(x->http->loop)) != 0)
		x->state = EXCHANGE_OVER;
	else
		watch_head(x);
}

void
carry_hear(struct http_exchange *x)
{
	char bytes[READ_BYTES];
	size_t n;

	do {
		n = sizeof(bytes);
		if (wire_read(&x->wire, bytes, &n))
			take(x, bytes, n);
		else
			x->state = EXCHANGE_OVER;
	} while (x->state == EXCHANGE_CARRYING && wire_holds(&x->wire));
	if (x->state == EXCHANGE_CARRYING)
		carry_push(x);
}

void
carry_begin(struct http_exchange *x, const void *bytes, size_t n)
{
	const struct http_opts *opts = &x->http->opts;
	const struct http2_opts http2 = {
		.max_streams = opts->max_streams,
		.max_resets = opts->max_resets,
		.on_request = on_request,
		.on_bytes = on_bytes,
		.on_drained = on_drained,
		.on_gone = on_gone,
		.arg = x,
	};

	x->carries = http2_new(&http2);
	x->state = EXCHANGE_CARRYING;
	if (n > 0)
		take(x, bytes, n);
	if (x->state == EXCHANGE_CARRYING && wire_holds(&x->wire))
		carry_hear(x);
	else if (x->state == EXCHANGE_CARRYING)
		carry_push(x);
}

/* All has been said. */
static void
close_in_order(struct http_exchange *x)
{
	if (!wire_end(&x->wire, false)) {
		event_add(x->writable, &STUCK);
		return;
	}
	x->state = EXCHANGE_LINGERING;
	hear_from(x, &LINGER);
}

/* Piece after piece, until the network has enough. */
static enum wire_sent
send_all(struct http_exchange *x)
{
	enum wire_sent sent;

	do {
		http2_pull(x->carries, x->out, OUT_MOST);
		sent = wire_send(&x->wire, x->out);
	} while (sent == WIRE_ALL && http2_has_more(x->carries));
	return sent;
}

void
carry_push(struct http_exchange *x)
{
	switch (send_all(x)) {
	case WIRE_ALL:
		if (http2_is_over(x->carries))
			close_in_order(x);
		break;
	case WIRE_SOME:
		event_add(x->writable, &STUCK);
		break;
	case WIRE_GONE:
		x->state = EXCHANGE_OVER;
		break;
	}
}

void
carry_end(struct http_exchange *x)
{
	http2_free(x->carries);
	x->carries = NULL;
}

/* Somebody may have been sent something that no count tells of. */
static void
wake(struct http_exchange *carrier)
{
	loop_look_first(carrier->http->loop);
	event_active(carrier->writable, EV_WRITE, 0);
}

void
carry_drain(struct http *h)
{
	struct http_exchange *x;

	for (x = h->exchanges; x != NULL; x = x->next) {
		if (x->state == EXCHANGE_CARRYING) {
			http2_shut(x->carries);
			wake(x);
		}
	}
}

bool
carry_is_idle(const struct http_exchange *x)
{
	return http2_is_idle(x->carries);
}

bool
carry_is_quiet(const struct http_exchange *x)
{
	return evbuffer_get_length(x->out) == 0 && !http2_has_more(x->carries);
}

/* --- streams --- */

/* Will nothing follow what x->out holds, not even a cut? */
static bool
is_whole(const struct http_exchange *x)
{
	return !slow_has_more(x) && !x->is_cut && x->stream == NULL;
}

void
carry_head(struct http_exchange *x, int status, char *lines)
{
	x->has_head = true;
	if (x->lane == NULL)
		return;
	http2_answer(x->lane, status, lines,
	    evbuffer_get_length(x->out) > 0 || !is_whole(x));
}

/* What ends here leaves by itself. */
static void
let_go(struct http_exchange *x)
{
	if (x->lane != NULL) {
		http2_forget(x->lane);
		wake(x->carrier);
	}
	x->lane = NULL;
	x->state = EXCHANGE_OVER;
}

static void
reset(struct http_exchange *x, enum http2_reset how)
{
	if (x->lane != NULL)
		http2_reset(x->lane, how);
	let_go(x);
}

void
carry_answer(struct http_exchange *x)
{
	x->state = EXCHANGE_SENDING;
	if (!x->has_head) {
		reset(x, HTTP2_CANCEL);
	} else if (x->lane == NULL || is_whole(x)) {
		if (x->lane != NULL)
			http2_add(x->lane, x->out, true);
		let_go(x);
	} else {
		http2_add(x->lane, x->out, false);
		wake(x->carrier);
	}
}

void
carry_continue(struct http_exchange *x)
{
	http2_continue(x->lane);
	wake(x->carrier);
}

size_t
carry_waiting(const struct http_exchange *x)
{
	return x->lane != NULL ? http2_waiting(x->lane) : 0;
}

void
carry_reset(struct http_exchange *x)
{
	reset(x, HTTP2_RESET);
}

void
carry_turn_away(struct http_exchange *x, bool by_goaway)
{
	if (x->lane != NULL && by_goaway)
		http2_turn_away(x->lane);
	else if (x->lane != NULL)
		http2_reset(x->lane, HTTP2_REFUSED);
	let_go(x);
}

void
carry_leave(struct http_exchange *x)
{
	if (x->lane != NULL)
		reset(x, HTTP2_CANCEL);
}
