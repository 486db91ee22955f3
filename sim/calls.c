/* SPDX-License-Identifier: MIT */
/*
 * Calls are reused, with their buffers: answering a request takes no memory of
 * ours after the first few.
 */
#include "sim/calls.h"

#include <event2/buffer.h>
#include <stdlib.h>
#include <string.h>

#include "sim/access_log.h"
#include "sim/authority.h"
#include "sim/bucket.h"
#include "sim/calls_priv.h"
#include "sim/control.h"
#include "sim/sim_priv.h"
#include "sim/http.h"
#include "sim/operations.h"
#include "sim/routes.h"
#include "sim/upload.h"
#include "sim/xml_delete.h"
#include "sim/xml_route.h"
#include "src/base/mem.h"
#include "src/base/str.h"

static void on_due(void *arg);

/* --- making and ending --- */

static struct call *
take_call(struct sim *sim)
{
	struct call *c = sim->spare;

	if (c != NULL) {
		sim->spare = c->next;
	} else {
		c = mem_zalloc(1, sizeof(*c));
		c->sim = sim;
		buf_init(&c->target, HTTP_MAX_HEAD);
		route_init(&c->route);
		reply_init(&c->held);
		loop_timer_init(&c->timer, sim->loop, on_due, c);
	}
	c->next = sim->live;
	c->self = &sim->live;
	if (c->next != NULL)
		c->next->self = &c->next;
	sim->live = c;
	return c;
}

void
calls_give_back(struct call *c)
{
	calls_batch_free(c);
	*c->self = c->next;
	if (c->next != NULL)
		c->next->self = c->self;
	c->next = c->sim->spare;
	c->sim->spare = c;
}

/* --- waiting --- */

static void
unpark(struct call *c)
{
	if (c->watch != NULL)
		event_free(c->watch);
	c->watch = NULL;
	if (c->is_parked)
		loop_unpark(c->sim->loop);
	c->is_parked = false;
}

/* Nobody waits for this answer any more, so it holds up no clock.  What was
 * asked for still happens, when it is due. */
static void
on_gone(evutil_socket_t fd, short what, void *arg)
{
	(void)fd, (void)what;
	unpark(arg);
}

/* Only a virtual clock asks who is still there. */
static void
park(struct call *c)
{
	loop_park(c->sim->loop);
	c->is_parked = true;
	if (loop_is_virtual(c->sim->loop))
		c->watch = http_watch(c->sim->http, c->x, on_gone, c);
}

/* --- acting --- */

uint64_t
calls_count_bytes(const struct call *c, const struct reply *r)
{
	if (r->status == 0 || c->method == HTTP_HEAD)
		return 0;
	return evbuffer_get_length(http_output(c->x)) + r->body.len;
}

static const char *
find_header(const void *from, const char *name)
{
	return http_header(from, name);
}

static bool
next_header(const void *from, size_t *at, const char **name, const char **value)
{
	return http_next_header(from, at, name, value);
}

struct ask_headers
calls_headers(const struct call *c)
{
	return (struct ask_headers){ find_header, c->x, next_header };
}

static void
run_operation(struct call *c, const struct ask *ask)
{
	struct sim *sim = c->sim;
	const char *token = replay_takes(&c->route)
	    ? ask_header(ask, "x-goog-gcs-idempotency-token")
	    : NULL;

	if (token == NULL || *token == '\0') {
		operations_run(&sim->world, ask, &sim->reply);
	} else if (replay_get(&sim->replay, &c->route, token, ask->now_us,
		       &sim->reply)) {
		sim->journal.counts.replayed++;
	} else {
		operations_run(&sim->world, ask, &sim->reply);
		replay_keep(&sim->replay, &c->route, token, ask->now_us,
		    &sim->reply);
	}
}

void
calls_run(struct call *c, const struct ask *ask)
{
	if (c->batch != NULL)
		calls_batch_perform(c, ask);
	else if (authority_serves(&c->route))
		authority_answer(c->sim->authority, ask, &c->sim->reply);
	else
		run_operation(c, ask);
}

static void
reject(struct call *c)
{
	reply_clear(&c->sim->reply, true);
	calls_limit_answer(c, &c->sim->reply);
}

static void
refuse(struct call *c)
{
	reply_clear(&c->sim->reply, true);
	authority_refuse(&c->verdict, &c->route, &c->sim->reply);
}

void
calls_perform(struct call *c, const struct ask *ask)
{
	if (c->fate == FATE_REJECTED)
		reject(c);
	else if (c->fate == FATE_REFUSED)
		refuse(c);
	else if (c->fate == FATE_FAULTED)
		calls_fail(c, ask);
	else
		calls_run(c, ask);
}

/* What has changed is in the data file before anybody hears of it. */
static void
keep(struct call *c)
{
	struct evbuffer *media = http_output(c->x);
	struct err err;

	if (sim_keep(c->sim, &err) == 0)
		return;
	evbuffer_drain(media, evbuffer_get_length(media));
	reply_clear(&c->sim->reply, true);
	reply_trouble(&c->sim->reply, 503);
}

/* It leaves. */
static void
answer(struct call *c, struct reply *r)
{
	uint64_t now = loop_now(c->sim->loop);

	lateness_add(&c->sim->lateness, c->route.kind, c->asked_us,
	    now - c->decided_us);
	calls_settle(c, r->status, calls_count_bytes(c, r));
	if (r->status != 0)
		calls_send(c, r);
	else
		calls_leave(c);
	calls_give_back(c);
}

/* The simulator's reply is for others meanwhile. */
static void
hold(struct call *c)
{
	struct reply reply = c->held;

	c->held = c->sim->reply;
	c->sim->reply = reply;
	park(c);
	c->asked_us += c->answer_us;
	loop_timer_set(&c->timer, loop_now(c->sim->loop) + c->answer_us);
}

/* It goes on later; what it has said so far is not said. */
static void
rest(struct call *c)
{
	park(c);
	c->asked_us += c->stall_us;
	loop_timer_set(&c->timer, loop_now(c->sim->loop) + c->stall_us);
	c->stall_us = 0;
}

static void
act(struct call *c)
{
	struct sim *sim = c->sim;
	struct reply *r = &sim->reply;
	struct ask ask = { .route = &c->route,
		.self = { http_scheme(c->x), http_header(c->x, "Host") },
		.headers = calls_headers(c),
		.now_us = loop_now(sim->loop),
		.wall_us = loop_wall(sim->loop),
		.media = http_output(c->x),
		.who = c->verdict.who };

	r->is_xml = route_is_xml(&c->route);
	ask.body = http_body(c->x, &ask.body_len);
	calls_perform(c, &ask);
	keep(c);
	r->is_xml = false;
	if (c->stall_us > 0) {
		rest(c);
		return;
	}
	c->has_acted = true;
	if (r->status != 0) {
		calls_end_head(c, r);
		c->answer_us = cost_answer(&sim->prices, r->entries,
		    calls_count_bytes(c, r));
	}
	if (c->answer_us > 0)
		hold(c);
	else
		answer(c, r);
}

static void
on_due(void *arg)
{
	struct call *c = arg;

	unpark(c);
	if (c->has_acted)
		answer(c, &c->held);
	else
		act(c);
}

/* --- deciding --- */

/* What is in a batch that will not be looked at does not arrive. */
static bool
is_opened(const struct call *c)
{
	return c->route.op == OP_BATCH && calls_acts(c);
}

static void
decide(struct call *c)
{
	struct sim *sim = c->sim;
	uint64_t now = loop_now(sim->loop);
	const struct ask_headers headers = calls_headers(c);
	const void *body;
	size_t n;

	c->decided_us = now;
	calls_weigh(c, c, &headers, now);
	if (is_opened(c)) {
		body = http_body(c->x, &n);
		calls_batch_open(c, http_header(c->x, "Content-Type"), body, n);
	}
	c->asked_us = calls_wait_us(c);
	if (c->asked_us == 0 && !loop_is_virtual(sim->loop))
		on_due(c);
	else
		loop_timer_set(&c->timer, now + c->asked_us);
}

static int
compare_text(const struct buf *a, const struct buf *b)
{
	size_t common = a->len < b->len ? a->len : b->len;
	int c = memcmp(a->data, b->data, common);

	if (c != 0)
		return c;
	return a->len == b->len ? 0 : a->len < b->len ? -1 : 1;
}

static int
by_identity(const void *a, const void *b)
{
	const struct call *x = *(struct call *const *)a;
	const struct call *y = *(struct call *const *)b;
	int c;

	if (x->route.kind != y->route.kind)
		return x->route.kind < y->route.kind ? -1 : 1;
	if ((c = compare_text(&x->route.bucket, &y->route.bucket)) != 0 ||
	    (c = compare_text(&x->route.name, &y->route.name)) != 0)
		return c;
	return x->nth == y->nth ? 0 : x->nth < y->nth ? -1 : 1;
}

/* Decides all that arrived at this instant, in an order that sockets cannot
 * influence.  Timers set here run in the order of setting, so the effects of
 * one instant are ordered too. */
void
calls_on_batch(void *arg)
{
	struct sim *sim = arg;
	size_t i;

	qsort(sim->batch.v, sim->batch.n, sizeof(*sim->batch.v), by_identity);
	for (i = 0; i < sim->batch.n; i++)
		decide(sim->batch.v[i]);
	sim->batch.n = 0;
}

/* --- arriving --- */

struct call *
calls_arrive(struct sim *sim, enum http_method method, const char *target,
    const char *host)
{
	struct call *c = take_call(sim);
	const struct buf *name = &c->route.name;

	c->x = NULL;
	c->method = method;
	c->arrived_us = loop_now(sim->loop);
	c->limit.wait_us = c->setup_us = c->upload_us = c->latency_us = 0;
	c->answer_us = c->stall_us = 0;
	c->has_acted = false;
	c->fate = FATE_SERVED;
	buf_clear(&c->target);
	buf_adds(&c->target, target);
	if (host != NULL &&
	    authority_takes(sim->authority, &c->route, method, c->target.data,
		&c->nth)) {
		c->row = CALL_UNCOUNTED;
		return c;
	}
	if (host == NULL ||
	    !xml_route_parse(&c->route, method, c->target.data, host))
		route_parse(&c->route, method, c->target.data);
	c->row = journal_arrive(&sim->journal, c->arrived_us, c->route.kind,
	    c->route.bucket.data, name->data, name->len, &c->nth);
	return c;
}

void *
calls_on_head(void *arg, const struct http_exchange *x)
{
	enum http_method method = HTTP_OTHER_METHOD;
	const char *target = "", *host = NULL;
	struct call *c;

	if (x != NULL) {
		target = http_target(x);
		if (control_takes(target) || control_greets(x))
			return NULL;
		method = route_method(http_method(x),
		    http_header(x, "X-HTTP-Method-Override"));
		host = http_header(x, "Host");
		if (host == NULL)
			host = "";
	}
	c = calls_arrive(arg, method, target, host);
	calls_count(c, x);
	return c;
}

/* An upload that is named in its body alone has arrived without a name. */
static void
name_upload(struct call *c)
{
	const struct buf *name = &c->route.name;
	const void *body;
	uint32_t nth;
	size_t n;

	if (c->route.op != OP_OBJECT_INSERT || name->len > 0)
		return;
	body = http_body(c->x, &n);
	upload_name(&c->route, http_header(c->x, "Content-Type"), body, n);
	if (name->len == 0)
		return;
	nth = journal_rename(&c->sim->journal, c->row, c->route.kind,
	    c->route.bucket.data, name->data, name->len);
	if (nth > 0)
		c->nth = nth;
}

/* The body came too. */
void
calls_on_request(void *arg, struct http_exchange *x, void *call)
{
	struct sim *sim = arg;
	struct call *c = call;

	if (c == NULL) {
		control_answer(sim, x);
		return;
	}
	c->x = x;
	name_upload(c);
	park(c);
	if (!loop_is_virtual(sim->loop)) {
		decide(c);
		return;
	}
	*vec_push(&sim->batch) = c;
	if (!loop_timer_is_set(&sim->batch_timer))
		loop_timer_set(&sim->batch_timer, loop_now(sim->loop));
}

/* Nothing more will come. */
void
calls_on_end(void *arg, void *call, int status)
{
	struct call *c = call;

	(void)arg;
	calls_settle(c, status, 0);
	calls_give_back(c);
}

/* --- all of them --- */

static void
free_call(struct call *c)
{
	route_release(&c->route);
	reply_release(&c->held);
	buf_release(&c->target);
	free(c);
}

void
calls_release(struct sim *sim)
{
	struct call *c;

	while ((c = sim->live) != NULL) {
		loop_timer_cancel(&c->timer);
		unpark(c);
		if (c->x != NULL)
			http_drop(c->x);
		if (c->row != CALL_UNCOUNTED)
			calls_log(c, 0, 0);
		calls_give_back(c);
	}
	while ((c = sim->spare) != NULL) {
		sim->spare = c->next;
		free_call(c);
	}
	vec_release(&sim->batch);
}
