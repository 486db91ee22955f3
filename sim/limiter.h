/* SPDX-License-Identifier: MIT */
/*
 * A token bucket that never reads a clock: time is a parameter.  It starts
 * full, gains tokens at its rate and holds at most `burst` of them.
 */
#ifndef SIM_LIMITER_H
#define SIM_LIMITER_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/rate.h"

/* Levels are in shares of a token: a token is as many of them as its rate's
 * time has microseconds, so that each microsecond brings rate.n of them. */
struct limiter {
	struct sim_rate rate; /* n = 0: no limit */
	int64_t burst;
	int64_t level;  /* below zero: tokens already promised */
	uint64_t as_of; /* microseconds */
};

/* What is beyond RATE_MAX is RATE_MAX. */
void limiter_init(struct limiter *l, struct sim_rate rate, uint64_t burst,
    uint64_t now_us);

/* Is there a token? */
bool limiter_has(struct limiter *l, uint64_t now_us);

/* Is it as it was made? */
bool limiter_is_full(struct limiter *l, uint64_t now_us);

/* Takes n tokens that are there or will be; how long to wait for the last of
 * them.  First come, first served. */
uint64_t limiter_charge(struct limiter *l, uint64_t n, uint64_t now_us);

/* From that instant on it gains n tokens in the same time as before. */
void limiter_change(struct limiter *l, uint64_t n, uint64_t now_us);

#endif
