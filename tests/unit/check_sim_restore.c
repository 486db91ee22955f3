/* SPDX-License-Identifier: MIT */
/* What was deleted softly, and how it comes back: restore and bulkRestore. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/bucket.h"
#include "sim/object.h"
#include "tests/support/suite.h"
#include "tests/unit/sim_client.h"
#include "tests/unit/sim_talk.h"

static const char x[] = "/b/demo/o/x";

static struct bucket *
demo(void)
{
	return talk_bucket("demo");
}

static void delete (const char *name)
{
	talk("DELETE", NULL, "/b/demo/o/%s", name);
	talk_expect(204, "");
}

/* An object x that was deleted; answers its generation. */
static uint64_t
start(void)
{
	uint64_t generation;

	talk_start();
	generation = talk_put("x", "hello");
	talk("PATCH",
	    "{\"metadata\":{\"a\":\"1\"},\"customTime\":"
	    "\"2026-01-01T00:00:00Z\"}",
	    "%s", x);
	delete ("x");
	return generation;
}

START_TEST(what_is_deleted_is_seen_by_its_generation_alone)
{
	uint64_t generation = start();

	talk("GET", NULL, "%s", x);
	talk_expect(404, "");
	talk("GET", NULL, "%s?generation=%" PRIu64, x, generation);
	talk_expect(404, "");
	talk("GET", NULL, "%s?softDeleted=true", x);
	talk_expect(400, "\"You must specify a generation.\"");
	talk("GET", NULL, "%s?softDeleted=true&generation=x", x);
	talk_expect(400, "invalid");
	talk("GET", NULL, "%s?softDeleted=true&generation=7", x);
	talk_expect(404, "No such object: demo/x");
	talk("GET", NULL, "%s?softDeleted=True&generation=%" PRIu64, x,
	    generation);
	talk_expect(200, "\"softDeleteTime\": \"");
	talk_expect(200, "\"hardDeleteTime\": \"");
	talk_expect(200, "\"a\": \"1\"");
	talk_expect_not("timeDeleted");
	ck_assert_uint_eq(talk_generation(), generation);
	talk("GET", NULL, "%s?alt=media&softDeleted=true&generation=%" PRIu64,
	    x, generation);
	talk_expect(404, "No such object: demo/x");
	talk_stop();
}
END_TEST

START_TEST(a_restored_object_is_a_new_one_and_the_old_one_stays)
{
	uint64_t generation = start(), first, second;

	talk("POST", "", "%s/restore?generation=%" PRIu64, x, generation);
	talk_expect(200, "\"metageneration\": \"1\"");
	talk_expect(200, "\"a\": \"1\"");
	talk_expect(200, "\"customTime\": \"2026-01-01T00:00:00Z\"");
	talk_expect_not("softDeleteTime");
	first = talk_generation();
	ck_assert_uint_gt(first, generation);
	talk("GET", NULL, "%s?alt=media", x);
	talk_expect(200, "hello");
	talk("POST", "", "%s/restore?generation=%" PRIu64, x, generation);
	talk_expect(200, "");
	second = talk_generation();
	talk("GET", NULL, "%s?softDeleted=true&generation=%" PRIu64, x, first);
	talk_expect(200, "softDeleteTime");
	talk("GET", NULL, "%s", x);
	ck_assert_uint_eq(talk_generation(), second);
	ck_assert_uint_eq(demo()->soft_deleted.n, 2);
	talk_stop();
}
END_TEST

START_TEST(what_cannot_be_restored_is_refused)
{
	uint64_t generation = start(), live = talk_put("x", "new");

	talk("POST", "", "%s/restore", x);
	talk_expect(400, "\"Required parameter: generation\"");
	talk("POST", "", "%s/restore?generation=x", x);
	talk_expect(400, "\"reason\": \"invalid\"");
	talk("POST", "", "%s/restore?generation=7", x);
	talk_expect(404, "No such object: demo/x");
	talk("POST", "", "%s/restore?generation=%" PRIu64, x, live);
	talk_expect(404, "No such object: demo/x");
	talk("POST", "",
	    "%s/restore?generation=%" PRIu64 "&ifGenerationMatch=0", x,
	    generation);
	talk_expect(412, "conditionNotMet");
	talk("PATCH", "{\"temporaryHold\":true}", "%s", x);
	talk("POST", "", "%s/restore?generation=%" PRIu64, x, generation);
	talk_expect(403, "is under active Temporary hold");
	talk("PATCH", "{\"temporaryHold\":false}", "%s", x);
	talk("POST", "",
	    "%s/restore?generation=%" PRIu64 "&ifGenerationMatch=%" PRIu64, x,
	    generation, live);
	talk_expect(200, "");
	demo()->config.soft_delete_s = 0;
	talk("POST", "", "%s/restore?generation=%" PRIu64, x, generation);
	talk_expect(400, "\"bucket soft delete policy must be set.\"");
	talk("POST", "{}", "/b/demo/o/bulkRestore");
	talk_expect(400, "\"bucket soft delete policy must be set.\"");
	talk_stop();
}
END_TEST

START_TEST(what_has_expired_is_gone)
{
	uint64_t generation = start();

	demo()->soft_deleted.head[0]->hard_delete_us = 1;
	talk("GET", NULL, "%s?softDeleted=true&generation=%" PRIu64, x,
	    generation);
	talk_expect(404, "");
	talk("POST", "", "%s/restore?generation=%" PRIu64, x, generation);
	talk_expect(404, "");
	demo()->next_expiry_us = 1;
	talk("GET", NULL, "%s", x);
	ck_assert_uint_eq(demo()->soft_deleted.n, 0);
	talk_stop();
}
END_TEST

/* Six soft-deleted versions: bulk/a, bulk/b twice, bulk/c, d/e, and x; bulk/c
 * is live again. */
static void
start_bulk(void)
{
	static const char *const names[] = { "bulk%2Fa", "bulk%2Fb", "bulk%2Fb",
		"bulk%2Fc", "d%2Fe" };
	size_t i;

	start();
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		talk_put(names[i], i == 2 ? "latest" : "old");
		delete (names[i]);
	}
	talk_put("bulk%2Fc", "live");
	talk_put("alive", "live");
}

START_TEST(a_bulk_restore_takes_what_is_wanted_and_tells_how_many)
{
	static const struct {
		const char *body;
		const char *succeeded, *skipped;
		uint64_t live;
	} rows[] = {
		{ "{}", "4", "2", 6 },
		{ "", "4", "2", 6 },
		{ "{\"matchGlobs\":[\"bulk/**\"]}", "2", "4", 4 },
		{ "{\"matchGlobs\":[\"bulk/a\",\"d/*\"]}", "2", "4", 4 },
		{ "{\"matchGlobs\":[\"bulk/**\"],\"allowOverwrite\":true}", "3",
		    "3", 4 },
		{ "{\"softDeletedAfterTime\":\"2100-01-01T00:00:00Z\"}", "0",
		    "6", 2 },
		{ "{\"softDeletedAfterTime\":\"2020-01-01T00:00:00Z\","
		  "\"softDeletedBeforeTime\":\"2100-01-01T00:00:00Z\"}",
		    "4", "2", 6 },
		{ "{\"createdBeforeTime\":\"2020-01-01T00:00:00Z\"}", "0", "6",
		    2 },
		{ "{\"createdAfterTime\":\"2020-01-01T00:00:00Z\"}", "4", "2",
		    6 },
	};
	char text[100];
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		start_bulk();
		talk("POST", rows[i].body, "/b/demo/o/bulkRestore");
		snprintf(text, sizeof(text),
		    "\"succeededCount\": \"%s\",\n    \"skippedCount\": "
		    "\"%s\",\n    \"failedCount\": \"0\"",
		    rows[i].succeeded, rows[i].skipped);
		talk_expect(200, text);
		talk_expect(200, "\"done\": true");
		ck_assert_uint_eq(bucket_objects(demo()), rows[i].live);
		talk("GET", NULL, "/b/demo/o/bulk%%2Fb?alt=media");
		if (rows[i].live == 6)
			talk_expect(200, "latest");
		talk("GET", NULL, "/b/demo/o/bulk%%2Fc?alt=media");
		talk_expect(200, i == 4 ? "old" : "live");
		talk_stop();
	}
}
END_TEST

START_TEST(what_is_in_the_way_and_held_makes_a_bulk_restore_fail_there)
{
	start_bulk();
	talk("PATCH", "{\"temporaryHold\":true}", "/b/demo/o/bulk%%2Fc");
	talk("POST", "{\"allowOverwrite\":true}", "/b/demo/o/bulkRestore");
	talk_expect(200, "\"succeededCount\": \"4\"");
	talk_expect(200, "\"failedCount\": \"1\"");
	talk_stop();
}
END_TEST

START_TEST(a_bulk_restore_that_is_not_understood_restores_nothing)
{
	static const struct {
		const char *body, *text;
	} rows[] = {
		{ "{", "parseError" },
		{ "[]", "parseError" },
		{ "{\"matchGlobs\":\"*\"}", "Invalid value for: matchGlobs" },
		{ "{\"matchGlobs\":[7]}", "Invalid value for: matchGlobs" },
		{ "{\"matchGlobs\":[\"a\",\"[\"]}", "\"reason\": \"invalid\"" },
		{ "{\"softDeletedAfterTime\":\"today\"}",
		    "Invalid value for: softDeletedAfterTime" },
		{ "{\"createdBeforeTime\":7}", "createdBeforeTime" },
		{ "{\"allowOverwrite\":\"yes\"}", "allowOverwrite" },
		{ "{\"copySourceAcl\":1}", "copySourceAcl" },
	};
	size_t i;

	start_bulk();
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		talk("POST", rows[i].body, "/b/demo/o/bulkRestore");
		talk_expect(400, rows[i].text);
	}
	ck_assert_uint_eq(bucket_objects(demo()), 2);
	talk("GET", NULL, "/b/demo/operations?prettyPrint=false");
	talk_expect(200, "{\"kind\":\"storage#operations\"}\n");
	talk_stop();
}
END_TEST

START_TEST(an_operation_is_found_by_its_name_afterwards)
{
	const struct sim_answer *a;
	char name[100];
	int i;

	start_bulk();
	a = talk("POST",
	    "{\"matchGlobs\":[\"bulk/**\"],\"softDeletedAfterTime\":"
	    "\"2020-01-01T00:00:00Z\"}",
	    "/b/demo/o/bulkRestore");
	ck_assert_int_eq(sscanf(strstr(a->body.data, "\"name\""),
			     "\"name\": \"projects/_/buckets/demo/%99[^\"]",
			     name),
	    1);
	talk("GET", NULL, "/b/demo/%s", name);
	talk_expect(200, "{\n  \"kind\": \"storage#operation\",\n");
	talk_expect(200,
	    "\"response\": {\n    \"@type\": \"type.googleapis.com/"
	    "google.storage.control.v2.BulkRestoreObjectsResponse\"\n  }");
	talk_expect(200,
	    "\"matchGlobs\": [\n      \"bulk/**\"\n    ],\n"
	    "    \"softDeletedAfterTime\": "
	    "\"2020-01-01T00:00:00Z\",\n"
	    "    \"allowOverwrite\": false,\n"
	    "    \"copySourceAcl\": false,\n"
	    "    \"succeededCount\": \"2\"");
	talk("GET", NULL, "/b/demo/%s?fields=done&prettyPrint=false", name);
	talk_expect(200, "{\"done\":true}\n");
	talk("POST", "", "/b/demo/%s/cancel", name);
	talk_expect(412, "The long-running operation is already done.");
	talk("DELETE", NULL, "/b/demo/%s", name);
	talk_expect(405, "");
	talk("GET", NULL, "/b/demo/operations/7");
	talk_expect(404,
	    "The specified long-running operation does not exist.");
	talk("GET", NULL, "/b/demo/operations/x");
	talk_expect(404, "");
	talk("GET", NULL, "/b/nowhere/operations");
	talk_expect(404, "No such bucket");
	for (i = 0; i < 120; i++)
		talk("POST", "{}", "/b/demo/o/bulkRestore");
	a = talk("GET", NULL,
	    "/b/demo/operations?fields=operations/done"
	    "&prettyPrint=false");
	ck_assert_uint_eq(a->body.len,
	    strlen("{\"operations\":[]}\n") + 100 * 14 - 1);
	talk_stop();
}
END_TEST

int
main(void)
{
	return suite_run("sim_restore",
	    what_is_deleted_is_seen_by_its_generation_alone,
	    a_restored_object_is_a_new_one_and_the_old_one_stays,
	    what_cannot_be_restored_is_refused, what_has_expired_is_gone,
	    a_bulk_restore_takes_what_is_wanted_and_tells_how_many,
	    what_is_in_the_way_and_held_makes_a_bulk_restore_fail_there,
	    a_bulk_restore_that_is_not_understood_restores_nothing,
	    an_operation_is_found_by_its_name_afterwards, NULL);
}
