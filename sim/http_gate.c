/* SPDX-License-Identifier: MIT */
/*
 * Which heads evhttp gets to see: whole ones in which nothing is wrong.  It
 * takes bare LFs, folded lines and two Content-Lengths, gives a head all the
 * time that its bytes take, and tells only of whole requests, bodies included.
 *
 * The gate is a callback on the input buffer of a connection, which runs before
 * evhttp's own.  A head that came in one piece stays where it is.  An
 * unfinished one is taken out, so that evhttp finds nothing, and goes back when
 * it is whole.  Instead of one that is refused, evhttp gets a stand-in, and
 * http.c answers that with what is wrong.
 *
 *	heads: hear --> (held) --> pass --> evhttp: body, request, answer
 *	             deadline, fault --> stand-in --> refusal, close
 */
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <stdlib.h>

#include "sim/http_priv.h"

enum {
	/* For one that came in only to be sent away. */
	BEYOND_US = 1000000
};

static const char stand_in[] = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

static struct evbuffer *
input(const struct connection *k)
{
	return bufferevent_get_input(k->bev);
}

static void
hold(struct connection *k)
{
	if (k->held == NULL)
		k->held = evbuffer_new();
	evbuffer_add_buffer(k->held, input(k));
}

static void
forget_held(struct connection *k)
{
	if (k->held != NULL)
		evbuffer_free(k->held);
	k->held = NULL;
}

static void
end_call(struct connection *k, int status)
{
	const struct http_opts *opts = &k->http->opts;

	if (k->call != NULL)
		opts->on_end(opts->arg, k->call, status);
	k->call = NULL;
}

static void
refuse(struct connection *k, int status, const char *fault)
{
	k->is_busy = true;
	k->refusal = status;
	k->fault = fault;
	loop_timer_cancel(&k->deadline);
	end_call(k, status);
	forget_held(k);
	evbuffer_drain(input(k), evbuffer_get_length(input(k)));
	evbuffer_prepend(input(k), stand_in, sizeof(stand_in) - 1);
}

static void
on_deadline(void *arg)
{
	struct connection *k = arg;

	if (k->is_beyond)
		refuse(k, 503, "Too many connections.");
	else
		refuse(k, 408, "The head took too long.");
	bufferevent_trigger(k->bev, EV_READ, 0);
}

/* --- hearing --- */

static void
begin_call(struct connection *k, enum http_method method, const char *target,
    size_t n)
{
	struct http *h = k->http;

	buf_clear(&h->line);
	buf_add(&h->line, target, n);
	k->call = h->opts.on_head(h->opts.arg, method, h->line.data);
}

static void
pass(struct connection *k, const char *bytes)
{
	const struct head *head = &k->head;

	begin_call(k, head->method, bytes + head->target_at, head->target_len);
	if (k->is_beyond) {
		refuse(k, 503, "Too many connections.");
		return;
	}
	k->is_busy = true;
	loop_timer_cancel(&k->deadline);
	if (k->held != NULL)
		evbuffer_prepend_buffer(input(k), k->held);
	forget_held(k);
}

static void
wait_for_more(struct connection *k)
{
	struct http *h = k->http;

	hold(k);
	if (h->opts.head_timeout_us > 0 && !loop_timer_is_set(&k->deadline))
		loop_timer_set(&k->deadline,
		    loop_now(h->loop) + h->opts.head_timeout_us);
}

static void
hear(struct connection *k)
{
	struct evbuffer *from = k->held != NULL ? k->held : input(k);
	const char *bytes;
	size_t n;

	if (k->held != NULL)
		hold(k);
	n = evbuffer_get_length(from);
	if (n > HTTP_MAX_HEAD)
		n = HTTP_MAX_HEAD;
	bytes = (const char *)evbuffer_pullup(from, (ev_ssize_t)n);
	switch (head_read(&k->head, bytes, n)) {
	case HEAD_UNFINISHED:
		wait_for_more(k);
		break;
	case HEAD_WHOLE:
		pass(k, bytes);
		break;
	case HEAD_FAULTY:
		begin_call(k, HTTP_OTHER_METHOD, "", 0);
		refuse(k, k->head.status, k->head.fault);
		break;
	}
}

static void
on_input(struct evbuffer *in, const struct evbuffer_cb_info *info, void *arg)
{
	struct connection *k = arg;

	(void)in;
	if (info->n_added > 0 && !k->is_busy)
		hear(k);
}

/* evhttp itself answers a target or a body that it cannot read, and tells
 * nobody; it writes the line with the status first, and as one piece. */
static void
on_output(struct evbuffer *out, const struct evbuffer_cb_info *info, void *arg)
{
	static const char version[] = "HTTP/1.1 ";
	struct connection *k = arg;
	const char *bytes;
	long status;

	if (k->call == NULL || info->n_added < sizeof(version) + 3)
		return;
	bytes = (const char *)evbuffer_pullup(out, -1) + info->orig_size;
	status = strtol(bytes + sizeof(version) - 1, NULL, 10);
	if (status >= 400) /* and not 100, that it may go on */
		end_call(k, (int)status);
}

/* --- life --- */

void
gate_init(struct connection *k)
{
	struct loop *loop = k->http->loop;

	head_init(&k->head);
	loop_timer_init(&k->deadline, loop, on_deadline, k);
	if (k->is_beyond)
		loop_timer_set(&k->deadline, loop_now(loop) + BEYOND_US);
	evbuffer_add_cb(input(k), on_input, k);
	evbuffer_add_cb(bufferevent_get_output(k->bev), on_output, k);
}

void
gate_release(struct connection *k)
{
	end_call(k, 0);
	loop_timer_cancel(&k->deadline);
	forget_held(k);
}

/* evhttp is about to read again, unless it closes: it tells nobody which.  So
 * what a client sent ahead is out of its sight until it has made up its mind.
 */
void
gate_next(struct connection *k)
{
	k->is_busy = false;
	head_init(&k->head);
	if (evbuffer_get_length(input(k)) == 0)
		return;
	hold(k);
	door_wait(k);
}

void
gate_look(struct connection *k)
{
	if (k->is_busy || k->held == NULL)
		return;
	hear(k);
	if (k->is_busy)
		bufferevent_trigger(k->bev, EV_READ, 0);
}
