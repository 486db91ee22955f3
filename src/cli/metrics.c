/* SPDX-License-Identifier: MIT */
/*
 * One sample a line, below the two lines that say what it is.  Samples have no
 * time of their own, as the collector wants it.  What a run did not get to is
 * left out and not 0, so that an alert on it falls silent and does not lie.
 */
#include "src/cli/metrics.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "config.h"
#include "src/base/buf.h"
#include "src/base/str.h"
#include "src/cli/gc_run.h"
#include "src/cli/result_file.h"
#include "src/cli/target.h"

/* Fifty samples, each with a root that may have 1024 bytes to escape. */
enum { TEXT_MAX = 256 * 1024, LABELS_MAX = 4 * 1024 };

#define LAST_SUCCESS "last_success_timestamp_seconds"

struct page {
	const struct gc_run *run;
	struct buf *out;
	struct buf labels; /* that all samples have */
};

/* --- the format --- */

static void
add_label(struct buf *out, const char *name, const char *value)
{
	buf_addf(out, "%s=\"", name);
	for (; *value != '\0'; value++) {
		if (*value == '\n')
			buf_adds(out, "\\n");
		else if (*value == '\\' || *value == '"')
			buf_addf(out, "\\%c", *value);
		else
			buf_addc(out, *value);
	}
	buf_addc(out, '"');
}

static void
add_head(struct page *p, const char *name, const char *type, const char *help)
{
	buf_addf(p->out, "# HELP gcsweep_%s %s\n# TYPE gcsweep_%s %s\n", name,
	    help, name, type);
}

/* more: labels beyond those that all have, or "". */
static void
add_real(struct page *p, const char *name, const char *more, double value)
{
	buf_addf(p->out, "gcsweep_%s{%s%s} %.6f\n", name, p->labels.data, more,
	    value);
}

static void
add_count(struct page *p, const char *name, const char *more, uint64_t value)
{
	buf_addf(p->out, "gcsweep_%s{%s%s} %" PRIu64 "\n", name, p->labels.data,
	    more, value);
}

static void
add_gauge(struct page *p, const char *name, const char *help, uint64_t value)
{
	add_head(p, name, "gauge", help);
	add_count(p, name, "", value);
}

/* --- the run --- */

/* What stood in the old file of the same bucket and root, or NULL; of *n
 * bytes. */
static const char *
find_success(const struct page *p, const char *old, size_t *n)
{
	const char *line;
	struct buf want;

	buf_init(&want, LABELS_MAX);
	buf_addf(&want, "\ngcsweep_" LAST_SUCCESS "{%s} ", p->labels.data);
	line = strstr(old, want.data);
	if (line != NULL) {
		line += want.len;
		*n = strspn(line, "0123456789.");
	}
	buf_release(&want);
	return line;
}

/* Damage is kept and told, and the rest was done. */
static bool
is_success(enum status status)
{
	return status == STATUS_OK || status == STATUS_DAMAGED;
}

static void
add_times(struct page *p, enum status status, uint64_t wall_us, const char *old)
{
	double now = (double)wall_us / 1e6;
	const char *success = NULL;
	size_t n = 0;

	add_head(p, "last_run_timestamp_seconds", "gauge",
	    "When the last run ended.");
	add_real(p, "last_run_timestamp_seconds", "", now);
	if (!is_success(status) && (success = find_success(p, old, &n)) == NULL)
		return;
	add_head(p, LAST_SUCCESS, "gauge",
	    "When a run last ended with status 0 or 7.");
	if (success == NULL)
		add_real(p, LAST_SUCCESS, "", now);
	else
		buf_addf(p->out, "gcsweep_" LAST_SUCCESS "{%s} %.*s\n",
		    p->labels.data, (int)n, success);
}

static void
add_run(struct page *p, enum status status)
{
	struct buf more;

	buf_init(&more, LABELS_MAX);
	buf_adds(&more, ",");
	add_label(&more, "command", p->run->command);
	buf_adds(&more, ",");
	add_label(&more, "version", PACKAGE_VERSION);
	buf_addf(&more, ",dry_run=\"%d\"", p->run->is_dry);
	add_head(p, "run_info", "gauge", "What the last run was.");
	add_count(p, "run_info", more.data, 1);
	buf_release(&more);
	add_gauge(p, "last_run_exit_code", "The exit status of the last run.",
	    status);
}

/* --- the plan and the sweep --- */

static void
add_kinds(struct page *p, const char *name, const char *help,
    const uint64_t counts[PLAN_SECTIONS])
{
	static const char *const more[PLAN_SECTIONS] = {
		[PLAN_TAGS] = ",kind=\"tag reference\"",
		[PLAN_REVISIONS] = ",kind=\"manifest\"",
		[PLAN_BLOBS] = ",kind=\"blob\"",
	};
	int i;

	add_head(p, name, "gauge", help);
	for (i = 0; i < PLAN_SECTIONS; i++)
		add_count(p, name, more[i], counts[i]);
}

static void
add_plan(struct page *p)
{
	const struct plan *plan = &p->run->gc->plan;
	uint64_t eligible[PLAN_SECTIONS];
	int i;

	if (!p->run->is_planned)
		return;
	for (i = 0; i < PLAN_SECTIONS; i++)
		eligible[i] = plan->victims[i].n;
	add_kinds(p, "objects_eligible",
	    "Objects that the last run found to go.", eligible);
	add_gauge(p, "bytes_eligible", "Bytes of these blobs.", plan->bytes);
	add_head(p, "objects_kept", "gauge", "Objects that stay.");
	add_count(p, "objects_kept", ",kind=\"manifest\"",
	    plan->kept.manifests);
	add_count(p, "objects_kept", ",kind=\"blob\"", plan->kept.blobs);
	add_gauge(p, "bytes_kept", "Bytes of these blobs.", plan->kept.bytes);
	add_gauge(p, "damages", "Findings of damage, kept.",
	    p->run->gc->mark.damages.n);
}

/* A run that deleted nothing says 0. */
static void
add_sweep(struct page *p)
{
	const struct gc_run *run = p->run;
	uint64_t deleted[PLAN_SECTIONS] = { 0 };
	uint64_t bytes = run->is_dry ? 0 : run->gc->report.deleted_bytes;
	int i;

	for (i = 0; i < PLAN_SECTIONS && !run->is_dry; i++)
		deleted[i] = gc_run_deleted(run, (enum plan_section)i);
	add_kinds(p, "objects_deleted", "Objects that the last run deleted.",
	    deleted);
	add_gauge(p, "bytes_deleted", "Bytes of these blobs.", bytes);
	add_gauge(p, "objects_failed", "Objects that did not go.",
	    run->gc->report.failed);
}

/* --- the requests --- */

static void
add_requests(struct page *p, const struct tally *t, const char *phase)
{
	char more[80];
	int kind;

	for (kind = 0; kind < STORAGE_KINDS; kind++) {
		snprintf(more, sizeof(more), ",phase=\"%s\",kind=\"%s\"", phase,
		    storage_kind_name((enum storage_kind)kind));
		add_count(p, "requests_total", more, t->requests[kind]);
	}
}

static void
add_latency(struct page *p, const struct figures *f, const char *phase)
{
	const struct {
		const char *quantile;
		uint64_t us;
	} rows[] = { { "0.5", f->p50 }, { "0.9", f->p90 }, { "0.99", f->p99 },
		{ "1", f->max } };
	char more[80];
	size_t i;

	for (i = 0; f->count > 0 && i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(more, sizeof(more), ",phase=\"%s\",quantile=\"%s\"",
		    phase, rows[i].quantile);
		add_real(p, "operation_seconds", more,
		    (double)rows[i].us / 1e6);
	}
	snprintf(more, sizeof(more), ",phase=\"%s\"", phase);
	add_real(p, "operation_seconds_sum", more,
	    f->mean * (double)f->count / 1e6);
	add_count(p, "operation_seconds_count", more, f->count);
}

static void
add_traffic(struct page *p)
{
	const struct tally *mark = &p->run->mark, *sweep = &p->run->sweep;

	add_head(p, "requests_total", "counter", "Requests of the last run.");
	add_requests(p, mark, "mark");
	add_requests(p, sweep, "sweep");
	add_head(p, "retries_total", "counter", "Of these, not first tries.");
	add_count(p, "retries_total", "", mark->retries + sweep->retries);
	add_head(p, "rejected_total", "counter",
	    "Of these, answered 429 or 503.");
	add_count(p, "rejected_total", "", mark->rejected + sweep->rejected);
	add_head(p, "mark_seconds", "gauge", "How long the last mark took.");
	add_real(p, "mark_seconds", "", gc_run_seconds(mark));
	add_head(p, "sweep_seconds", "gauge", "How long the last sweep took.");
	add_real(p, "sweep_seconds", "", gc_run_seconds(sweep));
	add_head(p, "operation_seconds", "summary",
	    "From asking for an operation to its end, waits and retries "
	    "included.");
	add_latency(p, &p->run->mark_latency, "mark");
	add_latency(p, &p->run->sweep_latency, "sweep");
}

void
metrics_format(const struct gc_run *run, enum status status, uint64_t wall_us,
    const char *old, struct buf *out)
{
	struct page p = { .run = run, .out = out };

	buf_init(&p.labels, LABELS_MAX);
	add_label(&p.labels, "bucket", run->target->bucket);
	buf_adds(&p.labels, ",");
	add_label(&p.labels, "root", run->target->root);
	add_times(&p, status, wall_us, old);
	add_run(&p, status);
	add_plan(&p);
	add_sweep(&p);
	add_traffic(&p);
	buf_release(&p.labels);
}

/* Whatever it is that stands there: what is no such text has no such line. */
static void
read_old(const char *path, struct buf *out)
{
	char part[4096];
	FILE *f = fopen(path, "r");
	size_t n;

	if (f == NULL)
		return;
	while ((n = fread(part, 1, sizeof(part), f)) > 0 &&
	    buf_add(out, part, n) == 0)
		continue;
	fclose(f);
}

int
metrics_write(struct result_file *f, const struct gc_run *run,
    enum status status, uint64_t wall_us, struct err *err)
{
	struct buf old, text;
	int rc;

	if (f->path == NULL)
		return 0;
	buf_init(&old, TEXT_MAX);
	buf_init(&text, TEXT_MAX);
	read_old(f->path, &old);
	metrics_format(run, status, wall_us, old.data, &text);
	rc = result_file_write(f, &text, err);
	buf_release(&old);
	buf_release(&text);
	return rc;
}
