/* SPDX-License-Identifier: MIT */
/* What text, JSON lines and metrics have in common. */
#include "src/cli/gc_run.h"

#include "src/base/hist.h"
#include "src/cli/options.h"

bool
gc_run_is_all_done(const struct gc_run *run)
{
	return run->gc->report.not_tried == 0 && run->gc->report.failed == 0;
}

uint64_t
gc_run_tried(const struct gc_run *run)
{
	return plan_count(&run->gc->plan) - run->gc->report.not_tried;
}

enum sweep_strategy
gc_run_strategy(const struct gc_run *run)
{
	return (enum sweep_strategy)run->opts->strategy;
}

/* A dry run sends nothing, whatever the strategy.  Victims of a sweep that was
 * stopped between their List and their Delete have cost the List. */
uint64_t
gc_run_expected(const struct gc_run *run)
{
	if (run->is_dry)
		return 0;
	return sweep_formula(gc_run_strategy(run), gc_run_tried(run)) +
	    run->gc->report.only_listed;
}

/* Every request of the formula was an operation, but for those that a signal
 * kept from leaving; and every operation was one attempt and its retries, unless
 * it never reached the wire. */
bool
gc_run_is_audited(const struct gc_run *run)
{
	const struct tally *t = &run->sweep;
	uint64_t ops = 0;
	int kind;

	for (kind = 0; kind < STORAGE_KINDS; kind++)
		ops += t->ops[kind];
	return ops - run->gc->report.unsent == gc_run_expected(run) &&
	    t->attempts + t->unsent == ops + t->retries;
}

uint64_t
gc_run_deleted(const struct gc_run *run, enum plan_section section)
{
	return run->gc->report.verdicts[section][STORAGE_OK];
}

struct figures
figures_of(const struct hist *h)
{
	return (struct figures){
		.count = h->count,
		.p50 = hist_quantile(h, 0.50),
		.p90 = hist_quantile(h, 0.90),
		.p99 = hist_quantile(h, 0.99),
		.max = h->max,
		.mean = h->mean,
	};
}

void
gc_run_cost(const struct gc_run *run, struct gc_cost *out)
{
	const struct gc *gc = run->gc;

	out->ours = (struct walk_cost){
		.lists = run->mark.requests[STORAGE_LIST] +
		    run->sweep.requests[STORAGE_LIST],
		.gets = run->mark.requests[STORAGE_GET] +
		    run->sweep.requests[STORAGE_GET],
		.deletes = run->sweep.requests[STORAGE_DELETE],
	};
	if (run->is_dry) {
		out->ours.deletes = plan_count(&gc->plan);
		if (gc_run_strategy(run) == SWEEP_LIST_DELETE)
			out->ours.lists += out->ours.deletes;
	}
	walk_cost_mark(&gc->mark.inv, gc->opts.mark.delete_untagged,
	    &out->upstream_mark);
	walk_cost_sweep(&gc->mark.inv, &gc->plan, &out->upstream_sweep);
}

double
gc_run_seconds(const struct tally *t)
{
	return (double)(t->last_us - t->first_us) / 1e6;
}

uint64_t
gc_run_count(const struct gc_run *run, enum storage_verdict verdict)
{
	return sweep_count(&run->gc->report, verdict);
}

uint64_t
gc_run_failed(const struct gc_run *run)
{
	return gc_run_count(run, STORAGE_DENIED) +
	    gc_run_count(run, STORAGE_THROTTLED) +
	    gc_run_count(run, STORAGE_FAILED) +
	    gc_run_count(run, STORAGE_CANCELLED);
}
