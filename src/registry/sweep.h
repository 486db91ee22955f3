/* SPDX-License-Identifier: MIT */
/*
 * Sweep: send the plan, `width` victims at once, by one of two strategies.
 *
 *	list-delete  per victim a List below its path, then its Delete: what
 *		     v2.8.1 did, 2N requests for N objects
 *	delete	     the Delete alone: what the merge request made of it, N
 *		     requests
 *
 * Victims of a section leave in no order of names (see order.h), since a store
 * keeps neighbours together: blobs are dealt from the 256 ranges of their first
 * two digits, links are shuffled over repositories.
 *
 * Either way a Delete names the generation that the plan saw, and nothing but
 * the planned name is ever deleted; what else a List shows is reported.
 */
#ifndef REGISTRY_SWEEP_H
#define REGISTRY_SWEEP_H

#include <stdbool.h>
#include <stdint.h>

#include "src/base/arena.h"
#include "src/base/err.h"
#include "src/base/vec.h"
#include "src/registry/plan.h"
#include "src/storage/storage.h"

struct inventory;
struct plan_file;

enum sweep_strategy { SWEEP_LIST_DELETE, SWEEP_DELETE };

struct sweep_opts {
	enum sweep_strategy strategy;
	unsigned width;         /* victims in flight at once, >= 1 */
	uint64_t seed;          /* of the order within a section */
	const bool *stop;       /* becomes true: try no more; may be NULL */
	struct plan_file *file; /* hears of each of plan->rows; borrowed; may be
				   NULL */
};

/* One object that did not go as planned. */
struct sweep_failure {
	const char *name;
	enum storage_verdict verdict;
	const char *why;
};

struct sweep_report {
	uint64_t verdicts[PLAN_SECTIONS][STORAGE_VERDICTS];
	uint64_t requests[PLAN_SECTIONS]; /* attempts, Lists and Deletes */
	uint64_t deleted_bytes; /* of blobs that are now gone by our hand */
	uint64_t not_tried;     /* no Delete left: an earlier section failed, or
				   the sweep was stopped */
	uint64_t only_listed;   /* of not_tried: a List left */
	uint64_t unsent;        /* operations that the store had when the sweep
				   was stopped, and that never left */
	uint64_t strays;        /* objects beside a victim, left alone */
	VEC(struct sweep_failure) failures; /* the first SWEEP_FAILURES_MAX */
	uint64_t failed; /* all that are still there: held, changed, failed */
	struct arena arena;
};

enum { SWEEP_FAILURES_MAX = 1000 };

/* Requests that a strategy sends for so many victims when nothing goes wrong:
 * the formula that the audit holds against driver and server. */
uint64_t sweep_formula(enum sweep_strategy strategy, uint64_t victims);

void sweep_report_init(struct sweep_report *r);
void sweep_report_release(struct sweep_report *r);

/* Sends the plan.  A delete that fails is a row of the report and the section
 * goes on; the next section is then not begun.  When opts->stop becomes true,
 * what is in flight settles and nothing else is sent, not even the Delete after
 * a List; that is no failure.  -1 when the sweep must not go on: a victim's
 * name was refused by the path guard, which is a bug or an attack, or
 * opts->file cannot be written.  Then too nothing else is sent, what is in
 * flight settles, and the report is exact; what opts->file has not heard of, a
 * resumed sweep finds gone. */
int sweep_run(const struct plan *plan, const struct inventory *inv,
    struct storage *store, const struct sweep_opts *opts,
    struct sweep_report *report, struct err *err) MUST_CHECK;

/* Over all sections. */
uint64_t sweep_count(const struct sweep_report *r,
    enum storage_verdict verdict);

#endif
