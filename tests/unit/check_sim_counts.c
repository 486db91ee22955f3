/* SPDX-License-Identifier: MIT */
/* Counting over HTTP: scopes, expectations, bills, HAR, differences. */
#include <stdio.h>
#include <string.h>

#include "sim/sim.h"
#include "sim/sim_counts.h"
#include "src/base/rng.h"
#include "tests/support/suite.h"
#include "tests/unit/sim_client.h"

static struct sim_world w;

static void
start(enum loop_clock clock, uint64_t us, size_t connections)
{
	struct sim_opts opts;

	sim_defaults(&opts);
	opts.registry = "manifests=0,orphans=20";
	opts.latency = sim_constant(us);
	sim_world_start(&w, clock, &opts, connections);
}

/* Asks, and holds the answer to a status and a text somewhere in it. */
static const char *
ask(const char *method, const char *target, int status, const char *text)
{
	const struct sim_answer *a = sim_client_get(w.client, method, target);

	ck_assert_msg(a->status == status && strstr(a->body.data, text) != NULL,
	    "%s %s: %d %s", method, target, a->status, a->body.data);
	return a->body.data;
}

static void
ask_in(const char *scope, const char *target)
{
	char text[512];
	int n = snprintf(text, sizeof(text),
	    "GET %s HTTP/1.1\r\nHost: x\r\nX-Sim-Scope: %s\r\n\r\n", target,
	    scope);

	sim_client_raw(w.client, text, (size_t)n);
	sim_client_run(w.client);
}

START_TEST(a_scope_is_opened_read_and_closed)
{
	start(LOOP_REAL, 0, 1);
	ask("GET", "/b/demo/o", 200, "items");
	ask("POST", "/_sim/scopes/one", 200, "\"open\": true");
	ask("POST", "/_sim/scopes/one", 409, "open already");
	ask("DELETE", "/b/demo/o/nothing", 404, "");
	ask("GET", "/b/demo/o?prefix=x", 200, "");
	ask("GET", "/_sim/scopes/one", 200, "\"total\": 2");
	ask("DELETE", "/_sim/scopes/one", 200, "\"open\": false");
	ask("DELETE", "/_sim/scopes/one", 200, "\"open\": false");
	ask("DELETE", "/b/demo/o/nothing", 404, "");
	ask("GET", "/_sim/scopes/one", 200,
	    "\"methods\": {\n    \"storage.objects.list\": 1,\n"
	    "    \"storage.objects.delete\": 1\n  }");
	ask("GET", "/_sim/scopes/all", 200, "\"total\": 4");
	ask("GET", "/_sim/scopes", 200, "\"name\": \"one\"");
	ask("POST", "/_sim/scopes/one", 200, "\"total\": 0");
	ask("POST", "/_sim/reset", 204, "");
	ask("GET", "/_sim/scopes/one", 200, "\"total\": 0");
	ask("DELETE", "/_sim/scopes/one", 200, "");
	ask("POST", "/_sim/reset", 204, "");
	ask("GET", "/_sim/scopes/one", 404, "no scope 'one'");
	sim_world_stop(&w);
}
END_TEST

START_TEST(concurrent_tests_count_apart_by_their_headers)
{
	start(LOOP_REAL, 0, 4);
	ask("POST", "/_sim/scopes/mine?by=header", 200, "\"by_header\": true");
	ask("POST", "/_sim/scopes/yours?by=header", 200, "");
	ask_in("mine", "/b/demo");
	ask_in("yours", "/b/demo/o");
	ask_in("mine", "/b/demo");
	ask_in("nobody", "/b/demo");
	ask("GET", "/_sim/expect?scope=mine&BUCKET=2&total=2", 200, "");
	ask("GET", "/_sim/expect?scope=yours&LIST=1&total=1", 200, "");
	ask("GET", "/_sim/expect?BUCKET=3&LIST=1&total=4", 200, "");
	ask("GET", "/_sim/scopes", 200, "\"strays\": 1");
	sim_world_stop(&w);
}
END_TEST

START_TEST(an_expectation_is_met_or_answered_409)
{
	start(LOOP_REAL, 0, 1);
	ask("POST", "/_sim/scopes/s", 200, "");
	ask("GET", "/b/demo/o", 200, "");
	ask("GET", "/_sim/expect?scope=s&LIST=1&DELETE=0", 200,
	    "\"met\": true,\n  \"difference\": \"\"");
	ask("GET", "/_sim/expect?scope=s&LIST=2..&DELETE=0", 409,
	    "\"difference\": \"LIST: expected 2.., had 1 (1 too few)\"");
	ask("GET", "/_sim/expect?scope=s&LIST=2", 409,
	    "\"key\": \"LIST\",\n      \"expected\": \"2\",\n"
	    "      \"actual\": 1\n");
	ask("GET", "/_sim/expect?scope=t&LIST=2", 404, "no scope 't'");
	ask("GET", "/_sim/expect?scope=s", 400, "nothing is expected");
	ask("GET", "/_sim/expect?scope=s&LISTS=2", 400, "'LISTS'");
	ask("POST", "/_sim/expect?LIST=2", 405, "");
	sim_world_stop(&w);
}
END_TEST

/* A batch is one request, and so is each of its parts. */
START_TEST(the_parts_of_a_batch_count_where_it_does)
{
	static const char body[] =
	    "--b\r\nContent-Type: application/http\r\n\r\n"
	    "DELETE /storage/v1/b/demo/o/x HTTP/1.1\r\n\r\n"
	    "--b\r\nContent-Type: application/http\r\n\r\n"
	    "DELETE /storage/v1/b/demo/o/y HTTP/1.1\r\n\r\n--b--\r\n";
	char text[1024];
	int n = snprintf(text, sizeof(text),
	    "POST /batch/storage/v1 HTTP/1.1\r\nHost: x\r\n"
	    "X-Sim-Scope: mine\r\n"
	    "Content-Type: multipart/mixed; boundary=b\r\n"
	    "Content-Length: %zu\r\n\r\n%s",
	    strlen(body), body);

	start(LOOP_REAL, 0, 1);
	ask("POST", "/_sim/scopes/mine?by=header", 200, "");
	sim_client_raw(w.client, text, (size_t)n);
	sim_client_run(w.client);
	ask("GET", "/_sim/expect?scope=mine&batch=1&DELETE:404=2&total=3", 200,
	    "");
	ask("GET", "/_sim/har?scope=mine", 200, "\"_part\":true");
	sim_world_stop(&w);
}
END_TEST

START_TEST(what_has_no_head_is_no_part)
{
	static const char noise[] = "GET / nonsense\r\n\r\n";

	start(LOOP_REAL, 0, 1);
	sim_client_raw(w.client, noise, strlen(noise));
	sim_client_run(w.client);
	ask("GET", "/_sim/har", 200, "\"status\":400");
	ask("GET", "/_sim/har", 200, "\"_part\":false");
	sim_world_stop(&w);
}
END_TEST

/* Whatever is in flight when a scope closes is its own, and what comes later is
 * not; all of it on the virtual clock. */
START_TEST(what_is_in_flight_stays_in_its_scope)
{
	struct err err = ERR_INIT;
	int i;

	start(LOOP_VIRTUAL, 42000, 10);
	ck_assert_int_eq(sim_scope_open(w.sim, "s", false, &err), 0);
	for (i = 0; i < 10; i++)
		sim_client_ask(w.client, "GET", "/b/demo/o", NULL);
	sim_client_start(w.client);
	while (sim_scope_count(w.sim, "s", "in_flight") < 10)
		ck_assert_int_eq(loop_step(w.loop, &err), 0);
	ck_assert_int_eq(sim_scope_close(w.sim, "s", &err), 0);
	ck_assert_int_eq(sim_expect(w.sim, "scope=s&LIST=10&200=0", &err), 0);
	sim_client_run(w.client);
	ask("GET", "/b/demo", 200, "");
	ck_assert_int_eq(sim_expect(w.sim,
			     "scope=s&LIST=10&200=10&total=10&in_flight=0&"
			     "peak_in_flight=10&connections=10",
			     &err),
	    0);
	ck_assert_int_ne(sim_expect(w.sim, "scope=s&LIST=11", &err), 0);
	ck_assert_int_eq(err.code, ERR_AUDIT);
	ck_assert_str_eq(err.text, "LIST: expected 11, had 10 (1 too few)");
	ck_assert_int_ne(sim_expect(w.sim, "scope=t&LIST=11", &err), 0);
	ck_assert_int_eq(err.code, ERR_NOT_FOUND);
	ck_assert_uint_eq(sim_scope_count(w.sim, "", "total"), 11);
	ck_assert_uint_eq(sim_scope_count(w.sim, "s", "LISTS"), SIM_NO_COUNT);
	ck_assert_uint_eq(sim_scope_count(w.sim, "t", "LIST"), SIM_NO_COUNT);
	ck_assert_int_eq(sim_scope_close(w.sim, "t", &err), -1);
	sim_world_stop(&w);
}
END_TEST

START_TEST(a_reset_in_mid_air_counts_nothing_twice)
{
	struct err err = ERR_INIT;

	start(LOOP_VIRTUAL, 42000, 2);
	ck_assert_int_eq(sim_scope_open(w.sim, "s", false, &err), 0);
	sim_client_ask(w.client, "GET", "/b/demo/o", NULL);
	sim_client_start(w.client);
	while (sim_scope_count(w.sim, "s", "in_flight") < 1)
		ck_assert_int_eq(loop_step(w.loop, &err), 0);
	sim_reset_counts(w.sim);
	ck_assert_uint_eq(sim_scope_count(w.sim, "s", "total"), 0);
	sim_client_run(w.client);
	ck_assert_uint_eq(sim_scope_count(w.sim, "s", "total"), 0);
	ck_assert_uint_eq(sim_scope_count(w.sim, "all", "in_flight"), 0);
	ask("GET", "/b/demo/o", 200, "");
	ck_assert_uint_eq(sim_scope_count(w.sim, "s", "200"), 1);
	sim_world_stop(&w);
}
END_TEST

/* The old way and the new way to delete twenty. */
static void
sweep(bool lists)
{
	char target[64];
	int i;

	for (i = 0; i < 20; i++) {
		snprintf(target, sizeof(target), "/b/demo/o?prefix=%d", i);
		if (lists)
			ask("GET", target, 200, "");
		snprintf(target, sizeof(target), "/b/demo/o/%d", i);
		ask("DELETE", target, 404, "");
	}
}

START_TEST(two_ways_are_told_apart_to_the_request_and_the_cent)
{
	const char *text;

	start(LOOP_REAL, 0, 1);
	ask("POST", "/_sim/scopes/old", 200, "");
	sweep(true);
	ask("DELETE", "/_sim/scopes/old", 200,
	    "\"class_a\": 20,\n    \"class_b\": 0,\n    \"free\": 0,\n"
	    "    \"unbilled\": 20,\n    \"nanodollars\": 100000,\n"
	    "    \"dollars\": \"0.000100000\"\n");
	ask("POST", "/_sim/scopes/new", 200, "");
	sweep(false);
	ask("DELETE", "/_sim/scopes/new", 200, "\"nanodollars\": 0");
	text = ask("GET", "/_sim/diff?a=old&b=new&limit=3", 200,
	    "\"total\": {\n    \"a\": 40,\n    \"b\": 20,\n"
	    "    \"difference\": -20\n  },\n"
	    "  \"nanodollars\": {\n    \"a\": 100000,\n    \"b\": 0,\n"
	    "    \"difference\": -100000\n  },\n"
	    "  \"counts\": [\n    {\n      \"kind\": \"LIST\",\n"
	    "      \"method\": \"storage.objects.list\",\n"
	    "      \"status\": 200,\n      \"a\": 20,\n      \"b\": 0,\n"
	    "      \"difference\": -20\n    }\n  ],");
	ck_assert_ptr_nonnull(
	    strstr(text, "\"name\": \"0\",\n      \"a\": 1,\n      \"b\": 0,"));
	ck_assert_ptr_nonnull(strstr(text, "\"left_off\": 17,"));
	ck_assert_ptr_nonnull(strstr(text, "\"complete\": true"));
	ck_assert_ptr_nonnull(strstr(text, "\"same\": false"));
	ask("GET", "/_sim/diff?a=new&b=new", 200, "\"same\": true");
	ask("GET", "/_sim/diff?a=new&b=old", 200, "\"difference\": 20\n");
	sim_world_stop(&w);
}
END_TEST

START_TEST(a_har_has_the_requests_of_its_scope)
{
	const char *text;

	start(LOOP_VIRTUAL, 42000, 1);
	ask("GET", "/b/demo", 200, "");
	ask("POST", "/_sim/scopes/s", 200, "");
	ask("DELETE", "/storage/v1/b/demo/o/a%2Fb?quotaUser=%31&x", 404, "");
	ask("GET", "/b/demo/o", 200, "");
	text = ask("GET", "/_sim/har?scope=s&limit=2", 200,
	    "{\"log\":{\"version\":\"1.2\",\"creator\":{\"name\":\"gcs-sim\"");
	ck_assert_ptr_nonnull(strstr(text, "; 0 requests before these"));
	ck_assert_ptr_nonnull(
	    strstr(text, "/storage/v1/b/demo/o/a%2Fb?quotaUser=%31&x\","));
	ck_assert_ptr_nonnull(strstr(text,
	    "\"queryString\":[{\"name\":\"quotaUser\",\"value\":\"1\"},"
	    "{\"name\":\"x\",\"value\":\"\"}]"));
	ck_assert_ptr_nonnull(strstr(text, "\"time\":42.000,"));
	ck_assert_ptr_nonnull(strstr(text,
	    "\"timings\":{\"blocked\":0.000,\"dns\":-1,\"connect\":-1,"
	    "\"send\":0.000,\"wait\":42.000,\"receive\":0.000,\"ssl\":-1}"));
	ck_assert_ptr_null(strstr(text, "storage.buckets.get"));
	text = ask("GET", "/_sim/har?scope=s&limit=1", 200,
	    "; 1 requests before these");
	ck_assert_ptr_null(strstr(text, "a%2Fb"));
	text = ask("GET", "/_sim/har", 200, "storage.buckets.get");
	ask("GET", "/_sim/har?limit=0", 400, "from 1 to 100000");
	ask("GET", "/_sim/har?limit=x", 400, "from 1 to 100000");
	ask("GET", "/_sim/har?limit=100001", 400, "from 1 to 100000");
	ask("GET", "/_sim/har?scope=t", 404, "no scope 't'");
	sim_world_stop(&w);
}
END_TEST

START_TEST(without_a_journal_counts_stay_exact)
{
	struct sim_opts opts;
	int i;

	sim_defaults(&opts);
	opts.make_bucket = true;
	opts.journal = 0;
	sim_world_start(&w, LOOP_REAL, &opts, 1);
	for (i = 0; i < 3; i++)
		ask("GET", "/b/demo/o/x", 404, "");
	ask("GET", "/_sim/expect?GET:404=3&total=3", 200, "");
	ck_assert_str_eq(ask("GET", "/_sim/requests", 200, ""), "");
	ask("GET", "/_sim/har", 200, "\"entries\":[]");
	ask("GET", "/_sim/diff", 200, "\"complete\": false");
	sim_world_stop(&w);
}
END_TEST

START_TEST(names_of_all_kinds_do_no_harm)
{
	static const struct {
		const char *method, *target;
		int status;
	} rows[] = {
		{ "POST", "/_sim/scopes/", 404 },
		{ "POST", "/_sim/scopes/a/b", 404 },
		{ "POST", "/_sim/scopes/a%2Fb", 400 },
		{ "POST", "/_sim/scopes/%00", 400 },
		{ "POST", "/_sim/scopes/a%00", 400 },
		{ "POST", "/_sim/scopes/a%", 404 },
		{ "POST", "/_sim/scopes/%FF", 400 },
		{ "POST", "/_sim/scopes/a%20b", 400 },
		{ "POST", "/_sim/scopes/all", 409 },
		{ "DELETE", "/_sim/scopes/all", 409 },
		{ "DELETE", "/_sim/scopes/none", 404 },
		{ "GET", "/_sim/scopes/%00", 404 },
		{ "PUT", "/_sim/scopes/a", 405 },
		{ "POST", "/_sim/scopes", 405 },
		{ "POST", "/_sim/scopes/%61?by=header", 200 },
		{ "DELETE", "/_sim/scopes/a", 200 },
		{ "POST", "/_sim/scopes/a?by=name", 400 },
		{ "POST", "/_sim/scopes/a?by", 400 },
		{ "GET", "/_sim/expect?scope=%00&LIST=0", 404 },
		{ "GET", "/_sim/expect?scope=%&LIST=0", 400 },
		{ "GET", "/_sim/expect?scope=&LIST=0", 200 },
		{ "GET", "/_sim/expect?scope=all&LIST=0", 200 },
		{ "GET", "/_sim/expect", 400 },
		{ "GET", "/_sim/diff?a=x", 404 },
		{ "GET", "/_sim/diff?b=x", 404 },
		{ "GET", "/_sim/diff?limit=0", 400 },
		{ "GET", "/_sim/metrics/", 404 },
	};
	char target[5000] = "/_sim/scopes/";
	size_t i;

	start(LOOP_REAL, 0, 1);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ask(rows[i].method, rows[i].target, rows[i].status, "");
	memset(target + 13, 'x', 4500);
	ask("POST", target, 400, "1 to 63");
	snprintf(target, sizeof(target), "/_sim/expect?LIST=0&scope=");
	memset(target + strlen(target), 'x', 300);
	ask("GET", target, 400, "scope= is no scope's name");
	for (i = 0; i < 10000; i++) {
		snprintf(target, sizeof(target), "/_sim/scopes/s%zu", i);
		ask("POST", target, i < 63 ? 200 : 409, "");
	}
	ask("GET", "/_sim/expect?total=0", 200, "");
	sim_world_stop(&w);
}
END_TEST

int
main(void)
{
	return suite_run("sim_counts", a_scope_is_opened_read_and_closed,
	    concurrent_tests_count_apart_by_their_headers,
	    an_expectation_is_met_or_answered_409,
	    the_parts_of_a_batch_count_where_it_does,
	    what_has_no_head_is_no_part, what_is_in_flight_stays_in_its_scope,
	    a_reset_in_mid_air_counts_nothing_twice,
	    two_ways_are_told_apart_to_the_request_and_the_cent,
	    a_har_has_the_requests_of_its_scope,
	    without_a_journal_counts_stay_exact, names_of_all_kinds_do_no_harm,
	    NULL);
}
