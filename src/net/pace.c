/* SPDX-License-Identifier: MIT */
/*
 * Requests are spaced by the rate: each moves next_us on by one interval, and
 * may leave BURST_US before its turn, which is what a timer of a millisecond
 * needs.  Who is later than that has lost the time, so nothing is saved up.
 *
 * A 429 for what left before the last change of the rate speaks of a rate that
 * is gone, so one change is made for each round trip at most.
 */
#include "src/net/pace.h"

#include <assert.h>
#include <math.h>

#define SECOND_US 1e6

/* Requests may leave that much before their turn. */
#define BURST_US 5000.0

/* In flight beside twice what the rate needs.  It is also more than there are
 * probes of an outage that hang until they time out. */
enum { SLACK = 32 };

#define CUT_FACTOR   0.7
#define JUDGE_FACTOR 0.99
#define JUDGE_TRIPS  1.3
#define JUDGE_MAX_US 10000000.0
#define GROW_SHARE   0.005 /* a second */
#define GROW_QUIETLY 1.1   /* a second, after QUIET_US without a 429 */
#define QUIET_US     8000000U

static double
least(double a, double b)
{
	return a < b ? a : b;
}

/* How high the rate may grow. */
static double
highest(const struct pace *p)
{
	double most = PACE_MOST_RATE;

	if (p->opts.mode == PACE_CEILING)
		most = least(most, p->opts.rate);
	if (p->round_trip > 0)
		most = least(most, p->opts.window * SECOND_US / p->round_trip);
	return most;
}

static void
set_rate(struct pace *p, double rate)
{
	double floor = PACE_LEAST_RATE, ceiling = PACE_MOST_RATE;

	if (p->opts.mode == PACE_CEILING)
		ceiling = least(ceiling, p->opts.rate);
	floor = least(floor, ceiling);
	p->rate = rate < floor ? floor : least(rate, ceiling);
}

void
pace_init(struct pace *p, const struct pace_opts *opts, uint64_t now_us)
{
	assert(opts->window >= 1);
	assert(opts->mode == PACE_OFF || opts->rate > 0);
	*p = (struct pace){
		.opts = *opts,
		.state = PACE_UNPACED,
		.now_us = now_us,
		.next_us = (double)now_us,
		.changed_us = now_us,
		.quiet_us = now_us,
		.grown_us = now_us,
	};
	if (opts->mode == PACE_OFF)
		return;
	p->state = PACE_OPENING;
	p->rate = opts->rate;
	set_rate(p, opts->rate);
}

/* --- the clock --- */

static double
judge_after(const struct pace *p)
{
	return least(JUDGE_TRIPS * p->round_trip, JUDGE_MAX_US);
}

/* A clock that went back takes everything that lies ahead with it. */
static void
step_back(struct pace *p, uint64_t now_us)
{
	p->next_us = (double)now_us;
	p->changed_us = p->quiet_us = p->grown_us = now_us;
	p->epoch_from_us = p->epoch_cut_us = now_us;
	p->judge_us = now_us + (uint64_t)judge_after(p);
	if (p->hold_us > now_us && p->hold_us - now_us > PACE_HOLD_MAX_US)
		p->hold_us = now_us + PACE_HOLD_MAX_US;
}

static void
judge(struct pace *p, uint64_t now_us)
{
	double accepted = (double)p->epoch_accepted;
	double all = accepted + (double)p->epoch_rejected;
	/* One more request that fared as the cut supposed keeps a handful of
	 * answers from meaning nothing at all. */
	double share = (accepted + CUT_FACTOR) / (all + 1);

	set_rate(p, JUDGE_FACTOR * share * p->epoch_rate);
	p->state = PACE_STEADY;
	p->changed_us = p->grown_us = now_us;
}

static void
advance(struct pace *p, uint64_t now_us)
{
	if (now_us < p->now_us)
		step_back(p, now_us);
	p->now_us = now_us;
	if (p->state == PACE_SETTLING && now_us >= p->judge_us)
		judge(p, now_us);
}

static void
grow(struct pace *p, double seconds)
{
	double rate = p->rate, most = highest(p);

	if (p->state == PACE_OPENING)
		rate *= exp2(seconds);
	else if (p->now_us - p->quiet_us >= QUIET_US)
		rate *= pow(GROW_QUIETLY, seconds);
	else
		rate += rate * GROW_SHARE * seconds;
	/* A round trip that got longer is no reason to slow down. */
	if (rate > most)
		rate = p->rate > most ? p->rate : most;
	set_rate(p, rate);
}

/* --- sending --- */

unsigned
pace_window(const struct pace *p)
{
	double most;

	if (p->state == PACE_UNPACED || p->round_trip == 0)
		return p->opts.window;
	most = 2 * p->rate * p->round_trip / SECOND_US + SLACK;
	return most < p->opts.window ? (unsigned)most : p->opts.window;
}

uint64_t
pace_next(struct pace *p, uint64_t now_us)
{
	double at;

	advance(p, now_us);
	if (p->in_flight >= pace_window(p))
		return PACE_NEVER;
	if (p->state == PACE_UNPACED)
		return p->hold_us;
	at = p->next_us - BURST_US;
	/* The rate has changed since, it may be by much. */
	if (at > (double)now_us + SECOND_US / p->rate) {
		at = (double)now_us + SECOND_US / p->rate;
		p->next_us = at + BURST_US;
	}
	if (at <= (double)p->hold_us)
		return p->hold_us;
	return (uint64_t)ceil(at);
}

void
pace_sent(struct pace *p, uint64_t now_us)
{
	double interval, now = (double)now_us;

	advance(p, now_us);
	p->in_flight++;
	if (p->state == PACE_UNPACED)
		return;
	interval = SECOND_US / p->rate;
	/* Time in which nothing left tells nothing of the limit. */
	if (p->state != PACE_SETTLING &&
	    now <= p->next_us + interval + BURST_US)
		grow(p, (double)(now_us - p->grown_us) / SECOND_US);
	p->grown_us = now_us;
	p->next_us = (p->next_us > now ? p->next_us : now) + interval;
}

/* --- answers --- */

static void
hear_round_trip(struct pace *p, uint64_t now_us, uint64_t sent_us)
{
	double trip = now_us > sent_us ? (double)(now_us - sent_us) : 0;

	/* A clock that stepped forth is not believed at once. */
	if (p->round_trip == 0)
		p->round_trip = least(trip, JUDGE_MAX_US);
	else
		p->round_trip += (least(trip, 4 * p->round_trip + 100000) -
				     p->round_trip) /
		    8;
}

static void
begin_epoch(struct pace *p, uint64_t now_us, uint64_t sent_us)
{
	/* Unpaced: what was in flight left within one round trip. */
	if (p->state == PACE_UNPACED)
		set_rate(p,
		    p->round_trip == 0
			? PACE_MOST_RATE
			: p->in_flight * SECOND_US / p->round_trip);
	p->epoch_rate = p->rate;
	p->epoch_from_us = sent_us;
	p->epoch_cut_us = now_us;
	p->epoch_accepted = p->epoch_rejected = 0;
	p->judge_us = now_us + (uint64_t)judge_after(p);
	p->state = PACE_SETTLING;
	p->changed_us = now_us;
	p->next_us = (double)now_us;
	p->cuts++;
	set_rate(p, CUT_FACTOR * p->rate);
}

void
pace_settled(struct pace *p, uint64_t now_us, uint64_t sent_us,
    enum pace_answer answer)
{
	advance(p, now_us);
	assert(p->in_flight > 0);
	if (answer != PACE_LOST)
		hear_round_trip(p, now_us, sent_us);
	if (answer == PACE_REJECTED) {
		p->quiet_us = now_us;
		if (p->state != PACE_SETTLING &&
		    (sent_us >= p->changed_us || p->cuts == 0))
			begin_epoch(p, now_us, sent_us);
	}
	if (p->state == PACE_SETTLING && sent_us >= p->epoch_from_us &&
	    sent_us <= p->epoch_cut_us) {
		p->epoch_accepted += answer == PACE_ACCEPTED;
		p->epoch_rejected += answer == PACE_REJECTED;
	}
	p->in_flight--;
}

void
pace_hold(struct pace *p, uint64_t now_us, uint64_t pause_us)
{
	advance(p, now_us);
	if (pause_us > PACE_HOLD_MAX_US)
		pause_us = PACE_HOLD_MAX_US;
	if (p->hold_us < now_us + pause_us)
		p->hold_us = now_us + pause_us;
}

const char *
pace_why(const struct pace *p)
{
	switch (p->state) {
	case PACE_UNPACED:
	case PACE_OPENING:
		return "no limit met";
	case PACE_SETTLING:
		return "cut after a 429";
	case PACE_STEADY:
		break;
	}
	if (p->rate >= highest(p))
		return "as fast as it can be used";
	return p->now_us - p->quiet_us >= QUIET_US ? "growing"
						   : "just below the limit";
}
