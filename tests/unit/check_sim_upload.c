/* SPDX-License-Identifier: MIT */
/* Uploads over HTTP: names, types, hashes, conditions, and what is refused. */
#include <stdio.h>
#include <string.h>

#include "sim/sim.h"
#include "tests/support/suite.h"
#include "tests/unit/sim_client.h"

/* What stands before the metadata, between it and the media, behind both. */
#define START  "--B\r\nContent-Type: application/json\r\n\r\n"
#define MIDDLE "\r\n--B\r\nContent-Type: text/plain\r\n\r\n"
#define END    "\r\n--B--"

static struct sim_world world;

/* An empty bucket `demo`, no latency. */
static void
start(void)
{
	struct sim_opts opts;

	sim_defaults(&opts);
	opts.registry = "manifests=0";
	sim_world_start(&world, LOOP_REAL, &opts, 1);
}

static void
stop(void)
{
	sim_world_stop(&world);
}

static const struct sim_answer *
send_raw(const char *query, const char *headers, const char *body)
{
	struct buf text;
	size_t number;

	buf_init(&text, 256 * 1024);
	buf_addf(&text,
	    "POST /upload/storage/v1/b/demo/o?%s HTTP/1.1\r\n"
	    "Host: storage.test\r\n%s\r\n%s",
	    query, headers, body);
	number = sim_client_raw(world.client, text.data, text.len);
	buf_release(&text);
	sim_client_run(world.client);
	return sim_client_answer(world.client, number);
}

static const struct sim_answer *
upload(const char *query, const char *type, const char *body)
{
	char headers[256];

	snprintf(headers, sizeof(headers),
	    "Content-Type: %s\r\nContent-Length: %zu\r\n", type, strlen(body));
	return send_raw(query, headers, body);
}

static const struct sim_answer *
multipart(const char *query, const char *body)
{
	char whole[256];

	snprintf(whole, sizeof(whole), "uploadType=multipart&%s", query);
	return upload(whole, "multipart/related; boundary=B", body);
}

static const struct sim_answer *
get(const char *target)
{
	return sim_client_get(world.client, "GET", target);
}

static void
ck_has(const struct sim_answer *a, int status, const char *text)
{
	ck_assert_msg(a->status == status, "%d: %s", a->status, a->body.data);
	ck_assert_msg(strstr(a->body.data, text) != NULL, "%s", a->body.data);
}

START_TEST(the_query_names_an_object_before_its_metadata)
{
	const struct sim_answer *a;

	start();
	a = multipart("", START "{\"name\":\"a/b\"}" MIDDLE "hello" END);
	ck_has(a, 200, "\"name\": \"a/b\"");
	ck_has(a, 200, "\"size\": \"5\"");
	ck_has(a, 200, "\"contentType\": \"text/plain\"");
	ck_has(a, 200, "\"md5Hash\": \"XUFAKrxLKna5cZ2REBfFkg==\"");
	ck_assert_str_eq(get("/b/demo/o/a%2Fb?alt=media")->body.data, "hello");
	a = multipart("name=query",
	    START "{\"name\":\"metadata\"}" MIDDLE "hello" END);
	ck_has(a, 200, "\"name\": \"query\"");
	a = multipart("name=query", START "{}" MIDDLE END);
	ck_has(a, 200, "\"size\": \"0\"");
	ck_has(multipart("", START "{}" MIDDLE "hello" END), 400,
	    "Required parameter: name");
	ck_has(multipart("", START "{\"name\":\"..\"}" MIDDLE "x" END), 400,
	    "object name is not valid");
	ck_assert_uint_eq(sim_objects(world.sim, "demo", NULL), 2);
	stop();
}
END_TEST

START_TEST(the_journal_knows_the_name_in_the_metadata)
{
	const struct sim_answer *a;

	start();
	multipart("", START "{\"name\":\"a\"}" MIDDLE "1" END);
	multipart("name=a", START "{}" MIDDLE "2" END);
	multipart("", START "{\"name\":\"a\"}" MIDDLE "3" END);
	multipart("", START "{}" MIDDLE "4" END);
	a = get("/_sim/requests?format=text");
	ck_assert_str_eq(a->body.data,
	    "PUT a 200\nPUT a 200\nPUT a 200\nPUT  400\n");
	stop();
}
END_TEST

START_TEST(the_type_of_the_metadata_is_stronger_than_its_part_s)
{
	const struct sim_answer *a;

	start();
	a = multipart("name=x",
	    START "{\"contentType\":\"a/b\"}" MIDDLE "hello" END);
	ck_has(a, 200, "\"contentType\": \"a/b\"");
	ck_assert(
	    sim_answer_has(get("/b/demo/o/x?alt=media"), "Content-Type: a/b"));
	a = multipart("name=x", START "{}\r\n--B\r\n\r\nhello" END);
	ck_has(a, 200, "\"contentType\": \"application/octet-stream\"");
	a = multipart("name=x",
	    START "{\"contentType\":\"a\\r\\nX: y\"}" MIDDLE "hello" END);
	ck_has(a, 400, "Invalid value for: contentType");
	stop();
}
END_TEST

START_TEST(hashes_that_were_promised_are_kept_or_refused)
{
	static const char refused[] = START
	    "{\"name\":\"x\",\"md5Hash\":\"AAAAAAAAAAAAAAAAAAAAAA==\"}" MIDDLE
	    "hello" END;
	const struct sim_answer *a;

	start();
	a = multipart("",
	    START "{\"name\":\"x\",\"md5Hash\":\"XUFAKrxLKna5cZ2REBfFkg==\","
		  "\"crc32c\":\"mnG7TA==\"}" MIDDLE "hello" END);
	ck_assert_int_eq(a->status, 200);
	ck_has(multipart("", refused), 400,
	    "Provided MD5 hash \\\"AAAAAAAAAAAAAAAAAAAAAA==\\\" doesn't match "
	    "calculated MD5 hash \\\"XUFAKrxLKna5cZ2REBfFkg==\\\".");
	a = multipart("",
	    START "{\"name\":\"x\",\"crc32c\":\"AAAAAA==\"}" MIDDLE
		  "hallo" END);
	ck_has(a, 400, "Provided CRC32C \\\"AAAAAA==\\\" doesn't match");
	ck_has(a, 400, "\"reason\": \"invalid\"");
	ck_assert_str_eq(get("/b/demo/o/x?alt=media")->body.data, "hello");
	stop();
}
END_TEST

START_TEST(conditions_are_looked_at_first)
{
	static const char body[] = START "{\"name\":\"x\"}" MIDDLE "1" END;

	start();
	ck_has(multipart("ifGenerationMatch=7", body), 412, "conditionNotMet");
	ck_has(multipart("ifGenerationMatch=0", body), 200, "\"x\"");
	ck_has(multipart("ifGenerationMatch=0", body), 412, "conditionNotMet");
	ck_has(multipart("ifGenerationMatch=z", body), 400, "generation");
	stop();
}
END_TEST

START_TEST(what_is_malformed_says_what_and_stores_nothing)
{
	static const struct {
		const char *body, *why;
	} rows[] = {
		{ "", "Missing start boundary" },
		{ START "{\"name\":\"x\"}" MIDDLE "hello", "Missing end" },
		{ START "{\"name\":\"x\"}" END, "two parts" },
		{ START "{\"name\":" MIDDLE "hello" END, "Parse Error" },
		{ START "" MIDDLE "hello" END, "Required parameter: name" },
		{ START "[]" MIDDLE "hello" END, "Parse Error" },
		{ START "{\"name\":5}" MIDDLE "hello" END,
		    "Invalid value for: name" },
		{ START "{\"name\":\"x\",\"md5Hash\":5}" MIDDLE "hello" END,
		    "Invalid value for: md5Hash" },
	};
	static const char whole[] = START "{\"name\":\"x\"}" MIDDLE "1" END;
	char part[sizeof(whole)];
	size_t i;

	start();
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ck_has(multipart("", rows[i].body), 400, rows[i].why);
	for (i = 0; i < sizeof(whole) - 1; i++) {
		memcpy(part, whole, i);
		part[i] = '\0';
		ck_assert_int_eq(multipart("", part)->status, 400);
	}
	ck_has(upload("uploadType=multipart", "application/json", whole), 400,
	    "use multipart/related");
	ck_has(upload("uploadType=multipart", "multipart/related", whole), 400,
	    "must name its boundary");
	ck_assert_uint_eq(sim_objects(world.sim, "demo", NULL), 0);
	ck_assert_int_eq(multipart("", whole)->status, 200);
	stop();
}
END_TEST

START_TEST(a_body_may_come_in_chunks)
{
	static const char body[] =
	    "--B\nContent-Type: application/json\n\n{\"name\":\"x\"}\n"
	    "--B\nContent-Type: a/b\n\nhi\n--B--\n";
	const struct sim_answer *a;
	struct buf chunked;
	size_t at, n;

	start();
	buf_init(&chunked, 4096);
	for (at = 0; at < sizeof(body) - 1; at += n) {
		n = sizeof(body) - 1 - at < 7 ? sizeof(body) - 1 - at : 7;
		buf_addf(&chunked, "%zx\r\n%.*s\r\n", n, (int)n, body + at);
	}
	buf_adds(&chunked, "0\r\n\r\n");
	a = send_raw("uploadType=multipart",
	    "Content-Type: multipart/related; boundary='B'\r\n"
	    "Transfer-Encoding: chunked\r\n",
	    chunked.data);
	buf_release(&chunked);
	ck_has(a, 200, "\"contentType\": \"a/b\"");
	ck_assert_str_eq(get("/b/demo/o/x?alt=media")->body.data, "hi");
	stop();
}
END_TEST

START_TEST(all_that_the_metadata_say_is_kept)
{
	static const char *const said[] = { "\"contentType\": \"a/b\"",
		"\"contentDisposition\": \"inline\"",
		"\"contentLanguage\": \"de\"", "\"cacheControl\": \"x=1\"",
		"\"storageClass\": \"ARCHIVE\"", "\"temporaryHold\": true",
		"\"k1\": \"v1\"", "\"k2\": \"\"",
		"\"customTime\": \"2026-01-02T03:04:05Z\"" };
	const struct sim_answer *a;
	size_t i;

	start();
	a = multipart("name=x",
	    START "{\"contentType\":\"a/b\",\"contentDisposition\":\"inline\","
		  "\"contentLanguage\":\"de\",\"cacheControl\":\"x=1\","
		  "\"storageClass\":\"ARCHIVE\",\"temporaryHold\":true,"
		  "\"customTime\":\"2026-01-02T03:04:05Z\","
		  "\"metadata\":{\"k2\":\"\",\"k1\":\"v1\"},"
		  "\"size\":\"7\",\"unknown\":[1]}" MIDDLE "hello" END);
	for (i = 0; i < sizeof(said) / sizeof(said[0]); i++)
		ck_has(a, 200, said[i]);
	ck_has(a, 200, "\"size\": \"5\"");
	a = multipart("name=x", START "{}" MIDDLE "hello" END);
	ck_has(a, 403, "under active Temporary hold");
	a = multipart("name=y", START "" MIDDLE "" END);
	ck_has(a, 200, "\"size\": \"0\"");
	stop();
}
END_TEST

START_TEST(parameters_say_what_media_cannot)
{
	const struct sim_answer *a;

	start();
	a = upload("uploadType=media&name=x&contentEncoding=gzip&"
		   "predefinedAcl=private&projection=full&kmsKeyName=k%2F1",
	    "a/b", "hello");
	ck_has(a, 200, "\"contentEncoding\": \"gzip\"");
	ck_has(a, 200, "\"contentType\": \"a/b\"");
	ck_has(a, 200, "\"kmsKeyName\": \"k/1");
	a = upload("uploadType=media&name=x&contentEncoding=a%0D%0Ab", "a/b",
	    "hello");
	ck_has(a, 400, "Invalid value for: contentEncoding");
	a = upload("uploadType=media&name=x&contentEncoding=%zz", "a/b", "");
	ck_has(a, 400, "Invalid value for: contentEncoding");
	stop();
}
END_TEST

START_TEST(headers_promise_hashes_too)
{
	static const struct {
		const char *header;
		int status;
		const char *why;
	} rows[] = {
		{ "X-Goog-Hash: crc32c=mnG7TA==,md5=XUFAKrxLKna5cZ2REBfFkg==",
		    200, "" },
		{ "x-goog-hash: md5=XUFAKrxLKna5cZ2REBfFkg==, crc32c=mnG7TA==",
		    200, "" },
		{ "X-Goog-Hash: sha256=whatever", 200, "" },
		{ "X-Goog-Hash: ,", 200, "" },
		{ "X-Goog-Hash: crc32c=mnG7TA==,md5=XUFAKrxLKna5cZ2REBfFkA==",
		    400,
		    "Provided MD5 hash \\\"XUFAKrxLKna5cZ2REBfFkA==\\\" "
		    "doesn't match" },
		{ "X-Goog-Hash: crc32c=mnG7TA==\r\n"
		  "x-goog-hash: md5=XUFAKrxLKna5cZ2REBfFkg==",
		    200, "" },
		{ "X-Goog-Hash: crc32c=mnG7TA==\r\nx-goog-hash: md5=AAAA", 400,
		    "Provided MD5 hash" },
		{ "X-Goog-Hash: crc32c=", 400, "Provided CRC32C \\\"\\\"" },
		{ "Content-MD5: XUFAKrxLKna5cZ2REBfFkg==", 200, "" },
		{ "Content-MD5: AAAA", 400, "Provided MD5 hash" },
	};
	char headers[256], query[64];
	uint64_t objects;
	size_t i;

	start();
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		objects = sim_objects(world.sim, "demo", NULL);
		snprintf(headers, sizeof(headers),
		    "%s\r\nContent-Length: 5\r\n", rows[i].header);
		snprintf(query, sizeof(query), "uploadType=media&name=%zu", i);
		ck_has(send_raw(query, headers, "hello"), rows[i].status,
		    rows[i].why);
		ck_assert_uint_eq(sim_objects(world.sim, "demo", NULL),
		    objects + (rows[i].status == 200));
	}
	stop();
}
END_TEST

START_TEST(a_request_without_a_type_is_taken_for_what_it_looks_like)
{
	static const char body[] = START "{\"name\":\"x\"}" MIDDLE "1" END;

	start();
	ck_has(upload("name=y", "a/b", "hello"), 200, "\"size\": \"5\"");
	ck_has(upload("", "multipart/related; boundary=B", body), 200,
	    "\"name\": \"x\"");
	ck_has(upload("uploadType=other&name=y", "a/b", "hello"), 400,
	    "uploadType must be media, multipart or resumable");
	ck_assert_uint_eq(sim_objects(world.sim, "demo", NULL), 2);
	stop();
}
END_TEST

START_TEST(an_upload_elsewhere_is_told_where_to)
{
	static const char *const paths[] = { "/storage/v1/b/demo/o",
		"/b/demo/o" };
	const struct sim_answer *a;
	char target[256];
	size_t i;

	start();
	for (i = 0; i < 2; i++) {
		snprintf(target, sizeof(target),
		    "%s?uploadType=media&name=a%%2Fb", paths[i]);
		sim_client_ask(world.client, "POST", target, "hello");
		a = get(target);
		ck_assert_int_eq(a->status, 200);
		a = sim_client_answer(world.client, 2 * i);
		ck_has(a, 400, "\"reason\": \"wrongUrlForUpload\"");
		ck_has(a, 400,
		    "Re-send this request to http://storage.test:4443/upload/"
		    "storage/v1/b/demo/o?uploadType=media&name=a%2Fb\"");
	}
	ck_assert_uint_eq(sim_objects(world.sim, "demo", NULL), 0);
	stop();
}
END_TEST

int
main(void)
{
	return suite_run("sim_upload",
	    the_query_names_an_object_before_its_metadata,
	    the_journal_knows_the_name_in_the_metadata,
	    the_type_of_the_metadata_is_stronger_than_its_part_s,
	    hashes_that_were_promised_are_kept_or_refused,
	    conditions_are_looked_at_first,
	    what_is_malformed_says_what_and_stores_nothing,
	    a_body_may_come_in_chunks, all_that_the_metadata_say_is_kept,
	    parameters_say_what_media_cannot, headers_promise_hashes_too,
	    a_request_without_a_type_is_taken_for_what_it_looks_like,
	    an_upload_elsewhere_is_told_where_to, NULL);
}
