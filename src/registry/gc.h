/* SPDX-License-Identifier: MIT */
/*
 * A collection from end to end: mark, plan, guard, sweep.  gc_plan reads and
 * decides and sends no mutating request; gc_sweep does what was decided.  What
 * comes between them (showing the plan, asking the operator) is the caller's.
 */
#ifndef REGISTRY_GC_H
#define REGISTRY_GC_H

#include <stdbool.h>

#include "src/base/err.h"
#include "src/registry/guards.h"
#include "src/registry/mark.h"
#include "src/registry/plan.h"
#include "src/registry/sweep.h"

struct plan_file;
struct plan_head;
struct storage;

struct gc_opts {
	const char *root; /* the registry's rootdirectory */
	struct mark_opts mark;
	struct sweep_opts sweep;
	struct guard_opts guards;
};

struct gc {
	struct gc_opts opts;
	struct mark mark;
	struct plan plan;
	struct sweep_report report;
};

/* opts is copied; its strings are borrowed for the call. */
int gc_init(struct gc *gc, const struct gc_opts *opts,
    struct err *err) MUST_CHECK;
void gc_release(struct gc *gc);

/* Marks, plans, and asks the guards (ERR_REFUSED: the plan stands, for whoever
 * wants to show it, and a person decides).  On -1 no request has been sent that changes anything, and none may be. */
int gc_plan(struct gc *gc, struct storage *store, struct err *err) MUST_CHECK;

/* Writes what gc_plan decided to a file from plan_file_create; the sweep, if there
 * is one, tells it of each row.  Of the head the caller fills in where and when
 * (version to endpoint, is_emulator, created_us).  The file is borrowed until
 * gc_release. */
int gc_store(struct gc *gc, struct plan_file *file,
    const struct plan_head *where, struct err *err) MUST_CHECK;

/* In gc_plan's stead, with a file from plan_file_open: marks again, and plans what
 * is pending in the file and still eligible.  A guard may refuse that too; the
 * file then is to be closed, and is as it was. */
int gc_resume(struct gc *gc, struct storage *store, struct plan_file *file,
    struct err *err) MUST_CHECK;

/* Sweeps the plan; gc->report tells how each victim fared. */
int gc_sweep(struct gc *gc, struct storage *store, struct err *err) MUST_CHECK;

#endif
