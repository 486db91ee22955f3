/* SPDX-License-Identifier: MIT */
/* objects.patch and objects.update, and what the resource tells afterwards. */
#include <inttypes.h>
#include <stdio.h>

#include "sim/bucket.h"
#include "sim/object.h"
#include "tests/support/suite.h"
#include "tests/unit/sim_talk.h"

static const char x[] = "/storage/v1/b/demo/o/x";

static void
start(void)
{
	talk_start();
	talk_put("x", "hello");
}

static void
patch(const char *body)
{
	talk("PATCH", body, "%s", x);
}

START_TEST(a_patch_changes_what_it_names_and_counts_it)
{
	uint64_t generation;

	start();
	generation = talk_generation();
	patch("{\"contentType\":\"text/plain\",\"cacheControl\":\"no-store\","
	      "\"contentEncoding\":\"br\",\"contentLanguage\":\"de\","
	      "\"contentDisposition\":\"inline\",\"acl\":[],\"size\":\"9\","
	      "\"metadata\":{\"b\":\"2\",\"a\\\"\":\"1\"},\"unknown\":1}");
	talk_expect(200, "\"metageneration\": \"2\"");
	ck_assert_uint_eq(talk_generation(), generation);
	talk_expect(200,
	    "\"md5Hash\": \"XUFAKrxLKna5cZ2REBfFkg==\",\n"
	    "  \"contentEncoding\": \"br\",\n"
	    "  \"contentDisposition\": \"inline\",\n"
	    "  \"contentLanguage\": \"de\",\n"
	    "  \"cacheControl\": \"no-store\",\n"
	    "  \"metadata\": {\n"
	    "    \"a\\\"\": \"1\",\n"
	    "    \"b\": \"2\"\n"
	    "  },\n"
	    "  \"crc32c\"");
	talk_expect(200, "\"contentType\": \"text/plain\"");
	talk_expect(200, "\"size\": \"5\"");
	patch("{\"metadata\":{\"b\":null,\"c\":\"3\"},\"cacheControl\":null}");
	talk_expect(200, "\"metageneration\": \"3\"");
	talk_expect(200, "    \"a\\\"\": \"1\",\n    \"c\": \"3\"\n");
	talk_expect(200, "\"contentType\": \"text/plain\"");
	talk_expect_not("cacheControl");
	patch("{\"metadata\":null}");
	talk_expect_not("metadata\"");
	talk_stop();
}
END_TEST

START_TEST(an_update_replaces_all_of_it)
{
	start();
	patch("{\"contentType\":\"text/plain\",\"metadata\":{\"a\":\"1\"}}");
	talk("PUT", "{\"metadata\":{\"b\":\"2\"}}", "%s", x);
	talk_expect(200, "\"contentType\": \"application/octet-stream\"");
	talk_expect(200, "\"metadata\": {\n    \"b\": \"2\"\n  }");
	talk_override("PATCH", "{\"contentLanguage\":\"en\"}", x);
	talk_expect(200, "\"contentLanguage\": \"en\"");
	talk_expect(200, "\"b\": \"2\"");
	talk_override("PUT", "{}", x);
	talk_expect(200, "\"metageneration\": \"5\"");
	talk_expect_not("contentLanguage");
	talk_override("BREW", "{}", x);
	talk_expect(405, "methodNotAllowed");
	talk_stop();
}
END_TEST

START_TEST(what_is_wrong_changes_nothing)
{
	static const struct {
		const char *query, *body;
		int status;
		const char *text;
	} rows[] = {
		{ "", "{", 400, "\"reason\": \"parseError\"" },
		{ "", "[]", 400, "\"reason\": \"parseError\"" },
		{ "", "{\"contentType\":1}", 400,
		    "\"Invalid value for: contentType\"" },
		{ "", "{\"metadata\":{\"a\":1}}", 400,
		    "\"reason\": \"invalid\"" },
		{ "", "{\"metadata\":\"a\"}", 400, "" },
		{ "", "{\"temporaryHold\":\"yes\"}", 400, "temporaryHold" },
		{ "", "{\"customTime\":\"today\"}", 400,
		    "Illegal timestamp format" },
		{ "", "{\"cacheControl\":\"a\\nb\"}", 400, "cacheControl" },
		{ "", "{\"storageClass\":\"NEARLINE\"}", 400, "rewrite" },
		{ "?ifMetagenerationMatch=2", "{}", 412, "conditionNotMet" },
		{ "?ifGenerationMatch=7", "{}", 412, "conditionNotMet" },
		{ "?generation=7", "{}", 404, "No such object: demo/x" },
		{ "?fields=a(", "{}", 400, "invalidParameter" },
		{ "", "{\"retention\":{\"mode\":\"Locked\"}}", 400,
		    "Missing retain until time. Both mode and retain until "
		    "time are required." },
		{ "",
		    "{\"retention\":{\"retainUntilTime\":\"2099-01-01T00:00:"
		    "00Z\"}}",
		    400, "Missing retention mode." },
		{ "", "{\"retention\":7}", 400, "retention" },
		{ "",
		    "{\"retention\":{\"mode\":\"Hard\",\"retainUntilTime\":"
		    "\"2099-01-01T00:00:00Z\"}}",
		    400, "mode" },
		{ "",
		    "{\"retention\":{\"mode\":\"Locked\",\"retainUntilTime\":"
		    "\"2020-01-01T00:00:00Z\"}}",
		    400, "Retain until time cannot be in the past." },
		{ "",
		    "{\"eventBasedHold\":true,\"retention\":{\"mode\":"
		    "\"Unlocked\",\"retainUntilTime\":\"2099-01-01T00:00:"
		    "00Z\"}}",
		    400,
		    "Retention and event based holds cannot be configured "
		    "together." },
	};
	size_t i;

	start();
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		talk("PATCH", rows[i].body, "%s%s", x, rows[i].query);
		talk_expect(rows[i].status, rows[i].text);
		talk("GET", NULL, "%s", x);
		talk_expect(200, "\"metageneration\": \"1\"");
	}
	talk("PATCH", "{}", "/b/demo/o/y");
	talk_expect(404, "No such object: demo/y");
	talk_stop();
}
END_TEST

START_TEST(a_custom_time_only_moves_forward)
{
	start();
	patch("{\"customTime\":\"2026-01-01T00:00:00.5Z\"}");
	talk_expect(200, "\"customTime\": \"2026-01-01T00:00:00.5Z\"");
	patch("{\"customTime\":\"2025-12-31T23:00:00Z\"}");
	talk_expect(400,
	    "\"Custom time cannot be decreased. Previously: "
	    "2026-01-01T00:00:00.5+00:00. Attempting to set: "
	    "2025-12-31T23:00:00+00:00.\"");
	patch("{\"customTime\":null}");
	talk_expect(400, "Custom time cannot be removed.");
	talk("PUT", "{}", "%s", x);
	talk_expect(400, "Custom time cannot be removed.");
	patch("{\"customTime\":\"2026-01-01T02:00:00+01:00\"}");
	talk_expect(200, "\"customTime\": \"2026-01-01T02:00:00+01:00\"");
	talk_stop();
}
END_TEST

START_TEST(holds_keep_an_object_until_they_are_taken_away)
{
	static const char *const holds[] = { "temporaryHold",
		"eventBasedHold" };
	char body[100];
	size_t i;

	start();
	for (i = 0; i < 2; i++) {
		snprintf(body, sizeof(body), "{\"%s\":true}", holds[i]);
		patch(body);
		talk_expect(200, holds[i]);
		talk("DELETE", NULL, "%s?ifGenerationMatch=7", x);
		talk_expect(412, "conditionNotMet");
		talk("DELETE", NULL, "%s", x);
		talk_expect(403, "\"reason\": \"forbidden\"");
		talk("POST", "other",
		    "/upload/storage/v1/b/demo/o?uploadType=media&name=x");
		talk_expect(403, "is under active ");
		snprintf(body, sizeof(body), "{\"%s\":false}", holds[i]);
		patch(body);
		talk_expect(200, "");
		talk_expect_not(holds[i]);
	}
	talk("DELETE", NULL, "%s", x);
	talk_expect(204, "");
	talk_stop();
}
END_TEST

START_TEST(the_end_of_an_event_based_hold_starts_the_policy_s_clock)
{
	struct bucket *b;
	struct object *o;

	start();
	b = talk_bucket("demo");
	o = bucket_find(b, "x", 1);
	b->config.retention_s = 3600;
	talk("GET", NULL, "%s", x);
	talk_expect(200, "\"retentionExpirationTime\": \"");
	patch("{\"eventBasedHold\":true}");
	talk_expect_not("retentionExpirationTime");
	o->generation -= 7200 * UINT64_C(1000000); /* it has aged */
	patch("{\"eventBasedHold\":false}");
	talk_expect(200, "\"retentionExpirationTime\": \"");
	talk("DELETE", NULL, "%s", x);
	talk_expect(403, "\"reason\": \"retentionPolicyNotMet\"");
	b->config.retention_s = 0;
	talk("DELETE", NULL, "%s", x);
	talk_expect(204, "");
	talk_stop();
}
END_TEST

START_TEST(a_retention_weakens_only_when_it_is_unlocked_and_overridden)
{
	/* What each answers where 2099 stands, Unlocked or Locked. */
	static const struct {
		const char *retention;
		bool overrides;
		int unlocked, locked;
	} rows[] = {
		{ "{\"mode\":\"Unlocked\",\"retainUntilTime\":\"2100-01-01T00:"
		  "00:00Z\"}",
		    false, 200, 403 },
		{ "{\"mode\":\"Unlocked\",\"retainUntilTime\":\"2098-01-01T00:"
		  "00:00Z\"}",
		    false, 403, 403 },
		{ "{\"mode\":\"Unlocked\",\"retainUntilTime\":\"2098-01-01T00:"
		  "00:00Z\"}",
		    true, 200, 403 },
		{ "{\"mode\":\"Locked\",\"retainUntilTime\":\"2100-01-01T00:00:"
		  "00Z\"}",
		    false, 403, 200 },
		{ "{\"mode\":\"Locked\",\"retainUntilTime\":\"2100-01-01T00:00:"
		  "00Z\"}",
		    true, 200, 200 },
		{ "{\"mode\":\"Locked\",\"retainUntilTime\":\"2098-01-01T00:00:"
		  "00Z\"}",
		    true, 200, 403 },
		{ "{}", false, 200, 200 },
		{ "null", false, 403, 403 },
		{ "null", true, 200, 403 },
		{ "{\"mode\":null,\"retainUntilTime\":null}", true, 200, 403 },
	};
	char body[200];
	size_t i;
	int locked;

	talk_start();
	for (i = 0; i < 2 * sizeof(rows) / sizeof(rows[0]); i++) {
		locked = (int)i % 2;
		snprintf(body, sizeof(body), "o%zu", i);
		talk_put(body, "x");
		snprintf(body, sizeof(body),
		    "{\"retention\":{\"mode\":\"%s\","
		    "\"retainUntilTime\":\"2099-01-01T00:00:00Z\"}}",
		    locked ? "Locked" : "Unlocked");
		talk("PATCH", body, "/b/demo/o/o%zu", i);
		talk_expect(200, locked ? "\"mode\": \"Locked\"" : "Unlocked");
		talk("DELETE", NULL, "/b/demo/o/o%zu", i);
		talk_expect(403, "until 2099-01-01T00:00:00.000000+00:00");
		snprintf(body, sizeof(body), "{\"retention\":%s}",
		    rows[i / 2].retention);
		talk("PATCH", body,
		    "/b/demo/o/o%zu?overrideUnlockedRetention=%s", i,
		    rows[i / 2].overrides ? "true" : "false");
		talk_expect(locked ? rows[i / 2].locked : rows[i / 2].unlocked,
		    "");
	}
	talk_expect(403, "The locked object retention cannot be removed.");
	talk_stop();
}
END_TEST

START_TEST(a_generation_selects_a_version_that_is_live_no_more)
{
	uint64_t old, new;

	talk_start();
	talk_bucket("demo")->config.has_versioning = true;
	old = talk_put("x", "1");
	new = talk_put("x", "2");
	talk("PATCH", "{\"contentType\":\"old/er\"}", "%s?generation=%" PRIu64,
	    x, old);
	talk_expect(200, "\"contentType\": \"old/er\"");
	talk_expect(200, "\"timeDeleted\": \"");
	ck_assert_uint_eq(talk_generation(), old);
	talk("GET", NULL, "%s", x);
	talk_expect(200, "\"contentType\": \"application/octet-stream\"");
	ck_assert_uint_eq(talk_generation(), new);
	talk_stop();
}
END_TEST

START_TEST(contexts_and_owners_are_told_to_those_who_ask)
{
	start();
	patch("{\"contexts\":{\"custom\":{\"k\":{\"value\":\"v\"}}}}");
	talk_expect(200,
	    "\"contexts\": {\n    \"custom\": {\n      \"k\": {\n"
	    "        \"value\": \"v\"\n      }\n    }\n  }");
	talk_expect_not("\"acl\"");
	talk("GET", NULL, "%s?projection=full", x);
	talk_expect(200, "\"acl\": [\n    {\n");
	talk_expect(200, "\"owner\": {\n    \"entity\": \"user-");
	talk("GET", NULL, "/b/demo/o?projection=full&fields=items/acl/role");
	talk_expect(200, "\"role\": \"OWNER\"");
	patch("{\"metadata\":{\"a\":\"1\",\"b\":\"2\"}}");
	talk("GET", NULL, "%s?fields=metadata/b&prettyPrint=false", x);
	talk_expect(200, "{\"metadata\":{\"b\":\"2\"}}\n");
	talk_stop();
}
END_TEST

int
main(void)
{
	return suite_run("sim_patch",
	    a_patch_changes_what_it_names_and_counts_it,
	    an_update_replaces_all_of_it, what_is_wrong_changes_nothing,
	    a_custom_time_only_moves_forward,
	    holds_keep_an_object_until_they_are_taken_away,
	    the_end_of_an_event_based_hold_starts_the_policy_s_clock,
	    a_retention_weakens_only_when_it_is_unlocked_and_overridden,
	    a_generation_selects_a_version_that_is_live_no_more,
	    contexts_and_owners_are_told_to_those_who_ask, NULL);
}
