/* SPDX-License-Identifier: MIT */
/* lateness: what was asked and what was achieved, kind by kind. */
#include "sim/lateness.h"

#include <jansson.h>
#include <string.h>

#include "sim/sim.h"
#include "src/base/rng.h"
#include "tests/support/suite.h"
#include "tests/unit/sim_client.h"

static struct sim_world w;

/* The object of delays in /_sim/stats; json_decref what comes in *stats. */
static const json_t *
delays_of(json_t **stats)
{
	const struct sim_answer *a = sim_client_get(w.client, "GET",
	    "/_sim/stats");

	*stats = json_loads(a->body.data, 0, NULL);
	ck_assert_ptr_nonnull(*stats);
	return json_object_get(*stats, "delays");
}

static json_int_t
number_of(const json_t *delays, const char *kind, const char *what,
    const char *key)
{
	const json_t *v = json_object_get(json_object_get(delays, kind), what);

	ck_assert_ptr_nonnull(json_object_get(v, key));
	return json_integer_value(json_object_get(v, key));
}

static json_int_t
max_of(const json_t *delays, const char *kind, const char *what)
{
	return number_of(delays, kind, what, "max");
}

static void
are_all(const json_t *delays, const char *kind, const char *what, json_int_t us)
{
	static const char *const keys[] = { "p50", "p90", "p99", "max" };
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		ck_assert_int_eq(number_of(delays, kind, what, keys[i]), us);
}

static void
ask_three(void)
{
	sim_client_ask(w.client, "GET", "/b/demo/o", NULL);
	sim_client_ask(w.client, "GET", "/b/demo/o/x", NULL);
	sim_client_ask(w.client, "GET", "/b/demo/o/y", NULL);
	sim_client_run(w.client);
}

START_TEST(on_the_virtual_clock_nothing_is_late)
{
	struct sim_opts opts;
	const json_t *delays;
	json_t *stats;

	sim_defaults(&opts);
	opts.registry = "manifests=0,orphans=10";
	opts.latency = sim_constant(1000);
	opts.kind_latency[SIM_LIST] = sim_constant(1500);
	opts.prices = (struct sim_prices){ .entry_us = 10,
		.rtt_us = 500,
		.handshake = SIM_HANDSHAKE_TCP };
	sim_world_start(&w, LOOP_VIRTUAL, &opts, 1);
	delays = delays_of(&stats);
	ck_assert_uint_eq(json_object_size(delays), 0);
	json_decref(stats);
	ask_three();
	delays = delays_of(&stats);
	ck_assert_uint_eq(json_object_size(delays), 2);
	/* The connection asked for its statistics first. */
	are_all(delays, "LIST", "asked_us", 1600);
	are_all(delays, "LIST", "achieved_us", 1600);
	are_all(delays, "LIST", "late_us", 0);
	are_all(delays, "GET", "asked_us", 1000);
	are_all(delays, "GET", "late_us", 0);
	ck_assert_int_eq(json_integer_value(
			     json_object_get(json_object_get(delays, "GET"),
				 "count")),
	    2);
	json_decref(stats);
	sim_client_get(w.client, "POST", "/_sim/reset");
	delays = delays_of(&stats);
	ck_assert_uint_eq(json_object_size(delays), 0);
	json_decref(stats);
	ask_three();
	delays = delays_of(&stats);
	ck_assert_uint_eq(json_object_size(delays), 2);
	json_decref(stats);
	sim_world_stop(&w);
}
END_TEST

/* Bounds include what equals them. */
START_TEST(metrics_have_them_as_histograms)
{
#define ASKED "gcs_sim_delay_asked_seconds"
	static const char *const lines[] = { "# TYPE " ASKED " histogram\n",
		ASKED "_bucket{kind=\"LIST\",le=\"0.001\"} 0\n",
		ASKED "_bucket{kind=\"LIST\",le=\"0.0025\"} 1\n",
		ASKED "_bucket{kind=\"GET\",le=\"0.025\"} 0\n",
		ASKED "_bucket{kind=\"GET\",le=\"0.05\"} 2\n",
		ASKED "_bucket{kind=\"GET\",le=\"+Inf\"} 2\n",
		ASKED "_sum{kind=\"GET\"} 0.100000\n",
		ASKED "_count{kind=\"GET\"} 2\n",
		"gcs_sim_delay_achieved_seconds_sum{kind=\"LIST\"} 0.001500\n",
		"gcs_sim_delay_late_seconds_bucket{kind=\"GET\",le=\"0.0001\"} 2\n",
		"gcs_sim_delay_late_seconds_sum{kind=\"GET\"} 0.000000\n" };
#undef ASKED
	const struct sim_answer *a;
	struct sim_opts opts;
	size_t i;

	sim_defaults(&opts);
	opts.make_bucket = true;
	opts.latency = sim_constant(50000);
	opts.kind_latency[SIM_LIST] = sim_constant(1500);
	sim_world_start(&w, LOOP_VIRTUAL, &opts, 1);
	ask_three();
	a = sim_client_get(w.client, "GET", "/_sim/metrics");
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		ck_assert_msg(strstr(a->body.data, lines[i]) != NULL, "%s",
		    lines[i]);
	ck_assert_ptr_null(strstr(a->body.data, "seconds_count{kind=\"PUT\""));
	sim_world_stop(&w);
}
END_TEST

/* A batch waits for the slowest of its parts, and is one request here. */
START_TEST(a_batch_is_to_wait_as_long_as_its_slowest_part)
{
	static const char batch[] =
	    "POST /batch/storage/v1 HTTP/1.1\r\nHost: x\r\n"
	    "Content-Type: multipart/mixed; boundary=b\r\n"
	    "Content-Length: 170\r\n\r\n"
	    "--b\r\nContent-Type: application/http\r\n\r\n"
	    "GET /storage/v1/b/demo/o/x HTTP/1.1\r\n\r\n\r\n"
	    "--b\r\nContent-Type: application/http\r\n\r\n"
	    "DELETE /storage/v1/b/demo/o/x HTTP/1.1\r\n\r\n\r\n"
	    "--b--\r\n";
	struct sim_opts opts;
	const json_t *delays;
	json_t *stats;
	size_t n;

	sim_defaults(&opts);
	opts.make_bucket = true;
	opts.latency = sim_constant(1000);
	opts.kind_latency[SIM_DELETE] = sim_constant(7000);
	sim_world_start(&w, LOOP_VIRTUAL, &opts, 1);
	n = sim_client_raw(w.client, batch, strlen(batch));
	sim_client_run(w.client);
	ck_assert_int_eq(sim_client_answer(w.client, n)->status, 200);
	delays = delays_of(&stats);
	ck_assert_uint_eq(json_object_size(delays), 1);
	are_all(delays, "OTHER", "asked_us", 7000);
	are_all(delays, "OTHER", "late_us", 0);
	json_decref(stats);
	sim_world_stop(&w);
}
END_TEST

START_TEST(on_the_real_clock_no_answer_is_early)
{
	struct sim_opts opts;
	const json_t *delays;
	json_int_t asked, achieved;
	json_t *stats;

	sim_defaults(&opts);
	opts.make_bucket = true;
	opts.latency = sim_constant(2000);
	sim_world_start(&w, LOOP_REAL, &opts, 1);
	ask_three();
	delays = delays_of(&stats);
	asked = max_of(delays, "GET", "asked_us");
	achieved = max_of(delays, "GET", "achieved_us");
	ck_assert_int_eq(asked, 2000);
	ck_assert_int_ge(achieved, asked);
	ck_assert_int_eq(max_of(delays, "GET", "late_us"), achieved - asked);
	json_decref(stats);
	sim_world_stop(&w);
}
END_TEST

START_TEST(what_is_early_is_not_late)
{
	struct lateness l;

	lateness_init(&l);
	lateness_add(&l, SIM_PUT, 100, 90);
	lateness_add(&l, SIM_PUT, 100, 130);
	ck_assert_uint_eq(l.kinds[SIM_PUT].late.count, 2);
	ck_assert_uint_eq(l.kinds[SIM_PUT].late.max, 30);
	ck_assert_uint_eq(hist_quantile(&l.kinds[SIM_PUT].late, 0.5), 0);
	ck_assert_uint_eq(l.kinds[SIM_GET].late.count, 0);
	lateness_release(&l);
	ck_assert_uint_eq(l.kinds[SIM_PUT].late.count, 0);
}
END_TEST

int
main(void)
{
	return suite_run("sim_lateness", on_the_virtual_clock_nothing_is_late,
	    metrics_have_them_as_histograms,
	    a_batch_is_to_wait_as_long_as_its_slowest_part,
	    on_the_real_clock_no_answer_is_early, what_is_early_is_not_late,
	    NULL);
}
