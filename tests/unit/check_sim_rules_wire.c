/* SPDX-License-Identifier: MIT */
/* rules: what a client sees of each fault, over both APIs and in batches. */
#include <stdio.h>
#include <string.h>

#include "sim/sim.h"
#include "tests/support/suite.h"
#include "tests/unit/sim_client.h"

static struct sim_world world;

/* An empty bucket `demo`, a second a request. */
static void
start(void)
{
	struct sim_opts opts;

	sim_defaults(&opts);
	opts.registry = "manifests=0";
	opts.latency = sim_constant(1000000);
	sim_world_start(&world, LOOP_VIRTUAL, &opts, 1);
}

static void
stop(void)
{
	sim_world_stop(&world);
}

static void
set(const char *rules)
{
	struct err err = ERR_INIT;

	ck_assert_msg(sim_add_faults(world.sim, rules, &err) == 0, "%s",
	    err.text);
}

/* This rule and no other, on a simulator just started. */
static void
start_with(const char *rules)
{
	start();
	set(rules);
}

static const struct sim_answer *
get(const char *target)
{
	return sim_client_get(world.client, "GET", target);
}

static const struct sim_answer *
post(const char *target, const char *body)
{
	size_t n = sim_client_ask(world.client, "POST", target, body);

	sim_client_run(world.client);
	return sim_client_answer(world.client, n);
}

static const struct sim_answer *
put(const char *name)
{
	char target[128];

	snprintf(target, sizeof(target),
	    "/upload/storage/v1/b/demo/o?uploadType=media&name=%s", name);
	return post(target, "0123456789");
}

static bool
has(const struct sim_answer *a, const char *text)
{
	return strstr(a->body.data, text) != NULL;
}

START_TEST(a_status_comes_before_or_after_the_effect)
{
	const struct sim_answer *a;

	start_with("PUT 503 retry-after=7s times=1 id=mine");
	a = put("x");
	ck_assert_int_eq(a->status, 503);
	ck_assert(has(a, "backendError"));
	ck_assert(sim_answer_has(a, "Retry-After: 7"));
	ck_assert(sim_answer_has(a, "X-Sim-Fault: mine"));
	ck_assert(!sim_has(world.sim, "demo", "x"));
	set("PUT 503 acted=yes times=1");
	a = put("x");
	ck_assert_int_eq(a->status, 503);
	ck_assert(!sim_answer_has(a, "Retry-After: 7"));
	ck_assert(sim_has(world.sim, "demo", "x"));
	ck_assert_int_eq(put("x")->status, 200);
	stop();
}
END_TEST

/* The path and query of the upload that the answer speaks of. */
static void
take_session(const struct sim_answer *a, char target[256])
{
	const char *at = strstr(a->head.data, "\r\nLocation: http://");

	ck_assert_ptr_nonnull(at);
	at = strchr(at + strlen("\r\nLocation: http://"), '/');
	snprintf(target, 256, "%.*s", (int)strcspn(at, "\r"), at);
}

START_TEST(an_upload_may_end_when_so_many_bytes_are_here)
{
	const struct sim_answer *a;
	char target[256], question[512];
	size_t n;

	start_with("PUT 503 after=4 times=1");
	/* Those that bring fewer are not met, and use up nothing. */
	ck_assert_int_eq(post("/upload/storage/v1/b/demo/o?uploadType=media"
			      "&name=small",
			     "012")
			     ->status,
	    200);
	ck_assert_uint_eq(sim_faults_fired(world.sim, "r1"), 0);
	a = post("/upload/storage/v1/b/demo/o?uploadType=resumable&name=x", "");
	ck_assert_int_eq(a->status, 200);
	take_session(a, target);
	n = sim_client_ask(world.client, "PUT", target, "0123456789");
	sim_client_run(world.client);
	a = sim_client_answer(world.client, n);
	ck_assert_int_eq(a->status, 503);
	ck_assert(sim_answer_has(a, "X-Sim-Fault: r1"));
	ck_assert_uint_eq(sim_faults_fired(world.sim, "r1"), 1);
	ck_assert(!sim_has(world.sim, "demo", "x"));
	snprintf(question, sizeof(question),
	    "PUT %s HTTP/1.1\r\nHost: x\r\nContent-Range: bytes */10\r\n"
	    "Content-Length: 0\r\n\r\n",
	    target);
	n = sim_client_raw(world.client, question, strlen(question));
	sim_client_run(world.client);
	a = sim_client_answer(world.client, n);
	ck_assert_int_eq(a->status, 308);
	ck_assert(sim_answer_has(a, "Range: bytes=0-3"));
	stop();
}
END_TEST

START_TEST(a_connection_may_end_without_an_answer)
{
	static const struct {
		const char *rule;
		bool has_acted;
	} rows[] = { { "PUT reset", false }, { "PUT reset acted=yes", true },
		{ "PUT lost", true } };
	const struct sim_answer *a;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		start_with(rows[i].rule);
		a = put("x");
		ck_assert_int_eq(a->status, 0);
		ck_assert(a->closed);
		ck_assert_int_eq(sim_has(world.sim, "demo", "x"),
		    rows[i].has_acted);
		stop();
	}
}
END_TEST

START_TEST(a_body_may_be_cut_or_late)
{
	static const struct {
		const char *rule;
		const char *body;
		uint64_t us; /* behind the latency */
		bool closed;
	} rows[] = {
		{ "GET cut at=4", "0123", 0, true },
		{ "GET cut at=0 end=close", "", 0, true },
		{ "GET cut at=10", "0123456789", 0, false },
		{ "GET stall for=90s", "0123456789", 90000000, false },
		{ "GET stall at=9 for=5ms", "0123456789", 5000, false },
		{ "GET drip pace=5B/s", "0123456789", 2000000, false },
	};
	const struct sim_answer *a;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		start_with(rows[i].rule);
		put("x");
		a = get("/b/demo/o/x?alt=media");
		ck_assert_int_eq(a->status, 200);
		ck_assert(sim_answer_has(a, "Content-Length: 10"));
		ck_assert(sim_answer_has(a, "X-Sim-Fault: r1"));
		ck_assert_str_eq(a->body.data, rows[i].body);
		ck_assert_int_eq(a->closed, rows[i].closed);
		ck_assert_uint_eq(loop_now(world.loop), 2000000 + rows[i].us);
		stop();
	}
	start_with("GET cut at=4 end=reset");
	put("x");
	a = get("/b/demo/o/x?alt=media");
	ck_assert(a->closed);
	ck_assert_uint_le(a->body.len, 4);
	stop();
}
END_TEST

START_TEST(an_answer_may_lie)
{
	const struct sim_answer *a;
	char token[51] = "", target[128];

	start();
	put("x");
	put("y");
	set("LIST bad-json times=1");
	a = get("/b/demo/o");
	ck_assert_int_eq(a->status, 200);
	ck_assert(has(a, "\"kind\": \"storage#objects\""));
	ck_assert_ptr_null(strstr(a->body.data, "\n}\n"));
	set("LIST page-token token=bad times=1");
	ck_assert(has(get("/b/demo/o?maxResults=1"), "\"nobody.made.this\""));
	ck_assert_int_eq(get("/b/demo/o?pageToken=nobody.made.this")->status,
	    400);
	put("z");
	a = get("/b/demo/o?maxResults=1");
	sscanf(strstr(a->body.data, "\"nextPageToken\""),
	    "\"nextPageToken\": \"%50[^\"]\"", token);
	set("LIST page-token token=same");
	snprintf(target, sizeof(target), "/b/demo/o?maxResults=1&pageToken=%s",
	    token);
	a = get(target);
	ck_assert_int_eq(a->status, 200);
	ck_assert(has(a, "\"name\": \"y\""));
	ck_assert(has(a, token));
	stop();
}
END_TEST

/* The virtual clock begins with 2026, and each answer is a second later. */
START_TEST(a_date_may_be_wrong)
{
	start_with("GET skew by=+1h times=1\nGET skew by=-2s times=1");
	ck_assert(sim_answer_has(get("/b/demo/o/x"),
	    "Date: Thu, 01 Jan 2026 01:00:01 GMT"));
	ck_assert(sim_answer_has(get("/b/demo/o/x"),
	    "Date: Thu, 01 Jan 2026 00:00:00 GMT"));
	ck_assert(sim_answer_has(get("/b/demo/o/x"),
	    "Date: Thu, 01 Jan 2026 00:00:03 GMT"));
	stop();
}
END_TEST

/* --- batches, and the other API --- */

static const struct sim_answer *
ask_batch(void)
{
	static const char body[] =
	    "--B\nContent-Type: application/http\n\nDELETE /b/demo/o/x\n\n"
	    "--B\nContent-Type: application/http\n\nGET /b/demo/o/y\n\n--B--";
	char text[1024];
	size_t n;

	snprintf(text, sizeof(text),
	    "POST /batch/storage/v1 HTTP/1.1\r\nHost: x\r\n"
	    "Content-Type: multipart/mixed; boundary=B\r\n"
	    "Content-Length: %zu\r\n\r\n%s",
	    strlen(body), body);
	n = sim_client_raw(world.client, text, strlen(text));
	sim_client_run(world.client);
	return sim_client_answer(world.client, n);
}

START_TEST(parts_of_a_batch_are_met_one_by_one)
{
	const struct sim_answer *a;

	start_with(
	    "DELETE 503 acted=yes\nGET cut at=0; GET lost; * skew by=1s");
	put("x");
	put("y");
	a = ask_batch();
	ck_assert_int_eq(a->status, 200);
	ck_assert(has(a, "HTTP/1.1 503"));
	ck_assert(has(a, "HTTP/1.1 200"));
	ck_assert(has(a, "X-Sim-Fault: r1"));
	ck_assert(!sim_has(world.sim, "demo", "x"));
	ck_assert_uint_eq(sim_faults_fired(world.sim, "r1"), 1);
	ck_assert_uint_eq(sim_faults_fired(world.sim, "r2"), 0);
	ck_assert_uint_eq(sim_faults_fired(world.sim, "r3"), 0);
	/* Of the batch itself, and of the uploads. */
	ck_assert_uint_eq(sim_faults_fired(world.sim, "r4"), 3);
	stop();
	start_with("GET reset");
	a = ask_batch();
	ck_assert_int_eq(a->status, 0);
	stop();
	start_with("OTHER 503");
	put("x");
	ck_assert_int_eq(ask_batch()->status, 503);
	ck_assert(sim_has(world.sim, "demo", "x"));
	stop();
}
END_TEST

START_TEST(the_xml_api_is_met_by_the_same_rules)
{
	const struct sim_answer *a;

	start_with("storage.objects.get 503 times=1\n"
		   "storage.objects.list cut at=5");
	a = get("/demo/x");
	ck_assert_int_eq(a->status, 503);
	ck_assert(has(a, "<Error>"));
	a = get("/demo");
	ck_assert_str_eq(a->body.data, "<?xml");
	ck_assert(a->closed);
	stop();
}
END_TEST

int
main(void)
{
	return suite_run("sim_rules_wire",
	    a_status_comes_before_or_after_the_effect,
	    an_upload_may_end_when_so_many_bytes_are_here,
	    a_connection_may_end_without_an_answer, a_body_may_be_cut_or_late,
	    an_answer_may_lie, a_date_may_be_wrong,
	    parts_of_a_batch_are_met_one_by_one,
	    the_xml_api_is_met_by_the_same_rules, NULL);
}
