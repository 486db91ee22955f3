/* SPDX-License-Identifier: MIT */
/*
 * Epochs that nobody has seen are empty, and of empty ones only how many they
 * are matters: a bucket that rested for a year is up to date after as many
 * steps as its rate can be halved.
 */
#include "sim/ramp.h"

enum { MILLION = 1000000 };

void
ramp_init(struct ramp *r, const struct ramp_rules *rules, uint64_t burst,
    uint64_t now_us)
{
	*r = (struct ramp){ .from = rules->base, .epoch_from_us = now_us };
	limiter_init(&r->limiter, sim_per_second(rules->base), burst, now_us);
}

static uint64_t
epoch_us(const struct ramp_rules *rules)
{
	return rules->period_us / RAMP_EPOCHS;
}

/* Whole epochs in that time, and one at least. */
static uint64_t
epochs_in(const struct ramp_rules *rules, uint64_t us)
{
	uint64_t epoch = epoch_us(rules);

	return us > epoch ? (us + epoch - 1) / epoch : 1;
}

/* The most requests that do not make an epoch busy: share * r * e, rounded
 * down.  The product of rate and time fits 64 bits for epochs of five hours;
 * that of all three would not. */
static uint64_t
find_mark(const struct ramp *r, const struct ramp_rules *rules)
{
	uint64_t full = r->limiter.rate.n * epoch_us(rules); /* millionths */
	uint64_t rest = full % MILLION * rules->share / MILLION;

	return (full / MILLION * rules->share + rest) / MILLION;
}

static uint64_t
find_rate(const struct ramp *r, const struct ramp_rules *rules)
{
	uint64_t rate = r->from + r->from * r->steps / RAMP_EPOCHS;
	uint64_t max = rules->max > 0 ? rules->max : RATE_MAX;

	return rate < max ? rate : max;
}

static void
rise(struct ramp *r, const struct ramp_rules *rules)
{
	r->slack = 0;
	if (++r->steps == RAMP_EPOCHS) {
		r->from = find_rate(r, rules);
		r->steps = 0;
	}
}

static void
fall(struct ramp *r, const struct ramp_rules *rules)
{
	uint64_t half = r->limiter.rate.n / 2;

	r->slack = 0;
	r->steps = 0;
	r->from = half > rules->base ? half : rules->base;
}

/* Ends the present epoch, and those of the n that are over which it can be
 * seen to decide nothing new; how many. */
static uint64_t
end_epochs(struct ramp *r, const struct ramp_rules *rules, uint64_t n)
{
	uint64_t decay = epochs_in(rules, rules->decay_us);
	uint64_t mark = find_mark(r, rules);

	if (r->offered > mark) {
		rise(r, rules);
		return 1;
	}
	if (2 * r->offered > mark) {
		r->slack = 0;
		return 1;
	}
	if (r->offered > 0)
		n = 1;
	if (r->from == rules->base && r->steps == 0)
		return n;
	if (n > decay - r->slack)
		n = decay - r->slack;
	r->slack += n;
	if (r->slack == decay)
		fall(r, rules);
	return n;
}

void
ramp_roll(struct ramp *r, const struct ramp_rules *rules, uint64_t now_us)
{
	uint64_t epoch = epoch_us(rules), n;

	if (epoch == 0 || rules->base == 0)
		return;
	while (now_us >= r->epoch_from_us + epoch) {
		n = end_epochs(r, rules, (now_us - r->epoch_from_us) / epoch);
		r->epoch_from_us += n * epoch;
		r->offered = 0;
		limiter_change(&r->limiter, find_rate(r, rules),
		    r->epoch_from_us);
	}
}

void
ramp_offer(struct ramp *r, uint64_t n)
{
	r->offered += n;
}
