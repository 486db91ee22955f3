/* SPDX-License-Identifier: MIT */
/* retry_test: which request takes which instruction, and when a test is
 * completed; on the wire, by the virtual clock. */
#include "sim/retry_test.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/fault.h"
#include "sim/operations.h"
#include "sim/routes.h"
#include "sim/sim.h"
#include "sim/sim_opts.h"
#include "tests/support/suite.h"
#include "tests/unit/sim_client.h"
#include "tests/unit/sim_peer.h"

/* --- the tests themselves --- */

static struct retry_tests all;

static const char *
add(const char *method, const char *one, const char *two)
{
	struct retry_test *t = retry_test_new(false);
	struct retry_queue *q = retry_test_add(t, method);

	retry_queue_add(q, one);
	if (two != NULL)
		retry_queue_add(q, two);
	return retry_tests_add(&all, t)->id;
}

static const char *
find_id(const void *from, const char *name)
{
	return strcmp(name, "x-retry-test-id") == 0 ? from : NULL;
}

static bool
take(const char *id, enum operation op, struct fault *f)
{
	const struct ask_headers headers = { find_id, id, NULL };
	struct route route;
	struct fault_ask ask = { .route = &route, .headers = &headers };
	bool is_met;

	route_init(&route);
	route.op = op;
	is_met = retry_tests_take(&all, &ask, f);
	route_release(&route);
	return is_met;
}

static bool
is_completed(const char *id)
{
	return retry_tests_find(&all, id)->is_completed;
}

START_TEST(what_is_certain_is_dequeued_at_once)
{
	struct fault f;
	const char *id;
	char mark[FAULT_MARK_MAX];

	retry_tests_init(&all, 1);
	id = add("storage.objects.get", "return-503",
	    "return-reset-connection");
	snprintf(mark, sizeof(mark), "retry_test %s", id);
	ck_assert(!take(id, OP_OBJECT_LIST, &f));
	ck_assert(take(id, OP_OBJECT_GET, &f));
	ck_assert_int_eq(f.status, 503);
	ck_assert_uint_eq(f.ticket, 0);
	ck_assert_str_eq(f.mark, mark);
	ck_assert(!is_completed(id));
	ck_assert(take(id, OP_XML_GET, &f));
	ck_assert_int_eq(f.what, FAULT_RESET);
	ck_assert(is_completed(id));
	ck_assert(!take(id, OP_OBJECT_MEDIA, &f));
	retry_tests_release(&all);
}
END_TEST

START_TEST(what_is_not_certain_has_a_ticket_and_stays)
{
	struct fault f, other;
	const char *id;

	retry_tests_init(&all, 1);
	id = add("storage.objects.get", "return-broken-stream", "return-503");
	ck_assert(take(id, OP_OBJECT_MEDIA, &f));
	ck_assert(take(id, OP_OBJECT_MEDIA, &other));
	ck_assert_uint_ne(f.ticket, 0);
	ck_assert_uint_eq(f.ticket, other.ticket);
	ck_assert_str_eq(retry_tests_text(&all, f.ticket),
	    "return-broken-stream");
	ck_assert(retry_tests_settle(&all, f.ticket));
	/* It has happened to the first, so not to the second. */
	ck_assert_ptr_null(retry_tests_text(&all, other.ticket));
	ck_assert(!retry_tests_settle(&all, other.ticket));
	ck_assert(take(id, OP_OBJECT_MEDIA, &f));
	ck_assert_int_eq(f.status, 503);
	ck_assert(is_completed(id));
	retry_tests_release(&all);
}
END_TEST

START_TEST(a_ticket_of_a_test_that_was_deleted_is_void)
{
	struct fault f;
	const char *id;

	retry_tests_init(&all, 1);
	id = add("storage.objects.get", "return-broken-stream", NULL);
	ck_assert(take(id, OP_OBJECT_MEDIA, &f));
	ck_assert(retry_tests_remove(&all, id));
	ck_assert(!retry_tests_settle(&all, f.ticket));
	ck_assert(take("gone", OP_OBJECT_MEDIA, &f));
	ck_assert_int_eq(f.status, 404);
	ck_assert(f.is_no_test);
	ck_assert(!retry_tests_remove(&all, "gone"));
	retry_tests_release(&all);
}
END_TEST

START_TEST(a_test_is_completed_when_all_its_queues_are_empty)
{
	struct retry_test *t = retry_test_new(false);
	struct fault f;
	const char *id;

	retry_tests_init(&all, 1);
	retry_queue_add(retry_test_add(t, "storage.objects.get"), "return-500");
	retry_queue_add(retry_test_add(t, "storage.objects.list"),
	    "return-501");
	retry_test_add(t, "storage.objects.delete");
	id = retry_tests_add(&all, t)->id;
	ck_assert(!take(id, OP_OBJECT_DELETE, &f));
	ck_assert(take(id, OP_OBJECT_LIST, &f));
	ck_assert(!is_completed(id));
	ck_assert(take(id, OP_OBJECT_GET, &f));
	ck_assert(is_completed(id));
	retry_tests_release(&all);
}
END_TEST

START_TEST(ids_follow_from_the_seed_and_none_is_made_twice)
{
	char first[RETRY_ID_LEN + 1];
	uint64_t seed;
	size_t i, k;

	for (seed = 1; seed < 20; seed++) {
		retry_tests_init(&all, seed);
		for (i = 0; i < 50; i++)
			add("storage.objects.get", "return-503", NULL);
		for (i = 0; i < 50; i++) {
			ck_assert_uint_eq(strlen(all.all.v[i]->id),
			    RETRY_ID_LEN);
			for (k = 0; k < i; k++)
				ck_assert_str_ne(all.all.v[i]->id,
				    all.all.v[k]->id);
		}
		memcpy(first, all.all.v[0]->id, sizeof(first));
		retry_tests_release(&all);
		retry_tests_init(&all, seed);
		ck_assert_str_eq(add("storage.objects.get", "return-503", NULL),
		    first);
		retry_tests_release(&all);
	}
}
END_TEST

START_TEST(with_too_many_the_oldest_is_dropped)
{
	char first[RETRY_ID_LEN + 1], second[RETRY_ID_LEN + 1];
	int i;

	retry_tests_init(&all, 1);
	for (i = 0; i < RETRY_TESTS_MAX; i++)
		add("storage.objects.get", "return-503", NULL);
	memcpy(first, all.all.v[0]->id, sizeof(first));
	memcpy(second, all.all.v[1]->id, sizeof(second));
	add("storage.objects.get", "return-503", NULL);
	ck_assert_uint_eq(all.all.n, RETRY_TESTS_MAX);
	ck_assert_ptr_null(retry_tests_find(&all, first));
	ck_assert_ptr_nonnull(retry_tests_find(&all, second));
	retry_tests_release(&all);
}
END_TEST

/* --- on the wire --- */

static struct sim_world world;
static struct sim_peer peer;
static char id[RETRY_ID_LEN + 1];

static const struct sim_answer *
ask(const char *method, const char *target, const char *body)
{
	size_t n = sim_client_ask(world.client, method, target, body);

	sim_client_run(world.client);
	return sim_client_answer(world.client, n);
}

/* A test of these instructions, of one method. */
static void
plan(const char *method, const char *instructions)
{
	const struct sim_answer *a;
	char body[512];

	snprintf(body, sizeof(body), "{\"instructions\":{\"%s\":[%s]}}", method,
	    instructions);
	a = ask("POST", "/retry_test", body);
	ck_assert_int_eq(a->status, 200);
	snprintf(id, sizeof(id), "%s",
	    strstr(a->body.data, "\"id\":\"") + strlen("\"id\":\""));
}

static bool
is_done(void)
{
	char target[64];

	snprintf(target, sizeof(target), "/retry_test/%s", id);
	return strstr(ask("GET", target, NULL)->body.data,
		   "\"completed\":true") != NULL;
}

/* With the object demo/a of n bytes. */
static void
start_on(enum loop_clock clock, size_t n)
{
	struct sim_opts opts;
	char *bytes = malloc(n + 1);

	memset(bytes, 'x', n);
	bytes[n] = '\0';
	sim_defaults(&opts);
	opts.registry = "manifests=0";
	sim_world_start(&world, clock, &opts, 1);
	ck_assert_int_eq(ask("POST",
			     "/upload/storage/v1/b/demo/o?uploadType=media&"
			     "name=a",
			     bytes)
			     ->status,
	    200);
	free(bytes);
}

static void
start(size_t n)
{
	start_on(LOOP_VIRTUAL, n);
}

static void
stop(void)
{
	sim_world_stop(&world);
}

/* A download of demo/a under the test, by a client that looks at how it
 * ends. */
static void
download(void)
{
	char request[256];

	snprintf(request, sizeof(request),
	    "GET /b/demo/o/a?alt=media HTTP/1.1\r\nHost: x\r\n"
	    "Connection: close\r\nx-retry-test-id: %s\r\n\r\n",
	    id);
	sim_peer_open(&peer, world.loop, sim_url(world.sim));
	loop_sent(world.loop);
	sim_peer_say(&peer, request);
	sim_peer_hear_end(&peer);
	loop_settled(world.loop);
}

static size_t
body_of_peer(void)
{
	const char *body = strstr(peer.heard, "\r\n\r\n");

	return body != NULL ? strlen(body + 4) : 0;
}

START_TEST(a_reset_is_one_and_the_request_has_not_acted)
{
	start(8);
	plan("storage.objects.get", "\"return-reset-connection\"");
	download();
	ck_assert_int_eq(peer.error, ECONNRESET);
	ck_assert_uint_eq(peer.n, 0);
	sim_peer_close(&peer);
	ck_assert(is_done());
	stop();
}
END_TEST

START_TEST(a_broken_stream_ends_behind_its_first_bytes)
{
	static const struct {
		size_t size;
		const char *instruction;
		size_t heard;
		bool is_done;
	} rows[] = {
		{ 8, "\"return-broken-stream\"", 4, true },
		{ 4, "\"return-broken-stream\"", 4, true },
		{ 3, "\"return-broken-stream\"", 3, false },
		{ 0, "\"return-broken-stream\"", 0, false },
		{ 1500, "\"return-broken-stream-after-1K\"", 1024, true },
		{ 1024, "\"return-broken-stream-after-1K\"", 1024, true },
		{ 1023, "\"return-broken-stream-after-1K\"", 1023, false },
	};
	char length[64];
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		start(rows[i].size);
		plan("storage.objects.get", rows[i].instruction);
		download();
		snprintf(length, sizeof(length), "Content-Length: %zu\r\n",
		    rows[i].size);
		ck_assert_msg(strstr(peer.heard, length) != NULL, "%s",
		    peer.heard);
		ck_assert_uint_eq(body_of_peer(), rows[i].heard);
		ck_assert_int_eq(peer.error, 0);
		ck_assert((strstr(peer.heard, "X-Sim-Fault: retry_test ") !=
			      NULL) == rows[i].is_done);
		sim_peer_close(&peer);
		ck_assert(is_done() == rows[i].is_done);
		stop();
	}
}
END_TEST

START_TEST(a_download_stalls_where_it_was_told_to_and_once)
{
	uint64_t before;

	start(1500);
	plan("storage.objects.get", "\"stall-for-7s-after-1K\"");
	before = loop_now(world.loop);
	download();
	ck_assert_uint_eq(body_of_peer(), 1500);
	ck_assert_uint_eq(loop_now(world.loop), before + 7000000);
	sim_peer_close(&peer);
	ck_assert(is_done());
	download();
	ck_assert_uint_eq(loop_now(world.loop), before + 7000000);
	sim_peer_close(&peer);
	stop();
}
END_TEST

/* A request under the test, with a body of n bytes. */
static const struct sim_answer *
send_bytes(const char *method, const char *target, const char *range, size_t n)
{
	static char request[8192];
	int head = snprintf(request, sizeof(request) - n,
	    "%s %s HTTP/1.1\r\nHost: x\r\nx-retry-test-id: %s\r\n%s%s%s"
	    "Content-Length: %zu\r\n\r\n",
	    method, target, id, range != NULL ? "Content-Range: " : "",
	    range != NULL ? range : "", range != NULL ? "\r\n" : "", n);
	size_t number;

	memset(request + head, 'y', n);
	number = sim_client_raw(world.client, request, (size_t)head + n);
	sim_client_run(world.client);
	return sim_client_answer(world.client, number);
}

/* The target of a session's requests. */
static const char *
begin(const char *name)
{
	static char session[256];
	const struct sim_answer *a;
	const char *from;

	snprintf(session, sizeof(session),
	    "/upload/storage/v1/b/demo/o?uploadType=resumable&name=%s", name);
	a = send_bytes("POST", session, NULL, 0);
	from = strstr(a->head.data, "Location: http://x");
	ck_assert_msg(from != NULL, "%s", a->head.data);
	from += strlen("Location: http://x");
	snprintf(session, sizeof(session), "%.*s", (int)strcspn(from, "\r"),
	    from);
	return session;
}

START_TEST(an_upload_stalls_with_what_it_has_and_goes_on)
{
	const char *session;
	uint64_t before;

	start(0);
	plan("storage.objects.insert", "\"stall-for-7s-after-1K\"");
	session = begin("b");
	before = loop_now(world.loop);
	ck_assert_int_eq(send_bytes("PUT", session, NULL, 3000)->status, 200);
	ck_assert_uint_eq(loop_now(world.loop), before + 7000000);
	ck_assert(is_done());
	ck_assert(sim_has(world.sim, "demo", "b"));
	stop();
}
END_TEST

START_TEST(whoever_gives_up_a_stalled_upload_finds_what_was_kept)
{
	char request[2048];
	const struct sim_answer *a;
	const char *session;

	start_on(LOOP_REAL, 0);
	plan("storage.objects.insert", "\"stall-for-86400s-after-1K\"");
	session = begin("b");
	snprintf(request, sizeof(request),
	    "PUT %s HTTP/1.1\r\nHost: x\r\nx-retry-test-id: %s\r\n"
	    "Content-Length: 1030\r\n\r\n%01030d",
	    session, id, 0);
	sim_peer_open(&peer, world.loop, sim_url(world.sim));
	sim_peer_say(&peer, request);
	while (!is_done())
		;
	sim_peer_close(&peer);
	a = send_bytes("PUT", session, "bytes */1030", 0);
	ck_assert_int_eq(a->status, 308);
	ck_assert(sim_answer_has(a, "Range: bytes=0-1023"));
	ck_assert_int_eq(send_bytes("PUT", session, "bytes 1024-1029/1030", 6)
			     ->status,
	    200);
	stop();
}
END_TEST

START_TEST(an_upload_is_cut_whatever_its_pieces_are)
{
	static const struct {
		const char *range;
		size_t n;
		int status;
		const char *held; /* then */
	} rows[] = {
		{ NULL, 3000, 503, "Range: bytes=0-2047" },
		{ "bytes 0-2999/3000", 3000, 503, "Range: bytes=0-2047" },
		{ "bytes 0-2047/2048", 2048, 503, "Range: bytes=0-2047" },
		{ "bytes 0-*/*", 3000, 503, "Range: bytes=0-2047" },
	};
	const struct sim_answer *a;
	const char *session;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		start(0);
		plan("storage.objects.insert", "\"return-503-after-2K\"");
		session = begin("b");
		a = send_bytes("PUT", session, rows[i].range, rows[i].n);
		ck_assert_int_eq(a->status, rows[i].status);
		ck_assert(is_done());
		ck_assert(!sim_has(world.sim, "demo", "b"));
		a = send_bytes("PUT", session, "bytes */*", 0);
		if (rows[i].n > 2048) {
			ck_assert_int_eq(a->status, 308);
			ck_assert(sim_answer_has(a, rows[i].held));
		} else {
			ck_assert_int_eq(a->status, 200);
		}
		stop();
	}
}
END_TEST

START_TEST(an_upload_that_stays_below_meets_nothing)
{
	struct sim_counts counts;

	start(0);
	plan("storage.objects.insert", "\"return-503-after-2K\"");
	ck_assert_int_eq(send_bytes("PUT", begin("b"), NULL, 2047)->status,
	    200);
	ck_assert(!is_done());
	sim_counts(world.sim, &counts);
	ck_assert_uint_eq(counts.faults, 0);
	ck_assert_int_eq(send_bytes("PUT", begin("c"), NULL, 2048)->status,
	    503);
	sim_counts(world.sim, &counts);
	ck_assert_uint_eq(counts.faults, 1);
	stop();
}
END_TEST

START_TEST(the_parts_of_a_batch_take_instructions_too)
{
	static const char body[] =
	    "--B\r\nContent-Type: application/http\r\n\r\n"
	    "DELETE /storage/v1/b/demo/o/a HTTP/1.1\r\n\r\n\r\n"
	    "--B\r\nContent-Type: application/http\r\n\r\n"
	    "GET /storage/v1/b/demo/o/a HTTP/1.1\r\n\r\n\r\n--B--";
	const struct sim_answer *a;
	char request[1024];
	size_t number;

	start(8);
	plan("storage.objects.delete", "\"return-418\"");
	snprintf(request, sizeof(request),
	    "POST /batch/storage/v1 HTTP/1.1\r\nHost: x\r\n"
	    "Content-Type: multipart/mixed; boundary=B\r\n"
	    "x-retry-test-id: %s\r\nContent-Length: %zu\r\n\r\n%s",
	    id, strlen(body), body);
	number = sim_client_raw(world.client, request, strlen(request));
	sim_client_run(world.client);
	a = sim_client_answer(world.client, number);
	ck_assert_int_eq(a->status, 200);
	ck_assert_ptr_nonnull(strstr(a->body.data, "Caused a 418"));
	ck_assert_ptr_nonnull(strstr(a->body.data, "storage#object"));
	ck_assert(is_done());
	stop();
}
END_TEST

int
main(void)
{
	return suite_run("sim_retry", what_is_certain_is_dequeued_at_once,
	    what_is_not_certain_has_a_ticket_and_stays,
	    a_ticket_of_a_test_that_was_deleted_is_void,
	    a_test_is_completed_when_all_its_queues_are_empty,
	    ids_follow_from_the_seed_and_none_is_made_twice,
	    with_too_many_the_oldest_is_dropped,
	    a_reset_is_one_and_the_request_has_not_acted,
	    a_broken_stream_ends_behind_its_first_bytes,
	    a_download_stalls_where_it_was_told_to_and_once,
	    an_upload_stalls_with_what_it_has_and_goes_on,
	    whoever_gives_up_a_stalled_upload_finds_what_was_kept,
	    an_upload_is_cut_whatever_its_pieces_are,
	    an_upload_that_stays_below_meets_nothing,
	    the_parts_of_a_batch_take_instructions_too, NULL);
}
