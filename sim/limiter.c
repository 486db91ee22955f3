/* SPDX-License-Identifier: MIT */
/*
 * Whole numbers only.  A full bucket is at most 10^9 tokens of 3.6 * 10^9
 * shares, so 63 bits hold it, and as much again in promises.  A queue is a level
 * below zero: how far below says when the next token is free.
 */
#include "sim/limiter.h"

static uint64_t
at_most(uint64_t v)
{
	return v < RATE_MAX ? v : RATE_MAX;
}

void
limiter_init(struct limiter *l, struct sim_rate rate, uint64_t burst,
    uint64_t now_us)
{
	l->rate = rate;
	l->rate.n = at_most(rate.n);
	l->burst = (int64_t)(at_most(burst) * rate.per_us);
	l->level = l->burst;
	l->as_of = now_us;
}

static void
refill(struct limiter *l, uint64_t now_us)
{
	uint64_t missing = (uint64_t)(l->burst - l->level);
	uint64_t elapsed = now_us > l->as_of ? now_us - l->as_of : 0;

	if (elapsed > missing / l->rate.n)
		l->level = l->burst;
	else
		l->level += (int64_t)(elapsed * l->rate.n);
	l->as_of += elapsed;
}

bool
limiter_has(struct limiter *l, uint64_t now_us)
{
	if (l->rate.n == 0)
		return true;
	refill(l, now_us);
	return l->level >= (int64_t)l->rate.per_us;
}

bool
limiter_is_full(struct limiter *l, uint64_t now_us)
{
	if (l->rate.n == 0)
		return true;
	refill(l, now_us);
	return l->level == l->burst;
}

uint64_t
limiter_charge(struct limiter *l, uint64_t n, uint64_t now_us)
{
	uint64_t short_of;

	if (l->rate.n == 0)
		return 0;
	refill(l, now_us);
	l->level -= (int64_t)(n * l->rate.per_us);
	if (l->level >= 0)
		return 0;
	short_of = (uint64_t)-l->level;
	return short_of / l->rate.n + (short_of % l->rate.n != 0);
}

void
limiter_change(struct limiter *l, uint64_t n, uint64_t now_us)
{
	refill(l, now_us);
	l->rate.n = at_most(n);
}
