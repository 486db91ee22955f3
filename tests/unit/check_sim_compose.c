/* SPDX-License-Identifier: MIT */
/* objects.compose. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sim/bucket.h"
#include "sim/object.h"
#include "tests/support/suite.h"
#include "tests/unit/sim_talk.h"

static uint64_t a, b;

/* Objects `a` and `b`, "hel" and "lo". */
static void
start(void)
{
	talk_start();
	a = talk_put("a", "hel");
	b = talk_put("b", "lo");
}

static void
compose(const char *body)
{
	talk("POST", body, "/b/demo/o/whole/compose");
}

static bool
has(const char *name)
{
	return bucket_find(talk_bucket("demo"), name, strlen(name)) != NULL;
}

START_TEST(the_whole_is_its_parts_one_behind_the_other)
{
	start();
	compose("{\"sourceObjects\":[{\"name\":\"a\"},{\"name\":\"b\"}],"
		"\"destination\":{\"contentType\":\"text/plain\","
		"\"metadata\":{\"k\":\"v\"},\"name\":\"ignored\"}}");
	talk_expect(200, "\"name\": \"whole\"");
	talk_expect(200, "\"size\": \"5\"");
	talk_expect(200,
	    "\"crc32c\": \"mnG7TA==\",\n"
	    "  \"componentCount\": 2,\n  \"etag\"");
	talk_expect(200, "\"contentType\": \"text/plain\"");
	talk_expect(200, "\"k\": \"v\"");
	talk_expect_not("md5Hash");
	talk("GET", NULL, "/b/demo/o/whole?alt=media");
	talk_expect(200, "hello");
	ck_assert(has("a") && has("b"));
	talk_stop();
}
END_TEST

START_TEST(components_add_up_and_a_part_may_be_the_whole_of_before)
{
	start();
	talk_bucket("demo")->config.soft_delete_s = 0;
	compose("{\"sourceObjects\":[{\"name\":\"a\"},{\"name\":\"b\"}]}");
	talk_expect(200, "\"componentCount\": 2");
	compose("{\"sourceObjects\":[{\"name\":\"whole\"},{\"name\":\"whole\"},"
		"{\"name\":\"a\"}]}");
	talk_expect(200, "\"componentCount\": 5");
	talk("GET", NULL, "/b/demo/o/whole?alt=media");
	talk_expect(200, "hellohellohel");
	talk("POST", "", "/b/demo/o/whole/copyTo/b/demo/o/copy");
	talk_expect(200, "\"componentCount\": 5");
	talk_expect_not("md5Hash");
	talk_stop();
}
END_TEST

/* 32 times the composite of before, again and again, of no bytes at all. */
START_TEST(a_count_of_components_ends_at_the_largest_there_is)
{
	char body[32 * 24 + 64];
	size_t i, n;

	start();
	talk_put("whole", "");
	n = (size_t)snprintf(body, sizeof(body), "{\"sourceObjects\":[");
	for (i = 0; i < 32; i++)
		n += (size_t)snprintf(body + n, sizeof(body) - n,
		    "%s{\"name\":\"whole\"}", i > 0 ? "," : "");
	snprintf(body + n, sizeof(body) - n, "]}");
	for (i = 0; i < 6; i++)
		compose(body);
	talk_expect(200, "\"componentCount\": 1073741824");
	for (i = 0; i < 3; i++) {
		compose(body);
		talk_expect(200, "\"componentCount\": 2147483647");
		talk_expect_not("md5Hash");
	}
	talk_stop();
}
END_TEST

START_TEST(a_part_has_its_generation_and_its_condition)
{
	/* Around a generation, that of the part or another one's. */
	static const struct {
		const char *before, *after;
		bool is_right;
		int status;
	} rows[] = {
		{ "\"generation\":\"", "\"", true, 200 },
		{ "\"generation\":", "", true, 200 },
		{ "\"generation\":", "", false, 404 },
		{ "\"objectPreconditions\":{\"ifGenerationMatch\":\"", "\"}",
		    true, 200 },
		{ "\"objectPreconditions\":{\"ifGenerationMatch\":", "}", false,
		    412 },
		{ "\"generation\":\"x", "\"", true, 400 },
		{ "\"generation\":-", "", true, 400 },
	};
	char body[300];
	size_t i;

	start();
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(body, sizeof(body),
		    "{\"sourceObjects\":[{\"name\":\"a\"},{\"name\":\"b\","
		    "%s%" PRIu64 "%s}]}",
		    rows[i].before, rows[i].is_right ? b : a, rows[i].after);
		compose(body);
		talk_expect(rows[i].status,
		    rows[i].status == 404 ? "No such object: demo/b" : "");
	}
	talk_stop();
}
END_TEST

START_TEST(what_is_wrong_makes_nothing)
{
	static const struct {
		const char *body;
		int status;
		const char *text;
	} rows[] = {
		{ "", 400, "parseError" },
		{ "{", 400, "parseError" },
		{ "[]", 400, "parseError" },
		{ "{}", 400,
		    "You must provide at least one source component." },
		{ "{\"sourceObjects\":[]}", 400, "\"reason\": \"required\"" },
		{ "{\"sourceObjects\":\"a\"}", 400, "required" },
		{ "{\"sourceObjects\":[{}]}", 400, "\"reason\": \"required\"" },
		{ "{\"sourceObjects\":[{\"name\":7}]}", 400, "required" },
		{ "{\"sourceObjects\":[7]}", 400, "required" },
		{ "{\"sourceObjects\":[{\"name\":\"a\"},{\"name\":\"no/ne\"}]}",
		    404, "No such object: demo/no/ne" },
		{ "{\"sourceObjects\":[{\"name\":\"a\"}],\"destination\":7}",
		    400, "parseError" },
		{ "{\"sourceObjects\":[{\"name\":\"a\"}],\"destination\":"
		  "{\"contentType\":7}}",
		    400, "Invalid value for: contentType" },
		{ "{\"sourceObjects\":[{\"name\":\"a\"}],"
		  "\"deleteSourceObjects\":\"yes\"}",
		    400, "deleteSourceObjects" },
		{ "{\"sourceObjects\":[{\"name\":\"layer\"}]}", 501,
		    "The simulator has no bytes of demo/layer to compose" },
	};
	size_t i;

	start();
	bucket_put(talk_bucket("demo"), "layer", 5, 3000000, 1, NULL);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		compose(rows[i].body);
		talk_expect(rows[i].status, rows[i].text);
		ck_assert(!has("whole"));
	}
	talk("POST", "{\"sourceObjects\":[{\"name\":\"a\"}]}",
	    "/b/demo/o/%%2E/compose");
	talk_expect(400, "The specified object name is not valid.");
	talk("POST", "{\"sourceObjects\":[{\"name\":\"a\"}]}",
	    "/b/nowhere/o/whole/compose");
	talk_expect(404, "The specified bucket does not exist.");
	talk_stop();
}
END_TEST

START_TEST(thirty_two_parts_are_taken_and_one_more_is_not)
{
	char body[2000];
	int i, n;

	start();
	for (n = 32; n <= 33; n++) {
		snprintf(body, sizeof(body), "{\"sourceObjects\":[");
		for (i = 0; i < n; i++)
			snprintf(body + strlen(body),
			    sizeof(body) - strlen(body), "%s{\"name\":\"b\"}",
			    i > 0 ? "," : "");
		snprintf(body + strlen(body), sizeof(body) - strlen(body),
		    "]}");
		compose(body);
		if (n == 32)
			talk_expect(200, "\"componentCount\": 32");
	}
	talk_expect(400,
	    "The number of source components provided (33) "
	    "exceeds the maximum (32)");
	talk_stop();
}
END_TEST

START_TEST(the_destination_has_conditions_and_may_be_held)
{
	static const char body[] = "{\"sourceObjects\":[{\"name\":\"a\"}]}";

	start();
	talk_put("whole", "old");
	talk("POST", body, "/b/demo/o/whole/compose?ifGenerationMatch=0");
	talk_expect(412, "conditionNotMet");
	talk("POST", body, "/b/demo/o/whole/compose?ifGenerationMatch=7");
	talk_expect(412, "");
	talk("POST", body, "/b/demo/o/whole/compose?ifMetagenerationMatch=7");
	talk_expect(412, "");
	talk("PATCH", "{\"temporaryHold\":true}", "/b/demo/o/whole");
	compose(body);
	talk_expect(403, "Object 'demo/whole' is under active Temporary hold");
	talk("POST", body, "/b/demo/o/new/compose?ifGenerationMatch=0");
	talk_expect(200, "");
	talk_stop();
}
END_TEST

START_TEST(the_parts_go_when_the_client_wants_it)
{
	start();
	talk("PATCH", "{\"temporaryHold\":true}", "/b/demo/o/b");
	compose("{\"sourceObjects\":[{\"name\":\"a\"},{\"name\":\"b\"}],"
		"\"deleteSourceObjects\":true}");
	talk_expect(403, "Object 'demo/b' is under active Temporary hold");
	ck_assert(has("a") && has("b") && !has("whole"));
	talk("PATCH", "{\"temporaryHold\":false}", "/b/demo/o/b");
	compose("{\"sourceObjects\":[{\"name\":\"a\"},{\"name\":\"b\"},"
		"{\"name\":\"a\"}],\"deleteSourceObjects\":true}");
	talk_expect(200, "\"size\": \"8\"");
	ck_assert(!has("a") && !has("b") && has("whole"));
	compose("{\"sourceObjects\":[{\"name\":\"whole\"}],"
		"\"deleteSourceObjects\":true}");
	talk_expect(200, "\"size\": \"8\"");
	ck_assert(has("whole"));
	talk_stop();
}
END_TEST

START_TEST(parts_of_a_versioned_bucket_become_noncurrent_once)
{
	uint64_t old;
	char body[200];

	start();
	talk_bucket("demo")->config.has_versioning = true;
	compose("{\"sourceObjects\":[{\"name\":\"a\"},{\"name\":\"a\"}],"
		"\"deleteSourceObjects\":true}");
	talk_expect(200, "");
	ck_assert_uint_eq(talk_bucket("demo")->noncurrent.n, 1);
	ck_assert_uint_eq(talk_bucket("demo")->soft_deleted.n, 0);
	old = talk_put("b", "live");
	snprintf(body, sizeof(body),
	    "{\"sourceObjects\":[{\"name\":\"b\",\"generation\":%" PRIu64
	    "}],\"deleteSourceObjects\":true}",
	    b);
	compose(body);
	talk_expect(200, "\"size\": \"2\"");
	talk("GET", NULL, "/b/demo/o/b?generation=%" PRIu64, b);
	talk_expect(404, "");
	talk("GET", NULL, "/b/demo/o/b?generation=%" PRIu64, old);
	talk_expect(200, "");
	talk_stop();
}
END_TEST

int
main(void)
{
	return suite_run("sim_compose",
	    the_whole_is_its_parts_one_behind_the_other,
	    components_add_up_and_a_part_may_be_the_whole_of_before,
	    a_count_of_components_ends_at_the_largest_there_is,
	    a_part_has_its_generation_and_its_condition,
	    what_is_wrong_makes_nothing,
	    thirty_two_parts_are_taken_and_one_more_is_not,
	    the_destination_has_conditions_and_may_be_held,
	    the_parts_go_when_the_client_wants_it,
	    parts_of_a_versioned_bucket_become_noncurrent_once, NULL);
}
