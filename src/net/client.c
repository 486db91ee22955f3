/* SPDX-License-Identifier: MIT */
/*
 * The queue in front and the few handles behind it:
 *
 *	submit -> waiting -> on a transfer -> done -> reap
 *	             \______________\__ cancel __/
 *
 * There are never more easy handles than connections: what has no handle waits
 * here, since libcurl's own waiting list costs two to six times the CPU.  A
 * handle is refilled in on_turn, when curl has returned, and idle handles are
 * a stack, so that few requests use few connections.
 *
 * loop_sent is said when a request is handed to curl and loop_settled (or
 * loop_abandoned) when curl is done with it: what waits in the queue does not
 * hold the virtual clock, what is on the wire does.
 */
#include "src/net/client.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/loop.h"
#include "src/base/mem.h"
#include "src/net/files.h"
#include "src/net/multi.h"
#include "src/net/transfer.h"
#include "src/net/url.h"

/* Nothing that a store sends in one answer is larger. */
enum { CONTENT_MAX = 64 * 1024 * 1024 };

TAILQ_HEAD(requests, http_request);
TAILQ_HEAD(transfers, transfer);

struct http_client {
	struct loop *loop;
	struct multi *multi;
	struct http_opts opts;
	struct transfer *transfers; /* opts.connections of them */
	unsigned made;              /* of these have an easy handle */
	unsigned in_use;            /* of these are busy */
	unsigned width;             /* that may be */
	struct transfers idle;
	struct transfers busy;
	struct requests waiting;
	struct requests done;
};

void
http_request_init(struct http_request *req)
{
	*req = (struct http_request){ 0 };
	buf_init(&req->content, CONTENT_MAX);
	buf_init(&req->field, HTTP_FIELD_MAX);
}

void
http_request_release(struct http_request *req)
{
	buf_release(&req->content);
	buf_release(&req->field);
}

/* --- a request's way --- */

static void
finish(struct http_client *client, struct http_request *req)
{
	req->transfer = NULL;
	TAILQ_INSERT_TAIL(&client->done, req, link);
}

/* Takes a transfer off the wire. */
static void
put_back(struct http_client *client, struct transfer *t)
{
	curl_multi_remove_handle(multi_curl(client->multi), t->easy);
	loop_timer_cancel(&t->timer);
	TAILQ_REMOVE(&client->busy, t, link);
	TAILQ_INSERT_HEAD(&client->idle, t, link);
	client->in_use--;
}

/* Ends a request that curl still works on.  Its connection goes with it: an
 * answer that comes later must not be taken for another request's. */
static void
give_up(struct transfer *t, enum http_outcome outcome, const char *why)
{
	struct http_client *client = t->client;
	struct http_request *req;

	put_back(client, t);
	req = transfer_end(t, CURLE_ABORTED_BY_CALLBACK);
	req->outcome = outcome;
	snprintf(req->detail, sizeof(req->detail), "%s", why);
	loop_abandoned(client->loop);
	finish(client, req);
}

/* The instant at which the transfer has run out of time, and why. */
static uint64_t
find_deadline(const struct transfer *t, const char **why)
{
	const struct http_opts *opts = &t->client->opts;
	uint64_t at = UINT64_MAX;

	*why = "no limit";
	if (opts->total_timeout_us != 0) {
		at = t->started + opts->total_timeout_us;
		*why = "no whole answer in time";
	}
	if (t->sends == 0 && opts->connect_timeout_us != 0 &&
	    t->started + opts->connect_timeout_us < at) {
		at = t->started + opts->connect_timeout_us;
		*why = "no connection in time";
	}
	if (t->sends != 0 && opts->idle_timeout_us != 0 &&
	    t->heard + opts->idle_timeout_us < at) {
		at = t->heard + opts->idle_timeout_us;
		*why = "silence for too long";
	}
	return at;
}

static void start_waiting(struct http_client *client);

/* The timer is set once per request, to the limit that was nearest then; what
 * has moved since (the connection stands, bytes came) is seen here. */
static void
on_limit(void *arg)
{
	struct transfer *t = arg;
	const char *why;
	uint64_t at = find_deadline(t, &why);

	if (at > loop_now(t->loop)) {
		loop_timer_set(&t->timer, at);
		return;
	}
	give_up(t, HTTP_TIMEOUT, why);
	start_waiting(t->client);
}

static struct transfer *
take_idle(struct http_client *client)
{
	struct transfer *t = TAILQ_FIRST(&client->idle);
	/* Until a name is resolved each handle would ask for it by itself, with
	 * a thread and some files of its own. */
	unsigned width = multi_has_opened(client->multi) ? client->width : 1;

	if (client->in_use >= width)
		return NULL;
	if (t != NULL) {
		TAILQ_REMOVE(&client->idle, t, link);
	} else if (client->made < client->opts.connections) {
		t = &client->transfers[client->made++];
		transfer_init(t, client, client->loop, client->multi,
		    &client->opts, on_limit);
	}
	return t;
}

static void
start(struct http_client *client, struct transfer *t, struct http_request *req)
{
	const char *why;
	uint64_t at;

	TAILQ_INSERT_TAIL(&client->busy, t, link);
	client->in_use++;
	req->transfer = t;
	transfer_begin(t, req);
	if ((at = find_deadline(t, &why)) != UINT64_MAX)
		loop_timer_set(&t->timer, at);
	loop_sent(client->loop);
	curl_multi_add_handle(multi_curl(client->multi), t->easy);
}

static void
start_waiting(struct http_client *client)
{
	struct http_request *req;
	struct transfer *t;

	while ((req = TAILQ_FIRST(&client->waiting)) != NULL &&
	    (t = take_idle(client)) != NULL) {
		TAILQ_REMOVE(&client->waiting, req, link);
		req->is_waiting = false;
		start(client, t, req);
	}
}

/* A connection that the server has ended costs the request nothing: it has not
 * left, and takes another one.  Each time one connection is gone, so there is
 * an end to that. */
static void
collect(struct http_client *client, CURL *easy, CURLcode code)
{
	struct transfer *t;
	char *private;

	curl_easy_getinfo(easy, CURLINFO_PRIVATE, &private);
	t = (void *)private;
	if (t->is_ended) {
		curl_multi_remove_handle(multi_curl(client->multi), easy);
		transfer_again(t);
		curl_multi_add_handle(multi_curl(client->multi), easy);
		return;
	}
	put_back(client, t);
	loop_settled(client->loop);
	finish(client, transfer_end(t, code));
}

static void
on_turn(void *arg)
{
	struct http_client *client = arg;
	CURLMsg *msg;
	int left;

	while ((msg = curl_multi_info_read(multi_curl(client->multi), &left)) !=
	    NULL) {
		if (msg->msg == CURLMSG_DONE)
			collect(client, msg->easy_handle, msg->data.result);
	}
	start_waiting(client);
}

/* --- the callers' side --- */

static void
clear_answer(struct http_request *req)
{
	req->status = 0;
	buf_clear(&req->content);
	buf_clear(&req->field);
	req->sent = req->heard = req->is_measured = req->is_flavored = false;
	req->retry_after_us = req->date_s = 0;
	req->detail[0] = '\0';
	req->transfer = NULL;
	req->is_waiting = false;
}

static bool
has_stray_line(const struct http_request *req)
{
	size_t i;

	for (i = 0; i < HTTP_HEADERS_MAX && req->headers[i] != NULL; i++) {
		if (strpbrk(req->headers[i], "\r\n") != NULL)
			return true;
	}
	return false;
}

/* Why a request must not leave, or NULL.  What it is made of may have come out
 * of a file or from another server. */
static const char *
find_danger(const struct http_request *req)
{
	if (req->is_secret && !url_is_https(req->url))
		return "a secret leaves by https alone";
	if (url_path(req->url) == NULL)
		return "its URL cannot be asked";
	return has_stray_line(req) ? "a header line has a line break" : NULL;
}

void
http_client_submit(struct http_client *client, struct http_request *req)
{
	const char *danger = find_danger(req);

	clear_answer(req);
	if (danger != NULL) {
		req->outcome = HTTP_UNSAFE;
		snprintf(req->detail, sizeof(req->detail), "%s", danger);
		finish(client, req);
		/* It may be all that whoever turns the loop waits for. */
		loop_look_first(client->loop);
		multi_wake(client->multi);
		return;
	}
	req->is_waiting = true;
	TAILQ_INSERT_TAIL(&client->waiting, req, link);
	start_waiting(client);
}

struct http_request *
http_client_reap(struct http_client *client)
{
	struct http_request *req = TAILQ_FIRST(&client->done);

	if (req != NULL)
		TAILQ_REMOVE(&client->done, req, link);
	return req;
}

void
http_client_cancel(struct http_client *client, struct http_request *req)
{
	if (req->is_waiting) {
		TAILQ_REMOVE(&client->waiting, req, link);
		req->is_waiting = false;
		req->outcome = HTTP_CANCELLED;
		finish(client, req);
	} else if (req->transfer != NULL) {
		give_up(req->transfer, HTTP_CANCELLED, "");
		start_waiting(client);
	}
}

/* --- life --- */

/* Where OpenSSL's own clients look too.  NULL: where the system has its
 * bundle, which libcurl knows. */
static const char *
find_ca_file(const char *ca_file)
{
	const char *name = getenv("SSL_CERT_FILE");

	if (ca_file != NULL)
		return ca_file;
	return name != NULL && *name != '\0'
	    ? name
	    : curl_version_info(CURLVERSION_NOW)->cainfo;
}

struct http_client *
http_client_open(struct loop *loop, const struct http_opts *opts)
{
	struct http_client *client = mem_zalloc(1, sizeof(*client));

	client->loop = loop;
	client->opts = *opts;
	client->opts.ca_file = find_ca_file(opts->ca_file);
	client->opts.connections = files_fit(
	    opts->connections != 0 ? opts->connections : 1);
	client->width = client->opts.connections;
	client->transfers = mem_zalloc(client->opts.connections,
	    sizeof(*client->transfers));
	TAILQ_INIT(&client->idle);
	TAILQ_INIT(&client->busy);
	TAILQ_INIT(&client->waiting);
	TAILQ_INIT(&client->done);
	client->multi = multi_new(loop, client->opts.connections, on_turn,
	    client);
	return client;
}

void
http_client_close(struct http_client *client)
{
	struct transfer *t;
	unsigned i;

	if (client == NULL)
		return;
	while ((t = TAILQ_FIRST(&client->busy)) != NULL)
		give_up(t, HTTP_CANCELLED, "");
	for (i = 0; i < client->made; i++)
		transfer_release(&client->transfers[i]);
	multi_free(client->multi);
	free(client->transfers);
	free(client);
}

int
http_client_check(const struct http_opts *opts, bool is_https, struct err *err)
{
	static const char mark[] = "-----BEGIN ";
	const char *name = find_ca_file(opts->ca_file);
	const char *whose = name != NULL && name == getenv("SSL_CERT_FILE")
	    ? " of SSL_CERT_FILE"
	    : "";
	char line[256];
	bool is_pem = false;
	FILE *file;

	if (files_check(err) != 0)
		return -1;
	if (!is_https || name == NULL)
		return 0;
	if ((file = fopen(name, "re")) == NULL)
		return err_set(err, ERR_CONFIG,
		    "certificates to trust%s: %s: %s", whose, name,
		    strerror(errno));
	while (!is_pem && fgets(line, sizeof(line), file) != NULL)
		is_pem = strncmp(line, mark, strlen(mark)) == 0;
	fclose(file);
	if (is_pem)
		return 0;
	return err_set(err, ERR_CONFIG,
	    "certificates to trust%s: %s: there is none in it (it wants PEM)",
	    whose, name);
}

void
http_client_set_width(struct http_client *client, unsigned width)
{
	if (width > client->opts.connections)
		width = client->opts.connections;
	client->width = width > 0 ? width : 1;
	start_waiting(client);
}

unsigned
http_client_connections(const struct http_client *client)
{
	return client->opts.connections;
}
