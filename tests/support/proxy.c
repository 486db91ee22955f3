/* SPDX-License-Identifier: MIT */
/*
 * Two bufferevents for each tunnel, and each one's input is the other's output.
 * The target of a CONNECT is an address of IPv4 and a port.
 */
#include "tests/support/proxy.h"

#include <arpa/inet.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/listener.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "src/base/buf.h"
#include "src/base/loop.h"
#include "src/base/mem.h"

enum { HEARD_MAX = 1024 * 1024 };

struct tunnel {
	struct proxy *proxy;
	LIST_ENTRY(tunnel) link;
	struct bufferevent *client;
	struct bufferevent *server; /* NULL: no tunnel yet */
};

struct proxy {
	struct event_base *events;
	struct evconnlistener *listener;
	char url[64];
	const char *answer, *lines;
	struct buf heard;
	size_t asked;
	LIST_HEAD(tunnels, tunnel) tunnels;
};

static void
drop(struct tunnel *t)
{
	bufferevent_free(t->client);
	if (t->server != NULL)
		bufferevent_free(t->server);
	LIST_REMOVE(t, link);
	free(t);
}

static void
on_bytes(struct bufferevent *from, void *arg)
{
	struct tunnel *t = arg;

	bufferevent_write_buffer(from == t->client ? t->server : t->client,
	    bufferevent_get_input(from));
}

/* A refused client is let go when it has the whole answer. */
static void
on_written(struct bufferevent *client, void *arg)
{
	(void)client;
	drop(arg);
}

/* The end of one side, after all that it said. */
static void
on_event(struct bufferevent *side, short what, void *arg)
{
	struct tunnel *t = arg;
	struct bufferevent *other = side == t->client ? t->server : t->client;

	if ((what & (BEV_EVENT_EOF | BEV_EVENT_ERROR)) == 0)
		return;
	if (other == NULL ||
	    evbuffer_get_length(bufferevent_get_output(other)) == 0) {
		drop(t);
		return;
	}
	bufferevent_disable(side, EV_READ);
	bufferevent_setcb(other, NULL, on_written, on_event, t);
}

static void
connect_server(struct tunnel *t, const char *head)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	char host[64];
	unsigned port;

	if (sscanf(head, "CONNECT %63[0-9.]:%u HTTP/1.1", host, &port) != 2 ||
	    inet_pton(AF_INET, host, &address.sin_addr) != 1)
		abort();
	address.sin_port = htons((in_port_t)port);
	t->server = bufferevent_socket_new(t->proxy->events, -1,
	    BEV_OPT_CLOSE_ON_FREE);
	bufferevent_setcb(t->server, on_bytes, NULL, on_event, t);
	bufferevent_enable(t->server, EV_READ | EV_WRITE);
	if (bufferevent_socket_connect(t->server, (struct sockaddr *)&address,
		sizeof(address)) != 0)
		abort();
}

static void
on_head(struct bufferevent *client, void *arg)
{
	struct evbuffer *in = bufferevent_get_input(client);
	struct tunnel *t = arg;
	struct proxy *proxy = t->proxy;
	struct evbuffer_ptr end = evbuffer_search(in, "\r\n\r\n", 4, NULL);
	size_t from = proxy->heard.len, n = (size_t)end.pos + 4;

	if (end.pos < 0)
		return;
	buf_add(&proxy->heard, evbuffer_pullup(in, (ev_ssize_t)n), n);
	evbuffer_drain(in, n);
	proxy->asked++;
	if (proxy->answer != NULL) {
		if (*proxy->answer == '\0') {
			drop(t);
			return;
		}
		bufferevent_setcb(client, NULL, on_written, on_event, t);
		evbuffer_add(bufferevent_get_output(client), proxy->answer,
		    strlen(proxy->answer));
		return;
	}
	connect_server(t, proxy->heard.data + from);
	evbuffer_add_printf(bufferevent_get_output(client),
	    "HTTP/1.1 200 Connected\r\n%s\r\n", proxy->lines);
	bufferevent_setcb(client, on_bytes, NULL, on_event, t);
}

static void
on_connection(struct evconnlistener *listener, evutil_socket_t fd,
    struct sockaddr *address, int n, void *arg)
{
	struct proxy *proxy = arg;
	struct tunnel *t = mem_zalloc(1, sizeof(*t));

	(void)listener, (void)address, (void)n;
	t->proxy = proxy;
	t->client = bufferevent_socket_new(proxy->events, fd,
	    BEV_OPT_CLOSE_ON_FREE);
	LIST_INSERT_HEAD(&proxy->tunnels, t, link);
	bufferevent_setcb(t->client, on_head, NULL, on_event, t);
	bufferevent_enable(t->client, EV_READ | EV_WRITE);
}

struct proxy *
proxy_start(struct loop *loop)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	struct proxy *proxy = mem_zalloc(1, sizeof(*proxy));
	socklen_t n = sizeof(address);

	proxy->events = loop_events(loop);
	proxy->lines = "";
	LIST_INIT(&proxy->tunnels);
	buf_init(&proxy->heard, HEARD_MAX);
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	proxy->listener = evconnlistener_new_bind(proxy->events, on_connection,
	    proxy, LEV_OPT_CLOSE_ON_FREE, -1, (struct sockaddr *)&address,
	    (int)n);
	if (proxy->listener == NULL ||
	    getsockname(evconnlistener_get_fd(proxy->listener),
		(struct sockaddr *)&address, &n) != 0)
		abort();
	snprintf(proxy->url, sizeof(proxy->url), "http://127.0.0.1:%d",
	    ntohs(address.sin_port));
	return proxy;
}

void
proxy_stop(struct proxy *proxy)
{
	struct tunnel *t;

	while ((t = LIST_FIRST(&proxy->tunnels)) != NULL)
		drop(t);
	evconnlistener_free(proxy->listener);
	buf_release(&proxy->heard);
	free(proxy);
}

const char *
proxy_url(const struct proxy *proxy)
{
	return proxy->url;
}

void
proxy_refuse(struct proxy *proxy, const char *answer)
{
	proxy->answer = answer;
}

void
proxy_add(struct proxy *proxy, const char *lines)
{
	proxy->lines = lines;
}

const char *
proxy_heard(const struct proxy *proxy)
{
	return proxy->heard.data != NULL ? proxy->heard.data : "";
}

size_t
proxy_tunnels(const struct proxy *proxy)
{
	return proxy->asked;
}
