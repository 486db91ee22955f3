/* SPDX-License-Identifier: MIT */
/*
 * A rule: something goes wrong with some of the requests.  One line of text,
 *
 *	WHAT FAULT [KEY=VALUE]...
 *	DELETE 503 rate=20% retry-after=2s
 *	storage.objects.get cut at=64KiB name=**.data nth=3
 *
 * doc/FAULTS.md has all of it.  A rule that could never do anything is none.
 */
#ifndef SIM_RULE_H
#define SIM_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/fault.h"
#include "src/base/err.h"

struct buf;
struct glob;

/* What FAULT may be; all but the first are words of that name. */
enum rule_fault {
	RULE_STATUS,
	RULE_RESET,
	RULE_LOST,
	RULE_CUT,
	RULE_STALL,
	RULE_DRIP,
	RULE_BAD_JSON,
	RULE_PAGE_TOKEN,
	RULE_SKEW,
	RULE_REFUSED,
	RULE_GOAWAY
};
enum { RULE_FAULTS = RULE_GOAWAY + 1 };

enum {
	RULE_TEXT_MAX = 8192,
	RULE_WHAT_MAX = 80,
	/* Of requests: nobody counts further. */
	RULE_COUNT_MAX = 1000000000
};

/* Of all requests, in the millionths that rates are in. */
enum { RULE_ALWAYS = 1000000 };

enum rule_source {
	RULE_BY_OPTION,
	RULE_BY_FILE,
	RULE_BY_CALL /* while it runs */
};

/* Names that are wanted; NULL: all are. */
struct rule_names {
	struct glob *glob;
	char *text; /* as a rule has it, decoded */
	size_t n;
};

/* From 1; {0, 0}: all. */
struct rule_span {
	uint64_t first, last;
};

struct rule {
	char id[FAULT_MARK_MAX]; /* "" until it has one */
	unsigned said;           /* a bit for each key of the table */
	/* Which requests it matches. */
	char what[RULE_WHAT_MAX];
	bool *reaches; /* by operation: those that the fault can show on */
	struct rule_names bucket, name;
	uint64_t connection, turn; /* 0: any */
	uint64_t from_us, until_us;
	/* Which of those it meets; at most one of these. */
	struct rule_span nth;
	uint64_t every; /* 0: all */
	uint64_t rate;  /* in millionths; 0: all */
	uint64_t times; /* how many at most; 0: no end */
	/* What goes wrong with them. */
	enum rule_fault kind;
	struct fault fault;
	uint64_t at; /* of a cut or a stall: behind so many bytes */
	/* Since when, and how often. */
	enum rule_source source;
	uint64_t since_us;
	uint64_t matched, fired;
};

/* NULL and *err, which names the word that is wrong: ERR_USAGE. */
struct rule *rule_parse(const char *text, size_t n, struct err *err);
void rule_free(struct rule *r);

/* Adds the text that rule_parse takes for the same rule, keys in one order. */
void rule_format(const struct rule *r, struct buf *out);

/* Is that a rule's name, 1 to 63 of [A-Za-z0-9._-]? */
bool rule_is_id(const char *text);

#endif
