/* SPDX-License-Identifier: MIT */
/* What a request costs besides its latency, to the microsecond. */
#include <stdio.h>
#include <string.h>

#include "sim/cost.h"
#include "sim/sim.h"
#include "src/base/buf.h"
#include "src/base/loop.h"
#include "src/base/opt.h"
#include "tests/support/suite.h"
#include "tests/unit/sim_client.h"

START_TEST(a_handshake_is_the_first_request_s)
{
	static const struct {
		int handshake;
		uint32_t turn;
		uint64_t us;
	} rows[] = {
		{ SIM_HANDSHAKE_OFF, 1, 0 },
		{ SIM_HANDSHAKE_TCP, 1, 42000 },
		{ SIM_HANDSHAKE_TCP, 2, 0 },
		{ SIM_HANDSHAKE_TLS, 1, 84000 },
		{ SIM_HANDSHAKE_TLS, 2, 0 },
	};
	struct sim_prices p = { .rtt_us = 42000 };
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		p.handshake = rows[i].handshake;
		ck_assert_uint_eq(cost_setup(&p, rows[i].turn), rows[i].us);
	}
}
END_TEST

START_TEST(bytes_and_entries_have_their_price)
{
	const struct sim_prices p = { .entry_us = 20,
		.mib_us = 5000,
		.bandwidth = 1000000 };

	ck_assert_uint_eq(cost_upload(&p, 0, 0), 0);
	ck_assert_uint_eq(cost_upload(&p, 1 << 20, 0), 5000 + 1048576);
	ck_assert_uint_eq(cost_upload(&p, 1 << 20, 48576), 5000 + 1000000);
	ck_assert_uint_eq(cost_upload(&p, 1 << 20, 9000000), 5000);
	ck_assert_uint_eq(cost_answer(&p, 1000, 1 << 21), 20000 + 10000);
	/* The largest body that there is. */
	ck_assert_uint_eq(cost_upload(&p, 1 << 30, 0), 5120000 + 1073741824);
}
END_TEST

START_TEST(a_bandwidth_is_read_as_it_is_written)
{
	static const struct {
		const char *text;
		uint64_t bytes;
		const char *again;
	} rows[] = {
		{ "off", 0, "off" },
		{ "1B/s", 1, "1B/s" },
		{ "100MB/s", 100000000, "100000000B/s" },
		{ "8KiB/s", 8192, "8192B/s" },
		{ "1TiB/s", (uint64_t)1 << 40, "1099511627776B/s" },
	};
	static const char *const bad[] = { "", "/s", "100MB", "0/s", "0B/s",
		"-1B/s", "fast", "2TiB/s", "100 MB/s",
		"99999999999999999999999999999999999999MB/s" };
	struct err err = ERR_INIT;
	struct buf text;
	uint64_t v;
	size_t i;

	buf_init(&text, 100);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		v = 7;
		ck_assert_int_eq(sim_bandwidth_grammar.parse(rows[i].text, &v,
				     &err),
		    0);
		ck_assert_uint_eq(v, rows[i].bytes);
		buf_clear(&text);
		sim_bandwidth_grammar.format(&v, &text);
		ck_assert_str_eq(text.data, rows[i].again);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ck_assert_int_ne(sim_bandwidth_grammar.parse(bad[i], &v, &err),
		    0);
		ck_assert_ptr_nonnull(strstr(err.text, "100MB/s"));
	}
	buf_release(&text);
}
END_TEST

/* --- requests --- */

static struct sim_world w;

/* How long it takes, alone. */
static uint64_t
time_of(const char *method, const char *target, const char *body)
{
	uint64_t began = loop_now(w.loop);
	size_t n = sim_client_ask(w.client, method, target, body);

	sim_client_run(w.client);
	ck_assert_int_lt(sim_client_answer(w.client, n)->status, 300);
	return loop_now(w.loop) - began;
}

START_TEST(a_request_takes_the_sum_of_its_costs)
{
	static const char put[] =
	    "/upload/storage/v1/b/demo/o?uploadType=media&name=a/x";
	static const char head[] = "Server-Timing: sim;dur=1.0, limit;dur=0.0, "
				   "connect;dur=84.0, answer;dur=0.1, "
				   "total;dur=85.1";
	const struct sim_answer *a;
	struct sim_opts opts;
	struct buf body;

	sim_defaults(&opts);
	opts.make_bucket = true;
	opts.latency = sim_constant(1000);
	opts.prices = (struct sim_prices){ .entry_us = 100,
		.rtt_us = 42000,
		.handshake = SIM_HANDSHAKE_TLS };
	sim_world_start(&w, LOOP_VIRTUAL, &opts, 1);
	buf_init(&body, 4096);
	/* The connection's first pays for it. */
	ck_assert_uint_eq(time_of("GET", "/b/demo/o", NULL), 85000);
	ck_assert_uint_eq(time_of("POST", put, "0123456789"), 1000);
	ck_assert_uint_eq(time_of("GET", "/b/demo/o", NULL), 1100);
	ck_assert_uint_eq(time_of("GET", "/b/demo/o?delimiter=/", NULL), 1100);
	ck_assert_uint_eq(time_of("GET", "/demo?list-type=2", NULL), 1100);
	ck_assert_uint_eq(time_of("GET", "/b/demo/o/a%2Fx?alt=media", NULL),
	    1000);
	sim_client_hang_up(w.client);
	a = sim_client_get(w.client, "GET", "/b/demo/o");
	ck_assert_msg(sim_answer_has(a, head), "%s", a->head.data);
	buf_release(&body);
	sim_world_stop(&w);
}
END_TEST

START_TEST(bytes_take_their_time_either_way)
{
	static const char put[] =
	    "/upload/storage/v1/b/demo/o?uploadType=media&name=x&fields=name";
	struct sim_opts opts;

	sim_defaults(&opts);
	opts.make_bucket = true;
	opts.prices.bandwidth = 10;
	sim_world_start(&w, LOOP_VIRTUAL, &opts, 1);
	/* {"name": "x"} over three lines: 18 bytes. */
	ck_assert_uint_eq(time_of("POST", put, "0123456789"),
	    1000000 + 1800000);
	ck_assert_uint_eq(time_of("GET", "/b/demo/o/x?alt=media", NULL),
	    1000000);
	ck_assert_uint_eq(time_of("HEAD", "/demo/x", NULL), 0);
	ck_assert_uint_eq(time_of("DELETE", "/b/demo/o/x", NULL), 0);
	sim_world_stop(&w);
}
END_TEST

/* What a list shows is what was there when it acted. */
START_TEST(many_answers_may_wait_at_once)
{
	static const char target[] = "/b/demo/o?fields=items(name)";
	struct sim_opts opts;
	size_t i;

	sim_defaults(&opts);
	opts.registry = "manifests=0,orphans=10";
	opts.prices.entry_us = 1000;
	sim_world_start(&w, LOOP_VIRTUAL, &opts, 50);
	for (i = 0; i < 50; i++)
		sim_client_ask(w.client, "GET", target, NULL);
	sim_client_run(w.client);
	ck_assert_uint_eq(loop_now(w.loop), 10000);
	for (i = 0; i < 50; i++)
		ck_assert_str_eq(sim_client_answer(w.client, i)->body.data,
		    sim_client_answer(w.client, 0)->body.data);
	ck_assert_uint_gt(sim_client_answer(w.client, 0)->body.len, 500);
	/* And may be left behind. */
	for (i = 0; i < 50; i++)
		sim_client_ask(w.client, "GET", target, NULL);
	sim_client_start(w.client);
	for (i = 0; i < 20; i++)
		loop_look(w.loop);
	sim_client_hang_up(w.client);
	sim_world_stop(&w);
}
END_TEST

int
main(void)
{
	return suite_run("sim_cost", a_handshake_is_the_first_request_s,
	    bytes_and_entries_have_their_price,
	    a_bandwidth_is_read_as_it_is_written,
	    a_request_takes_the_sum_of_its_costs,
	    bytes_take_their_time_either_way, many_answers_may_wait_at_once,
	    NULL);
}
