/* SPDX-License-Identifier: MIT */
/* method: what the retry suites of Google's clients call has the names that
 * they know. */
#include "sim/method.h"

#include <stdio.h>
#include <string.h>

#include "sim/routes.h"
#include "tests/support/suite.h"

#define B "/storage/v1/b/demo"
#define P "/storage/v1/projects/p"

static const struct {
	enum http_method method;
	const char *target;
	const char *name;
	enum method_class class;
} calls[] = {
	{ HTTP_GET, "/storage/v1/b", "buckets.list", METHOD_CLASS_A },
	{ HTTP_POST, "/storage/v1/b", "buckets.insert", METHOD_CLASS_A },
	{ HTTP_GET, B, "buckets.get", METHOD_CLASS_B },
	{ HTTP_PATCH, B, "buckets.patch", METHOD_CLASS_A },
	{ HTTP_PUT, B, "buckets.update", METHOD_CLASS_A },
	{ HTTP_DELETE, B, "buckets.delete", METHOD_FREE },
	{ HTTP_GET, B "/iam", "buckets.getIamPolicy", METHOD_CLASS_B },
	{ HTTP_PUT, B "/iam", "buckets.setIamPolicy", METHOD_CLASS_A },
	{ HTTP_GET, B "/iam/testPermissions", "buckets.testIamPermissions",
	    METHOD_CLASS_B },
	{ HTTP_POST, B "/lockRetentionPolicy", "buckets.lockRetentionPolicy",
	    METHOD_CLASS_A },
	{ HTTP_GET, B "/acl", "bucket_acl.list", METHOD_CLASS_B },
	{ HTTP_GET, B "/acl/allUsers", "bucket_acl.get", METHOD_CLASS_B },
	{ HTTP_POST, B "/acl", "bucket_acl.insert", METHOD_CLASS_A },
	{ HTTP_PUT, B "/acl/allUsers", "bucket_acl.update", METHOD_CLASS_A },
	{ HTTP_PATCH, B "/acl/allUsers", "bucket_acl.patch", METHOD_CLASS_A },
	{ HTTP_DELETE, B "/acl/allUsers", "bucket_acl.delete", METHOD_CLASS_A },
	{ HTTP_GET, B "/defaultObjectAcl", "default_object_acl.list",
	    METHOD_CLASS_B },
	{ HTTP_GET, B "/defaultObjectAcl/x", "default_object_acl.get",
	    METHOD_CLASS_B },
	{ HTTP_POST, B "/defaultObjectAcl", "default_object_acl.insert",
	    METHOD_CLASS_A },
	{ HTTP_PUT, B "/defaultObjectAcl/x", "default_object_acl.update",
	    METHOD_CLASS_A },
	{ HTTP_PATCH, B "/defaultObjectAcl/x", "default_object_acl.patch",
	    METHOD_CLASS_A },
	{ HTTP_DELETE, B "/defaultObjectAcl/x", "default_object_acl.delete",
	    METHOD_CLASS_A },
	{ HTTP_GET, B "/o/a/acl", "object_acl.list", METHOD_CLASS_B },
	{ HTTP_GET, B "/o/a/acl/x", "object_acl.get", METHOD_CLASS_B },
	{ HTTP_POST, B "/o/a/acl", "object_acl.insert", METHOD_CLASS_A },
	{ HTTP_PUT, B "/o/a/acl/x", "object_acl.update", METHOD_CLASS_A },
	{ HTTP_PATCH, B "/o/a/acl/x", "object_acl.patch", METHOD_CLASS_A },
	{ HTTP_DELETE, B "/o/a/acl/x", "object_acl.delete", METHOD_CLASS_A },
	{ HTTP_GET, B "/notificationConfigs", "notifications.list",
	    METHOD_CLASS_B },
	{ HTTP_GET, B "/notificationConfigs/1", "notifications.get",
	    METHOD_CLASS_B },
	{ HTTP_POST, B "/notificationConfigs", "notifications.insert",
	    METHOD_CLASS_A },
	{ HTTP_DELETE, B "/notificationConfigs/1", "notifications.delete",
	    METHOD_CLASS_A },
	{ HTTP_GET, P "/hmacKeys", "hmacKey.list", METHOD_CLASS_A },
	{ HTTP_GET, P "/hmacKeys/x", "hmacKey.get", METHOD_CLASS_B },
	{ HTTP_POST, P "/hmacKeys", "hmacKey.create", METHOD_CLASS_A },
	{ HTTP_PUT, P "/hmacKeys/x", "hmacKey.update", METHOD_CLASS_A },
	{ HTTP_DELETE, P "/hmacKeys/x", "hmacKey.delete", METHOD_FREE },
	{ HTTP_GET, P "/serviceAccount", "serviceaccount.get", METHOD_CLASS_B },
	{ HTTP_GET, B "/o", "objects.list", METHOD_CLASS_A },
	{ HTTP_GET, B "/o/a", "objects.get", METHOD_CLASS_B },
	{ HTTP_GET, B "/o/a?alt=media", "objects.get", METHOD_CLASS_B },
	{ HTTP_POST, "/upload/storage/v1/b/demo/o", "objects.insert",
	    METHOD_CLASS_A },
	{ HTTP_PATCH, B "/o/a", "objects.patch", METHOD_CLASS_A },
	{ HTTP_PUT, B "/o/a", "objects.update", METHOD_CLASS_A },
	{ HTTP_DELETE, B "/o/a", "objects.delete", METHOD_FREE },
	{ HTTP_POST, B "/o/a/compose", "objects.compose", METHOD_CLASS_A },
	{ HTTP_POST, B "/o/a/copyTo/b/demo/o/b", "objects.copy",
	    METHOD_CLASS_A },
	{ HTTP_POST, B "/o/a/rewriteTo/b/demo/o/b", "objects.rewrite",
	    METHOD_CLASS_A },
	{ HTTP_POST, B "/o/a/restore", "objects.restore", METHOD_CLASS_A },
};

static enum operation
operation_of(enum http_method method, const char *target)
{
	struct route route;
	enum operation op;

	route_init(&route);
	route_parse(&route, method, target);
	op = route.op;
	route_release(&route);
	return op;
}

START_TEST(what_a_retry_suite_calls_has_the_name_that_it_knows)
{
	char name[64];
	enum operation op;
	size_t i;

	for (i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		snprintf(name, sizeof(name), "storage.%s", calls[i].name);
		op = operation_of(calls[i].method, calls[i].target);
		ck_assert_pstr_eq(method_name(op), name);
		ck_assert_int_eq(method_class(op), calls[i].class);
		ck_assert(method_is(op, name, strlen(name)));
		ck_assert(method_is(op, calls[i].name, strlen(calls[i].name)));
		ck_assert(method_is_known(name, strlen(name)));
	}
}
END_TEST

START_TEST(an_older_spelling_is_the_same_method)
{
	static const char *const words[][2] = {
		{ B "/iam/testPermissions",
		    "storage.buckets.testIamPermission" },
		{ B "/notificationConfigs", "storage.notification.list" },
		{ B "/notificationConfigs/1", "notification.get" },
	};
	static const char lock[] = "storage.buckets.lockRententionPolicy";
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		ck_assert(method_is(operation_of(HTTP_GET, words[i][0]),
		    words[i][1], strlen(words[i][1])));
		ck_assert(method_is_known(words[i][1], strlen(words[i][1])));
	}
	ck_assert(method_is(operation_of(HTTP_POST, B "/lockRetentionPolicy"),
	    lock, strlen(lock)));
	ck_assert(!method_is(operation_of(HTTP_GET, B), lock, strlen(lock)));
}
END_TEST

START_TEST(what_is_no_method_has_no_name)
{
	static const char *const words[] = { "", "storage.", "storage.objects",
		"objects.eat", "storage.storage.objects.get" };
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		ck_assert(!method_is_known(words[i], strlen(words[i])));
	ck_assert_ptr_null(method_name(OP_NONE));
	ck_assert(!method_is(OP_METHOD, "", 0));
}
END_TEST

int
main(void)
{
	return suite_run("sim_method",
	    what_a_retry_suite_calls_has_the_name_that_it_knows,
	    an_older_spelling_is_the_same_method, what_is_no_method_has_no_name,
	    NULL);
}
