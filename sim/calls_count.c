/* SPDX-License-Identifier: MIT */
/* Where a call counts: in the journal and in scopes, when it arrives and when
 * it is over. */
#include "sim/calls_priv.h"

#include <string.h>

#include "sim/http.h"
#include "sim/scope.h"
#include "sim/sim_priv.h"

/* A connection counts where its first request does. */
static void
enter(struct call *c, uint64_t scopes, bool opens)
{
	c->scopes = scopes;
	scopes_arrive(&c->sim->scopes, scopes, c->route.kind, c->route.op,
	    opens);
}

/* Tokens that are sent as parameters are for nobody to read. */
static void
mask(struct buf *target)
{
	static const char *const keys[] = { "access_token=", "oauth_token=" };
	char *at, *stop;
	size_t i, n;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		n = strlen(keys[i]);
		for (at = strstr(target->data, keys[i]); at != NULL;
		     at = strstr(at + n, keys[i])) {
			if (at[-1] != '?' && at[-1] != '&')
				continue;
			for (stop = at + n; *stop != '\0' && *stop != '&';
			     stop++)
				*stop = '*';
		}
	}
}

static void
note(struct call *c, const char *target, uint64_t connection)
{
	struct journal_row *row = journal_row(&c->sim->journal, c->row);
	struct buf masked;

	if (row == NULL)
		return;
	row->scopes = c->scopes;
	row->connection = (uint32_t)connection;
	row->method = (uint8_t)c->method;
	row->op = (uint8_t)c->route.op;
	if (strstr(target, "_token=") == NULL) {
		journal_set_target(&c->sim->journal, c->row, target);
		return;
	}
	buf_init(&masked, HTTP_MAX_HEAD);
	buf_adds(&masked, target);
	mask(&masked);
	journal_set_target(&c->sim->journal, c->row, masked.data);
	buf_release(&masked);
}

void
calls_count(struct call *c, const struct http_exchange *x)
{
	struct scopes *scopes = &c->sim->scopes;

	if (c->row == CALL_UNCOUNTED)
		return;
	if (x == NULL) {
		enter(c, scopes_for(scopes, NULL), false);
		note(c, "", 0);
	} else {
		enter(c, scopes_for(scopes, http_header(x, "X-Sim-Scope")),
		    http_turn(x) == 1);
		note(c, http_target(x), http_connection(x));
	}
}

void
calls_count_part(struct call *c, const struct call *whole)
{
	enter(c, whole->scopes, false);
	note(c, c->target.data, 0);
}

static uint64_t
count_body(const struct call *c)
{
	size_t n = 0;

	if (c->x != NULL)
		(void)http_body(c->x, &n);
	return n;
}

void
calls_settle(struct call *c, int status, uint64_t bytes)
{
	struct sim *sim = c->sim;
	struct journal_row *row = journal_row(&sim->journal, c->row);
	const struct tally_end end = { .kind = c->route.kind,
		.op = c->route.op,
		.status = status,
		.bytes_in = count_body(c),
		.bytes_out = bytes,
		.took_us = loop_now(sim->loop) - c->arrived_us,
		.is_rejected = c->fate == FATE_REJECTED,
		.is_fault = c->fate == FATE_FAULTED };

	if (c->row == CALL_UNCOUNTED)
		return;
	if (row != NULL) {
		row->queued_us = c->limit.wait_us;
		row->setup_us = c->setup_us;
		row->upload_us = c->upload_us;
		row->bytes_in = end.bytes_in;
		row->bytes_out = bytes;
		row->is_limited = end.is_rejected;
		row->is_fault = end.is_fault;
	}
	journal_answer(&sim->journal, c->row, loop_now(sim->loop), status);
	scopes_answer(&sim->scopes, c->scopes, c->row, &end);
	calls_log(c, status, bytes);
}
