/* SPDX-License-Identifier: MIT */
/*
 * What keeps retries from making an outage worse: a budget over all requests,
 * and a breaker.  Pure: time is a parameter.
 *
 *	closed --over budget--> open --1 s--> probing --success--> closed
 *				  ^--------- failure -----/
 *
 * Of requests that fail in a way that may pass (408, 5xx, lost connections;
 * never 429, which is the pace's business) at most OUTAGE_SHARE of what is sent
 * in OUTAGE_WINDOW_US, and always OUTAGE_FLOOR of them, are tried again at once.
 * Over that the breaker opens: nothing is sent but one probe a second, and the
 * first that succeeds closes it.  Operations wait meanwhile; their tries are not
 * used up by an outage.
 */
#ifndef NET_OUTAGE_H
#define NET_OUTAGE_H

#include <stdbool.h>
#include <stdint.h>

#define OUTAGE_WINDOW_US 10000000U
#define OUTAGE_PROBE_US  1000000U
enum { OUTAGE_SHARE_PERCENT = 10, OUTAGE_FLOOR = 10, OUTAGE_SLOTS = 10 };

enum outage_state { OUTAGE_CLOSED, OUTAGE_OPEN, OUTAGE_PROBING };

struct outage {
	enum outage_state state;
	uint64_t slot; /* the window in OUTAGE_SLOTS slots, a ring */
	uint32_t sent[OUTAGE_SLOTS], failed[OUTAGE_SLOTS];
	uint64_t probe_us; /* when the next probe may leave */
	uint64_t opened_us;
	uint64_t openings, probes;
};

void outage_init(struct outage *o, uint64_t now_us);

/* When the next request may leave: <= now_us now, UINT64_MAX not before the
 * probe has settled. */
uint64_t outage_next(const struct outage *o, uint64_t now_us);

void outage_sent(struct outage *o, uint64_t now_us);

/* One has ended; is_failure as above.  True when it made the breaker open. */
bool outage_settled(struct outage *o, uint64_t now_us, bool is_failure);

bool outage_is_open(const struct outage *o);

#endif
