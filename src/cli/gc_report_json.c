/* SPDX-License-Identifier: MIT */
/* A run's totals in JSON, before it and after. */
#include "src/cli/gc_report.h"

#include "src/cli/login.h"
#include "src/cli/output.h"

static json_t *
driver_json(const struct gc_run *run)
{
	const struct gcs_status *s = &run->status;

	return json_pack("{s:o, s:o, s:I, s:I, s:I, s:I, s:I}", "rate",
	    s->write_rate > 0 ? json_real(s->write_rate) : json_null(), "why",
	    output_string(s->why), "connections", (json_int_t)s->connections,
	    "requeues", (json_int_t)s->requeues, "token_calls",
	    (json_int_t)login_token_calls(run->login), "outages",
	    (json_int_t)s->outages, "probes", (json_int_t)s->probes);
}

static json_t *
requests_json(const struct tally *t)
{
	json_t *o = json_object();
	int kind;

	for (kind = 0; kind < STORAGE_KINDS; kind++)
		json_object_set_new(o,
		    storage_kind_name((enum storage_kind)kind),
		    json_integer((json_int_t)t->requests[kind]));
	return o;
}

static json_t *
window_json(const struct tally *t, const struct figures *l)
{
	return json_pack("{s:o, s:f, s:I, s:I, s:I, s:I, "
			 "s:{s:I, s:I, s:I, s:I}}",
	    "requests", requests_json(t), "seconds", gc_run_seconds(t),
	    "peak_in_flight", (json_int_t)t->peak_in_flight, "retries",
	    (json_int_t)t->retries, "rejected", (json_int_t)t->rejected,
	    "unanswered", (json_int_t)t->unanswered, "latency_us", "p50",
	    (json_int_t)l->p50, "p90", (json_int_t)l->p90, "p99",
	    (json_int_t)l->p99, "max", (json_int_t)l->max);
}

json_t *
gc_report_kept_json(const struct plan_kept *k)
{
	return json_pack("{s:I, s:I, s:I}", "manifests",
	    (json_int_t)k->manifests, "blobs", (json_int_t)k->blobs, "bytes",
	    (json_int_t)k->bytes);
}

json_t *
gc_report_young_json(const struct plan_kept *k)
{
	return json_pack("{s:I, s:I, s:I, s:I}", "manifests",
	    (json_int_t)k->young_manifests, "tag_references",
	    (json_int_t)k->young_links, "blobs", (json_int_t)k->young_blobs,
	    "bytes", (json_int_t)k->young_bytes);
}

static json_t *
objects_json(uint64_t manifests, uint64_t tags, uint64_t blobs, uint64_t bytes)
{
	return json_pack("{s:I, s:I, s:I, s:I}", "manifests",
	    (json_int_t)manifests, "tag_references", (json_int_t)tags, "blobs",
	    (json_int_t)blobs, "bytes", (json_int_t)bytes);
}

void
gc_report_totals_json(const struct gc_run *run)
{
	const struct plan *plan = &run->gc->plan;

	output_json(json_pack("{s:s, s:i, s:o, s:I, s:o, s:o, s:o}", "type",
	    "plan", "schema", 1, "file",
	    run->plan_path != NULL ? output_string(run->plan_path)
				   : json_null(),
	    "listed", (json_int_t)run->gc->mark.inv.objects, "kept",
	    gc_report_kept_json(&plan->kept), "young",
	    gc_report_young_json(&plan->kept), "eligible",
	    objects_json(plan->victims[PLAN_REVISIONS].n,
		plan->victims[PLAN_TAGS].n, plan->victims[PLAN_BLOBS].n,
		plan->bytes)));
}

/* What became of the victims. */
static json_t *
results_json(const struct gc_run *run)
{
	const struct sweep_report *r = &run->gc->report;

	return json_pack("{s:o, s:I, s:I, s:I, s:I, s:I, s:I}",
	    run->is_dry ? "would_delete" : "deleted",
	    objects_json(gc_run_deleted(run, PLAN_REVISIONS),
		gc_run_deleted(run, PLAN_TAGS), gc_run_deleted(run, PLAN_BLOBS),
		r->deleted_bytes),
	    "gone", (json_int_t)gc_run_count(run, STORAGE_GONE), "changed",
	    (json_int_t)gc_run_count(run, STORAGE_CHANGED), "held",
	    (json_int_t)gc_run_count(run, STORAGE_HELD), "failed",
	    (json_int_t)gc_run_failed(run), "not_tried",
	    (json_int_t)r->not_tried, "strays", (json_int_t)r->strays);
}

/* What the mark found that is worth a number. */
static json_t *
findings_json(const struct mark *m)
{
	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "damages",
	    (json_int_t)m->damages.n, "manifests_cached",
	    (json_int_t)m->manifests_cached, "foreign",
	    (json_int_t)m->inv.foreign, "dangling", (json_int_t)m->dangling,
	    "missing", (json_int_t)m->holes.needed, "missing_children",
	    (json_int_t)m->holes.children, "unknown_manifests",
	    (json_int_t)m->unknown_manifests, "relisted",
	    (json_int_t)m->relisted);
}

static json_t *
requests_by_formula_json(const struct gc_run *run)
{
	enum sweep_strategy s = gc_run_strategy(run);
	enum sweep_strategy other = s == SWEEP_DELETE ? SWEEP_LIST_DELETE
						      : SWEEP_DELETE;

	return json_pack("{s:s, s:I, s:I, s:I}", "strategy",
	    gc_report_strategy(s), "width",
	    (json_int_t)run->gc->opts.sweep.width, "expected_requests",
	    (json_int_t)gc_run_expected(run), "other_strategy_requests",
	    (json_int_t)sweep_formula(other, gc_run_tried(run)));
}

static json_t *
cost_json(const struct gc_run *run)
{
	struct gc_cost c;

	gc_run_cost(run, &c);
	return json_pack("{s:I, s:{s:I, s:I, s:I}}", "nanodollars",
	    (json_int_t)walk_cost_nanodollars(&c.ours), "upstream",
	    "mark_requests", (json_int_t)walk_cost_requests(&c.upstream_mark),
	    "sweep_requests", (json_int_t)walk_cost_requests(&c.upstream_sweep),
	    "nanodollars",
	    (json_int_t)(walk_cost_nanodollars(&c.upstream_mark) +
		walk_cost_nanodollars(&c.upstream_sweep)));
}

static void
add_all(json_t *to, json_t *more)
{
	json_object_update(to, more);
	json_decref(more);
}

void
gc_report_summary_json(const struct gc_run *run)
{
	json_t *o = json_pack("{s:s, s:i, s:b, s:b, s:o, s:o}", "type",
	    "summary", "schema", 1, "dry_run", run->is_dry, "interrupted",
	    run->is_interrupted, "kept",
	    gc_report_kept_json(&run->gc->plan.kept), "young",
	    gc_report_young_json(&run->gc->plan.kept));

	add_all(o, results_json(run));
	add_all(o, findings_json(&run->gc->mark));
	add_all(o, requests_by_formula_json(run));
	add_all(o, cost_json(run));
	add_all(o,
	    json_pack("{s:o, s:o, s:o, s:s}", "mark",
		window_json(&run->mark, &run->mark_latency), "sweep",
		window_json(&run->sweep, &run->sweep_latency), "driver",
		driver_json(run), "audit",
		gc_run_is_audited(run) ? "ok" : "failed"));
	output_json(o);
}
