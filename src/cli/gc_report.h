/* SPDX-License-Identifier: MIT */
/*
 * What a run says, as text or as JSON lines: where it points, what it is going
 * to do, and how it went.
 */
#ifndef CLI_GC_REPORT_H
#define CLI_GC_REPORT_H

#include <jansson.h>

#include "src/cli/gc_run.h"

/* The first line: where, which bucket, as whom. */
void gc_report_start(const struct gc_run *run);

/* Damage found by the mark, also by one that failed. */
void gc_report_damage(const struct gc_run *run);

/* What goes and what stays, in JSON; with --verbose, each victim. */
void gc_report_plan(const struct gc_run *run);

/* Failures, totals, requests, audit. */
void gc_report_end(const struct gc_run *run);

/* Of these, what --json makes of the totals. */
void gc_report_totals_json(const struct gc_run *run);
void gc_report_summary_json(const struct gc_run *run);

/* An object of what stays, and of what of it does only for being young. */
json_t *gc_report_kept_json(const struct plan_kept *k);
json_t *gc_report_young_json(const struct plan_kept *k);

/* The word of --strategy. */
const char *gc_report_strategy(enum sweep_strategy s);

#endif
