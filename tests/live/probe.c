/* SPDX-License-Identifier: MIT */
/* Below the driver, on src/net alone: what is of interest are the answers that
 * the driver deals with by itself. */
#include "tests/live/probe.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/buf.h"
#include "src/base/loop.h"
#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/net/client.h"
#include "src/net/url.h"

enum {
	ANSWER_MAX = 256 * 1024,
	URL_MAX = 8 * 1024,
	TRIES_OF_ONE_NAME = 10, /* GCS takes one change of it a second */
	BURST_CONNECTIONS = 256,
	TOKEN_MAX = 64
};

#define TIMEOUT_US 30000000U

/* Of somebody who never was. */
#define GENERATION "1234567890123456"

struct probe {
	struct loop *loop;
	const struct probe_opts *opts;
	FILE *report;
	struct http_client *client;
	struct http_request req;
	struct buf url;
	struct err *err;
};

static struct http_client *
open_client(const struct probe *p, unsigned connections)
{
	struct http_opts http = {
		.connections = connections,
		.connect_timeout_us = TIMEOUT_US,
		.idle_timeout_us = TIMEOUT_US,
		.total_timeout_us = TIMEOUT_US,
		.user_agent = "gcsweep-check-live",
		.ca_file = p->opts->ca_file,
	};

	return http_client_open(p->loop, &http);
}

/* Fills in what each request carries; line is one more, or NULL. */
static void
prepare(const struct probe *p, struct http_request *req, const char *line)
{
	size_t n = 0;

	memset(req->headers, 0, sizeof(req->headers));
	if (p->opts->authorization != NULL)
		req->headers[n++] = p->opts->authorization;
	if (p->opts->quota_project != NULL)
		req->headers[n++] = p->opts->quota_project;
	if (line != NULL)
		req->headers[n++] = line;
	req->is_secret = p->opts->authorization != NULL;
	req->max_content = ANSWER_MAX;
	req->body = NULL;
	req->length = 0;
	req->content_type = NULL;
}

/* The URL of an object below the prefix, whatever the name. */
static void
object_url(const struct probe *p, struct buf *url, const char *name,
    const char *query)
{
	buf_clear(url);
	buf_addf(url, "%s/storage/v1/b/%s/o/", p->opts->base, p->opts->bucket);
	url_add_encoded(url, p->opts->prefix, strlen(p->opts->prefix));
	url_add_encoded(url, name, strlen(name));
	buf_adds(url, query);
}

/* Sends p->req and waits; -1 when nothing was answered. */
static int
ask(struct probe *p)
{
	struct http_request *req = &p->req;

	assert(!p->url.full);
	req->url = p->url.data;
	http_client_submit(p->client, req);
	while (http_client_reap(p->client) == NULL) {
		if (loop_step(p->loop, p->err) != 0)
			return -1;
	}
	if (req->outcome != HTTP_ANSWERED)
		return err_set(p->err, ERR_NET, "%s", req->detail);
	return 0;
}

/* --- writing it down --- */

static void
note(const struct probe *p, const char *question, const struct http_request *r)
{
	fprintf(p->report, "\n## %s\n\nHTTP %d, Retry-After ", question,
	    r->status);
	if (r->retry_after_us != 0)
		fprintf(p->report, "%" PRIu64 " s",
		    r->retry_after_us / 1000000);
	else
		fputs("absent", p->report);
	fprintf(p->report, ", body of %zu bytes\n", r->content.len);
	if (r->content.len > 0)
		fprintf(p->report, "\n%.*s\n", (int)r->content.len,
		    r->content.data);
}

/* --- questions --- */

static int
put(struct probe *p, const char *name)
{
	struct buf *url = &p->url;

	buf_clear(url);
	buf_addf(url,
	    "%s/upload/storage/v1/b/%s/o?uploadType=media&name=", p->opts->base,
	    p->opts->bucket);
	url_add_encoded(url, p->opts->prefix, strlen(p->opts->prefix));
	url_add_encoded(url, name, strlen(name));
	prepare(p, &p->req, NULL);
	p->req.method = HTTP_POST;
	p->req.body = "x";
	p->req.length = 1;
	p->req.content_type = "text/plain";
	return ask(p);
}

static int
drop(struct probe *p, const char *name, const char *query, const char *line)
{
	object_url(p, &p->url, name, query);
	prepare(p, &p->req, line);
	p->req.method = HTTP_DELETE;
	return ask(p);
}

static int
ask_deletes(struct probe *p)
{
	if (drop(p, "missing", "", NULL) != 0)
		return -1;
	note(p, "DELETE of an object that is not there", &p->req);
	if (drop(p, "missing", "?ifGenerationMatch=" GENERATION, NULL) != 0)
		return -1;
	note(p, "the same with ifGenerationMatch", &p->req);
	if (put(p, "one") != 0 || drop(p, "one", "", NULL) != 0)
		return -1;
	note(p, "DELETE of an object that is there", &p->req);
	return 0;
}

/* The same request with the same token, twice: 204 again is a replay. */
static int
ask_replay(struct probe *p)
{
	char line[sizeof("x-goog-gcs-idempotency-token: ") + TOKEN_MAX];

	snprintf(line, sizeof(line),
	    "x-goog-gcs-idempotency-token: %016" PRIx64 "-check-live",
	    loop_wall(p->loop));
	if (put(p, "two") != 0 || drop(p, "two", "", line) != 0)
		return -1;
	note(p, "DELETE with an idempotency token", &p->req);
	if (drop(p, "two", "", line) != 0)
		return -1;
	note(p, "the same again, with the same token", &p->req);
	return 0;
}

/* One that is there, one that is not. */
static int
ask_multi_delete(struct probe *p)
{
	struct buf body;
	int rc;

	if (put(p, "three") != 0)
		return -1;
	buf_init(&body, URL_MAX);
	buf_addf(&body,
	    "<Delete><Quiet>false</Quiet>"
	    "<Object><Key>%sthree</Key></Object>"
	    "<Object><Key>%smissing</Key></Object></Delete>",
	    p->opts->prefix, p->opts->prefix);
	buf_clear(&p->url);
	buf_addf(&p->url, "%s/%s?delete", p->opts->base, p->opts->bucket);
	prepare(p, &p->req, NULL);
	p->req.method = HTTP_POST;
	p->req.body = body.data;
	p->req.length = body.len;
	p->req.content_type = "application/xml";
	rc = ask(p);
	buf_release(&body);
	if (rc == 0)
		note(p,
		    "XML multi-object delete of one that is there and one "
		    "that is not",
		    &p->req);
	return rc;
}

/* Writes one name until it is too often. */
static int
ask_one_name(struct probe *p)
{
	int i;

	for (i = 0; i < TRIES_OF_ONE_NAME; i++) {
		if (put(p, "often") != 0)
			return -1;
		if (p->req.status == 429)
			break;
	}
	note(p, "PUT of one name, again and again, until 429 comes", &p->req);
	return drop(p, "often", "", NULL);
}

/* --- the bucket's own limit --- */

struct shot {
	struct http_request req;
	struct buf url;
};

static void
aim(const struct probe *p, struct shot *s, unsigned i)
{
	char name[32];

	snprintf(name, sizeof(name), "burst/%08x", i * 2654435761U);
	http_request_init(&s->req);
	buf_init(&s->url, URL_MAX);
	object_url(p, &s->url, name, "");
	prepare(p, &s->req, NULL);
	s->req.method = HTTP_DELETE;
	s->req.url = s->url.data;
}

static void
count_shots(struct probe *p, const struct shot *shots, unsigned n)
{
	const struct http_request *first = NULL;
	unsigned rejected = 0, unanswered = 0, i;

	for (i = 0; i < n; i++) {
		unanswered += shots[i].req.outcome != HTTP_ANSWERED;
		if (shots[i].req.status != 429)
			continue;
		rejected++;
		first = first != NULL ? first : &shots[i].req;
	}
	fprintf(p->report,
	    "\n## %u DELETEs of what is not there, as fast as they go\n\n"
	    "%u were answered 429, %u not at all\n",
	    n, rejected, unanswered);
	if (first != NULL)
		note(p, "the first 429 of them", first);
}

static int
ask_burst(struct probe *p)
{
	struct http_client *client = open_client(p, BURST_CONNECTIONS);
	unsigned n = p->opts->burst, done = 0, i;
	struct shot *shots = mem_zalloc(n, sizeof(*shots));
	int rc = 0;

	for (i = 0; i < n; i++) {
		aim(p, &shots[i], i);
		http_client_submit(client, &shots[i].req);
	}
	while (rc == 0 && done < n) {
		while (http_client_reap(client) != NULL)
			done++;
		if (done < n)
			rc = loop_step(p->loop, p->err);
	}
	http_client_close(client);
	if (rc == 0)
		count_shots(p, shots, n);
	for (i = 0; i < n; i++) {
		http_request_release(&shots[i].req);
		buf_release(&shots[i].url);
	}
	free(shots);
	return rc;
}

int
probe_run(struct loop *loop, const struct probe_opts *opts, FILE *report,
    struct err *err)
{
	struct probe p = {
		.loop = loop,
		.opts = opts,
		.report = report,
		.err = err,
	};
	int rc;

	p.client = open_client(&p, 1);
	http_request_init(&p.req);
	buf_init(&p.url, URL_MAX);
	fprintf(report, "# What %s answers to what documents leave open\n",
	    opts->base);
	rc = ask_deletes(&p) != 0 || ask_replay(&p) != 0 ||
		ask_multi_delete(&p) != 0 || ask_one_name(&p) != 0 ||
		ask_burst(&p) != 0
	    ? -1
	    : 0;
	http_client_close(p.client);
	http_request_release(&p.req);
	buf_release(&p.url);
	return rc;
}
