/* SPDX-License-Identifier: MIT */
/* Text and JSON carry the same numbers, from the same structs. */
#include "src/cli/gc_report.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "src/base/str.h"
#include "src/cli/applied.h"
#include "src/cli/login.h"
#include "src/cli/options.h"
#include "src/cli/output.h"
#include "src/cli/target.h"

const char *
gc_report_strategy(enum sweep_strategy s)
{
	return s == SWEEP_LIST_DELETE ? "list-delete" : "delete";
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

/* Of what is kept. */
static void
print_young(const struct plan_kept *k)
{
	char size[STR_SIZE_MAX];

	if (k->young_manifests + k->young_links + k->young_blobs > 0)
		printf("young     %5" PRIu64 " manifests  %5" PRIu64
		       " tag references %6" PRIu64
		       " blobs  %s, kept only for that\n",
		    k->young_manifests, k->young_links, k->young_blobs,
		    str_format_size(size, k->young_bytes));
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
	print_young(&gc->plan.kept);
	printf("%s %5" PRIu64 " manifests  %5" PRIu64
	       " tag references %6" PRIu64 " blobs  %s\n",
	    verb, gc_run_deleted(run, PLAN_REVISIONS),
	    gc_run_deleted(run, PLAN_TAGS), gc_run_deleted(run, PLAN_BLOBS),
	    str_format_size(size, gc->report.deleted_bytes));
	printf("others    %5" PRIu64 " already gone, %" PRIu64
	       " changed, %" PRIu64 " held, %" PRIu64 " failed, %" PRIu64
	       " not tried\n",
	    gc_run_count(run, STORAGE_GONE), gc_run_count(run, STORAGE_CHANGED),
	    gc_run_count(run, STORAGE_HELD), gc_run_failed(run),
	    gc->report.not_tried);
}

static void
print_note(uint64_t n, const char *what, const char *rest)
{
	if (n > 0)
		printf("note      %" PRIu64 " %s%s %s\n", n, what,
		    output_plural(n), rest);
}

/* What is left to do, and how. */
static void
print_next(const struct gc_run *run)
{
	const char *first = "";

	if (run->is_dry
		? run->plan_path == NULL || plan_count(&run->gc->plan) == 0
		: gc_run_is_all_done(run))
		return;
	if (!run->is_dry && !run->is_interrupted)
		first = "what failed comes first; then ";
	if (run->plan_path == NULL) {
		if (run->is_interrupted)
			puts("next      run again: it finishes the job");
		else if (run->gc->report.not_tried > 0)
			puts("next      what failed comes first; then run "
			     "again");
		return;
	}
	printf("next      %sgcsweep apply ", first);
	output_name(stdout, run->plan_path);
	putchar('\n');
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
	print_note(m->manifests_cached, "manifest",
	    "known from the cache and not read");
	print_note(m->dangling, "manifest", "linked but missing");
	print_note(m->holes.needed, "blob",
	    "missing of what is kept: gcsweep check lists them");
	print_note(m->holes.children, "manifest",
	    "missing of indexes that are kept, which may be so on purpose");
	print_note(m->unknown_manifests, "manifest",
	    "of an unknown type: all it names is kept");
	print_note(m->relisted, "time",
	    "a repository was listed again, as it changed meanwhile");
	print_note(run->gc->report.strays, "object",
	    "beside what was deleted left alone");
	if (run->is_interrupted)
		print_note(gc_run_count(run, STORAGE_CANCELLED), "delete",
		    "given up: the next run sees which are gone");
	if (target_has_cache(run->target) && !run->is_dry &&
	    gc_run_count(run, STORAGE_OK) > 0)
		printf("next      restart the registry or flush its blob cache "
		       "(%s), which still has what is gone\n",
		    run->target->config.cache.text);
	print_next(run);
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
	uint64_t width = run->gc->opts.sweep.width, n = gc_run_tried(run);

	printf("; %s would send %" PRIu64 ", up to %" PRIu64 " at once",
	    gc_report_strategy(gc_run_strategy(run)),
	    sweep_formula(gc_run_strategy(run), n), n < width ? n : width);
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

static void
print_dollars(const char *what, uint64_t nanodollars)
{
	double dollars = (double)nanodollars / 1e9;

	printf("%s$%.*f", what, dollars < 1 ? 6 : 2, dollars);
}

/* Beside whom we replace; at Google's list prices. */
static void
print_cost(const struct gc_run *run)
{
	struct gc_cost c;

	gc_run_cost(run, &c);
	printf("upstream  would have sent %" PRIu64 " to mark and %" PRIu64
	       " to sweep, one after the other\n",
	    walk_cost_requests(&c.upstream_mark),
	    walk_cost_requests(&c.upstream_sweep));
	print_dollars("bill      ", walk_cost_nanodollars(&c.ours));
	print_dollars("; upstream's ",
	    walk_cost_nanodollars(&c.upstream_mark) +
		walk_cost_nanodollars(&c.upstream_sweep));
	puts(", for requests at list prices");
}

static void
print_text(const struct gc_run *run)
{
	double s = gc_run_seconds(&run->sweep);

	print_totals(run);
	if (run->resumed != NULL && !run->is_dry)
		applied_print(run->resumed);
	print_requests("requests  mark", &run->mark);
	print_requests("\n          sweep", &run->sweep);
	if (run->is_dry)
		print_intent(run);
	if (run->sweep.retries > 0)
		printf(", %" PRIu64 " of them retries", run->sweep.retries);
	printf("\n          by formula: delete %" PRIu64
	       ", list-delete %" PRIu64,
	    sweep_formula(SWEEP_DELETE, gc_run_tried(run)),
	    sweep_formula(SWEEP_LIST_DELETE, gc_run_tried(run)));
	if (run->gc->report.only_listed > 0)
		printf(" and %" PRIu64 " LIST cut off",
		    run->gc->report.only_listed);
	printf("; audit %s\n", gc_run_is_audited(run) ? "ok" : "FAILED");
	print_cost(run);
	printf("time      mark %.3f s; sweep %.3f s",
	    gc_run_seconds(&run->mark), s);
	if (s > 0)
		printf(", %.0f objects/s", (double)gc_run_tried(run) / s);
	printf(", peak %u in flight\n", run->status.peak);
	print_latency(&run->sweep_latency, run->status.write_rate > 0);
	if (run->opts->verbose)
		print_driver(run);
	print_notes(run);
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

static void
print_json(const struct gc_run *run)
{
	gc_report_summary_json(run);
	if (run->resumed != NULL && !run->is_dry)
		applied_print_json(run->plan_path, run->resumed);
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
