/* SPDX-License-Identifier: MIT */
/*
 * What the end of a try means: whether it is worth another and how long to wait
 * first, and what the pace and the breaker are to hear of it.  One table says it
 * all.  Pure: no clock, no socket, no state.
 */
#ifndef NET_RETRY_H
#define NET_RETRY_H

#include <stdbool.h>
#include <stdint.h>

#include "src/net/client.h"
#include "src/net/outage.h"
#include "src/net/pace.h"

struct rng;

/* Tries for one operation, the first one included: at full jitter the eighth
 * comes about 6 s after the first, 12.7 s at worst. */
enum { RETRY_MAX_TRIES = 8 };

/* A 429 is no try, since nothing was tried: but the 32nd for one operation is
 * its last. */
enum { RETRY_MAX_REJECTIONS = 32 };

/* Full jitter is drawn from [0, min(RETRY_CAP_US, RETRY_BASE_US * 2^(k-1))]. */
#define RETRY_BASE_US 100000U
#define RETRY_CAP_US  32000000U

/* The longest that a server's Retry-After is believed. */
#define RETRY_AFTER_MAX_US 300000000U

enum retry_verdict {
	RETRY_DONE,    /* an answer that another try would not change */
	RETRY_AGAIN,   /* worth another try, and safe: after retry_delay */
	RETRY_QUEUE,   /* to the tail of the queue now, and not counted as a
			* try: the pace and the breaker say when it leaves */
	RETRY_REFRESH, /* once more, with a new token */
	RETRY_GIVE_UP  /* worth one, but not safe, or the tries are used up */
};

struct retry_try {
	enum http_outcome outcome;
	int status;          /* HTTP_ANSWERED: what was answered */
	bool sent;           /* could the server have seen it? */
	bool idempotent;     /* is doing it twice the same as doing it once? */
	bool can_refresh;    /* is there a token, not yet refreshed for it? */
	bool in_outage;      /* is the breaker open, after hearing of this? */
	unsigned tries;      /* made so far and counted, this one included */
	unsigned rejections; /* answers 429 so far, this one included */
};

enum retry_verdict retry_judge(const struct retry_try *t);

/* What the pace and the breaker are to hear of it. */
enum pace_answer retry_pace_answer(const struct retry_try *t);
enum outage_answer retry_outage_answer(const struct retry_try *t);

/* "Too much": 429 and 503. */
bool retry_is_rejection(int status);

/* Microseconds to wait after the k-th try (k >= 1): what the server asked for
 * (0: nothing), and full jitter on top. */
uint64_t retry_delay(unsigned k, uint64_t retry_after_us, struct rng *rng);

#endif
