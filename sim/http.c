/* SPDX-License-Identifier: MIT */
/*
 * Exchanges and answers.  evhttp parses and writes; what it lacks is added
 * here, in http_door.c (accepting) and in http_gate.c (heads).  It copies every
 * header of an answer twice, name and value apart: ours go out as one text
 * behind the reason phrase, which it writes as it is.
 */
#include "sim/http.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#include "sim/http_priv.h"
#include "src/base/buf.h"
#include "src/base/mem.h"

enum {
	/* Production's is not published; long enough to outlast any pause. */
	IDLE_SECONDS = 600
};

static struct evhttp_request *
raw(const struct http_exchange *x)
{
	return (struct evhttp_request *)(uintptr_t)x;
}

/* --- requests --- */

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
	case EVHTTP_REQ_PUT:
		return HTTP_PUT;
	case EVHTTP_REQ_PATCH:
		return HTTP_PATCH;
	case EVHTTP_REQ_OPTIONS:
		return HTTP_OPTIONS;
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
	struct event *watch = event_new(loop_events(h->loop),
	    bufferevent_getfd(bev), EV_CLOSED, on_gone, arg);

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
		{ 206, "Partial Content" },
		{ 304, "Not Modified" },
		{ 308, "Resume Incomplete" },
		{ 400, "Bad Request" },
		{ 401, "Unauthorized" },
		{ 403, "Forbidden" },
		{ 404, "Not Found" },
		{ 405, "Method Not Allowed" },
		{ 408, "Request Timeout" },
		{ 409, "Conflict" },
		{ 410, "Gone" },
		{ 411, "Length Required" },
		{ 412, "Precondition Failed" },
		{ 413, "Payload Too Large" },
		{ 416, "Requested range not satisfiable" },
		{ 429, "Too Many Requests" },
		{ 431, "Request Header Fields Too Large" },
		{ 499, "Client Closed Request" },
		{ 500, "Internal Server Error" },
		{ 501, "Not Implemented" },
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

/* --- from evhttp --- */

static void
send_refusal(struct evhttp_request *req, int status, const char *fault)
{
	struct evkeyvalq *headers = evhttp_request_get_output_headers(req);
	const char *reason = reason_of(status);

	evbuffer_add_printf(evhttp_request_get_output_buffer(req),
	    "<html><title>Error %d (%s)!!1</title>%s\n", status, reason, fault);
	evhttp_add_header(headers, "Content-Type", "text/html; charset=UTF-8");
	evhttp_add_header(headers, "Connection", "close");
	evhttp_send_reply(req, status, reason, NULL);
}

static void
on_complete(struct evhttp_request *req, void *arg)
{
	(void)req;
	gate_next(arg);
}

static void
on_request(struct evhttp_request *req, void *arg)
{
	struct http *h = arg;
	struct connection *k = door_find(h, req);
	void *call = k->call;

	if (k->refusal != 0) {
		send_refusal(req, k->refusal, k->fault);
		return;
	}
	k->call = NULL;
	evhttp_request_set_on_complete_cb(req, on_complete, k);
	h->opts.on_request(h->opts.arg, (struct http_exchange *)req, call);
}

/* --- life --- */

static void
start_evhttp(struct http *h)
{
	h->evhttp = evhttp_new(loop_events(h->loop));
	evhttp_set_gencb(h->evhttp, on_request, h);
	evhttp_set_default_content_type(h->evhttp, NULL);
	evhttp_set_max_headers_size(h->evhttp, HTTP_MAX_HEAD);
	evhttp_set_max_body_size(h->evhttp, HTTP_MAX_BODY);
	evhttp_set_timeout(h->evhttp, IDLE_SECONDS);
	evhttp_set_allowed_methods(h->evhttp,
	    EVHTTP_REQ_GET | EVHTTP_REQ_HEAD | EVHTTP_REQ_POST |
		EVHTTP_REQ_PUT | EVHTTP_REQ_PATCH | EVHTTP_REQ_DELETE |
		EVHTTP_REQ_OPTIONS);
	door_open(h);
}

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
	h->listener = listen_open(loop_events(loop), opts->listen, h->url, err);
	if (h->listener == NULL) {
		free(h);
		return NULL;
	}
	buf_init(&h->line, HTTP_MAX_HEAD);
	start_evhttp(h);
	return h;
}

void
http_close(struct http *h)
{
	if (h == NULL)
		return;
	door_close(h);
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
