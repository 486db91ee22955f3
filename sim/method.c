/* SPDX-License-Identifier: MIT */
/*
 * One table.  Both APIs share methods: an XML GET of an object is an
 * objects.get.  A resumable upload is one insert to the bill, which its start
 * pays; the requests that bring its bytes are inserts by name and free.
 */
#include "sim/method.h"

#include <string.h>

#include "src/base/str.h"

static const struct {
	const char *name;
	enum method_class class;
} rows[OPERATIONS] = {
	[OP_OBJECT_LIST] = { "storage.objects.list", METHOD_CLASS_A },
	[OP_OBJECT_GET] = { "storage.objects.get", METHOD_CLASS_B },
	[OP_OBJECT_MEDIA] = { "storage.objects.get", METHOD_CLASS_B },
	[OP_OBJECT_INSERT] = { "storage.objects.insert", METHOD_CLASS_A },
	[OP_UPLOAD_STATUS] = { "storage.objects.insert", METHOD_FREE },
	[OP_UPLOAD_CANCEL] = { "storage.objects.delete", METHOD_FREE },
	[OP_UPLOAD_ELSEWHERE] = { "storage.objects.insert", METHOD_CLASS_A },
	[OP_OBJECT_DELETE] = { "storage.objects.delete", METHOD_FREE },
	[OP_OBJECT_PATCH] = { "storage.objects.patch", METHOD_CLASS_A },
	[OP_OBJECT_UPDATE] = { "storage.objects.update", METHOD_CLASS_A },
	[OP_OBJECT_COMPOSE] = { "storage.objects.compose", METHOD_CLASS_A },
	[OP_OBJECT_COPY] = { "storage.objects.copy", METHOD_CLASS_A },
	[OP_OBJECT_REWRITE] = { "storage.objects.rewrite", METHOD_CLASS_A },
	[OP_OBJECT_MOVE] = { "storage.objects.move", METHOD_CLASS_A },
	[OP_OBJECT_RESTORE] = { "storage.objects.restore", METHOD_CLASS_A },
	[OP_OBJECT_BULK_RESTORE] = { "storage.objects.bulkRestore",
	    METHOD_CLASS_A },
	[OP_RUNNING_LIST] = { "storage.buckets.operations.list",
	    METHOD_CLASS_A },
	[OP_RUNNING_GET] = { "storage.buckets.operations.get", METHOD_CLASS_B },
	[OP_RUNNING_CANCEL] = { "storage.buckets.operations.cancel",
	    METHOD_CLASS_A },
	[OP_BUCKET_LIST] = { "storage.buckets.list", METHOD_CLASS_A },
	[OP_BUCKET_INSERT] = { "storage.buckets.insert", METHOD_CLASS_A },
	[OP_BUCKET_GET] = { "storage.buckets.get", METHOD_CLASS_B },
	[OP_BUCKET_DELETE] = { "storage.buckets.delete", METHOD_FREE },
	[OP_BUCKET_PATCH] = { "storage.buckets.patch", METHOD_CLASS_A },
	[OP_BUCKET_UPDATE] = { "storage.buckets.update", METHOD_CLASS_A },
	[OP_BUCKET_LAYOUT] = { "storage.buckets.getStorageLayout",
	    METHOD_CLASS_B },
	[OP_BUCKET_LOCK] = { "storage.buckets.lockRetentionPolicy",
	    METHOD_CLASS_A },
	[OP_BUCKET_POLICY] = { "storage.buckets.getIamPolicy", METHOD_CLASS_B },
	[OP_BUCKET_SET_POLICY] = { "storage.buckets.setIamPolicy",
	    METHOD_CLASS_A },
	[OP_BUCKET_PERMISSIONS] = { "storage.buckets.testIamPermissions",
	    METHOD_CLASS_B },
	[OP_BUCKET_ACL_LIST] = { "storage.bucket_acl.list", METHOD_CLASS_B },
	[OP_BUCKET_ACL_GET] = { "storage.bucket_acl.get", METHOD_CLASS_B },
	[OP_BUCKET_ACL_INSERT] = { "storage.bucket_acl.insert",
	    METHOD_CLASS_A },
	[OP_BUCKET_ACL_UPDATE] = { "storage.bucket_acl.update",
	    METHOD_CLASS_A },
	[OP_BUCKET_ACL_PATCH] = { "storage.bucket_acl.patch", METHOD_CLASS_A },
	[OP_BUCKET_ACL_DELETE] = { "storage.bucket_acl.delete",
	    METHOD_CLASS_A },
	[OP_DEFAULT_ACL_LIST] = { "storage.default_object_acl.list",
	    METHOD_CLASS_B },
	[OP_DEFAULT_ACL_GET] = { "storage.default_object_acl.get",
	    METHOD_CLASS_B },
	[OP_DEFAULT_ACL_INSERT] = { "storage.default_object_acl.insert",
	    METHOD_CLASS_A },
	[OP_DEFAULT_ACL_UPDATE] = { "storage.default_object_acl.update",
	    METHOD_CLASS_A },
	[OP_DEFAULT_ACL_PATCH] = { "storage.default_object_acl.patch",
	    METHOD_CLASS_A },
	[OP_DEFAULT_ACL_DELETE] = { "storage.default_object_acl.delete",
	    METHOD_CLASS_A },
	[OP_OBJECT_ACL_LIST] = { "storage.object_acl.list", METHOD_CLASS_B },
	[OP_OBJECT_ACL_GET] = { "storage.object_acl.get", METHOD_CLASS_B },
	[OP_OBJECT_ACL_INSERT] = { "storage.object_acl.insert",
	    METHOD_CLASS_A },
	[OP_OBJECT_ACL_UPDATE] = { "storage.object_acl.update",
	    METHOD_CLASS_A },
	[OP_OBJECT_ACL_PATCH] = { "storage.object_acl.patch", METHOD_CLASS_A },
	[OP_OBJECT_ACL_DELETE] = { "storage.object_acl.delete",
	    METHOD_CLASS_A },
	[OP_NOTIFICATION_LIST] = { "storage.notifications.list",
	    METHOD_CLASS_B },
	[OP_NOTIFICATION_GET] = { "storage.notifications.get", METHOD_CLASS_B },
	[OP_NOTIFICATION_INSERT] = { "storage.notifications.insert",
	    METHOD_CLASS_A },
	[OP_NOTIFICATION_DELETE] = { "storage.notifications.delete",
	    METHOD_CLASS_A },
	[OP_KEY_LIST] = { "storage.hmacKey.list", METHOD_CLASS_A },
	[OP_KEY_GET] = { "storage.hmacKey.get", METHOD_CLASS_B },
	[OP_KEY_CREATE] = { "storage.hmacKey.create", METHOD_CLASS_A },
	[OP_KEY_UPDATE] = { "storage.hmacKey.update", METHOD_CLASS_A },
	[OP_KEY_DELETE] = { "storage.hmacKey.delete", METHOD_FREE },
	[OP_SERVICE_ACCOUNT] = { "storage.serviceaccount.get", METHOD_CLASS_B },
	[OP_AUTH_TOKEN] = { "auth.token", METHOD_FREE },
	[OP_AUTH_STS] = { "auth.sts", METHOD_FREE },
	[OP_AUTH_IMPERSONATE] = { "auth.impersonate", METHOD_FREE },
	[OP_AUTH_METADATA] = { "auth.metadata", METHOD_FREE },
	[OP_XML_SERVICE] = { "storage.buckets.list", METHOD_CLASS_A },
	[OP_XML_LOCATION] = { "storage.buckets.get", METHOD_CLASS_B },
	[OP_XML_STORAGE_CLASS] = { "storage.buckets.get", METHOD_CLASS_B },
	[OP_XML_VERSIONING] = { "storage.buckets.get", METHOD_CLASS_B },
	[OP_XML_SET_VERSIONING] = { "storage.buckets.patch", METHOD_CLASS_A },
	[OP_XML_BUCKET_HEAD] = { "storage.buckets.get", METHOD_CLASS_B },
	[OP_XML_BUCKET_PUT] = { "storage.buckets.insert", METHOD_CLASS_A },
	[OP_XML_BUCKET_DELETE] = { "storage.buckets.delete", METHOD_FREE },
	[OP_XML_LIST] = { "storage.objects.list", METHOD_CLASS_A },
	[OP_XML_MULTI_DELETE] = { "storage.objects.delete", METHOD_FREE },
	[OP_XML_GET] = { "storage.objects.get", METHOD_CLASS_B },
	[OP_XML_PUT] = { "storage.objects.insert", METHOD_CLASS_A },
	[OP_XML_DELETE] = { "storage.objects.delete", METHOD_FREE },
	[OP_XML_UPLOADS] = { "storage.multipartUploads.list", METHOD_CLASS_A },
	[OP_XML_UPLOAD_START] = { "storage.multipartUploads.create",
	    METHOD_CLASS_A },
	[OP_XML_UPLOAD_PUT] = { "storage.objects.insert", METHOD_CLASS_A },
	[OP_XML_UPLOAD_PARTS] = { "storage.multipartUploads.listParts",
	    METHOD_CLASS_A },
	[OP_XML_UPLOAD_COMPLETE] = { "storage.objects.insert", METHOD_CLASS_A },
	[OP_XML_UPLOAD_ABORT] = { "storage.multipartUploads.abort",
	    METHOD_FREE },
};

const char *
method_name(enum operation op)
{
	return rows[op].name;
}

enum method_class
method_class(enum operation op)
{
	return rows[op].class;
}

/* As older suites of Google's clients spell them. */
static const struct {
	const char *old;
	const char *name;
} spellings[] = {
	{ "storage.buckets.lockRententionPolicy",
	    "storage.buckets.lockRetentionPolicy" },
	{ "storage.buckets.testIamPermission",
	    "storage.buckets.testIamPermissions" },
	{ "storage.notification.delete", "storage.notifications.delete" },
	{ "storage.notification.get", "storage.notifications.get" },
	{ "storage.notification.insert", "storage.notifications.insert" },
	{ "storage.notification.list", "storage.notifications.list" },
};

/* Without "storage.", as everybody may say it. */
const char *
method_short(const char *name)
{
	static const char prefix[] = "storage.";

	return str_starts(name, prefix) ? name + sizeof(prefix) - 1 : name;
}

static bool
is_name(const char *name, size_t n, const char *known)
{
	return str_is(name, n, known) || str_is(name, n, method_short(known));
}

bool
method_is_of_auth(enum operation op)
{
	return op >= OP_AUTH_TOKEN && op <= OP_AUTH_METADATA;
}

bool
method_is(enum operation op, const char *name, size_t n)
{
	size_t i;

	if (rows[op].name == NULL || method_is_of_auth(op))
		return false;
	if (is_name(name, n, rows[op].name))
		return true;
	for (i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++) {
		if (strcmp(spellings[i].name, rows[op].name) == 0 &&
		    is_name(name, n, spellings[i].old))
			return true;
	}
	return false;
}

bool
method_is_known(const char *name, size_t n)
{
	int op;

	for (op = 0; op < OPERATIONS; op++) {
		if (method_is((enum operation)op, name, n))
			return true;
	}
	return false;
}

const char *
method_label(enum operation op)
{
	if (op == OP_BATCH)
		return "batch";
	return rows[op].name != NULL ? rows[op].name : "none";
}

const char *
method_find(const char *name, size_t n)
{
	const char *label;
	int i;

	for (i = 0; i < OPERATIONS; i++) {
		label = method_label((enum operation)i);
		if (!method_is_of_auth((enum operation)i) &&
		    is_name(name, n, label))
			return label;
	}
	return NULL;
}
