/* SPDX-License-Identifier: MIT */
/*
 * When a token is fetched:
 *
 *	born ----------------------------- due ---- stale -- dies
 *	  |   requests carry it             |  they still do  |
 *	  |                                 a refresh begins
 *	refused: a refresh begins at once, and requests wait for it
 *
 * due is the later of 75 % of the life and 225 s before its end.  Google's own
 * libraries take 225 s: a metadata server hands out the same token until 5
 * minutes before its end, so that asking earlier would be for nothing; and of a
 * short life a quarter is enough.  Nothing happens by itself: the request that
 * comes first after due begins the refresh.
 *
 * A refresh is all that its credential asks, up to three times with a pause
 * between, as long as what goes wrong may pass.
 */
#include "src/auth/token.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "src/auth/cred.h"
#include "src/base/buf.h"
#include "src/base/loop.h"
#include "src/base/mem.h"
#include "src/base/rng.h"
#include "src/net/client.h"

#define SECOND_US UINT64_C(1000000)

enum {
	TRIES_MAX = 3,
	EARLY_S = 225,
	/* A request that leaves now is judged a little later. */
	STALE_S = 10,
	/* After a refresh that failed: with a token that still holds there is
	 * no hurry, and a server that is down is left alone. */
	PAUSE_EARLY_S = 30,
	PAUSE_S = 1,
	/* A fetched token that is refused this soon was never any good. */
	FRESH_S = 60,
	CONNECT_S = 5,
	CONNECT_METADATA_S = 3,
	TOTAL_S = 30,
	/* No wait between tries is longer, whatever Retry-After says. */
	WAIT_MAX_S = 60
};

struct token_source {
	struct loop *loop;
	struct cred *cred;
	struct http_client *client;
	struct http_request req;
	uint64_t calls;

	/* What requests carry; serial 0: nothing yet. */
	struct buf line;
	uint64_t serial;
	uint64_t born, due, stale; /* of the loop's clock */
	bool is_refused;
	bool was_refused; /* the token before it, which is why it was fetched */

	/* The refresh. */
	struct cred_token fetched;
	bool is_flying; /* or it waits between two tries */
	unsigned tries;
	struct loop_timer retry;
	struct rng rng;

	/* The last one that failed. */
	struct err err;
	uint64_t quiet_until;
	bool has_changed;
};

static bool
is_usable(const struct token_source *ts)
{
	return ts->serial != 0 && !ts->is_refused &&
	    loop_now(ts->loop) < ts->stale;
}

/* --- a refresh, to its end --- */

static uint64_t
add_limited(uint64_t a, uint64_t b)
{
	return b > UINT64_MAX - a ? UINT64_MAX : a + b;
}

static void
install(struct token_source *ts)
{
	uint64_t now = loop_now(ts->loop), wall = loop_wall(ts->loop);
	uint64_t dies = ts->fetched.expires_us;
	uint64_t life = dies == UINT64_MAX ? UINT64_MAX
	    : dies > wall                  ? dies - wall
					   : 0;
	uint64_t early = life / 4 < EARLY_S * SECOND_US ? life / 4
							: EARLY_S * SECOND_US;
	uint64_t margin = life / 10 < STALE_S * SECOND_US ? life / 10
							  : STALE_S * SECOND_US;

	buf_clear(&ts->line);
	buf_addf(&ts->line, "Authorization: Bearer %s", ts->fetched.text.data);
	buf_clear(&ts->fetched.text);
	ts->serial++;
	ts->born = now;
	ts->due = add_limited(now, life - early);
	ts->stale = add_limited(now, life - margin);
	ts->was_refused = ts->is_refused;
	ts->is_refused = false;
	ts->is_flying = false;
	ts->has_changed = true;
	err_clear(&ts->err);
}

/* One second, two, with a tenth more or less, so that many processes that were
 * stopped by one outage do not come back as one. */
static uint64_t
draw_wait(struct token_source *ts)
{
	uint64_t wait = SECOND_US << (ts->tries - 1);
	uint64_t asked = ts->req.retry_after_us;

	wait = wait - wait / 10 + rng_below(&ts->rng, wait / 5);
	if (asked > WAIT_MAX_S * SECOND_US)
		asked = WAIT_MAX_S * SECOND_US;
	return asked > wait ? asked : wait;
}

static void
fail(struct token_source *ts)
{
	uint64_t now = loop_now(ts->loop);

	if (ts->err.code == ERR_NET && ts->tries < TRIES_MAX) {
		loop_timer_set(&ts->retry, now + draw_wait(ts));
		return;
	}
	ts->is_flying = false;
	ts->has_changed = true;
	ts->quiet_until = now + PAUSE_S * SECOND_US;
	if (is_usable(ts)) {
		uint64_t later = now + PAUSE_EARLY_S * SECOND_US;

		ts->quiet_until = later < ts->stale ? later : ts->stale;
	}
}

static void
go_on(struct token_source *ts, enum cred_step step)
{
	switch (step) {
	case CRED_ASK:
		ts->calls++;
		http_client_submit(ts->client, &ts->req);
		break;
	case CRED_DONE:
		install(ts);
		break;
	case CRED_FAILED:
		fail(ts);
		break;
	}
}

static void
try_once(void *arg)
{
	struct token_source *ts = arg;

	ts->tries++;
	ts->req.retry_after_us = 0;
	go_on(ts,
	    cred_begin(ts->cred, loop_wall(ts->loop), ts->is_refused, &ts->req,
		&ts->fetched, &ts->err));
}

/* Unless one is on its way, or the last one failed just now. */
static void
refresh(struct token_source *ts)
{
	if (ts->is_flying || loop_now(ts->loop) < ts->quiet_until)
		return;
	ts->is_flying = true;
	ts->tries = 0;
	try_once(ts);
}

/* --- what requests ask --- */

enum token_state
token_get(struct token_source *ts, const char **line, uint64_t *serial,
    struct err *err)
{
	if (!is_usable(ts) ||
	    (loop_now(ts->loop) >= ts->due && cred_can_refresh(ts->cred)))
		refresh(ts);
	if (is_usable(ts)) {
		*line = ts->line.data;
		*serial = ts->serial;
		return TOKEN_READY;
	}
	if (ts->is_flying)
		return TOKEN_WAIT;
	*err = ts->err;
	return TOKEN_FAILED;
}

bool
token_refused(struct token_source *ts, uint64_t serial)
{
	/* Somebody was faster: there is another one, or will be. */
	if (serial != ts->serial || ts->is_refused)
		return true;
	if (!cred_can_refresh(ts->cred))
		return false;
	if (ts->was_refused &&
	    loop_now(ts->loop) - ts->born < FRESH_S * SECOND_US)
		return false;
	ts->is_refused = true;
	ts->has_changed = true;
	/* A pause after an early refresh was one that could be afforded. */
	ts->quiet_until = 0;
	refresh(ts);
	return true;
}

bool
token_turn(struct token_source *ts)
{
	struct http_request *req;
	bool has_changed;

	while ((req = http_client_reap(ts->client)) != NULL) {
		assert(req == &ts->req);
		go_on(ts,
		    cred_take(ts->cred, loop_wall(ts->loop), req, &ts->fetched,
			&ts->err));
	}
	has_changed = ts->has_changed;
	ts->has_changed = false;
	return has_changed;
}

uint64_t
token_calls(const struct token_source *ts)
{
	return ts->calls;
}

const struct cred *
token_cred(const struct token_source *ts)
{
	return ts->cred;
}

/* --- life --- */

struct token_source *
token_open(struct loop *loop, struct cred *cred_take,
    const struct token_opts *opts)
{
	struct token_source *ts = mem_zalloc(1, sizeof(*ts));
	struct http_opts http = {
		.connections = 1,
		.connect_timeout_us = (cred_kind(cred_take) == CRED_METADATA
					      ? CONNECT_METADATA_S
					      : CONNECT_S) *
		    SECOND_US,
		.total_timeout_us = TOTAL_S * SECOND_US,
		.user_agent = opts->user_agent,
		.ca_file = opts->ca_file,
	};

	ts->loop = loop;
	ts->cred = cred_take;
	ts->client = http_client_open(loop, &http);
	http_request_init(&ts->req);
	buf_init_secret(&ts->req.content, ts->req.content.max);
	buf_init_secret(&ts->line, SIZE_MAX / 4);
	cred_token_init(&ts->fetched);
	loop_timer_init(&ts->retry, loop, try_once, ts);
	rng_init(&ts->rng, opts->seed);
	return ts;
}

void
token_close(struct token_source *ts)
{
	if (ts == NULL)
		return;
	loop_timer_cancel(&ts->retry);
	http_client_close(ts->client);
	http_request_release(&ts->req);
	buf_wipe(&ts->line);
	cred_token_release(&ts->fetched);
	cred_free(ts->cred);
	free(ts);
}
