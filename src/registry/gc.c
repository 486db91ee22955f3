/* SPDX-License-Identifier: MIT */
/*
 * The story of a collection.  Our invariant: no blob that a surviving manifest
 * reaches is ever submitted for deletion.
 */
#include "src/registry/gc.h"

#include "src/registry/plan_file.h"

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
gc_store(struct gc *gc, struct plan_file *file, const struct plan_head *where,
    struct err *err)
{
	struct plan_head head = *where;

	head.delete_untagged = gc->opts.mark.delete_untagged;
	head.min_age_us = gc->opts.mark.min_age_us;
	head.listed = gc->mark.inv.objects;
	head.kept = gc->plan.kept;
	head.damages = gc->mark.damages.n;
	gc->opts.sweep.file = file;
	return plan_file_write(file, &head, &gc->plan, &gc->mark, err);
}

int
gc_resume(struct gc *gc, struct storage *store, struct plan_file *file,
    struct err *err)
{
	if (mark_run(&gc->mark, store, &gc->opts.mark, err) != 0)
		return -1;
	plan_from_mark(&gc->plan, &gc->mark);
	if (plan_file_resume(file, &gc->plan, &gc->mark, err) != 0)
		return -1;
	gc->opts.sweep.file = file;
	return guards_check(&gc->opts.guards, &gc->mark, &gc->plan, err);
}

int
gc_sweep(struct gc *gc, struct storage *store, struct err *err)
{
	return sweep_run(&gc->plan, &gc->mark.inv, store, &gc->opts.sweep,
	    &gc->report, err);
}
