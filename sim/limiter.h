/* SPDX-License-Identifier: MIT */
/*
 * A token bucket that never reads a clock: time is a parameter.  It starts
 * full, gains `rate` tokens a second and holds at most `burst` of them.
 */
#ifndef SIM_LIMITER_H
#define SIM_LIMITER_H

#include <stdbool.h>
#include <stdint.h>

struct limiter {
	uint64_t rate;  /* tokens a second; 0: no limit */
	int64_t burst;  /* in millionths of a token */
	int64_t level;  /* the same; below zero: tokens already promised */
	uint64_t as_of; /* microseconds */
};

/* Rates and bursts up to a thousand million. */
enum { LIMITER_MAX = 1000000000 };

void limiter_init(struct limiter *l, uint64_t rate, uint64_t burst,
    uint64_t now_us);

/* Takes a token; false when there is none, and then nothing changes. */
bool limiter_take(struct limiter *l, uint64_t now_us);

/* Takes a token that is there or will be; how long to wait for it.  First
 * come, first served. */
uint64_t limiter_queue(struct limiter *l, uint64_t now_us);

#endif
