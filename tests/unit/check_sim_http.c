/* SPDX-License-Identifier: MIT */
/* HTTP to a simulator on the real clock: heads, bodies, connections. */
#include <string.h>

#include "sim/sim.h"
#include "sim/http.h"
#include "tests/support/suite.h"
#include "tests/unit/sim_client.h"

static struct sim_world world;

static void
start_with(const struct sim_opts *opts, size_t connections)
{
	sim_world_start(&world, LOOP_REAL, opts, connections);
}

/* An empty bucket `demo`, no latency. */
static void
start(void)
{
	struct sim_opts opts;

	sim_defaults(&opts);
	opts.registry = "manifests=0";
	start_with(&opts, 1);
}

static void
stop(void)
{
	sim_world_stop(&world);
}

static const struct sim_answer *
ask(const char *method, const char *target)
{
	return sim_client_get(world.client, method, target);
}

static const struct sim_answer *
raw(const char *bytes)
{
	size_t number = sim_client_raw(world.client, bytes, strlen(bytes));

	sim_client_run(world.client);
	return sim_client_answer(world.client, number);
}

START_TEST(answers_carry_production_s_headers)
{
	const struct sim_answer *a;

	start();
	a = ask("GET", "/storage/v1/b/demo/o?");
	ck_assert_str_eq(a->body.data,
	    "{\n  \"kind\": \"storage#objects\"\n}\n");
	ck_assert(
	    sim_answer_has(a, "Content-Type: application/json; charset=UTF-8"));
	ck_assert(sim_answer_has(a, "Vary: Origin"));
	ck_assert(sim_answer_has(a, "Vary: X-Origin"));
	ck_assert(sim_answer_has(a,
	    "Cache-Control: no-cache, no-store, max-age=0, "
	    "must-revalidate"));
	ck_assert(sim_answer_has(a, "Expires: Mon, 01 Jan 1990 00:00:00 GMT"));
	ck_assert(sim_answer_has(a, "Server: UploadServer"));
	ck_assert_ptr_nonnull(strstr(a->head.data,
	    "\r\nServer-Timing: sim;dur=0.0, limit;dur=0.0, total;dur="));
	ck_assert_ptr_nonnull(
	    strstr(a->head.data, "\r\nX-GUploader-UploadID: "));
	ck_assert_ptr_nonnull(strstr(a->head.data, "\r\nDate: "));
	ck_assert(sim_answer_has(a, "Content-Length: 32"));
	stop();
}
END_TEST

START_TEST(requests_that_two_readers_could_read_in_two_ways_are_refused)
{
	static const char *const bad[] = {
		"nonsense\r\n\r\n",
		"GET /b HTTP/1.1\r\n\r\n", /* no Host */
		"POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n"
		"Content-Length: 4\r\n\r\n{}{}",
		"POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n"
		"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: +2\r\n\r\n{}",
		"POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: -2\r\n\r\n{}",
		"POST /b HTTP/1.1\r\nHost: x\r\nContent-Length : 2\r\n\r\n{}",
		"DELETE /b/demo/o/x HTTP/1.1\r\nHost: x\r\n"
		"Content-Length: 19\r\n\r\nGET /b HTTP/1.1\r\n\r\n",
		"GET /b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
		"\r\n0\r\n\r\n",
		"POST /b HTTP/1.1\r\nHost: x\r\n"
		"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
		"GET /b HTTP/1.1\nHost: x\n\n",
		"GET /b HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\n\r\n",
	};
	const struct sim_answer *a;
	struct sim_counts counts;
	size_t i;

	start();
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		a = raw(bad[i]);
		ck_assert_msg(a->status == 400 && a->closed, "%zu: %d", i,
		    a->status);
	}
	sim_counts(world.sim, &counts);
	ck_assert_uint_eq(counts.total, i);
	ck_assert_uint_eq(counts.requests[SIM_OTHER], i);
	ck_assert_uint_eq(counts.in_flight, 0);
	/* gcloud says so on every GET. */
	a = raw("GET /b HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
	ck_assert_int_eq(a->status, 200);
	stop();
}
END_TEST

START_TEST(heads_and_bodies_have_a_limit)
{
	const struct sim_answer *a;
	struct buf head;

	start();
	buf_init(&head, 1 << 20);
	buf_adds(&head, "GET /b HTTP/1.1\r\nHost: x\r\nX-Long: ");
	while (head.len < HTTP_MAX_HEAD + 1000)
		buf_adds(&head, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
	buf_adds(&head, "\r\n\r\n");
	a = raw(head.data);
	ck_assert_int_eq(a->status, 431);
	ck_assert(a->closed);
	a = raw("POST /upload/storage/v1/b/demo/o?uploadType=media&name=x "
		"HTTP/1.1\r\nHost: x\r\nContent-Length: 1073741825\r\n\r\n");
	ck_assert_int_eq(a->status, 413);
	ck_assert(a->closed);
	ck_assert_uint_eq(sim_objects(world.sim, "demo", NULL), 0);
	buf_release(&head);
	stop();
}
END_TEST

#define UPLOAD "POST /upload/storage/v1/b/demo/o?uploadType=media&name=x"
#define CHUNKS UPLOAD " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"

START_TEST(what_is_refused_is_told_as_it_was_answered)
{
	static const struct {
		const char *bytes;
		const char *told;
	} rows[] = {
		{ "GET http://x:99999/ HTTP/1.1\r\nHost: x\r\n\r\n",
		    "OTHER  400\n" },
		{ UPLOAD " HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n"
			 "Expect: 200-ok\r\n\r\nabc",
		    "OTHER  417\n" },
		{ UPLOAD " HTTP/1.1\r\nHost: x\r\n\r\n", "PUT x 411\n" },
		{ CHUNKS "\r\nzz\r\n", "PUT x 400\n" },
		{ CHUNKS "\r\n3\r\nabc\r\n-3\r\n", "PUT x 400\n" },
		{ CHUNKS "Expect: 100-continue\r\n\r\n40000001\r\n",
		    "PUT x 413\n" },
	};
	const struct sim_answer *a;
	size_t i;

	start();
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		a = raw(rows[i].bytes);
		ck_assert(a->closed);
		a = ask("GET", "/_sim/requests?format=text");
		ck_assert_str_eq(a->body.data, rows[i].told);
		ask("POST", "/_sim/reset");
	}
	stop();
}
END_TEST

START_TEST(a_chunked_body_is_put_together)
{
	const struct sim_answer *a;

	start();
	a = raw("POST /upload/storage/v1/b/demo/o?uploadType=media&name=x "
		"HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n"
		"Transfer-Encoding: chunked\r\n\r\n"
		"3\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n");
	ck_assert_int_eq(a->status, 200);
	ck_assert_ptr_nonnull(
	    strstr(a->body.data, "\"contentType\": \"text/plain\""));
	ck_assert_str_eq(ask("GET", "/b/demo/o/x?alt=media")->body.data,
	    "abc0123456789");
	stop();
}
END_TEST

START_TEST(a_large_body_goes_in_and_out)
{
	enum { SIZE = 3 * 1024 * 1024 };
	const struct sim_answer *a;
	struct buf request;
	size_t i, head;

	start();
	buf_init(&request, SIZE + 1024);
	buf_addf(&request,
	    UPLOAD " HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n", SIZE);
	head = request.len;
	for (i = 0; i < SIZE; i++)
		buf_addc(&request, (char)(i * i >> 7));
	sim_client_raw(world.client, request.data, request.len);
	sim_client_run(world.client);
	a = ask("GET", "/b/demo/o/x?alt=media");
	ck_assert_uint_eq(a->body.len, SIZE);
	ck_assert_mem_eq(a->body.data, request.data + head, SIZE);
	buf_release(&request);
	stop();
}
END_TEST

START_TEST(a_connection_serves_many_requests)
{
	struct sim_counts counts;
	int i;

	start();
	for (i = 0; i < 100; i++)
		ck_assert_int_eq(ask("DELETE", "/b/demo/o/x")->status, 404);
	sim_counts(world.sim, &counts);
	ck_assert_uint_eq(counts.requests[SIM_DELETE], 100);
	ck_assert_uint_eq(counts.total, 100);
	ck_assert_uint_eq(counts.connections, 1);
	ck_assert_uint_eq(counts.peak_in_flight, 1);
	stop();
}
END_TEST

START_TEST(control_requests_tell_and_are_not_counted)
{
	const struct sim_answer *a;
	struct sim_counts counts;

	start();
	ask("DELETE", "/b/demo/o/some%2Fname");
	ask("GET", "/b/demo/o?prefix=some%2F");
	a = ask("GET", "/_sim/requests?format=text");
	ck_assert_str_eq(a->body.data,
	    "DELETE some/name 404\nLIST some/ 200\n");
	a = ask("GET", "/_sim/stats");
	ck_assert_ptr_nonnull(strstr(a->body.data, "\"DELETE\": 1,"));
	ck_assert_ptr_nonnull(strstr(a->body.data, "\"total\": 2\n"));
	ck_assert_ptr_nonnull(strstr(a->body.data, "\"404\": 1"));
	ck_assert_str_eq(ask("GET", "/_sim/health")->body.data, "ok\n");
	ck_assert_int_eq(ask("POST", "/_sim/reset")->status, 204);
	sim_counts(world.sim, &counts);
	ck_assert_uint_eq(counts.total, 0);
	ck_assert_str_eq(ask("GET", "/_sim/requests")->body.data, "");
	stop();
}
END_TEST

START_TEST(beyond_the_cap_clients_are_sent_away)
{
	static const char request[] =
	    "GET /b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
	const struct sim_answer *a;
	struct sim_opts opts;
	struct sim_counts counts;
	size_t i, served = 0;

	sim_defaults(&opts);
	opts.max_connections = 3;
	opts.latency = sim_constant(1000);
	start_with(&opts, 20);
	for (i = 0; i < 60; i++)
		sim_client_raw(world.client, request, sizeof(request) - 1);
	sim_client_run(world.client);
	for (i = 0; i < 60; i++) {
		a = sim_client_answer(world.client, i);
		ck_assert(a->status == 200 || a->status == 503);
		ck_assert(a->closed);
		served += a->status == 200;
	}
	sim_counts(world.sim, &counts);
	ck_assert_uint_ge(served, 3);
	ck_assert_uint_eq(counts.connections, served);
	ck_assert_uint_eq(counts.refused, 60 - served);
	/* All were requests, so the audit adds up. */
	ck_assert_uint_eq(counts.total, 60);
	stop();
}
END_TEST

START_TEST(draining_ends_each_connection_with_its_answer)
{
	struct sim_opts opts;
	struct sim_counts counts;
	struct err err = ERR_INIT;
	size_t number;

	sim_defaults(&opts);
	opts.latency = sim_constant(20000);
	start_with(&opts, 1);
	number = sim_client_ask(world.client, "GET", "/b", NULL);
	sim_client_start(world.client);
	do {
		ck_assert_int_eq(loop_step(world.loop, &err), 0);
		sim_counts(world.sim, &counts);
	} while (counts.in_flight == 0);
	sim_drain(world.sim);
	ck_assert(!sim_is_drained(world.sim));
	sim_client_run(world.client);
	ck_assert_int_eq(sim_client_answer(world.client, number)->status, 200);
	ck_assert(sim_client_answer(world.client, number)->closed);
	ck_assert(sim_is_drained(world.sim));
	stop();
}
END_TEST

START_TEST(an_address_that_cannot_be_had_is_an_error)
{
	static const char *const bad[] = { "", "x", "127.0.0.1", ":0",
		"127.0.0.1:x", "127.0.0.1:65536", "host.example:1", "[::1:0" };
	struct sim_opts opts;
	struct err err = ERR_INIT;
	size_t i;

	start();
	sim_defaults(&opts);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		opts.listen = bad[i];
		ck_assert_ptr_null(sim_start_on(world.loop, &opts, &err));
		ck_assert_int_eq(err.code, ERR_USAGE);
	}
	opts.listen = sim_url(world.sim) + strlen("http://");
	ck_assert_ptr_null(sim_start_on(world.loop, &opts, &err));
	ck_assert_int_eq(err.code, ERR_NET);
	stop();
}
END_TEST

int
main(void)
{
	return suite_run("sim_http", answers_carry_production_s_headers,
	    requests_that_two_readers_could_read_in_two_ways_are_refused,
	    heads_and_bodies_have_a_limit,
	    what_is_refused_is_told_as_it_was_answered,
	    a_chunked_body_is_put_together, a_large_body_goes_in_and_out,
	    a_connection_serves_many_requests,
	    control_requests_tell_and_are_not_counted,
	    beyond_the_cap_clients_are_sent_away,
	    draining_ends_each_connection_with_its_answer,
	    an_address_that_cannot_be_had_is_an_error, NULL);
}
