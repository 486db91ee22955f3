/* SPDX-License-Identifier: MIT */
/* Reads of an object's bytes: ranges, conditions, and what the headers say. */
#include <stdio.h>
#include <string.h>

#include "sim/sim.h"
#include "tests/support/suite.h"
#include "tests/unit/sim_client.h"

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

/* headers: lines that end in CRLF, or "". */
static const struct sim_answer *
ask(const char *method, const char *target, const char *headers,
    const char *body)
{
	struct buf text;
	size_t number;

	buf_init(&text, 64 * 1024);
	buf_addf(&text,
	    "%s %s HTTP/1.1\r\nHost: storage.test\r\n%s"
	    "Content-Length: %zu\r\n\r\n%s",
	    method, target, headers, strlen(body), body);
	number = sim_client_raw(world.client, text.data, text.len);
	buf_release(&text);
	sim_client_run(world.client);
	return sim_client_answer(world.client, number);
}

/* Object `name`, of these bytes and this metadata. */
static void
store(const char *name, const char *metadata, const char *bytes)
{
	char target[256], body[1024];

	snprintf(target, sizeof(target),
	    "/upload/storage/v1/b/demo/o?uploadType=multipart&name=%s", name);
	snprintf(body, sizeof(body), "--B\n\n%s\n--B\n\n%s\n--B--", metadata,
	    bytes);
	ck_assert_int_eq(ask("POST", target,
			     "Content-Type: multipart/related; boundary=B\r\n",
			     body)
			     ->status,
	    200);
}

static const struct sim_answer *
get(const char *target, const char *headers)
{
	return ask("GET", target, headers, "");
}

START_TEST(a_range_is_a_part_of_the_bytes)
{
	static const struct {
		const char *range;
		int status;
		const char *body, *content_range;
	} rows[] = {
		{ "bytes=0-0", 206, "0", "bytes 0-0/10" },
		{ "bytes=2-5", 206, "2345", "bytes 2-5/10" },
		{ "bytes=7-", 206, "789", "bytes 7-9/10" },
		{ "bytes=7-99", 206, "789", "bytes 7-9/10" },
		{ "bytes=-2", 206, "89", "bytes 8-9/10" },
		{ "bytes=-99", 206, "0123456789", "bytes 0-9/10" },
		{ "bytes=0-9", 206, "0123456789", "bytes 0-9/10" },
		{ "bytes=1-2,4-5", 200, "0123456789", NULL },
		{ "bytes=5-2", 200, "0123456789", NULL },
		{ "octets=1-2", 200, "0123456789", NULL },
		{ "bytes=10-", 416, "Request range not satisfiable",
		    "bytes */10" },
		{ "bytes=-0", 416, "Request range not satisfiable",
		    "bytes */10" },
	};
	static const char *const paths[] = { "/storage/v1/b/demo/o/x?alt=media",
		"/b/demo/o/x?alt=media",
		"/download/storage/v1/b/demo/o/x?alt=media" };
	const struct sim_answer *a;
	char header[128];
	size_t i;

	start();
	store("x", "{}", "0123456789");
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(header, sizeof(header), "Range: %s\r\n",
		    rows[i].range);
		a = get(paths[i % 3], header);
		ck_assert_int_eq(a->status, rows[i].status);
		ck_assert_str_eq(a->body.data, rows[i].body);
		snprintf(header, sizeof(header), "Content-Range: %s",
		    rows[i].content_range);
		if (rows[i].content_range != NULL)
			ck_assert_msg(sim_answer_has(a, header), "%s",
			    a->head.data);
		else
			ck_assert_ptr_null(
			    strstr(a->head.data, "Content-Range"));
	}
	store("empty", "{}", "");
	a = get("/b/demo/o/empty?alt=media", "Range: bytes=0-\r\n");
	ck_assert_int_eq(a->status, 416);
	ck_assert(sim_answer_has(a, "Content-Range: bytes */0"));
	stop();
}
END_TEST

/* Bytes that are made while they are read are the same from any offset. */
START_TEST(ranges_of_a_virtual_layer_fit_together)
{
	const struct sim_answer *list, *whole, *part;
	struct sim_opts opts;
	char name[256], target[512], header[64];
	const char *at;
	size_t from;

	sim_defaults(&opts);
	opts.registry = "repos=1,manifests=1";
	sim_world_start(&world, LOOP_REAL, &opts, 1);
	list = get("/b/demo/o?matchGlob=&fields=items(name,size)&"
		   "prettyPrint=false&prefix=docker/registry/v2/blobs",
	    "");
	at = strstr(list->body.data, "\"name\":\"");
	ck_assert_ptr_nonnull(at);
	ck_assert_int_eq(sscanf(at, "\"name\":\"%255[^\"]", name), 1);
	snprintf(target, sizeof(target), "/b/demo/o/");
	for (at = name; *at != '\0'; at++)
		snprintf(target + strlen(target),
		    sizeof(target) - strlen(target), *at == '/' ? "%%2F" : "%c",
		    *at);
	snprintf(target + strlen(target), sizeof(target) - strlen(target),
	    "?alt=media");
	whole = get(target, "");
	ck_assert_int_eq(whole->status, 200);
	ck_assert_uint_gt(whole->body.len, 100);
	for (from = 0; from + 100 <= whole->body.len && from < 1000;
	     from += 37) {
		snprintf(header, sizeof(header), "Range: bytes=%zu-%zu\r\n",
		    from, from + 99);
		part = get(target, header);
		ck_assert_int_eq(part->status, 206);
		ck_assert_uint_eq(part->body.len, 100);
		ck_assert_mem_eq(part->body.data, whole->body.data + from, 100);
	}
	stop();
}
END_TEST

START_TEST(headers_say_what_the_metadata_say)
{
	static const char *const lines[] = { "Content-Type: a/b",
		"Content-Encoding: gzip", "Content-Language: de",
		"Content-Disposition: attachment; filename=\"x\"",
		"Cache-Control: public, max-age=60", "Accept-Ranges: bytes",
		"x-goog-stored-content-encoding: gzip",
		"x-goog-stored-content-length: 5",
		"x-goog-storage-class: NEARLINE" };
	const struct sim_answer *a;
	size_t i;

	start();
	store("x",
	    "{\"contentType\":\"a/b\",\"contentEncoding\":\"gzip\","
	    "\"contentLanguage\":\"de\",\"storageClass\":\"NEARLINE\","
	    "\"contentDisposition\":\"attachment; filename=\\\"x\\\"\","
	    "\"cacheControl\":\"public, max-age=60\"}",
	    "hello");
	a = get("/b/demo/o/x?alt=media", "Accept-Encoding: gzip\r\n");
	ck_assert_str_eq(a->body.data, "hello");
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		ck_assert_msg(sim_answer_has(a, lines[i]), "%s: %s", lines[i],
		    a->head.data);
	ck_assert_ptr_null(strstr(a->head.data, "no-cache"));
	ck_assert_ptr_null(strstr(a->head.data, "Expires"));
	store("x", "{}", "hello");
	a = get("/b/demo/o/x?alt=media", "");
	ck_assert(
	    sim_answer_has(a, "x-goog-stored-content-encoding: identity"));
	ck_assert_ptr_nonnull(strstr(a->head.data, "Cache-Control: no-cache"));
	ck_assert_ptr_null(strstr(a->head.data, "Content-Encoding"));
	stop();
}
END_TEST

/* "hello hello hello" in gzip's form as object x, with that query. */
static void
store_packed(const char *query)
{
	static const char packed[] =
	    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xcb\x48\xcd\xc9"
	    "\xc9\x57\xc8\x40\x90\x00\x80\x88\xf9\xe5\x11\x00\x00\x00";
	struct buf text;
	size_t number;

	buf_init(&text, 4096);
	buf_addf(&text,
	    "POST /upload/storage/v1/b/demo/o?uploadType=media&name=x%s "
	    "HTTP/1.1\r\nHost: storage.test\r\nContent-Length: %zu\r\n\r\n",
	    query, sizeof(packed) - 1);
	buf_add(&text, packed, sizeof(packed) - 1);
	number = sim_client_raw(world.client, text.data, text.len);
	buf_release(&text);
	sim_client_run(world.client);
	ck_assert_int_eq(sim_client_answer(world.client, number)->status, 200);
}

START_TEST(what_is_packed_is_unpacked_for_who_cannot)
{
	static const char path[] = "/b/demo/o/x?alt=media";
	const struct sim_answer *a;

	start();
	store_packed("&contentEncoding=gzip");
	a = get(path, "Range: bytes=1-2\r\n");
	ck_assert_int_eq(a->status, 200);
	ck_assert_str_eq(a->body.data, "hello hello hello");
	ck_assert_ptr_null(strstr(a->head.data, "\r\nContent-Encoding"));
	ck_assert(sim_answer_has(a, "x-goog-stored-content-encoding: gzip"));
	ck_assert(sim_answer_has(a, "Warning: 214 UploadServer gunzipped"));
	a = get(path, "Accept-Encoding: deflate, GZIP\r\n");
	ck_assert_uint_eq(a->body.len, 28);
	ck_assert(sim_answer_has(a, "Content-Encoding: gzip"));
	ck_assert(sim_answer_has(a, "x-goog-stored-content-length: 28"));
	a = get(path, "Accept-Encoding: gzip\r\nRange: bytes=0-1\r\n");
	ck_assert_int_eq(a->status, 206);
	ask("PATCH", "/b/demo/o/x", "", "{\"cacheControl\":\"no-transform\"}");
	ck_assert_uint_eq(get(path, "")->body.len, 28);
	store_packed(""); /* nobody said that it is packed */
	ck_assert_uint_eq(get(path, "")->body.len, 28);
	store("x", "{\"contentEncoding\":\"gzip\"}", "hello"); /* not true */
	a = get(path, "");
	ck_assert_str_eq(a->body.data, "hello");
	ck_assert(sim_answer_has(a, "Content-Encoding: gzip"));
	stop();
}
END_TEST

START_TEST(what_a_client_has_already_is_not_sent)
{
	static const struct {
		const char *before, *after;
	} forms[] = { { "", "" }, { "\"", "\"" }, { "W/\"", "\"" },
		{ "\"a\", \"", "\"" }, { "a,", "" }, { "*, ", "x" } };
	const struct sim_answer *a;
	char etag[64], header[256];
	size_t i;

	start();
	store("x", "{}", "hello");
	a = get("/b/demo/o/x?alt=media", "");
	ck_assert_int_eq(sscanf(strstr(a->head.data, "ETag: "),
			     "ETag: %63[^\r]", etag),
	    1);
	for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		snprintf(header, sizeof(header), "If-None-Match: %s%s%s\r\n",
		    forms[i].before, etag, forms[i].after);
		a = get("/b/demo/o/x?alt=media", header);
		ck_assert_int_eq(a->status, 304);
		ck_assert_uint_eq(a->body.len, 0);
		ck_assert_int_eq(get("/b/demo/o/x", header)->status, 304);
	}
	a = get("/b/demo/o/x?alt=media", "If-None-Match: \"a\", b\r\n");
	ck_assert_int_eq(a->status, 200);
	a = get("/b/demo/o/x?alt=media&ifGenerationNotMatch=1", "");
	ck_assert_int_eq(a->status, 200);
	a = get("/b/demo/o/x?alt=media&ifGenerationMatch=1", "");
	ck_assert_int_eq(a->status, 412);
	a = get("/b/demo/o/y?alt=media", "If-None-Match: *\r\n");
	ck_assert_int_eq(a->status, 404);
	stop();
}
END_TEST

START_TEST(a_head_has_no_bytes)
{
	const struct sim_answer *a;

	start();
	store("x", "{\"contentType\":\"a/b\"}", "hello");
	a = ask("HEAD", "/storage/v1/b/demo/o/x?alt=media",
	    "Connection: close\r\n", "");
	ck_assert_int_eq(a->status, 200);
	ck_assert_uint_eq(a->body.len, 0);
	ck_assert(sim_answer_has(a, "Content-Type: a/b"));
	ck_assert(sim_answer_has(a, "x-goog-stored-content-length: 5"));
	ck_assert(sim_answer_has(a, "\r\nContent-Length: 5"));
	a = ask("HEAD", "/download/storage/v1/b/demo/o/y?alt=media",
	    "Connection: close\r\n", "");
	ck_assert_int_eq(a->status, 404);
	stop();
}
END_TEST

int
main(void)
{
	return suite_run("sim_media", a_range_is_a_part_of_the_bytes,
	    ranges_of_a_virtual_layer_fit_together,
	    headers_say_what_the_metadata_say,
	    what_is_packed_is_unpacked_for_who_cannot,
	    what_a_client_has_already_is_not_sent, a_head_has_no_bytes, NULL);
}
