/* SPDX-License-Identifier: MIT */
/* store: what is tried again, how often, what is counted, and what never
 * leaves. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/gcs_world.h"

START_TEST(rejections_are_tried_again_and_counted)
{
	struct gcs_world w;

	gcs_world_init(&w);
	raw_server_answer(w.server, 429, "");
	raw_server_answer(w.server, 503, "");
	raw_server_answer(w.server, 204, "");
	ck_assert_int_eq(gcs_world_delete(&w), STORAGE_OK);
	ck_assert_uint_eq(w.op.attempts, 3);
	ck_assert_uint_eq(w.op.rejected, 2);
	ck_assert_uint_eq(w.op.unanswered, 0);
	/* Two waits of at most 100 and 200 ms, on a clock that only they move. */
	ck_assert_uint_le(w.op.done_us - w.op.submitted_us, 300000);
	ck_assert_uint_gt(w.op.done_us, w.op.submitted_us);
	gcs_world_release(&w);
}
END_TEST

/* A 429 is no try; and a server that has never worked has no outage. */
START_TEST(after_eight_tries_or_thirty_two_rejections_it_is_given_up)
{
	struct gcs_world w;

	gcs_world_init(&w);
	raw_server_answer(w.server, 429,
	    "{\"error\":{\"message\":\"Slow down\",\"errors\":[{\"reason\":"
	    "\"rateLimitExceeded\"}]}}");
	ck_assert_int_eq(gcs_world_delete(&w), STORAGE_THROTTLED);
	ck_assert_uint_eq(w.op.attempts, 32);
	ck_assert_uint_eq(w.op.rejected, 32);
	gcs_world_says(&w, ERR_THROTTLED,
	    "DELETE a/b: HTTP 429 rateLimitExceeded: Slow down; 32 tries");
	gcs_world_reopen(&w);
	raw_server_answer(w.server, 500, "");
	ck_assert_int_eq(gcs_world_delete(&w), STORAGE_FAILED);
	ck_assert_uint_eq(w.op.attempts, 8);
	ck_assert_uint_eq(w.op.rejected, 0);
	gcs_world_says(&w, ERR_NET, "HTTP 500; 8 tries");
	raw_server_step(w.server, "", 0, RAW_RESET);
	ck_assert_int_eq(gcs_world_delete(&w), STORAGE_FAILED);
	ck_assert_uint_eq(w.op.unanswered, 8);
	gcs_world_says(&w, ERR_NET, "broke before an answer came; 8 tries");
	gcs_world_release(&w);
}
END_TEST

/* libcurl would send again by itself here, and count nothing. */
START_TEST(a_reset_on_a_reused_connection_is_counted_once)
{
	struct gcs_world w;
	int i;

	gcs_world_init(&w);
	for (i = 0; i < 50; i++) {
		raw_server_answer(w.server, 204, "");
		ck_assert_int_eq(gcs_world_delete(&w), STORAGE_OK);
		raw_server_step(w.server, "", 0, RAW_RESET);
		raw_server_answer(w.server, 404, "No such object: demo/a/b");
		ck_assert_int_eq(gcs_world_delete(&w), STORAGE_GONE);
		ck_assert_uint_eq(w.op.attempts, 2);
		ck_assert_uint_eq(w.op.unanswered, 1);
	}
	gcs_world_release(&w);
}
END_TEST

START_TEST(a_delete_without_generation_is_tried_once)
{
	struct gcs_world w;

	gcs_world_init(&w);
	raw_server_answer(w.server, 503, "");
	ck_assert_int_eq(gcs_world_delete_any(&w), STORAGE_THROTTLED);
	ck_assert_uint_eq(w.op.attempts, 1);
	gcs_world_says(&w, ERR_THROTTLED, "no generation was named");
	raw_server_answer(w.server, 204, "");
	ck_assert_int_eq(gcs_world_delete_any(&w), STORAGE_OK);
	raw_server_step(w.server, "", 0, RAW_RESET);
	ck_assert_int_eq(gcs_world_delete_any(&w), STORAGE_FAILED);
	ck_assert_uint_eq(w.op.attempts, 1);
	ck_assert_uint_eq(w.op.unanswered, 1);
	storage_ask_put(&w.op, "a/b", "x", 1);
	raw_server_answer(w.server, 503, "");
	ck_assert_int_eq(gcs_world_run(&w), STORAGE_THROTTLED);
	ck_assert_uint_eq(w.op.attempts, 1);
	gcs_world_release(&w);
}
END_TEST

START_TEST(the_policy_always_tries_it_again)
{
	struct gcs_world w;

	gcs_world_init(&w);
	w.opts.retry_always = true;
	gcs_world_reopen(&w);
	raw_server_answer(w.server, 503, "");
	raw_server_step(w.server, "", 0, RAW_RESET);
	raw_server_answer(w.server, 204, "");
	ck_assert_int_eq(gcs_world_delete_any(&w), STORAGE_OK);
	ck_assert_uint_eq(w.op.attempts, 3);
	gcs_world_release(&w);
}
END_TEST

START_TEST(reads_are_tried_again_when_they_stop_short)
{
	static const char cut[] =
	    "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{\"items\":";
	struct gcs_world w;

	gcs_world_init(&w);
	raw_server_step(w.server, cut, 0, RAW_CLOSE);
	raw_server_step(w.server, cut, 0, RAW_RESET);
	raw_server_answer(w.server, 200, "{}");
	storage_ask_list(&w.op, "", "");
	ck_assert_int_eq(gcs_world_run(&w), STORAGE_OK);
	ck_assert_uint_eq(w.op.attempts, 3);
	ck_assert_uint_eq(w.op.unanswered, 0);
	raw_server_step(w.server, cut, 0, RAW_CLOSE);
	raw_server_answer(w.server, 200, "whole");
	storage_ask_get(&w.op, "a/b", 100);
	ck_assert_int_eq(gcs_world_run(&w), STORAGE_OK);
	ck_assert_str_eq(w.op.body.data, "whole");
	ck_assert_uint_eq(w.op.attempts, 2);
	gcs_world_release(&w);
}
END_TEST

START_TEST(silence_is_a_lost_try)
{
	struct gcs_world w;

	gcs_world_init(&w);
	raw_server_step(w.server, "", 0, RAW_STALL);
	raw_server_step(w.server, "", 0, RAW_STALL);
	raw_server_answer(w.server, 204, "");
	ck_assert_int_eq(gcs_world_delete(&w), STORAGE_OK);
	ck_assert_uint_eq(w.op.attempts, 3);
	ck_assert_uint_eq(w.op.unanswered, 2);
	ck_assert_uint_ge(w.op.done_us - w.op.submitted_us, 60000000);
	ck_assert_uint_le(w.op.done_us - w.op.submitted_us, 60300000);
	gcs_world_release(&w);
}
END_TEST

START_TEST(a_refused_connection_names_the_endpoint)
{
	/* A port that was free a moment ago may be another test's by now. */
	static const char nobody[] = "http://127.0.0.1:1";
	struct gcs_world w;

	gcs_world_init(&w);
	w.opts.endpoint = nobody;
	gcs_world_reopen(&w);
	ck_assert_int_eq(gcs_world_delete(&w), STORAGE_FAILED);
	ck_assert_uint_eq(w.op.attempts, 0);
	ck_assert_uint_eq(w.op.unanswered, 0);
	gcs_world_says(&w, ERR_NET, nobody);
	gcs_world_says(&w, ERR_NET, "Connection refused; 8 tries");
	gcs_world_release(&w);
}
END_TEST

START_TEST(what_must_not_be_asked_never_leaves)
{
	static const char *const bad[] = { "", ".", "..", "a\nb", "a\rb" };
	char longer[1026];
	struct gcs_world w;
	size_t i;

	gcs_world_init(&w);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		storage_ask_delete(&w.op, bad[i]);
		ck_assert_int_eq(gcs_world_run(&w), STORAGE_FAILED);
		gcs_world_says(&w, ERR_REFUSED, "DELETE");
		storage_ask_get(&w.op, bad[i], 10);
		ck_assert_int_eq(gcs_world_run(&w), STORAGE_FAILED);
		storage_ask_put(&w.op, bad[i], "", 0);
		ck_assert_int_eq(gcs_world_run(&w), STORAGE_FAILED);
	}
	memset(longer, 'x', sizeof(longer));
	longer[1025] = '\0';
	storage_ask_delete(&w.op, longer);
	ck_assert_int_eq(gcs_world_run(&w), STORAGE_FAILED);
	ck_assert_uint_eq(w.op.attempts, 0);
	ck_assert_uint_eq(raw_server_connections(w.server), 0);
	gcs_world_release(&w);
}
END_TEST

START_TEST(a_name_that_does_not_even_fit_is_not_taken_for_none)
{
	char *huge = malloc(20001);
	struct gcs_world w;

	gcs_world_init(&w);
	memset(huge, 'x', 20000);
	huge[20000] = '\0';
	storage_ask_list(&w.op, huge, "");
	ck_assert_int_eq(gcs_world_run(&w), STORAGE_FAILED);
	gcs_world_says(&w, ERR_REFUSED, "1024 bytes");
	storage_ask_list(&w.op, "", huge);
	ck_assert_int_eq(gcs_world_run(&w), STORAGE_FAILED);
	gcs_world_says(&w, ERR_REFUSED, "token");
	ck_assert_uint_eq(raw_server_connections(w.server), 0);
	free(huge);
	gcs_world_release(&w);
}
END_TEST

START_TEST(the_guard_lets_no_delete_out_of_its_fold)
{
	static const char *const outside[] = { "a/b", "docker/registry/v",
		"docker/registry/v1/x", "xdocker/registry/v2/y",
		"Docker/registry/v2/y" };
	struct gcs_world w;
	size_t i;

	gcs_world_init(&w);
	w.opts.delete_under = "docker/registry/v2/";
	gcs_world_reopen(&w);
	for (i = 0; i < sizeof(outside) / sizeof(outside[0]); i++) {
		storage_ask_delete(&w.op, outside[i]);
		ck_assert_int_eq(gcs_world_run(&w), STORAGE_FAILED);
		gcs_world_says(&w, ERR_REFUSED, "outside of what may be");
	}
	raw_server_answer(w.server, 204, "");
	storage_ask_delete(&w.op, "docker/registry/v2/blobs/x");
	ck_assert_int_eq(gcs_world_run(&w), STORAGE_OK);
	raw_server_answer(w.server, 200, "hello");
	storage_ask_get(&w.op, "elsewhere", 10);
	ck_assert_int_eq(gcs_world_run(&w), STORAGE_OK);
	gcs_world_release(&w);
}
END_TEST

START_TEST(requests_are_spelt_as_gcs_wants_them)
{
	static const struct {
		enum storage_kind kind;
		uint64_t generation;
		const char *line;
	} cases[] = {
		{ STORAGE_LIST, 0,
		    "GET /storage/v1/b/demo/o?prefix=a%2F%20%2B%C3%A9"
		    "&pageToken=t%2F%3D&fields=nextPageToken,items(name,"
		    "generation,size,timeCreated)&prettyPrint=false"
		    "&maxResults=1000 HTTP/1.1\r\n" },
		{ STORAGE_GET, 0,
		    "GET /storage/v1/b/demo/o/a%2F%20%2B%C3%A9?alt=media "
		    "HTTP/1.1\r\n" },
		{ STORAGE_PUT, 0,
		    "POST /upload/storage/v1/b/demo/o?uploadType=media&name="
		    "a%2F%20%2B%C3%A9&fields=generation&prettyPrint=false "
		    "HTTP/1.1\r\n" },
		{ STORAGE_PUT, 5,
		    "POST /upload/storage/v1/b/demo/o?uploadType=media&name="
		    "a%2F%20%2B%C3%A9&fields=generation&prettyPrint=false"
		    "&ifGenerationMatch=5 HTTP/1.1\r\n" },
		{ STORAGE_DELETE, 0,
		    "DELETE /storage/v1/b/demo/o/a%2F%20%2B%C3%A9 "
		    "HTTP/1.1\r\n" },
		{ STORAGE_DELETE, UINT64_MAX,
		    "DELETE /storage/v1/b/demo/o/a%2F%20%2B%C3%A9"
		    "?ifGenerationMatch=18446744073709551615 HTTP/1.1\r\n" },
	};
	static const char name[] = "a/ +\xc3\xa9";
	struct gcs_world w;
	size_t i;

	gcs_world_init(&w);
	raw_server_answer(w.server, 200, "{\"generation\":\"1\"}");
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (cases[i].kind == STORAGE_LIST)
			storage_ask_list(&w.op, name, "t/=");
		else if (cases[i].kind == STORAGE_GET)
			storage_ask_get(&w.op, name, 100);
		else if (cases[i].kind == STORAGE_PUT)
			storage_ask_put(&w.op, name, "x", 1);
		else
			storage_ask_delete(&w.op, name);
		if (cases[i].generation != 0)
			storage_if_generation(&w.op, cases[i].generation);
		storage_submit(w.store, &w.op);
		ck_assert_ptr_eq(storage_reap(w.store), &w.op);
		ck_assert_msg(w.op.verdict == STORAGE_OK, "%s", w.op.err.text);
		ck_assert(strncmp(raw_server_head(w.server, i), cases[i].line,
			      strlen(cases[i].line)) == 0);
	}
	gcs_world_release(&w);
}
END_TEST

START_TEST(bad_options_are_refused_before_anything_happens)
{
	static const char *const buckets[] = { "", "ab", "UPPER", "a/b", "a?b",
		"..", "-ab", "abc.", "a b", NULL };
	struct err err = ERR_INIT;
	struct gcs_world w;
	struct gcs_opts opts;
	size_t i;

	gcs_world_init(&w);
	for (i = 0; i < sizeof(buckets) / sizeof(buckets[0]); i++) {
		opts = w.opts;
		opts.bucket = buckets[i];
		ck_assert_ptr_null(gcs_open(w.loop, &opts, &err));
		ck_assert_int_eq(err.code, ERR_USAGE);
	}
	opts = w.opts;
	opts.endpoint = NULL;
	ck_assert_ptr_null(gcs_open(w.loop, &opts, &err));
	opts.endpoint = "ftp://storage.googleapis.com:443";
	ck_assert_ptr_null(gcs_open(w.loop, &opts, &err));
	ck_assert_ptr_nonnull(
	    strstr(err.text, "only the schemes http and https"));
	ck_assert_uint_eq(gcs_connections(w.store), 4);
	gcs_world_release(&w);
}
END_TEST

/* The delays of 200 deletes that are all rejected twice, in order of name. */
static void
measure_delays(uint64_t seed, uint64_t delays[200])
{
	struct storage_op ops[200], *op;
	struct gcs_world w;
	char name[32];
	size_t i;

	gcs_world_init(&w);
	w.opts.seed = seed;
	w.opts.connections = 200;
	gcs_world_reopen(&w);
	for (i = 0; i < 400; i++)
		raw_server_answer(w.server, 503, "");
	raw_server_answer(w.server, 204, "");
	for (i = 0; i < 200; i++) {
		storage_op_init(&ops[i]);
		snprintf(name, sizeof(name), "object/%zu", i);
		storage_ask_delete(&ops[i], name);
		storage_if_generation(&ops[i], 1);
		storage_submit(w.store, &ops[i]);
	}
	while ((op = storage_reap(w.store)) != NULL)
		ck_assert_int_eq(op->verdict, STORAGE_OK);
	for (i = 0; i < 200; i++) {
		delays[i] = ops[i].attempts == 2
		    ? ops[i].done_us - ops[i].submitted_us
		    : 0;
		storage_op_release(&ops[i]);
	}
	gcs_world_release(&w);
}

START_TEST(the_jitter_is_the_seed_s_and_spreads)
{
	uint64_t a[200], b[200], c[200];
	size_t i, same = 0, near = 0, n = 0;

	measure_delays(1, a);
	measure_delays(1, b);
	measure_delays(2, c);
	for (i = 0; i < 200; i++) {
		/* Of those that both runs rejected just once. */
		if (a[i] != 0 && b[i] != 0) {
			ck_assert_uint_eq(a[i], b[i]);
			near += a[i] < 50000;
			n++;
		}
		same += a[i] != 0 && a[i] == c[i];
	}
	ck_assert_uint_lt(same, 5);
	if (n > 50)
		ck_assert(near > n / 5 && near < n * 4 / 5);
}
END_TEST

int
main(void)
{
	return suite_run("gcs store", rejections_are_tried_again_and_counted,
	    after_eight_tries_or_thirty_two_rejections_it_is_given_up,
	    a_reset_on_a_reused_connection_is_counted_once,
	    a_delete_without_generation_is_tried_once,
	    the_policy_always_tries_it_again,
	    reads_are_tried_again_when_they_stop_short, silence_is_a_lost_try,
	    a_refused_connection_names_the_endpoint,
	    what_must_not_be_asked_never_leaves,
	    a_name_that_does_not_even_fit_is_not_taken_for_none,
	    the_guard_lets_no_delete_out_of_its_fold,
	    requests_are_spelt_as_gcs_wants_them,
	    bad_options_are_refused_before_anything_happens,
	    the_jitter_is_the_seed_s_and_spreads, NULL);
}
