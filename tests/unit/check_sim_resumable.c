/* SPDX-License-Identifier: MIT */
/*
 * Resumable uploads over HTTP, in the dialects of clients: how they start, what
 * each form of Content-Range does, how they end.
 */
#include <stdio.h>
#include <string.h>

#include "tests/support/suite.h"
#include "tests/unit/sim_client.h"
#include "tests/unit/sim_resume.h"

START_TEST(a_start_says_where_to_go_on)
{
	static const char *const mounts[] = { "/upload/storage/v1",
		"/resumable/upload/storage/v1" };
	const struct sim_answer *a;
	char target[256], want[256];
	size_t i;

	resume_start();
	for (i = 0; i < 2; i++) {
		snprintf(target, sizeof(target),
		    "%s/b/demo/o?uploadType=resumable&name=dir/a%%20b",
		    mounts[i]);
		a = resume_ask("POST", target, "", "", 0);
		ck_assert_uint_eq(a->body.len, 0);
		snprintf(want, sizeof(want),
		    "%s/b/demo/o?uploadType=resumable&name=dir%%2Fa%%20b&"
		    "upload_id=",
		    mounts[i]);
		ck_assert_ptr_nonnull(strstr(resume_location(a), want));
		snprintf(want, sizeof(want), "X-GUploader-UploadID: %s",
		    strstr(resume_location(a), "upload_id=") + 10);
		ck_assert(sim_answer_has(a, want));
		ck_assert_ptr_null(
		    strstr(strstr(a->head.data, "X-GUploader-UploadID") + 1,
			"X-GUploader-UploadID"));
	}
	ck_assert_uint_eq(resume_objects(), 0);
	resume_stop();
}
END_TEST

START_TEST(chunks_of_a_known_size_become_an_object)
{
	const char *s;

	resume_start();
	s = resume_begin("name=x", "X-Upload-Content-Type: a/b\r\n", "");
	resume_expect_held(resume_put(s, "*/*", 0, 0), 0);
	resume_expect_held(resume_put(s, "0-262143/524293", 0, RESUME_CHUNK),
	    RESUME_CHUNK);
	resume_expect_held(resume_put(s, "*/524293", 0, 0), RESUME_CHUNK);
	resume_expect_held(resume_put(s, "262144-524287/524293", RESUME_CHUNK,
			       RESUME_CHUNK),
	    2 * RESUME_CHUNK);
	ck_assert_uint_eq(resume_objects(), 0);
	resume_expect(resume_put(s, "524288-524292/524293", 2 * RESUME_CHUNK,
			  5),
	    200, "\"contentType\": \"a/b\"");
	resume_expect_object(2 * RESUME_CHUNK + 5);
	resume_expect(resume_put(s, "*/*", 0, 0), 200, "\"size\": \"524293\"");
	resume_expect(resume_put(s, "0-262143/*", 0, RESUME_CHUNK), 200,
	    "\"name\": \"x\"");
	resume_expect(resume_put(s, "*/7", 0, 0), 200, "\"md5Hash\": ");
	resume_stop();
}
END_TEST

START_TEST(chunks_of_an_unknown_size_become_an_object)
{
	const char *s;

	resume_start();
	s = resume_begin("", "", "{\"name\":\"x\"}");
	resume_expect_held(resume_put(s, "0-524287/*", 0, 2 * RESUME_CHUNK),
	    2 * RESUME_CHUNK);
	resume_expect(resume_put(s, "524288-524290/524291", 2 * RESUME_CHUNK,
			  3),
	    200, "\"x\"");
	resume_expect_object(2 * RESUME_CHUNK + 3);
	s = resume_begin("name=x", "", "");
	resume_expect_held(resume_put(s, "0-262143/*", 0, RESUME_CHUNK),
	    RESUME_CHUNK);
	resume_expect_held(resume_put(s, "*/262145", 0, 0), RESUME_CHUNK);
	resume_expect_held(resume_put(s, "*/1", 0, 0), RESUME_CHUNK);
	resume_expect(resume_put(s, "*/262144", 0, 0), 200,
	    "\"size\": \"262144\"");
	resume_expect_object(RESUME_CHUNK);
	s = resume_begin("name=x", "", "");
	resume_expect(resume_put(s, "*/0", 0, 0), 200, "\"size\": \"0\"");
	resume_expect_object(0);
	resume_stop();
}
END_TEST

START_TEST(the_whole_may_come_at_once)
{
	static const char chunked[] =
	    "PUT %s HTTP/1.1\r\nHost: storage.test\r\n"
	    "Content-Range: bytes 0-*/*\r\n"
	    "Transfer-Encoding: chunked\r\n\r\n"
	    "3\r\n%.3s\r\n2\r\n%.2s\r\n0\r\n\r\n";
	char request[1024];
	const char *s;

	resume_start();
	s = resume_begin("name=x", "", "");
	resume_expect(resume_ask("PUT", s, "", resume_bytes, 5), 200,
	    "\"size\": \"5\"");
	resume_expect_object(5);
	s = resume_begin("name=x", "", "");
	resume_expect(resume_put(s, "0-6/7", 0, 7), 200, "\"size\": \"7\"");
	resume_expect_object(7);
	s = resume_begin("name=x", "", "");
	snprintf(request, sizeof(request), chunked, s, resume_bytes,
	    resume_bytes + 3);
	resume_expect(resume_raw(request), 200, "\"5\"");
	resume_expect_object(5);
	s = resume_begin("name=x", "", "");
	resume_expect_held(resume_put(s, "0-262143/*", 0, RESUME_CHUNK),
	    RESUME_CHUNK);
	resume_expect(resume_put(s, "262144-*/*", RESUME_CHUNK, 9), 200,
	    "\"262153\"");
	resume_expect_object(RESUME_CHUNK + 9);
	s = resume_begin("name=x", "", "");
	resume_expect(resume_put(s, "0-*/*", 0, 0), 200, "\"size\": \"0\"");
	s = resume_begin("name=x", "", "");
	resume_expect_held(resume_put(s, "0-262143/*", 0, RESUME_CHUNK),
	    RESUME_CHUNK);
	resume_expect(resume_ask("PUT", s, "", resume_bytes, RESUME_CHUNK + 2),
	    200, "\"262146\"");
	resume_expect_object(RESUME_CHUNK + 2);
	resume_expect(resume_ask("POST", s, "", "", 0), 200, "\"262146\"");
	resume_stop();
}
END_TEST

/* As many bytes as were announced are all, whoever says so. */
START_TEST(an_announced_size_ends_the_upload)
{
	static const char announced[] = "X-Upload-Content-Length: 262149\r\n";
	const char *s;

	resume_start();
	s = resume_begin("name=x", announced, "");
	resume_expect_held(resume_put(s, "0-262143/*", 0, RESUME_CHUNK),
	    RESUME_CHUNK);
	resume_expect(resume_put(s, "262144-262148/*", RESUME_CHUNK, 5), 200,
	    "\"262149\"");
	resume_expect_object(RESUME_CHUNK + 5);
	s = resume_begin("name=x", announced, "");
	resume_expect(resume_put(s, "0-4/5", 0, 5), 400,
	    "the final size of the upload is 5 byte(s). This does not match "
	    "the expected size of 262149 byte(s)");
	resume_expect(resume_put(s, "0-*/*", 0, 5), 400,
	    "final size of the upload is 5 ");
	resume_expect(resume_ask("PUT", s, "", resume_bytes, 5), 400,
	    "final size");
	resume_expect(resume_put(s, "0-262149/*", 0, RESUME_CHUNK + 6), 400,
	    "is 262150 byte(s)");
	resume_expect_held(resume_put(s, "*/*", 0, 0), 0);
	resume_expect_held(resume_put(s, "0-262143/262149", 0, RESUME_CHUNK),
	    RESUME_CHUNK);
	resume_expect(resume_put(s, "262144-262150/262151", RESUME_CHUNK, 7),
	    400, "final size");
	resume_expect(resume_put(s, "262144-262148/262149", RESUME_CHUNK, 5),
	    200, "\"262149\"");
	resume_expect_object(RESUME_CHUNK + 5);
	resume_expect(
	    resume_ask("POST",
		"/upload/storage/v1/b/demo/o?uploadType=resumable&name=y",
		"X-Upload-Content-Length: -1\r\n", "", 0),
	    400, "Invalid value for the header X-Upload-Content-Length");
	resume_stop();
}
END_TEST

START_TEST(bytes_that_are_held_already_are_passed_over)
{
	const char *s;

	resume_start();
	s = resume_begin("name=x", "", "");
	resume_expect_held(resume_put(s, "0-524287/*", 0, 2 * RESUME_CHUNK),
	    2 * RESUME_CHUNK);
	resume_expect_held(resume_put(s, "0-262143/*", 0, RESUME_CHUNK),
	    2 * RESUME_CHUNK);
	resume_expect_held(resume_put(s, "262144-786431/*", RESUME_CHUNK,
			       2 * RESUME_CHUNK),
	    3 * RESUME_CHUNK);
	resume_expect(resume_put(s, "524288-786440/786441", 2 * RESUME_CHUNK,
			  RESUME_CHUNK + 9),
	    200, "\"786441\"");
	resume_expect_object(3 * RESUME_CHUNK + 9);
	resume_stop();
}
END_TEST

START_TEST(only_whole_chunks_are_kept_in_between)
{
	const struct sim_answer *a;
	const char *s;

	resume_start();
	s = resume_begin("name=x", "", "");
	resume_expect_held(resume_put(s, "0-262243/*", 0, RESUME_CHUNK + 100),
	    RESUME_CHUNK);
	a = resume_put(s, "262244-524387/*", RESUME_CHUNK + 100, RESUME_CHUNK);
	resume_expect(a, 503,
	    "Invalid request.  According to the Content-Range header, the "
	    "upload offset is 262244 byte(s), which exceeds already uploaded "
	    "size of 262144 byte(s).");
	ck_assert(sim_answer_has(a, "Content-Type: text/plain; charset=utf-8"));
	a = resume_put(s, "262144-262643/700000", RESUME_CHUNK, 500);
	resume_expect(a, 400,
	    "Invalid request.  The number of bytes uploaded is required to be "
	    "equal or greater than 262144, except for the final request (it's "
	    "recommended to be the exact multiple of 262144).  The received "
	    "request contained 500 bytes, which does not meet this "
	    "requirement.");
	ck_assert(sim_answer_has(a, "Content-Type: text/plain; charset=utf-8"));
	resume_expect_held(resume_put(s, "*/*", 0, 0), RESUME_CHUNK);
	resume_stop();
}
END_TEST

START_TEST(what_does_not_fit_changes_nothing)
{
	const char *s;

	resume_start();
	s = resume_begin("name=x", "", "");
	resume_expect_held(resume_put(s, "0-262143/*", 0, RESUME_CHUNK),
	    RESUME_CHUNK);
	resume_expect(resume_put(s, "262144-262150/262151", RESUME_CHUNK, 6),
	    400,
	    "request has 7 byte(s). The received request contained 6 bytes.");
	resume_expect(resume_put(s, "*/*", 0, 3), 400,
	    "Client sent query request with a non-empty body.");
	resume_expect(resume_put(s, "0-4/5", 0, 5), 400, "is 5 byte(s)");
	resume_expect_held(resume_put(s, "*/*", 0, 0), RESUME_CHUNK);
	resume_expect(resume_put(s, "bytes 0-4/5", 0, 5), 400,
	    "Failed to parse Content-Range header.");
	resume_expect(resume_put(s, "*/*", 0, 0), 404, "No such upload");
	ck_assert_uint_eq(resume_objects(), 0);
	resume_stop();
}
END_TEST

START_TEST(clients_that_cannot_take_a_308_ask_for_another)
{
	static const char header[] = "X-GUploader-No-308: yes\r\n"
				     "Content-Range: bytes 0-262143/*\r\n";
	const struct sim_answer *a;
	const char *s;

	resume_start();
	s = resume_begin("name=x", "", "");
	a = resume_ask("POST", s, header, resume_bytes, RESUME_CHUNK);
	ck_assert_int_eq(a->status, 200);
	ck_assert(sim_answer_has(a, "X-HTTP-Status-Code-Override: 308"));
	ck_assert(sim_answer_has(a, "\r\nRange: bytes=0-262143"));
	ck_assert_uint_eq(a->body.len, 0);
	a = resume_put(s, "262144-262144/262145", RESUME_CHUNK, 1);
	resume_expect(a, 200, "\"262145\"");
	ck_assert_ptr_null(strstr(a->head.data, "Override"));
	resume_stop();
}
END_TEST

START_TEST(a_session_that_is_cancelled_stays_so)
{
	char target[1024];
	const char *s;

	resume_start();
	s = resume_begin("name=x", "", "");
	resume_expect_held(resume_put(s, "0-262143/*", 0, RESUME_CHUNK),
	    RESUME_CHUNK);
	ck_assert_int_eq(resume_ask("DELETE", s, "", "", 0)->status, 499);
	ck_assert_int_eq(resume_ask("DELETE", s, "", "", 0)->status, 499);
	ck_assert_int_eq(resume_put(s, "*/*", 0, 0)->status, 499);
	ck_assert_int_eq(resume_put(s, "262144-262148/262149", RESUME_CHUNK, 5)
			     ->status,
	    499);
	snprintf(target, sizeof(target), "%sx", s);
	resume_expect(resume_put(target, "*/*", 0, 0), 404, "No such upload");
	resume_expect(resume_ask("DELETE", target, "", "", 0), 404,
	    "No such upload");
	resume_expect(resume_put("/upload/storage/v1/b/demo/o?name=x", "*/*", 0,
			  0),
	    404, "No such upload");
	s = resume_begin("name=x", "", "");
	resume_expect(resume_put(s, "0-4/5", 0, 5), 200, "\"5\"");
	resume_expect(resume_ask("DELETE", s, "", "", 0), 200, "\"5\"");
	resume_stop();
}
END_TEST

START_TEST(conditions_hold_at_the_end_and_not_at_the_start)
{
	char first[1024], second[1024];

	resume_start();
	snprintf(first, sizeof(first), "%s",
	    resume_begin("name=x&ifGenerationMatch=0&fields=name", "", ""));
	snprintf(second, sizeof(second), "%s",
	    resume_begin("name=x&ifGenerationMatch=0", "", ""));
	ck_assert_str_eq(resume_put(first, "0-4/5", 0, 5)->body.data,
	    "{\n  \"name\": \"x\"\n}\n");
	resume_expect(resume_put(second, "0-5/6", 0, 6), 412,
	    "conditionNotMet");
	resume_expect(resume_put(resume_begin("name=x&ifGenerationMatch=0", "",
				     ""),
			  "0-6/7", 0, 7),
	    412, "conditionNotMet");
	resume_expect_object(5);
	resume_ask("DELETE", "/b/demo/o/x", "", "", 0);
	resume_expect(resume_put(second, "*/6", 0, 0), 200, "\"6\"");
	resume_stop();
}
END_TEST

START_TEST(what_is_held_is_refused_when_the_last_byte_comes)
{
	static const char free_it[] = "{\"temporaryHold\":false}";
	const char *s;

	resume_start();
	s = resume_begin("name=x", "", "{\"temporaryHold\":true}");
	resume_expect(resume_put(s, "0-4/5", 0, 5), 200,
	    "\"temporaryHold\": true");
	s = resume_begin("name=x", "", "");
	resume_expect_held(resume_put(s, "0-262143/262145", 0, RESUME_CHUNK),
	    RESUME_CHUNK);
	resume_expect(resume_put(s, "262144-262144/262145", RESUME_CHUNK, 1),
	    403, "under active Temporary hold");
	resume_expect_object(5);
	resume_ask("PATCH", "/b/demo/o/x", "", free_it, strlen(free_it));
	resume_expect(resume_put(s, "262144-262144/262145", RESUME_CHUNK, 1),
	    200, "\"262145\"");
	resume_expect_object(RESUME_CHUNK + 1);
	resume_stop();
}
END_TEST

START_TEST(hashes_may_be_promised_at_the_start_and_at_the_end)
{
	static const char md5[] = "{\"md5Hash\":\"AAAAAAAAAAAAAAAAAAAAAA==\"}";
	static const char crc[] = "Content-Range: bytes 0-4/5\r\n"
				  "X-Goog-Hash: crc32c=AAAAAA==\r\n";
	const char *s;

	resume_start();
	s = resume_begin("name=x", "", md5);
	resume_expect(resume_put(s, "0-4/5", 0, 5), 400, "Provided MD5 hash");
	resume_expect(resume_put(s, "*/*", 0, 0), 404, "No such upload");
	s = resume_begin("name=x", "", "");
	resume_expect(resume_ask("PUT", s, crc, resume_bytes, 5), 400,
	    "Provided CRC32C");
	s = resume_begin("name=x", "X-Goog-Hash: md5=AAAA\r\n", "");
	resume_expect(resume_put(s, "0-4/5", 0, 5), 400, "Provided MD5 hash");
	ck_assert_uint_eq(resume_objects(), 0);
	resume_stop();
}
END_TEST

START_TEST(starts_are_refused_as_inserts_are)
{
	static const char path[] = "/upload/storage/v1/b/%s/o?%s";
	static const struct {
		const char *bucket, *query, *body;
		int status;
		const char *why;
	} rows[] = {
		{ "nope", "uploadType=resumable&name=x", "", 404,
		    "The specified bucket does not exist." },
		{ "demo", "uploadType=resumable", "", 400,
		    "Required parameter: name" },
		{ "demo", "uploadType=resumable&name=..", "", 400,
		    "object name is not valid" },
		{ "demo", "uploadType=resumable&name=x", "[]", 400,
		    "Parse Error" },
		{ "demo", "uploadType=resumable&name=x", "{\"name\":", 400,
		    "Parse Error" },
		{ "demo", "uploadType=resumable&name=x&ifGenerationMatch=z", "",
		    400, "generation" },
	};
	char target[256];
	size_t i;

	resume_start();
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(target, sizeof(target), path, rows[i].bucket,
		    rows[i].query);
		resume_expect(resume_ask("POST", target, "", rows[i].body,
				  strlen(rows[i].body)),
		    rows[i].status, rows[i].why);
	}
	resume_stop();
}
END_TEST

START_TEST(a_session_goes_with_its_bucket)
{
	static const char bucket[] = "{\"name\":\"other\"}";
	const struct sim_answer *a;
	char target[1024];

	resume_start();
	resume_ask("POST", "/b?project=p", "", bucket, strlen(bucket));
	a = resume_ask("POST",
	    "/upload/storage/v1/b/other/o?uploadType=resumable&name=x", "", "",
	    0);
	snprintf(target, sizeof(target), "%s", resume_location(a));
	resume_expect_held(resume_put(target, "*/*", 0, 0), 0);
	ck_assert_int_eq(resume_ask("DELETE", "/b/other", "", "", 0)->status,
	    204);
	resume_ask("POST", "/b?project=p", "", bucket, strlen(bucket));
	resume_expect(resume_put(target, "0-4/5", 0, 5), 404, "No such upload");
	resume_stop();
}
END_TEST

int
main(void)
{
	return suite_run("sim_resumable", a_start_says_where_to_go_on,
	    chunks_of_a_known_size_become_an_object,
	    chunks_of_an_unknown_size_become_an_object,
	    the_whole_may_come_at_once, an_announced_size_ends_the_upload,
	    bytes_that_are_held_already_are_passed_over,
	    only_whole_chunks_are_kept_in_between,
	    what_does_not_fit_changes_nothing,
	    clients_that_cannot_take_a_308_ask_for_another,
	    a_session_that_is_cancelled_stays_so,
	    conditions_hold_at_the_end_and_not_at_the_start,
	    what_is_held_is_refused_when_the_last_byte_comes,
	    hashes_may_be_promised_at_the_start_and_at_the_end,
	    starts_are_refused_as_inserts_are, a_session_goes_with_its_bucket,
	    NULL);
}
