/* SPDX-License-Identifier: MIT */
/*
 * The least that an evhttp server can do, for comparison with the simulator: a
 * DELETE is answered 204, anything else with one fixed object, both with as
 * many bytes of headers as the simulator sends.
 *
 *	bare [DELAY-MS]
 *
 * With a delay each request waits in a timer of libevent first.  The first
 * line of output says where it listens; SIGTERM ends it.
 */
#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/listener.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BACKLOG = 4096 };

/* evhttp writes a reason as it is; headers behind it cost it nothing more. */
#define HEADERS                                                             \
	"\r\nContent-Type: application/json; charset=UTF-8\r\n"             \
	"X-GUploader-UploadID: ABPtcPrxxxxxxxxxxxxxxxxxxxx\r\n"             \
	"Vary: Origin\r\nVary: X-Origin\r\n"                                \
	"Cache-Control: no-cache, no-store, max-age=0, must-revalidate\r\n" \
	"Expires: Mon, 01 Jan 1990 00:00:00 GMT\r\n"                        \
	"Pragma: no-cache\r\nServer: UploadServer\r\n"                      \
	"Server-Timing: sim;dur=0.0, limit;dur=0.0"

struct bare {
	struct event_base *events;
	struct timeval delay;
	char object[1152]; /* as long as an object's metadata */
};

static void
answer(struct evhttp_request *req, struct bare *b)
{
	struct evbuffer *out = evhttp_request_get_output_buffer(req);

	if (evhttp_request_get_command(req) == EVHTTP_REQ_DELETE) {
		evhttp_send_reply(req, 204, "No Content" HEADERS, NULL);
		return;
	}
	evbuffer_add(out, b->object, sizeof(b->object));
	evhttp_send_reply(req, 200, "OK" HEADERS, NULL);
}

struct wait {
	struct bare *bare;
	struct evhttp_request *req;
};

static void
on_time(evutil_socket_t fd, short what, void *arg)
{
	struct wait *w = arg;

	(void)fd, (void)what;
	answer(w->req, w->bare);
	free(w);
}

static void
on_request(struct evhttp_request *req, void *arg)
{
	struct bare *b = arg;
	struct wait *w;

	if (b->delay.tv_sec == 0 && b->delay.tv_usec == 0) {
		answer(req, b);
		return;
	}
	if ((w = malloc(sizeof(*w))) == NULL)
		abort();
	*w = (struct wait){ b, req };
	event_base_once(b->events, -1, EV_TIMEOUT, on_time, w, &b->delay);
}

static void
on_signal(evutil_socket_t signo, short what, void *arg)
{
	(void)signo, (void)what;
	event_base_loopbreak(arg);
}

static struct event_base *
open_events(void)
{
	struct event_config *config = event_config_new();
	struct event_base *events;

	event_config_set_flag(config, EVENT_BASE_FLAG_PRECISE_TIMER);
	events = event_base_new_with_config(config);
	event_config_free(config);
	return events;
}

/* On a free port of loopback; accepted sockets inherit the option. */
static struct evconnlistener *
open_listener(struct event_base *events)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof(address);
	struct evconnlistener *listener = evconnlistener_new_bind(events, NULL,
	    NULL, LEV_OPT_CLOSE_ON_FREE, BACKLOG, (struct sockaddr *)&address,
	    (int)n);
	int on = 1;

	if (listener == NULL)
		abort();
	setsockopt(evconnlistener_get_fd(listener), IPPROTO_TCP, TCP_NODELAY,
	    &on, sizeof(on));
	getsockname(evconnlistener_get_fd(listener),
	    (struct sockaddr *)&address, &n);
	printf("bare ready http://127.0.0.1:%d\n", ntohs(address.sin_port));
	fflush(stdout);
	return listener;
}

int
main(int argc, char **argv)
{
	struct bare b = { .events = open_events() };
	long ms = argc > 1 ? atol(argv[1]) : 0;
	struct evhttp *http = evhttp_new(b.events);
	struct event *stop = evsignal_new(b.events, SIGTERM, on_signal,
	    b.events);

	if (argc > 2 || ms < 0) {
		fputs("usage: bare [DELAY-MS]\n", stderr);
		return 2;
	}
	b.delay = (struct timeval){ ms / 1000, ms % 1000 * 1000 };
	memset(b.object, ' ', sizeof(b.object));
	memcpy(b.object, "{}", 2);
	evhttp_set_default_content_type(http, NULL);
	evhttp_set_gencb(http, on_request, &b);
	evhttp_set_allowed_methods(http, EVHTTP_REQ_GET | EVHTTP_REQ_DELETE);
	evhttp_bind_listener(http, open_listener(b.events));
	event_add(stop, NULL);
	event_base_dispatch(b.events);
	event_free(stop);
	evhttp_free(http);
	event_base_free(b.events);
	return EXIT_SUCCESS;
}
