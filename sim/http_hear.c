/* SPDX-License-Identifier: MIT */
/*
 * From bytes to requests.  A connection is read while a request of it is
 * unfinished, and not while one waits for its answer: what was sent ahead stays
 * in the kernel, and a client that closes its half still gets its answer.
 *
 * Whatever happens to a connection ends in hear(), which takes out of the
 * reader what is there.  Answers may be given inside of it, so nothing is freed
 * before it has come back to its end.
 */
#include <errno.h>
#include <event2/event.h>
#include <time.h>

#include "sim/http_carry_priv.h"
#include "sim/http_priv.h"
#include "src/base/str.h"

enum {
	/* For one that came in only to be sent away. */
	BEYOND_US = 1000000,
	/* Of a body. */
	BYTES_PER_SECOND = 1024,
	/* What is thrown away before the connection is, in pieces. */
	DISCARDS_MAX = 1000
};

/* Production's is not published; long enough to outlast any pause. */
static const struct timeval IDLE = { .tv_sec = 600 };

/* --- callbacks of the owner --- */

static void
end_call(struct http_exchange *x, int status)
{
	const struct http_opts *opts = &x->http->opts;

	if (x->call != NULL)
		opts->on_end(opts->arg, x->call, status);
	x->call = NULL;
}

static void
begin_call(struct http_exchange *x, bool is_refused)
{
	const struct http_opts *opts = &x->http->opts;

	x->turn++;
	x->call = opts->on_head(opts->arg, is_refused ? NULL : x);
}

static void
refuse(struct http_exchange *x, int status, const char *fault)
{
	loop_timer_cancel(&x->deadline);
	end_call(x, status);
	answer_refusal(x, status, fault);
}

/* --- deadlines --- */

static void
set_deadline(struct http_exchange *x, uint64_t us)
{
	x->body_seen = x->reader.body_len;
	if (us > 0)
		loop_timer_set(&x->deadline, loop_now(x->http->loop) + us);
}

static bool
is_in_body(const struct http_exchange *x)
{
	return x->reader.body_at > 0;
}

static void
wait_for_more(struct http_exchange *x)
{
	const struct http_opts *opts = &x->http->opts;

	if ((reader_has_begun(&x->reader) || wire_is_shaking(&x->wire)) &&
	    !loop_timer_is_set(&x->deadline))
		set_deadline(x,
		    is_in_body(x) ? opts->body_timeout_us
				  : opts->head_timeout_us);
}

static void
check_pace(struct http_exchange *x)
{
	uint64_t us = x->http->opts.body_timeout_us;
	uint64_t least = us * BYTES_PER_SECOND / 1000000;

	if (x->reader.body_len - x->body_seen < (least > 0 ? least : 1))
		refuse(x, 408, "The body came too slowly.");
	else
		set_deadline(x, us);
}

static void
on_deadline(void *arg)
{
	struct http_exchange *x = arg;

	if (!wire_is_up(&x->wire) || x->state == EXCHANGE_CARRYING)
		http_drop(x);
	else if (x->is_beyond)
		refuse(x, 503, "Too many connections.");
	else if (is_in_body(x))
		check_pace(x);
	else
		refuse(x, 408, "The head took too long.");
}

/* --- what the reader finds --- */

/* HTTP/2 says by itself where a body ends. */
static bool
lacks_length(const struct http_exchange *x, const char *target)
{
	const struct head *head = &x->reader.head;
	bool (*is_lax)(const char *) = x->http->opts.is_lax;

	return !x->is_carried && head->may_have_body && !head->has_length &&
	    !head->is_chunked && (is_lax == NULL || !is_lax(target));
}

/* A client that has begun with the body does not wait. */
static bool
wants_continue(const struct http_exchange *x)
{
	const struct head *head = &x->reader.head;

	return head->has_expect && !head->is_old &&
	    (head->is_chunked || head->length > 0) &&
	    x->reader.len == head->len;
}

static void
take_head(struct http_exchange *x)
{
	const struct head *head = &x->reader.head;
	const char *target = x->reader.data + head->target_at;

	loop_timer_cancel(&x->deadline);
	x->is_last = head->is_old || head->has_close;
	begin_call(x, false);
	if (x->is_beyond)
		refuse(x, 503, "Too many connections.");
	else if (lacks_length(x, target))
		refuse(x, 411,
		    "A POST, PUT or PATCH says how long its body is, by a "
		    "Content-Length.");
	else if (wants_continue(x))
		answer_continue(x);
}

static void
take_request(struct http_exchange *x)
{
	const struct http_opts *opts = &x->http->opts;
	void *call = x->call;

	loop_timer_cancel(&x->deadline);
	x->call = NULL;
	x->state = EXCHANGE_WAITING;
	opts->on_request(opts->arg, x, call);
}

static void
take_fault(struct http_exchange *x)
{
	if (!is_in_body(x))
		begin_call(x, true);
	refuse(x, x->reader.status, x->reader.fault);
}

/* The handshake is behind us: what comes from here on are requests. */
static void
come_up(struct http_exchange *x)
{
	if (!x->is_beyond)
		loop_timer_cancel(&x->deadline);
}

static void
take_bytes(struct http_exchange *x)
{
	bool was_up = wire_is_up(&x->wire);
	size_t n;
	char *room = reader_room(&x->reader, &n);

	if (!wire_read(&x->wire, room, &n)) {
		x->state = EXCHANGE_OVER;
		return;
	}
	if (!was_up && wire_is_up(&x->wire))
		come_up(x);
	if (!was_up && wire_speaks_http2(&x->wire))
		carry_begin(x, room, n);
	else
		reader_add(&x->reader, n);
}

/* False when more bytes must come first. */
static bool
take_next(struct http_exchange *x)
{
	switch (reader_read(&x->reader)) {
	case READER_HUNGRY:
		if (x->is_carried || !wire_holds(&x->wire)) {
			wait_for_more(x);
			return false;
		}
		take_bytes(x);
		break;
	case READER_HEAD:
		take_head(x);
		break;
	case READER_WHOLE:
		take_request(x);
		break;
	case READER_FAULTY:
		take_fault(x);
		break;
	}
	return true;
}

void
hear(struct http_exchange *x)
{
	if (x->is_hearing)
		return;
	x->is_hearing = true;
	while (x->state == EXCHANGE_HEARING && take_next(x))
		;
	x->is_hearing = false;
	if (x->state == EXCHANGE_OVER)
		door_leave(x);
	else if (x->state == EXCHANGE_HEARING && x->is_deaf)
		hear_from(x, &IDLE);
}

/* --- bytes --- */

/* Closing with bytes unread would reset the connection, and could take the
 * answer away from a client that still speaks. */
static void
discard(struct http_exchange *x)
{
	if (!wire_discard(&x->wire) || ++x->discards > DISCARDS_MAX)
		x->state = EXCHANGE_OVER;
}

static void
turn_deaf(struct http_exchange *x)
{
	event_del(x->readable);
	x->is_deaf = true;
}

/* A client who waits for an answer has nothing to say. */
static void
take_silence(struct http_exchange *x)
{
	if (x->state != EXCHANGE_CARRYING || carry_is_idle(x))
		x->state = EXCHANGE_OVER;
}

static void
on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct http_exchange *x = arg;
	bool is_silent = !(what & EV_READ);

	(void)fd;
	if (x->state == EXCHANGE_WAITING || x->state == EXCHANGE_SENDING ||
	    x->state == EXCHANGE_STREAMING)
		turn_deaf(x);
	else if (is_silent)
		take_silence(x);
	else if (x->state == EXCHANGE_LINGERING)
		discard(x);
	else if (x->state == EXCHANGE_CARRYING)
		carry_hear(x);
	else
		take_bytes(x);
	hear(x);
}

void
hear_from(struct http_exchange *x, const struct timeval *silence)
{
	event_add(x->readable, silence);
	x->is_deaf = false;
}

/* --- life --- */

void
hear_init(struct http_exchange *x)
{
	struct loop *loop = x->http->loop;

	reader_init(&x->reader);
	loop_timer_init(&x->deadline, loop, on_deadline, x);
	if (x->is_beyond && !x->is_carried)
		loop_timer_set(&x->deadline, loop_now(loop) + BEYOND_US);
	x->readable = event_new(loop_events(loop), x->wire.fd,
	    EV_READ | EV_PERSIST, on_readable, x);
	if (!x->is_carried)
		hear_from(x, &IDLE);
}

void
hear_release(struct http_exchange *x)
{
	end_call(x, 0);
	loop_timer_cancel(&x->deadline);
	event_free(x->readable);
	reader_release(&x->reader);
}
