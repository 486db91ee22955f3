/* SPDX-License-Identifier: MIT */
/*
 * Which permission an operation wants is as documented for IAM; who overwrites
 * an object must be allowed to delete it, too.  What has no row asks nobody: what
 * is no operation, a batch, whose parts are asked one by one, and what goes on
 * with a resumable upload, whose address is a secret of its own.
 */
#include "sim/permission.h"

#include <stdbool.h>
#include <string.h>

#include "sim/json_out.h"
#include "src/base/near.h"
#include "src/base/str.h"

#define IAM_TOKENS "iam.serviceAccounts.getAccessToken"

static const char *const names[] = {
	"storage.objects.list",
	"storage.objects.get",
	"storage.objects.create",
	"storage.objects.delete",
	"storage.objects.update",
	"storage.objects.restore",
	"storage.objects.move",
	"storage.objects.getIamPolicy",
	"storage.objects.setIamPolicy",
	"storage.buckets.list",
	"storage.buckets.get",
	"storage.buckets.create",
	"storage.buckets.delete",
	"storage.buckets.update",
	"storage.buckets.getIamPolicy",
	"storage.buckets.setIamPolicy",
	"storage.bucketOperations.list",
	"storage.bucketOperations.get",
	"storage.bucketOperations.cancel",
	"storage.multipartUploads.list",
	"storage.multipartUploads.create",
	"storage.multipartUploads.listParts",
	"storage.multipartUploads.abort",
	"storage.hmacKeys.list",
	"storage.hmacKeys.get",
	"storage.hmacKeys.create",
	"storage.hmacKeys.update",
	"storage.hmacKeys.delete",
	"resourcemanager.projects.get",
	IAM_TOKENS,
};
enum { NAMES = sizeof(names) / sizeof(names[0]) };

/* Of a storage permission's name, which may be left out. */
enum { PREFIX = sizeof("storage.") - 1 };

static const struct {
	const char *name;
	const char *has[5]; /* none: everything */
} roles[] = {
	{ "admin", { NULL } },
	{ "viewer",
	    { "storage.objects.list", "storage.objects.get",
		"storage.buckets.list", "storage.buckets.get" } },
	{ "gc",
	    { "storage.objects.list", "storage.objects.get",
		"storage.objects.delete", "storage.buckets.get" } },
};
enum { ROLES = sizeof(roles) / sizeof(roles[0]) };

enum {
	READS = SCOPE_READ | SCOPE_WRITE | SCOPE_FULL,
	WRITES = SCOPE_WRITE | SCOPE_FULL,
	ACCESS = SCOPE_FULL
};

#define OBJECT(what, scopes)                                           \
	{                                                              \
		"storage.objects." what, NULL, "object", scopes, false \
	}
#define BUCKET(what, scopes)                                           \
	{                                                              \
		"storage.buckets." what, NULL, "bucket", scopes, false \
	}
#define ANY_OBJECT(what, scopes)                                       \
	{                                                              \
		"storage.objects." what, NULL, "bucket", scopes, false \
	}
#define UPLOAD(what, scopes)                                              \
	{                                                                 \
		"storage.multipartUploads." what, NULL, "bucket", scopes, \
		    false                                                 \
	}
#define RUNNING(what, scopes)                                             \
	{                                                                 \
		"storage.bucketOperations." what, NULL, "bucket", scopes, \
		    false                                                 \
	}
#define KEY(what)                                                        \
	{                                                                \
		"storage.hmacKeys." what, NULL, "project", ACCESS, false \
	}
#define MAKES                                                          \
	{                                                              \
		"storage.objects.create", NULL, "object", WRITES, true \
	}
#define COPIES                                                             \
	{                                                                  \
		"storage.objects.create", "storage.objects.get", "object", \
		    WRITES, true                                           \
	}

static const struct permission_need needs[OPERATIONS] = {
	[OP_OBJECT_LIST] = ANY_OBJECT("list", READS),
	[OP_OBJECT_GET] = OBJECT("get", READS),
	[OP_OBJECT_MEDIA] = OBJECT("get", READS),
	[OP_OBJECT_INSERT] = MAKES,
	[OP_OBJECT_DELETE] = OBJECT("delete", WRITES),
	[OP_OBJECT_PATCH] = OBJECT("update", WRITES),
	[OP_OBJECT_UPDATE] = OBJECT("update", WRITES),
	[OP_OBJECT_COMPOSE] = COPIES,
	[OP_OBJECT_COPY] = COPIES,
	[OP_OBJECT_REWRITE] = COPIES,
	[OP_OBJECT_MOVE] = { "storage.objects.move", "storage.objects.create",
	    "object", WRITES, true },
	[OP_OBJECT_RESTORE] = { "storage.objects.restore",
	    "storage.objects.create", "object", WRITES, true },
	[OP_OBJECT_BULK_RESTORE] = { "storage.objects.restore",
	    "storage.objects.create", "bucket", WRITES, false },
	[OP_RUNNING_LIST] = RUNNING("list", READS),
	[OP_RUNNING_GET] = RUNNING("get", READS),
	[OP_RUNNING_CANCEL] = RUNNING("cancel", WRITES),
	[OP_BUCKET_LIST] = { "storage.buckets.list", NULL, "project", READS,
	    false },
	[OP_BUCKET_INSERT] = { "storage.buckets.create", NULL, "project",
	    WRITES, false },
	[OP_BUCKET_GET] = BUCKET("get", READS),
	[OP_BUCKET_DELETE] = BUCKET("delete", WRITES),
	[OP_BUCKET_PATCH] = BUCKET("update", ACCESS),
	[OP_BUCKET_UPDATE] = BUCKET("update", ACCESS),
	[OP_BUCKET_LAYOUT] = ANY_OBJECT("list", READS),
	[OP_BUCKET_LOCK] = BUCKET("update", ACCESS),
	[OP_BUCKET_POLICY] = BUCKET("getIamPolicy", ACCESS),
	[OP_BUCKET_SET_POLICY] = BUCKET("setIamPolicy", ACCESS),
	[OP_BUCKET_PERMISSIONS] = { NULL, NULL, "bucket", READS, false },
	[OP_BUCKET_ACL_LIST] = BUCKET("getIamPolicy", ACCESS),
	[OP_BUCKET_ACL_GET] = BUCKET("getIamPolicy", ACCESS),
	[OP_BUCKET_ACL_INSERT] = BUCKET("setIamPolicy", ACCESS),
	[OP_BUCKET_ACL_UPDATE] = BUCKET("setIamPolicy", ACCESS),
	[OP_BUCKET_ACL_PATCH] = BUCKET("setIamPolicy", ACCESS),
	[OP_BUCKET_ACL_DELETE] = BUCKET("setIamPolicy", ACCESS),
	[OP_DEFAULT_ACL_LIST] = BUCKET("getIamPolicy", ACCESS),
	[OP_DEFAULT_ACL_GET] = BUCKET("getIamPolicy", ACCESS),
	[OP_DEFAULT_ACL_INSERT] = BUCKET("setIamPolicy", ACCESS),
	[OP_DEFAULT_ACL_UPDATE] = BUCKET("setIamPolicy", ACCESS),
	[OP_DEFAULT_ACL_PATCH] = BUCKET("setIamPolicy", ACCESS),
	[OP_DEFAULT_ACL_DELETE] = BUCKET("setIamPolicy", ACCESS),
	[OP_OBJECT_ACL_LIST] = OBJECT("getIamPolicy", ACCESS),
	[OP_OBJECT_ACL_GET] = OBJECT("getIamPolicy", ACCESS),
	[OP_OBJECT_ACL_INSERT] = OBJECT("setIamPolicy", ACCESS),
	[OP_OBJECT_ACL_UPDATE] = OBJECT("setIamPolicy", ACCESS),
	[OP_OBJECT_ACL_PATCH] = OBJECT("setIamPolicy", ACCESS),
	[OP_OBJECT_ACL_DELETE] = OBJECT("setIamPolicy", ACCESS),
	[OP_NOTIFICATION_LIST] = BUCKET("get", READS),
	[OP_NOTIFICATION_GET] = BUCKET("get", READS),
	[OP_NOTIFICATION_INSERT] = BUCKET("update", ACCESS),
	[OP_NOTIFICATION_DELETE] = BUCKET("update", ACCESS),
	[OP_KEY_LIST] = KEY("list"),
	[OP_KEY_GET] = KEY("get"),
	[OP_KEY_CREATE] = KEY("create"),
	[OP_KEY_UPDATE] = KEY("update"),
	[OP_KEY_DELETE] = KEY("delete"),
	[OP_SERVICE_ACCOUNT] = { "resourcemanager.projects.get", NULL,
	    "project", READS, false },
	[OP_AUTH_IMPERSONATE] = { IAM_TOKENS, NULL, "resource", SCOPE_IAM,
	    false },
	[OP_XML_SERVICE] = { "storage.buckets.list", NULL, "project", READS,
	    false },
	[OP_XML_LOCATION] = BUCKET("get", READS),
	[OP_XML_STORAGE_CLASS] = BUCKET("get", READS),
	[OP_XML_VERSIONING] = BUCKET("get", READS),
	[OP_XML_SET_VERSIONING] = BUCKET("update", ACCESS),
	[OP_XML_BUCKET_HEAD] = BUCKET("get", READS),
	[OP_XML_BUCKET_PUT] = { "storage.buckets.create", NULL, "project",
	    WRITES, false },
	[OP_XML_BUCKET_DELETE] = BUCKET("delete", WRITES),
	[OP_XML_LIST] = ANY_OBJECT("list", READS),
	[OP_XML_MULTI_DELETE] = ANY_OBJECT("delete", WRITES),
	[OP_XML_GET] = OBJECT("get", READS),
	[OP_XML_PUT] = MAKES,
	[OP_XML_DELETE] = OBJECT("delete", WRITES),
	[OP_XML_UPLOADS] = UPLOAD("list", READS),
	[OP_XML_UPLOAD_START] = UPLOAD("create", WRITES),
	[OP_XML_UPLOAD_PUT] = UPLOAD("create", WRITES),
	[OP_XML_UPLOAD_PARTS] = UPLOAD("listParts", READS),
	[OP_XML_UPLOAD_COMPLETE] = MAKES,
	[OP_XML_UPLOAD_ABORT] = UPLOAD("abort", WRITES),
};

const struct permission_need *
permission_need(enum operation op)
{
	return &needs[op];
}

uint64_t
permission_bit(const char *name, size_t n)
{
	size_t i;

	for (i = 0; i < NAMES; i++) {
		if (str_is(name, n, names[i]))
			return UINT64_C(1) << i;
	}
	return 0;
}

/* As people say it at the command line, where "storage." may be left out. */
static uint64_t
said_bit(const char *name, size_t n)
{
	size_t i;

	for (i = 0; i < NAMES; i++) {
		if (str_starts(names[i], "storage.") &&
		    str_is(name, n, names[i] + PREFIX))
			return UINT64_C(1) << i;
	}
	return permission_bit(name, n);
}

/* 0: it is no role. */
static uint64_t
role_set(const char *name, size_t n)
{
	uint64_t set = 0;
	size_t i, j;

	for (i = 0; i < ROLES; i++) {
		if (!str_is(name, n, roles[i].name))
			continue;
		if (roles[i].has[0] == NULL)
			return PERMISSION_ALL;
		for (j = 0; roles[i].has[j] != NULL; j++)
			set |= permission_bit(roles[i].has[j],
			    strlen(roles[i].has[j]));
	}
	return set;
}

static int
refuse(const char *word, size_t n, struct err *err)
{
	int shown = n < 80 ? (int)n : 80;
	struct near near;
	size_t i;

	near_init(&near, word, n);
	for (i = 0; i < ROLES; i++)
		near_try(&near, roles[i].name);
	for (i = 0; i < NAMES; i++) {
		if (!near_try(&near, names[i]) &&
		    str_starts(names[i], "storage."))
			near_try(&near, names[i] + PREFIX);
	}
	if (near.best != NULL)
		return err_set(err, ERR_USAGE,
		    "'%.*s' is no role and no permission; %s is the nearest",
		    shown, word, near.best);
	return err_set(err, ERR_USAGE,
	    "'%.*s': want admin, viewer, gc, none, or permissions such as "
	    "storage.objects.delete, with commas between",
	    shown, word);
}

int
permission_parse(const char *text, uint64_t *set, struct err *err)
{
	uint64_t all = 0, one;
	size_t n;

	for (;; text += n + 1) {
		n = strcspn(text, ",");
		one = role_set(text, n) | said_bit(text, n);
		if (one == 0 && !str_is(text, n, "none"))
			return refuse(text, n, err);
		all |= one;
		if (text[n] == '\0')
			break;
	}
	*set = all;
	return 0;
}

void
permission_add(uint64_t set, struct json_out *w)
{
	size_t i;

	json_open(w, '[');
	for (i = 0; i < NAMES; i++) {
		if (set >> i & 1)
			json_str(w, names[i]);
	}
	json_close(w, ']');
}

static unsigned
scope_bits(const char *text, size_t n)
{
	static const char before[] = "https://www.googleapis.com/auth/";
	static const struct {
		const char *name;
		unsigned bits;
	} rows[] = {
		{ "devstorage.read_only", SCOPE_READ },
		{ "devstorage.read_write", SCOPE_WRITE },
		{ "devstorage.full_control", SCOPE_FULL },
		{ "cloud-platform.read-only", SCOPE_READ },
		{ "cloud-platform", SCOPE_ALL },
		{ "iam", SCOPE_IAM },
	};
	size_t skip = sizeof(before) - 1, i;

	if (n <= skip || memcmp(text, before, skip) != 0)
		return 0;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (str_is(text + skip, n - skip, rows[i].name))
			return rows[i].bits;
	}
	return 0;
}

/* Scopes that every client asks for beside, of which nothing here depends. */
static bool
is_beside(const char *text, size_t n)
{
	static const char *const words[] = { "openid", "email", "profile",
		"https://www.googleapis.com/auth/userinfo.email" };
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (str_is(text, n, words[i]))
			return true;
	}
	return false;
}

int
permission_scopes(const char *text, unsigned *scopes)
{
	unsigned bits;
	size_t n;

	*scopes = 0;
	for (text += strspn(text, " ,"); *text != '\0';
	     text += n, text += strspn(text, " ,")) {
		n = strcspn(text, " ,");
		bits = scope_bits(text, n);
		if (bits == 0 && !is_beside(text, n))
			return -1;
		*scopes |= bits;
	}
	return 0;
}
