/* SPDX-License-Identifier: MIT */
/* The whole, and what its requests say. */
#include "sim/http.h"

#include <event2/buffer.h>
#include <event2/event.h>
#include <stdlib.h>
#include <strings.h>

#include "sim/http_carry_priv.h"
#include "sim/http_priv.h"
#include "sim/http_stream.h"
#include "src/base/mem.h"

enum {
	/* Of an answer: what a request said that it repeats, and more. */
	MAX_ANSWER_HEAD = 16 * HTTP_MAX_HEAD
};

/* --- requests --- */

const char *
http_method_name(enum http_method method)
{
	static const char *const names[] = {
		[HTTP_GET] = "GET",
		[HTTP_POST] = "POST",
		[HTTP_DELETE] = "DELETE",
		[HTTP_HEAD] = "HEAD",
		[HTTP_PUT] = "PUT",
		[HTTP_PATCH] = "PATCH",
		[HTTP_OPTIONS] = "OPTIONS",
		[HTTP_OTHER_METHOD] = "OTHER",
	};

	return names[method];
}

enum http_method
http_method(const struct http_exchange *x)
{
	return x->reader.head.method;
}

const char *
http_target(const struct http_exchange *x)
{
	return x->reader.data + x->reader.head.target_at;
}

const char *
http_scheme(const struct http_exchange *x)
{
	return x->is_carried || x->wire.talk != NULL ? "https" : "http";
}

bool
http_next_header(const struct http_exchange *x, size_t *at, const char **name,
    const char **value)
{
	return head_next(&x->reader.head, x->reader.data, at, name, value);
}

const char *
http_header(const struct http_exchange *x, const char *name)
{
	const char *other, *value;
	size_t at = 0;

	while (http_next_header(x, &at, &other, &value)) {
		if (strcasecmp(other, name) == 0)
			return value;
	}
	return NULL;
}

const void *
http_body(const struct http_exchange *x, size_t *n)
{
	*n = x->reader.body_len;
	return *n > 0 ? x->reader.data + x->reader.body_at : NULL;
}

struct evbuffer *
http_output(struct http_exchange *x)
{
	return x->out;
}

struct event *
http_watch(struct http *h, struct http_exchange *x, event_callback_fn on_gone,
    void *arg)
{
	struct event *watch = event_new(loop_events(h->loop), x->wire.fd,
	    x->is_carried ? 0 : EV_CLOSED, on_gone, arg);

	if (x->is_carried)
		x->watch = watch;
	else
		event_add(watch, NULL);
	return watch;
}

void
http_drop(struct http_exchange *x)
{
	x->state = EXCHANGE_OVER;
	hear(x);
}

void
http_set_reset(struct http_exchange *x)
{
	if (x->is_carried)
		carry_reset(x);
	else
		wire_set_reset(&x->wire);
	x->state = EXCHANGE_OVER;
}

void
http_reset(struct http_exchange *x)
{
	http_set_reset(x);
	hear(x);
}

void
http_close_unanswered(struct http_exchange *x)
{
	x->is_last = true;
	x->is_cut = true;
	answer_push(x);
}

void
http_turn_away(struct http_exchange *x, bool by_goaway)
{
	if (!x->is_carried) {
		http_close_unanswered(x);
		return;
	}
	carry_turn_away(x, by_goaway);
	hear(x);
}

uint64_t
http_connection(const struct http_exchange *x)
{
	return x->number;
}

uint32_t
http_turn(const struct http_exchange *x)
{
	return x->turn;
}

/* --- the whole --- */

struct http *
http_open(struct loop *loop, const struct http_opts *opts, struct err *err)
{
	struct http *h = mem_zalloc(1, sizeof(*h));
	uint64_t can_have = listen_raise_fd_limit();

	h->loop = loop;
	h->opts = *opts;
	h->is_capped = opts->max_connections != 0 &&
	    opts->max_connections <= can_have;
	h->max_connections = h->is_capped ? opts->max_connections : can_have;
	if (door_open(h, err) != 0) {
		free(h);
		return NULL;
	}
	buf_init(&h->head, MAX_ANSWER_HEAD);
	return h;
}

void
http_close(struct http *h)
{
	if (h == NULL)
		return;
	door_close(h);
	buf_release(&h->head);
	free(h);
}

const char *
http_url(const struct http *h)
{
	return h->doors[DOOR_PLAIN].url;
}

const char *
http_tls_url(const struct http *h)
{
	const char *url = h->doors[DOOR_TLS].url;

	return url[0] != '\0' ? url : NULL;
}

uint64_t
http_accepted(const struct http *h)
{
	return h->accepted;
}

uint64_t
http_refused(const struct http *h)
{
	return h->refused;
}

void
http_reset_counts(struct http *h)
{
	h->accepted = 0;
	h->refused = 0;
}

void
http_drain(struct http *h)
{
	door_shut(h);
	http_stream_end_all(h);
	carry_drain(h);
}

bool
http_is_quiet(const struct http *h)
{
	const struct http_exchange *x;

	for (x = h->exchanges; x != NULL; x = x->next) {
		if (x->state == EXCHANGE_SENDING ||
		    (x->state == EXCHANGE_CARRYING && !carry_is_quiet(x)))
			return false;
	}
	return true;
}
