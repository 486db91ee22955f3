/* SPDX-License-Identifier: MIT */
/*
 * Answers: a head in front of what the body's owner has put there, all in one
 * write.  What the socket does not take at once goes out as it makes room; the
 * last answer of a connection ends it in order, so that the client has it.
 */
#include <event2/buffer.h>
#include <event2/event.h>
#include <stdio.h>
#include <time.h>

#include "sim/http_carry_priv.h"
#include "sim/http_priv.h"
#include "sim/http_later_priv.h"
#include "sim/http_slow.h"
#include "sim/status.h"

/* A client that takes nothing of its answer for so long has gone. */
static const struct timeval STUCK = { .tv_sec = 600 };

/* And one that does not close after the last. */
static const struct timeval LINGER = { .tv_sec = 2 };

/* The Date header, formatted once a second. */
static const char *
date_at(struct http *h, uint64_t wall_us)
{
	time_t second = (time_t)(wall_us / 1000000);
	struct tm tm;

	if (second != h->date_of || h->date[0] == '\0') {
		gmtime_r(&second, &tm);
		strftime(h->date, sizeof(h->date), "%a, %d %b %Y %H:%M:%S GMT",
		    &tm);
		h->date_of = second;
	}
	return h->date;
}

/* --- the head --- */

static void
add_number(struct buf *head, size_t v)
{
	char digits[24], *at = digits + sizeof(digits);

	do
		*--at = (char)('0' + v % 10);
	while ((v /= 10) > 0);
	buf_add(head, at, (size_t)(digits + sizeof(digits) - at));
}

static bool
may_have_body(int status)
{
	return status != 204 && status != 304;
}

static void
add_first_line(struct buf *head, int status)
{
	buf_adds(head, "HTTP/1.1 ");
	add_number(head, (size_t)status);
	buf_addc(head, ' ');
	buf_adds(head, status_reason(status));
	buf_adds(head, "\r\n");
}

/* Of the answer with that status, n bytes of body and these lines of its own. */
static void
add_lines(struct http *h, int status, uint64_t wall_us, const char *lines,
    size_t n)
{
	struct buf *head = &h->head;

	buf_adds(head, lines);
	buf_adds(head, "Date: ");
	buf_adds(head, date_at(h, wall_us));
	buf_adds(head, "\r\n");
	if (may_have_body(status) && n != ANSWER_ENDLESS) {
		buf_adds(head, "Content-Length: ");
		add_number(head, n);
		buf_adds(head, "\r\n");
	}
}

/* --- sending --- */

static void
end_sending(struct http_exchange *x)
{
	if (slow_goes_on(x) || stream_goes_on(x))
		return;
	if (slow_resets(x)) {
		http_set_reset(x);
		return;
	}
	slow_end(x);
	if (x->is_carried) {
		x->state = EXCHANGE_OVER;
		return;
	}
	if (!x->is_last) {
		reader_next(&x->reader);
		x->state = EXCHANGE_HEARING;
		return;
	}
	if (!wire_end(&x->wire, x->is_cut)) {
		event_add(x->writable, &STUCK);
		return;
	}
	x->state = EXCHANGE_LINGERING;
	hear_from(x, &LINGER);
}

void
answer_end(struct http_exchange *x)
{
	end_sending(x);
	hear(x);
}

void
answer_push(struct http_exchange *x)
{
	if (x->is_carried) {
		carry_answer(x);
		hear(x);
		return;
	}
	x->state = EXCHANGE_SENDING;
	switch (wire_send(&x->wire, x->out)) {
	case WIRE_ALL:
		end_sending(x);
		break;
	case WIRE_SOME:
		event_add(x->writable, &STUCK);
		break;
	case WIRE_GONE:
		x->state = EXCHANGE_OVER;
		break;
	}
	hear(x);
}

void
answer_push_later(struct http_exchange *x)
{
	if (x->is_carried)
		event_active(x->writable, EV_WRITE, 0);
	else if (!event_pending(x->writable, EV_WRITE, NULL))
		event_add(x->writable, &STUCK);
}

static void
on_writable(evutil_socket_t fd, short what, void *arg)
{
	struct http_exchange *x = arg;

	(void)fd;
	if (!(what & EV_WRITE)) {
		x->state = EXCHANGE_OVER;
	} else if (x->state == EXCHANGE_CARRYING) {
		carry_push(x);
	} else {
		answer_push(x);
		return;
	}
	hear(x);
}

/* --- answers --- */

size_t
answer_gather(struct http_exchange *x, int status, const void *body, size_t n)
{
	size_t length = evbuffer_get_length(x->out) + n;

	if (!may_have_body(status) || x->reader.head.method == HTTP_HEAD)
		evbuffer_drain(x->out, length);
	else if (n > 0)
		evbuffer_add(x->out, body, n);
	return length;
}

void
answer_head(struct http *h, struct http_exchange *x, int status,
    uint64_t wall_us, const char *head, size_t length)
{
	buf_clear(&h->head);
	if (x->is_carried) {
		add_lines(h, status, wall_us, head, length);
		carry_head(x, status, h->head.data);
		return;
	}
	x->is_last |= h->is_draining;
	add_first_line(&h->head, status);
	add_lines(h, status, wall_us, head, length);
	if (x->is_last)
		buf_adds(&h->head, "Connection: close\r\n");
	buf_adds(&h->head, "\r\n");
	evbuffer_prepend(x->out, h->head.data, h->head.len);
}

void
http_answer(struct http *h, struct http_exchange *x, int status,
    uint64_t wall_us, const char *head, const void *body, size_t n)
{
	http_answer_slowly(h, x, status, wall_us, head, body, n, &http_plain);
}

void
answer_refusal(struct http_exchange *x, int status, const char *fault)
{
	struct http *h = x->http;
	char body[256];
	int n = snprintf(body, sizeof(body),
	    "<html><title>Error %d (%s)!!1</title>%s\n", status,
	    status_reason(status), fault);

	x->is_last = true;
	http_answer(h, x, status, loop_wall(h->loop),
	    "Content-Type: text/html; charset=UTF-8\r\n", body, (size_t)n);
}

/* What does not go out at once is not missed: a client waits a second for it
 * at most. */
void
answer_continue(struct http_exchange *x)
{
	static const char line[] = "HTTP/1.1 100 Continue\r\n\r\n";

	if (x->is_carried)
		carry_continue(x);
	else
		wire_say(&x->wire, line, sizeof(line) - 1);
}

void
answer_init(struct http_exchange *x)
{
	x->out = evbuffer_new();
	x->writable = event_new(loop_events(x->http->loop), x->wire.fd,
	    EV_WRITE, on_writable, x);
}

void
answer_release(struct http_exchange *x)
{
	slow_end(x);
	stream_end(x);
	event_free(x->writable);
	evbuffer_free(x->out);
}
