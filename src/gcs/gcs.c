/* SPDX-License-Identifier: MIT */
/*
 * The store: it lends each operation a call (an HTTP request, a URL, a timer)
 * and moves it along:
 *
 *	submit -> http queue -> wire -> settle -> done -> reap
 *	              ^                    |
 *	              \--- retry timer <---/
 *
 * A try that failed waits in its timer, where it holds no connection, and then
 * goes to the end of the queue behind fresh work.  Its delay is drawn from a
 * hash of the seed, the operation and the try, and so does not depend on the
 * order in which answers came.
 *
 * Only reap turns the loop.  cancel only marks: it may be called from a signal
 * that the loop delivers while reap waits.
 */
#include "src/gcs/gcs.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "src/base/loop.h"
#include "src/base/mem.h"
#include "src/base/rng.h"
#include "src/base/str.h"
#include "src/gcs/page.h"
#include "src/gcs/request.h"
#include "src/gcs/verdict.h"
#include "src/net/client.h"
#include "src/net/retry.h"
#include "src/net/url.h"
#include "src/storage/answer.h"
#include "src/storage/storage.h"

/* What an operation needs while it is in flight. */
struct call {
	struct gcs *gcs;
	struct storage_op *op; /* the caller's */
	struct http_request req;
	struct buf url;
	struct loop_timer retry;
	unsigned tries;
	bool is_cancelled;
	TAILQ_ENTRY(call) link;
};
TAILQ_HEAD(calls, call);

struct gcs {
	struct storage storage;
	struct loop *loop;
	struct http_client *client;
	char base[URL_BASE_MAX];
	char *bucket;
	char *delete_under;
	struct gcs_place place;
	uint64_t seed;
	bool retry_always;

	struct calls in_flight;
	struct calls spare;
	struct storage_op *done; /* oldest first, through op->next */
	struct storage_op **done_end;
	bool has_cancelled; /* some call in flight is marked */
	struct err why;     /* what cancelled ops say */
};

static struct gcs *
from_storage(struct storage *s)
{
	return (struct gcs *)s; /* storage is its first member */
}

static void
finish(struct gcs *gcs, struct storage_op *op)
{
	op->done_us = loop_now(gcs->loop);
	op->driver = NULL;
	op->next = NULL;
	*gcs->done_end = op;
	gcs->done_end = &op->next;
}

/* --- calls --- */

static void
on_retry(void *arg)
{
	struct call *call = arg;

	http_client_submit(call->gcs->client, &call->req);
}

static struct call *
take_call(struct gcs *gcs)
{
	struct call *call = TAILQ_FIRST(&gcs->spare);

	if (call != NULL) {
		TAILQ_REMOVE(&gcs->spare, call, link);
	} else {
		call = mem_zalloc(1, sizeof(*call));
		call->gcs = gcs;
		http_request_init(&call->req);
		call->req.user = call;
		buf_init(&call->url, GCS_URL_MAX);
		loop_timer_init(&call->retry, gcs->loop, on_retry, call);
	}
	call->tries = 0;
	call->is_cancelled = false;
	TAILQ_INSERT_TAIL(&gcs->in_flight, call, link);
	return call;
}

static void
finish_call(struct call *call)
{
	struct gcs *gcs = call->gcs;

	finish(gcs, call->op);
	call->op = NULL;
	/* A page of megabytes is not kept for the next delete. */
	if (call->req.content.cap > 64 * 1024)
		buf_release(&call->req.content);
	TAILQ_REMOVE(&gcs->in_flight, call, link);
	TAILQ_INSERT_HEAD(&gcs->spare, call, link);
}

/* --- submit --- */

/* What must not reach the wire.  NULL, or why. */
static const char *
find_fault(const struct gcs *gcs, const struct storage_op *op)
{
	if (op->name.full)
		return "an object name has at most 1024 bytes";
	if (op->kind == STORAGE_LIST)
		return op->token.full ? "the page token is too long" : NULL;
	if (op->kind == STORAGE_PUT && op->body.full)
		return "the body is too large";
	if (op->kind == STORAGE_DELETE &&
	    !str_starts(op->name.data, gcs->delete_under))
		return "refused: outside of what may be deleted";
	return storage_name_fault(op->name.data);
}

static void
gcs_submit(struct storage *s, struct storage_op *op)
{
	struct gcs *gcs = from_storage(s);
	const char *fault = find_fault(gcs, op);
	struct call *call;

	op->submitted_us = loop_now(gcs->loop);
	if (fault != NULL) {
		gcs_answer(op, STORAGE_FAILED, 0, ERR_REFUSED, fault);
		finish(gcs, op);
		return;
	}
	call = take_call(gcs);
	call->op = op;
	op->driver = call;
	gcs_request_build(&gcs->place, op, &call->url, &call->req);
	http_client_submit(gcs->client, &call->req);
}

/* --- settle --- */

static void
answer_bytes(struct storage_op *op, const struct http_request *req)
{
	buf_clear(&op->body);
	if (buf_add(&op->body, req->content.data, req->content.len) != 0)
		gcs_answer(op, STORAGE_FAILED, req->status, ERR_PROTOCOL,
		    "the object is too large");
	else
		storage_answer_ok(op, req->status);
}

/* Why an answer of 2xx is not what GCS or an emulator says when all went well;
 * NULL: it is.  206 is a part, 202 a promise, 203 somebody else's words.  A
 * page proves by its last brace that it is whole; an object's bytes do not. */
static const char *
find_doubt(const struct storage_op *op, const struct http_request *req)
{
	if (req->status != 200 &&
	    (op->kind != STORAGE_DELETE || req->status != 204))
		return "an odd status of success is not believed";
	if (op->kind == STORAGE_GET && !req->is_measured)
		return "the answer does not say how long it is, so it may have "
		       "been cut";
	return NULL;
}

static void
answer_success(const struct gcs *gcs, struct storage_op *op,
    const struct http_request *req)
{
	struct gcs_listing asked = { gcs->bucket, op->name.data,
		op->token.data };
	const char *text = req->content.data, *doubt = find_doubt(op, req);
	size_t n = req->content.len;
	struct err err = ERR_INIT;
	char why[128];
	int rc = 0;

	if (doubt != NULL) {
		snprintf(why, sizeof(why), "HTTP %d: %s", req->status, doubt);
		gcs_answer(op, STORAGE_FAILED, req->status, ERR_PROTOCOL, why);
		return;
	}
	switch (op->kind) {
	case STORAGE_LIST:
		rc = gcs_page_parse(text, n, &asked, &op->page, &err);
		break;
	case STORAGE_GET:
		answer_bytes(op, req);
		return;
	case STORAGE_PUT:
		rc = gcs_generation_parse(text, n, &op->put_generation, &err);
		break;
	case STORAGE_DELETE:
		break; /* GCS says 204, emulators 200 */
	}
	if (rc != 0) {
		storage_clear_answer(op);
		gcs_answer(op, STORAGE_FAILED, req->status, err.code, err.text);
	} else {
		storage_answer_ok(op, req->status);
	}
}

static void
count(struct storage_op *op, const struct http_request *req)
{
	op->attempts += req->sent;
	op->unanswered += req->sent && !req->heard;
	op->rejected += req->outcome == HTTP_ANSWERED &&
	    retry_is_rejection(req->status);
}

static uint64_t
draw_delay(const struct call *call)
{
	const struct storage_op *op = call->op;
	struct rng rng;
	uint64_t h;

	h = rng_hash(op->token.data, op->token.len, call->gcs->seed);
	h = rng_hash(op->name.data, op->name.len, h + (uint64_t)op->kind);
	rng_init(&rng, h + call->tries);
	return retry_delay(call->tries, call->req.retry_after_us, &rng);
}

static void
settle(struct call *call)
{
	struct gcs *gcs = call->gcs;
	struct storage_op *op = call->op;
	struct http_request *req = &call->req;
	struct retry_try t = { .outcome = req->outcome,
		.status = req->status,
		.sent = req->sent,
		.tries = ++call->tries };
	enum retry_verdict verdict;

	t.idempotent = op->kind == STORAGE_LIST || op->kind == STORAGE_GET ||
	    op->has_generation || gcs->retry_always;
	/* Without a pace a 429 is a try like any other. */
	if (t.tries >= RETRY_MAX_TRIES)
		t.rejections = RETRY_MAX_REJECTIONS;
	verdict = retry_judge(&t);
	count(op, req);
	if ((verdict == RETRY_AGAIN || verdict == RETRY_QUEUE) &&
	    !call->is_cancelled) {
		loop_timer_set(&call->retry,
		    loop_now(gcs->loop) + draw_delay(call));
		return;
	}
	if (req->outcome == HTTP_CANCELLED || verdict == RETRY_AGAIN ||
	    verdict == RETRY_QUEUE)
		gcs_answer(op, STORAGE_CANCELLED, req->status, gcs->why.code,
		    gcs->why.text);
	else if (req->outcome == HTTP_ANSWERED && req->status / 100 == 2)
		answer_success(gcs, op, req);
	else
		gcs_answer_failure(op, &gcs->place, req, verdict, call->tries);
	finish_call(call);
}

static void
settle_finished(struct gcs *gcs)
{
	struct http_request *req;

	while ((req = http_client_reap(gcs->client)) != NULL)
		settle(req->user);
}

/* --- cancel --- */

static void
mark_cancelled(struct gcs *gcs, enum err_code code, const char *why)
{
	struct call *call;

	TAILQ_FOREACH(call, &gcs->in_flight, link)
	call->is_cancelled = true;
	gcs->has_cancelled = true;
	err_set(&gcs->why, code, "%s", why);
}

static void
gcs_cancel(struct storage *s)
{
	mark_cancelled(from_storage(s), ERR_CANCELLED, "cancelled");
}

/* Takes what is marked off the wire, out of the queue and out of the timers. */
static void
drop_cancelled(struct gcs *gcs)
{
	struct call *call, *next;

	gcs->has_cancelled = false;
	for (call = TAILQ_FIRST(&gcs->in_flight); call != NULL; call = next) {
		next = TAILQ_NEXT(call, link);
		if (!call->is_cancelled)
			continue;
		if (!loop_timer_is_set(&call->retry)) {
			http_client_cancel(gcs->client, &call->req);
			continue;
		}
		loop_timer_cancel(&call->retry);
		gcs_answer(call->op, STORAGE_CANCELLED, call->req.status,
		    gcs->why.code, gcs->why.text);
		finish_call(call);
	}
}

/* --- reap --- */

static struct storage_op *
take_done(struct gcs *gcs)
{
	struct storage_op *op = gcs->done;

	if (op != NULL && (gcs->done = op->next) == NULL)
		gcs->done_end = &gcs->done;
	return op;
}

static struct storage_op *
gcs_reap(struct storage *s)
{
	struct gcs *gcs = from_storage(s);
	struct err err = ERR_INIT;
	struct storage_op *op;

	for (;;) {
		if (gcs->has_cancelled)
			drop_cancelled(gcs);
		settle_finished(gcs);
		if ((op = take_done(gcs)) != NULL)
			return op;
		if (TAILQ_EMPTY(&gcs->in_flight))
			return NULL;
		if (loop_step(gcs->loop, &err) != 0)
			mark_cancelled(gcs, err.code, err.text);
	}
}

/* --- life --- */

static void
gcs_close(struct storage *s)
{
	struct gcs *gcs = from_storage(s);
	struct call *call;

	assert(TAILQ_EMPTY(&gcs->in_flight) && gcs->done == NULL);
	http_client_close(gcs->client);
	while ((call = TAILQ_FIRST(&gcs->spare)) != NULL) {
		TAILQ_REMOVE(&gcs->spare, call, link);
		http_request_release(&call->req);
		buf_release(&call->url);
		free(call);
	}
	free(gcs->bucket);
	free(gcs->delete_under);
	free(gcs);
}

static const struct storage_ops operations = {
	.submit = gcs_submit,
	.reap = gcs_reap,
	.cancel = gcs_cancel,
	.close = gcs_close,
};

void
gcs_defaults(struct gcs_opts *opts)
{
	*opts = (struct gcs_opts){
		.connections = 1000,
		.delete_under = "",
		.connect_timeout_us = 10000000,
		/* The total limit alone would let a dead connection hold a
		 * slot for two minutes. */
		.idle_timeout_us = 30000000,
		.total_timeout_us = 120000000,
	};
}

/* GCS's own rules for bucket names, as far as they keep a URL what it is. */
static bool
is_bucket_name(const char *s)
{
	static const char inner[] = "abcdefghijklmnopqrstuvwxyz0123456789-_.";
	size_t n = strlen(s);

	return n >= 3 && n <= 222 && strspn(s, inner) == n &&
	    strchr("-_.", s[0]) == NULL && strchr("-_.", s[n - 1]) == NULL;
}

static struct http_client *
open_client(struct loop *loop, const struct gcs_opts *opts)
{
	struct http_opts http = {
		.connections = opts->connections,
		.connect_timeout_us = opts->connect_timeout_us,
		.idle_timeout_us = opts->idle_timeout_us,
		.total_timeout_us = opts->total_timeout_us,
		.user_agent = "gcsweep",
	};

	return http_client_open(loop, &http);
}

struct storage *
gcs_open(struct loop *loop, const struct gcs_opts *opts, struct err *err)
{
	char base[URL_BASE_MAX];
	struct gcs *gcs;

	if (opts->endpoint == NULL)
		return err_set(err, ERR_USAGE, "no endpoint is given"), NULL;
	if (url_parse_endpoint(opts->endpoint, base, err) != 0)
		return NULL;
	if (opts->bucket == NULL || !is_bucket_name(opts->bucket))
		return err_set(err, ERR_USAGE,
			   "\"%.100s\" is not the name of a bucket",
			   opts->bucket ? opts->bucket : ""),
		       NULL;
	gcs = mem_zalloc(1, sizeof(*gcs));
	gcs->storage.ops = &operations;
	gcs->loop = loop;
	memcpy(gcs->base, base, sizeof(base));
	gcs->bucket = mem_strdup(opts->bucket);
	gcs->delete_under = mem_strdup(opts->delete_under);
	gcs->place = (struct gcs_place){ gcs->base, gcs->bucket };
	gcs->seed = opts->seed;
	gcs->retry_always = opts->retry_always;
	TAILQ_INIT(&gcs->in_flight);
	TAILQ_INIT(&gcs->spare);
	gcs->done_end = &gcs->done;
	gcs->client = open_client(loop, opts);
	return &gcs->storage;
}

unsigned
gcs_connections(const struct storage *s)
{
	return http_client_connections(((const struct gcs *)s)->client);
}
