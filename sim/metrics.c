/* SPDX-License-Identifier: MIT */
/* A family of metrics is a head, and all of its samples behind it. */
#include "sim/metrics.h"

#include <stddef.h>

#include "sim/bucket.h"
#include "sim/json_out.h"
#include "sim/method.h"
#include "sim/sim_priv.h"
#include "src/base/buf.h"

static void
add_head(struct buf *out, const char *name, const char *type, const char *help)
{
	buf_addf(out, "# HELP gcs_sim_%s %s\n# TYPE gcs_sim_%s %s\n", name,
	    help, name, type);
}

static void
add_single(struct buf *out, const char *name, const char *type,
    const char *help, uint64_t v)
{
	add_head(out, name, type, help);
	buf_addf(out, "gcs_sim_%s %llu\n", name, (unsigned long long)v);
}

/* --- by kind, method and status --- */

/* Those that are over. */
static void
add_labels(struct buf *out, const char *name, const struct tally_cell *c)
{
	buf_addf(out, "gcs_sim_%s{kind=\"%s\",method=\"%s\",status=\"%d\"} ",
	    name, sim_kind_name(c->kind), method_label(c->op), c->status);
}

static void
add_cells(struct buf *out, const struct tally *t, const char *name,
    const char *help, size_t offset)
{
	struct tally_cell c;
	size_t at = 0;

	add_head(out, name, "counter", help);
	while (tally_next(t, &at, &c, NULL)) {
		if (c.status == TALLY_PENDING)
			continue;
		add_labels(out, name, &c);
		json_add_u64(out,
		    *(const uint64_t *)((const char *)&c + offset));
		buf_addc(out, '\n');
	}
}

static void
add_seconds(struct buf *out, const struct tally *t)
{
	static const char name[] = "request_seconds_total";
	struct tally_cell c;
	size_t at = 0;

	add_head(out, name, "counter",
	    "Time from a head's arrival to its answer.");
	while (tally_next(t, &at, &c, NULL)) {
		if (c.status == TALLY_PENDING)
			continue;
		add_labels(out, name, &c);
		buf_addf(out, "%llu.%06llu\n",
		    (unsigned long long)(c.took_us / 1000000),
		    (unsigned long long)(c.took_us % 1000000));
	}
}

static void
add_rejected(struct buf *out, const struct sim_counts *counts)
{
	static const char name[] = "rejected_total";
	int i;

	add_head(out, name, "counter", "Requests that a limit rejected.");
	for (i = 0; i < SIM_LIMITS; i++)
		buf_addf(out, "gcs_sim_%s{limit=\"%s\"} %llu\n", name,
		    sim_limit_name((enum sim_limit)i),
		    (unsigned long long)counts->rejected_by[i]);
}

/* --- delays --- */

/* Microseconds, and what they are in seconds. */
static const struct {
	uint64_t us;
	const char *seconds;
} bounds[] = { { 100, "0.0001" }, { 250, "0.00025" }, { 500, "0.0005" },
	{ 1000, "0.001" }, { 2500, "0.0025" }, { 5000, "0.005" },
	{ 10000, "0.01" }, { 25000, "0.025" }, { 50000, "0.05" },
	{ 100000, "0.1" }, { 250000, "0.25" }, { 500000, "0.5" },
	{ 1000000, "1" }, { 2500000, "2.5" }, { 5000000, "5" },
	{ 10000000, "10" } };

static void
add_bound(struct buf *out, const char *name, const char *kind,
    const char *bound, uint64_t n)
{
	buf_addf(out, "gcs_sim_%s_bucket{kind=\"%s\",le=\"%s\"} %llu\n", name,
	    kind, bound, (unsigned long long)n);
}

static void
add_histogram(struct buf *out, const char *name, const char *kind,
    const struct hist *h)
{
	uint64_t sum = (uint64_t)(h->mean * (double)h->count + 0.5);
	size_t i;

	for (i = 0; i < sizeof(bounds) / sizeof(bounds[0]); i++)
		add_bound(out, name, kind, bounds[i].seconds,
		    hist_rank(h, bounds[i].us));
	add_bound(out, name, kind, "+Inf", h->count);
	buf_addf(out, "gcs_sim_%s_sum{kind=\"%s\"} %llu.%06llu\n", name, kind,
	    (unsigned long long)(sum / 1000000),
	    (unsigned long long)(sum % 1000000));
	buf_addf(out, "gcs_sim_%s_count{kind=\"%s\"} %llu\n", name, kind,
	    (unsigned long long)h->count);
}

/* offset: of a histogram in struct delays. */
static void
add_delays(struct buf *out, const struct lateness *l, const char *name,
    const char *help, size_t offset)
{
	const struct delays *d;
	int i;

	add_head(out, name, "histogram", help);
	for (i = 0; i < SIM_KINDS; i++) {
		d = &l->kinds[i];
		if (d->asked.count > 0)
			add_histogram(out, name,
			    sim_kind_name((enum sim_kind)i),
			    (const struct hist *)((const char *)d + offset));
	}
}

static void
add_all_delays(struct buf *out, const struct lateness *l)
{
	add_delays(out, l, "delay_asked_seconds",
	    "What requests were to wait once their bodies were here.",
	    offsetof(struct delays, asked));
	add_delays(out, l, "delay_achieved_seconds",
	    "How long it was until their answers left.",
	    offsetof(struct delays, achieved));
	add_delays(out, l, "delay_late_seconds",
	    "How much of that was too long.", offsetof(struct delays, late));
}

/* --- buckets --- */

/* Backslashes, quotes and ends of lines; a bucket's name has none of them, and
 * this does not have to know that. */
static void
add_escaped(struct buf *out, const char *s)
{
	for (; *s != '\0'; s++) {
		if (*s == '\n') {
			buf_adds(out, "\\n");
			continue;
		}
		if (*s == '\\' || *s == '"')
			buf_addc(out, '\\');
		buf_addc(out, *s);
	}
}

static void
add_buckets(struct buf *out, const struct world *world, const char *name,
    const char *help, uint64_t (*of)(const struct bucket *b))
{
	const struct bucket *b;

	add_head(out, name, "gauge", help);
	for (b = world->buckets; b != NULL; b = b->next) {
		buf_addf(out, "gcs_sim_%s{bucket=\"", name);
		add_escaped(out, b->name);
		buf_adds(out, "\"} ");
		json_add_u64(out, of(b));
		buf_addc(out, '\n');
	}
}

/* --- money --- */

static void
add_bill(struct buf *out, const struct sim *sim, const struct tally *t)
{
	static const char name[] = "billed_operations_total";
	struct bill bill;

	bill_make(&bill, t, &sim->tariff);
	add_head(out, name, "counter", "Operations that cost money, by class.");
	buf_addf(out, "gcs_sim_%s{class=\"A\"} %llu\n", name,
	    (unsigned long long)bill.class_a);
	buf_addf(out, "gcs_sim_%s{class=\"B\"} %llu\n", name,
	    (unsigned long long)bill.class_b);
	add_head(out, "bill_dollars", "gauge",
	    "What they cost, at the prices of now.");
	buf_adds(out, "gcs_sim_bill_dollars ");
	bill_add_dollars(out, bill.nanodollars);
	buf_addc(out, '\n');
}

static void
add_requests(struct buf *out, const struct tally *t)
{
	add_cells(out, t, "requests_total",
	    "Requests that are over; status 0: without an answer.",
	    offsetof(struct tally_cell, n));
	add_seconds(out, t);
	add_cells(out, t, "request_bytes_total", "Bytes of their bodies.",
	    offsetof(struct tally_cell, bytes_in));
	add_cells(out, t, "response_bytes_total",
	    "Bytes of their answers' bodies.",
	    offsetof(struct tally_cell, bytes_out));
}

void
metrics_add(const struct sim *sim, struct buf *out)
{
	const struct tally *t = &scopes_all(&sim->scopes)->tally;
	struct sim_counts counts;

	sim_counts(sim, &counts);
	add_requests(out, t);
	add_all_delays(out, &sim->lateness);
	add_rejected(out, &counts);
	add_single(out, "faults_total", "counter",
	    "Requests that failed because somebody asked for it.", t->faults);
	add_single(out, "replayed_total", "counter",
	    "Answers given again, for an idempotency token.", counts.replayed);
	add_single(out, "connections_total", "counter",
	    "Connections that were accepted.", counts.connections);
	add_single(out, "connections_refused_total", "counter",
	    "Connections beyond --max-connections.", counts.refused);
	add_single(out, "in_flight", "gauge",
	    "Requests that wait for their answers.", counts.in_flight);
	add_single(out, "peak_in_flight", "gauge",
	    "The most of them at once, so far.", counts.peak_in_flight);
	add_bill(out, sim, t);
	add_buckets(out, &sim->world, "bucket_objects",
	    "Live objects in a bucket.", bucket_objects);
	add_buckets(out, &sim->world, "bucket_bytes", "Their bytes.",
	    bucket_bytes);
}
