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

/* A head longer than this is not from any store we talk to. */
enum { HEAD_MAX = 32 * 1024 };

/* What is kept of an answer that only says what went wrong. */
enum { ERROR_CONTENT_MAX = 16 * 1024 };

/* curl's receive buffer, one per busy connection.  Most answers are a head of
 * some 300 bytes; a list page of 100 kB costs 25 reads beside its parsing. */
enum { RECEIVE_BUFFER = 4096 };

/* Does a connection that was used before hold what nobody asked for? */
static bool
is_stale(const struct transfer *t, int local_port)
{
	curl_socket_t fd;
	long made = 0;
	char byte;

	curl_easy_getinfo(t->easy, CURLINFO_NUM_CONNECTS, &made);
	if (made != 0)
		return false;
	fd = multi_find_socket(t->multi, local_port);
	return fd != CURL_SOCKET_BAD &&
	    recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

static int
on_send(void *arg, char *ip, char *local_ip, int port, int local_port)
{
	struct transfer *t = arg;

	(void)ip, (void)local_ip, (void)port;
	if (t->sends++ > 0)
		return CURL_PREREQFUNC_ABORT;
	t->is_stale = is_stale(t, local_port);
	if (t->is_stale)
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

static size_t
on_head(char *data, size_t one, size_t n, void *arg)
{
	struct transfer *t = arg;

	(void)one;
	if (t->head_bytes == 0)
		t->heard = loop_now(t->loop);
	t->head_bytes += n;
	t->req->heard = true;
	if (t->head_bytes > HEAD_MAX) {
		t->is_over_limit = true;
		return 0;
	}
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

/* "Expect:" with nothing keeps curl from waiting for 100 Continue. */
static void
set_headers(struct transfer *t, const char *content_type)
{
	struct curl_slist *headers = curl_slist_append(NULL, "Expect:");
	char line[sizeof(t->content_type) + 16];

	assert(strlen(content_type) < sizeof(t->content_type));
	snprintf(line, sizeof(line), "Content-Type: %s", content_type);
	if (*content_type != '\0')
		headers = curl_slist_append(headers, line);
	curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, headers);
	curl_slist_free_all(t->headers);
	t->headers = headers;
	snprintf(t->content_type, sizeof(t->content_type), "%s", content_type);
}

static void
set_limits_of_trust(CURL *easy)
{
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http");
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	/* Endpoints are emulators, mostly on loopback: a proxy named in the
	 * environment is never meant for them. */
	curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
	/* Debian's default directory of certificates costs 20 ms of CPU for
	 * each connection that reads it. */
	curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
}

void
transfer_init(struct transfer *t, struct http_client *client, struct loop *loop,
    struct multi *multi, const char *user_agent, void (*on_due)(void *arg))
{
	CURL *easy = curl_easy_init();

	*t = (struct transfer){ .easy = easy,
		.client = client,
		.loop = loop,
		.multi = multi,
		.method = HTTP_GET };
	loop_timer_init(&t->timer, loop, on_due, t);
	multi_adopt(multi, easy);
	set_limits_of_trust(easy);
	set_headers(t, "");
	curl_easy_setopt(easy, CURLOPT_USERAGENT, user_agent);
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_TCP_NODELAY, 1L);
	curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, (long)RECEIVE_BUFFER);
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
transfer_release(struct transfer *t)
{
	loop_timer_cancel(&t->timer);
	curl_easy_cleanup(t->easy);
	curl_slist_free_all(t->headers);
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

/* Where the path of "http://HOST:PORT/PATH" begins. */
static const char *
path_of(const char *url)
{
	const char *host = strstr(url, "://");

	assert(host != NULL && strchr(host + 3, '/') != NULL);
	return strchr(host + 3, '/');
}

static void
set_url(struct transfer *t, const char *url)
{
	const char *path = path_of(url);
	size_t n = (size_t)(path - url);

	assert(n < sizeof(t->base));
	if (strncmp(url, t->base, n) != 0 || t->base[n] != '\0') {
		memcpy(t->base, url, n);
		t->base[n] = '\0';
		curl_easy_setopt(t->easy, CURLOPT_URL, t->base);
	}
	curl_easy_setopt(t->easy, CURLOPT_REQUEST_TARGET, path);
}

void
transfer_begin(struct transfer *t, struct http_request *req)
{
	const char *type = req->content_type ? req->content_type : "";

	assert(t->req == NULL);
	t->req = req;
	t->sends = 0;
	t->head_bytes = 0;
	http_head_init(&t->head);
	t->is_over_limit = t->is_stale = false;
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
	if (strcmp(type, t->content_type) != 0)
		set_headers(t, type);
	set_url(t, req->url);
}

static enum http_outcome
judge(const struct transfer *t, CURLcode code)
{
	switch (code) {
	case CURLE_OK:
		/* To curl a head without its end is an answer too. */
		return t->head.has_ended ? HTTP_ANSWERED : HTTP_LOST;
	case CURLE_COULDNT_CONNECT:
	case CURLE_COULDNT_RESOLVE_HOST:
		return HTTP_REFUSED;
	case CURLE_UNSUPPORTED_PROTOCOL: /* HTTP/0.9 */
	case CURLE_WEIRD_SERVER_REPLY:
	case CURLE_BAD_CONTENT_ENCODING:
	case CURLE_URL_MALFORMAT:
		return HTTP_MALFORMED;
	case CURLE_WRITE_ERROR:
	case CURLE_FILESIZE_EXCEEDED:
		return t->is_over_limit ? HTTP_TOO_LARGE : HTTP_MALFORMED;
	default:
		/* Failed sends and receives, an answer that stops short, and
		 * our own refusal to send a second time. */
		return HTTP_LOST;
	}
}

static void
explain(struct transfer *t, enum http_outcome outcome, CURLcode code)
{
	struct http_request *req = t->req;
	long os = 0;

	req->detail[0] = '\0';
	curl_easy_getinfo(t->easy, CURLINFO_OS_ERRNO, &os);
	switch (outcome) {
	case HTTP_REFUSED:
		snprintf(req->detail, sizeof(req->detail), "%s",
		    os != 0 ? strerror((int)os) : curl_easy_strerror(code));
		break;
	case HTTP_LOST:
		snprintf(req->detail, sizeof(req->detail),
		    t->is_stale ? "the connection held an answer to nothing"
			: req->heard ? "the connection broke within the answer"
				     : "the connection broke before an answer "
				       "came");
		break;
	case HTTP_MALFORMED:
		snprintf(req->detail, sizeof(req->detail),
		    "the answer is not HTTP/1.1: %.80s",
		    t->head.fault         ? t->head.fault
			: t->curl_says[0] ? t->curl_says
					  : curl_easy_strerror(code));
		break;
	case HTTP_TOO_LARGE:
		if (t->head_bytes > HEAD_MAX)
			snprintf(req->detail, sizeof(req->detail),
			    "the answer's head is over %d bytes", HEAD_MAX);
		else
			snprintf(req->detail, sizeof(req->detail),
			    "the answer is over %zu bytes", req->max_content);
		break;
	case HTTP_ANSWERED:
	case HTTP_TIMEOUT:
	case HTTP_UNTRUSTED:
	case HTTP_UNSAFE:
	case HTTP_CANCELLED:
		break;
	}
}

struct http_request *
transfer_end(struct transfer *t, CURLcode code)
{
	struct http_request *req = t->req;
	long status = 0;

	curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	req->status = (int)status;
	req->is_measured = http_head_is_measured(&t->head);
	req->outcome = judge(t, code);
	explain(t, req->outcome, code);
	t->req = NULL;
	return req;
}
