/* SPDX-License-Identifier: MIT */
/*
 * Who comes in, and who leaves.  Without room the door is shut for a moment and
 * clients wait in the kernel's backlog: there is no room when descriptors have
 * run out or are about to.  Beyond a cap that was asked for, a client comes in
 * to be told so; only a few at once may, so that a flood cannot eat the
 * descriptors.
 */
#include <errno.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/http_carry_priv.h"
#include "sim/http_priv.h"
#include "src/base/mem.h"

enum {
	/* Half of what listen.c keeps spare. */
	MAX_BEYOND = 32,
	WARNING_US = 1000000
};

/* How long the door stays shut: ten looks a second cost nothing. */
static const struct timeval REST = { .tv_usec = 100000 };

/* --- shut and open --- */

static bool
has_room(const struct http *h)
{
	return h->is_capped ? h->beyond < MAX_BEYOND
			    : h->open < h->max_connections;
}

static void
turn_doors(struct http *h, int (*turn)(struct evconnlistener *listener))
{
	struct door *door;

	for (door = h->doors; door < h->doors + DOORS; door++) {
		if (door->listener != NULL)
			turn(door->listener);
	}
}

static void
rest(struct http *h)
{
	h->is_resting = true;
	turn_doors(h, evconnlistener_disable);
	event_add(h->resume, &REST);
}

static void
on_resume(evutil_socket_t fd, short what, void *arg)
{
	struct http *h = arg;

	(void)fd, (void)what;
	h->is_resting = false;
	if (h->is_draining)
		return;
	if (has_room(h))
		turn_doors(h, evconnlistener_enable);
	else
		rest(h);
}

/* Once a second at most, however long it lasts. */
static void
warn(struct http *h, const char *text)
{
	uint64_t now = loop_now(h->loop);

	if (h->opts.on_warning == NULL || now < h->next_warning)
		return;
	h->next_warning = now + WARNING_US;
	h->opts.on_warning(h->opts.warning_arg, text);
}

static void
on_accept_error(struct evconnlistener *listener, void *arg)
{
	const struct door *door = arg;
	char text[200];

	(void)listener;
	snprintf(text, sizeof(text),
	    "cannot accept connections: %s; clients wait until others leave%s",
	    strerror(errno),
	    errno == EMFILE ? " (ulimit -n sets how many there can be)" : "");
	warn(door->http, text);
	rest(door->http);
}

/* --- in and out --- */

void
door_enter(struct http_exchange *x)
{
	struct http *h = x->http;

	x->next = h->exchanges;
	x->self = &h->exchanges;
	if (x->next != NULL)
		x->next->self = &x->next;
	h->exchanges = x;
	answer_init(x);
	hear_init(x);
}

static void
on_accept(struct evconnlistener *listener, evutil_socket_t fd,
    struct sockaddr *address, int address_len, void *arg)
{
	const struct door *door = arg;
	struct http *h = door->http;
	struct http_exchange *x = mem_zalloc(1, sizeof(*x));

	(void)listener, (void)address, (void)address_len;
	x->http = h;
	wire_init(&x->wire, loop_events(h->loop), fd, door->tls);
	x->number = ++h->connections;
	x->is_beyond = h->is_capped && h->open >= h->max_connections;
	if (x->is_beyond) {
		h->refused++;
		h->beyond++;
	} else {
		h->accepted++;
		h->open++;
	}
	door_enter(x);
	if (!has_room(h))
		rest(h);
}

static void
close_connection(struct http_exchange *x)
{
	struct http *h = x->http;

	carry_end(x);
	wire_release(&x->wire);
	if (x->is_beyond)
		h->beyond--;
	else
		h->open--;
}

void
door_leave(struct http_exchange *x)
{
	struct http *h = x->http;

	hear_release(x);
	answer_release(x);
	if (x->is_carried)
		carry_leave(x);
	else
		close_connection(x);
	*x->self = x->next;
	if (x->next != NULL)
		x->next->self = x->self;
	free(x);
	/* One that waits at the door may come in now. */
	if (h->is_resting)
		event_active(h->resume, EV_TIMEOUT, 0);
}

/* --- life --- */

static int
open_one(struct http *h, int which, const char *listen, struct tls *tls,
    struct err *err)
{
	struct door *door = &h->doors[which];

	door->http = h;
	door->tls = tls;
	door->listener = listen_open(loop_events(h->loop),
	    tls != NULL ? "https" : "http", listen, door->url, err);
	if (door->listener == NULL)
		return -1;
	evconnlistener_set_error_cb(door->listener, on_accept_error);
	evconnlistener_set_cb(door->listener, on_accept, door);
	return 0;
}

int
door_open(struct http *h, struct err *err)
{
	const struct http_opts *opts = &h->opts;

	if (open_one(h, DOOR_PLAIN, opts->listen, NULL, err) != 0 ||
	    (opts->tls_listen != NULL &&
		open_one(h, DOOR_TLS, opts->tls_listen, opts->tls, err) != 0)) {
		door_shut(h);
		return -1;
	}
	h->resume = evtimer_new(loop_events(h->loop), on_resume, h);
	return 0;
}

void
door_shut(struct http *h)
{
	struct door *door;

	h->is_draining = true;
	for (door = h->doors; door < h->doors + DOORS; door++) {
		if (door->listener != NULL)
			evconnlistener_free(door->listener);
		door->listener = NULL;
	}
}

void
door_close(struct http *h)
{
	struct http_exchange *x;

	door_shut(h);
	for (x = h->exchanges; x != NULL; x = x->next)
		x->call = NULL;
	while ((x = h->exchanges) != NULL) {
		if (!x->is_carried &&
		    (x->state == EXCHANGE_HEARING ||
			x->state == EXCHANGE_CARRYING))
			wire_end(&x->wire, false);
		door_leave(x);
	}
	event_free(h->resume);
}
