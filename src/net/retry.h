/* SPDX-License-Identifier: MIT */
/*
 * Whether a try is worth another, and how long to wait first.  Pure: no clock,
 * no socket, no state.
 */
#ifndef NET_RETRY_H
#define NET_RETRY_H

#include <stdbool.h>
#include <stdint.h>

#include "src/net/client.h"

struct rng;

/* Tries for one operation, the first one included: at full jitter the eighth
 * comes about 6 s after the first, 12.7 s at worst. */
enum { RETRY_MAX_TRIES = 8 };

/* Full jitter is drawn from [0, min(RETRY_CAP_US, RETRY_BASE_US * 2^(k-1))]. */
#define RETRY_BASE_US 100000U
#define RETRY_CAP_US  32000000U

enum retry_verdict {
	RETRY_DONE,   /* an answer that another try would not change */
	RETRY_AGAIN,  /* worth another try, and safe */
	RETRY_GIVE_UP /* worth one, but not safe, or the tries are used up */
};

struct retry_try {
	enum http_outcome outcome;
	int status;      /* HTTP_ANSWERED: what was answered */
	bool sent;       /* could the server have seen it? */
	bool idempotent; /* is doing it twice the same as doing it once? */
	unsigned tries;  /* made so far, this one included */
};

enum retry_verdict retry_judge(const struct retry_try *t);

/* "Too much": 429 and 503. */
bool retry_is_rejection(int status);

/* Microseconds to wait after the k-th try (k >= 1). */
uint64_t retry_delay(unsigned k, struct rng *rng);

#endif
