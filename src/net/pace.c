/* SPDX-License-Identifier: MIT */
/*
 * Requests are spaced by the rate: each moves next_us on by one interval, and
 * may leave BURST_US before its turn, which is what a timer of a millisecond
 * needs.  Who is later than that has lost the time, so nothing is saved up.
 *
 * A 429 for what left before the last change of the rate speaks of a rate that
 * is gone, so one change is made for each round trip at most.
 *
 * The share that is accepted is counted from the first rejected request on,
 * without it: that one was chosen because it was rejected, and says nothing of
 * how often that happens.
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

/* Until the judgement.  While the rate doubles it is far above the limit when it
 * meets it, the more so the longer the round trip. */
#define CUT_STEADY  0.7
#define CUT_OPENING 0.5

/* An epoch has at least that many requests, where a second is enough for them:
 * of ten, what a round trip of 10 ms gives at 1000/s, a share is known to some
 * 10 %, and a rate that was judged too low takes 8 s to recover. */
#define SAMPLES 50

/* Beside them count so many that were wholly accepted (or to CUT_STEADY of them
 * where no limit was met before), lest a handful have the word. */
#define PRIOR 2

#define JUDGE_SHARE  0.99 /* of what was accepted */
#define JUDGE_TRIPS  1.3  /* when all but the slowest answers are there */
#define JUDGE_MAX_US 10000000.0

#define GROW_OPENING 2.0 /* a second, all three */
#define GROW_STEADY  1.005
#define GROW_QUIETLY 1.1 /* after QUIET_US without a 429 */
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
	p->epoch.from_us = p->epoch.cut_us = now_us;
	p->epoch.judge_us = now_us + (uint64_t)judge_after(p);
	if (p->hold_us > now_us && p->hold_us - now_us > PACE_HOLD_MAX_US)
		p->hold_us = now_us + PACE_HOLD_MAX_US;
}

static void
cut(struct pace *p)
{
	set_rate(p, p->rate * (p->epoch.is_first ? CUT_OPENING : CUT_STEADY));
	p->epoch.is_cut = true;
}

static void
judge(struct pace *p, uint64_t now_us)
{
	const struct pace_epoch *e = &p->epoch;
	double accepted = (double)e->accepted;
	double all = accepted + (double)e->rejected;
	double prior = e->is_first ? PRIOR * CUT_STEADY : PRIOR;
	double rate = e->rate;

	p->state = PACE_STEADY;
	/* Unpaced requests leave in waves, which gives no more than an idea. */
	if (rate == 0) {
		rate = (all + 1) * SECOND_US /
		    (double)(e->cut_us - e->from_us + 1);
		p->state = PACE_OPENING;
	}
	set_rate(p, JUDGE_SHARE * rate * (accepted + prior) / (all + PRIOR));
	p->changed_us = p->grown_us = now_us;
}

static void
advance(struct pace *p, uint64_t now_us)
{
	if (now_us < p->now_us)
		step_back(p, now_us);
	p->now_us = now_us;
	if (p->state != PACE_SETTLING)
		return;
	if (!p->epoch.is_cut && now_us >= p->epoch.cut_us)
		cut(p);
	if (now_us >= p->epoch.judge_us)
		judge(p, now_us);
}

static void
grow(struct pace *p, double seconds)
{
	double factor = GROW_STEADY, most = highest(p);

	if (p->state == PACE_OPENING)
		factor = GROW_OPENING;
	else if (p->now_us - p->quiet_us >= QUIET_US)
		factor = GROW_QUIETLY;
	/* A round trip that got longer is no reason to slow down. */
	if (p->rate < most)
		set_rate(p, least(p->rate * pow(factor, seconds), most));
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

/* What is rejected was sent at sent_us and is the first of its epoch. */
static void
begin_epoch(struct pace *p, uint64_t now_us, uint64_t sent_us)
{
	double trip = now_us > sent_us ? (double)(now_us - sent_us) : 0;
	double rate = p->rate, length;

	p->epoch = (struct pace_epoch){ .from_us = sent_us,
		.is_first = p->state != PACE_STEADY };
	if (p->state == PACE_UNPACED) {
		/* What was in flight left within a round trip. */
		rate = p->in_flight * SECOND_US / (trip + 1);
		set_rate(p, rate);
		p->next_us = (double)now_us;
	} else if (p->state == PACE_OPENING) {
		/* As it was in the middle of the round trip. */
		rate *= pow(GROW_OPENING, -trip / 2 / SECOND_US);
		p->epoch.rate = rate;
	} else {
		p->epoch.rate = rate;
	}
	length = least(SAMPLES * SECOND_US / rate, SECOND_US);
	p->epoch.cut_us = now_us +
	    (length > trip ? (uint64_t)(length - trip) : 0);
	p->epoch.judge_us = p->epoch.cut_us + (uint64_t)judge_after(p);
	p->state = PACE_SETTLING;
	p->changed_us = now_us;
	p->cuts++;
	advance(p, now_us);
}

/* Does a 429 speak of the rate as it is now? */
static bool
is_news(const struct pace *p, uint64_t sent_us)
{
	return p->state != PACE_SETTLING &&
	    (p->cuts == 0 || sent_us >= p->changed_us);
}

void
pace_settled(struct pace *p, uint64_t now_us, uint64_t sent_us,
    enum pace_answer answer)
{
	struct pace_epoch *e = &p->epoch;

	assert(p->in_flight > 0);
	advance(p, now_us);
	if (answer != PACE_LOST)
		hear_round_trip(p, now_us, sent_us);
	if (answer == PACE_REJECTED)
		p->quiet_us = now_us;
	if (answer == PACE_REJECTED && is_news(p, sent_us)) {
		begin_epoch(p, now_us, sent_us);
	} else if (p->state == PACE_SETTLING && sent_us >= e->from_us &&
	    sent_us <= e->cut_us) {
		e->accepted += answer == PACE_ACCEPTED;
		e->rejected += answer == PACE_REJECTED;
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
