/* SPDX-License-Identifier: MIT */
/*
 * What a run says, as text or as JSON lines: where it points, what it is going
 * to do, and how it went.
 */
#ifndef CLI_GC_REPORT_H
#define CLI_GC_REPORT_H

#include "src/cli/options.h"
#include "src/gcs/gcs.h"
#include "src/registry/gc.h"
#include "src/storage/tally.h"

struct hist;
struct login;
struct target;

/* Of one window, in microseconds; see tally_latency. */
struct figures {
	uint64_t count, p50, p90, p99, max;
};

struct gc_run {
	const struct options *opts;
	const struct target *target;
	const struct login *login;
	const struct gc *gc;
	bool is_dry;        /* nothing is sent that changes anything */
	struct tally mark;  /* of the mark's window */
	struct tally sweep; /* of the sweep's */
	struct figures mark_latency;
	struct figures sweep_latency;
	struct gcs_status status; /* when all was done */
	bool is_interrupted;      /* by a signal, while sweeping */
};

struct figures figures_of(const struct hist *h);

/* The first line: where, which bucket, as whom. */
void gc_report_start(const struct gc_run *run);

/* Damage found by the mark, also by one that failed. */
void gc_report_damage(const struct gc_run *run);

/* With --verbose, each victim. */
void gc_report_plan(const struct gc_run *run);

/* Failures, totals, requests, audit. */
void gc_report_end(const struct gc_run *run);

/* Is nothing of the plan left for another run? */
bool gc_report_is_all_done(const struct gc_run *run);

/* Do the driver's counts agree with the strategy's formula? */
bool gc_report_is_audited(const struct gc_run *run);

#endif
