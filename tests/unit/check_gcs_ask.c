/* SPDX-License-Identifier: MIT */
/* ask: questions about a bucket, and every way in which none is answered. */
#include "src/gcs/ask.h"

#include <stdio.h>
#include <string.h>

#include "src/base/loop.h"
#include "src/gcs/bucket.h"
#include "tests/support/raw_server.h"
#include "tests/support/suite.h"

static struct loop *loop;
static struct raw_server *server;
static struct gcs_ask *ask;
static struct gcs_asked how;
static struct err err;

static void
begin(void)
{
	struct gcs_ask_opts opts = { .bucket = "demo" };

	loop = loop_new(LOOP_VIRTUAL);
	server = raw_server_start(loop);
	opts.base = raw_server_url(server);
	ask = gcs_ask_open(loop, &opts);
}

static void
end(void)
{
	gcs_ask_close(ask);
	raw_server_stop(server);
	loop_free(loop);
}

START_TEST(a_bucket_is_asked_for_what_is_read_of_it)
{
	struct gcs_bucket b;

	begin();
	raw_server_answer(server, 200,
	    "{\"name\":\"demo\",\"location\":\"EU\"}");
	ck_assert_int_eq(gcs_ask_bucket(ask, &b, &how, &err), 0);
	ck_assert_str_eq(b.location, "EU");
	ck_assert_int_eq(how.status, 200);
	ck_assert(strncmp(raw_server_head(server, 0),
		      "GET /storage/v1/b/demo?fields=name,location,", 44) == 0);
	ck_assert_int_eq(gcs_ask_bucket(ask, &b, &how, &err), 0);
	ck_assert_uint_eq(raw_server_connections(server), 1);
	end();
}
END_TEST

START_TEST(permissions_are_asked_for_by_name)
{
	static const char *const names[] = { "storage.objects.list",
		"storage.buckets.get" };
	bool has[2];

	begin();
	raw_server_answer(server, 200,
	    "{\"permissions\":[\"storage.buckets.get\"]}");
	ck_assert_int_eq(gcs_ask_permissions(ask, names, has, 2, &how, &err),
	    0);
	ck_assert(!has[0] && has[1]);
	ck_assert_ptr_nonnull(strstr(raw_server_head(server, 0),
	    "GET /storage/v1/b/demo/iam/testPermissions?"
	    "permissions=storage.objects.list&permissions="
	    "storage.buckets.get HTTP/1.1\r\n"));
	end();
}
END_TEST

START_TEST(one_name_or_a_page_behind_an_empty_one_is_something)
{
	static const struct {
		const char *page;
		bool is_any;
	} rows[] = { { "{\"kind\":\"storage#objects\"}", false },
		{ "{\"items\":[]}", false },
		{ "{\"items\":[{\"name\":\"a b/x\",\"generation\":\"1\","
		  "\"size\":\"0\"}]}",
		    true },
		{ "{\"nextPageToken\":\"t\"}", true } };
	bool is_any;
	size_t i;

	begin();
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		raw_server_reset(server);
		raw_server_answer(server, 200, rows[i].page);
		ck_assert_int_eq(gcs_ask_any(ask, "a b/", &is_any, &how, &err),
		    0);
		ck_assert(is_any == rows[i].is_any);
		ck_assert_ptr_nonnull(strstr(raw_server_head(server, 0),
		    "demo/o?maxResults=1&prefix=a%20b%2F&fields="));
	}
	raw_server_reset(server);
	raw_server_answer(server, 200, "{\"items\":7}");
	ck_assert_int_eq(gcs_ask_any(ask, "", &is_any, &how, &err), -1);
	ck_assert_int_eq(err.code, ERR_PROTOCOL);
	end();
}
END_TEST

START_TEST(each_refusal_has_its_cause_and_is_not_asked_again)
{
	static const struct {
		int status;
		enum err_code code;
	} rows[] = { { 400, ERR_PROTOCOL }, { 401, ERR_AUTH },
		{ 403, ERR_DENIED }, { 404, ERR_NOT_FOUND },
		{ 408, ERR_THROTTLED }, { 429, ERR_THROTTLED },
		{ 500, ERR_NET }, { 503, ERR_THROTTLED }, { 204, ERR_PROTOCOL },
		{ 302, ERR_PROTOCOL } };
	struct gcs_bucket b;
	size_t i;

	begin();
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		raw_server_reset(server);
		raw_server_answer(server, rows[i].status,
		    rows[i].status == 204
			? ""
			: "{\"error\":{\"code\":1,\"message\":\"No way.\","
			  "\"errors\":[{\"reason\":\"because\"}]}}");
		ck_assert_int_eq(gcs_ask_bucket(ask, &b, &how, &err), -1);
		ck_assert_msg(err.code == rows[i].code, "%d: %d",
		    rows[i].status, (int)err.code);
		ck_assert_int_eq(how.status, rows[i].status);
		if (rows[i].status != 204)
			ck_assert_ptr_nonnull(
			    strstr(err.text, "because: No way."));
		ck_assert_uint_eq(raw_server_heads(server), 1);
	}
	end();
}
END_TEST

START_TEST(what_is_no_answer_is_an_error_and_the_next_is_heard)
{
	struct gcs_bucket b;

	begin();
	raw_server_step(server, "", 0, RAW_RESET);
	ck_assert_int_eq(gcs_ask_bucket(ask, &b, &how, &err), -1);
	ck_assert_int_eq(err.code, ERR_NET);
	ck_assert_int_eq(how.status, 0);
	raw_server_reset(server);
	raw_server_step(server, "", 0, RAW_STALL);
	ck_assert_int_eq(gcs_ask_bucket(ask, &b, &how, &err), -1);
	ck_assert_int_eq(err.code, ERR_NET);
	ck_assert_uint_eq(how.took_us, 30000000);
	raw_server_reset(server);
	raw_server_step(server, "garbage\r\n\r\n", 0, RAW_CLOSE);
	ck_assert_int_eq(gcs_ask_bucket(ask, &b, &how, &err), -1);
	ck_assert_int_eq(err.code, ERR_PROTOCOL);
	raw_server_reset(server);
	raw_server_answer(server, 200, "{\"name\":\"demo\"}");
	ck_assert_int_eq(gcs_ask_bucket(ask, &b, &how, &err), 0);
	end();
}
END_TEST

START_TEST(the_longest_project_is_named_whole)
{
	struct gcs_ask_opts opts = { .bucket = "demo" };
	char project[254], want[300];
	struct gcs_bucket b;
	struct gcs_ask *a;

	begin();
	memset(project, 'p', sizeof(project) - 1);
	project[sizeof(project) - 1] = '\0';
	snprintf(want, sizeof(want), "\r\nx-goog-user-project: %s\r\n",
	    project);
	opts.base = raw_server_url(server);
	opts.quota_project = project;
	a = gcs_ask_open(loop, &opts);
	raw_server_answer(server, 200, "{\"name\":\"demo\"}");
	ck_assert_int_eq(gcs_ask_bucket(a, &b, &how, &err), 0);
	ck_assert_ptr_nonnull(strstr(raw_server_head(server, 0), want));
	gcs_ask_close(a);
	end();
}
END_TEST

START_TEST(a_token_does_not_leave_by_plain_http)
{
	struct gcs_ask_opts opts = { .bucket = "demo",
		.authorization = "Authorization: Bearer canary" };
	struct gcs_bucket b;
	struct gcs_ask *a;

	begin();
	opts.base = raw_server_url(server);
	a = gcs_ask_open(loop, &opts);
	raw_server_answer(server, 200, "{\"name\":\"demo\"}");
	ck_assert_int_eq(gcs_ask_bucket(a, &b, &how, &err), -1);
	ck_assert_int_eq(err.code, ERR_AUTH);
	ck_assert_uint_eq(raw_server_connections(server), 0);
	gcs_ask_close(a);
	end();
}
END_TEST

int
main(void)
{
	return suite_run("gcs_ask", a_bucket_is_asked_for_what_is_read_of_it,
	    permissions_are_asked_for_by_name,
	    one_name_or_a_page_behind_an_empty_one_is_something,
	    each_refusal_has_its_cause_and_is_not_asked_again,
	    what_is_no_answer_is_an_error_and_the_next_is_heard,
	    the_longest_project_is_named_whole,
	    a_token_does_not_leave_by_plain_http, NULL);
}
