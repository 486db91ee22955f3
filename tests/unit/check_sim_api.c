/* SPDX-License-Identifier: MIT */
/* The JSON API over HTTP: objects, conditions, names, pages, buckets, errors. */
#include <stdio.h>
#include <string.h>

#include "sim/sim.h"
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
put(const char *query, const char *body)
{
	char target[4096];
	size_t number;

	snprintf(target, sizeof(target),
	    "/upload/storage/v1/b/demo/o?uploadType=media&%s", query);
	number = sim_client_ask(world.client, "POST", target, body);
	sim_client_run(world.client);
	return sim_client_answer(world.client, number);
}

/* The generation in an object's resource, as text. */
static void
read_generation(const struct sim_answer *a, char out[32])
{
	const char *at = strstr(a->body.data, "\"generation\": \"");

	ck_assert_ptr_nonnull(at);
	ck_assert_int_eq(sscanf(at, "\"generation\": \"%31[0-9]", out), 1);
}

START_TEST(an_object_goes_round)
{
	const struct sim_answer *a;
	uint64_t bytes;

	start();
	a = put("name=dir%2Fa%20b", "hello");
	ck_assert_int_eq(a->status, 200);
	ck_assert_ptr_nonnull(strstr(a->body.data,
	    "\"selfLink\": \"http://storage.test:4443/storage/v1/b/demo/o/"
	    "dir%2Fa%20b\""));
	ck_assert_ptr_nonnull(
	    strstr(a->body.data, "\"md5Hash\": \"XUFAKrxLKna5cZ2REBfFkg==\""));
	ck_assert_ptr_nonnull(strstr(a->body.data, "\"crc32c\": \"mnG7TA==\""));
	ck_assert_uint_eq(sim_objects(world.sim, "demo", &bytes), 1);
	ck_assert_uint_eq(bytes, 5);
	a = ask("GET", "/storage/v1/b/demo/o/dir%2Fa%20b?alt=media");
	ck_assert_int_eq(a->status, 200);
	ck_assert_str_eq(a->body.data, "hello");
	ck_assert(sim_answer_has(a, "x-goog-metageneration: 1"));
	ck_assert(sim_answer_has(a,
	    "x-goog-hash: crc32c=mnG7TA==\r\n"
	    "x-goog-hash: md5=XUFAKrxLKna5cZ2REBfFkg=="));
	a = ask("GET", "/download/storage/v1/b/demo/o/dir%2Fa%20b?alt=media");
	ck_assert_str_eq(a->body.data, "hello");
	a = ask("GET", "/b/demo/o/dir%2Fa%20b?fields=name,size");
	ck_assert_str_eq(a->body.data,
	    "{\n  \"name\": \"dir/a b\",\n  \"size\": \"5\"\n}\n");
	a = ask("GET", "/b/demo/o?fields=items(name)&prettyPrint=false");
	ck_assert_str_eq(a->body.data,
	    "{\"items\":[{\"name\":\"dir/a b\"}]}\n");
	a = ask("DELETE", "/storage/v1/b/demo/o/dir%2Fa%20b");
	ck_assert_int_eq(a->status, 204);
	ck_assert_str_eq(a->body.data, "");
	ck_assert_ptr_null(strstr(a->head.data, "Content-Length"));
	ck_assert_uint_eq(sim_objects(world.sim, "demo", NULL), 0);
	stop();
}
END_TEST

START_TEST(errors_are_production_s)
{
	static const struct {
		const char *method, *target;
		int status;
		const char *in_body;
	} rows[] = {
		{ "GET", "/storage/v1/b/demo/o/a%2Fb", 404,
		    "\"message\": \"No such object: demo/a/b\"" },
		{ "DELETE", "/storage/v1/b/demo/o/a%2Fb", 404,
		    "\"reason\": \"notFound\"" },
		{ "GET", "/storage/v1/b/nope/o", 404,
		    "\"The specified bucket does not exist.\"" },
		{ "DELETE", "/storage/v1/b/nope/o/x", 404,
		    "\"The specified bucket does not exist.\"" },
		{ "GET", "/storage/v1/b/demo/o?maxResults=x", 400,
		    "\"reason\": \"invalidParameter\"" },
		{ "GET", "/storage/v1/b/demo/o?pageToken=x", 400, "pageToken" },
		{ "GET", "/storage/v1/b/demo/o?fields=a(", 400,
		    "\"reason\": \"invalidParameter\"" },
		{ "DELETE", "/storage/v1/b/demo/o/x?ifGenerationMatch=x", 400,
		    "\"reason\": \"invalid\"" },
		{ "GET", "/storage/v1/b/demo/o/%zz", 400,
		    "Invalid percent-encoding." },
		{ "GET", "/storage/v1/b/demo/o/%4", 400, "" },
		{ "POST", "/storage/v1/b/demo/o/x", 405,
		    "\"reason\": \"methodNotAllowed\"" },
		{ "POST", "/storage/v1/b/demo", 405, "" },
		{ "OPTIONS", "/storage/v1/b/demo/o", 405, "" },
		{ "PATCH", "/upload/storage/v1/b/demo/o", 405, "" },
		{ "GET", "/storage/v1/", 404, "\"message\": \"Not Found\"" },
		{ "GET", "/storage/v2/b/demo/o", 404, "" },
		{ "GET", "/storage/v1/b/demo/o/x/y", 404, "" },
		{ "GET", "/storage/v1/b/demo/o/", 404, "" },
		{ "GET", "/storage/v1/b//o", 404, "" },
		{ "GET", "/storage/v1/b/demo/none", 404, "" },
		{ "GET", "/_sim/none", 404, "" },
		{ "POST", "/_sim/stats", 405, "" },
	};
	const struct sim_answer *a;
	size_t i;

	start();
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		a = ask(rows[i].method, rows[i].target);
		ck_assert_msg(a->status == rows[i].status &&
			strstr(a->body.data, rows[i].in_body),
		    "%s %s: %d %s", rows[i].method, rows[i].target, a->status,
		    a->body.data);
	}
	a = ask("GET", "/b/demo/o/a%2Fb?alt=media");
	ck_assert_int_eq(a->status, 404);
	ck_assert_str_eq(a->body.data, "No such object: demo/a/b");
	ck_assert(sim_answer_has(a, "Content-Type: text/html; charset=UTF-8"));
	a = ask("HEAD", "/storage/v1/b/demo/o");
	ck_assert_int_eq(a->status, 405);
	ck_assert_str_eq(a->body.data, "");
	stop();
}
END_TEST

START_TEST(preconditions_hold_or_fail_as_documented)
{
	/* G stands for the object's generation, W for a wrong one. */
	static const struct {
		const char *method, *query;
		int status;
	} rows[] = {
		{ "GET", "ifGenerationMatch=G", 200 },
		{ "GET", "ifGenerationMatch=W", 412 },
		{ "GET", "ifGenerationMatch=0", 412 },
		{ "GET", "ifGenerationNotMatch=G", 304 },
		{ "GET", "ifGenerationNotMatch=W", 200 },
		{ "GET", "ifMetagenerationMatch=1", 200 },
		{ "GET", "ifMetagenerationMatch=2", 412 },
		{ "GET", "ifMetagenerationNotMatch=1", 304 },
		{ "GET", "ifMetagenerationNotMatch=2", 200 },
		{ "GET", "ifGenerationNotMatch=G&ifMetagenerationMatch=2",
		    412 },
		{ "GET", "generation=G", 200 },
		{ "GET", "generation=W", 404 },
		{ "GET", "ifGenerationMatch=", 200 },
		{ "GET", "ifGenerationMatch=-1", 400 },
		{ "GET", "ifGenerationMatch=99999999999999999999999", 400 },
		{ "POST", "ifGenerationMatch=0", 412 },
		{ "POST", "ifGenerationNotMatch=G", 412 },
		{ "DELETE", "ifGenerationMatch=W", 412 },
		{ "DELETE", "ifGenerationNotMatch=G", 412 },
		{ "DELETE", "ifMetagenerationMatch=2", 412 },
		{ "DELETE", "generation=W", 404 },
		{ "DELETE", "ifGenerationMatch=G", 204 },
		{ "DELETE", "ifGenerationMatch=G", 404 },
		{ "DELETE", "ifGenerationMatch=0", 404 },
		{ "GET", "ifGenerationNotMatch=G", 404 },
		{ "POST", "ifGenerationMatch=G", 412 },
		{ "POST", "ifGenerationNotMatch=0", 412 },
		{ "POST", "ifGenerationMatch=0", 200 },
		{ "POST", "ifGenerationMatch=0", 412 },
		{ "POST", "", 200 },
	};
	const struct sim_answer *a;
	char generation[32], target[300], query[200];
	const char *c;
	size_t i;

	start();
	read_generation(put("name=x", "1"), generation);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		query[0] = '\0';
		for (c = rows[i].query; *c != '\0'; c++)
			snprintf(query + strlen(query),
			    sizeof(query) - strlen(query), "%.*s",
			    *c == 'W'                      ? 2
				: *c == 'G' && c[1] != 'e' ? 31
							   : 1,
			    *c == 'W'                      ? "77"
				: *c == 'G' && c[1] != 'e' ? generation
							   : c);
		if (rows[i].method[0] == 'P') {
			snprintf(target, sizeof(target), "name=x&%s", query);
			a = put(target, "2");
		} else {
			snprintf(target, sizeof(target), "/b/demo/o/x?%s",
			    query);
			a = ask(rows[i].method, target);
		}
		ck_assert_msg(a->status == rows[i].status, "row %zu: %s %s: %d",
		    i, rows[i].method, query, a->status);
		if (a->status == 412)
			ck_assert_ptr_nonnull(
			    strstr(a->body.data, "\"location\": \"If-Match\""));
		if (a->status == 304)
			ck_assert_uint_eq(a->body.len, 0);
	}
	stop();
}
END_TEST

START_TEST(a_missing_object_may_count_as_a_failed_condition)
{
	static const struct {
		const char *query;
		int status;
	} rows[] = {
		{ "", 404 },
		{ "?ifGenerationMatch=7", 412 },
		{ "?ifGenerationMatch=0", 412 },
		{ "?ifGenerationMatch=", 404 },
		{ "?ifMetagenerationMatch=7", 404 },
		{ "?generation=7&ifGenerationMatch=7", 404 },
	};
	struct sim_opts opts;
	char target[100];
	size_t i;

	sim_defaults(&opts);
	opts.registry = "manifests=0";
	opts.missing_is_412 = true;
	start_with(&opts, 1);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(target, sizeof(target), "/b/demo/o/x%s",
		    rows[i].query);
		ck_assert_int_eq(ask("DELETE", target)->status, rows[i].status);
	}
	ck_assert_int_eq(ask("GET", "/b/demo/o/x?ifGenerationMatch=7")->status,
	    404);
	stop();
}
END_TEST

START_TEST(names_are_decoded_exactly_once_whatever_the_byte)
{
	const struct sim_answer *a;
	char query[32], target[64], body[16];
	int i;

	start();
	/* One byte below 0x80 is a name of its own; from 0x80 on, the second
	 * byte of a letter. */
	for (i = 1; i < 0xc0; i++) {
		if (i == '\r' || i == '\n' || i == '.')
			continue;
		snprintf(query, sizeof(query),
		    i < 0x80 ? "name=%%%02X" : "name=%%C3%%%02x", i);
		snprintf(body, sizeof(body), "%d", i);
		ck_assert_int_eq(put(query, body)->status, 200);
	}
	for (i = 1; i < 256; i++) {
		snprintf(target, sizeof(target),
		    i < 0x80 ? "/b/demo/o/%%%02x?alt=media"
			     : "/b/demo/o/%%c3%%%02X?alt=media",
		    i);
		a = ask("GET", target);
		snprintf(body, sizeof(body), "%d", i);
		if (i == '\r' || i == '\n' || i == '.' || i >= 0xc0)
			ck_assert_int_eq(a->status, 404);
		else
			ck_assert_str_eq(a->body.data, body);
	}
	/* A plus in a path is a plus, in a query a space. */
	ck_assert_int_eq(put("name=p%2Bq", "plus")->status, 200);
	ck_assert_str_eq(ask("GET", "/b/demo/o/p+q?alt=media")->body.data,
	    "plus");
	ck_assert_int_eq(put("name=p+q", "space")->status, 200);
	ck_assert_str_eq(ask("GET", "/b/demo/o/p%20q?alt=media")->body.data,
	    "space");
	ck_assert_int_eq(put("name=p%252Fq", "literal")->status, 200);
	ck_assert_str_eq(ask("GET", "/b/demo/o/p%252Fq?alt=media")->body.data,
	    "literal");
	ck_assert_int_eq(ask("GET", "/b/demo/o/p%2Fq")->status, 404);
	stop();
}
END_TEST

START_TEST(names_that_production_refuses)
{
	static const char *const bad[] = { "name=", "name=.", "name=..",
		"name=a%0Ab", "name=%0D", "name=a%00b", "name=%FF", "other=x" };
	char longest[1100];
	size_t i;

	start();
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_int_eq(put(bad[i], "x")->status, 400);
	memset(longest, 'a', sizeof(longest));
	memcpy(longest, "name=", 5);
	longest[5 + 1024] = '\0';
	ck_assert_int_eq(put(longest, "x")->status, 200);
	longest[5 + 1024] = 'a';
	longest[5 + 1025] = '\0';
	ck_assert_int_eq(put(longest, "x")->status, 400);
	ck_assert_uint_eq(sim_objects(world.sim, "demo", NULL), 1);
	stop();
}
END_TEST

START_TEST(pages_cover_the_bucket_and_never_pass_1000)
{
	const struct sim_answer *a;
	struct sim_opts opts;
	char target[4096], token[2000];
	const char *at;
	size_t pages = 0, items = 0;

	sim_defaults(&opts);
	opts.registry = "manifests=0,orphans=2500";
	start_with(&opts, 1);
	snprintf(target, sizeof(target),
	    "/b/demo/o?maxResults=5000&prettyPrint=false");
	do {
		a = ask("GET", target);
		ck_assert_int_eq(a->status, 200);
		pages++;
		for (at = a->body.data;
		     (at = strstr(at, "\"storage#object\"")) != NULL; at++)
			items++;
		at = strstr(a->body.data, "\"nextPageToken\":\"");
		if (at != NULL) {
			ck_assert_int_eq(sscanf(at,
					     "\"nextPageToken\":\"%1999[^\"]",
					     token),
			    1);
			snprintf(target, sizeof(target),
			    "/b/demo/o?prettyPrint=false&pageToken=%s", token);
		}
	} while (at != NULL);
	ck_assert_uint_eq(pages, 3);
	ck_assert_uint_eq(items, 2500);
	a = ask("GET",
	    "/b/demo/o?delimiter=/&prefix=docker/registry/v2/"
	    "&fields=prefixes&prettyPrint=false");
	ck_assert_str_eq(a->body.data,
	    "{\"prefixes\":[\"docker/registry/v2/blobs/\"]}\n");
	stop();
}
END_TEST

START_TEST(virtual_layers_have_bytes_while_they_are_read)
{
	const struct sim_answer *a;
	struct sim_opts opts;
	char name[300], target[400];

	sim_defaults(&opts);
	opts.registry = "manifests=0,orphans=1,blob=3MB";
	start_with(&opts, 1);
	a = ask("GET", "/b/demo/o?fields=items/name");
	ck_assert_int_eq(sscanf(strstr(a->body.data, "\"docker"), "\"%299[^\"]",
			     name),
	    1);
	/* blobs/sha256/xx/HEX/data */
	snprintf(target, sizeof(target),
	    "/b/demo/o/docker%%2Fregistry%%2Fv2%%2Fblobs%%2Fsha256%%2F"
	    "%.2s%%2F%.64s%%2Fdata?alt=media",
	    name + strlen("docker/registry/v2/blobs/sha256/"),
	    name + strlen("docker/registry/v2/blobs/sha256/xx/"));
	a = ask("GET", target);
	ck_assert_int_eq(a->status, 200);
	ck_assert_uint_eq(a->body.len, 3000000);
	ck_assert_ptr_nonnull(strstr(a->body.data, "never stored"));
	stop();
}
END_TEST

START_TEST(buckets_come_and_go)
{
	const struct sim_answer *a;
	size_t number;

	start();
	number = sim_client_ask(world.client, "POST", "/storage/v1/b?project=p",
	    "{\"name\":\"second\"}");
	sim_client_run(world.client);
	a = sim_client_answer(world.client, number);
	ck_assert_int_eq(a->status, 200);
	ck_assert_ptr_nonnull(strstr(a->body.data, "\"etag\": \"CAE=\""));
	number = sim_client_ask(world.client, "POST", "/storage/v1/b?project=p",
	    "{\"name\":\"second\"}");
	sim_client_run(world.client);
	ck_assert_int_eq(sim_client_answer(world.client, number)->status, 409);
	number = sim_client_ask(world.client, "POST", "/storage/v1/b?project=p",
	    "{\"name\":\"No\"}");
	sim_client_run(world.client);
	ck_assert_int_eq(sim_client_answer(world.client, number)->status, 400);
	a = ask("GET", "/b?project=p&fields=items/name&prettyPrint=false");
	ck_assert_str_eq(a->body.data,
	    "{\"items\":[{\"name\":\"demo\"},{\"name\":\"second\"}]}\n");
	put("name=x", "x");
	ck_assert_int_eq(ask("DELETE", "/b/demo")->status, 409);
	ck_assert_int_eq(ask("DELETE", "/b/second")->status, 204);
	ck_assert_int_eq(ask("GET", "/b/second")->status, 404);
	ck_assert_int_eq(ask("GET", "/b/demo")->status, 200);
	stop();
}
END_TEST

START_TEST(a_429_says_what_clients_look_for_and_costs_nothing)
{
	const struct sim_answer *a;
	struct sim_opts opts;
	struct sim_counts counts;
	int i;

	sim_defaults(&opts);
	opts.registry = "manifests=0";
	opts.write_limit = 1;
	opts.burst = 3;
	/* Between the four no token comes back, however slow the machine. */
	sim_world_start(&world, LOOP_VIRTUAL, &opts, 1);
	for (i = 0; i < 3; i++)
		ck_assert_int_eq(ask("DELETE", "/b/demo/o/x")->status, 404);
	a = ask("DELETE", "/b/demo/o/x");
	ck_assert_int_eq(a->status, 429);
	ck_assert_ptr_nonnull(strstr(a->body.data,
	    "\"message\": \"The object demo/x exceeded the rate limit for "
	    "object mutation operations (create, update, and delete). Please "
	    "reduce your request rate. See "
	    "https://cloud.google.com/storage/docs/gcs429.\""));
	ck_assert_ptr_nonnull(
	    strstr(a->body.data, "\"domain\": \"usageLimits\""));
	ck_assert_ptr_nonnull(
	    strstr(a->body.data, "\"reason\": \"rateLimitExceeded\""));
	ck_assert_int_eq(ask("GET", "/b/demo/o")->status, 200);
	sim_counts(world.sim, &counts);
	ck_assert_uint_eq(counts.rejected, 1);
	ck_assert_uint_eq(counts.requests[SIM_DELETE], 4);
	stop();
}
END_TEST

int
main(void)
{
	return suite_run("sim_api", an_object_goes_round,
	    errors_are_production_s, preconditions_hold_or_fail_as_documented,
	    a_missing_object_may_count_as_a_failed_condition,
	    names_are_decoded_exactly_once_whatever_the_byte,
	    names_that_production_refuses,
	    pages_cover_the_bucket_and_never_pass_1000,
	    virtual_layers_have_bytes_while_they_are_read, buckets_come_and_go,
	    a_429_says_what_clients_look_for_and_costs_nothing, NULL);
}
