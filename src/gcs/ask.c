/* SPDX-License-Identifier: MIT */
/* A client of one connection, which stands from the first question on, so that
 * the later ones tell of the server alone. */
#include "src/gcs/ask.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/buf.h"
#include "src/base/loop.h"
#include "src/base/mem.h"
#include "src/gcs/bucket.h"
#include "src/gcs/excuse.h"
#include "src/gcs/page.h"
#include "src/net/client.h"
#include "src/net/url.h"
#include "src/storage/storage.h"

enum {
	URL_MAX = 8 * 1024,
	ANSWER_MAX = 1024 * 1024, /* with many lists of access a bucket's
				   * resource has some ten KB */
	PROJECT_MAX = 253         /* no longer name is taken for one */
};

/* For each question: the limits of gcs_defaults, in short. */
#define CONNECT_US 10000000U
#define TOTAL_US   30000000U

struct gcs_ask {
	struct loop *loop;
	struct gcs_ask_opts opts;
	struct http_client *client;
	struct http_request req;
	struct buf url;
	char project[sizeof("x-goog-user-project: ") + PROJECT_MAX];
};

struct gcs_ask *
gcs_ask_open(struct loop *loop, const struct gcs_ask_opts *opts)
{
	struct http_opts http = {
		.connections = 1,
		.connect_timeout_us = CONNECT_US,
		.idle_timeout_us = TOTAL_US,
		.total_timeout_us = TOTAL_US,
		.user_agent = "gcsweep",
		.ca_file = opts->ca_file,
	};
	struct gcs_ask *a = mem_zalloc(1, sizeof(*a));
	size_t n = 0;

	a->loop = loop;
	a->opts = *opts;
	a->client = http_client_open(loop, &http);
	http_request_init(&a->req);
	buf_init(&a->url, URL_MAX);
	if (opts->authorization != NULL) {
		a->req.headers[n++] = opts->authorization;
		a->req.is_secret = true;
	}
	if (opts->quota_project != NULL) {
		snprintf(a->project, sizeof(a->project),
		    "x-goog-user-project: %s", opts->quota_project);
		a->req.headers[n] = a->project;
	}
	return a;
}

void
gcs_ask_close(struct gcs_ask *a)
{
	if (a == NULL)
		return;
	http_client_close(a->client);
	http_request_release(&a->req);
	buf_release(&a->url);
	free(a);
}

/* --- one question --- */

/* The path of the bucket, and what follows it. */
static void
begin_url(struct gcs_ask *a, const char *rest)
{
	buf_clear(&a->url);
	buf_addf(&a->url, "%s/storage/v1/b/", a->opts.base);
	url_add_encoded(&a->url, a->opts.bucket, strlen(a->opts.bucket));
	buf_adds(&a->url, rest);
}

static enum err_code
code_of(const struct http_request *req)
{
	switch (req->status) {
	case 401:
		return ERR_AUTH;
	case 403:
		return ERR_DENIED;
	case 404:
		return ERR_NOT_FOUND;
	case 408:
	case 429:
	case 503:
		return ERR_THROTTLED;
	default:
		return req->status >= 500 ? ERR_NET : ERR_PROTOCOL;
	}
}

static int
refuse_status(const struct http_request *req, struct err *err)
{
	struct gcs_excuse excuse;

	gcs_excuse_read(req, &excuse);
	return err_set(err, code_of(req), "HTTP %d%s%s%s%s", req->status,
	    excuse.reason[0] != '\0' ? " " : "", excuse.reason,
	    excuse.message[0] != '\0' ? ": " : "", excuse.message);
}

static int
refuse_outcome(const struct gcs_ask *a, const struct http_request *req,
    struct err *err)
{
	enum err_code code = ERR_NET;

	if (req->outcome == HTTP_TOO_LARGE || req->outcome == HTTP_MALFORMED)
		code = ERR_PROTOCOL;
	else if (req->outcome == HTTP_UNTRUSTED || req->outcome == HTTP_UNSAFE)
		code = ERR_AUTH;
	return err_set(err, code, "%s: %s", a->opts.base, req->detail);
}

/* Sends a GET of a->url and turns the loop until it is settled. */
static int
ask(struct gcs_ask *a, struct gcs_asked *how, struct err *err)
{
	uint64_t began = loop_now(a->loop), wall = loop_wall(a->loop);
	struct http_request *req = &a->req;

	assert(!a->url.full);
	req->method = HTTP_GET;
	req->url = a->url.data;
	req->max_content = ANSWER_MAX;
	*how = (struct gcs_asked){ .wall_us = wall };
	http_client_submit(a->client, req);
	while (http_client_reap(a->client) == NULL) {
		if (loop_step(a->loop, err) != 0) {
			http_client_cancel(a->client, req);
			http_client_reap(a->client);
			return -1;
		}
	}
	*how = (struct gcs_asked){
		.status = req->status,
		.took_us = loop_now(a->loop) - began,
		.wall_us = wall + (loop_now(a->loop) - began) / 2,
		.date_s = req->date_s,
	};
	if (req->outcome != HTTP_ANSWERED)
		return refuse_outcome(a, req, err);
	return req->status != 200 ? refuse_status(req, err) : 0;
}

/* --- the questions --- */

int
gcs_ask_bucket(struct gcs_ask *a, struct gcs_bucket *out, struct gcs_asked *how,
    struct err *err)
{
	begin_url(a, "?fields=");
	buf_adds(&a->url, gcs_bucket_fields);
	buf_adds(&a->url, "&prettyPrint=false");
	if (ask(a, how, err) != 0)
		return -1;
	return gcs_bucket_parse(a->req.content.data, a->req.content.len,
	    a->opts.bucket, out, err);
}

int
gcs_ask_permissions(struct gcs_ask *a, const char *const *names, bool *has,
    size_t count, struct gcs_asked *how, struct err *err)
{
	size_t i;

	begin_url(a, "/iam/testPermissions");
	for (i = 0; i < count; i++)
		buf_addf(&a->url, "%cpermissions=%s", i == 0 ? '?' : '&',
		    names[i]);
	if (ask(a, how, err) != 0)
		return -1;
	return gcs_permissions_parse(a->req.content.data, a->req.content.len,
	    names, has, count, err);
}

/* A page may be empty and have another one behind it. */
int
gcs_ask_any(struct gcs_ask *a, const char *prefix, bool *is_any,
    struct gcs_asked *how, struct err *err)
{
	struct gcs_listing asked = { a->opts.bucket, prefix, "", "", "" };
	struct storage_op op;
	int rc;

	begin_url(a, "/o?maxResults=1&prefix=");
	url_add_encoded(&a->url, prefix, strlen(prefix));
	buf_adds(&a->url,
	    "&fields=nextPageToken,items(name,generation,size,timeCreated)"
	    "&prettyPrint=false");
	if (ask(a, how, err) != 0)
		return -1;
	storage_op_init(&op);
	storage_ask_list(&op, prefix, "");
	rc = gcs_page_parse(a->req.content.data, a->req.content.len, &asked,
	    &op.page, err);
	*is_any = op.page.objects.n > 0 || op.page.next.len > 0;
	storage_op_release(&op);
	return rc;
}
