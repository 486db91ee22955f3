/* SPDX-License-Identifier: MIT */
/*
 * What a test expects of a scope, as a query: "DELETE=391&LIST=0".  A key is a
 * kind, a method, a status, a kind or method with a status ("DELETE:404"), or
 * one of the other numbers of a scope; a value is a number or a range, "1..5",
 * "1.." or "..5".
 */
#ifndef SIM_EXPECT_H
#define SIM_EXPECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/bill.h"
#include "sim/query.h"
#include "sim/tally.h"
#include "src/base/err.h"

struct buf;

enum { EXPECT_KEY_MAX = 63 };

/* What a key counts. */
enum expect_what {
	EXPECT_REQUESTS, /* those of `cells` */
	EXPECT_REJECTED,
	EXPECT_FAULTS,
	EXPECT_CONNECTIONS,
	EXPECT_IN_FLIGHT,
	EXPECT_PEAK_IN_FLIGHT,
	EXPECT_CLASS_A, /* billed operations */
	EXPECT_CLASS_B,
	EXPECT_NANODOLLARS
};

struct expect_key {
	enum expect_what what;
	struct tally_key cells;
};

struct expect_line {
	char name[EXPECT_KEY_MAX + 1];
	struct expect_key key;
	uint64_t least; /* both are within */
	uint64_t most;
};

struct expect {
	size_t n;
	struct expect_line line[QUERY_MAX];
};

/* ERR_USAGE names what is no key, and what there is. */
int expect_parse_key(struct expect_key *key, const char *name, size_t n,
    struct err *err) MUST_CHECK;

/* All parameters but `scope` and `wait`.  ERR_USAGE for what cannot be, and for none. */
int expect_parse(struct expect *e, const struct query *q,
    struct err *err) MUST_CHECK;

uint64_t expect_count(const struct expect_key *key, const struct tally *t,
    const struct sim_tariff *tariff);

/* Is it all as expected?  Adds a sentence on each line that is not; difference
 * may be NULL. */
bool expect_check(const struct expect *e, const struct tally *t,
    const struct sim_tariff *tariff, struct buf *difference);

/* "391", "1..5", "1..": what parses as the line's value. */
void expect_add_value(const struct expect_line *line, struct buf *out);

#endif
