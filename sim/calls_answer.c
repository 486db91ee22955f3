/* SPDX-License-Identifier: MIT */
/* How a request is answered: the headers that production always sends, what
 * the simulator adds of its own, and a line in the access log. */
#include "sim/calls_priv.h"

#include <string.h>

#include "sim/access_log.h"
#include "sim/authority.h"
#include "sim/events.h"
#include "sim/sim_priv.h"
#include "sim/http_slow.h"
#include "sim/json_out.h"
#include "src/base/rng.h"

/* Production's headers that never change, and those that an object with a
 * Cache-Control of its own does without. */
static const char fixed_head[] = "Vary: Origin\r\nVary: X-Origin\r\n"
				 "Server: UploadServer\r\n";
static const char uncached_head[] =
    "Cache-Control: no-cache, no-store, max-age=0, must-revalidate\r\n"
    "Expires: Mon, 01 Jan 1990 00:00:00 GMT\r\nPragma: no-cache\r\n";

static void
add_upload_id(struct sim *sim, struct buf *head)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN"
				      "OPQRSTUVWXYZ0123456789-_";
	char id[] = "X-GUploader-UploadID: ABPtcPrxxxxxxxxxxxxxxxxxxxx\r\n";
	char *at = strchr(id, 'x');
	struct rng rng;
	uint64_t bits = 0;
	int i;

	rng_init(&rng, sim->seed ^ sim->answers++ << 20);
	for (i = 0; i < 20; i++, bits >>= 6) {
		if (i % 10 == 0)
			bits = rng_next(&rng);
		at[i] = letters[bits & 63];
	}
	buf_add(head, id, sizeof(id) - 1);
}

/* "sim;dur=42.0" */
static void
add_wait(struct buf *head, const char *name, uint64_t us)
{
	buf_adds(head, name);
	buf_adds(head, ";dur=");
	json_add_u64(head, us / 1000);
	buf_addc(head, '.');
	buf_addc(head, (char)('0' + us % 1000 / 100));
}

void
calls_end_head(struct call *c, struct reply *r)
{
	if (r->type != NULL) {
		buf_adds(&r->head, "Content-Type: ");
		buf_adds(&r->head, r->type);
		buf_adds(&r->head, "\r\n");
	}
	if (authority_serves(&c->route)) {
		authority_end_head(&c->route, &r->head);
		return;
	}
	if (strstr(r->head.data, "X-GUploader-UploadID") == NULL)
		add_upload_id(c->sim, &r->head);
	if (strstr(r->head.data, "\r\nCache-Control: ") == NULL)
		buf_add(&r->head, uncached_head, sizeof(uncached_head) - 1);
	buf_add(&r->head, fixed_head, sizeof(fixed_head) - 1);
}

void
calls_send(struct call *c, struct reply *r)
{
	struct sim *sim = c->sim;
	struct http_manner manner = http_plain;
	uint64_t wall = loop_wall(sim->loop);

	add_wait(&r->head, "Server-Timing: sim", c->latency_us);
	add_wait(&r->head, ", limit", c->limit.wait_us);
	if (c->setup_us > 0)
		add_wait(&r->head, ", connect", c->setup_us);
	if (c->upload_us > 0)
		add_wait(&r->head, ", upload", c->upload_us);
	if (c->answer_us > 0)
		add_wait(&r->head, ", answer", c->answer_us);
	add_wait(&r->head, ", total", loop_now(sim->loop) - c->arrived_us);
	buf_adds(&r->head, "\r\n");
	if (c->fate == FATE_FAULTED) {
		manner = c->fault.manner;
		wall += (uint64_t)c->fault.skew_us;
	}
	if (manner.bytes_per_second == 0)
		manner.bytes_per_second = sim->prices.bandwidth;
	http_answer_slowly(sim->http, c->x, r->status, wall, r->head.data,
	    r->body.data, r->body.len, &manner);
}

void
calls_leave(struct call *c)
{
	enum fault_what what = c->fate == FATE_FAULTED ? c->fault.what
						       : FAULT_RESET;

	if (what == FAULT_LOST)
		http_close_unanswered(c->x);
	else if (what == FAULT_REFUSED || what == FAULT_GOAWAY)
		http_turn_away(c->x, what == FAULT_GOAWAY);
	else
		http_reset(c->x);
}

void
calls_log(const struct call *c, int status, uint64_t bytes)
{
	const struct sim *sim = c->sim;
	struct access_entry e = { .wall_us = loop_wall(sim->loop),
		.kind = c->route.kind,
		.method = c->method,
		.bucket = &c->route.bucket,
		.name = &c->route.name,
		.nth = c->nth,
		.status = status,
		.bytes = bytes,
		.took_us = loop_now(sim->loop) - c->arrived_us,
		.latency_us = c->latency_us,
		.queued_us = c->limit.wait_us,
		.is_limited = c->fate == FATE_REJECTED,
		.is_fault = c->fate == FATE_FAULTED };

	if (sim->access_log != NULL)
		access_log_add(sim->access_log, &e);
	events_request(sim->events, &e);
}
