/* SPDX-License-Identifier: MIT */
/*
 * What may leave, and when.  A call that is ready leaves when its lane's pace,
 * the breaker, a connection and the token all allow it; until then it waits in
 * its lane, and one timer for all of them says when to look again.  No call ever
 * sleeps for the sake of a limit: a 429 lowers the pace and takes the call to
 * the tail.
 *
 * No more requests are given to the http client than it has connections, so
 * that what waits does so here, where a cut of the pace still holds it back.
 */
#include "src/gcs/gcs_priv.h"

#include <stdio.h>
#include <string.h>

#include "src/auth/token.h"
#include "src/gcs/verdict.h"
#include "src/net/retry.h"
#include "src/storage/answer.h"

/* How long to wait before a token is asked for again that could not be had
 * because the network is down. */
enum { TOKEN_PAUSE_US = 1000000 };

static void
on_gate(void *arg)
{
	(void)arg; /* reap looks after every turn of the loop */
}

void
flow_init(struct gcs *gcs, enum pace_mode mode, double rate,
    uint64_t patience_us)
{
	uint64_t now = loop_now(gcs->loop);
	struct pace_opts opts = { .mode = PACE_OFF,
		.rate = rate,
		.window = http_client_connections(gcs->client) };
	int i;

	gcs->width = opts.window;
	for (i = 0; i < LANES; i++) {
		opts.mode = i == LANE_WRITES ? mode : PACE_OFF;
		TAILQ_INIT(&gcs->lanes[i].ready);
		pace_init(&gcs->lanes[i].pace, &opts, now);
	}
	outage_init(&gcs->outage, patience_us, now);
	loop_timer_init(&gcs->gate, gcs->loop, on_gate, gcs);
}

/* --- the queue --- */

void
flow_add(struct call *call)
{
	call->state = CALL_READY;
	call->gcs->waiting++;
	TAILQ_INSERT_TAIL(&call->lane->ready, call, ready);
}

void
flow_remove(struct call *call)
{
	call->gcs->waiting--;
	TAILQ_REMOVE(&call->lane->ready, call, ready);
}

void
flow_landed(struct call *call)
{
	call->gcs->on_wire--;
}

/* --- what a request carries --- */

static void
add_header(struct http_request *req, const char *line)
{
	size_t i;

	if (line == NULL || *line == '\0')
		return;
	for (i = 0; req->headers[i] != NULL; i++)
		;
	req->headers[i] = line;
}

void
flow_set_headers(struct call *call)
{
	struct http_request *req = &call->req;

	memset(req->headers, 0, sizeof(req->headers));
	add_header(req, call->gcs->quota_line);
	add_header(req, call->gcs->extra_line);
	add_header(req, call->token_line);
	add_header(req, call->down.range);
	add_header(req, call->up.line);
}

/* The source's line lasts until the loop turns, and the request's until its head
 * is written: so each call has a copy, made anew only for a new token. */
static void
add_credential(struct call *call, const char *line, uint64_t serial)
{
	if (call->credential.len == 0 || call->serial != serial) {
		buf_clear(&call->credential);
		buf_adds(&call->credential, line);
		call->serial = serial;
	}
	flow_set_headers(call);
	add_header(&call->req, call->credential.data);
	call->req.is_secret = true;
}

/* --- leaving --- */

static void
fail_waiting(struct call *call, enum err_code code, const char *why)
{
	flow_remove(call);
	storage_clear_answer(call->op);
	gcs_answer(call->op, code == ERR_AUTH ? STORAGE_DENIED : STORAGE_FAILED,
	    call->req.status, code, why);
	gcs_finish_call(call);
}

/* A token that somebody once gave shows that there is a way to get one: then the
 * network is waited for as in any outage, and not every operation fails at once.
 * One that was signed here shows nothing. */
static enum token_state
authorize(struct call *call, uint64_t now, uint64_t *at)
{
	struct gcs *gcs = call->gcs;
	struct err err = ERR_INIT;
	enum token_state state;
	const char *line;
	uint64_t serial;

	if (gcs->tokens == NULL)
		return TOKEN_READY;
	state = token_get(gcs->tokens, &line, &serial, &err);
	if (state == TOKEN_READY) {
		gcs->had_token |= token_calls(gcs->tokens) != 0;
		gcs->tokenless_us = 0;
		add_credential(call, line, serial);
		return state;
	}
	*at = UINT64_MAX;
	if (state == TOKEN_WAIT)
		return state;
	if (gcs->tokenless_us == 0)
		gcs->tokenless_us = now;
	if (gcs->had_token && err.code == ERR_NET &&
	    now - gcs->tokenless_us < gcs->outage.patience_us) {
		*at = now + TOKEN_PAUSE_US;
		return TOKEN_WAIT;
	}
	fail_waiting(call, err.code, err.text);
	return state;
}

static void
leave(struct call *call, uint64_t now)
{
	struct gcs *gcs = call->gcs;

	flow_remove(call);
	call->state = CALL_WIRE;
	call->sent_us = now;
	if (++gcs->on_wire > gcs->peak)
		gcs->peak = gcs->on_wire;
	pace_sent(&call->lane->pace, now);
	outage_sent(&gcs->outage, now);
	http_client_submit(gcs->client, &call->req);
}

static uint64_t
later(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* Answers when to look again; UINT64_MAX: something else will make us. */
static uint64_t
send_ready(struct gcs *gcs, struct lane *lane, uint64_t now)
{
	struct call *call;
	uint64_t at;

	while ((call = TAILQ_FIRST(&lane->ready)) != NULL) {
		if (gcs->on_wire >= gcs->width)
			return UINT64_MAX;
		at = later(pace_next(&lane->pace, now),
		    outage_next(&gcs->outage, now));
		if (at > now)
			return at;
		switch (authorize(call, now, &at)) {
		case TOKEN_READY:
			leave(call, now);
			break;
		case TOKEN_WAIT:
			return at;
		case TOKEN_FAILED:
			break;
		}
	}
	return UINT64_MAX;
}

/* Each with what its own last try met; one that has made none is told why it
 * never will. */
static void
fail_all(struct gcs *gcs)
{
	struct call *call;
	char why[URL_BASE_MAX + 80];
	int i;

	snprintf(why, sizeof(why), "%s: nothing has gone well for %u minutes",
	    gcs->base, (unsigned)(gcs->outage.patience_us / 60000000));
	for (i = 0; i < LANES; i++) {
		while ((call = TAILQ_FIRST(&gcs->lanes[i].ready)) != NULL) {
			if (call->sent_us == 0) {
				fail_waiting(call, ERR_NET, why);
				continue;
			}
			flow_remove(call);
			storage_clear_answer(call->op);
			gcs_answer_failure(call->op, &gcs->place, &call->req,
			    RETRY_DONE, call->op->attempts);
			gcs_finish_call(call);
		}
	}
}

void
flow_pump(struct gcs *gcs)
{
	uint64_t now = loop_now(gcs->loop), at = UINT64_MAX;
	int i;

	if (gcs->waiting != 0 && outage_is_hopeless(&gcs->outage, now))
		fail_all(gcs);
	for (i = 0; gcs->waiting != 0 && i < LANES; i++) {
		uint64_t next = send_ready(gcs, &gcs->lanes[i], now);

		if (next < at)
			at = next;
	}
	if (at != UINT64_MAX)
		loop_timer_set(&gcs->gate, at);
	else if (loop_timer_is_set(&gcs->gate))
		loop_timer_cancel(&gcs->gate);
}
