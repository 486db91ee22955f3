/* SPDX-License-Identifier: MIT */
/*
 * evhttp parses and writes.  What it lacks is added here:
 *
 * - Its listener spins when descriptors run out.  Ours goes quiet for a while
 *   and tries again.
 * - It has no cap on connections.  Ours counts those that are open: evhttp
 *   makes its bufferevents through us, and a moment later tells us, as the
 *   argument of that bufferevent's callbacks, which connection it became, so
 *   that we can ask to hear of its end.  Beyond the cap clients wait in the
 *   kernel's backlog.
 * - It takes two Content-Length headers, signs and spaces in them, and bodies
 *   of a GET or DELETE: each lets two readers see different requests in the
 *   same bytes.
 * - It copies every header of an answer twice, name and value apart.  Ours go
 *   out as one text behind the reason phrase, which it writes as it is.
 */
#include "sim/http.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <event2/listener.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <time.h>

#include "sim/listen.h"
#include "src/base/buf.h"
#include "src/base/mem.h"

enum {
	/* Production's is not published; long enough to outlast any pause. */
	IDLE_SECONDS = 600
};

/* How long the listener rests when there is no room for another connection. */
static const struct timeval REST = { .tv_usec = 100000 };

struct connection {
	struct http *http;
	struct bufferevent *bev;
	struct connection *next;
	struct connection **self; /* the link to it */
};

struct http {
	struct event_base *base;
	struct evhttp *evhttp;
	struct evhttp_bound_socket *bound;
	struct evconnlistener *listener; /* bound's; NULL when draining */
	struct event *resume;
	struct event *claim;
	void (*on_request)(void *arg, struct http_exchange *x);
	void *arg;
	uint64_t accepted;
	uint64_t max_connections;
	uint64_t open;
	struct connection *connections; /* the open ones */
	struct connection *fresh;       /* not yet claimed */
	struct buf line; /* reason and headers of the answer being sent */
	time_t date_of;
	char date[40];
	char url[LISTEN_URL_MAX];
};

static struct evhttp_request *
raw(const struct http_exchange *x)
{
	return (struct evhttp_request *)(uintptr_t)x;
}

/* --- connections --- */

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

static void
on_close(struct evhttp_connection *evcon, void *arg)
{
	struct connection *k = arg;
	struct http *h = k->http;

	(void)evcon;
	unlink_it(k);
	free(k);
	/* One that waits at the door may come in now. */
	if (h->open-- == h->max_connections)
		event_active(h->resume, EV_TIMEOUT, 0);
}

/* Runs before any byte of a fresh connection is read: right after the round of
 * accepting that made it. */
static void
on_claim(evutil_socket_t fd, short what, void *arg)
{
	struct http *h = arg;
	struct connection *k;
	void *evcon;

	(void)fd, (void)what;
	while ((k = h->fresh) != NULL) {
		unlink_it(k);
		link_to(&h->connections, k);
		bufferevent_getcb(k->bev, NULL, NULL, NULL, &evcon);
		evhttp_connection_set_closecb(evcon, on_close, k);
	}
}

/* Until there is room again. */
static void
rest(struct http *h)
{
	if (h->listener == NULL)
		return;
	evconnlistener_disable(h->listener);
	event_add(h->resume, &REST);
}

static void
on_resume(evutil_socket_t fd, short what, void *arg)
{
	struct http *h = arg;

	(void)fd, (void)what;
	if (h->listener == NULL)
		return;
	if (h->open < h->max_connections)
		evconnlistener_enable(h->listener);
	else
		event_add(h->resume, &REST);
}

/* Out of descriptors, most likely. */
static void
on_accept_error(struct evconnlistener *listener, void *arg)
{
	(void)listener;
	rest(arg);
}

/* Called by evhttp for each connection that it has accepted. */
static struct bufferevent *
want_connection(struct event_base *base, void *arg)
{
	struct http *h = arg;
	struct connection *k = mem_zalloc(1, sizeof(*k));

	k->http = h;
	k->bev = bufferevent_socket_new(base, -1, 0);
	if (h->fresh == NULL)
		event_active(h->claim, EV_TIMEOUT, 0);
	link_to(&h->fresh, k);
	h->accepted++;
	if (++h->open >= h->max_connections)
		rest(h);
	return k->bev;
}

/* --- requests --- */

static bool
is_number(const char *s)
{
	return s[0] != '\0' && s[strspn(s, "0123456789")] == '\0';
}

/* What is wrong with a head that evhttp let pass, or NULL. */
static const char *
head_fault(struct evhttp_request *req)
{
	enum evhttp_cmd_type method = evhttp_request_get_command(req);
	bool has_host = false, has_length = false, has_body = false;
	const struct evkeyval *line;

	TAILQ_FOREACH(line, evhttp_request_get_input_headers(req), next)
	{
		if (line->key[strcspn(line->key, " \t")] != '\0')
			return "A header name with a space in it.";
		if (strcasecmp(line->key, "Host") == 0)
			has_host = true;
		if (strcasecmp(line->key, "Transfer-Encoding") == 0)
			has_body = true;
		if (strcasecmp(line->key, "Content-Length") != 0)
			continue;
		if (has_length || !is_number(line->value))
			return "A Content-Length that is not one number.";
		has_length = true;
		has_body |= line->value[strspn(line->value, "0")] != '\0';
	}
	if (!has_host)
		return "No Host header.";
	if (has_body && method != EVHTTP_REQ_POST && method != EVHTTP_REQ_PUT &&
	    method != EVHTTP_REQ_PATCH)
		return "This method takes no body.";
	return NULL;
}

static void
on_request(struct evhttp_request *req, void *arg)
{
	struct http *h = arg;
	const char *fault = head_fault(req);

	if (fault == NULL) {
		h->on_request(h->arg, (struct http_exchange *)req);
		return;
	}
	evbuffer_add_printf(evhttp_request_get_output_buffer(req),
	    "<html><title>Error 400 (Bad Request)!!1</title>%s\n", fault);
	evhttp_add_header(evhttp_request_get_output_headers(req),
	    "Content-Type", "text/html; charset=UTF-8");
	evhttp_add_header(evhttp_request_get_output_headers(req), "Connection",
	    "close");
	evhttp_send_reply(req, 400, "Bad Request", NULL);
}

enum http_method
http_method(const struct http_exchange *x)
{
	switch (evhttp_request_get_command(raw(x))) {
	case EVHTTP_REQ_GET:
		return HTTP_GET;
	case EVHTTP_REQ_POST:
		return HTTP_POST;
	case EVHTTP_REQ_DELETE:
		return HTTP_DELETE;
	case EVHTTP_REQ_HEAD:
		return HTTP_HEAD;
	default:
		return HTTP_OTHER_METHOD;
	}
}

const char *
http_target(const struct http_exchange *x)
{
	return evhttp_request_get_uri(raw(x));
}

const char *
http_header(const struct http_exchange *x, const char *name)
{
	return evhttp_find_header(evhttp_request_get_input_headers(raw(x)),
	    name);
}

const void *
http_body(struct http_exchange *x, size_t *n)
{
	struct evbuffer *body = evhttp_request_get_input_buffer(raw(x));

	*n = evbuffer_get_length(body);
	return *n > 0 ? evbuffer_pullup(body, -1) : NULL;
}

struct evbuffer *
http_output(struct http_exchange *x)
{
	return evhttp_request_get_output_buffer(raw(x));
}

struct event *
http_watch(struct http *h, struct http_exchange *x, event_callback_fn on_gone,
    void *arg)
{
	struct bufferevent *bev = evhttp_connection_get_bufferevent(
	    evhttp_request_get_connection(raw(x)));
	struct event *watch = event_new(h->base, bufferevent_getfd(bev),
	    EV_CLOSED, on_gone, arg);

	event_add(watch, NULL);
	return watch;
}

/* --- answers --- */

static const char *
reason_of(int status)
{
	static const struct {
		int status;
		const char *reason;
	} reasons[] = {
		{ 200, "OK" },
		{ 204, "No Content" },
		{ 304, "Not Modified" },
		{ 400, "Bad Request" },
		{ 401, "Unauthorized" },
		{ 403, "Forbidden" },
		{ 404, "Not Found" },
		{ 405, "Method Not Allowed" },
		{ 408, "Request Timeout" },
		{ 409, "Conflict" },
		{ 410, "Gone" },
		{ 412, "Precondition Failed" },
		{ 413, "Payload Too Large" },
		{ 429, "Too Many Requests" },
		{ 500, "Internal Server Error" },
		{ 502, "Bad Gateway" },
		{ 503, "Service Unavailable" },
		{ 504, "Gateway Timeout" },
	};
	size_t i;

	for (i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		if (reasons[i].status == status)
			return reasons[i].reason;
	}
	return "Unknown";
}

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

void
http_answer(struct http *h, struct http_exchange *x, int status,
    uint64_t wall_us, const char *head, const void *body, size_t n)
{
	struct evhttp_request *req = raw(x);
	struct evkeyvalq *headers = evhttp_request_get_output_headers(req);
	struct evbuffer *out = evhttp_request_get_output_buffer(req);

	buf_clear(&h->line);
	buf_adds(&h->line, reason_of(status));
	buf_adds(&h->line, "\r\n");
	buf_adds(&h->line, head);
	h->line.data[h->line.len - 2] = '\0'; /* evhttp ends the line */
	evhttp_add_header(headers, "Date", date_at(h, wall_us));
	if (h->listener == NULL)
		evhttp_add_header(headers, "Connection", "close");
	if (evhttp_request_get_command(req) == EVHTTP_REQ_HEAD)
		evbuffer_drain(out, evbuffer_get_length(out));
	else if (n > 0)
		evbuffer_add(out, body, n);
	evhttp_send_reply(req, status, h->line.data, NULL);
}

void
http_drop(struct http_exchange *x)
{
	/* With its connection it goes in http_close; without, here. */
	if (evhttp_request_get_connection(raw(x)) == NULL)
		evhttp_request_free(raw(x));
}

void
http_reset(struct http_exchange *x)
{
	struct evhttp_connection *evcon = evhttp_request_get_connection(raw(x));
	const struct linger at_once = { .l_onoff = 1, .l_linger = 0 };
	const struct sockaddr nobody = { .sa_family = AF_UNSPEC };
	evutil_socket_t fd;

	if (evcon == NULL) {
		evhttp_request_free(raw(x));
		return;
	}
	fd = bufferevent_getfd(evhttp_connection_get_bufferevent(evcon));
	/* evhttp shuts the socket down before it closes it, so lingering alone
	 * would send a FIN first, and a quick client would read an orderly end.
	 * Connecting to nobody resets at once, where the system knows it. */
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	connect(fd, &nobody, sizeof(nobody));
	evhttp_connection_free(evcon); /* with its requests */
}

/* --- life --- */

static void
start_evhttp(struct http *h)
{
	h->evhttp = evhttp_new(h->base);
	evhttp_set_bevcb(h->evhttp, want_connection, h);
	evhttp_set_gencb(h->evhttp, on_request, h);
	evhttp_set_default_content_type(h->evhttp, NULL);
	evhttp_set_max_headers_size(h->evhttp, HTTP_MAX_HEAD);
	evhttp_set_max_body_size(h->evhttp, HTTP_MAX_BODY);
	evhttp_set_timeout(h->evhttp, IDLE_SECONDS);
	evhttp_set_allowed_methods(h->evhttp,
	    EVHTTP_REQ_GET | EVHTTP_REQ_HEAD | EVHTTP_REQ_POST |
		EVHTTP_REQ_PUT | EVHTTP_REQ_PATCH | EVHTTP_REQ_DELETE |
		EVHTTP_REQ_OPTIONS);
	h->bound = evhttp_bind_listener(h->evhttp, h->listener);
	evconnlistener_set_error_cb(h->listener, on_accept_error);
}

struct http *
http_open(struct event_base *base, const struct http_opts *opts,
    struct err *err)
{
	struct http *h = mem_zalloc(1, sizeof(*h));
	uint64_t can_have = listen_raise_fd_limit();

	h->base = base;
	h->on_request = opts->on_request;
	h->arg = opts->arg;
	h->max_connections = opts->max_connections != 0 &&
		opts->max_connections < can_have
	    ? opts->max_connections
	    : can_have;
	h->listener = listen_open(base, opts->listen, h->url, err);
	if (h->listener == NULL) {
		free(h);
		return NULL;
	}
	buf_init(&h->line, HTTP_MAX_HEAD);
	h->resume = evtimer_new(base, on_resume, h);
	h->claim = evtimer_new(base, on_claim, h);
	start_evhttp(h);
	return h;
}

void
http_close(struct http *h)
{
	if (h == NULL)
		return;
	h->listener = NULL;
	on_claim(-1, 0, h);
	evhttp_free(h->evhttp); /* with listener and connections */
	event_free(h->resume);
	event_free(h->claim);
	buf_release(&h->line);
	free(h);
}

const char *
http_url(const struct http *h)
{
	return h->url;
}

uint64_t
http_accepted(const struct http *h)
{
	return h->accepted;
}

void
http_reset_accepted(struct http *h)
{
	h->accepted = 0;
}

void
http_drain(struct http *h)
{
	if (h->listener == NULL)
		return;
	evhttp_del_accept_socket(h->evhttp, h->bound);
	h->listener = NULL;
}

bool
http_is_quiet(const struct http *h)
{
	const struct connection *k;

	for (k = h->connections; k != NULL; k = k->next) {
		if (evbuffer_get_length(bufferevent_get_output(k->bev)) > 0)
			return false;
	}
	return true;
}
