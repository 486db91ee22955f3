/* SPDX-License-Identifier: MIT */
/* copyTo, rewriteTo and moveTo. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sim/bucket.h"
#include "sim/object.h"
#include "tests/support/suite.h"
#include "tests/unit/sim_client.h"
#include "tests/unit/sim_talk.h"

/* Object x in bucket demo, and an empty bucket `other`. */
static void
start(void)
{
	talk_start();
	talk("POST", "{\"name\":\"other\"}", "/b?project=p");
	talk_expect(200, "");
	talk_put("x", "hello");
	talk("PATCH",
	    "{\"contentType\":\"text/plain\",\"metadata\":{\"a\":\"1\"},"
	    "\"customTime\":\"2026-01-01T00:00:00Z\"}",
	    "/b/demo/o/x");
	talk_expect(200, "");
}

static void
expect_media(const char *path, const char *bytes)
{
	talk("GET", NULL, "%s?alt=media", path);
	talk_expect(200, bytes);
}

START_TEST(a_copy_has_the_bytes_and_the_metadata_of_its_source)
{
	uint64_t source;

	start();
	source = bucket_find(talk_bucket("demo"), "x", 1)->generation;
	talk("POST", "", "/b/demo/o/x/copyTo/b/other/o/a%%2Fb");
	talk_expect(200, "\"name\": \"a/b\"");
	talk_expect(200, "\"bucket\": \"other\"");
	talk_expect(200, "\"metageneration\": \"1\"");
	talk_expect(200, "\"contentType\": \"text/plain\"");
	talk_expect(200, "\"metadata\": {\n    \"a\": \"1\"\n  }");
	talk_expect(200, "\"customTime\": \"2026-01-01T00:00:00Z\"");
	talk_expect(200, "\"md5Hash\": \"XUFAKrxLKna5cZ2REBfFkg==\"");
	ck_assert_uint_gt(talk_generation(), source);
	expect_media("/b/other/o/a%2Fb", "hello");
	expect_media("/b/demo/o/x", "hello");
	ck_assert_ptr_eq(bucket_find(talk_bucket("demo"), "x", 1)->payload,
	    bucket_find(talk_bucket("other"), "a/b", 3)->payload);
	talk_stop();
}
END_TEST

START_TEST(what_the_client_says_of_a_copy_replaces_what_the_source_said)
{
	start();
	talk("POST", "{\"storageClass\":\"NEARLINE\",\"name\":\"ignored\"}",
	    "/b/demo/o/x/copyTo/b/demo/o/y");
	talk_expect(200, "\"storageClass\": \"NEARLINE\"");
	talk_expect(200, "\"a\": \"1\"");
	talk("POST", "", "/b/demo/o/y/copyTo/b/demo/o/z");
	talk_expect(200, "\"storageClass\": \"STANDARD\"");
	talk("POST", "{\"metadata\":{\"b\":\"2\"}}",
	    "/b/demo/o/x/rewriteTo/b/demo/o/y");
	talk_expect(200, "\"metadata\": {\n      \"b\": \"2\"\n    }");
	talk_expect(200, "\"contentType\": \"text/plain\"");
	talk_expect_not("customTime");
	talk("POST", "{\"contentType\":\"text/html\"}",
	    "/b/demo/o/x/copyTo/b/demo/o/y");
	talk_expect(200, "\"contentType\": \"text/html\"");
	talk_expect_not("\"a\"");
	talk("POST", "{\"metadata\":{}}", "/b/demo/o/x/copyTo/b/demo/o/y");
	talk_expect_not("metadata\"");
	talk_stop();
}
END_TEST

START_TEST(an_object_may_be_copied_onto_itself)
{
	uint64_t before;

	start();
	talk_bucket("demo")->config.soft_delete_s = 0;
	before = bucket_find(talk_bucket("demo"), "x", 1)->generation;
	talk("POST", "{\"storageClass\":\"COLDLINE\"}",
	    "/b/demo/o/x/rewriteTo/b/demo/o/x");
	talk_expect(200, "\"storageClass\": \"COLDLINE\"");
	talk_expect(200, "\"a\": \"1\"");
	ck_assert_uint_gt(talk_generation(), before);
	expect_media("/b/demo/o/x", "hello");
	talk_stop();
}
END_TEST

START_TEST(a_copy_keeps_the_hashes_of_bytes_that_were_never_stored)
{
	struct object_hashes source, made;
	struct bucket *b;

	start();
	b = talk_bucket("demo");
	bucket_put(b, "layer", 5, 3000000, 1577836800000000, NULL);
	object_hashes(bucket_find(b, "layer", 5), &source);
	talk("POST", "", "/b/demo/o/layer/copyTo/b/demo/o/second");
	talk_expect(200, "\"size\": \"3000000\"");
	talk("PUT", "{}", "/b/demo/o/second");
	talk("POST", "", "/b/demo/o/second/rewriteTo/b/demo/o/third");
	talk_expect(200, "\"done\": true");
	talk("POST", "", "/b/demo/o/third/moveTo/o/fourth");
	talk_expect(200, "");
	object_hashes(bucket_find(b, "fourth", 6), &made);
	ck_assert_mem_eq(source.md5, made.md5, sizeof(made.md5));
	ck_assert_uint_eq(source.crc32c, made.crc32c);
	talk("POST", "", "/b/demo/o/fourth/copyTo/b/other/o/layer");
	talk_expect(200, "");
	ck_assert_ptr_null(bucket_find(talk_bucket("other"), "layer", 5)->meta);
	talk_stop();
}
END_TEST

START_TEST(sources_and_destinations_have_conditions_of_their_own)
{
	/* G: the generation of x; y does not exist, z does. */
	static const struct {
		const char *destination, *query;
		int status;
		const char *text;
	} rows[] = {
		{ "y", "ifSourceGenerationMatch=7", 412, "conditionNotMet" },
		{ "y", "ifSourceMetagenerationMatch=1", 412, "" },
		{ "y", "ifSourceMetagenerationNotMatch=2", 412, "" },
		{ "y", "ifSourceGenerationMatch=x", 400, "invalid" },
		{ "y", "sourceGeneration=7", 404, "No such object: demo/x" },
		{ "y", "sourceGeneration=x", 400, "invalid" },
		{ "y", "ifGenerationMatch=7", 412, "" },
		{ "z", "ifGenerationMatch=0", 412, "" },
		{ "z", "ifMetagenerationMatch=2", 412, "" },
		{ "..", "", 400, "The specified object name is not valid." },
		{ "y", "fields=a(", 400, "invalidParameter" },
		{ "y", "ifSourceMetagenerationMatch=2&ifGenerationMatch=0", 200,
		    "" },
	};
	static const char *const verbs[] = { "copyTo", "rewriteTo" };
	size_t i;

	start();
	talk_put("z", "old");
	for (i = 0; i < 2 * sizeof(rows) / sizeof(rows[0]); i++) {
		talk("POST", "", "/b/demo/o/x/%s/b/demo/o/%s?%s", verbs[i % 2],
		    rows[i / 2].destination, rows[i / 2].query);
		talk_expect(rows[i / 2].status, rows[i / 2].text);
		talk("DELETE", NULL, "/b/demo/o/y");
		talk_expect(rows[i / 2].status == 200 ? 204 : 404, "");
		expect_media("/b/demo/o/z", "old");
	}
	talk_stop();
}
END_TEST

START_TEST(what_is_missing_is_named)
{
	start();
	talk("POST", "", "/b/demo/o/no%%2Fne/copyTo/b/other/o/y");
	talk_expect(404, "No such object: demo/no/ne");
	talk("POST", "", "/b/demo/o/none/rewriteTo/b/other/o/y");
	talk_expect(404, "No such object: demo/none");
	talk("POST", "", "/b/demo/o/none/moveTo/o/y");
	talk_expect(404, "No such object: demo/none");
	talk("POST", "", "/b/demo/o/x/copyTo/b/nowhere/o/y");
	talk_expect(404, "The specified bucket does not exist.");
	talk("POST", "", "/b/nowhere/o/x/copyTo/b/demo/o/y");
	talk_expect(404, "The specified bucket does not exist.");
	talk("POST", "{", "/b/demo/o/x/copyTo/b/demo/o/y");
	talk_expect(400, "parseError");
	talk("POST", "{\"contentType\":7}", "/b/demo/o/x/copyTo/b/demo/o/y");
	talk_expect(400, "Invalid value for: contentType");
	talk("GET", NULL, "/b/demo/o/x/copyTo/b/demo/o/y");
	talk_expect(405, "");
	talk_stop();
}
END_TEST

/* The rewriteToken of the last answer. */
static void
read_token(const struct sim_answer *a, char out[100])
{
	const char *at = strstr(a->body.data, "\"rewriteToken\": \"");

	ck_assert_ptr_nonnull(at);
	ck_assert_int_eq(sscanf(at, "\"rewriteToken\": \"%99[^\"]", out), 1);
}

START_TEST(a_rewrite_in_steps_is_done_when_its_token_has_come_round)
{
	static const char path[] = "/b/demo/o/big/rewriteTo/b/other/o/y"
				   "?maxBytesRewrittenPerCall=1048576";
	char token[100];

	start();
	bucket_put(talk_bucket("demo"), "big", 3, 2500000, 1577836800000000,
	    NULL);
	read_token(talk("POST", "", "%s", path), token);
	talk_expect(200,
	    "{\n  \"kind\": \"storage#rewriteResponse\",\n"
	    "  \"totalBytesRewritten\": \"1048576\",\n"
	    "  \"objectSize\": \"2500000\",\n  \"done\": false,\n"
	    "  \"rewriteToken\": \"");
	talk_expect_not("resource");
	ck_assert_ptr_null(bucket_find(talk_bucket("other"), "y", 1));
	read_token(talk("POST", "", "%s&rewriteToken=%s", path, token), token);
	talk_expect(200, "\"totalBytesRewritten\": \"2097152\"");
	talk("POST", "", "%s&rewriteToken=%s", path, token);
	talk_expect(200,
	    "\"totalBytesRewritten\": \"2500000\",\n"
	    "  \"objectSize\": \"2500000\",\n  \"done\": true,\n"
	    "  \"resource\": {\n    \"kind\": \"storage#object\"");
	talk_expect_not("rewriteToken");
	ck_assert_ptr_nonnull(bucket_find(talk_bucket("other"), "y", 1));
	talk("POST", "", "/b/demo/o/big/rewriteTo/b/other/o/z");
	talk_expect(200, "\"done\": true");
	talk_stop();
}
END_TEST

START_TEST(a_token_is_good_for_its_own_rewrite_alone)
{
	static const char base[] = "maxBytesRewrittenPerCall=1048576";
	static const char *const steps[] = { "0", "1", "1048577", "x", "-1" };
	struct bucket *b;
	char token[100];
	size_t i;

	start();
	b = talk_bucket("demo");
	bucket_put(b, "big", 3, 2500000, 1577836800000000, NULL);
	bucket_put(b, "bag", 3, 2500000, 1577836800000000, NULL);
	read_token(talk("POST", "", "/b/demo/o/big/rewriteTo/b/other/o/y?%s",
		       base),
	    token);
	talk("POST", "",
	    "/b/demo/o/bag/rewriteTo/b/other/o/y?%s"
	    "&rewriteToken=%s",
	    base, token);
	talk_expect(400, "Invalid rewrite token.");
	talk("POST", "",
	    "/b/demo/o/big/rewriteTo/b/other/o/z?%s"
	    "&rewriteToken=%s",
	    base, token);
	talk_expect(400, "Invalid rewrite token.");
	talk("POST", "", "/b/demo/o/big/rewriteTo/b/other/o/y?rewriteToken=%s",
	    token);
	talk_expect(400, "Invalid rewrite token.");
	talk("POST", "",
	    "/b/demo/o/big/rewriteTo/b/other/o/y?%s"
	    "&rewriteToken=made%%20up",
	    base);
	talk_expect(400, "Invalid rewrite token.");
	bucket_put(b, "big", 3, 2500000, 1577836800000001, NULL);
	talk("POST", "",
	    "/b/demo/o/big/rewriteTo/b/other/o/y?%s"
	    "&rewriteToken=%s",
	    base, token);
	talk_expect(400, "Invalid rewrite token.");
	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		talk("POST", "",
		    "/b/demo/o/big/rewriteTo/b/other/o/y"
		    "?maxBytesRewrittenPerCall=%s",
		    steps[i]);
		talk_expect(400, "must be an integral multiple of 1 MiB");
	}
	ck_assert_uint_eq(bucket_objects(talk_bucket("other")), 0);
	talk_stop();
}
END_TEST

START_TEST(a_copy_takes_neither_holds_nor_retention_along)
{
	start();
	talk("PATCH",
	    "{\"temporaryHold\":true,\"retention\":{\"mode\":"
	    "\"Locked\",\"retainUntilTime\":\"2099-01-01T00:00:00Z\"}}",
	    "/b/demo/o/x");
	talk_expect(200, "Locked");
	talk("POST", "", "/b/demo/o/x/copyTo/b/other/o/y");
	talk_expect(200, "");
	talk_expect_not("Locked");
	talk_expect_not("temporaryHold");
	talk("POST", "{\"temporaryHold\":true}",
	    "/b/demo/o/x/copyTo/b/other/o/y");
	talk_expect(200, "\"temporaryHold\": true");
	/* Neither may what is held be replaced. */
	talk("POST", "", "/b/demo/o/x/copyTo/b/other/o/y");
	talk_expect(403, "Object 'other/y' is under active Temporary hold");
	talk("POST", "", "/b/demo/o/x/rewriteTo/b/other/o/y");
	talk_expect(403, "Object 'other/y' is under active Temporary hold");
	talk("POST", "", "/b/demo/o/x/moveTo/o/y");
	talk_expect(403, "Object 'demo/x' is under active Temporary hold");
	talk_bucket("other")->config.default_event_based_hold = true;
	talk("POST", "", "/b/demo/o/x/copyTo/b/other/o/z");
	talk_expect(200, "\"eventBasedHold\": true");
	talk_stop();
}
END_TEST

START_TEST(a_move_leaves_nothing_live_behind)
{
	uint64_t old;

	start();
	old = bucket_find(talk_bucket("demo"), "x", 1)->generation;
	talk("POST", "", "/b/demo/o/x/moveTo/o/x");
	talk_expect(400, "must differ");
	talk("POST", "", "/b/demo/o/x/moveTo/o/y?ifSourceGenerationMatch=7");
	talk_expect(412, "");
	talk("POST", "", "/b/demo/o/x/moveTo/o/y?ifGenerationMatch=7");
	talk_expect(412, "");
	talk("POST", "",
	    "/b/demo/o/x/moveTo/o/y?ifGenerationMatch=0"
	    "&ifSourceGenerationMatch=%" PRIu64,
	    old);
	talk_expect(200, "\"name\": \"y\"");
	talk_expect(200, "\"metageneration\": \"1\"");
	talk_expect(200, "\"customTime\": \"2026-01-01T00:00:00Z\"");
	talk_expect(200, "\"a\": \"1\"");
	expect_media("/b/demo/o/y", "hello");
	talk("GET", NULL, "/b/demo/o/x");
	talk_expect(404, "");
	ck_assert_uint_eq(talk_bucket("demo")->soft_deleted.n, 1);
	talk_stop();
}
END_TEST

int
main(void)
{
	return suite_run("sim_copy",
	    a_copy_has_the_bytes_and_the_metadata_of_its_source,
	    what_the_client_says_of_a_copy_replaces_what_the_source_said,
	    an_object_may_be_copied_onto_itself,
	    a_copy_keeps_the_hashes_of_bytes_that_were_never_stored,
	    sources_and_destinations_have_conditions_of_their_own,
	    what_is_missing_is_named,
	    a_rewrite_in_steps_is_done_when_its_token_has_come_round,
	    a_token_is_good_for_its_own_rewrite_alone,
	    a_copy_takes_neither_holds_nor_retention_along,
	    a_move_leaves_nothing_live_behind, NULL);
}
