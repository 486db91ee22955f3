/* SPDX-License-Identifier: MIT */
/*
 * Resumable uploads over HTTP, in the dialects of clients: how they start, what
 * each form of Content-Range does, how they end.
 */
#include <stdio.h>
#include <string.h>

#include "sim/gcssim.h"
#include "src/base/mem.h"
#include "tests/support/suite.h"
#include "tests/unit/sim_client.h"

enum { CHUNK = 256 * 1024 };

static struct sim_world world;
static char bytes[4 * CHUNK + 1]; /* what is uploaded; no NUL but the last */

/* An empty bucket `demo`, no latency. */
static void
start(void)
{
	struct gcssim_opts opts;
	size_t i;

	gcssim_defaults(&opts);
	opts.registry = "manifests=0";
	sim_world_start(&world, LOOP_REAL, &opts, 1);
	for (i = 0; i < sizeof(bytes) - 1; i++)
		bytes[i] = (char)('a' + i * 7 / 3 % 26);
}

static void
stop(void)
{
	sim_world_stop(&world);
}

/* headers: lines that end in CRLF, or "". */
static const struct sim_answer *
ask(const char *method, const char *target, const char *headers,
    const char *body, size_t n)
{
	struct buf text;
	size_t number;

	buf_init(&text, 8 * CHUNK);
	buf_addf(&text,
	    "%s %s HTTP/1.1\r\nHost: storage.test:4443\r\n%s"
	    "Content-Length: %zu\r\n\r\n",
	    method, target, headers, n);
	buf_add(&text, body, n);
	number = sim_client_raw(world.client, text.data, text.len);
	buf_release(&text);
	sim_client_run(world.client);
	return sim_client_answer(world.client, number);
}

static const struct sim_answer *
get(const char *target)
{
	return ask("GET", target, "", "", 0);
}

/* Path and query of the session that the answer speaks of; static. */
static const char *
location(const struct sim_answer *a)
{
	static const char host[] = "\r\nLocation: http://storage.test:4443";
	static char target[1024];
	const char *at = strstr(a->head.data, host);

	ck_assert_msg(a->status == 200, "%d: %s", a->status, a->body.data);
	ck_assert_ptr_nonnull(at);
	at += sizeof(host) - 1;
	snprintf(target, sizeof(target), "%.*s", (int)strcspn(at, "\r"), at);
	return target;
}

/* The session of a start with these parameters, headers and metadata. */
static const char *
begin(const char *query, const char *headers, const char *metadata)
{
	char target[512];

	snprintf(target, sizeof(target),
	    "/upload/storage/v1/b/demo/o?uploadType=resumable&%s", query);
	return location(
	    ask("POST", target, headers, metadata, strlen(metadata)));
}

/* n of the bytes from `from` on, with that Content-Range. */
static const struct sim_answer *
put(const char *session, const char *range, size_t from, size_t n)
{
	char header[128];

	snprintf(header, sizeof(header), "Content-Range: bytes %s\r\n", range);
	return ask("PUT", session, header, bytes + from, n);
}

/* Held: how many bytes the 308 speaks of. */
static void
ck_held(const struct sim_answer *a, size_t held)
{
	char line[64];

	ck_assert_msg(a->status == 308, "%d: %s", a->status, a->body.data);
	snprintf(line, sizeof(line), "\r\nRange: bytes=0-%zu", held - 1);
	if (held == 0)
		ck_assert_ptr_null(strstr(a->head.data, "\r\nRange:"));
	else
		ck_assert_msg(sim_answer_has(a, line), "%s", a->head.data);
	ck_assert_uint_eq(a->body.len, 0);
}

static void
ck_has(const struct sim_answer *a, int status, const char *text)
{
	ck_assert_msg(a->status == status, "%d: %s", a->status, a->body.data);
	ck_assert_msg(strstr(a->body.data, text) != NULL, "%s", a->body.data);
}

/* The object x is the first n bytes. */
static void
ck_object(size_t n)
{
	const struct sim_answer *a = get("/b/demo/o/x?alt=media");

	ck_assert_int_eq(a->status, 200);
	ck_assert_uint_eq(a->body.len, n);
	ck_assert_mem_eq(a->body.data, bytes, n);
}

START_TEST(a_start_says_where_to_go_on)
{
	static const char *const mounts[] = { "/upload/storage/v1",
		"/resumable/upload/storage/v1" };
	const struct sim_answer *a;
	char target[256], want[256];
	size_t i;

	start();
	for (i = 0; i < 2; i++) {
		snprintf(target, sizeof(target),
		    "%s/b/demo/o?uploadType=resumable&name=dir/a%%20b",
		    mounts[i]);
		a = ask("POST", target, "", "", 0);
		ck_assert_uint_eq(a->body.len, 0);
		snprintf(want, sizeof(want),
		    "%s/b/demo/o?uploadType=resumable&name=dir%%2Fa%%20b&"
		    "upload_id=",
		    mounts[i]);
		ck_assert_ptr_nonnull(strstr(location(a), want));
		snprintf(want, sizeof(want), "X-GUploader-UploadID: %s",
		    strstr(location(a), "upload_id=") + 10);
		ck_assert(sim_answer_has(a, want));
		ck_assert_ptr_null(
		    strstr(strstr(a->head.data, "X-GUploader-UploadID") + 1,
			"X-GUploader-UploadID"));
	}
	ck_assert_uint_eq(gcssim_objects(world.sim, "demo", NULL), 0);
	stop();
}
END_TEST

START_TEST(chunks_of_a_known_size_become_an_object)
{
	const char *s;

	start();
	s = begin("name=x", "X-Upload-Content-Type: a/b\r\n", "");
	ck_held(put(s, "*/*", 0, 0), 0);
	ck_held(put(s, "0-262143/524293", 0, CHUNK), CHUNK);
	ck_held(put(s, "*/524293", 0, 0), CHUNK);
	ck_held(put(s, "262144-524287/524293", CHUNK, CHUNK), 2 * CHUNK);
	ck_assert_uint_eq(gcssim_objects(world.sim, "demo", NULL), 0);
	ck_has(put(s, "524288-524292/524293", 2 * CHUNK, 5), 200,
	    "\"contentType\": \"a/b\"");
	ck_object(2 * CHUNK + 5);
	ck_has(put(s, "*/*", 0, 0), 200, "\"size\": \"524293\"");
	ck_has(put(s, "0-262143/*", 0, CHUNK), 200, "\"name\": \"x\"");
	ck_has(put(s, "*/7", 0, 0), 200, "\"md5Hash\": ");
	stop();
}
END_TEST

START_TEST(chunks_of_an_unknown_size_become_an_object)
{
	const char *s;

	start();
	s = begin("", "", "{\"name\":\"x\"}");
	ck_held(put(s, "0-524287/*", 0, 2 * CHUNK), 2 * CHUNK);
	ck_has(put(s, "524288-524290/524291", 2 * CHUNK, 3), 200, "\"x\"");
	ck_object(2 * CHUNK + 3);
	s = begin("name=x", "", "");
	ck_held(put(s, "0-262143/*", 0, CHUNK), CHUNK);
	ck_held(put(s, "*/262145", 0, 0), CHUNK);
	ck_held(put(s, "*/1", 0, 0), CHUNK);
	ck_has(put(s, "*/262144", 0, 0), 200, "\"size\": \"262144\"");
	ck_object(CHUNK);
	s = begin("name=x", "", "");
	ck_has(put(s, "*/0", 0, 0), 200, "\"size\": \"0\"");
	ck_object(0);
	stop();
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
	size_t number;
	const char *s;

	start();
	s = begin("name=x", "", "");
	ck_has(ask("PUT", s, "", bytes, 5), 200, "\"size\": \"5\"");
	ck_object(5);
	s = begin("name=x", "", "");
	ck_has(put(s, "0-6/7", 0, 7), 200, "\"size\": \"7\"");
	ck_object(7);
	s = begin("name=x", "", "");
	snprintf(request, sizeof(request), chunked, s, bytes, bytes + 3);
	number = sim_client_raw(world.client, request, strlen(request));
	sim_client_run(world.client);
	ck_has(sim_client_answer(world.client, number), 200, "\"5\"");
	ck_object(5);
	s = begin("name=x", "", "");
	ck_held(put(s, "0-262143/*", 0, CHUNK), CHUNK);
	ck_has(put(s, "262144-*/*", CHUNK, 9), 200, "\"262153\"");
	ck_object(CHUNK + 9);
	s = begin("name=x", "", "");
	ck_has(put(s, "0-*/*", 0, 0), 200, "\"size\": \"0\"");
	s = begin("name=x", "", "");
	ck_held(put(s, "0-262143/*", 0, CHUNK), CHUNK);
	ck_has(ask("PUT", s, "", bytes, CHUNK + 2), 200, "\"262146\"");
	ck_object(CHUNK + 2);
	ck_has(ask("POST", s, "", "", 0), 200, "\"262146\"");
	stop();
}
END_TEST

/* As many bytes as were announced are all, whoever says so. */
START_TEST(an_announced_size_ends_the_upload)
{
	static const char announced[] = "X-Upload-Content-Length: 262149\r\n";
	const char *s;

	start();
	s = begin("name=x", announced, "");
	ck_held(put(s, "0-262143/*", 0, CHUNK), CHUNK);
	ck_has(put(s, "262144-262148/*", CHUNK, 5), 200, "\"262149\"");
	ck_object(CHUNK + 5);
	s = begin("name=x", announced, "");
	ck_has(put(s, "0-4/5", 0, 5), 400,
	    "the final size of the upload is 5 byte(s). This does not match "
	    "the expected size of 262149 byte(s)");
	ck_has(put(s, "0-*/*", 0, 5), 400, "final size of the upload is 5 ");
	ck_has(ask("PUT", s, "", bytes, 5), 400, "final size");
	ck_has(put(s, "0-262149/*", 0, CHUNK + 6), 400, "is 262150 byte(s)");
	ck_held(put(s, "*/*", 0, 0), 0);
	ck_held(put(s, "0-262143/262149", 0, CHUNK), CHUNK);
	ck_has(put(s, "262144-262150/262151", CHUNK, 7), 400, "final size");
	ck_has(put(s, "262144-262148/262149", CHUNK, 5), 200, "\"262149\"");
	ck_object(CHUNK + 5);
	ck_has(ask("POST",
		   "/upload/storage/v1/b/demo/o?uploadType=resumable&name=y",
		   "X-Upload-Content-Length: -1\r\n", "", 0),
	    400, "Invalid value for the header X-Upload-Content-Length");
	stop();
}
END_TEST

START_TEST(bytes_that_are_held_already_are_passed_over)
{
	const char *s;

	start();
	s = begin("name=x", "", "");
	ck_held(put(s, "0-524287/*", 0, 2 * CHUNK), 2 * CHUNK);
	ck_held(put(s, "0-262143/*", 0, CHUNK), 2 * CHUNK);
	ck_held(put(s, "262144-786431/*", CHUNK, 2 * CHUNK), 3 * CHUNK);
	ck_has(put(s, "524288-786440/786441", 2 * CHUNK, CHUNK + 9), 200,
	    "\"786441\"");
	ck_object(3 * CHUNK + 9);
	stop();
}
END_TEST

START_TEST(only_whole_chunks_are_kept_in_between)
{
	const struct sim_answer *a;
	const char *s;

	start();
	s = begin("name=x", "", "");
	ck_held(put(s, "0-262243/*", 0, CHUNK + 100), CHUNK);
	a = put(s, "262244-524387/*", CHUNK + 100, CHUNK);
	ck_has(a, 503,
	    "Invalid request.  According to the Content-Range header, the "
	    "upload offset is 262244 byte(s), which exceeds already uploaded "
	    "size of 262144 byte(s).");
	ck_assert(sim_answer_has(a, "Content-Type: text/plain; charset=utf-8"));
	a = put(s, "262144-262643/700000", CHUNK, 500);
	ck_has(a, 400,
	    "Invalid request.  The number of bytes uploaded is required to be "
	    "equal or greater than 262144, except for the final request (it's "
	    "recommended to be the exact multiple of 262144).  The received "
	    "request contained 500 bytes, which does not meet this "
	    "requirement.");
	ck_assert(sim_answer_has(a, "Content-Type: text/plain; charset=utf-8"));
	ck_held(put(s, "*/*", 0, 0), CHUNK);
	stop();
}
END_TEST

START_TEST(what_does_not_fit_changes_nothing)
{
	const char *s;

	start();
	s = begin("name=x", "", "");
	ck_held(put(s, "0-262143/*", 0, CHUNK), CHUNK);
	ck_has(put(s, "262144-262150/262151", CHUNK, 6), 400,
	    "request has 7 byte(s). The received request contained 6 bytes.");
	ck_has(put(s, "*/*", 0, 3), 400,
	    "Client sent query request with a non-empty body.");
	ck_has(put(s, "0-4/5", 0, 5), 400, "is 5 byte(s)");
	ck_held(put(s, "*/*", 0, 0), CHUNK);
	ck_has(put(s, "bytes 0-4/5", 0, 5), 400,
	    "Failed to parse Content-Range header.");
	ck_has(put(s, "*/*", 0, 0), 404, "No such upload");
	ck_assert_uint_eq(gcssim_objects(world.sim, "demo", NULL), 0);
	stop();
}
END_TEST

START_TEST(clients_that_cannot_take_a_308_ask_for_another)
{
	static const char header[] = "X-GUploader-No-308: yes\r\n"
				     "Content-Range: bytes 0-262143/*\r\n";
	const struct sim_answer *a;
	const char *s;

	start();
	s = begin("name=x", "", "");
	a = ask("POST", s, header, bytes, CHUNK);
	ck_assert_int_eq(a->status, 200);
	ck_assert(sim_answer_has(a, "X-HTTP-Status-Code-Override: 308"));
	ck_assert(sim_answer_has(a, "\r\nRange: bytes=0-262143"));
	ck_assert_uint_eq(a->body.len, 0);
	a = put(s, "262144-262144/262145", CHUNK, 1);
	ck_has(a, 200, "\"262145\"");
	ck_assert_ptr_null(strstr(a->head.data, "Override"));
	stop();
}
END_TEST

START_TEST(a_session_that_is_cancelled_stays_so)
{
	char target[1024];
	const char *s;

	start();
	s = begin("name=x", "", "");
	ck_held(put(s, "0-262143/*", 0, CHUNK), CHUNK);
	ck_assert_int_eq(ask("DELETE", s, "", "", 0)->status, 499);
	ck_assert_int_eq(ask("DELETE", s, "", "", 0)->status, 499);
	ck_assert_int_eq(put(s, "*/*", 0, 0)->status, 499);
	ck_assert_int_eq(put(s, "262144-262148/262149", CHUNK, 5)->status, 499);
	snprintf(target, sizeof(target), "%sx", s);
	ck_has(put(target, "*/*", 0, 0), 404, "No such upload");
	ck_has(ask("DELETE", target, "", "", 0), 404, "No such upload");
	ck_has(put("/upload/storage/v1/b/demo/o?name=x", "*/*", 0, 0), 404,
	    "No such upload");
	s = begin("name=x", "", "");
	ck_has(put(s, "0-4/5", 0, 5), 200, "\"5\"");
	ck_has(ask("DELETE", s, "", "", 0), 200, "\"5\"");
	stop();
}
END_TEST

START_TEST(conditions_hold_at_the_start_and_at_the_end)
{
	static const char again[] =
	    "/upload/storage/v1/b/demo/o?uploadType=resumable&name=x&"
	    "ifGenerationMatch=0";
	char first[1024], second[1024];

	start();
	snprintf(first, sizeof(first), "%s",
	    begin("name=x&ifGenerationMatch=0&fields=name", "", ""));
	snprintf(second, sizeof(second), "%s",
	    begin("name=x&ifGenerationMatch=0", "", ""));
	ck_assert_str_eq(put(first, "0-4/5", 0, 5)->body.data,
	    "{\n  \"name\": \"x\"\n}\n");
	ck_has(put(second, "0-5/6", 0, 6), 412, "conditionNotMet");
	ck_has(ask("POST", again, "", "", 0), 412, "conditionNotMet");
	ck_object(5);
	ask("DELETE", "/b/demo/o/x", "", "", 0);
	ck_has(put(second, "*/6", 0, 0), 200, "\"6\"");
	stop();
}
END_TEST

START_TEST(what_is_held_is_refused_when_the_last_byte_comes)
{
	static const char free_it[] = "{\"temporaryHold\":false}";
	const char *s;

	start();
	s = begin("name=x", "", "{\"temporaryHold\":true}");
	ck_has(put(s, "0-4/5", 0, 5), 200, "\"temporaryHold\": true");
	s = begin("name=x", "", "");
	ck_held(put(s, "0-262143/262145", 0, CHUNK), CHUNK);
	ck_has(put(s, "262144-262144/262145", CHUNK, 1), 403,
	    "under active Temporary hold");
	ck_object(5);
	ask("PATCH", "/b/demo/o/x", "", free_it, strlen(free_it));
	ck_has(put(s, "262144-262144/262145", CHUNK, 1), 200, "\"262145\"");
	ck_object(CHUNK + 1);
	stop();
}
END_TEST

START_TEST(hashes_may_be_promised_at_the_start_and_at_the_end)
{
	static const char md5[] = "{\"md5Hash\":\"AAAAAAAAAAAAAAAAAAAAAA==\"}";
	static const char crc[] = "Content-Range: bytes 0-4/5\r\n"
				  "X-Goog-Hash: crc32c=AAAAAA==\r\n";
	const char *s;

	start();
	s = begin("name=x", "", md5);
	ck_has(put(s, "0-4/5", 0, 5), 400, "Provided MD5 hash");
	ck_has(put(s, "*/*", 0, 0), 404, "No such upload");
	s = begin("name=x", "", "");
	ck_has(ask("PUT", s, crc, bytes, 5), 400, "Provided CRC32C");
	s = begin("name=x", "X-Goog-Hash: md5=AAAA\r\n", "");
	ck_has(put(s, "0-4/5", 0, 5), 400, "Provided MD5 hash");
	ck_assert_uint_eq(gcssim_objects(world.sim, "demo", NULL), 0);
	stop();
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

	start();
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(target, sizeof(target), path, rows[i].bucket,
		    rows[i].query);
		ck_has(ask("POST", target, "", rows[i].body,
			   strlen(rows[i].body)),
		    rows[i].status, rows[i].why);
	}
	stop();
}
END_TEST

START_TEST(a_session_goes_with_its_bucket)
{
	static const char bucket[] = "{\"name\":\"other\"}";
	const struct sim_answer *a;
	char target[1024];

	start();
	ask("POST", "/b?project=p", "", bucket, strlen(bucket));
	a = ask("POST",
	    "/upload/storage/v1/b/other/o?uploadType=resumable&name=x", "", "",
	    0);
	snprintf(target, sizeof(target), "%s", location(a));
	ck_held(put(target, "*/*", 0, 0), 0);
	ck_assert_int_eq(ask("DELETE", "/b/other", "", "", 0)->status, 204);
	ask("POST", "/b?project=p", "", bucket, strlen(bucket));
	ck_has(put(target, "0-4/5", 0, 5), 404, "No such upload");
	stop();
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
	    conditions_hold_at_the_start_and_at_the_end,
	    what_is_held_is_refused_when_the_last_byte_comes,
	    hashes_may_be_promised_at_the_start_and_at_the_end,
	    starts_are_refused_as_inserts_are, a_session_goes_with_its_bucket,
	    NULL);
}
