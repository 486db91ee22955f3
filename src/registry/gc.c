/* SPDX-License-Identifier: MIT */
/*
 * The story of a collection.  Our invariant: no blob that a surviving manifest
 * reaches is ever submitted for deletion.
 */
#include "src/registry/gc.h"

int
gc_init(struct gc *gc, const struct gc_opts *opts, struct err *err)
{
	gc->opts = *opts;
	gc->opts.root = NULL; /* borrowed; only mark_init reads it */
	plan_init(&gc->plan);
	sweep_report_init(&gc->report);
	return mark_init(&gc->mark, opts->root, err);
}

void
gc_release(struct gc *gc)
{
	sweep_report_release(&gc->report);
	plan_release(&gc->plan);
	mark_release(&gc->mark);
}

int
gc_plan(struct gc *gc, struct storage *store, struct err *err)
{
	if (mark_run(&gc->mark, store, &gc->opts.mark, err) != 0)
		return -1;
	plan_from_mark(&gc->plan, &gc->mark);
	return guards_check(&gc->opts.guards, &gc->mark, &gc->plan, err);
}

int
gc_sweep(struct gc *gc, struct storage *store, struct err *err)
{
	return sweep_run(&gc->plan, &gc->mark.inv, store, &gc->opts.sweep,
	    &gc->report, err);
}
