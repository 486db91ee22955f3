/* SPDX-License-Identifier: MIT */
/*
 * What was asked of the simulator: one row per request, written when it
 * arrives and completed when it is answered, and exact counters.  A request is
 * known by its kind, its bucket and its name (a list's name is its prefix),
 * and by the how-manieth of that identity it is.
 */
#ifndef SIM_JOURNAL_H
#define SIM_JOURNAL_H

#include <stddef.h>
#include <stdint.h>

#include "sim/sim.h"
#include "src/base/arena.h"
#include "src/base/hmap.h"
#include "src/base/vec.h"

struct buf;

enum { JOURNAL_STATUSES = 600 };

struct journal_key {
	const char *bucket; /* "" when the request names none */
	const char *name;
	size_t name_len;
	enum sim_kind kind;
	uint32_t times; /* it was asked for */
};

struct journal_row {
	uint64_t at_us; /* since the loop began */
	uint64_t took_us;
	uint32_t key;
	uint32_t nth;    /* 1 is the first */
	uint16_t status; /* 0: not answered yet, or never */
};

struct journal {
	VEC(struct journal_row) rows;
	VEC(struct journal_key) keys;
	struct hmap by_key;
	struct arena names;
	struct sim_counts counts;
	uint64_t by_status[JOURNAL_STATUSES];
};

void journal_init(struct journal *j);
void journal_release(struct journal *j);

/* Forgets rows and counters; what is in flight stays in flight, and is answered
 * with JOURNAL_FORGOTTEN for its row. */
void journal_reset(struct journal *j);

enum { JOURNAL_FORGOTTEN = UINT32_MAX };

/* A request arrived; answers its row. */
uint32_t journal_arrive(struct journal *j, uint64_t now_us, enum sim_kind kind,
    const char *bucket, const char *name, size_t name_len);

/* The request of that row turns out to be about another name: it is one more of
 * those, and its old place stays empty.  Answers its new nth. */
uint32_t journal_rename(struct journal *j, uint32_t row, const char *name,
    size_t name_len);

/* It was answered; 0: it never will be. */
void journal_answer(struct journal *j, uint32_t row, uint64_t now_us,
    int status);

/* See sim_journal_hash. */
uint64_t journal_hash(const struct journal *j);

/* All rows in order of arrival, as JSON lines or as "KIND name status". */
void journal_add_json(const struct journal *j, struct buf *out);
void journal_add_text(const struct journal *j, struct buf *out);

#endif
