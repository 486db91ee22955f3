/* SPDX-License-Identifier: MIT */
/*
 * The story of a collection.  Our invariant: no blob that a surviving manifest
 * reaches is ever submitted for deletion.
 */
#include "src/registry/gc.h"

#include <inttypes.h>

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

/* Not one manifest is kept, and there are victims: far more often a wrong
 * listing, a wrong bucket or lost permissions than a registry that is all
 * garbage (distribution#2872: "0 blobs marked, 3 eligible", with live tags).
 * An empty listing of the repositories is the shortest way there. */
static int
refuse_empty_mark(const struct gc *gc, struct err *err)
{
	uint64_t victims = plan_count(&gc->plan);

	if (gc->opts.guards.allow_empty_mark || victims == 0 ||
	    gc->plan.kept.manifests > 0)
		return 0;
	return err_set(err, ERR_REFUSED,
	    "not one manifest is live (repositories: %zu), yet objects would "
	    "go (%" PRIu64 "); if that is right, say --allow-empty-mark",
	    gc->mark.inv.repositories.n, victims);
}

int
gc_plan(struct gc *gc, struct storage *store, struct err *err)
{
	if (mark_run(&gc->mark, store, &gc->opts.mark, err) != 0)
		return -1;
	plan_from_mark(&gc->plan, &gc->mark);
	return refuse_empty_mark(gc, err);
}

int
gc_sweep(struct gc *gc, struct storage *store, struct err *err)
{
	return sweep_run(&gc->plan, &gc->mark.inv, store, &gc->opts.sweep,
	    &gc->report, err);
}
