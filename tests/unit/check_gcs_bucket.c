/* SPDX-License-Identifier: MIT */
/* bucket: a bucket's resource and its permissions, whole, bare and odd. */
#include "src/gcs/bucket.h"

#include <string.h>

#include "tests/support/suite.h"

static struct gcs_bucket bucket;
static struct err err;

static int
parse(const char *text)
{
	return gcs_bucket_parse(text, strlen(text), "demo", &bucket, &err);
}

START_TEST(a_full_resource_is_read)
{
	ck_assert_int_eq(
	    parse("{\"kind\":\"storage#bucket\",\"name\":\"demo\","
		  "\"location\":\"EUROPE-WEST1\",\"locationType\":\"region\","
		  "\"storageClass\":\"NEARLINE\",\"etag\":\"CAE=\","
		  "\"softDeletePolicy\":{\"retentionDurationSeconds\":"
		  "\"604800\",\"effectiveTime\":\"2024-03-01T00:00:00Z\"},"
		  "\"retentionPolicy\":{\"retentionPeriod\":\"60\","
		  "\"isLocked\":true},\"objectRetention\":{\"mode\":"
		  "\"Enabled\"},\"versioning\":{\"enabled\":true},"
		  "\"defaultEventBasedHold\":true,\"iamConfiguration\":{"
		  "\"uniformBucketLevelAccess\":{\"enabled\":true}},"
		  "\"billing\":{\"requesterPays\":true}}"),
	    0);
	ck_assert_str_eq(bucket.location, "EUROPE-WEST1");
	ck_assert_str_eq(bucket.location_type, "region");
	ck_assert_str_eq(bucket.storage_class, "NEARLINE");
	ck_assert_uint_eq(bucket.soft_delete_s, 604800);
	ck_assert_uint_eq(bucket.retention_s, 60);
	ck_assert(bucket.is_retention_locked && bucket.has_object_retention);
	ck_assert(bucket.has_versioning && bucket.has_default_hold);
	ck_assert(bucket.is_uniform && bucket.is_requester_pays);
}
END_TEST

START_TEST(what_is_absent_has_its_default)
{
	static const char *const bare[] = { "{\"name\":\"demo\"}",
		"{\"name\":\"demo\",\"softDeletePolicy\":null,"
		"\"versioning\":{},\"iamConfiguration\":{}}" };
	size_t i;

	for (i = 0; i < 2; i++) {
		memset(&bucket, 0xff, sizeof(bucket));
		ck_assert_msg(parse(bare[i]) == 0, "%s", err.text);
		ck_assert_str_eq(bucket.location, "");
		ck_assert_uint_eq(bucket.soft_delete_s, 0);
		ck_assert_uint_eq(bucket.retention_s, 0);
		ck_assert(!bucket.has_versioning && !bucket.has_default_hold);
		ck_assert(!bucket.is_uniform && !bucket.is_requester_pays);
	}
}
END_TEST

START_TEST(a_number_of_seconds_may_be_a_number)
{
	ck_assert_int_eq(parse("{\"name\":\"demo\",\"softDeletePolicy\":"
			       "{\"retentionDurationSeconds\":7}}"),
	    0);
	ck_assert_uint_eq(bucket.soft_delete_s, 7);
}
END_TEST

START_TEST(what_is_odd_is_refused_and_named)
{
	static const char *const bad[][2] = {
		{ "", "JSON" },
		{ "[]", "object" },
		{ "{}", "demo" },
		{ "{\"name\":\"other\"}", "demo" },
		{ "{\"name\":7}", "demo" },
		{ "{\"error\":{\"code\":503}}", "holds an error" },
		{ "{\"name\":\"demo\",\"name\":\"demo\"}", "not JSON" },
		{ "{\"name\":\"demo\",\"location\":7}", "location" },
		{ "{\"name\":\"demo\",\"softDeletePolicy\":[]}",
		    "softDeletePolicy" },
		{ "{\"name\":\"demo\",\"softDeletePolicy\":"
		  "{\"retentionDurationSeconds\":\"-1\"}}",
		    "retentionDurationSeconds" },
		{ "{\"name\":\"demo\",\"softDeletePolicy\":"
		  "{\"retentionDurationSeconds\":-1}}",
		    "retentionDurationSeconds" },
		{ "{\"name\":\"demo\",\"retentionPolicy\":"
		  "{\"retentionPeriod\":\"1h\"}}",
		    "retentionPeriod" },
		{ "{\"name\":\"demo\",\"versioning\":{\"enabled\":\"yes\"}}",
		    "enabled" },
		{ "{\"name\":\"demo\",\"versioning\":true}", "versioning" },
		{ "{\"name\":\"demo\",\"defaultEventBasedHold\":1}",
		    "defaultEventBasedHold" },
	};
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ck_assert_msg(parse(bad[i][0]) == -1, "%s", bad[i][0]);
		ck_assert_int_eq(err.code, ERR_PROTOCOL);
		ck_assert_msg(strstr(err.text, bad[i][1]) != NULL, "%s: %s",
		    bad[i][0], err.text);
	}
}
END_TEST

static const char *const names[] = { "storage.objects.list",
	"storage.objects.delete", "storage.buckets.get" };

static int
parse_permissions(const char *text, bool has[3])
{
	return gcs_permissions_parse(text, strlen(text), names, has, 3, &err);
}

START_TEST(permissions_are_those_that_are_listed)
{
	bool has[3];

	ck_assert_int_eq(parse_permissions("{\"kind\":\"k\",\"permissions\":["
					   "\"storage.buckets.get\",\"x\","
					   "\"storage.objects.list\"]}",
			     has),
	    0);
	ck_assert(has[0] && !has[1] && has[2]);
	ck_assert_int_eq(parse_permissions("{\"permissions\":[]}", has), 0);
	ck_assert(!has[0] && !has[1] && !has[2]);
	memset(has, 1, sizeof(has));
	ck_assert_int_eq(parse_permissions("{}", has), 0);
	ck_assert(!has[0] && !has[1] && !has[2]);
}
END_TEST

START_TEST(odd_permissions_are_refused)
{
	static const char *const bad[] = { "", "[]", "{\"permissions\":{}}",
		"{\"permissions\":[7]}", "{\"permissions\":\"all\"}" };
	bool has[3];
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ck_assert_msg(parse_permissions(bad[i], has) == -1, "%s",
		    bad[i]);
		ck_assert_int_eq(err.code, ERR_PROTOCOL);
	}
}
END_TEST

int
main(void)
{
	return suite_run("gcs_bucket", a_full_resource_is_read,
	    what_is_absent_has_its_default, a_number_of_seconds_may_be_a_number,
	    what_is_odd_is_refused_and_named,
	    permissions_are_those_that_are_listed, odd_permissions_are_refused,
	    NULL);
}
