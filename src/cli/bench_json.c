/* SPDX-License-Identifier: MIT */
/* One object a line; doc/BENCH.md says what its keys mean. */
#include "src/cli/bench_print.h"

#include "src/cli/output.h"

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
	    "bench", "schema", 1, "table", bench_table_name(c->table),
	    "strategy", bench_strategy_name(c->strategy), "clock",
	    bench_clock_name(c), "latency_ms",
	    bench_milliseconds(c->latency_us), "seconds", bench_seconds(r->us));

	json_object_set_new(o, "seed", output_number(c->seed));
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
	    r->has_model ? json_real(bench_seconds(r->model_us)) : json_null());
	json_object_set_new(o, "client_cpu_seconds",
	    c->clock == LOOP_REAL ? json_real(bench_seconds(r->cpu_us))
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
		"seconds", bench_seconds(r->mark_us)));
	json_object_set_new(o, "audit", output_string(r->audit));
	output_json(o);
}
