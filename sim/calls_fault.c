/* SPDX-License-Identifier: MIT */
/*
 * A call that something goes wrong with.  Most faults are certain when they are
 * decided on.  Others wait for what the operation makes of the request: for a
 * body that is long enough, for an upload that has come far enough.  When it
 * does not come to that, nothing was the matter and nobody's fault is used up.
 */
#include "sim/calls_priv.h"

#include <event2/buffer.h>

#include "sim/fault_answer.h"
#include "sim/instructions.h"
#include "sim/operations.h"
#include "sim/sim_priv.h"

bool
calls_acts(const struct call *c)
{
	return c->fate == FATE_SERVED ||
	    (c->fate == FATE_FAULTED &&
		(c->fault.has_acted || c->fault.what == FAULT_LOST ||
		    c->fault.what == FAULT_ANSWER || calls_is_open(c)));
}

bool
calls_is_open(const struct call *c)
{
	const struct fault *f = &c->fault;

	return c->fate == FATE_FAULTED &&
	    (f->keep_bytes != FAULT_KEEP_ALL || f->if_body > 0 ||
		f->if_finished || f->ticket != 0);
}

/* Production's answers to an upload that goes on are no JSON. */
static bool
has_finished(const struct call *c, const struct reply *r)
{
	return c->route.op == OP_UPLOAD_STATUS && r->type == reply_json;
}

/* The operation has run: does what the fault waited for hold?  What is part of
 * another call has no body of its own on the wire. */
static bool
comes_true(const struct call *c, const struct ask_cut *cut)
{
	const struct fault *f = &c->fault;
	const struct reply *r = &c->sim->reply;
	bool is_success = r->status >= 200 && r->status < 300;

	if (f->keep_bytes != FAULT_KEEP_ALL)
		return cut->is_reached;
	if (f->if_body > 0 &&
	    (c->x == NULL || calls_count_bytes(c, r) < f->if_body))
		return false;
	return is_success && (!f->if_finished || has_finished(c, r));
}

/* Objects' bytes are shared with those who hold them, and are not written to. */
static void
corrupt(struct evbuffer *media)
{
	char first;

	if (media == NULL || evbuffer_remove(media, &first, 1) != 1)
		return;
	first = first == 'A' ? 'B' : 'A';
	evbuffer_prepend(media, &first, 1);
}

/* But for an answer that suffers, nothing is told of what the operation has
 * done. */
static void
carry_out(struct call *c, const struct ask *ask)
{
	struct fault *f = &c->fault;
	struct reply *reply = &c->sim->reply;

	if (f->what == FAULT_ANSWER) {
		fault_spoil(f, &c->route, reply);
		if (f->corrupts)
			corrupt(ask->media);
	} else {
		if (ask->media != NULL)
			evbuffer_drain(ask->media,
			    evbuffer_get_length(ask->media));
		fault_answer(f, &c->route, reply);
	}
	if (f->what == FAULT_STALL) {
		c->stall_us = f->stall_us;
		f->what = FAULT_ANSWER; /* next time */
		f->keep_bytes = FAULT_KEEP_ALL;
		f->ticket = 0;
		return;
	}
	buf_addf(&reply->head, "X-Sim-Fault: %s\r\n", f->mark);
}

/* What its ticket stands for, or NULL. */
static const char *
find_text(const struct call *c)
{
	return c->fault.ticket != 0
	    ? retry_tests_text(&c->sim->retry_tests, c->fault.ticket)
	    : NULL;
}

static void
serve(struct call *c, const struct ask *ask)
{
	c->fate = FATE_SERVED;
	calls_run(c, ask);
}

void
calls_fail(struct call *c, const struct ask *ask)
{
	struct fault *f = &c->fault;
	const char *text = find_text(c);
	struct ask_cut cut = { .at = f->keep_bytes };
	struct ask met = *ask;
	struct instruction i;

	if (f->ticket != 0 && text == NULL) {
		serve(c, ask);
		return;
	}
	if (f->keep_bytes != FAULT_KEEP_ALL)
		met.cut = &cut;
	if (f->hides_buckets && text != NULL &&
	    instruction_parse(text, &i) == 0)
		met.unreachable = i.names;
	if (calls_acts(c))
		calls_run(c, &met);
	if (calls_is_open(c)) {
		if (!comes_true(c, &cut)) {
			c->fate = FATE_SERVED;
			rules_give_back(&c->sim->rules, f->rule);
			return;
		}
		c->sim->journal.counts.faults++;
		if (f->ticket != 0)
			(void)retry_tests_settle(&c->sim->retry_tests,
			    f->ticket);
	}
	carry_out(c, ask);
}
