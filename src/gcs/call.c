/* SPDX-License-Identifier: MIT */
/*
 * The life of one call, after each of its tries: retry.h's table judges what came
 * of it, the pace and the breaker hear of it, and the call goes to the tail of
 * the queue, into its timer, or is answered.
 *
 * Delays and idempotency tokens are drawn from a hash of a seed and the
 * operation, and so do not depend on the order in which answers came.
 */
#include "src/gcs/gcs_priv.h"

#include <stdio.h>
#include <string.h>

#include "src/auth/token.h"
#include "src/base/rng.h"
#include "src/gcs/page.h"
#include "src/gcs/verdict.h"
#include "src/net/retry.h"
#include "src/storage/answer.h"

/* --- asking --- */

static uint64_t
hash_op(const struct storage_op *op, uint64_t seed)
{
	uint64_t h = rng_hash(op->token.data, op->token.len, seed);

	return rng_hash(op->name.data, op->name.len, h + (uint64_t)op->kind);
}

/* Writes n hex digits, the lowest first. */
static char *
add_hex(char *out, uint64_t bits, unsigned n)
{
	for (; n > 0; n--, bits >>= 4)
		*out++ = "0123456789abcdef"[bits & 15];
	return out;
}

/* Google's servers answer a mutation whose token they have seen in the last two
 * minutes as they did then, without acting: a second try that finds its work
 * done hears so.  Two operations must never share one, nor two runs: hence the
 * count, the generation and the run's own seed. */
static void
make_token(struct call *call)
{
	static const char head[] = "x-goog-gcs-idempotency-token: ";
	const struct storage_op *op = call->op;
	struct gcs *gcs = call->gcs;
	char *out = call->token_line;
	struct rng rng;
	uint64_t bits;

	*out = '\0';
	if (op->kind == STORAGE_LIST || op->kind == STORAGE_GET)
		return;
	rng_init(&rng,
	    hash_op(op, gcs->token_seed + op->generation) + gcs->mutations++);
	memcpy(out, head, sizeof(head) - 1);
	bits = rng_next(&rng);
	out = add_hex(out + sizeof(head) - 1, bits, 8);
	*out++ = '-';
	out = add_hex(out, bits >> 32, 4);
	*out++ = '-';
	*out++ = '4'; /* a UUID of the random kind */
	out = add_hex(out, bits >> 48, 3);
	*out++ = '-';
	bits = rng_next(&rng);
	*out++ = "89ab"[bits >> 62];
	out = add_hex(out, bits, 3);
	*out++ = '-';
	*add_hex(out, bits >> 12, 12) = '\0';
}

/* Writes the request that is now to be sent. */
static void
ask(struct call *call)
{
	struct storage_op *op = call->op;
	struct http_request *req = &call->req;
	const struct gcs_place *place = &call->gcs->place;

	gcs_request_build(place, op, &call->url, req);
	if (op->kind == STORAGE_GET)
		gcs_download_ask(&call->down, op, &call->url, req);
	else if (op->kind == STORAGE_PUT)
		gcs_upload_ask(&call->up, place, op, &call->url, req);
	flow_set_headers(call);
}

void
call_begin(struct call *call, struct storage_op *op)
{
	struct gcs *gcs = call->gcs;
	bool is_read = op->kind == STORAGE_LIST || op->kind == STORAGE_GET;

	call->op = op;
	op->driver = call;
	call->lane = &gcs->lanes[is_read ? LANE_READS : LANE_WRITES];
	call->tries = call->rejections = 0;
	call->is_replayed = call->is_cancelled = call->is_last = false;
	call->req.status = 0;
	call->sent_us = 0;
	make_token(call);
	gcs_download_init(&call->down);
	gcs_upload_begin(&call->up,
	    op->kind == STORAGE_PUT && op->body.len > gcs->resumable_over);
	ask(call);
}

/* --- success --- */

/* Why an answer of 2xx is not what GCS or an emulator says when all went well;
 * NULL: it is.  206 is a part, 202 a promise, 203 somebody else's words.  A
 * page proves by its last brace that it is whole; an object's bytes do not. */
static const char *
find_doubt(struct call *call)
{
	const struct http_request *req = &call->req;
	struct storage_op *op = call->op;

	if (op->kind == STORAGE_GET && !req->is_measured)
		return "the answer does not say how long it is, so it may have "
		       "been cut";
	if (op->kind == STORAGE_GET)
		return gcs_download_doubt(&call->down, op, req);
	if (req->status == 200 ||
	    (op->kind == STORAGE_DELETE && req->status == 204) ||
	    (call->up.step != GCS_UPLOAD_WHOLE && req->status == 201))
		return NULL;
	return "an odd status of success is not believed";
}

static int
read_bytes(struct storage_op *op, const struct http_request *req,
    struct err *err)
{
	if (buf_add(&op->body, req->content.data, req->content.len) == 0 &&
	    op->body.len <= op->max_body)
		return 0;
	return err_set(err, ERR_PROTOCOL, "the object is over %zu bytes",
	    op->max_body);
}

static int
read_answer(struct call *call, struct err *err)
{
	struct storage_op *op = call->op;
	struct gcs_listing asked = { call->gcs->bucket, op->name.data,
		op->token.data, op->start.data, op->end.data };
	const char *text = call->req.content.data;
	size_t n = call->req.content.len;

	switch (op->kind) {
	case STORAGE_LIST:
		op->server_us = call->req.date_s * 1000000;
		return gcs_page_parse(text, n, &asked, &op->page, err);
	case STORAGE_GET:
		return read_bytes(op, &call->req, err);
	case STORAGE_PUT:
		return gcs_generation_parse(text, n, &op->put_generation, err);
	case STORAGE_DELETE:
		break; /* GCS says 204, emulators 200 */
	}
	return 0;
}

static void
answer_success(struct call *call)
{
	struct storage_op *op = call->op;
	int status = call->req.status;
	const char *doubt = find_doubt(call);
	struct err err = ERR_INIT;

	if (doubt != NULL)
		err_set(&err, ERR_PROTOCOL, "HTTP %d: %s", status, doubt);
	else if (read_answer(call, &err) == 0) {
		storage_answer_ok(op, status);
		return;
	}
	storage_clear_answer(op);
	gcs_answer(op, STORAGE_FAILED, status, err.code, err.text);
}

/* --- settle --- */

static void
count(struct storage_op *op, const struct http_request *req)
{
	op->attempts += req->sent;
	op->unanswered += req->sent && !req->heard;
	op->rejected += req->outcome == HTTP_ANSWERED &&
	    retry_is_rejection(req->status);
}

static void
on_retry(void *arg)
{
	flow_add(arg);
}

static void
rest(struct call *call)
{
	struct gcs *gcs = call->gcs;
	struct rng rng;

	rng_init(&rng, hash_op(call->op, gcs->seed) + call->tries);
	gcs->retries++;
	call->state = CALL_RESTS;
	loop_timer_set(&call->retry,
	    loop_now(gcs->loop) +
		retry_delay(call->tries, call->req.retry_after_us, &rng));
}

void
call_init(struct call *call, struct gcs *gcs)
{
	call->gcs = gcs;
	http_request_init(&call->req);
	call->req.user = call;
	buf_init(&call->url, GCS_URL_MAX);
	buf_init_secret(&call->credential, GCS_URL_MAX);
	gcs_upload_init(&call->up);
	loop_timer_init(&call->retry, gcs->loop, on_retry, call);
}

void
call_release(struct call *call)
{
	http_request_release(&call->req);
	buf_release(&call->url);
	buf_wipe(&call->credential);
	buf_release(&call->credential);
	gcs_upload_release(&call->up);
}

/* The pace and the breaker hear of the try; the table judges it. */
static enum retry_verdict
judge(struct call *call)
{
	struct gcs *gcs = call->gcs;
	const struct storage_op *op = call->op;
	const struct http_request *req = &call->req;
	uint64_t now = loop_now(gcs->loop);
	bool is_429 = req->outcome == HTTP_ANSWERED && req->status == 429;
	struct retry_try t = { .outcome = req->outcome,
		.status = req->status,
		.sent = req->sent };

	t.idempotent = op->kind == STORAGE_LIST || op->kind == STORAGE_GET ||
	    op->has_generation || gcs->retry_always;
	t.can_refresh = req->outcome == HTTP_ANSWERED && req->status == 401 &&
	    gcs->tokens != NULL && !call->is_replayed &&
	    token_refused(gcs->tokens, call->serial);
	t.tries = call->tries += !is_429;
	t.rejections = call->rejections += is_429;
	pace_settled(&call->lane->pace, now, call->sent_us,
	    retry_pace_answer(&t));
	if (is_429 && req->retry_after_us != 0)
		pace_hold(&call->lane->pace, now, req->retry_after_us);
	outage_settled(&gcs->outage, now, call->sent_us,
	    retry_outage_answer(&t));
	t.in_outage = gcs->outage.is_open;
	return retry_judge(&t);
}

static void
again(struct call *call, enum retry_verdict verdict)
{
	struct gcs *gcs = call->gcs;

	if (call->op->kind == STORAGE_GET)
		gcs_download_keep(&call->down, call->op, &call->req);
	else if (call->op->kind == STORAGE_PUT)
		gcs_upload_lost(&call->up);
	ask(call);
	if (verdict == RETRY_AGAIN) {
		rest(call);
		return;
	}
	/* An outage uses up no tries. */
	if (verdict == RETRY_QUEUE && call->req.status != 429)
		call->tries--;
	call->is_replayed |= verdict == RETRY_REFRESH;
	gcs->requeues++;
	flow_add(call);
}

/* A final answer of which another request follows all the same: a session's next
 * step, or the whole object where the rest of it is no longer there. */
static bool
goes_on(struct call *call)
{
	struct storage_op *op = call->op;
	const struct http_request *req = &call->req;
	bool has_moved = false;

	if (req->outcome != HTTP_ANSWERED)
		return false;
	if (op->kind == STORAGE_GET)
		return gcs_download_is_stale(&call->down, op, req);
	if (op->kind != STORAGE_PUT ||
	    !gcs_upload_goes_on(&call->up, &call->gcs->place, op, req,
		&has_moved))
		return false;
	/* A step forward is no try. */
	call->tries -= has_moved;
	return true;
}

static void
answer(struct call *call, enum retry_verdict verdict)
{
	struct storage_op *op = call->op;
	const struct http_request *req = &call->req;

	if (req->outcome == HTTP_ANSWERED && req->status / 100 == 2 &&
	    call->up.fault == NULL) {
		answer_success(call);
		return;
	}
	storage_clear_answer(op); /* what has come of a read is no answer */
	if (req->outcome == HTTP_CANCELLED)
		call_cancel(call);
	else if (call->up.fault != NULL)
		gcs_answer(op, STORAGE_FAILED, req->status, ERR_PROTOCOL,
		    call->up.fault);
	else
		gcs_answer_failure(op, &call->gcs->place, req, verdict,
		    call->tries + call->rejections);
}

void
call_cancel(struct call *call)
{
	const struct err *why = &call->gcs->why;

	gcs_answer(call->op, STORAGE_CANCELLED, call->req.status, why->code,
	    why->text);
}

void
call_settle(struct call *call)
{
	enum retry_verdict verdict;

	flow_landed(call);
	verdict = judge(call);
	count(call->op, &call->req);
	if (verdict == RETRY_DONE || verdict == RETRY_GIVE_UP) {
		if (!call->is_last && call->tries < RETRY_MAX_TRIES &&
		    goes_on(call)) {
			ask(call);
			flow_add(call);
			return;
		}
		answer(call, verdict);
	} else if (call->is_last) {
		storage_clear_answer(call->op);
		call_cancel(call);
	} else {
		again(call, verdict);
		return;
	}
	gcs_finish_call(call);
}
