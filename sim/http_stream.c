/* SPDX-License-Identifier: MIT */
/*
 * The end of such an answer is the end of its connection, so it needs no
 * framing.  Bytes are sent from the loop alone: whoever adds some never finds
 * that the stream has ended under his hands.
 */
#include "sim/http_stream.h"

#include <event2/buffer.h>
#include <stdlib.h>

#include "sim/http_carry_priv.h"
#include "sim/http_priv.h"
#include "sim/http_later_priv.h"
#include "src/base/mem.h"

struct stream {
	void (*on_end)(void *arg);
	void *arg;
	struct event *watch; /* for a client that leaves */
};

static void
on_gone(evutil_socket_t fd, short what, void *arg)
{
	struct http_exchange *x = arg;

	(void)fd, (void)what;
	x->state = EXCHANGE_OVER;
	hear(x);
}

void
http_stream_open(struct http *h, struct http_exchange *x, uint64_t wall_us,
    const char *head, void (*on_end)(void *arg), void *arg)
{
	struct stream *s = mem_zalloc(1, sizeof(*s));

	s->on_end = on_end;
	s->arg = arg;
	s->watch = http_watch(h, x, on_gone, x);
	x->stream = s;
	x->is_last = true;
	x->state = EXCHANGE_STREAMING;
	answer_head(h, x, 200, wall_us, head, ANSWER_ENDLESS);
	answer_push_later(x);
}

void
http_stream_add(struct http_exchange *x, const void *bytes, size_t n)
{
	evbuffer_add(x->out, bytes, n);
	answer_push_later(x);
}

size_t
http_stream_waiting(const struct http_exchange *x)
{
	return evbuffer_get_length(x->out) + carry_waiting(x);
}

bool
stream_goes_on(struct http_exchange *x)
{
	if (x->stream == NULL)
		return false;
	x->state = EXCHANGE_STREAMING;
	return true;
}

void
stream_end(struct http_exchange *x)
{
	struct stream *s = x->stream;

	if (s == NULL)
		return;
	x->stream = NULL;
	event_free(s->watch);
	s->on_end(s->arg);
	free(s);
}

void
http_stream_end_all(struct http *h)
{
	struct http_exchange *x, *next;

	for (x = h->exchanges; x != NULL; x = next) {
		next = x->next;
		if (x->stream == NULL)
			continue;
		stream_end(x);
		if (http_stream_waiting(x) == 0)
			answer_push(x);
		else
			http_drop(x);
	}
}
