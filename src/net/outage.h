/* SPDX-License-Identifier: MIT */
/*
 * What keeps retries from making an outage worse: a budget over all requests,
 * and a breaker.  Pure: time is a parameter.
 *
 *	         over budget
 *	closed --------------> open: a probe a second
 *	   ^----- an answer ------/
 *
 * Failures that may pass (408, 5xx, lost connections; never 429, which is the
 * pace's business) are tried again as long as they are at most OUTAGE_SHARE of
 * what was sent in OUTAGE_WINDOW_US, or OUTAGE_FLOOR of them.  More than that,
 * or OUTAGE_STREAK in a row without one answer between, open the breaker:
 * nothing leaves but one probe a second, any operation that waits, and the first
 * of them that is answered closes it.
 *
 * An outage uses up no tries: what fails while the breaker is open goes back to
 * the queue (retry.h, in_outage).  That lasts as long as the caller's patience.
 * A server that has never answered anything has no outage, it is the wrong
 * address; so the breaker stays closed until a first answer, and the tries end.
 *
 * The driver asks outage_next and pace_next before it sends and goes by the
 * later one; tells of each request that leaves and of each that ends; and fails
 * all that waits when outage_is_hopeless.
 */
#ifndef NET_OUTAGE_H
#define NET_OUTAGE_H

#include <stdbool.h>
#include <stdint.h>

#define OUTAGE_WINDOW_US   10000000U
#define OUTAGE_PROBE_US    1000000U
#define OUTAGE_PATIENCE_US 900000000U

/* The streak is shorter than RETRY_MAX_TRIES, so that an operation which is
 * alone survives too; of 1 % random failures it would see one in 10^12. */
enum {
	OUTAGE_SHARE_PERCENT = 10,
	OUTAGE_FLOOR = 10,
	OUTAGE_STREAK = 6,
	OUTAGE_SLOTS = 10
};

/* What became of a request, as far as an outage is concerned. */
enum outage_answer {
	OUTAGE_ANSWERED, /* by somebody who is well */
	OUTAGE_REJECTED, /* 429: well, but nothing was done */
	OUTAGE_FAILED,   /* in a way that may pass */
	OUTAGE_MUTE      /* cancelled, or never to get better: says nothing */
};

/* To be read: is_open, opened_us, openings, probes. */
struct outage {
	bool is_open;
	uint64_t opened_us;
	uint64_t openings, probes;

	uint64_t patience_us;
	bool has_worked;     /* there was an answer once */
	bool has_trouble;    /* and nothing but trouble since trouble_us */
	uint64_t trouble_us; /* the first failure or 429 since an answer */
	uint64_t probe_us;   /* when the next probe may leave */
	unsigned streak;     /* failures in a row */
	uint64_t slot_us;    /* the window is a ring: where `slot` begins */
	unsigned slot;
	uint32_t sent[OUTAGE_SLOTS], failed[OUTAGE_SLOTS];
};

void outage_init(struct outage *o, uint64_t patience_us, uint64_t now_us);

/* When the next request may leave; <= now_us means now.  Never further away
 * than OUTAGE_PROBE_US. */
uint64_t outage_next(struct outage *o, uint64_t now_us);

void outage_sent(struct outage *o, uint64_t now_us);

/* One that left at sent_us has ended.  True when it made the breaker open. */
bool outage_settled(struct outage *o, uint64_t now_us, uint64_t sent_us,
    enum outage_answer answer);

/* Nothing has gone well for as long as the patience lasts, with trouble all the
 * while: whoever waits may be told so.  Ends with the next OUTAGE_ANSWERED. */
bool outage_is_hopeless(const struct outage *o, uint64_t now_us);

#endif
