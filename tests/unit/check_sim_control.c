/* SPDX-License-Identifier: MIT */
/* Options of a simulator that runs: told, changed, and refused. */
#include <stdio.h>
#include <string.h>

#include "sim/conf.h"
#include "sim/sim.h"
#include "sim/sim_priv.h"
#include "src/base/buf.h"
#include "tests/support/suite.h"
#include "tests/unit/sim_client.h"

static struct sim_world world;

static void
start(void)
{
	struct sim_opts opts;

	sim_defaults(&opts);
	opts.make_bucket = true;
	sim_world_start(&world, LOOP_VIRTUAL, &opts, 8);
}

static const struct sim_answer *
patch(const char *body)
{
	size_t n = sim_client_ask(world.client, "PATCH", "/_sim/config", body);

	sim_client_run(world.client);
	return sim_client_answer(world.client, n);
}

static void
change(const char *body)
{
	const struct sim_answer *a = patch(body);

	ck_assert_msg(a->status == 200, "%s: %s", body, a->body.data);
}

/* Is it refused, with that in the reason, and nothing has changed? */
static void
refuse(const char *body, const char *why)
{
	struct buf before;
	const struct sim_answer *a;

	buf_init(&before, 64 * 1024);
	buf_adds(&before,
	    sim_client_get(world.client, "GET", "/_sim/config")->body.data);
	a = patch(body);
	ck_assert_msg(a->status == 400 && strstr(a->body.data, why) != NULL,
	    "%.200s: %d %s", body, a->status, a->body.data);
	ck_assert_str_eq(sim_client_get(world.client, "GET", "/_sim/config")
			     ->body.data,
	    before.data);
	buf_release(&before);
}

static bool
shows(const char *text)
{
	return strstr(sim_client_get(world.client, "GET", "/_sim/config")
			  ->body.data,
		   text) != NULL;
}

/* How long a request takes. */
static uint64_t
took_us(void)
{
	uint64_t began = loop_now(world.loop);

	sim_client_get(world.client, "GET", "/b/demo/o/x");
	return loop_now(world.loop) - began;
}

static int
delete_status(void)
{
	return sim_client_get(world.client, "DELETE", "/b/demo/o/x")->status;
}

START_TEST(what_was_said_is_taken_and_shown)
{
	start();
	ck_assert_uint_eq(took_us(), 0);
	change("{\"latency\": \"42ms\", \"latency-get\": \"7ms\"}");
	ck_assert_uint_eq(took_us(), 7000);
	ck_assert(shows("\"latency\": \"42ms\""));
	change("{\"latency-get\": null}");
	ck_assert(shows("\"latency-get\": null"));
	ck_assert_uint_eq(took_us(), 42000);
	change("{}");
	ck_assert_uint_eq(took_us(), 42000);
	ck_assert(shows("\"seed\": \"1\""));
	sim_world_stop(&world);
}
END_TEST

START_TEST(what_is_wrong_changes_nothing)
{
	static const struct {
		const char *body, *why;
	} rows[] = {
		{ NULL, "no JSON object of options" },
		{ "{", "no JSON object of options" },
		{ "{}x", "no JSON object of options" },
		{ "[]", "want a JSON object" },
		{ "{\"latency\": 5}", "--latency: want a string" },
		{ "{\"latency\": {\"a\": \"1ms\"}}", "want a string" },
		{ "{\"latency\": true}", "want a string" },
		{ "{\"latency\": \"1ms\", \"latency\": \"2ms\"}", "duplicate" },
		{ "{\"latency\": \"1\\u0000ms\"}", "no JSON object" },
		{ "{\"latency\": \"\"}", "--latency" },
		{ "{\"latency\": \"soon\"}", "'soon'" },
		{ "{\"latency\": \"25h\"}", "24 hours" },
		{ "{\"latencyy\": \"1ms\"}", "latency is the nearest" },
		{ "{\"\": \"1ms\"}", "unknown option" },
		{ "{\"x\\u001b[1m\": \"1ms\"}", "unknown option" },
		{ "{\"latencyy\": null}", "unknown option" },
		{ "{\"listen\": \"x\"}", "--listen cannot change" },
		{ "{\"listen\": null}", "--listen cannot change" },
		{ "{\"help\": \"1\"}", "--help cannot change" },
		{ "{\"url\": \"x\"}", "--url cannot change" },
		{ "{\"latency\": \"1ms\", \"burst\": \"0\"}", "from 1 to" },
		{ "{\"burst\": \"5\"}", "goes with --write-limit" },
		{ "{\"on-limit\": \"queue\"}", "--on-limit goes with" },
		{ "{\"jitter\": \"5%\"}", "spreads a constant latency" },
		{ "{\"rtt\": \"5ms\"}", "goes with --handshake" },
		{ "{\"write-limit\": \"0/s\"}", "or off" },
	};
	struct buf long_body;
	size_t i;

	start();
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		refuse(rows[i].body, rows[i].why);
	buf_init(&long_body, 1024 * 1024);
	buf_adds(&long_body, "{\"latency\": \"1ms\"");
	while (long_body.len <= CONF_BODY_MAX)
		buf_adds(&long_body, "                                ");
	buf_adds(&long_body, "}");
	refuse(long_body.data, "at most 65536 bytes");
	buf_clear(&long_body);
	while (long_body.len < 60000)
		buf_adds(&long_body, "{\"latency\":");
	refuse(long_body.data, "no JSON object");
	buf_clear(&long_body);
	while (long_body.len < 60000)
		buf_addc(&long_body, '[');
	refuse(long_body.data, "no JSON object");
	buf_release(&long_body);
	sim_world_stop(&world);
}
END_TEST

/* Its text is one that may be said, for every option. */
START_TEST(what_is_shown_may_be_said)
{
	const struct opt *row;
	struct settings v = { 0 };
	char body[256];
	struct buf text;

	start();
	change("{\"latency\": \"5ms\", \"write-limit\": \"9/s\", "
	       "\"rtt\": \"1ms\", \"handshake\": \"tls\"}");
	buf_init(&text, 1024);
	for (row = settings_table.rows; row->name != NULL; row++) {
		if (!(row->mask & SETTINGS_LIVE))
			continue;
		buf_clear(&text);
		settings_take(&v, sim_options(world.sim));
		opt_format(row, &v, &text);
		snprintf(body, sizeof(body), "{\"%s\": \"%s\"}", row->name,
		    text.data);
		if (text.len > 0)
			change(body);
	}
	buf_release(&text);
	for (row = settings_table.rows; row->name != NULL; row++) {
		snprintf(body, sizeof(body), "{\"%s\": null}", row->name);
		if (row->mask & SETTINGS_LIVE)
			change(body);
	}
	ck_assert_uint_eq(took_us(), 0);
	sim_world_stop(&world);
}
END_TEST

START_TEST(an_option_whose_use_has_gone_rests)
{
	start();
	change("{\"latency\": \"42ms\", \"jitter\": \"50%\"}");
	change("{\"latency\": \"0\"}");
	ck_assert(shows("\"jitter\": \"50%\""));
	ck_assert_uint_eq(took_us(), 0);
	refuse("{\"jitter\": \"40%\"}", "spreads");
	change("{\"latency\": \"42s\"}");
	ck_assert_uint_ne(took_us(), 42000000);
	change("{\"jitter\": null}");
	ck_assert_uint_eq(took_us(), 42000000);
	sim_world_stop(&world);
}
END_TEST

START_TEST(only_a_new_limit_makes_buckets_rest)
{
	start();
	change("{\"write-limit\": \"1/s\", \"burst\": \"2\"}");
	ck_assert_int_eq(delete_status(), 404);
	ck_assert_int_eq(delete_status(), 404);
	ck_assert_int_eq(delete_status(), 429);
	change("{\"missing-precondition\": \"412\"}");
	ck_assert_int_eq(delete_status(), 429);
	change("{\"burst\": \"1\"}");
	ck_assert_int_eq(delete_status(), 404);
	ck_assert_int_eq(delete_status(), 429);
	change("{\"write-limit\": \"off\", \"burst\": null}");
	ck_assert_int_eq(delete_status(), 404);
	sim_world_stop(&world);
}
END_TEST

/* What is on its way keeps what it was told; what comes later does not. */
START_TEST(many_changes_while_requests_are_in_flight)
{
	uint64_t limit = 0;
	char body[64];
	int i;

	start();
	for (i = 0; i < 1000; i++) {
		snprintf(body, sizeof(body), "{\"latency\": \"%dms\"}",
		    1 + i * 7 % 50);
		sim_client_ask(world.client, "GET", "/b/demo/o/x", NULL);
		sim_client_ask(world.client, "PATCH", "/_sim/config", body);
		sim_client_ask(world.client, "DELETE", "/b/demo/o/y", NULL);
		limit += 100000;
	}
	sim_client_run(world.client);
	ck_assert_uint_eq(sim_count(world.sim, SIM_GET), 1000);
	ck_assert_uint_eq(sim_count(world.sim, SIM_DELETE), 1000);
	ck_assert_uint_le(loop_now(world.loop), limit);
	change("{\"latency\": \"3ms\"}");
	ck_assert_uint_eq(took_us(), 3000);
	sim_world_stop(&world);
}
END_TEST

/* The same as when it began: the third request of a name takes as long. */
START_TEST(a_parameter_that_would_do_nothing_is_refused)
{
	static const struct {
		const char *method, *target, *why;
	} rows[] = {
		{ "POST", "/_sim/reset?stat=start",
		    "'stat' is no parameter of /_sim/reset" },
		{ "POST", "/_sim/reset?state", "state=start, or none" },
		{ "GET", "/_sim/events?type=stats", "'type' is no parameter" },
		{ "GET", "/_sim/stats?scope=all", "'scope' is no parameter" },
		{ "GET", "/_sim/requests?format=csv", "format=text, or none" },
		{ "POST", "/_sim/scopes/a?By=header", "'By' is no parameter" },
		{ "DELETE", "/_sim/faults?id=r1", "'id' is no parameter" },
		{ "GET", "/_sim/har?scope=all&limit=1&limits=2",
		    "'limits' is no parameter" },
	};
	const struct sim_answer *a;
	size_t i;

	start();
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		a = sim_client_get(world.client, rows[i].method,
		    rows[i].target);
		ck_assert_msg(a->status == 400 &&
			strstr(a->body.data, rows[i].why) != NULL,
		    "%s: %d %s", rows[i].target, a->status, a->body.data);
	}
	a = sim_client_get(world.client, "GET", "/_sim/health?t=1");
	ck_assert_int_eq(a->status, 200);
	a = sim_client_get(world.client, "POST", "/_internal/reseed?t=1");
	ck_assert_int_eq(a->status, 200);
	sim_world_stop(&world);
}
END_TEST

START_TEST(a_reseed_is_as_good_as_a_start)
{
	uint64_t first[5];
	int round, i;

	start();
	change("{\"latency\": \"lognormal:p50=42ms,p99=120ms\"}");
	for (round = 0; round < 3; round++) {
		for (i = 0; i < 5; i++) {
			if (round == 0)
				first[i] = took_us();
			else
				ck_assert_uint_eq(took_us(), first[i]);
		}
		ck_assert_int_eq(sim_client_get(world.client, "POST",
				     "/_sim/reseed")
				     ->status,
		    204);
	}
	sim_world_stop(&world);
}
END_TEST

/* Who says nothing of himself is told OK; the others have their buckets. */
START_TEST(a_bare_root_is_a_greeting)
{
	static const struct {
		const char *head;
		bool is_greeting;
	} rows[] = {
		{ "GET / HTTP/1.1\r\nHost: h\r\n\r\n", true },
		{ "GET / HTTP/1.1\r\nHost: h\r\nAuthorization: x\r\n\r\n",
		    false },
		{ "GET / HTTP/1.1\r\nHost: h\r\nX-Goog-Project-Id: p\r\n\r\n",
		    false },
		{ "GET /?X-Amz-Signature=x HTTP/1.1\r\nHost: h\r\n\r\n",
		    false },
		{ "GET / HTTP/1.1\r\nHost: demo.localhost\r\n\r\n", false },
	};
	const struct sim_answer *a;
	uint64_t asked = 0;
	size_t i, n;

	start();
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		n = sim_client_raw(world.client, rows[i].head,
		    strlen(rows[i].head));
		sim_client_run(world.client);
		a = sim_client_answer(world.client, n);
		ck_assert_int_eq(a->status, 200);
		ck_assert_int_eq(strcmp(a->body.data, "OK\n") == 0,
		    rows[i].is_greeting);
		asked += !rows[i].is_greeting;
		ck_assert_uint_eq(sim_count(world.sim, SIM_BUCKET) +
			sim_count(world.sim, SIM_LIST),
		    asked);
	}
	sim_world_stop(&world);
}
END_TEST

/* A list that ends in the midst looks like one of fewer requests. */
START_TEST(what_is_too_long_to_tell_is_refused)
{
	static const char *const targets[] = { "/_sim/requests",
		"/_sim/requests?format=text", "/_sim/har", "/_sim/config",
		"/_sim/metrics" };
	const struct sim_answer *a;
	size_t i;

	start();
	for (i = 0; i < 100; i++)
		sim_client_get(world.client, "GET", "/b/demo/o/x");
	world.sim->reply.body.max = 900; /* of a gibibyte */
	for (i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
		a = sim_client_get(world.client, "GET", targets[i]);
		ck_assert_msg(a->status == 403 &&
			strstr(a->body.data, "responseTooLarge") != NULL &&
			strstr(a->body.data, "more than 900 bytes") != NULL,
		    "%s: %d %s", targets[i], a->status, a->body.data);
	}
	a = sim_client_get(world.client, "GET", "/_sim/health");
	ck_assert_int_eq(a->status, 200);
	sim_world_stop(&world);
}
END_TEST

int
main(void)
{
	return suite_run("sim_control", what_was_said_is_taken_and_shown,
	    what_is_wrong_changes_nothing, what_is_shown_may_be_said,
	    an_option_whose_use_has_gone_rests,
	    only_a_new_limit_makes_buckets_rest,
	    many_changes_while_requests_are_in_flight,
	    a_parameter_that_would_do_nothing_is_refused,
	    a_reseed_is_as_good_as_a_start, a_bare_root_is_a_greeting,
	    what_is_too_long_to_tell_is_refused, NULL);
}
