/* SPDX-License-Identifier: MIT */
/*
 * What becomes of a call, and how long it takes: a limiter may reject it or
 * let it wait, somebody may have asked for trouble, and every answer has its
 * latency.
 */
#include "sim/calls_priv.h"

#include "sim/authority.h"
#include "sim/bucket.h"
#include "sim/faults.h"
#include "sim/instructions.h"
#include "sim/sim_priv.h"
#include "sim/http.h"

/* Who decides on faults, in turn: the first who wants one has it.  What asks for
 * a token is of none of their kinds but of the rules'. */
static bool
find_fault(struct sim *sim, const struct fault_ask *ask, struct fault *out)
{
	if (authority_serves(ask->route))
		return rules_take(&sim->rules, ask, out);
	return faults_take(&sim->faults, ask, out) ||
	    retry_tests_take(&sim->retry_tests, ask, out) ||
	    instructions_take(ask, out) || rules_take(&sim->rules, ask, out);
}

/* Would it replace an object that is there? */
static bool
overwrites(const struct call *c)
{
	const struct route *r = &c->route;
	const struct bucket *b;

	if (r->kind != SIM_PUT)
		return false;
	b = world_find(&c->sim->world, r->bucket.data, r->bucket.len);
	return b != NULL && bucket_find(b, r->name.data, r->name.len) != NULL;
}

/* Who asks for it, and may he? */
static void
authorize(struct call *c, const struct ask_headers *headers)
{
	struct sim *sim = c->sim;
	const struct authority_ask ask = { .route = &c->route,
		.headers = headers,
		.keys = sim->world.keys,
		.overwrites = sim->authority != NULL && overwrites(c),
		.wall_us = loop_wall(sim->loop) };

	c->verdict = (struct authority_verdict){ .finding = AUTHORITY_FINE };
	if (!authority_serves(&c->route))
		authority_weigh(sim->authority, &ask, &c->verdict);
}

/* Faults lie behind the limiter: what it rejects takes none, and what fails
 * has cost its token.  Both lie behind the question who asks: what is refused to
 * him costs nothing and takes no fault. */
static void
choose_fate(struct call *c, const struct fault_ask *ask)
{
	struct sim *sim = c->sim;
	struct sim_counts *counts = &sim->journal.counts;

	c->limit = (struct limits_verdict){ .passes = true };
	authorize(c, ask->headers);
	if (c->verdict.finding != AUTHORITY_FINE) {
		c->fate = FATE_REFUSED;
		return;
	}
	calls_limit(c, ask->now_us);
	c->fate = c->limit.passes ? FATE_SERVED : FATE_REJECTED;
	if (c->fate == FATE_SERVED && find_fault(sim, ask, &c->fault))
		c->fate = FATE_FAULTED;
	if (c->fate == FATE_REJECTED) {
		counts->rejected++;
		counts->rejected_by[c->limit.by]++;
	}
	counts->faults += c->fate == FATE_FAULTED && !calls_is_open(c);
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
	return c->limit.wait_us + c->setup_us + c->upload_us + c->latency_us;
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
		.is_part = c != carrier,
		.now_us = now_us };

	choose_fate(c, &ask);
	weigh_way(c, now_us);
	c->latency_us = latency_of(&c->sim->latency, c->route.kind,
	    &c->route.bucket, &c->route.name, c->nth);
}
