/* SPDX-License-Identifier: MIT */
/*
 * The store: it lends each operation a call (an HTTP request, a URL, a timer),
 * and moves it along as gcs_priv.h draws it.  What may leave is flow.c's
 * business, what the end of a try means call.c's.
 *
 * Only reap turns the loop.  cancel only marks: it may be called from a signal
 * that the loop delivers while reap waits.
 */
#include "src/gcs/gcs.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/auth/token.h"
#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/gcs/gcs_priv.h"
#include "src/gcs/verdict.h"
#include "src/net/width.h"
#include "src/storage/answer.h"

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

static struct call *
take_call(struct gcs *gcs)
{
	struct call *call = TAILQ_FIRST(&gcs->spare);

	if (call != NULL) {
		TAILQ_REMOVE(&gcs->spare, call, link);
	} else {
		call = mem_zalloc(1, sizeof(*call));
		call_init(call, gcs);
	}
	TAILQ_INSERT_TAIL(&gcs->in_flight, call, link);
	return call;
}

void
gcs_finish_call(struct call *call)
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
	call->number = gcs->submitted++;
	call_begin(call, op);
	flow_add(call);
	flow_pump(gcs);
}

/* --- settle --- */

/* On the virtual clock all that comes at one instant is settled together, in the
 * order in which it was asked, so that the order of sockets never shows. */
static void
land(struct call *call)
{
	struct gcs *gcs = call->gcs;
	struct call *before = TAILQ_LAST(&gcs->landed, calls);

	while (before != NULL && before->number > call->number)
		before = TAILQ_PREV(before, calls, ready);
	if (before == NULL)
		TAILQ_INSERT_HEAD(&gcs->landed, call, ready);
	else
		TAILQ_INSERT_AFTER(&gcs->landed, before, call, ready);
	if (!loop_timer_is_set(&gcs->settle))
		loop_timer_set(&gcs->settle, loop_now(gcs->loop));
}

/* Due when nothing moves any more at this instant; reap looks after it. */
static void
on_settle(void *arg)
{
	((struct gcs *)arg)->is_settling = true;
}

static void
settle_landed(struct gcs *gcs)
{
	struct call *call;

	gcs->is_settling = false;
	while ((call = TAILQ_FIRST(&gcs->landed)) != NULL) {
		TAILQ_REMOVE(&gcs->landed, call, ready);
		call_settle(call);
	}
}

static void
settle_finished(struct gcs *gcs)
{
	struct http_request *req;

	while ((req = http_client_reap(gcs->client)) != NULL) {
		if (loop_is_virtual(gcs->loop))
			land(req->user);
		else
			call_settle(req->user);
	}
	if (gcs->is_settling)
		settle_landed(gcs);
}

/* --- cancel --- */

static void
mark_cancelled(struct gcs *gcs, enum err_code code, const char *why)
{
	struct call *call;

	TAILQ_FOREACH(call, &gcs->in_flight, link)
	call->is_cancelled = call->is_last = true;
	gcs->has_cancelled = true;
	err_set(&gcs->why, code, "%s", why);
}

void
gcs_stop(struct storage *s)
{
	struct gcs *gcs = from_storage(s);
	struct call *call;

	TAILQ_FOREACH(call, &gcs->in_flight, link)
	{
		call->is_last = true;
		call->is_cancelled |= call->state != CALL_WIRE;
	}
	gcs->has_cancelled = true;
	err_set(&gcs->why, ERR_CANCELLED, "cancelled");
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
		switch (call->state) {
		case CALL_WIRE:
			http_client_cancel(gcs->client, &call->req);
			continue;
		case CALL_READY:
			flow_remove(call);
			break;
		case CALL_RESTS:
			loop_timer_cancel(&call->retry);
			break;
		}
		storage_clear_answer(call->op);
		call_cancel(call);
		gcs_finish_call(call);
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
		if (gcs->tokens != NULL)
			token_turn(gcs->tokens);
		flow_pump(gcs);
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
	loop_timer_cancel(&gcs->gate);
	http_client_close(gcs->client);
	while ((call = TAILQ_FIRST(&gcs->spare)) != NULL) {
		TAILQ_REMOVE(&gcs->spare, call, link);
		call_release(call);
		free(call);
	}
	free(gcs->bucket);
	free(gcs->delete_under);
	free(gcs->quota_line);
	free(gcs->extra_line);
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
		.pace = PACE_OFF,
		.rate = PACE_BEGIN_RATE,
		/* As much as Google's own clients send in one request. */
		.resumable_over = 8 * 1024 * 1024,
		.delete_under = "",
		.patience_us = OUTAGE_PATIENCE_US,
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
		.ca_file = opts->ca_file,
	};

	return http_client_open(loop, &http);
}

static char *
make_line(const char *name, const char *value)
{
	struct buf line;

	if (value == NULL)
		return NULL;
	buf_init(&line, 1024);
	buf_addf(&line, "%s: %s", name, value);
	return buf_steal(&line);
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
	gcs->place = (struct gcs_place){ gcs->base, gcs->bucket,
		opts->tokens != NULL };
	gcs->seed = opts->seed;
	/* Two runs within two minutes must not share a token. */
	gcs->token_seed = opts->seed ^ loop_wall(loop);
	gcs->tokens = opts->tokens;
	gcs->retry_always = opts->retry_always;
	gcs->resumable_over = opts->resumable_over;
	gcs->quota_line = make_line("x-goog-user-project", opts->quota_project);
	if (opts->header != NULL)
		gcs->extra_line = mem_strdup(opts->header);
	TAILQ_INIT(&gcs->landed);
	loop_timer_init(&gcs->settle, loop, on_settle, gcs);
	TAILQ_INIT(&gcs->in_flight);
	TAILQ_INIT(&gcs->spare);
	gcs->done_end = &gcs->done;
	gcs->client = open_client(loop, opts);
	flow_init(gcs, opts->pace, opts->rate, opts->patience_us);
	return &gcs->storage;
}

unsigned
gcs_connections(const struct storage *s)
{
	return http_client_connections(((const struct gcs *)s)->client);
}

/* As it was before the first batch: while one is sent, a round trip has our own
 * queue in it, and a second batch as large as the first would make more
 * connections that are not worth their handshakes.  0: not known. */
static uint64_t
first_latency(struct gcs *gcs)
{
	double round_trip = gcs->lanes[LANE_WRITES].pace.round_trip;

	if (gcs->has_expected)
		return gcs->latency_us;
	if (round_trip <= 0)
		round_trip = gcs->lanes[LANE_READS].pace.round_trip;
	gcs->has_expected = true;
	return gcs->latency_us = (uint64_t)round_trip;
}

void
gcs_expect(struct storage *s, uint64_t n)
{
	struct gcs *gcs = from_storage(s);
	struct width_case c = { .requests = n,
		.latency_us = first_latency(gcs),
		.is_tls = str_starts(gcs->base, "https://") };
	unsigned most = http_client_connections(gcs->client);

	gcs->peak = gcs->on_wire;
	gcs->width = width_choose(&c);
	if (gcs->width > most)
		gcs->width = most;
	http_client_set_width(gcs->client, gcs->width);
}

void
gcs_status(const struct storage *s, struct gcs_status *out)
{
	const struct gcs *gcs = (const struct gcs *)s;
	const struct pace *reads = &gcs->lanes[LANE_READS].pace;
	const struct pace *writes = &gcs->lanes[LANE_WRITES].pace;

	*out = (struct gcs_status){
		.write_rate = writes->rate,
		.read_rate = reads->rate,
		.why = pace_why(writes),
		.in_flight = gcs->on_wire,
		.peak = gcs->peak,
		.waiting = gcs->waiting,
		.window = pace_window(writes),
		.connections = gcs->width,
		.retries = gcs->retries,
		.requeues = gcs->requeues,
		.outages = gcs->outage.openings,
		.probes = gcs->outage.probes,
		.is_outage = gcs->outage.is_open,
	};
	if (gcs->tokens != NULL)
		out->token_calls = token_calls(gcs->tokens);
}
