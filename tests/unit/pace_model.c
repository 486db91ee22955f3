/* SPDX-License-Identifier: MIT */
#include "tests/unit/pace_model.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "src/base/mem.h"
#include "src/base/rng.h"
#include "src/net/outage.h"
#include "src/net/retry.h"

#define SIGMA      0.1
#define TIMEOUT_US 30000000U

struct operation {
	unsigned tries, rejections;
};

/* Something that will happen to an operation: a try ends, or its delay does. */
struct event {
	uint64_t at_us, sent_us;
	unsigned op;
	bool is_delay;
	struct retry_try try;
};

struct world {
	struct model *m;
	struct rng rng;
	uint64_t now_us;

	struct pace pace;
	struct outage outage;
	struct operation *ops;
	unsigned fresh, done;

	unsigned *ready; /* a ring */
	unsigned n_ready, first_ready;
	struct event *heap;
	unsigned n_heap;

	double tokens;
	uint64_t filled_us;
	uint64_t probe_us; /* the last that left while the breaker was open */
};

/* --- the heap --- */

static void
push(struct world *w, const struct event *e)
{
	unsigned i = w->n_heap++, up;

	for (; i > 0 && w->heap[up = (i - 1) / 2].at_us > e->at_us; i = up)
		w->heap[i] = w->heap[up];
	w->heap[i] = *e;
}

static struct event
pop(struct world *w)
{
	struct event top = w->heap[0], *last = &w->heap[--w->n_heap];
	unsigned i = 0, down;

	while ((down = 2 * i + 1) < w->n_heap) {
		if (down + 1 < w->n_heap &&
		    w->heap[down + 1].at_us < w->heap[down].at_us)
			down++;
		if (w->heap[down].at_us >= last->at_us)
			break;
		w->heap[i] = w->heap[down];
		i = down;
	}
	w->heap[i] = *last;
	return top;
}

static void
make_ready(struct world *w, unsigned op)
{
	w->ready[(w->first_ready + w->n_ready++) % w->m->width] = op;
}

/* --- the server --- */

/* In (0, 1]. */
static double
draw(struct world *w)
{
	return ((double)(rng_next(&w->rng) >> 11) + 1) / 9007199254740992.0;
}

/* Its mean is the model's round trip. */
static uint64_t
draw_round_trip(struct world *w)
{
	double normal = sqrt(-2 * log(draw(w))) *
	    cos(2 * 3.14159265358979 * draw(w));

	return (uint64_t)((double)w->m->round_trip_us *
	    exp(SIGMA * normal - SIGMA * SIGMA / 2));
}

static double
rate_at(const struct model *m, uint64_t us)
{
	double rate = m->rate;
	int i;

	if (m->doubles_in_s > 0)
		return rate * exp2((double)us / 1e6 / m->doubles_in_s);
	for (i = 0; i < MODEL_STEPS && m->steps[i].at_us != 0; i++) {
		if (us >= m->steps[i].at_us)
			rate = m->steps[i].rate;
	}
	return rate;
}

static bool
take_token(struct world *w)
{
	uint64_t elapsed = w->now_us - w->filled_us;

	if (w->m->rate == 0)
		return true;
	w->tokens += rate_at(w->m, w->filled_us + elapsed / 2) *
	    (double)elapsed / 1e6;
	w->filled_us = w->now_us;
	if (w->tokens > w->m->burst)
		w->tokens = w->m->burst;
	if (w->tokens < 1)
		return false;
	w->tokens -= 1;
	return true;
}

static void
answer(struct world *w, struct event *e)
{
	const struct model *m = w->m;
	bool is_down = w->now_us >= m->down_from_us &&
	    w->now_us < m->down_to_us;

	e->at_us = w->now_us + draw_round_trip(w);
	e->try.outcome = HTTP_ANSWERED;
	if (is_down && m->is_mute) {
		e->try.outcome = HTTP_TIMEOUT;
		e->at_us = w->now_us + TIMEOUT_US;
	} else if (is_down) {
		e->try.status = 503;
	} else if (!take_token(w)) {
		e->try.status = 429;
	} else if (m->failing > 0 && draw(w) <= m->failing) {
		e->try.status = 503;
	} else {
		e->try.status = 204;
	}
}

/* --- the driver --- */

static void
send(struct world *w)
{
	struct model *m = w->m;
	struct event e = { .op = w->ready[w->first_ready],
		.sent_us = w->now_us,
		.try = { .sent = true, .idempotent = true } };

	w->first_ready = (w->first_ready + 1) % m->width;
	w->n_ready--;
	if (w->outage.is_open) {
		uint64_t since = w->now_us - w->probe_us;

		if (w->probe_us != 0 && since < m->soonest_probes)
			m->soonest_probes = since;
		w->probe_us = w->now_us;
	}
	pace_sent(&w->pace, w->now_us);
	outage_sent(&w->outage, w->now_us);
	m->requests++;
	if (w->pace.in_flight > m->most_in_flight)
		m->most_in_flight = w->pace.in_flight;
	assert(w->pace.in_flight <= m->pace.window);
	answer(w, &e);
	push(w, &e);
}

/* Sends what may leave; when the next one may. */
static uint64_t
dispatch(struct world *w)
{
	uint64_t at, probe;

	while (w->fresh < w->m->operations && w->fresh - w->done < w->m->width)
		make_ready(w, w->fresh++);
	while (w->n_ready > 0) {
		at = pace_next(&w->pace, w->now_us);
		probe = outage_next(&w->outage, w->now_us);
		if (at < probe)
			at = probe;
		if (at > w->now_us)
			return at;
		send(w);
	}
	return PACE_NEVER;
}

static void
hear(struct world *w, const struct event *e)
{
	enum outage_answer answer = retry_outage_answer(&e->try);
	bool was_open = w->outage.is_open;

	pace_settled(&w->pace, w->now_us, e->sent_us,
	    retry_pace_answer(&e->try));
	outage_settled(&w->outage, w->now_us, e->sent_us, answer);
	if (was_open && !w->outage.is_open) {
		w->m->back_us = w->now_us - w->m->down_to_us;
		w->probe_us = 0;
	}
}

static void
settle(struct world *w, struct event *e)
{
	struct operation *op = &w->ops[e->op];

	hear(w, e);
	if (e->try.status == 429) {
		w->m->rejected++;
		op->rejections++;
		if (op->rejections > w->m->most_rejections)
			w->m->most_rejections = op->rejections;
	}
	e->try.in_outage = w->outage.is_open;
	e->try.rejections = op->rejections;
	e->try.tries = op->tries + 1;
	switch (retry_judge(&e->try)) {
	case RETRY_QUEUE:
		make_ready(w, e->op);
		return;
	case RETRY_AGAIN:
		op->tries++;
		e->is_delay = true;
		e->at_us = w->now_us + retry_delay(op->tries, 0, &w->rng);
		push(w, e);
		return;
	case RETRY_DONE:
		break;
	case RETRY_REFRESH:
	case RETRY_GIVE_UP:
		w->m->given_up++;
		break;
	}
	w->done++;
}

static void
happen(struct world *w)
{
	while (w->n_heap > 0 && w->heap[0].at_us <= w->now_us) {
		struct event e = pop(w);

		if (e.is_delay)
			make_ready(w, e.op);
		else
			settle(w, &e);
	}
}

void
model_run(struct model *m)
{
	struct world w = { .m = m, .tokens = m->burst };

	rng_init(&w.rng, m->seed);
	pace_init(&w.pace, &m->pace, 0);
	outage_init(&w.outage, OUTAGE_PATIENCE_US, 0);
	w.ops = mem_zalloc(m->operations, sizeof(*w.ops));
	w.ready = mem_zalloc(m->width, sizeof(*w.ready));
	w.heap = mem_zalloc(m->width, sizeof(*w.heap));
	m->soonest_probes = UINT64_MAX;
	while (w.done < m->operations) {
		uint64_t at = dispatch(&w);

		if (m->tick_us != 0 && at != PACE_NEVER)
			at += m->tick_us - at % m->tick_us;
		if (w.n_heap > 0 && w.heap[0].at_us < at)
			at = w.heap[0].at_us;
		assert(at != PACE_NEVER);
		w.now_us = at;
		happen(&w);
	}
	m->seconds = (double)w.now_us / 1e6;
	m->openings = w.outage.openings;
	free(w.ops);
	free(w.ready);
	free(w.heap);
}
