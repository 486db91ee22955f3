/* SPDX-License-Identifier: MIT */
/*
 * The window is a ring of one-second slots.  Probes do not wait for each other:
 * one that hangs until it times out would otherwise keep the breaker open long
 * after the server is back.
 */
#include "src/net/outage.h"

#include <string.h>

enum { SLOT_US = OUTAGE_WINDOW_US / OUTAGE_SLOTS };

void
outage_init(struct outage *o, uint64_t patience_us, uint64_t now_us)
{
	*o = (struct outage){ .patience_us = patience_us, .slot_us = now_us };
}

static void
forget(struct outage *o)
{
	memset(o->sent, 0, sizeof(o->sent));
	memset(o->failed, 0, sizeof(o->failed));
}

/* Turns the ring to now. */
static void
turn(struct outage *o, uint64_t now_us)
{
	if (now_us < o->slot_us || now_us - o->slot_us >= OUTAGE_WINDOW_US) {
		forget(o);
		o->slot_us = now_us;
	}
	while (now_us - o->slot_us >= SLOT_US) {
		o->slot_us += SLOT_US;
		o->slot = (o->slot + 1) % OUTAGE_SLOTS;
		o->sent[o->slot] = o->failed[o->slot] = 0;
	}
}

static bool
is_over_budget(const struct outage *o)
{
	uint64_t sent = 0, failed = 0;
	int i;

	for (i = 0; i < OUTAGE_SLOTS; i++) {
		sent += o->sent[i];
		failed += o->failed[i];
	}
	return failed > OUTAGE_FLOOR &&
	    failed * 100 > sent * OUTAGE_SHARE_PERCENT;
}

uint64_t
outage_next(struct outage *o, uint64_t now_us)
{
	if (!o->is_open)
		return 0;
	/* After a step back of the clock it would be far away. */
	if (o->probe_us > now_us && o->probe_us - now_us > OUTAGE_PROBE_US)
		o->probe_us = now_us + OUTAGE_PROBE_US;
	return o->probe_us;
}

void
outage_sent(struct outage *o, uint64_t now_us)
{
	turn(o, now_us);
	o->sent[o->slot]++;
	if (o->is_open) {
		o->probes++;
		o->probe_us = now_us + OUTAGE_PROBE_US;
	}
}

/* What left before the breaker opened says nothing of now. */
static void
hear_answer(struct outage *o, uint64_t sent_us)
{
	o->has_worked = true;
	if (o->is_open && sent_us <= o->opened_us)
		return;
	o->streak = 0;
	if (o->is_open) {
		o->is_open = false;
		forget(o);
	}
}

static bool
hear_failure(struct outage *o, uint64_t now_us)
{
	o->failed[o->slot]++;
	o->streak += o->streak < OUTAGE_STREAK;
	if (o->is_open || !o->has_worked ||
	    (o->streak < OUTAGE_STREAK && !is_over_budget(o)))
		return false;
	o->is_open = true;
	o->opened_us = now_us;
	o->probe_us = now_us + OUTAGE_PROBE_US;
	o->openings++;
	return true;
}

bool
outage_settled(struct outage *o, uint64_t now_us, uint64_t sent_us,
    enum outage_answer answer)
{
	if (answer == OUTAGE_MUTE)
		return false;
	turn(o, now_us);
	if (answer != OUTAGE_ANSWERED && !o->has_trouble) {
		o->has_trouble = true;
		o->trouble_us = now_us;
	}
	if (answer == OUTAGE_FAILED)
		return hear_failure(o, now_us);
	if (answer == OUTAGE_ANSWERED)
		o->has_trouble = false;
	hear_answer(o, sent_us);
	return false;
}

bool
outage_is_hopeless(const struct outage *o, uint64_t now_us)
{
	return o->has_trouble && now_us > o->trouble_us &&
	    now_us - o->trouble_us >= o->patience_us;
}
