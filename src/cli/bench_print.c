/* SPDX-License-Identifier: MIT */
/* Requests stand beside seconds everywhere: fewer requests is one gain,
 * concurrency another, and no number may take the other's credit. */
#include "src/cli/bench_print.h"

#include <inttypes.h>
#include <stdio.h>

#include "src/cli/output.h"

static const char *const table_names[] = { "blobs", "manifests", "overall",
	"2x2", "limiter" };

static const char *
strategy_name(enum sweep_strategy s)
{
	return s == SWEEP_LIST_DELETE ? "list-delete" : "delete";
}

static double
seconds(uint64_t us)
{
	return (double)us / 1e6;
}

/* How many times faster, to three digits at least. */
static const char *
times(char out[16], const struct bench_result *base,
    const struct bench_result *r)
{
	double factor = (double)base->us / (double)r->us;

	if (r->us == 0)
		snprintf(out, 16, "-");
	else
		snprintf(out, 16, factor < 100 ? "%.3gx" : "%.0fx", factor);
	return out;
}

static void
print_limits(const struct bench_cell *c)
{
	if (c->table == BENCH_LIMITER)
		printf("%" PRIu64 " blobs, ", c->n);
	printf("writes %" PRIu64 "/s, burst %" PRIu64 "; over the limit %s\n",
	    c->write_limit, c->burst, c->on_limit ? "they wait" : "429");
}

void
bench_print_head(const struct bench_cell *first)
{
	if (first->table == BENCH_2X2) /* its own head comes with the square */
		return;
	printf("table %s   latency %g ms   %s clock\n",
	    table_names[first->table], (double)first->latency_us / 1e3,
	    first->clock == LOOP_VIRTUAL ? "virtual" : "real");
	if (first->write_limit != 0)
		print_limits(first);
	switch (first->table) {
	case BENCH_BLOBS:
		printf("%7s  %-11s %5s  %8s %8s  %9s %7s  %s\n", "N",
		    "strategy", "width", "requests", "formula", "seconds",
		    "faster", "audit");
		break;
	case BENCH_MANIFESTS:
		printf("%4s %3s %-11s %5s %5s %6s %6s %7s %9s %7s %s\n", "M",
		    "T", "strategy", "width", "revs", "tags", "sum", "formula",
		    "seconds", "faster", "audit");
		break;
	case BENCH_OVERALL:
		printf("%-11s %5s  %8s %7s  %9s %7s  %12s  %s\n", "strategy",
		    "width", "requests", "formula", "seconds", "faster",
		    "objects", "audit");
		break;
	case BENCH_LIMITER:
		printf("%-11s %5s  %8s %8s %6s  %9s %9s %5s  %s\n", "strategy",
		    "width", "requests", "rejected", "failed", "seconds",
		    "model", "peak", "audit");
		break;
	case BENCH_2X2:
		break;
	}
}

static void
print_blobs(const struct bench_result *r, const char *faster)
{
	printf("%7" PRIu64 "  %-11s %5" PRIu64 "  %8" PRIu64 " %8" PRIu64
	       "  %9.3f %7s  %s\n",
	    r->cell.n, strategy_name(r->cell.strategy), r->cell.width,
	    r->driver, r->expected, seconds(r->us), faster, r->audit);
}

/* Revision links (M, 2M), tag references (MT, 2MT), and all that was sent. */
static void
print_manifests(const struct bench_result *r, const char *faster)
{
	printf("%4" PRIu64 " %3" PRIu64 " %-11s %5" PRIu64 " %5" PRIu64
	       " %6" PRIu64 " %6" PRIu64 " %7" PRIu64 " %9.3f %7s %s\n",
	    r->cell.m, r->cell.t, strategy_name(r->cell.strategy),
	    r->cell.width, r->revision_requests, r->tag_requests, r->driver,
	    r->expected, seconds(r->us), faster, r->audit);
}

static void
print_overall(const struct bench_result *r, const char *faster)
{
	printf("%-11s %5" PRIu64 "  %8" PRIu64 " %7" PRIu64
	       "  %9.3f %7s  %4" PRIu64 " -> %4" PRIu64 "  %s\n",
	    strategy_name(r->cell.strategy), r->cell.width, r->driver,
	    r->expected, seconds(r->us), faster, r->objects_before,
	    r->objects_after, r->audit);
}

static void
print_limiter(const struct bench_result *r)
{
	char model[24] = "-";

	if (r->has_model)
		snprintf(model, sizeof(model), "%.3f", seconds(r->model_us));
	printf("%-11s %5" PRIu64 "  %8" PRIu64 " %8" PRIu64 " %6" PRIu64
	       "  %9.3f %9s %5" PRIu64 "  %s\n",
	    strategy_name(r->cell.strategy), r->cell.width, r->driver,
	    r->rejected, r->failed, seconds(r->us), model,
	    r->server.peak_in_flight, r->audit);
}

void
bench_print_row(const struct bench_result *r, const struct bench_result *base)
{
	char faster[16];

	times(faster, base, r);
	switch (r->cell.table) {
	case BENCH_BLOBS:
		print_blobs(r, faster);
		break;
	case BENCH_MANIFESTS:
		print_manifests(r, faster);
		break;
	case BENCH_OVERALL:
		print_overall(r, faster);
		break;
	case BENCH_LIMITER:
		print_limiter(r);
		break;
	case BENCH_2X2:
		break;
	}
	fflush(stdout);
}

static void
print_square_row(const struct bench_result r[2],
    const struct bench_result *base)
{
	char alone[16], at_once[16];

	printf("%-11s  %7" PRIu64 " %9.3f %7s      %7" PRIu64 " %9.3f %7s\n",
	    strategy_name(r[0].cell.strategy), r[0].driver, seconds(r[0].us),
	    times(alone, base, &r[0]), r[1].driver, seconds(r[1].us),
	    times(at_once, base, &r[1]));
}

void
bench_print_square(const struct bench_result r[4])
{
	int i;

	printf("%" PRIu64 " blobs, latency %g ms, %s clock\n\n", r[0].cell.n,
	    (double)r[0].cell.latency_us / 1e3,
	    r[0].cell.clock == LOOP_VIRTUAL ? "virtual" : "real");
	printf("%-11s  %25s      %15s %4" PRIu64 " at once\n", "",
	    "one at a time", "up to", r[1].cell.width);
	printf("%-11s  %7s %9s %7s      %7s %9s %7s\n", "", "sent", "seconds",
	    "faster", "sent", "seconds", "faster");
	print_square_row(r, &r[0]);
	print_square_row(r + 2, &r[0]);
	for (i = 0; i < 4 && r[i].is_audited; i++)
		continue;
	printf("\naudit: %s\n",
	    i == 4 ? "formula, driver and server agree in all four cells"
		   : r[i].audit);
}

void
bench_print_mark(const struct bench_result *r)
{
	printf("\nbefore each: the mark, %" PRIu64 " requests in %.3f s\n",
	    r->mark_requests, seconds(r->mark_us));
}

static json_t *
server_requests(const struct bench_counts *c)
{
	json_t *o = json_object();
	int kind;

	for (kind = 0; kind < STORAGE_KINDS; kind++)
		json_object_set_new(o,
		    storage_kind_name((enum storage_kind)kind),
		    json_integer((json_int_t)c->requests[kind]));
	return o;
}

static void
set(json_t *o, const char *key, uint64_t v)
{
	json_object_set_new(o, key, json_integer((json_int_t)v));
}

void
bench_print_json(const struct bench_result *r)
{
	const struct bench_cell *c = &r->cell;
	json_t *o = json_pack("{s:s, s:i, s:s, s:s, s:s, s:f, s:f}", "type",
	    "bench", "schema", 1, "table", table_names[c->table], "strategy",
	    strategy_name(c->strategy), "clock",
	    c->clock == LOOP_VIRTUAL ? "virtual" : "real", "latency_ms",
	    (double)c->latency_us / 1e3, "seconds", seconds(r->us));

	set(o, "n", c->n);
	set(o, "m", c->m);
	set(o, "t", c->t);
	set(o, "width", c->width);
	set(o, "expected_requests", r->expected);
	set(o, "driver_requests", r->driver);
	json_object_set_new(o, "server_requests", server_requests(&r->server));
	set(o, "revision_requests", r->revision_requests);
	set(o, "tag_requests", r->tag_requests);
	json_object_set_new(o, "expected_seconds",
	    r->has_model ? json_real(seconds(r->model_us)) : json_null());
	json_object_set_new(o, "client_cpu_seconds",
	    c->clock == LOOP_REAL ? json_real(seconds(r->cpu_us))
				  : json_null());
	set(o, "objects_before", r->objects_before);
	set(o, "objects_after", r->objects_after);
	set(o, "peak_in_flight", r->server.peak_in_flight);
	set(o, "rejected", r->rejected);
	set(o, "retries", r->retries);
	set(o, "unseen", r->unseen);
	set(o, "failed", r->failed);
	json_object_set_new(o, "mark",
	    json_pack("{s:I, s:f}", "requests", (json_int_t)r->mark_requests,
		"seconds", seconds(r->mark_us)));
	json_object_set_new(o, "audit", output_string(r->audit));
	output_json(o);
}
