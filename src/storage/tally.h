/* SPDX-License-Identifier: MIT */
/*
 * A store that counts: operations and requests by kind, verdicts, the peak in
 * flight, and how long operations took.  The audit compares the counts with the
 * formula and with the server.
 */
#ifndef STORAGE_TALLY_H
#define STORAGE_TALLY_H

#include <stdint.h>

#include "src/storage/storage.h"

struct hist;

struct tally {
	uint64_t ops[STORAGE_KINDS];
	uint64_t settled[STORAGE_KINDS];  /* of ops: have come back */
	uint64_t requests[STORAGE_KINDS]; /* attempts on the wire */
	uint64_t verdicts[STORAGE_VERDICTS];
	uint64_t attempts; /* all requests */
	uint64_t retries;  /* attempts beyond the first of each op */
	uint64_t rejected; /* answered 429 or 503 */
	uint64_t rejected_of[STORAGE_KINDS];
	uint64_t unanswered; /* lost before any response byte */
	uint64_t unsent;     /* operations that never reached the wire */
	uint64_t in_flight;
	uint64_t peak_in_flight;
	uint64_t first_us; /* first submit and last completion; the window */
	uint64_t last_us;
};

/* Takes over inner: closing the wrapper closes it. */
struct storage *tally_new(struct storage *inner);

/* The counts since the last tally_reset. */
const struct tally *tally_of(const struct storage *s);

/* Microseconds from submit to done on the store's clock: waiting for a
 * connection, retries and their delays are in it.  Of the operations that were
 * sent and not cancelled, since the last tally_reset. */
const struct hist *tally_latency(const struct storage *s);

/* Opens a new window; nothing may be in flight. */
void tally_reset(struct storage *s);

#endif
