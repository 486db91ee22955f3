/* SPDX-License-Identifier: MIT */
/* What is told of a run, and the numbers that all the ways of telling share. */
#ifndef CLI_GC_RUN_H
#define CLI_GC_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "src/gcs/gcs.h"
#include "src/registry/gc.h"
#include "src/registry/walk_cost.h"
#include "src/storage/tally.h"

struct hist;
struct login;
struct options;
struct plan_file;
struct target;

/* Of one window, in microseconds; see tally_latency. */
struct figures {
	uint64_t count, p50, p90, p99, max;
	double mean;
};

struct gc_run {
	const char *command; /* as it was typed */
	const struct options *opts;
	const struct target *target;
	const struct login *login;
	const struct gc *gc;
	const char *plan_path; /* where the plan is written; or NULL */
	const struct plan_file *resumed; /* the plan that apply goes on with; or
					    NULL */
	bool is_dry;        /* nothing is sent that changes anything */
	bool is_query;      /* ... and nobody would expect it */
	struct tally mark;  /* of the mark's window */
	struct tally sweep; /* of the sweep's */
	struct figures mark_latency;
	struct figures sweep_latency;
	struct gcs_status status; /* when all was done */
	bool is_planned;          /* the plan passed its guards */
	bool is_interrupted;      /* by a signal, while sweeping */
};

struct figures figures_of(const struct hist *h);

/* What the options ask for; a dry run sends by neither. */
enum sweep_strategy gc_run_strategy(const struct gc_run *run);

/* Victims for which a Delete left. */
uint64_t gc_run_tried(const struct gc_run *run);

/* Requests of the sweep, by the formula. */
uint64_t gc_run_expected(const struct gc_run *run);

uint64_t gc_run_deleted(const struct gc_run *run, enum plan_section section);
uint64_t gc_run_count(const struct gc_run *run, enum storage_verdict verdict);

/* Whatever is neither gone nor left for a reason of its own. */
uint64_t gc_run_failed(const struct gc_run *run);

/* Requests of mark and sweep with their price; a dry run's sweep is the one that
 * its options ask for. */
struct gc_cost {
	struct walk_cost ours;
	struct walk_cost upstream_mark; /* what distribution would have sent */
	struct walk_cost upstream_sweep;
};

void gc_run_cost(const struct gc_run *run, struct gc_cost *out);

double gc_run_seconds(const struct tally *t);

/* Is nothing of the plan left for another run? */
bool gc_run_is_all_done(const struct gc_run *run);

/* Do the driver's counts agree with the strategy's formula? */
bool gc_run_is_audited(const struct gc_run *run);

#endif
