/* SPDX-License-Identifier: MIT */
/* Batches: the dialects of clients, what each part costs, and bad ones. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/batch.h"
#include "sim/sim.h"
#include "src/base/buf.h"
#include "src/base/mem.h"
#include "tests/support/suite.h"
#include "tests/unit/sim_client.h"

#define TYPE "multipart/mixed; boundary=B"

/* --- the reader --- */

/* The body in memory of just its size, so that a look too far is seen. */
static const char *
parse(struct batch *b, const char *type, const char *body)
{
	static char *copy;
	size_t n = strlen(body);

	free(copy);
	copy = mem_alloc(n > 0 ? n : 1);
	memcpy(copy, body, n);
	batch_init(b);
	return batch_parse(b, type, copy, n);
}

static void
check_two(const struct batch *b)
{
	const struct batch_part *p = b->parts.v;

	ck_assert_uint_eq(b->parts.n, 2);
	ck_assert_ptr_null(p[0].fault);
	ck_assert_str_eq(p[0].id, "a+1");
	ck_assert_int_eq(p[0].method, HTTP_DELETE);
	ck_assert_str_eq(p[0].target, "/storage/v1/b/B/o/x?generation=1");
	ck_assert_uint_eq(p[0].body_n, 0);
	ck_assert_str_eq(batch_header(b, &p[0], "x-one"), "1 and 2");
	ck_assert_ptr_null(batch_header(b, &p[0], "X-Two"));
	ck_assert_ptr_null(p[1].fault);
	ck_assert_ptr_null(p[1].id);
	ck_assert_int_eq(p[1].method, HTTP_PATCH);
	ck_assert_str_eq(p[1].target, "/storage/v1/b/B/o/y");
	ck_assert_uint_eq(p[1].body_n, 2);
	ck_assert_mem_eq(p[1].body, "{}", 2);
	ck_assert_ptr_null(batch_header(b, &p[1], "X-One"));
}

START_TEST(lines_end_in_crlf_or_in_lf_alone)
{
	struct batch b;

	ck_assert_ptr_null(parse(&b, TYPE,
	    "preamble\r\n--B\r\nContent-Type: application/http\r\n"
	    "Content-ID: <a+1>\r\n\r\n"
	    "DELETE /storage/v1/b/B/o/x?generation=1 HTTP/1.1\r\n"
	    "X-One:\t1 and 2 \r\n\r\n\r\n--B\r\n"
	    "content-type: application/http; msgtype=request\r\n\r\n"
	    "PATCH https://storage.test/storage/v1/b/B/o/y HTTP/1.1\r\n"
	    "Content-Length: 2\r\nContent-Type: application/json\r\n\r\n"
	    "{}\r\n\r\n--B--\r\n"));
	check_two(&b);
	batch_release(&b);
	ck_assert_ptr_null(parse(&b, "Multipart/Mixed; charset=x; boundary='B'",
	    "--B\nContent-Transfer-Encoding: binary\nContent-ID: a+1\n"
	    "Content-Type: application/http\n\n"
	    "DELETE /storage/v1/b/B/o/x?generation=1\nx-ONE: 1 and 2\n"
	    "--B\nContent-Type: application/http\n\n"
	    "PATCH http://h/storage/v1/b/B/o/y HTTP/1.1\n\n{}\n--B--"));
	check_two(&b);
	batch_release(&b);
}
END_TEST

START_TEST(a_batch_that_is_none_is_named)
{
	static const struct {
		const char *type, *body, *fault;
	} rows[] = {
		{ NULL, "", "multipart/mixed" },
		{ "multipart/related; boundary=B", "--B--", "multipart/mixed" },
		{ "multipart/mixedup; boundary=B", "--B--", "multipart/mixed" },
		{ "multipart/mixed", "--B--", "boundary" },
		{ TYPE, "", "Missing start boundary" },
		{ TYPE, "--B--", "at least one part" },
		{ TYPE, "--B\r\nContent-Type: application/http\r\n\r\nGET / ",
		    "Missing end boundary" },
		{ TYPE, "--B\r\nContent-Type\r\n\r\n\r\n--B--",
		    "Malformed headers" },
	};
	const char *fault;
	struct batch b;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		fault = parse(&b, rows[i].type, rows[i].body);
		ck_assert_msg(fault != NULL && strstr(fault, rows[i].fault),
		    "row %zu: %s", i, fault != NULL ? fault : "taken");
		batch_release(&b);
	}
}
END_TEST

START_TEST(a_part_that_is_wrong_is_wrong_alone)
{
	static const struct {
		const char *type, *request, *fault;
	} rows[] = {
		{ "text/plain", "GET /b HTTP/1.1", "application/http" },
		{ "application/https", "GET /b HTTP/1.1", "application/http" },
		{ "application/http", "", "must begin with a line" },
		{ "application/http", "GET", "must begin with a line" },
		{ "application/http", "GET b HTTP/1.1", "must begin" },
		{ "application/http", "GET http://h HTTP/1.1", "must begin" },
		{ "application/http", "GET /b HTTP/2", "must begin" },
		{ "application/http", "GET /b\001 HTTP/1.1", "must begin" },
		{ "application/http", "HEAD /b HTTP/1.1", "No such method" },
		{ "application/http", "GET /b HTTP/1.1\r\nNo colon",
		    "Malformed" },
		{ "application/http", "GET /b HTTP/1.1\r\nA b: c",
		    "Malformed" },
		{ "application/http", "GET /b HTTP/1.1\r\n: c", "Malformed" },
		{ "application/http",
		    "POST /b HTTP/1.1\r\nContent-Length: 3\r\n\r\nab",
		    "Content-Length" },
		{ "application/http",
		    "POST /b HTTP/1.1\r\nContent-Length: x\r\n\r\nab",
		    "Content-Length" },
		{ "application/http",
		    "POST /b HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0",
		    "Transfer-Encoding" },
	};
	char body[1000];
	struct batch b;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(body, sizeof(body),
		    "--B\r\nContent-Type: %s\r\n\r\n%s\r\n--B\r\n"
		    "Content-Type: application/http\r\n\r\nGET /b\r\n--B--",
		    rows[i].type, rows[i].request);
		ck_assert_ptr_null(parse(&b, TYPE, body));
		ck_assert_uint_eq(b.parts.n, 2);
		ck_assert_msg(b.parts.v[0].fault != NULL &&
			strstr(b.parts.v[0].fault, rows[i].fault),
		    "row %zu: %s", i,
		    b.parts.v[0].fault != NULL ? b.parts.v[0].fault : "taken");
		ck_assert_ptr_null(b.parts.v[1].fault);
		batch_release(&b);
	}
}
END_TEST

/* As long as those of a request: a token, a host or a condition of any length
 * would have to be kept somewhere. */
START_TEST(the_headers_of_a_part_are_as_long_as_those_of_a_request)
{
	static const char before[] = "--B\r\nContent-Type: application/http\r\n"
				     "\r\nGET /b\r\nA: ";
	char *body = mem_zalloc(2, HTTP_MAX_HEAD);
	size_t n = sizeof(before) - 1, value;
	struct batch b;

	for (value = HTTP_MAX_HEAD - 5; value <= HTTP_MAX_HEAD - 4; value++) {
		memcpy(body, before, n);
		memset(body + n, 'x', value);
		memcpy(body + n + value, "\r\n\r\n--B--", 10);
		ck_assert_ptr_null(parse(&b, TYPE, body));
		ck_assert_uint_eq(b.parts.n, 1);
		ck_assert_int_eq(b.parts.v[0].fault == NULL,
		    value == HTTP_MAX_HEAD - 5);
		batch_release(&b);
	}
	free(body);
}
END_TEST

START_TEST(the_batch_s_headers_are_its_parts_but_for_the_content_s)
{
	ck_assert(batch_is_shared("Authorization"));
	ck_assert(batch_is_shared("x-goog-user-project"));
	ck_assert(!batch_is_shared("Content-Type"));
	ck_assert(!batch_is_shared("content-length"));
	ck_assert(!batch_is_shared("transfer-encoding"));
}
END_TEST

/* --- over HTTP --- */

static struct sim_world world;

static void
start_with(const struct sim_opts *opts)
{
	sim_world_start(&world, LOOP_VIRTUAL, opts, 1);
}

static void
defaults(struct sim_opts *opts)
{
	sim_defaults(opts);
	opts->registry = "manifests=0";
}

static void
start(void)
{
	struct sim_opts opts;

	defaults(&opts);
	start_with(&opts);
}

static void
stop(void)
{
	sim_world_stop(&world);
}

static void
put(const char *name)
{
	char target[300];
	size_t number;

	snprintf(target, sizeof(target),
	    "/upload/storage/v1/b/demo/o?uploadType=media&name=%s", name);
	number = sim_client_ask(world.client, "POST", target, "x");
	sim_client_run(world.client);
	ck_assert_int_eq(sim_client_answer(world.client, number)->status, 200);
}

/* A part with that head behind its request line. */
static void
add(struct buf *body, const char *request, const char *rest)
{
	buf_addf(body,
	    "--B\r\nContent-Type: application/http\r\n"
	    "Content-ID: <%zu>\r\n\r\n%s HTTP/1.1\r\n%s\r\n",
	    body->len, request, rest);
}

static const struct sim_answer *
post(const char *target, const char *head, struct buf *body)
{
	struct buf request;
	size_t number;

	buf_adds(body, "--B--\r\n");
	buf_init(&request, 32 * 1024 * 1024);
	buf_addf(&request,
	    "POST %s HTTP/1.1\r\nHost: storage.test:4443\r\n%s"
	    "Content-Length: %zu\r\n\r\n",
	    target, head, body->len);
	buf_add(&request, body->data, body->len);
	number = sim_client_raw(world.client, request.data, request.len);
	sim_client_run(world.client);
	buf_release(&request);
	buf_clear(body);
	return sim_client_answer(world.client, number);
}

static const struct sim_answer *
batch(struct buf *body)
{
	return post("/batch/storage/v1", "Content-Type: " TYPE "\r\n", body);
}

/* The statuses of the parts, one behind the other. */
static const char *
statuses(const struct sim_answer *a)
{
	static char out[1000];
	const char *at = a->body.data;
	size_t n = 0;

	ck_assert_int_eq(a->status, 200);
	while ((at = strstr(at, "\r\nHTTP/1.1 ")) != NULL) {
		at += strlen("\r\nHTTP/1.1 ");
		n += (size_t)snprintf(out + n, sizeof(out) - n, "%.3s ", at);
	}
	out[n] = '\0';
	return out;
}

START_TEST(parts_are_answered_in_their_order_each_for_itself)
{
	const struct sim_answer *a;
	struct sim_counts counts;
	struct buf body;

	start();
	buf_init(&body, 100000);
	put("x");
	put("y");
	sim_reset_counts(world.sim);
	add(&body, "DELETE /storage/v1/b/demo/o/x", "\r\n");
	add(&body, "GET /storage/v1/b/demo/o/x", "\r\n");
	add(&body,
	    "GET http://elsewhere/b/demo/o/y?fields=name&prettyPrint=false",
	    "\r\n");
	add(&body, "PATCH /storage/v1/b/demo/o/y?fields=metadata",
	    "Content-Type: application/json\r\n\r\n"
	    "{\"metadata\":{\"k\":\"v\"}}");
	add(&body, "POST /storage/v1/b/demo/o/y",
	    "X-HTTP-Method-Override: PATCH\r\n\r\n{}");
	add(&body, "GET /storage/v1/b/nope/o", "\r\n");
	a = batch(&body);
	ck_assert_str_eq(statuses(a), "204 404 200 200 200 404 ");
	ck_assert_ptr_nonnull(
	    strstr(a->head.data, "Content-Type: multipart/mixed; boundary="));
	ck_assert_ptr_nonnull(strstr(a->body.data,
	    "Content-Type: application/http\r\n"
	    "Content-ID: <response-0>\r\n\r\n"
	    "HTTP/1.1 204 No Content\r\n"));
	ck_assert_ptr_nonnull(strstr(a->body.data,
	    "\r\nContent-Length: 13\r\n\r\n{\"name\":\"y\"}\n\r\n--batch_"));
	ck_assert_ptr_nonnull(strstr(a->body.data, "\"k\": \"v\""));
	ck_assert_ptr_nonnull(strstr(a->body.data, "No such object: demo/x"));
	ck_assert_ptr_nonnull(
	    strstr(a->body.data, "The specified bucket does not exist."));
	/* n requests in one count as n, and the one as another. */
	sim_counts(world.sim, &counts);
	ck_assert_uint_eq(counts.requests[SIM_DELETE], 1);
	ck_assert_uint_eq(counts.requests[SIM_GET], 2);
	ck_assert_uint_eq(counts.requests[SIM_PUT], 2);
	ck_assert_uint_eq(counts.requests[SIM_LIST], 1);
	ck_assert_uint_eq(counts.requests[SIM_OTHER], 1);
	ck_assert_uint_eq(counts.in_flight, 0);
	buf_release(&body);
	stop();
}
END_TEST

START_TEST(what_no_batch_may_hold_is_refused_part_by_part)
{
	const struct sim_answer *a;
	struct buf body;

	start();
	buf_init(&body, 100000);
	put("x");
	add(&body, "POST /upload/storage/v1/b/demo/o?uploadType=media&name=z",
	    "\r\nbytes");
	add(&body, "GET /storage/v1/b/demo/o/x?alt=media", "\r\n");
	add(&body, "POST /batch/storage/v1", "\r\n");
	add(&body, "GET /download/storage/v1/b/demo/o/x", "\r\n");
	add(&body, "GET /demo/x", "\r\n");
	add(&body, "GET /_sim/stats", "\r\n");
	add(&body, "FETCH /storage/v1/b/demo/o/x", "\r\n");
	add(&body, "GET /storage/v1/b/demo/o/%zz", "\r\n");
	add(&body, "GET /storage/v1/b/demo/o/x", "\r\n");
	a = batch(&body);
	ck_assert_str_eq(statuses(a), "400 400 400 400 400 400 400 400 200 ");
	ck_assert_ptr_nonnull(strstr(a->body.data, "takes no uploads"));
	ck_assert_ptr_nonnull(strstr(a->body.data, "takes no downloads"));
	ck_assert_ptr_nonnull(strstr(a->body.data, "takes no batches"));
	ck_assert_ptr_nonnull(strstr(a->body.data, "JSON API alone"));
	ck_assert_uint_eq(sim_objects(world.sim, "demo", NULL), 1);
	buf_release(&body);
	stop();
}
END_TEST

START_TEST(a_batch_is_refused_as_a_whole_when_it_cannot_be_read)
{
	const struct sim_answer *a;
	struct buf body;
	size_t i;

	start();
	buf_init(&body, 16 * 1024 * 1024);
	put("x");
	for (i = 0; i < 101; i++)
		add(&body, "DELETE /storage/v1/b/demo/o/x", "\r\n");
	a = batch(&body);
	ck_assert_int_eq(a->status, 400);
	ck_assert_ptr_nonnull(strstr(a->body.data, "at most 100 parts"));
	add(&body, "DELETE /storage/v1/b/demo/o/x", "\r\n");
	while (body.len <= BATCH_BYTES)
		buf_adds(&body, "far too much of it");
	a = batch(&body);
	ck_assert_int_eq(a->status, 413);
	a = post("/batch", "", &body);
	ck_assert_int_eq(a->status, 400);
	ck_assert_ptr_nonnull(strstr(a->body.data, "multipart/mixed"));
	ck_assert_int_eq(sim_client_get(world.client, "GET", "/batch")->status,
	    405);
	ck_assert_uint_eq(sim_objects(world.sim, "demo", NULL), 1);
	for (i = 0; i < 100; i++)
		add(&body, "GET /storage/v1/b/demo/o/x", "\r\n");
	ck_assert_uint_eq(strlen(statuses(batch(&body))), 400);
	buf_release(&body);
	stop();
}
END_TEST

START_TEST(each_part_takes_its_token_and_its_fault)
{
	const struct sim_fault fault = { SIM_DELETE, 1, 503, true };
	const struct sim_fault reset = { SIM_GET, 1, 0, false };
	const struct sim_answer *a;
	struct err err = ERR_INIT;
	struct sim_counts counts;
	struct sim_opts opts;
	struct buf body;

	defaults(&opts);
	opts.write_limit = 1;
	opts.burst = 4;
	start_with(&opts);
	buf_init(&body, 100000);
	put("x");
	put("y");
	ck_assert_int_eq(sim_fail_next(world.sim, &fault, &err), 0);
	add(&body, "DELETE /b/demo/o/x", "\r\n");
	add(&body, "DELETE /b/demo/o/y", "\r\n");
	add(&body, "DELETE /b/demo/o/z", "\r\n");
	a = batch(&body);
	ck_assert_str_eq(statuses(a), "503 204 429 ");
	ck_assert_ptr_nonnull(strstr(a->body.data, "rateLimitExceeded"));
	sim_counts(world.sim, &counts);
	ck_assert_uint_eq(counts.rejected, 1);
	ck_assert_uint_eq(counts.faults, 1);
	/* The fault had acted. */
	ck_assert_uint_eq(sim_objects(world.sim, "demo", NULL), 0);
	ck_assert_int_eq(sim_fail_next(world.sim, &reset, &err), 0);
	add(&body, "GET /b/demo/o/x", "\r\n");
	a = batch(&body);
	ck_assert_int_eq(a->status, 0);
	ck_assert(a->closed);
	buf_release(&body);
	stop();
}
END_TEST

START_TEST(a_batch_takes_as_long_as_the_longest_of_its_parts)
{
	const struct sim_answer *a;
	struct sim_opts opts;
	struct buf body;
	uint64_t before;
	int i;

	defaults(&opts);
	opts.kind_latency[SIM_OTHER] =
	    (struct sim_delay){ .shape = SIM_CONSTANT, .us = 1000 };
	opts.kind_latency[SIM_DELETE] =
	    (struct sim_delay){ .shape = SIM_CONSTANT, .us = 42000 };
	start_with(&opts);
	buf_init(&body, 100000);
	before = loop_now(world.loop);
	for (i = 0; i < 50; i++)
		add(&body, "DELETE /b/demo/o/x", "\r\n");
	a = batch(&body);
	ck_assert_int_eq(a->status, 200);
	ck_assert_uint_eq(loop_now(world.loop) - before, 42000);
	ck_assert(sim_answer_has(a,
	    "Server-Timing: sim;dur=42.0, limit;dur=0.0, "
	    "total;dur=42.0"));
	before = loop_now(world.loop);
	add(&body, "GET /b/demo/o/x", "\r\n");
	batch(&body);
	ck_assert_uint_eq(loop_now(world.loop) - before, 1000);
	buf_release(&body);
	stop();
}
END_TEST

int
main(void)
{
	return suite_run("sim_batch", lines_end_in_crlf_or_in_lf_alone,
	    a_batch_that_is_none_is_named, a_part_that_is_wrong_is_wrong_alone,
	    the_headers_of_a_part_are_as_long_as_those_of_a_request,
	    the_batch_s_headers_are_its_parts_but_for_the_content_s,
	    parts_are_answered_in_their_order_each_for_itself,
	    what_no_batch_may_hold_is_refused_part_by_part,
	    a_batch_is_refused_as_a_whole_when_it_cannot_be_read,
	    each_part_takes_its_token_and_its_fault,
	    a_batch_takes_as_long_as_the_longest_of_its_parts, NULL);
}
