/* SPDX-License-Identifier: MIT */
/* verdict: what each answer means, and what is said about it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/mem.h"
#include "tests/unit/gcs_world.h"

#define ENVELOPE(message, reason)                                          \
	"{\"error\":{\"code\":1,\"message\":\"" message                    \
	"\",\"errors\":[{\"message\":\"" message "\",\"reason\":\"" reason \
	"\"}]}}"

START_TEST(any_success_deletes)
{
	struct gcs_world w;

	gcs_world_init(&w);
	raw_server_answer(w.server, 204, "");
	ck_assert_int_eq(gcs_world_delete(&w), STORAGE_OK);
	ck_assert_int_eq(w.op.status, 204);
	ck_assert_int_eq(w.op.err.code, ERR_NONE);
	raw_server_answer(w.server, 200, "");
	ck_assert_int_eq(gcs_world_delete(&w), STORAGE_OK);
	raw_server_answer(w.server, 200, "<html>whatever</html>");
	ck_assert_int_eq(gcs_world_delete(&w), STORAGE_OK);
	gcs_world_release(&w);
}
END_TEST

START_TEST(each_refusal_has_its_verdict_and_is_tried_once)
{
	static const struct {
		int status;
		const char *body;
		enum storage_verdict verdict;
		enum err_code code;
		const char *words;
	} cases[] = {
		{ 404, ENVELOPE("No such object: demo/a/b", "notFound"),
		    STORAGE_GONE, ERR_NOT_FOUND,
		    "DELETE a/b: HTTP 404 notFound: No such object" },
		{ 404, "", STORAGE_GONE, ERR_NOT_FOUND, "HTTP 404" },
		{ 404,
		    ENVELOPE("The specified bucket does not exist.",
			"notFound"),
		    STORAGE_FAILED, ERR_NOT_FOUND,
		    "DELETE a/b: bucket demo does not exist" },
		{ 404, ENVELOPE("No such bucket: demo", "notFound"),
		    STORAGE_FAILED, ERR_NOT_FOUND,
		    "bucket demo does not exist" },
		{ 412,
		    ENVELOPE("At least one of the pre-conditions",
			"conditionNotMet"),
		    STORAGE_CHANGED, ERR_REFUSED, "HTTP 412 conditionNotMet" },
		{ 401, ENVELOPE("Invalid Credentials", "authError"),
		    STORAGE_DENIED, ERR_AUTH, "Invalid Credentials" },
		{ 403,
		    ENVELOPE("x does not have storage.objects.delete access",
			"forbidden"),
		    STORAGE_DENIED, ERR_DENIED,
		    "DELETE a/b: HTTP 403 forbidden: x does not have" },
		{ 403, "", STORAGE_DENIED, ERR_DENIED, "HTTP 403" },
		{ 403, ENVELOPE("Object is there", "retentionPolicyNotMet"),
		    STORAGE_HELD, ERR_DENIED, "retentionPolicyNotMet" },
		{ 403,
		    ENVELOPE(
			"Object 'demo/a/b' is subject to bucket's retention policy",
			"forbidden"),
		    STORAGE_HELD, ERR_DENIED, "retention policy" },
		{ 403,
		    ENVELOPE("Object is under active Event-Based hold.",
			"forbidden"),
		    STORAGE_HELD, ERR_DENIED, "Event-Based hold" },
		{ 403, ENVELOPE("no access to the household", "forbidden"),
		    STORAGE_DENIED, ERR_DENIED, "household" },
		{ 400, ENVELOPE("Bad", "invalid"), STORAGE_FAILED, ERR_PROTOCOL,
		    "HTTP 400 invalid: Bad" },
		{ 409, "", STORAGE_FAILED, ERR_PROTOCOL, "HTTP 409" },
		{ 301, "", STORAGE_FAILED, ERR_PROTOCOL, "never followed" },
		{ 307, "", STORAGE_FAILED, ERR_PROTOCOL, "never followed" },
		{ 501, "", STORAGE_FAILED, ERR_NET, "HTTP 501" },
	};
	struct gcs_world w;
	size_t i;

	gcs_world_init(&w);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		raw_server_answer(w.server, cases[i].status, cases[i].body);
		ck_assert_msg(gcs_world_delete(&w) == cases[i].verdict,
		    "case %zu: %s: %s", i, storage_verdict_name(w.op.verdict),
		    w.op.err.text);
		ck_assert_int_eq(w.op.status, cases[i].status);
		ck_assert_uint_eq(w.op.attempts, 1);
		gcs_world_says(&w, cases[i].code, cases[i].words);
	}
	gcs_world_release(&w);
}
END_TEST

START_TEST(any_404_of_a_listing_is_a_missing_bucket)
{
	struct gcs_world w;

	gcs_world_init(&w);
	raw_server_answer(w.server, 404, "Not Found");
	storage_ask_list(&w.op, "docker/", "");
	ck_assert_int_eq(gcs_world_run(&w), STORAGE_FAILED);
	gcs_world_says(&w, ERR_NOT_FOUND,
	    "LIST docker/: bucket demo does not exist");
	raw_server_answer(w.server, 404, "Not Found");
	storage_ask_list(&w.op, "", "");
	ck_assert_int_eq(gcs_world_run(&w), STORAGE_FAILED);
	gcs_world_says(&w, ERR_NOT_FOUND, "LIST (everything): bucket demo");
	gcs_world_release(&w);
}
END_TEST

START_TEST(the_name_of_an_object_cannot_speak_for_the_server)
{
	static const char *const names[] = { "No such bucket",
		"the bucket does not exist", "a hold", "retention policy" };
	struct gcs_world w;
	char body[200];
	size_t i;

	gcs_world_init(&w);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(body, sizeof(body), "No such object: B/%s", names[i]);
		raw_server_answer(w.server, 404, body);
		storage_ask_delete(&w.op, names[i]);
		ck_assert_int_eq(gcs_world_run(&w), STORAGE_GONE);
		snprintf(body, sizeof(body), "No access to B/%s", names[i]);
		raw_server_answer(w.server, 403, body);
		storage_ask_delete(&w.op, names[i]);
		ck_assert_int_eq(gcs_world_run(&w), STORAGE_DENIED);
	}
	gcs_world_release(&w);
}
END_TEST

START_TEST(a_very_long_name_leaves_room_for_the_cause)
{
	struct gcs_world w;
	char name[1001];

	gcs_world_init(&w);
	memset(name, 'n', 1000);
	strcpy(name + 996, "tail");
	name[3] = '\x1b';
	raw_server_answer(w.server, 403, ENVELOPE("Not yours", "forbidden"));
	storage_ask_delete(&w.op, name);
	ck_assert_int_eq(gcs_world_run(&w), STORAGE_DENIED);
	gcs_world_says(&w, ERR_DENIED, "tail: HTTP 403 forbidden: Not yours");
	gcs_world_says(&w, ERR_DENIED, "DELETE nnn?nnn");
	gcs_world_release(&w);
}
END_TEST

START_TEST(an_object_larger_than_allowed_is_not_read)
{
	struct gcs_world w;

	gcs_world_init(&w);
	raw_server_answer(w.server, 200, "12345678");
	storage_ask_get(&w.op, "a/b", 8);
	ck_assert_int_eq(gcs_world_run(&w), STORAGE_OK);
	ck_assert_str_eq(w.op.body.data, "12345678");
	raw_server_answer(w.server, 200, "123456789");
	storage_ask_get(&w.op, "a/b", 8);
	ck_assert_int_eq(gcs_world_run(&w), STORAGE_FAILED);
	ck_assert_uint_eq(w.op.attempts, 1);
	gcs_world_says(&w, ERR_PROTOCOL, "GET a/b: http://127.0.0.1:");
	gcs_world_says(&w, ERR_PROTOCOL, "over 8 bytes");
	gcs_world_release(&w);
}
END_TEST

START_TEST(an_error_larger_than_the_object_may_be_is_still_read)
{
	struct gcs_world w;

	gcs_world_init(&w);
	raw_server_answer(w.server, 404,
	    ENVELOPE("No such object: demo/a/b", "notFound"));
	storage_ask_get(&w.op, "a/b", 8);
	ck_assert_int_eq(gcs_world_run(&w), STORAGE_GONE);
	ck_assert_uint_eq(w.op.body.len, 0);
	gcs_world_release(&w);
}
END_TEST

START_TEST(an_odd_page_fails_and_leaves_nothing_behind)
{
	static const struct {
		const char *body, *words;
	} cases[] = {
		{ "{\"items\":[{\"name\":\"a/1\",\"generation\":\"1\","
		  "\"size\":\"1\"},{\"name\":\"b\"}]}",
		    "LIST a/: items[1].name is outside" },
		{ "{\"items\":[{\"name\":\"a/1\",\"gener", "not JSON" },
		{ "{\"nextPageToken\":\"t\"}", "token of this page again" },
		{ "<html>portal</html>", "not JSON" },
		{ "", "not JSON" },
	};
	struct gcs_world w;
	size_t i;

	gcs_world_init(&w);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		raw_server_answer(w.server, 200, cases[i].body);
		storage_ask_list(&w.op, "a/", "t");
		ck_assert_int_eq(gcs_world_run(&w), STORAGE_FAILED);
		ck_assert_uint_eq(w.op.attempts, 1);
		ck_assert_uint_eq(w.op.page.objects.n, 0);
		ck_assert_uint_eq(w.op.page.next.len, 0);
		gcs_world_says(&w, ERR_PROTOCOL, cases[i].words);
	}
	gcs_world_release(&w);
}
END_TEST

START_TEST(a_page_larger_than_any_is_refused)
{
	size_t n = 16 * 1024 * 1024 + 1;
	char *body = mem_alloc(n + 1);
	char head[100];
	struct gcs_world w;
	struct buf reply;

	gcs_world_init(&w);
	memset(body, ' ', n);
	body[n] = '\0';
	snprintf(head, sizeof(head),
	    "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n", n);
	buf_init(&reply, 2 * n);
	buf_adds(&reply, head);
	buf_adds(&reply, body);
	raw_server_step(w.server, reply.data, 0, RAW_KEEP);
	storage_ask_list(&w.op, "", "");
	ck_assert_int_eq(gcs_world_run(&w), STORAGE_FAILED);
	gcs_world_says(&w, ERR_PROTOCOL, "over 16777216 bytes");
	buf_release(&reply);
	free(body);
	gcs_world_release(&w);
}
END_TEST

START_TEST(what_is_not_http_is_not_tried_again)
{
	struct gcs_world w;

	gcs_world_init(&w);
	raw_server_step(w.server, "SSH-2.0-x\r\n", 0, RAW_CLOSE);
	ck_assert_int_eq(gcs_world_delete(&w), STORAGE_FAILED);
	gcs_world_says(&w, ERR_PROTOCOL, "not HTTP/1.1");
	ck_assert_uint_eq(w.op.attempts, 1);
	gcs_world_release(&w);
}
END_TEST

int
main(void)
{
	return suite_run("gcs verdict", any_success_deletes,
	    each_refusal_has_its_verdict_and_is_tried_once,
	    any_404_of_a_listing_is_a_missing_bucket,
	    the_name_of_an_object_cannot_speak_for_the_server,
	    a_very_long_name_leaves_room_for_the_cause,
	    an_object_larger_than_allowed_is_not_read,
	    an_error_larger_than_the_object_may_be_is_still_read,
	    an_odd_page_fails_and_leaves_nothing_behind,
	    a_page_larger_than_any_is_refused,
	    what_is_not_http_is_not_tried_again, NULL);
}
