/* SPDX-License-Identifier: MIT */
/* Text and JSON carry the same numbers, from the same structs. */
#include "src/cli/gc_report.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "src/base/hist.h"
#include "src/base/str.h"
#include "src/cli/login.h"
#include "src/cli/output.h"
#include "src/cli/target.h"

/* --- before --- */

static void
print_damage(const struct gc_run *run, const char *what)
{
	if (run->opts->json) {
		output_json(json_pack("{s:s, s:i, s:o}", "type", "damage",
		    "schema", 1, "what", output_string(what)));
		return;
	}
	fputs("damage    ", stderr);
	output_name(stderr, what);
	fputc('\n', stderr);
}

static void
print_victim(const struct gc_run *run, enum plan_section section,
    const char *name, uint64_t generation)
{
	if (run->opts->json) {
		output_json(json_pack("{s:s, s:i, s:s, s:o, s:o}", "type",
		    "victim", "schema", 1, "kind", plan_section_name(section),
		    "name", output_string(name), "generation",
		    output_number(generation)));
		return;
	}
	printf("eligible  %s ", plan_section_name(section));
	output_name(stdout, name);
	printf("#%" PRIu64 "\n", generation);
}

static void
print_victims(const struct gc_run *run)
{
	const struct plan *plan = &run->gc->plan;
	struct err ignored;
	uint64_t generation;
	struct buf name;
	int section;
	size_t i;

	buf_init(&name, 4 * STORAGE_NAME_MAX);
	for (section = 0; section < PLAN_SECTIONS; section++) {
		for (i = 0; i < plan->victims[section].n; i++) {
			if (plan_victim(plan, &run->gc->mark.inv,
				(enum plan_section)section, i, &name,
				&generation, &ignored) == 0)
				print_victim(run, (enum plan_section)section,
				    name.data, generation);
		}
	}
	buf_release(&name);
}

void
gc_report_damage(const struct gc_run *run)
{
	const struct mark *m = &run->gc->mark;
	size_t i;

	for (i = 0; i < m->damages.n; i++)
		print_damage(run, m->damages.v[i]);
}

void
gc_report_plan(const struct gc_run *run)
{
	if (run->opts->verbose)
		print_victims(run);
}

/* --- after --- */

bool
gc_report_is_all_done(const struct gc_run *run)
{
	return run->gc->report.not_tried == 0 && run->gc->report.failed == 0;
}

static uint64_t
tried(const struct gc_run *run)
{
	return plan_count(&run->gc->plan) - run->gc->report.not_tried;
}

static enum sweep_strategy
strategy(const struct gc_run *run)
{
	return (enum sweep_strategy)run->opts->strategy;
}

static const char *
strategy_name(enum sweep_strategy s)
{
	return s == SWEEP_LIST_DELETE ? "list-delete" : "delete";
}

static enum sweep_strategy
other_strategy(const struct gc_run *run)
{
	return strategy(run) == SWEEP_DELETE ? SWEEP_LIST_DELETE : SWEEP_DELETE;
}

/* A dry run sends nothing, whatever the strategy.  Victims of a sweep that was
 * stopped between their List and their Delete have cost the List. */
static uint64_t
expected(const struct gc_run *run)
{
	if (run->is_dry)
		return 0;
	return sweep_formula(strategy(run), tried(run)) +
	    run->gc->report.only_listed;
}

/* Every request of the formula was an operation, but for those that a signal
 * kept from leaving; and every operation was one attempt and its retries, unless
 * it never reached the wire. */
bool
gc_report_is_audited(const struct gc_run *run)
{
	const struct tally *t = &run->sweep;
	uint64_t ops = 0;
	int kind;

	for (kind = 0; kind < STORAGE_KINDS; kind++)
		ops += t->ops[kind];
	return ops - run->gc->report.unsent == expected(run) &&
	    t->attempts + t->unsent == ops + t->retries;
}

static uint64_t
deleted(const struct gc_run *run, enum plan_section section)
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
	};
}

static double
seconds(const struct tally *t)
{
	return (double)(t->last_us - t->first_us) / 1e6;
}

static uint64_t
count(const struct gc_run *run, enum storage_verdict verdict)
{
	return sweep_count(&run->gc->report, verdict);
}

/* Whatever is neither gone nor left for a reason of its own. */
static uint64_t
failed(const struct gc_run *run)
{
	return count(run, STORAGE_DENIED) + count(run, STORAGE_THROTTLED) +
	    count(run, STORAGE_FAILED) + count(run, STORAGE_CANCELLED);
}

static void
print_requests(const char *when, const struct tally *t)
{
	const char *comma = "";
	int kind;

	printf("%s ", when);
	for (kind = 0; kind < STORAGE_KINDS; kind++) {
		if (t->requests[kind] == 0)
			continue;
		printf("%s%" PRIu64 " %s", comma, t->requests[kind],
		    storage_kind_name((enum storage_kind)kind));
		comma = ", ";
	}
	if (comma[0] == '\0')
		fputs("none", stdout);
}

static void
print_totals(const struct gc_run *run)
{
	const struct gc *gc = run->gc;
	const char *verb = run->is_dry ? "would go " : "deleted  ";
	char size[STR_SIZE_MAX];

	printf("kept      %5" PRIu64 " manifests  %20s %6" PRIu64
	       " blobs  %s\n",
	    gc->plan.kept.manifests, "", gc->plan.kept.blobs,
	    str_format_size(size, gc->plan.kept.bytes));
	printf("%s %5" PRIu64 " manifests  %5" PRIu64
	       " tag references %6" PRIu64 " blobs  %s\n",
	    verb, deleted(run, PLAN_REVISIONS), deleted(run, PLAN_TAGS),
	    deleted(run, PLAN_BLOBS),
	    str_format_size(size, gc->report.deleted_bytes));
	printf("others    %5" PRIu64 " already gone, %" PRIu64
	       " changed, %" PRIu64 " held, %" PRIu64 " failed, %" PRIu64
	       " not tried\n",
	    count(run, STORAGE_GONE), count(run, STORAGE_CHANGED),
	    count(run, STORAGE_HELD), failed(run), gc->report.not_tried);
}

static void
print_note(uint64_t n, const char *what, const char *rest)
{
	if (n > 0)
		printf("note      %" PRIu64 " %s%s %s\n", n, what,
		    output_plural(n), rest);
}

static void
print_notes(const struct gc_run *run)
{
	const struct mark *m = &run->gc->mark;

	if (m->inv.objects == 0)
		printf("note      no registry at %s; its root goes in "
		       "gs://%s/ROOT\n",
		    m->inv.paths.prefix, run->target->bucket);
	print_note(m->inv.foreign, "object",
	    "outside the registry's layout left alone");
	print_note(m->dangling, "manifest", "linked but missing");
	print_note(m->unknown_manifests, "manifest",
	    "of an unknown type: all it names is kept");
	print_note(m->relisted, "time",
	    "a repository was listed again, as it changed meanwhile");
	print_note(run->gc->report.strays, "object",
	    "beside what was deleted left alone");
	if (run->is_interrupted)
		print_note(count(run, STORAGE_CANCELLED), "delete",
		    "given up: the next run sees which are gone");
	if (run->is_interrupted && !gc_report_is_all_done(run))
		puts("next      run again: it finishes the job");
	else if (!run->is_interrupted && run->gc->report.not_tried > 0)
		puts("next      what failed comes first; then run again");
}

/* Three digits at most, and never none. */
static void
print_time(const char *what, uint64_t us)
{
	double ms = (double)us / 1e3;

	if (us < 1000)
		printf("%s %" PRIu64 " us", what, us);
	else if (us < 1000000)
		printf("%s %.*f ms", what, us < 9950, ms);
	else
		printf("%s %.*f s", what, us < 9950000 ? 2 : 1, ms / 1e3);
}

/* An operation's time begins when it is asked for, not when it leaves. */
static void
print_latency(const struct figures *l, bool is_paced)
{
	if (l->count == 0)
		return;
	print_time("latency   p50", l->p50);
	print_time(", p90", l->p90);
	print_time(", p99", l->p99);
	print_time(", max", l->max);
	printf(", %s included\n", is_paced ? "waits" : "retries");
}

/* What the options of a dry run ask of the run after it. */
static void
print_intent(const struct gc_run *run)
{
	uint64_t width = run->gc->opts.sweep.width, n = tried(run);

	printf("; %s would send %" PRIu64 ", up to %" PRIu64 " at once",
	    strategy_name(strategy(run)), sweep_formula(strategy(run), n),
	    n < width ? n : width);
}

static void
print_driver(const struct gc_run *run)
{
	const struct gcs_status *s = &run->status;
	uint64_t retries = run->mark.retries + run->sweep.retries;
	uint64_t rejected = run->mark.rejected + run->sweep.rejected;
	uint64_t calls = login_token_calls(run->login);

	printf("driver    %" PRIu64 " retr%s, %" PRIu64 " rejected, %" PRIu64
	       " token call%s, %" PRIu64 " outage%s; ",
	    retries, retries == 1 ? "y" : "ies", rejected, calls,
	    output_plural(calls), s->outages, output_plural(s->outages));
	if (s->write_rate > 0)
		printf("%.0f deletes a second at the end: %s\n", s->write_rate,
		    s->why);
	else
		printf("not paced: %s\n", s->why);
}

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

static void
print_text(const struct gc_run *run)
{
	double s = seconds(&run->sweep);

	print_totals(run);
	print_requests("requests  mark", &run->mark);
	print_requests("\n          sweep", &run->sweep);
	if (run->is_dry)
		print_intent(run);
	if (run->sweep.retries > 0)
		printf(", %" PRIu64 " of them retries", run->sweep.retries);
	printf("\n          by formula: delete %" PRIu64
	       ", list-delete %" PRIu64,
	    sweep_formula(SWEEP_DELETE, tried(run)),
	    sweep_formula(SWEEP_LIST_DELETE, tried(run)));
	if (run->gc->report.only_listed > 0)
		printf(" and %" PRIu64 " LIST cut off",
		    run->gc->report.only_listed);
	printf("; audit %s\n", gc_report_is_audited(run) ? "ok" : "FAILED");
	printf("time      mark %.3f s; sweep %.3f s", seconds(&run->mark), s);
	if (s > 0)
		printf(", %.0f objects/s", (double)tried(run) / s);
	printf(", peak %u in flight\n", run->status.peak);
	print_latency(&run->sweep_latency, run->status.write_rate > 0);
	if (run->opts->verbose)
		print_driver(run);
	print_notes(run);
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
	    "requests", requests_json(t), "seconds", seconds(t),
	    "peak_in_flight", (json_int_t)t->peak_in_flight, "retries",
	    (json_int_t)t->retries, "rejected", (json_int_t)t->rejected,
	    "unanswered", (json_int_t)t->unanswered, "latency_us", "p50",
	    (json_int_t)l->p50, "p90", (json_int_t)l->p90, "p99",
	    (json_int_t)l->p99, "max", (json_int_t)l->max);
}

static void
print_json(const struct gc_run *run)
{
	const struct gc *gc = run->gc;

	output_json(json_pack("{s:s, s:i, s:b, s:b, s:{s:I, s:I, s:I}, "
			      "s:{s:I, s:I, s:I, s:I}, s:I, s:I, s:I, s:I, "
			      "s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:s, s:I, "
			      "s:I, s:I, s:o, s:o, s:o, s:s}",
	    "type", "summary", "schema", 1, "dry_run", run->is_dry,
	    "interrupted", run->is_interrupted, "kept", "manifests",
	    (json_int_t)gc->plan.kept.manifests, "blobs",
	    (json_int_t)gc->plan.kept.blobs, "bytes",
	    (json_int_t)gc->plan.kept.bytes,
	    run->is_dry ? "would_delete" : "deleted", "manifests",
	    (json_int_t)deleted(run, PLAN_REVISIONS), "tag_references",
	    (json_int_t)deleted(run, PLAN_TAGS), "blobs",
	    (json_int_t)deleted(run, PLAN_BLOBS), "bytes",
	    (json_int_t)gc->report.deleted_bytes, "gone",
	    (json_int_t)count(run, STORAGE_GONE), "changed",
	    (json_int_t)count(run, STORAGE_CHANGED), "held",
	    (json_int_t)count(run, STORAGE_HELD), "failed",
	    (json_int_t)failed(run), "not_tried",
	    (json_int_t)gc->report.not_tried, "strays",
	    (json_int_t)gc->report.strays, "damages",
	    (json_int_t)gc->mark.damages.n, "foreign",
	    (json_int_t)gc->mark.inv.foreign, "dangling",
	    (json_int_t)gc->mark.dangling, "unknown_manifests",
	    (json_int_t)gc->mark.unknown_manifests, "relisted",
	    (json_int_t)gc->mark.relisted, "strategy",
	    strategy_name(strategy(run)), "width",
	    (json_int_t)gc->opts.sweep.width, "expected_requests",
	    (json_int_t)expected(run), "other_strategy_requests",
	    (json_int_t)sweep_formula(other_strategy(run), tried(run)), "mark",
	    window_json(&run->mark, &run->mark_latency), "sweep",
	    window_json(&run->sweep, &run->sweep_latency), "driver",
	    driver_json(run), "audit",
	    gc_report_is_audited(run) ? "ok" : "failed"));
}

/* What was given up on request is counted in a note; a thousand lines would
 * hide the rest. */
static void
print_failures(const struct gc_run *run)
{
	const struct sweep_report *r = &run->gc->report;
	size_t i;

	for (i = 0; i < r->failures.n; i++) {
		const struct sweep_failure *f = &r->failures.v[i];

		if (run->is_interrupted && !run->opts->json &&
		    f->verdict == STORAGE_CANCELLED)
			continue;
		if (run->opts->json) {
			output_json(json_pack("{s:s, s:i, s:o, s:s, s:o}",
			    "type", "failure", "schema", 1, "name",
			    output_string(f->name), "verdict",
			    storage_verdict_name(f->verdict), "why",
			    output_string(f->why)));
			continue;
		}
		fprintf(stderr, "%-9s ", storage_verdict_name(f->verdict));
		output_name(stderr, f->why);
		fputc('\n', stderr);
	}
	if (r->failed > r->failures.n && !run->opts->json)
		fprintf(stderr, "... and %" PRIu64 " more\n",
		    r->failed - r->failures.n);
}

void
gc_report_end(const struct gc_run *run)
{
	print_failures(run);
	if (run->opts->quiet)
		return;
	if (run->opts->json)
		print_json(run);
	else
		print_text(run);
}
