/* SPDX-License-Identifier: MIT */
/*
 * Counts of requests, exact: by kind, operation and status.  There are as many
 * cells as such threes have been seen, a handful, so a tally is small and a
 * sum over some of them is quick.
 */
#ifndef SIM_TALLY_H
#define SIM_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/routes.h"
#include "sim/sim.h"
#include "src/base/vec.h"

enum {
	TALLY_UNANSWERED = 0, /* and never will be */
	TALLY_PENDING = -1,
	TALLY_ANY = -2 /* of a key */
};

struct tally_cell {
	enum sim_kind kind;
	enum operation op;
	int status; /* of the answer, or one of the two above */
	uint64_t n;
	uint64_t bytes_in; /* of the bodies */
	uint64_t bytes_out;
	uint64_t took_us; /* in all */
};

struct tally {
	VEC(struct tally_cell) cells;
	uint64_t rejected; /* by the limiter */
	uint64_t faults;
	uint64_t connections; /* whose first request is counted here */
	uint64_t in_flight;
	uint64_t peak_in_flight;
};

/* How a request ended. */
struct tally_end {
	enum sim_kind kind;
	enum operation op;
	int status; /* TALLY_UNANSWERED or what it was answered */
	uint64_t bytes_in;
	uint64_t bytes_out;
	uint64_t took_us;
	bool is_rejected;
	bool is_fault;
};

/* From all zero. */
void tally_release(struct tally *t);

/* Nothing is counted any more, and nothing is in flight. */
void tally_clear(struct tally *t);

/* A request, perhaps the first of its connection. */
void tally_arrive(struct tally *t, enum sim_kind kind, enum operation op,
    bool opens);

/* One that has arrived is over. */
void tally_answer(struct tally *t, const struct tally_end *end);

/* The cells that are meant. */
struct tally_key {
	unsigned kinds;     /* a bit for each */
	const char *method; /* as method_label has it; NULL: whatever it is */
	int status;         /* TALLY_ANY: whatever it is */
};

extern const struct tally_key tally_all;

bool tally_key_has(const struct tally_key *key, const struct tally_cell *cell);

/* Their sum; its kind, operation and status mean nothing. */
struct tally_cell tally_sum(const struct tally *t, const struct tally_key *key);

/* The cells summed up by kind, method and status, one after the other: *at
 * begins at 0; false behind the last.  The sum's operation is one of them, and
 * *key (or NULL) is what was summed. */
bool tally_next(const struct tally *t, size_t *at, struct tally_cell *sum,
    struct tally_key *key);

#endif
