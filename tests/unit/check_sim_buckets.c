/* SPDX-License-Identifier: MIT */
/* Buckets over HTTP: what they say, how they change, and lists of them. */
#include <stdio.h>
#include <string.h>

#include "sim/sim.h"
#include "tests/support/suite.h"
#include "tests/unit/sim_client.h"

static struct sim_world world;

/* Nothing at first, on a clock that begins with the epoch of seeds. */
static void
start(void)
{
	struct sim_opts opts;

	sim_defaults(&opts);
	sim_world_start(&world, LOOP_VIRTUAL, &opts, 1);
}

static void
stop(void)
{
	sim_world_stop(&world);
}

static const struct sim_answer *
send(const char *method, const char *target, const char *body)
{
	size_t number = sim_client_ask(world.client, method, target, body);

	sim_client_run(world.client);
	return sim_client_answer(world.client, number);
}

static void
make(const char *body)
{
	const struct sim_answer *a = send("POST", "/storage/v1/b?project=p",
	    body);

	ck_assert_msg(a->status == 200, "%s: %d %s", body, a->status,
	    a->body.data);
}

static void
says(const char *method, const char *target, const char *body, int status,
    const char *in_body)
{
	const struct sim_answer *a = send(method, target, body);

	ck_assert_msg(a->status == status && strstr(a->body.data, in_body),
	    "%s %s %s: %d %s, want %d %s", method, target,
	    body != NULL ? body : "", a->status, a->body.data, status, in_body);
}

static void
put(const char *bucket, const char *name)
{
	char target[300];

	snprintf(target, sizeof(target),
	    "/upload/storage/v1/b/%s/o?uploadType=media&name=%s", bucket, name);
	says("POST", target, "x", 200, "");
}

#define ONLY(fields) "/storage/v1/b/one?prettyPrint=false&fields=" fields

/* --- what they say --- */

START_TEST(a_new_bucket_says_what_production_s_says)
{
	start();
	make("{\"name\":\"one\"}");
	says("GET",
	    ONLY("kind,id,name,projectNumber,metageneration,location,"
		 "storageClass,etag,locationType,rpo"),
	    NULL, 200,
	    "{\"kind\":\"storage#bucket\",\"id\":\"one\",\"name\":\"one\","
	    "\"projectNumber\":\"1\",\"metageneration\":\"1\","
	    "\"location\":\"US\",\"storageClass\":\"STANDARD\","
	    "\"etag\":\"CAE=\",\"locationType\":\"multi-region\","
	    "\"rpo\":\"DEFAULT\"}\n");
	says("GET", ONLY("selfLink,iamConfiguration"), NULL, 200,
	    "{\"selfLink\":\"http://storage.test:4443/storage/v1/b/one\","
	    "\"iamConfiguration\":{\"bucketPolicyOnly\":{\"enabled\":false},"
	    "\"uniformBucketLevelAccess\":{\"enabled\":false},"
	    "\"publicAccessPrevention\":\"inherited\"}}\n");
	says("GET", ONLY("softDeletePolicy(retentionDurationSeconds)"), NULL,
	    200,
	    "{\"softDeletePolicy\":{\"retentionDurationSeconds\":"
	    "\"604800\"}}\n");
	says("GET", "/b/one?projection=full", NULL, 200, "\"effectiveTime\"");
	says("GET", "/b/one?projection=half", NULL, 400, "[full, noAcl]");
	stop();
}
END_TEST

START_TEST(what_only_describes_a_bucket_is_kept)
{
	start();
	make("{\"name\":\"one\",\"location\":\"europe-west1\","
	     "\"storageClass\":\"NEARLINE\",\"labels\":{\"a\":\"1\"},"
	     "\"lifecycle\":{\"rule\":[{\"action\":{\"type\":\"Delete\"},"
	     "\"condition\":{\"age\":3}}]},\"cors\":[{\"origin\":[\"*\"]}],"
	     "\"website\":{\"mainPageSuffix\":\"i\"},"
	     "\"logging\":{\"logBucket\":\"l\"},"
	     "\"billing\":{\"requesterPays\":false},"
	     "\"autoclass\":{\"enabled\":true},"
	     "\"hierarchicalNamespace\":{\"enabled\":false},"
	     "\"acl\":[],\"etag\":\"x\",\"metageneration\":\"9\","
	     "\"nobodyKnows\":1}");
	says("GET", ONLY("*"), NULL, 200,
	    "\"location\":\"EUROPE-WEST1\",\"storageClass\":\"NEARLINE\"");
	says("GET",
	    ONLY("labels,lifecycle,cors,website,logging,billing,"
		 "autoclass,hierarchicalNamespace,locationType,rpo"),
	    NULL, 200,
	    "{\"labels\":{\"a\":\"1\"},\"lifecycle\":{\"rule\":[{\"action\":"
	    "{\"type\":\"Delete\"},\"condition\":{\"age\":3}}]},\"cors\":"
	    "[{\"origin\":[\"*\"]}],\"website\":{\"mainPageSuffix\":\"i\"},"
	    "\"logging\":{\"logBucket\":\"l\"},\"billing\":"
	    "{\"requesterPays\":false},\"autoclass\":{\"enabled\":true},"
	    "\"hierarchicalNamespace\":{\"enabled\":false},"
	    "\"locationType\":\"region\"}\n");
	says("GET", ONLY("etag,nobodyKnows,acl"), NULL, 200,
	    "{\"etag\":\"CAE=\"}\n");
	says("GET", "/storage/v1/b/one/storageLayout?prettyPrint=false", NULL,
	    200,
	    "{\"kind\":\"storage#storageLayout\",\"bucket\":\"one\","
	    "\"location\":\"EUROPE-WEST1\",\"locationType\":\"region\","
	    "\"hierarchicalNamespace\":{\"enabled\":false}}\n");
	stop();
}
END_TEST

START_TEST(a_bucket_that_cannot_be_is_refused)
{
	static const struct {
		const char *body;
		int status;
		const char *in_body;
	} rows[] = {
		{ "", 400, "\"reason\": \"parseError\"" },
		{ "[]", 400, "a bucket's resource in JSON" },
		{ "{\"name\":", 400, "parseError" },
		{ "{}", 400, "\"reason\": \"required\"" },
		{ "{\"name\":null}", 400, "needs a name" },
		{ "{\"name\":7}", 400, "Invalid value for: name" },
		{ "{\"name\":\"No\"}", 400, "Invalid bucket name: 'No'" },
		{ "{\"name\":\"a\\u0000bc\"}", 400, "parseError" },
		{ "{\"name\":\"one\"}", 409, "\"reason\": \"conflict\"" },
		{ "{\"name\":\"two\",\"labels\":[]}", 400, "for: labels" },
		{ "{\"name\":\"two\",\"labels\":{\"a\":1}}", 400,
		    "each of which must be" },
		{ "{\"name\":\"two\",\"storageClass\":\"GOLD\"}", 400,
		    "for: storageClass" },
		{ "{\"name\":\"two\",\"location\":\"no where\"}", 400,
		    "for: location" },
		{ "{\"name\":\"two\",\"location\":\"\"}", 400,
		    "for: location" },
		{ "{\"name\":\"two\",\"versioning\":true}", 400,
		    "for: versioning" },
		{ "{\"name\":\"two\",\"versioning\":{\"enabled\":\"yes\"}}",
		    400, "for: versioning.enabled" },
		{ "{\"name\":\"two\",\"defaultEventBasedHold\":1}", 400,
		    "for: defaultEventBasedHold" },
		{ "{\"name\":\"two\",\"iamConfiguration\":"
		  "{\"bucketPolicyOnly\":{\"enabled\":1}}}",
		    400, "for: iamConfiguration.bucketPolicyOnly.enabled" },
		{ "{\"name\":\"two\",\"softDeletePolicy\":7}", 400,
		    "for: softDeletePolicy" },
		{ "{\"name\":\"two\",\"softDeletePolicy\":"
		  "{\"retentionDurationSeconds\":\"604799\"}}",
		    400, "7 to 90 days" },
		{ "{\"name\":\"two\",\"softDeletePolicy\":"
		  "{\"retentionDurationSeconds\":7776001}}",
		    400, "7 to 90 days" },
		{ "{\"name\":\"two\",\"retentionPolicy\":"
		  "{\"retentionPeriod\":\"0\"}}",
		    400, "from 1 to 3155760000" },
		{ "{\"name\":\"two\",\"retentionPolicy\":\"long\"}", 400,
		    "retentionPolicy.retentionPeriod" },
		{ "{\"name\":\"two\",\"hierarchicalNamespace\":"
		  "{\"enabled\":true}}",
		    501, "no hierarchical namespaces" },
	};
	size_t i;

	start();
	make("{\"name\":\"one\"}");
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		says("POST", "/storage/v1/b", rows[i].body, rows[i].status,
		    rows[i].in_body);
	says("POST", "/storage/v1/b?fields=(", "{\"name\":\"two\"}", 400,
	    "fields");
	says("POST", "/storage/v1/b?enableObjectRetention=so",
	    "{\"name\":\"two\"}", 400, "enableObjectRetention");
	says("GET", "/storage/v1/b/two", NULL, 404, "\"No such bucket: two\"");
	says("GET", "/storage/v1/b/two/o", NULL, 404,
	    "\"The specified bucket does not exist.\"");
	stop();
}
END_TEST

/* --- how they change --- */

/* Their parts are short enough to be those of a domain. */
START_TEST(a_name_with_dots_may_be_longer)
{
	static const struct {
		int parts[5]; /* their lengths */
		int status;
	} rows[] = {
		{ { 63 }, 200 },
		{ { 64 }, 400 },
		{ { 63, 63 }, 200 },
		{ { 63, 64 }, 400 },
		{ { 64, 2 }, 400 },
		{ { 63, 63, 63, 30 }, 200 }, /* 222 */
		{ { 63, 63, 63, 31 }, 400 },
	};
	struct buf body;
	size_t i, k;

	start();
	buf_init(&body, 1024);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		buf_clear(&body);
		buf_adds(&body, "{\"name\":\"");
		for (k = 0; rows[i].parts[k] != 0; k++)
			buf_addf(&body, "%sa%0*d", k > 0 ? "." : "",
			    rows[i].parts[k] - 1, 1);
		buf_adds(&body, "\"}");
		says("POST", "/storage/v1/b?project=p", body.data,
		    rows[i].status,
		    rows[i].status == 200 ? "storage#bucket"
					  : "Invalid bucket name");
	}
	buf_release(&body);
	stop();
}
END_TEST

START_TEST(a_patch_merges_and_null_takes_away)
{
	start();
	make("{\"name\":\"one\",\"labels\":{\"a\":\"1\",\"b\":\"2\"},"
	     "\"versioning\":{\"enabled\":true}}");
	says("PATCH", ONLY("labels,metageneration,etag,versioning"),
	    "{\"labels\":{\"a\":null,\"c\":\"3\"}}", 200,
	    "{\"metageneration\":\"2\",\"etag\":\"CAI=\",\"versioning\":"
	    "{\"enabled\":true},\"labels\":{\"b\":\"2\",\"c\":\"3\"}}\n");
	says("PATCH", ONLY("labels,versioning,cors"),
	    "{\"labels\":null,\"versioning\":null,\"cors\":[{}]}", 200,
	    "{\"cors\":[{}]}\n");
	/* As clients send it that have no PATCH. */
	says("POST", ONLY("metageneration"), "{}", 405, "methodNotAllowed");
	says("PATCH", ONLY("location"), "{\"location\":\"ASIA\"}", 200,
	    "{\"location\":\"US\"}\n");
	says("PATCH", ONLY("iamConfiguration"),
	    "{\"iamConfiguration\":{\"uniformBucketLevelAccess\":"
	    "{\"enabled\":true}}}",
	    200, "\"bucketPolicyOnly\":{\"enabled\":true,\"lockedTime\":");
	says("PATCH", ONLY("iamConfiguration/uniformBucketLevelAccess"),
	    "{\"iamConfiguration\":{\"uniformBucketLevelAccess\":"
	    "{\"enabled\":false}}}",
	    200, "\"bucketPolicyOnly\":{\"enabled\":false}");
	/* What is refused changes nothing. */
	says("PATCH", ONLY("etag"), "{\"labels\":{\"z\":{}}}", 400, "labels");
	says("GET", ONLY("metageneration,labels"), NULL, 200,
	    "{\"metageneration\":\"6\"}\n");
	stop();
}
END_TEST

START_TEST(an_update_replaces)
{
	static const char override[] =
	    "POST /storage/v1/b/one?fields=labels&prettyPrint=false HTTP/1.1\r\n"
	    "Host: h\r\nX-HTTP-Method-Override: PATCH\r\n"
	    "Content-Length: 23\r\n\r\n{\"labels\":{\"a\":\"over\"}}";
	size_t number;

	start();
	make("{\"name\":\"one\",\"labels\":{\"a\":\"1\"},\"location\":\"EU\","
	     "\"versioning\":{\"enabled\":true},\"softDeletePolicy\":"
	     "{\"retentionDurationSeconds\":0},\"retentionPolicy\":"
	     "{\"retentionPeriod\":7}}");
	says("PUT",
	    ONLY("labels,location,versioning,retentionPolicy,"
		 "softDeletePolicy"),
	    "{\"name\":\"one\"}", 200,
	    "{\"location\":\"EU\",\"softDeletePolicy\":"
	    "{\"retentionDurationSeconds\":\"0\"}}\n");
	number = sim_client_raw(world.client, override, sizeof(override) - 1);
	sim_client_run(world.client);
	ck_assert_str_eq(sim_client_answer(world.client, number)->body.data,
	    "{\"labels\":{\"a\":\"over\"}}\n");
	stop();
}
END_TEST

START_TEST(soft_delete_is_off_only_when_it_is_0)
{
	static const char policy[] = ONLY(
	    "softDeletePolicy/retentionDurationSeconds");

	start();
	make("{\"name\":\"one\"}");
	says("PATCH", policy,
	    "{\"softDeletePolicy\":{\"retentionDurationSeconds\":\"0\"}}", 200,
	    ":{\"retentionDurationSeconds\":\"0\"}");
	says("PATCH", policy, "{}", 200, "\"0\"");
	says("GET", "/b/one/o?softDeleted=true", NULL, 400,
	    "bucket soft delete policy must be set.");
	says("PATCH", policy, "{\"softDeletePolicy\":null}", 200, "\"604800\"");
	says("PATCH", policy,
	    "{\"softDeletePolicy\":{\"retentionDurationSeconds\":7776000}}",
	    200, "\"7776000\"");
	put("one", "x");
	says("DELETE", "/b/one/o/x", NULL, 204, "");
	says("GET", "/b/one/o?fields=items/name&prettyPrint=false", NULL, 200,
	    "{}\n");
	says("GET",
	    "/b/one/o?fields=items/name&prettyPrint=false&softDeleted=true",
	    NULL, 200, "{\"items\":[{\"name\":\"x\"}]}\n");
	stop();
}
END_TEST

START_TEST(versions_are_listed_when_they_are_asked_for)
{
	const struct sim_answer *a;
	const char *at;
	size_t n = 0;

	start();
	make("{\"name\":\"one\",\"versioning\":{\"enabled\":true}}");
	put("one", "x");
	put("one", "x");
	put("one", "y");
	says("DELETE", "/b/one/o/y", NULL, 204, "");
	says("GET", "/b/one/o?fields=items/name&prettyPrint=false", NULL, 200,
	    "{\"items\":[{\"name\":\"x\"}]}\n");
	a = send("GET", "/b/one/o?versions=True&fields=items/generation", NULL);
	for (at = a->body.data; (at = strstr(at, "generation")) != NULL; at++)
		n++;
	ck_assert_uint_eq(n, 3);
	says("DELETE", "/b/one", NULL, 409, "not empty");
	stop();
}
END_TEST

START_TEST(objects_inherit_what_they_do_not_say)
{
	static const char x[] =
	    "/b/one/o/x?fields=storageClass,eventBasedHold&prettyPrint=false";

	start();
	make("{\"name\":\"one\",\"storageClass\":\"NEARLINE\","
	     "\"defaultEventBasedHold\":true}");
	put("one", "x");
	says("GET", x, NULL, 200,
	    "{\"storageClass\":\"NEARLINE\",\"eventBasedHold\":true}");
	says("PATCH", "/b/one",
	    "{\"storageClass\":\"STANDARD\",\"defaultEventBasedHold\":null}",
	    200, "\"storageClass\": \"STANDARD\"");
	says("GET", x, NULL, 200, "NEARLINE");
	put("one", "y");
	says("GET", "/b/one/o/y?fields=storageClass,eventBasedHold", NULL, 200,
	    "{\n  \"storageClass\": \"STANDARD\"\n}\n");
	stop();
}
END_TEST

START_TEST(a_locked_retention_only_grows)
{
	start();
	make("{\"name\":\"one\"}");
	says("POST", "/b/one/lockRetentionPolicy", NULL, 400,
	    "Required parameter: ifMetagenerationMatch");
	says("POST", "/b/one/lockRetentionPolicy?ifMetagenerationMatch=1", NULL,
	    400, "no retention policy");
	says("PATCH", ONLY("retentionPolicy(retentionPeriod,isLocked)"),
	    "{\"retentionPolicy\":{\"retentionPeriod\":\"100\"}}", 200,
	    "{\"retentionPolicy\":{\"retentionPeriod\":\"100\"}}");
	says("POST", "/b/one/lockRetentionPolicy?ifMetagenerationMatch=1", NULL,
	    412, "conditionNotMet");
	says("POST", "/b/one/lockRetentionPolicy?ifMetagenerationMatch=2", NULL,
	    200, "\"isLocked\": true");
	says("PATCH", "/b/one", "{\"retentionPolicy\":null}", 403, "locked");
	says("PATCH", "/b/one",
	    "{\"retentionPolicy\":{\"retentionPeriod\":99}}", 403,
	    "Cannot reduce");
	says("PUT", "/b/one", "{}", 403, "Cannot reduce");
	says("PATCH", "/b/one",
	    "{\"retentionPolicy\":{\"retentionPeriod\":101}}", 200, "\"101\"");
	stop();
}
END_TEST

START_TEST(conditions_are_on_the_metageneration)
{
	start();
	make("{\"name\":\"one\"}");
	says("GET", "/b/one?ifMetagenerationMatch=1", NULL, 200, "");
	says("GET", "/b/one?ifMetagenerationMatch=2", NULL, 412, "");
	says("GET", "/b/one?ifMetagenerationNotMatch=1", NULL, 304, "");
	says("GET", "/b/one?ifMetagenerationMatch=x", NULL, 400, "");
	says("PATCH", "/b/one?ifMetagenerationMatch=2", "{}", 412, "");
	says("PATCH", "/b/one?ifMetagenerationNotMatch=1", "{}", 412, "");
	says("PATCH", "/b/one?ifMetagenerationMatch=1", "{}", 200,
	    "\"metageneration\": \"2\"");
	says("DELETE", "/b/one?ifMetagenerationMatch=1", NULL, 412, "");
	put("one", "x");
	says("DELETE", "/b/one?ifMetagenerationMatch=2", NULL, 409,
	    "\"message\": \"The bucket you tried to delete is not empty.\"");
	/* What is deleted softly is no hindrance. */
	says("DELETE", "/b/one/o/x", NULL, 204, "");
	says("DELETE", "/b/one?ifMetagenerationMatch=2", NULL, 204, "");
	says("DELETE", "/b/one", NULL, 404, "No such bucket: one");
	stop();
}
END_TEST

/* --- lists --- */

START_TEST(lists_come_in_pages)
{
#define LIST "/b?project=p&prettyPrint=false&fields=items/name,nextPageToken"
	start();
	make("{\"name\":\"bb1\"}");
	make("{\"name\":\"aa1\"}");
	make("{\"name\":\"bb2\"}");
	says("GET", "/b?project=p&prettyPrint=false&fields=kind,items/name",
	    NULL, 200,
	    "{\"kind\":\"storage#buckets\",\"items\":[{\"name\":\"aa1\"},"
	    "{\"name\":\"bb1\"},{\"name\":\"bb2\"}]}\n");
	says("GET", LIST "&maxResults=2", NULL, 200,
	    "{\"items\":[{\"name\":\"aa1\"},{\"name\":\"bb1\"}],"
	    "\"nextPageToken\":\"YmIy\"}\n");
	/* The bucket that the token means may go. */
	says("DELETE", "/b/bb2", NULL, 204, "");
	make("{\"name\":\"cc1\"}");
	says("GET", LIST "&maxResults=2&pageToken=YmIy", NULL, 200,
	    "{\"items\":[{\"name\":\"cc1\"}]}\n");
	says("GET", LIST "&prefix=bb&maxResults=1&returnPartialSuccess=True",
	    NULL, 200, "{\"items\":[{\"name\":\"bb1\"}]}\n");
	says("GET", LIST "&prefix=none", NULL, 200, "{}\n");
	says("GET", LIST "&maxResults=x", NULL, 400, "maxResults");
	says("GET", LIST "&pageToken=*", NULL, 400, "\"pageToken\"");
	says("GET", LIST "&pageToken=YQ", NULL, 400, "\"pageToken\"");
	says("GET", LIST "&softDeleted=true", NULL, 501, "notImplemented");
	stop();
}
END_TEST

/* --- who may --- */

START_TEST(everybody_may_do_everything)
{
	start();
	make("{\"name\":\"one\"}");
	says("GET", "/b/one/iam?prettyPrint=false", NULL, 200,
	    "{\"kind\":\"storage#policy\",\"resourceId\":"
	    "\"projects/_/buckets/one\",\"version\":1,\"etag\":\"CAE=\","
	    "\"bindings\":[{\"role\":\"roles/storage.legacyBucketOwner\","
	    "\"members\":[");
	says("GET",
	    "/storage/v1/b/one/iam/testPermissions?prettyPrint=false"
	    "&permissions=storage.objects.list&permissions=a%2Eb",
	    NULL, 200,
	    "{\"kind\":\"storage#testIamPermissionsResponse\","
	    "\"permissions\":[\"storage.objects.list\",\"a.b\"]}\n");
	says("GET", "/b/one/iam/other", NULL, 404, "");
	says("GET", "/b/two/iam", NULL, 404, "No such bucket: two");
	says("DELETE", "/b/one/storageLayout", NULL, 405, "");
	stop();
}
END_TEST

int
main(void)
{
	return suite_run("sim_buckets",
	    a_new_bucket_says_what_production_s_says,
	    what_only_describes_a_bucket_is_kept,
	    a_bucket_that_cannot_be_is_refused, a_name_with_dots_may_be_longer,
	    a_patch_merges_and_null_takes_away, an_update_replaces,
	    soft_delete_is_off_only_when_it_is_0,
	    versions_are_listed_when_they_are_asked_for,
	    objects_inherit_what_they_do_not_say, a_locked_retention_only_grows,
	    conditions_are_on_the_metageneration, lists_come_in_pages,
	    everybody_may_do_everything, NULL);
}
