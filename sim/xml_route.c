/* SPDX-License-Identifier: MIT */
/*
 * What is asked of a bucket or an object stands in the query, as a parameter
 * that need not have a value.  Those of S3 and of GCS that nobody serves here
 * are known too: taken for a plain GET or PUT they would do harm.
 */
#include "sim/xml_route.h"

#include <string.h>
#include <strings.h>

#include "sim/percent.h"
#include "sim/query.h"
#include "sim/routes.h"
#include "src/base/buf.h"
#include "src/base/str.h"

/* --- hosts --- */

/* Does s begin with four numbers up to 255 and dots between them, and then end
 * or go on with a dot? */
static bool
begins_with_address(const char *s, const char *end)
{
	unsigned value;
	int i, digits;

	for (i = 0; i < 4; i++) {
		value = 0;
		for (digits = 0; s < end && *s >= '0' && *s <= '9'; s++) {
			value = value * 10 + (unsigned)(*s - '0');
			if (++digits > 3)
				return false;
		}
		if (digits == 0 || value > 255)
			return false;
		if (i < 3 && (s == end || *s++ != '.'))
			return false;
	}
	return s == end || *s == '.';
}

/* Is what stands from s to end one of the names that buckets stand before? */
static bool
is_base(const char *s, const char *end)
{
	static const char *const names[] = { "storage.googleapis.com",
		"localhost" };
	size_t i, n = (size_t)(end - s);

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strlen(names[i]) == n && strncasecmp(names[i], s, n) == 0)
			return true;
	}
	return begins_with_address(s, end);
}

size_t
xml_route_host_bucket(const char *host)
{
	const char *end = host + strcspn(host, ":"), *dot;

	if (is_base(host, end))
		return 0;
	for (dot = host; (dot = memchr(dot, '.', (size_t)(end - dot))) != NULL;
	     dot++) {
		if (is_base(dot + 1, end))
			return (size_t)(dot - host);
	}
	return 0;
}

/* --- paths --- */

/* Is it the folder or something in it? */
static bool
is_below(const char *path, size_t n, const char *folder)
{
	size_t k = strlen(folder);

	return n >= k && memcmp(path, folder, k) == 0 &&
	    (n == k || path[k] == '/');
}

/* /projects/P/hmacKeys and /projects/P/serviceAccount, with what is below. */
static bool
is_of_project(const char *path, size_t n)
{
	static const char projects[] = "/projects";
	const char *name = path + sizeof(projects), *end = path + n, *rest;

	if (!is_below(path, n, projects) || name >= end)
		return false;
	rest = memchr(name, '/', (size_t)(end - name));
	return rest != NULL && rest > name &&
	    (is_below(rest, (size_t)(end - rest), "/hmacKeys") ||
		is_below(rest, (size_t)(end - rest), "/serviceAccount"));
}

static bool
is_json(const char *path, size_t n, bool has_bucket)
{
	static const char *const folders[] = { "/storage/v1",
		"/upload/storage/v1", "/resumable/upload/storage/v1",
		"/download/storage/v1", "/batch/storage/v1" };
	size_t i;

	for (i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		if (is_below(path, n, folders[i]))
			return true;
	}
	return !has_bucket &&
	    (is_below(path, n, "/b") || is_below(path, n, "/batch") ||
		is_of_project(path, n));
}

/* --- operations --- */

enum target { OF_SERVICE, OF_BUCKET, OF_OBJECT };

static const struct {
	enum target target;
	enum http_method method;
	const char *what; /* the parameter that asks for it; NULL: none does */
	enum operation op;
	enum sim_kind kind;
} rows[] = {
	{ OF_SERVICE, HTTP_GET, NULL, OP_XML_SERVICE, SIM_BUCKET },
	{ OF_BUCKET, HTTP_GET, "location", OP_XML_LOCATION, SIM_BUCKET },
	{ OF_BUCKET, HTTP_GET, "storageClass", OP_XML_STORAGE_CLASS,
	    SIM_BUCKET },
	{ OF_BUCKET, HTTP_GET, "versioning", OP_XML_VERSIONING, SIM_BUCKET },
	{ OF_BUCKET, HTTP_GET, "uploads", OP_XML_UPLOADS, SIM_LIST },
	{ OF_BUCKET, HTTP_GET, NULL, OP_XML_LIST, SIM_LIST },
	{ OF_BUCKET, HTTP_HEAD, NULL, OP_XML_BUCKET_HEAD, SIM_BUCKET },
	{ OF_BUCKET, HTTP_PUT, "versioning", OP_XML_SET_VERSIONING,
	    SIM_BUCKET },
	{ OF_BUCKET, HTTP_PUT, NULL, OP_XML_BUCKET_PUT, SIM_BUCKET },
	{ OF_BUCKET, HTTP_DELETE, NULL, OP_XML_BUCKET_DELETE, SIM_BUCKET },
	{ OF_BUCKET, HTTP_POST, "delete", OP_XML_MULTI_DELETE, SIM_DELETE },
	{ OF_OBJECT, HTTP_GET, "uploadId", OP_XML_UPLOAD_PARTS, SIM_LIST },
	{ OF_OBJECT, HTTP_GET, NULL, OP_XML_GET, SIM_GET },
	{ OF_OBJECT, HTTP_HEAD, NULL, OP_XML_GET, SIM_GET },
	{ OF_OBJECT, HTTP_PUT, "uploadId", OP_XML_UPLOAD_PUT, SIM_PUT },
	{ OF_OBJECT, HTTP_PUT, NULL, OP_XML_PUT, SIM_PUT },
	{ OF_OBJECT, HTTP_POST, "uploads", OP_XML_UPLOAD_START, SIM_PUT },
	{ OF_OBJECT, HTTP_POST, "uploadId", OP_XML_UPLOAD_COMPLETE, SIM_PUT },
	{ OF_OBJECT, HTTP_DELETE, "uploadId", OP_XML_UPLOAD_ABORT, SIM_PUT },
	{ OF_OBJECT, HTTP_DELETE, NULL, OP_XML_DELETE, SIM_DELETE },
};

enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

/* Asked for by such a parameter, and answered 501 unless a row has it. */
static bool
asks_for_more(const struct query *q)
{
	static const char *const words[] = { "accelerate", "acl", "analytics",
		"attributes", "billing", "compose", "cors", "defaultObjectAcl",
		"delete", "encryption", "encryptionConfig",
		"intelligent-tiering", "inventory", "legal-hold", "lifecycle",
		"location", "logging", "metrics", "notification", "object-lock",
		"ownershipControls", "partNumber", "policy", "policyStatus",
		"publicAccessBlock", "replication", "requestPayment",
		"response-cache-control", "response-content-disposition",
		"response-content-encoding", "response-content-language",
		"response-content-type", "response-expires", "restore",
		"retention", "select", "storageClass", "tagging", "torrent",
		"uploadId", "uploads", "versioning", "website",
		"websiteConfig" };
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (query_names(q, words[i]))
			return true;
	}
	return false;
}

static void
choose(struct route *r, enum target target, enum http_method method)
{
	bool has_more = asks_for_more(&r->query);
	size_t i;

	r->kind = SIM_OTHER;
	r->op = has_more ? OP_XML_UNSERVED : OP_XML_METHOD;
	for (i = 0; i < ROWS; i++) {
		if (rows[i].target != target || rows[i].method != method ||
		    (rows[i].what == NULL
			    ? has_more
			    : !query_names(&r->query, rows[i].what)))
			continue;
		r->op = rows[i].op;
		r->kind = rows[i].kind;
		return;
	}
}

/* --- all of it --- */

/* What the journal calls the request; -1 when it cannot be read. */
static int
decode_names(struct route *r, const char *bucket, size_t bucket_n,
    const char *object, size_t object_n)
{
	if (r->query.is_cut ||
	    percent_decode(&r->bucket, bucket, bucket_n, false) != 0)
		return -1;
	if (r->op == OP_XML_LIST)
		return query_get(&r->query, "prefix", &r->name);
	return percent_decode(&r->name, object, object_n, false);
}

bool
xml_route_parse(struct route *r, enum http_method method, const char *target,
    const char *host)
{
	size_t n = strcspn(target, "?#"), host_n, bucket_n;
	const char *query = target[n] == '?' ? target + n + 1 : target + n;
	const char *bucket = host, *object = target + 1, *end = target + n;
	enum target of;

	host_n = bucket_n = host != NULL ? xml_route_host_bucket(host) : 0;
	if (*target != '/' || is_json(target, n, host_n > 0))
		return false;
	if (host_n == 0) {
		bucket = object;
		while (object < end && *object != '/')
			object++;
		bucket_n = (size_t)(object - bucket);
		object += object < end;
	}
	of = object < end ? OF_OBJECT : bucket_n > 0 ? OF_BUCKET : OF_SERVICE;
	r->mount = "/";
	buf_clear(&r->bucket);
	buf_clear(&r->name);
	buf_clear(&r->source_bucket);
	buf_clear(&r->source_name);
	query_parse(&r->query, query, strcspn(query, "#"));
	choose(r, of, method);
	if (r->kind != SIM_OTHER &&
	    decode_names(r, bucket, bucket_n, object, (size_t)(end - object)) !=
		0) {
		r->op = OP_XML_BAD;
		r->kind = SIM_OTHER;
	}
	if (r->kind == SIM_OTHER) {
		buf_clear(&r->bucket);
		buf_clear(&r->name);
		buf_add(&r->name, target, n);
	}
	return true;
}
