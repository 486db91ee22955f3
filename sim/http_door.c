/* SPDX-License-Identifier: MIT */
/*
 * Who comes in.  evhttp's own listener spins when descriptors run out, and it
 * knows no cap.  Ours counts the connections that are open: evhttp makes its
 * bufferevents through us, and a moment later tells us, as the argument of that
 * bufferevent's callbacks, which connection it became, so that we can ask to
 * hear of its end.
 *
 * Without room the door is shut for a moment and clients wait in the kernel's
 * backlog: there is no room when descriptors have run out or are about to.
 * Beyond a cap that was asked for, a client comes in to be told so; only a few
 * at once may, so that a flood cannot eat the descriptors.
 */
#include <errno.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/listener.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sim/http_priv.h"
#include "src/base/mem.h"

enum {
	/* Half of what listen.c keeps spare. */
	MAX_BEYOND = 32,
	WARNING_US = 1000000
};

/* How long the door stays shut: ten looks a second cost nothing. */
static const struct timeval REST = { .tv_usec = 100000 };

static void
link_to(struct connection **list, struct connection *k)
{
	k->next = *list;
	k->self = list;
	if (k->next != NULL)
		k->next->self = &k->next;
	*list = k;
}

static void
unlink_it(struct connection *k)
{
	*k->self = k->next;
	if (k->next != NULL)
		k->next->self = k->self;
}

/* --- shut and open --- */

static bool
has_room(const struct http *h)
{
	return h->is_capped ? h->beyond < MAX_BEYOND
			    : h->open < h->max_connections;
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
rest(struct http *h)
{
	if (h->listener == NULL)
		return;
	h->is_resting = true;
	evconnlistener_disable(h->listener);
	event_del(h->knock);
	event_add(h->resume, &REST);
}

/* What accepting takes, a socket takes: a descriptor, a file, memory. */
static bool
can_accept(struct http *h)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char text[200];

	if (fd >= 0) {
		close(fd);
		return true;
	}
	snprintf(text, sizeof(text),
	    "cannot accept connections: %s; clients wait until others leave%s",
	    strerror(errno),
	    errno == EMFILE ? " (ulimit -n sets how many there can be)" : "");
	warn(h, text);
	return false;
}

/* Opens the door, or keeps it shut for another moment. */
static void
look_outside(struct http *h)
{
	if (h->listener == NULL)
		return;
	if (!has_room(h) || !can_accept(h)) {
		rest(h);
		return;
	}
	h->is_resting = false;
	evconnlistener_enable(h->listener);
	event_add(h->knock, NULL);
}

static void
on_resume(evutil_socket_t fd, short what, void *arg)
{
	(void)fd, (void)what;
	look_outside(arg);
}

/* Somebody is at the door: the listener has heard it too, and has accepted
 * him, or will in this turn, or has failed. */
static void
on_knock(evutil_socket_t fd, short what, void *arg)
{
	(void)fd, (void)what;
	look_outside(arg);
}

/* All that the listener tells about itself here is evhttp's, so it is only
 * switched off; on_knock finds out why. */
static void
on_accept_error(struct evconnlistener *listener, void *arg)
{
	(void)arg;
	evconnlistener_disable(listener);
}

/* --- in and out --- */

static void
on_close(struct evhttp_connection *evcon, void *arg)
{
	struct connection *k = arg;
	struct http *h = k->http;

	(void)evcon;
	gate_release(k);
	h->by_fd.v[bufferevent_getfd(k->bev)] = NULL;
	if (k->is_beyond)
		h->beyond--;
	else
		h->open--;
	unlink_it(k);
	free(k);
	/* One that waits at the door may come in now. */
	if (h->is_resting)
		event_active(h->resume, EV_TIMEOUT, 0);
}

static void
claim(struct connection *k)
{
	struct http *h = k->http;
	size_t fd = (size_t)bufferevent_getfd(k->bev);
	void *evcon;

	bufferevent_getcb(k->bev, NULL, NULL, NULL, &evcon);
	k->evcon = evcon;
	evhttp_connection_set_closecb(evcon, on_close, k);
	while (h->by_fd.n <= fd)
		*vec_push(&h->by_fd) = NULL;
	h->by_fd.v[fd] = k;
	gate_init(k);
}

/* The next that waits for a look, among the others again; or NULL. */
static struct connection *
next_waiting(struct http *h)
{
	struct connection *k = h->waiting;

	if (k == NULL)
		return NULL;
	unlink_it(k);
	link_to(&h->connections, k);
	return k;
}

/* Runs before any byte of a fresh connection is read: right after the round of
 * accepting that made it. */
static void
on_look(evutil_socket_t fd, short what, void *arg)
{
	struct connection *k;

	(void)fd, (void)what;
	while ((k = next_waiting(arg)) != NULL) {
		if (k->evcon == NULL)
			claim(k);
		else
			gate_look(k);
	}
}

void
door_wait(struct connection *k)
{
	unlink_it(k);
	link_to(&k->http->waiting, k);
	event_active(k->http->look, EV_TIMEOUT, 0);
}

/* Called by evhttp for each connection that it has accepted. */
static struct bufferevent *
want_connection(struct event_base *base, void *arg)
{
	struct http *h = arg;
	struct connection *k = mem_zalloc(1, sizeof(*k));

	k->http = h;
	k->bev = bufferevent_socket_new(base, -1, 0);
	k->is_beyond = h->is_capped && h->open >= h->max_connections;
	if (k->is_beyond) {
		h->refused++;
		h->beyond++;
	} else {
		h->accepted++;
		h->open++;
	}
	link_to(&h->waiting, k);
	event_active(h->look, EV_TIMEOUT, 0);
	if (!has_room(h))
		rest(h);
	return k->bev;
}

struct connection *
door_find(const struct http *h, struct evhttp_request *req)
{
	struct bufferevent *bev = evhttp_connection_get_bufferevent(
	    evhttp_request_get_connection(req));

	return h->by_fd.v[bufferevent_getfd(bev)];
}

/* --- life --- */

void
door_open(struct http *h)
{
	struct event_base *base = loop_events(h->loop);

	h->resume = evtimer_new(base, on_resume, h);
	h->look = evtimer_new(base, on_look, h);
	h->knock = event_new(base, evconnlistener_get_fd(h->listener),
	    EV_READ | EV_PERSIST, on_knock, h);
	event_add(h->knock, NULL);
	evhttp_set_bevcb(h->evhttp, want_connection, h);
	h->bound = evhttp_bind_listener(h->evhttp, h->listener);
	evconnlistener_set_error_cb(h->listener, on_accept_error);
}

void
door_shut(struct http *h)
{
	if (h->listener == NULL)
		return;
	event_del(h->knock);
	evhttp_del_accept_socket(h->evhttp, h->bound);
	h->listener = NULL;
}

void
door_close(struct http *h)
{
	struct connection *k;

	door_shut(h);
	while ((k = next_waiting(h)) != NULL) {
		if (k->evcon == NULL)
			claim(k);
	}
	for (k = h->connections; k != NULL; k = k->next)
		k->call = NULL;
	evhttp_free(h->evhttp); /* with its connections */
	event_free(h->resume);
	event_free(h->knock);
	event_free(h->look);
	vec_release(&h->by_fd);
}
