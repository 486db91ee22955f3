/* SPDX-License-Identifier: MIT */
/*
 * Whole numbers only: a rate of r tokens a second is exactly r millionths of a
 * token a microsecond.  A queue is a level below zero: how far below says when
 * the next token is free.
 */
#include "sim/limiter.h"

enum { TOKEN = 1000000 };

void
limiter_init(struct limiter *l, uint64_t rate, uint64_t burst, uint64_t now_us)
{
	l->rate = rate < LIMITER_MAX ? rate : LIMITER_MAX;
	l->burst = (int64_t)(burst < LIMITER_MAX ? burst : LIMITER_MAX) * TOKEN;
	l->level = l->burst;
	l->as_of = now_us;
}

static void
refill(struct limiter *l, uint64_t now_us)
{
	uint64_t missing = (uint64_t)(l->burst - l->level);
	uint64_t elapsed = now_us > l->as_of ? now_us - l->as_of : 0;

	if (elapsed > missing / l->rate)
		l->level = l->burst;
	else
		l->level += (int64_t)(elapsed * l->rate);
	l->as_of += elapsed;
}

bool
limiter_take(struct limiter *l, uint64_t now_us)
{
	if (l->rate == 0)
		return true;
	refill(l, now_us);
	if (l->level < TOKEN)
		return false;
	l->level -= TOKEN;
	return true;
}

uint64_t
limiter_queue(struct limiter *l, uint64_t now_us)
{
	uint64_t short_of, rate = l->rate;

	if (rate == 0)
		return 0;
	refill(l, now_us);
	l->level -= TOKEN;
	if (l->level >= 0)
		return 0;
	short_of = (uint64_t)-l->level;
	return short_of / rate + (short_of % rate != 0);
}
