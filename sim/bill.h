/* SPDX-License-Identifier: MIT */
/*
 * What operations cost in money: a price for each class, times what was
 * answered.  Whole nanodollars, so that sums are exact.
 */
#ifndef SIM_BILL_H
#define SIM_BILL_H

#include <stdint.h>

struct buf;
struct opt_grammar;
struct tally;

/* Nanodollars for one operation; 0: it is free. */
struct sim_tariff {
	uint64_t class_a;
	uint64_t class_b;
};

/* The price list's, see doc/COST.md. */
extern const struct sim_tariff sim_tariff;

/* "$0.05/10k" (also 1, 1k, 1M, ... operations, and without the $) or "off". */
extern const struct opt_grammar sim_price_grammar;

struct bill {
	uint64_t class_a; /* operations */
	uint64_t class_b;
	uint64_t free;     /* by their method */
	uint64_t unbilled; /* by their answer: 307, 4xx, 5xx, or none */
	uint64_t nanodollars;
};

/* Of all that is in t; what is in flight is not billed yet. */
void bill_make(struct bill *b, const struct tally *t,
    const struct sim_tariff *tariff);

/* "0.000015000": dollars, exact. */
void bill_add_dollars(struct buf *out, uint64_t nanodollars);

#endif
