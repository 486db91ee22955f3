/* SPDX-License-Identifier: MIT */
/*
 * A limiter whose rate follows the load, as production's servers split what is
 * busy: a stated model, since theirs is not public.
 *
 * Time since the first request goes in epochs, RAMP_EPOCHS to a period.  When
 * an epoch ends, n requests have been offered in it, admitted or not, and with
 * a rate of r and an epoch of e seconds it was
 *
 *	busy	if n > share * r * e
 *	slack	if n <= share * r * e / 2: half the rate would have done
 *
 * A busy epoch adds a RAMP_EPOCHS-th of the rate at which this doubling began,
 * so that a period of busy epochs doubles it, and no time that is shorter.
 * When epochs have been slack for decay_us in a row, the rate is halved.  It is
 * never below the base, nor above the maximum.
 *
 * Pure, and rolled forward lazily: how often somebody looks changes nothing.
 */
#ifndef SIM_RAMP_H
#define SIM_RAMP_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/limiter.h"

enum { RAMP_EPOCHS = 20 };

/* Shares are in millionths. */
struct ramp_rules {
	uint64_t period_us; /* in which it may double; 0: the base for ever */
	uint64_t decay_us;
	uint64_t share;
	uint64_t base; /* a second; 0: no limit */
	uint64_t max;  /* 0: RATE_MAX */
};

struct ramp {
	struct limiter limiter; /* at the present rate */
	uint64_t from;          /* the rate at which this doubling began */
	uint64_t steps;         /* of it that are done */
	uint64_t epoch_from_us; /* where the present epoch begins */
	uint64_t offered;       /* in it, so far */
	uint64_t slack;         /* epochs in a row */
};

void ramp_init(struct ramp *r, const struct ramp_rules *rules, uint64_t burst,
    uint64_t now_us);

/* Ends the epochs that are over; the limiter is that of now. */
void ramp_roll(struct ramp *r, const struct ramp_rules *rules, uint64_t now_us);

/* So many requests come, whatever becomes of them; after ramp_roll. */
void ramp_offer(struct ramp *r, uint64_t n);

#endif
