/* SPDX-License-Identifier: MIT */
/*
 * Options that never change are set once per handle; method, body and headers
 * only when they differ from the request before: a run of deletes sets nothing
 * but the target.
 *
 * That is why the URL is cut in two: curl parses it and writes it anew for each
 * request, which took a third of its instructions while the long path of an
 * object was part of it.  The target it passes on as it is.
 *
 * libcurl sends a request again by itself when a reused connection turns out
 * to be reset, and says nothing about it.  A delete would then be on the wire
 * twice and counted once.  PREREQ is called each time that a request is about
 * to be sent: the first call counts it, a second one is refused, and the
 * request ends as HTTP_LOST.  Whether to try again is the caller's decision.
 *
 * PREREQ is also the last moment to look whether a reused connection is empty.
 * What an answer left behind (a body longer than it said, a second answer)
 * would be read as the answer to this request, and each later one would be the
 * answer to the request before it.  libcurl does not look.  Bytes that come
 * later than that look cannot be told from an answer, by anybody.
 */
#include "src/net/transfer.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "src/net/multi.h"
#include "src/net/outcome.h"
#include "src/net/tls.h"

/* What is kept of an answer that only says what went wrong. */
enum { ERROR_CONTENT_MAX = 16 * 1024 };

/* curl's receive buffer, one per busy connection.  Most answers are a head of
 * some 300 bytes; a list page of 100 kB costs 25 reads beside its parsing. */
enum { RECEIVE_BUFFER = 4096 };

/* Looks whether a connection that was used before holds what nobody asked
 * for, or has come to its end. */
static void
look_at_connection(struct transfer *t, int local_port, const char *peer)
{
	struct curl_tlssessioninfo *tls = NULL;
	enum tls_look seen;
	curl_socket_t fd;
	long made = 0;
	char byte;

	curl_easy_getinfo(t->easy, CURLINFO_NUM_CONNECTS, &made);
	if (made != 0)
		return;
	fd = multi_find_socket(t->multi, local_port, peer);
	if (fd == CURL_SOCKET_BAD)
		return;
	if (!url_is_https(t->base)) {
		/* An end curl finds by itself. */
		t->is_stale = recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
		return;
	}
	curl_easy_getinfo(t->easy, CURLINFO_TLS_SSL_PTR, &tls);
	assert(tls != NULL && tls->internals != NULL);
	seen = tls_look(tls->internals, fd);
	t->is_stale = seen == TLS_SPEAKS;
	t->is_ended = seen == TLS_ENDED;
}

static int
on_send(void *arg, char *ip, char *local_ip, int port, int local_port)
{
	struct transfer *t = arg;

	(void)local_ip, (void)port;
	if (t->sends++ > 0)
		return CURL_PREREQFUNC_ABORT;
	look_at_connection(t, local_port, ip);
	if (t->is_stale || t->is_ended)
		return CURL_PREREQFUNC_ABORT;
	t->req->sent = true;
	t->heard = loop_now(t->loop);
	return CURL_PREREQFUNC_OK;
}

static void
set_last(struct transfer *t, bool is_last)
{
	if (t->is_last == is_last)
		return;
	curl_easy_setopt(t->easy, CURLOPT_FORBID_REUSE, is_last ? 1L : 0L);
	t->is_last = is_last;
}

/* Of several the last; what an interim answer (1xx) said is forgotten. */
static void
keep_field(struct transfer *t, const char *line, size_t line_n)
{
	struct http_request *req = t->req;
	const char *value;
	size_t n;

	if (!t->head.is_within)
		buf_clear(&req->field);
	value = http_head_value(line, line_n, req->want_field, &n);
	if (value != NULL) {
		buf_clear(&req->field);
		buf_add(&req->field, value, n);
	}
}

static size_t
on_head(char *data, size_t one, size_t n, void *arg)
{
	struct transfer *t = arg;

	(void)one;
	if (t->head_bytes == 0)
		t->heard = loop_now(t->loop);
	t->head_bytes += n;
	t->req->heard = true;
	if (t->head_bytes > TRANSFER_HEAD_MAX) {
		t->is_over_limit = true;
		return 0;
	}
	if (t->req->want_field != NULL && !t->head.has_ended)
		keep_field(t, data, n);
	if (http_head_add(&t->head, data, n) != 0)
		return 0;
	if (http_head_is_followed(&t->head))
		set_last(t, true);
	return n;
}

static size_t
on_content(char *data, size_t one, size_t n, void *arg)
{
	struct transfer *t = arg;
	struct buf *content = &t->req->content;
	long status = 0;

	(void)one;
	t->heard = loop_now(t->loop);
	curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	if (status >= 200 && status < 300) {
		t->is_over_limit = n > t->req->max_content - content->len ||
		    buf_add(content, data, n) != 0;
		return t->is_over_limit ? 0 : n;
	}
	/* The rest of a long excuse is read and dropped; the limit of total
	 * time ends an endless one. */
	if (content->len < ERROR_CONTENT_MAX) {
		size_t room = ERROR_CONTENT_MAX - content->len;

		buf_add(content, data, n < room ? n : room);
	}
	return n;
}

/* Links node i of the list behind the one before it. */
static void
add_line(struct transfer *t, unsigned i, const char *text)
{
	union {
		const char *lent;
		char *data; /* curl only reads it */
	} line = { .lent = text };

	assert(i < TRANSFER_LINES_MAX);
	t->lines[i] = (struct curl_slist){ .data = line.data };
	if (i > 0)
		t->lines[i - 1].next = &t->lines[i];
}

/* curl keeps the address of the first node alone and walks the list when it
 * writes the head: so the list can change without curl being told. */
static void
set_lines(struct transfer *t, const struct http_request *req)
{
	unsigned n = 0, i;

	/* With nothing behind it, it keeps curl from waiting for 100
	 * Continue. */
	add_line(t, n++, "Expect:");
	if (req->content_type != NULL) {
		i = (unsigned)snprintf(t->content_type, sizeof(t->content_type),
		    "Content-Type: %s", req->content_type);
		assert(i < sizeof(t->content_type));
		add_line(t, n++, t->content_type);
	}
	for (i = 0; i < HTTP_HEADERS_MAX && req->headers[i] != NULL; i++)
		add_line(t, n++, req->headers[i]);
}

/* What is verified cannot be switched off, by nobody. */
static void
set_trust(CURL *easy, const char *ca_file)
{
	curl_easy_setopt(easy, CURLOPT_SSLVERSION,
	    (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(easy, CURLOPT_CAINFO, ca_file);
	/* With a directory, curl would not keep what it read, and Debian's
	 * default one costs 20 ms of CPU for each connection. */
	curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
}

static void
set_limits(CURL *easy)
{
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	/* A proxy is told the host and the port, and hears nothing else. */
	curl_easy_setopt(easy, CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE);
	curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
}

static void
set_callbacks(struct transfer *t)
{
	CURL *easy = t->easy;

	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, t->curl_says);
	curl_easy_setopt(easy, CURLOPT_PRIVATE, t);
	curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_send);
	curl_easy_setopt(easy, CURLOPT_PREREQDATA, t);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_head);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, t);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_content);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, t);
}

void
transfer_init(struct transfer *t, struct http_client *client, struct loop *loop,
    struct multi *multi, const struct http_opts *opts,
    void (*on_due)(void *arg))
{
	CURL *easy = curl_easy_init();

	*t = (struct transfer){ .easy = easy,
		.client = client,
		.loop = loop,
		.multi = multi,
		.ca_file = opts->ca_file,
		.method = HTTP_GET };
	loop_timer_init(&t->timer, loop, on_due, t);
	multi_adopt(multi, easy);
	set_trust(easy, opts->ca_file);
	set_limits(easy);
	set_callbacks(t);
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, &t->lines[0]);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, opts->user_agent);
	/* Said, since the default of https is HTTP/2: with it 7.88 resets each
	 * stream of a delete that has an answer without a body. */
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_TCP_NODELAY, 1L);
	curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, (long)RECEIVE_BUFFER);
}

void
transfer_release(struct transfer *t)
{
	loop_timer_cancel(&t->timer);
	curl_easy_cleanup(t->easy);
}

static void
set_method(struct transfer *t, enum http_method method)
{
	CURL *easy = t->easy;

	if (method == t->method)
		return;
	/* HTTPGET clears what POST set; CUSTOMREQUEST would outlive both. */
	curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, NULL);
	curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
	if (method == HTTP_POST || method == HTTP_PUT)
		curl_easy_setopt(easy, CURLOPT_POST, 1L);
	if (method == HTTP_PUT)
		curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, "PUT");
	if (method == HTTP_DELETE)
		curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, "DELETE");
	t->method = method;
}

static void
set_url(struct transfer *t, const char *url)
{
	const char *path = url_path(url);
	size_t n;

	assert(path != NULL);
	n = (size_t)(path - url);
	if (strncmp(url, t->base, n) != 0 || t->base[n] != '\0') {
		memcpy(t->base, url, n);
		t->base[n] = '\0';
		curl_easy_setopt(t->easy, CURLOPT_URL, t->base);
	}
	curl_easy_setopt(t->easy, CURLOPT_REQUEST_TARGET, path);
}

/* Plain http is for emulators and the machine's own metadata, mostly on
 * loopback: a proxy named in the environment is never meant for them. */
static void
set_proxy(struct transfer *t, const struct http_request *req)
{
	bool is_by_proxy = url_is_https(req->url) && !req->is_direct;

	if (t->is_by_proxy == is_by_proxy)
		return;
	curl_easy_setopt(t->easy, CURLOPT_NOPROXY, is_by_proxy ? NULL : "*");
	t->is_by_proxy = is_by_proxy;
}

void
transfer_again(struct transfer *t)
{
	t->sends = 0;
	t->head_bytes = 0;
	http_head_init(&t->head);
	t->is_over_limit = t->is_stale = t->is_ended = false;
	t->curl_says[0] = '\0';
}

void
transfer_begin(struct transfer *t, struct http_request *req)
{
	assert(t->req == NULL);
	t->req = req;
	transfer_again(t);
	t->started = t->heard = loop_now(t->loop);
	set_method(t, req->method);
	set_last(t, false);
	if (req->method == HTTP_POST || req->method == HTTP_PUT) {
		/* curl reads no body of length 0 but wants an address. */
		curl_easy_setopt(t->easy, CURLOPT_POSTFIELDSIZE_LARGE,
		    (curl_off_t)req->length);
		curl_easy_setopt(t->easy, CURLOPT_POSTFIELDS,
		    req->length != 0 ? req->body : "");
	}
	set_lines(t, req);
	set_proxy(t, req);
	set_url(t, req->url);
}

struct http_request *
transfer_end(struct transfer *t, CURLcode code)
{
	struct http_request *req = t->req;
	uint64_t wall_s = loop_wall(t->loop) / 1000000;
	long status = 0;

	/* What a proxy answered is not the server's. */
	if (t->sends != 0)
		curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	req->status = (int)status;
	req->is_measured = http_head_is_measured(&t->head);
	req->retry_after_us = http_head_wait(&t->head, wall_s) * 1000000;
	req->date_s = t->head.date_s;
	req->is_flavored = t->head.is_flavored;
	outcome_settle(t, req, code);
	t->req = NULL;
	return req;
}
