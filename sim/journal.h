/* SPDX-License-Identifier: MIT */
/*
 * What was asked of the simulator: one row per request, written when it
 * arrives and completed when it is answered, and exact counters.  A request is
 * known by its kind, its bucket and its name (a list's name is its prefix),
 * and by the how-manieth of that identity it is.
 *
 * Identities stay, since what is the third of its kind must be known.  Rows and
 * the targets in them leave when there are too many, the oldest first, a block
 * at a time; a row's number is its own for ever.
 */
#ifndef SIM_JOURNAL_H
#define SIM_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/sim.h"
#include "src/base/arena.h"
#include "src/base/hmap.h"
#include "src/base/vec.h"

struct buf;
struct opt_grammar;

/* "1000000", "all" or "off": for journal_limit. */
extern const struct opt_grammar sim_journal_grammar;

/* A row's target is no longer than this, however long it was. */
enum { JOURNAL_TARGET_MAX = 4096 };

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
	uint64_t scopes;    /* that it counts in: see scope.h */
	const char *target; /* as it was sent; "" when it cannot be read */
	/* Of took_us: for a token, for its connection, for its body. */
	uint64_t queued_us;
	uint64_t setup_us;
	uint64_t upload_us;
	uint64_t bytes_in; /* of the bodies */
	uint64_t bytes_out;
	uint32_t key;
	uint32_t nth;        /* 1 is the first */
	uint32_t connection; /* 0: it is a part of a batch, or has no head */
	uint16_t status;     /* 0: not answered yet, or never */
	uint8_t method;      /* enum http_method */
	uint8_t op;          /* enum operation */
	bool is_limited;
	bool is_fault;
};

struct journal_block;

struct journal {
	VEC(struct journal_block *) blocks; /* full but for the last */
	uint64_t began;                     /* first row since the reset */
	uint64_t first;                     /* row of the first block */
	uint64_t next;                      /* row */
	uint64_t cap;                       /* rows, at least; 0: none */
	VEC(struct journal_key) keys;
	struct hmap by_key;
	struct arena names;
	struct sim_counts counts;
};

/* With room for SIM_JOURNAL_ALL rows. */
void journal_init(struct journal *j);
void journal_release(struct journal *j);

/* From now on it has so many rows. */
void journal_limit(struct journal *j, uint64_t cap);

/* Forgets rows, identities and counters; what is in flight stays in flight. */
void journal_reset(struct journal *j);

/* A request arrived; answers its row, and in *nth the how-manieth it is. */
uint64_t journal_arrive(struct journal *j, uint64_t now_us, enum sim_kind kind,
    const char *bucket, const char *name, size_t name_len, uint32_t *nth);

/* The row, to be read and filled, until the next one arrives; NULL: it has
 * left. */
struct journal_row *journal_row(const struct journal *j, uint64_t row);

/* Keeps a copy of it, if the row is still there. */
void journal_set_target(struct journal *j, uint64_t row, const char *target);

/* What it was about. */
const struct journal_key *journal_key(const struct journal *j,
    const struct journal_row *row);

/* The request of that row turns out to be about another name: it is one more of
 * those, and its old place stays empty.  Answers its new nth; 0: the journal
 * was reset since it arrived. */
uint32_t journal_rename(struct journal *j, uint64_t row, enum sim_kind kind,
    const char *bucket, const char *name, size_t name_len);

/* It was answered; 0: it never will be. */
void journal_answer(struct journal *j, uint64_t row, uint64_t now_us,
    int status);

/* The rows that are there: from this one to j->next. */
uint64_t journal_first(const struct journal *j);

/* See sim_journal_hash. */
uint64_t journal_hash(const struct journal *j);

/* All rows in order of arrival, as JSON lines or as "KIND name status". */
void journal_add_json(const struct journal *j, struct buf *out);
void journal_add_text(const struct journal *j, struct buf *out);

#endif
