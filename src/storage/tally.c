/* SPDX-License-Identifier: MIT */
/*
 * Attempts are what the driver wrote into the operation: the number of times
 * its head went out.  An operation that was refused before the wire has none.
 */
#include "src/storage/tally.h"

#include <assert.h>
#include <stdlib.h>

#include "src/base/hist.h"
#include "src/base/mem.h"

struct tally_store {
	struct storage base;
	struct storage *inner;
	struct tally counts;
	struct hist latency;
	bool has_begun;
};

static struct tally_store *
self(struct storage *s)
{
	return (struct tally_store *)s;
}

static void
tally_submit(struct storage *s, struct storage_op *op)
{
	struct tally *t = &self(s)->counts;

	t->ops[op->kind]++;
	if (++t->in_flight > t->peak_in_flight)
		t->peak_in_flight = t->in_flight;
	storage_submit(self(s)->inner, op);
}

/* The window opens at the earliest submit, which need not come back first. */
static void
note_times(struct tally_store *ts, const struct storage_op *op)
{
	struct tally *t = &ts->counts;

	if (!ts->has_begun || op->submitted_us < t->first_us)
		t->first_us = op->submitted_us;
	if (op->done_us > t->last_us)
		t->last_us = op->done_us;
	/* How long we cared to wait is no latency. */
	if (op->verdict != STORAGE_CANCELLED)
		hist_add(&ts->latency, op->done_us - op->submitted_us);
	ts->has_begun = true;
}

static struct storage_op *
tally_reap(struct storage *s)
{
	struct tally_store *ts = self(s);
	struct tally *t = &ts->counts;
	struct storage_op *op = storage_reap(ts->inner);

	if (op == NULL)
		return NULL;
	t->in_flight--;
	t->settled[op->kind]++;
	t->verdicts[op->verdict]++;
	t->requests[op->kind] += op->attempts;
	t->attempts += op->attempts;
	if (op->attempts > 1)
		t->retries += op->attempts - 1;
	else if (op->attempts == 0)
		t->unsent++;
	t->rejected += op->rejected;
	t->rejected_of[op->kind] += op->rejected;
	t->unanswered += op->unanswered;
	if (op->attempts > 0)
		note_times(ts, op);
	return op;
}

static void
tally_cancel(struct storage *s)
{
	storage_cancel(self(s)->inner);
}

static void
tally_close(struct storage *s)
{
	storage_close(self(s)->inner);
	hist_release(&self(s)->latency);
	free(s);
}

struct storage *
tally_new(struct storage *inner)
{
	static const struct storage_ops ops = {
		.submit = tally_submit,
		.reap = tally_reap,
		.cancel = tally_cancel,
		.close = tally_close,
	};
	struct tally_store *ts = mem_zalloc(1, sizeof(*ts));

	ts->base.ops = &ops;
	ts->inner = inner;
	return &ts->base;
}

const struct tally *
tally_of(const struct storage *s)
{
	return &((const struct tally_store *)s)->counts;
}

const struct hist *
tally_latency(const struct storage *s)
{
	return &((const struct tally_store *)s)->latency;
}

void
tally_reset(struct storage *s)
{
	assert(self(s)->counts.in_flight == 0);
	self(s)->counts = (struct tally){ 0 };
	hist_release(&self(s)->latency);
	self(s)->has_begun = false;
}
