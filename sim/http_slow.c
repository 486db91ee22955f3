/* SPDX-License-Identifier: MIT */
/*
 * The body leaves in pieces, each when its last byte is due.  Pieces are so
 * large that a fast answer takes a hundred timers a second at most, and so
 * small that a slow one is never silent for longer than it must be.
 */
#include "sim/http_slow.h"

#include <event2/buffer.h>
#include <stdlib.h>

#include "sim/http_priv.h"
#include "sim/http_later_priv.h"
#include "src/base/mem.h"

enum {
	PIECES_PER_SECOND = 100,
	PIECE_MAX = 1 << 20 /* of what has no pace */
};

const struct http_manner http_plain = { .cut_at = UINT64_MAX };

/* An answer under way, besides what waits in x->out. */
struct slow {
	struct http_manner manner;
	uint64_t began_us;
	size_t body; /* bytes of it that are to leave */
	size_t sent; /* of these: in x->out's part that may leave */
	struct evbuffer *rest;
	struct loop_timer timer;
	struct event *watch; /* for a client that gives up */
	bool is_parked;
};

/* When the first n bytes of the body have left. */
static uint64_t
due(const struct slow *s, size_t n)
{
	const struct http_manner *m = &s->manner;
	uint64_t us = s->began_us;

	if (m->bytes_per_second > 0)
		us += (uint64_t)n * 1000000 / m->bytes_per_second;
	return n > m->pause_at ? us + m->pause_us : us;
}

/* Up to where the next piece reaches. */
static size_t
next_stop(const struct slow *s)
{
	const struct http_manner *m = &s->manner;
	uint64_t piece = m->bytes_per_second > 0
	    ? m->bytes_per_second / PIECES_PER_SECOND
	    : PIECE_MAX;
	uint64_t stop = s->sent + (piece > 0 ? piece : 1);

	if (m->pause_us > 0 && s->sent < m->pause_at && stop > m->pause_at)
		stop = m->pause_at;
	return stop < s->body ? (size_t)stop : s->body;
}

static void
unpark(struct http_exchange *x)
{
	if (x->slow->is_parked)
		loop_unpark(x->http->loop);
	x->slow->is_parked = false;
}

static void
on_gone(evutil_socket_t fd, short what, void *arg)
{
	struct http_exchange *x = arg;

	(void)fd, (void)what;
	x->state = EXCHANGE_OVER;
	hear(x);
}

/* What has been sent is looked at before a virtual clock moves on. */
static void
wait_for_next(struct http_exchange *x)
{
	struct slow *s = x->slow;

	loop_look_first(x->http->loop);
	loop_park(x->http->loop);
	s->is_parked = true;
	loop_timer_set(&s->timer, due(s, next_stop(s)));
}

/* More may leave. */
static void
on_due(void *arg)
{
	struct http_exchange *x = arg;
	struct slow *s = x->slow;
	size_t stop = next_stop(s);

	unpark(x);
	evbuffer_remove_buffer(s->rest, x->out, stop - s->sent);
	s->sent = stop;
	answer_push(x);
}

bool
slow_goes_on(struct http_exchange *x)
{
	if (x->slow == NULL || x->slow->sent == x->slow->body)
		return false;
	wait_for_next(x);
	return true;
}

bool
slow_has_more(const struct http_exchange *x)
{
	return x->slow != NULL &&
	    (x->slow->sent < x->slow->body || x->slow->manner.is_reset);
}

bool
slow_resets(const struct http_exchange *x)
{
	return x->slow != NULL && x->slow->manner.is_reset;
}

void
slow_end(struct http_exchange *x)
{
	struct slow *s = x->slow;

	if (s == NULL)
		return;
	unpark(x);
	loop_timer_cancel(&s->timer);
	event_free(s->watch);
	evbuffer_free(s->rest);
	free(s);
	x->slow = NULL;
}

/* x->out holds n bytes of a body: they are to leave later, as far as they are
 * to leave at all. */
static void
hold_back(struct http_exchange *x, size_t n, const struct http_manner *manner)
{
	struct slow *s = mem_zalloc(1, sizeof(*s));
	bool is_cut = manner->cut_at < n;

	s->manner = *manner;
	s->manner.is_reset = manner->is_reset && is_cut;
	s->began_us = loop_now(x->http->loop);
	s->body = is_cut ? (size_t)manner->cut_at : n;
	s->rest = evbuffer_new();
	evbuffer_remove_buffer(x->out, s->rest, s->body);
	evbuffer_drain(x->out, n - s->body);
	loop_timer_init(&s->timer, x->http->loop, on_due, x);
	s->watch = http_watch(x->http, x, on_gone, x);
	x->slow = s;
	x->is_last |= is_cut;
	x->is_cut |= is_cut;
}

static bool
is_plain(const struct http_manner *m, size_t n)
{
	return (m->bytes_per_second == 0 || n == 0) &&
	    (m->pause_us == 0 || m->pause_at >= n) && m->cut_at >= n;
}

void
http_answer_slowly(struct http *h, struct http_exchange *x, int status,
    uint64_t wall_us, const char *head, const void *body, size_t n,
    const struct http_manner *manner)
{
	size_t length = answer_gather(x, status, body, n);
	size_t leaves = evbuffer_get_length(x->out);

	if (!is_plain(manner, leaves))
		hold_back(x, leaves, manner);
	answer_head(h, x, status, wall_us, head, length);
	answer_push(x);
}
