/* SPDX-License-Identifier: MIT */
/*
 * What becomes of a call, and how long it takes: a limiter may reject it or
 * let it wait, somebody may have asked for trouble, and every answer has its
 * latency.
 */
#include "sim/calls_priv.h"

#include "sim/bucket.h"
#include "sim/faults.h"
#include "sim/sim_priv.h"
#include "sim/http.h"
#include "sim/xml_delete.h"

static struct limiter *
limiter_for(const struct call *c)
{
	const struct route *r = &c->route;
	struct bucket *b;

	if (r->kind == SIM_BUCKET || r->kind == SIM_OTHER)
		return NULL;
	b = world_find(&c->sim->world, r->bucket.data, r->bucket.len);
	if (b == NULL)
		return NULL;
	return r->kind == SIM_LIST || r->kind == SIM_GET ? &b->reads
							 : &b->writes;
}

/* How many writes it is. */
static size_t
count_tokens(const struct call *c)
{
	const void *body;
	size_t n;

	if (c->route.op != OP_XML_MULTI_DELETE ||
	    c->sim->world.multidelete_is_one_write)
		return 1;
	body = http_body(c->x, &n);
	return xml_delete_count(body, n);
}

/* False: rejected.  What takes several tokens needs one that is there, and has
 * the others promised: it is as long before the next has one. */
static bool
limit(struct call *c, struct limiter *limiter, uint64_t now)
{
	bool queues = c->sim->on_limit == SIM_ON_LIMIT_QUEUE;
	size_t n = count_tokens(c);
	uint64_t wait;

	if (!queues && !limiter_has(limiter, now))
		return false;
	wait = limiter_charge(limiter, n, now);
	c->queued_us = queues ? wait : 0;
	return true;
}

/* Faults lie behind the limiter: what it rejects takes none, and what fails
 * has cost its token. */
static void
choose_fate(struct call *c, const struct fault_ask *ask)
{
	struct sim *sim = c->sim;
	struct sim_counts *counts = &sim->journal.counts;
	struct limiter *limiter = limiter_for(c);

	c->fate = FATE_SERVED;
	c->queued_us = 0;
	if (limiter != NULL && !limit(c, limiter, ask->now_us))
		c->fate = FATE_REJECTED;
	if (c->fate == FATE_SERVED && faults_take(&sim->faults, ask, &c->fault))
		c->fate = FATE_FAULTED;
	counts->rejected += c->fate == FATE_REJECTED;
	counts->faults += c->fate == FATE_FAULTED;
}

/* Of what has come over a connection of its own, and not within a batch. */
static void
weigh_way(struct call *c, uint64_t now_us)
{
	const struct sim_prices *prices = &c->sim->prices;
	size_t n;

	c->setup_us = c->upload_us = 0;
	if (c->x == NULL)
		return;
	(void)http_body(c->x, &n);
	c->setup_us = cost_setup(prices, http_turn(c->x));
	c->upload_us = cost_upload(prices, n, now_us - c->arrived_us);
}

uint64_t
calls_wait_us(const struct call *c)
{
	return c->queued_us + c->setup_us + c->upload_us + c->latency_us;
}

void
calls_weigh(struct call *c, const struct call *carrier,
    const struct ask_headers *headers, uint64_t now_us)
{
	const struct fault_ask ask = { .route = &c->route,
		.headers = headers,
		.nth = c->nth,
		.connection = http_connection(carrier->x),
		.turn = http_turn(carrier->x),
		.now_us = now_us };

	choose_fate(c, &ask);
	weigh_way(c, now_us);
	c->latency_us = latency_of(&c->sim->latency, c->route.kind,
	    &c->route.bucket, &c->route.name, c->nth);
}
