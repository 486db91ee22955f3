/* SPDX-License-Identifier: MIT */
/*
 * A batch is one request on the wire and many calls: each of them is in the
 * journal, takes its token and its fault, and is answered with a status of its
 * own, while the batch itself is of the kind OTHER.
 *
 * The parts arrive with the batch and act in their order, all at one instant.
 * Production works on them at once, so the batch takes as long as the longest
 * of them, if that is longer than what OTHER takes.
 */
#include "sim/calls_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/batch.h"
#include "sim/sim_priv.h"
#include "sim/operations.h"
#include "src/base/mem.h"
#include "src/base/rng.h"
#include "src/base/str.h"

/* As much as a reply holds. */
enum { ANSWER_MAX = 1 << 30 };

struct calls_batch {
	struct batch read;
	const char *fault; /* of the batch as a whole, or NULL */
	int status;        /* of that */
	VEC(struct call *) parts;
	char boundary[32];
	char type[80]; /* of the answer */
};

/* Where a part's headers are. */
struct part_headers {
	const struct batch *batch;
	const struct batch_part *part;
	const struct ask_headers *outer;
};

static const char *
find_header(const void *from, const char *name)
{
	const struct part_headers *h = from;
	const char *value = batch_header(h->batch, h->part, name);

	if (value == NULL && batch_is_shared(name))
		value = h->outer->find(h->outer->from, name);
	return value;
}

static bool
is_json_api(const char *target)
{
	return str_starts(target, "/storage/v1/") ||
	    str_starts(target, "/b/") || str_starts(target, "/b?") ||
	    str_is(target, strlen(target), "/b");
}

/* Why a part cannot be done, or NULL. */
static const char *
find_fault(const struct batch_part *part, const struct route *route)
{
	if (part->fault != NULL)
		return part->fault;
	switch (route->op) {
	case OP_BATCH:
		return "A batch takes no batches.";
	case OP_OBJECT_MEDIA:
		return "A batch takes no downloads.";
	case OP_OBJECT_INSERT:
	case OP_UPLOAD_STATUS:
	case OP_UPLOAD_CANCEL:
		return "A batch takes no uploads.";
	default:
		return is_json_api(part->target)
		    ? NULL
		    : "A batch takes calls of the JSON API alone.";
	}
}

static void
add_part(struct call *c, struct batch_part *part)
{
	const struct ask_headers outer = calls_headers(c);
	const struct part_headers from = { &c->batch->read, part, &outer };
	const struct ask_headers headers = { find_header, &from, NULL };
	struct call *made = calls_arrive(c->sim,
	    route_method(part->method,
		batch_header(&c->batch->read, part, "X-HTTP-Method-Override")),
	    part->target, NULL);

	calls_count_part(made, c);
	part->fault = find_fault(part, &made->route);
	calls_weigh(made, c, &headers, made->arrived_us);
	if (part->fault != NULL && calls_is_open(made))
		made->fate = FATE_SERVED; /* it does not come to that */
	if (made->limit.wait_us + made->latency_us >
	    c->limit.wait_us + c->latency_us) {
		c->limit.wait_us = made->limit.wait_us;
		c->latency_us = made->latency_us;
	}
	*vec_push(&c->batch->parts) = made;
}

void
calls_batch_open(struct call *c, const char *content_type, const void *body,
    size_t n)
{
	struct calls_batch *b = mem_zalloc(1, sizeof(*b));
	size_t i;

	c->batch = b;
	batch_init(&b->read);
	b->status = 400;
	if (n > BATCH_BYTES) {
		b->fault = "A batch has at most 10 MiB.";
		b->status = 413;
	} else {
		b->fault = batch_parse(&b->read, content_type, body, n);
	}
	for (i = 0; b->fault == NULL && i < b->read.parts.n; i++)
		add_part(c, &b->read.parts.v[i]);
}

static void
perform_part(struct call *c, const struct ask *outer, size_t i)
{
	struct calls_batch *b = c->batch;
	struct call *made = b->parts.v[i];
	const struct batch_part *part = &b->read.parts.v[i];
	const struct part_headers headers = { &b->read, part, &outer->headers };
	struct ask ask = *outer;

	ask.route = &made->route;
	ask.headers = (struct ask_headers){ find_header, &headers, NULL };
	ask.self.host = find_header(&headers, "Host");
	ask.body = part->body;
	ask.body_len = part->body_n;
	ask.media = NULL;
	ask.who = made->verdict.who;
	if (part->fault != NULL && made->fate == FATE_SERVED) {
		reply_clear(&c->sim->reply, true);
		reply_bad_request(&c->sim->reply, "badRequest", part->fault);
	} else {
		calls_perform(made, &ask);
	}
}

/* It is in the journal and in the log like any other. */
static void
settle_part(struct call *made)
{
	const struct reply *r = &made->sim->reply;

	calls_settle(made, r->status, r->body.len);
	calls_give_back(made);
}

/* Nobody could have put it into a name or into metadata. */
static void
choose_boundary(struct sim *sim, struct calls_batch *b)
{
	struct rng rng;

	rng_init(&rng, sim->seed ^ ++sim->answers << 20);
	snprintf(b->boundary, sizeof(b->boundary), "batch_%016llx",
	    (unsigned long long)rng_next(&rng));
	snprintf(b->type, sizeof(b->type), "multipart/mixed; boundary=%s",
	    b->boundary);
}

/* Its parts' answers become the reply. */
static void
answer(struct sim *sim, const struct calls_batch *b, struct buf *answers)
{
	struct reply *reply = &sim->reply;
	struct buf before;

	batch_end_answer(answers, b->boundary);
	reply_clear(reply, true);
	if (answers->full) {
		reply_trouble(reply, 500);
		return;
	}
	before = reply->body;
	reply->body = *answers;
	*answers = before;
	reply->type = b->type;
}

/* A fault that resets a connection resets the whole batch's, when all of it has
 * acted. */
void
calls_batch_perform(struct call *c, const struct ask *ask)
{
	struct sim *sim = c->sim;
	struct calls_batch *b = c->batch;
	bool is_reset = false;
	struct buf answers;
	size_t i;

	if (b->fault != NULL) {
		reply_clear(&sim->reply, true);
		reply_error(&sim->reply, b->status,
		    b->status == 413 ? "uploadTooLarge" : "badRequest", NULL,
		    b->fault);
		return;
	}
	buf_init(&answers, ANSWER_MAX);
	choose_boundary(sim, b);
	for (i = 0; i < b->parts.n; i++) {
		perform_part(c, ask, i);
		if (sim->reply.status == 0)
			is_reset = true;
		else
			batch_add_answer(&answers, b->boundary,
			    &b->read.parts.v[i], &sim->reply);
		settle_part(b->parts.v[i]);
	}
	b->parts.n = 0;
	answer(sim, b, &answers);
	if (is_reset)
		sim->reply.status = 0;
	buf_release(&answers);
}

void
calls_batch_free(struct call *c)
{
	if (c->batch == NULL)
		return;
	batch_release(&c->batch->read);
	vec_release(&c->batch->parts);
	free(c->batch);
	c->batch = NULL;
}
