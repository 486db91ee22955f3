/* SPDX-License-Identifier: MIT */
/*
 * A path is cut at its slashes before anything is decoded: the object is one
 * segment, and a slash of its name is %2F in it.
 */
#include "sim/routes.h"

#include <string.h>
#include <strings.h>

#include "sim/percent.h"
#include "sim/route_part.h"
#include "src/base/str.h"

/* Longer names than GCS takes are still read, to be refused by name. */
enum { TEXT_MAX = 32 * 1024 };

enum mount { MOUNT_API, MOUNT_DOWNLOAD, MOUNT_UPLOAD };

/* Longest first: "/storage/v1" is not a prefix of the others. */
static const struct {
	const char *path;
	enum mount mount;
} mounts[] = {
	{ "/storage/v1/", MOUNT_API },
	{ "/upload/storage/v1/", MOUNT_UPLOAD },
	{ "/resumable/upload/storage/v1/", MOUNT_UPLOAD },
	{ "/download/storage/v1/", MOUNT_DOWNLOAD },
	{ "/", MOUNT_API },
};

enum { SEGMENTS = 10 };

struct path {
	enum mount mount;
	const char *mount_path;
	size_t n; /* segments; SEGMENTS: too many */
	struct {
		const char *s;
		size_t n;
	} segment[SEGMENTS];
};

void
route_init(struct route *r)
{
	r->op = OP_NONE;
	r->kind = SIM_OTHER;
	r->mount = "/";
	r->query.n = 0;
	buf_init(&r->bucket, TEXT_MAX);
	buf_init(&r->name, TEXT_MAX);
	buf_init(&r->part, TEXT_MAX);
	buf_init(&r->source_bucket, TEXT_MAX);
	buf_init(&r->source_name, TEXT_MAX);
}

void
route_release(struct route *r)
{
	buf_release(&r->bucket);
	buf_release(&r->name);
	buf_release(&r->part);
	buf_release(&r->source_bucket);
	buf_release(&r->source_name);
}

bool
route_is_xml(const struct route *r)
{
	return r->op >= OP_XML_METHOD;
}

static void
cut_path(struct path *p, const char *s, const char *end)
{
	const char *slash;
	size_t i, n;

	for (i = 0;; i++) {
		n = strlen(mounts[i].path);
		if ((size_t)(end - s) >= n && memcmp(s, mounts[i].path, n) == 0)
			break;
		if (mounts[i].path[1] == '\0') {
			p->n = SEGMENTS;
			return;
		}
	}
	p->mount = mounts[i].mount;
	p->mount_path = mounts[i].path;
	p->n = 0;
	for (s += n; p->n < SEGMENTS; s = slash + 1) {
		slash = memchr(s, '/', (size_t)(end - s));
		if (slash == NULL)
			slash = end;
		p->segment[p->n].s = s;
		p->segment[p->n].n = (size_t)(slash - s);
		p->n++;
		if (slash == end)
			break;
	}
}

static bool
segment_is(const struct path *p, size_t i, const char *word)
{
	return p->n > i && str_is(p->segment[i].s, p->segment[i].n, word);
}

static void
choose(struct route *r, enum operation op, enum sim_kind kind)
{
	r->op = op;
	r->kind = kind;
}

static void
choose_by_method(struct route *r, enum http_method method, enum sim_kind kind,
    enum operation patch, enum operation update)
{
	if (method == HTTP_PATCH)
		choose(r, patch, kind);
	else if (method == HTTP_PUT)
		choose(r, update, kind);
	else
		choose(r, OP_METHOD, SIM_OTHER);
}

/* /b and /b/BUCKET */
static void
choose_bucket(struct route *r, const struct path *p, enum http_method method)
{
	if (method == HTTP_GET) {
		choose(r, p->n == 1 ? OP_BUCKET_LIST : OP_BUCKET_GET,
		    SIM_BUCKET);
	} else if (method == HTTP_POST && p->n == 1) {
		choose(r, OP_BUCKET_INSERT, SIM_BUCKET);
	} else if (method == HTTP_DELETE && p->n == 2) {
		choose(r, OP_BUCKET_DELETE, SIM_BUCKET);
	} else if (p->n == 2) {
		choose_by_method(r, method, SIM_BUCKET, OP_BUCKET_PATCH,
		    OP_BUCKET_UPDATE);
	} else {
		choose(r, OP_METHOD, SIM_OTHER);
	}
}

/* Where a bucket, an object or a project ends, the word of a collection may
 * stand, and behind it what is one of it. */
static void
choose_part(struct route *r, const struct path *p, enum route_owner owner,
    enum http_method method)
{
	size_t at = owner == ROUTE_OF_OBJECT ? 4 : 2;
	bool is_one = p->n == at + 2 && p->segment[at + 1].n > 0;
	enum sim_kind kind = SIM_BUCKET;
	enum operation op = OP_NONE;

	if (p->n == at + 1 || is_one)
		op = route_part(owner, p->segment[at].s, p->segment[at].n,
		    is_one, method);
	if (op == OP_NONE)
		return;
	if (owner == ROUTE_OF_OBJECT)
		kind = method == HTTP_GET ? SIM_GET : SIM_PUT;
	choose(r, op, op == OP_METHOD ? SIM_OTHER : kind);
}

/* /b/BUCKET/WORD and what stands behind it */
static void
choose_bucket_part(struct route *r, const struct path *p,
    enum http_method method)
{
	static const struct {
		const char *word;
		size_t n; /* segments */
		enum http_method method;
		enum operation op;
	} parts[] = {
		{ "storageLayout", 3, HTTP_GET, OP_BUCKET_LAYOUT },
		{ "lockRetentionPolicy", 3, HTTP_POST, OP_BUCKET_LOCK },
		{ "iam", 3, HTTP_GET, OP_BUCKET_POLICY },
		{ "iam", 3, HTTP_PUT, OP_BUCKET_SET_POLICY },
		{ "iam", 4, HTTP_GET, OP_BUCKET_PERMISSIONS },
	};
	size_t i;

	choose_part(r, p, ROUTE_OF_BUCKET, method);
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (p->n != parts[i].n || !segment_is(p, 2, parts[i].word) ||
		    (p->n == 4 && !segment_is(p, 3, "testPermissions")))
			continue;
		if (method == parts[i].method) {
			choose(r, parts[i].op, SIM_BUCKET);
			return;
		}
		choose(r, OP_METHOD, SIM_OTHER);
	}
}

/* /b/BUCKET/o below an upload mount */
static void
choose_upload(struct route *r, const struct path *p, enum http_method method)
{
	if (p->n == 3 && method == HTTP_POST &&
	    !query_has(&r->query, "upload_id"))
		choose(r, OP_OBJECT_INSERT, SIM_PUT);
	else if (p->n == 3 && (method == HTTP_PUT || method == HTTP_POST))
		choose(r, OP_UPLOAD_STATUS, SIM_PUT);
	else if (p->n == 3 && method == HTTP_DELETE)
		choose(r, OP_UPLOAD_CANCEL, SIM_PUT);
	else
		choose(r, OP_METHOD, SIM_OTHER);
}

/* /b/BUCKET/o and /b/BUCKET/o/OBJECT */
static void
choose_object(struct route *r, const struct path *p, enum http_method method)
{
	if (p->mount == MOUNT_UPLOAD)
		choose_upload(r, p, method);
	else if (p->n == 3 && method == HTTP_GET)
		choose(r, OP_OBJECT_LIST, SIM_LIST);
	else if (p->n == 3 && method == HTTP_POST && p->mount == MOUNT_API)
		choose(r, OP_UPLOAD_ELSEWHERE, SIM_OTHER);
	else if (p->n == 3)
		choose(r, OP_METHOD, SIM_OTHER);
	else if (method == HTTP_POST && segment_is(p, 3, "bulkRestore"))
		choose(r, OP_OBJECT_BULK_RESTORE, SIM_PUT);
	else if (method == HTTP_GET || method == HTTP_HEAD)
		choose(r,
		    query_is(&r->query, "alt", "media") ? OP_OBJECT_MEDIA
							: OP_OBJECT_GET,
		    SIM_GET);
	else if (method == HTTP_DELETE)
		choose(r, OP_OBJECT_DELETE, SIM_DELETE);
	else
		choose_by_method(r, method, SIM_PUT, OP_OBJECT_PATCH,
		    OP_OBJECT_UPDATE);
}

/* /b/BUCKET/o/OBJECT/VERB and what stands behind it */
static void
choose_verb(struct route *r, const struct path *p, enum http_method method)
{
	static const struct {
		const char *verb;
		size_t n; /* segments */
		enum operation op;
	} verbs[] = {
		{ "compose", 5, OP_OBJECT_COMPOSE },
		{ "restore", 5, OP_OBJECT_RESTORE },
		{ "moveTo", 7, OP_OBJECT_MOVE },
		{ "copyTo", 9, OP_OBJECT_COPY },
		{ "rewriteTo", 9, OP_OBJECT_REWRITE },
	};
	size_t i;

	choose_part(r, p, ROUTE_OF_OBJECT, method);
	for (i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (p->n != verbs[i].n || !segment_is(p, 4, verbs[i].verb) ||
		    (p->n == 7 && !segment_is(p, 5, "o")) ||
		    (p->n == 9 &&
			(!segment_is(p, 5, "b") || !segment_is(p, 7, "o"))))
			continue;
		if (method == HTTP_POST)
			choose(r, verbs[i].op, SIM_PUT);
		else
			choose(r, OP_METHOD, SIM_OTHER);
	}
}

/* /b/BUCKET/operations, .../ID and .../ID/cancel */
static void
choose_running(struct route *r, const struct path *p, enum http_method method)
{
	if (p->n == 5 && segment_is(p, 4, "cancel"))
		choose(r, method == HTTP_POST ? OP_RUNNING_CANCEL : OP_METHOD,
		    method == HTTP_POST ? SIM_BUCKET : SIM_OTHER);
	else if (p->n <= 4 && method == HTTP_GET)
		choose(r, p->n == 4 ? OP_RUNNING_GET : OP_RUNNING_LIST,
		    SIM_BUCKET);
	else if (p->n <= 4)
		choose(r, OP_METHOD, SIM_OTHER);
}

static void
choose_operation(struct route *r, const struct path *p, enum http_method method)
{
	bool is_api = p->mount == MOUNT_API, has_bucket, has_object;

	if (is_api && segment_is(p, 0, "projects") && p->n > 2 &&
	    p->segment[1].n > 0)
		choose_part(r, p, ROUTE_OF_PROJECT, method);
	if (!segment_is(p, 0, "b"))
		return;
	has_bucket = p->n > 1 && p->segment[1].n > 0;
	has_object = has_bucket && p->n > 3 && p->segment[3].n > 0 &&
	    segment_is(p, 2, "o");
	if (is_api && (p->n == 1 || (p->n == 2 && has_bucket)))
		choose_bucket(r, p, method);
	else if (is_api && has_bucket && segment_is(p, 2, "operations"))
		choose_running(r, p, method);
	else if (is_api && has_bucket && !segment_is(p, 2, "o"))
		choose_bucket_part(r, p, method);
	else if (has_object && p->n > 4 && is_api)
		choose_verb(r, p, method);
	else if ((p->n == 3 && has_bucket && segment_is(p, 2, "o")) ||
	    (p->n == 4 && has_object))
		choose_object(r, p, method);
}

static int
decode(struct buf *out, const struct path *p, size_t i)
{
	return percent_decode(out, p->segment[i].s, p->segment[i].n, false);
}

/* The request is known by what it writes. */
static int
decode_copy(struct route *r, const struct path *p)
{
	bool is_move = r->op == OP_OBJECT_MOVE;

	if (decode(&r->source_bucket, p, 1) != 0 ||
	    decode(&r->source_name, p, 3) != 0)
		return -1;
	return decode(&r->bucket, p, is_move ? 1 : 6) |
	    decode(&r->name, p, is_move ? 6 : 8);
}

const char *
route_fault(const struct route *r)
{
	return r->query.is_cut ? "The query has too many parameters."
			       : "Invalid percent-encoding.";
}

/* What the journal calls the request; -1 when it cannot be read. */
static int
decode_names(struct route *r, const struct path *p)
{
	if (r->query.is_cut)
		return -1;
	if (r->op == OP_OBJECT_MOVE || r->op == OP_OBJECT_COPY ||
	    r->op == OP_OBJECT_REWRITE)
		return decode_copy(r, p);
	if (r->op >= OP_KEY_LIST && r->op <= OP_SERVICE_ACCOUNT)
		return decode(&r->part, p, 1) |
		    (p->n > 3 ? decode(&r->name, p, 3) : 0);
	if (r->op >= OP_OBJECT_ACL_LIST && r->op <= OP_OBJECT_ACL_DELETE &&
	    p->n > 5 && decode(&r->part, p, 5) != 0)
		return -1;
	if (p->n > 1 && decode(&r->bucket, p, 1) != 0)
		return -1;
	if (p->n > 3 && r->op != OP_OBJECT_BULK_RESTORE)
		return decode(&r->name, p, 3);
	if (r->op == OP_OBJECT_LIST)
		return query_get(&r->query, "prefix", &r->name);
	if (r->op == OP_OBJECT_INSERT || r->op == OP_UPLOAD_STATUS ||
	    r->op == OP_UPLOAD_CANCEL)
		return query_get(&r->query, "name", &r->name);
	return 0;
}

/* Older clients know a path for all services. */
static bool
is_batch(const char *target, const char *end)
{
	size_t n = (size_t)(end - target);

	return str_is(target, n, "/batch/storage/v1") ||
	    str_is(target, n, "/batch");
}

enum http_method
route_method(enum http_method method, const char *override)
{
	static const struct {
		const char *word;
		enum http_method method;
	} methods[] = {
		{ "PATCH", HTTP_PATCH },
		{ "PUT", HTTP_PUT },
		{ "DELETE", HTTP_DELETE },
		{ "GET", HTTP_GET },
	};
	size_t i;

	for (i = 0; method == HTTP_POST && override != NULL &&
	     i < sizeof(methods) / sizeof(methods[0]);
	     i++) {
		if (strcasecmp(override, methods[i].word) == 0)
			return methods[i].method;
	}
	return method;
}

void
route_parse(struct route *r, enum http_method method, const char *target)
{
	const char *end = target + strcspn(target, "?#");
	const char *query = *end == '?' ? end + 1 : end;
	struct path p = { .mount = MOUNT_API, .mount_path = "/" };

	buf_clear(&r->bucket);
	buf_clear(&r->name);
	buf_clear(&r->part);
	buf_clear(&r->source_bucket);
	buf_clear(&r->source_name);
	query_parse(&r->query, query, strcspn(query, "#"));
	choose(r, OP_NONE, SIM_OTHER);
	cut_path(&p, target, end);
	r->mount = p.mount_path;
	if (is_batch(target, end))
		choose(r, method == HTTP_POST ? OP_BATCH : OP_METHOD,
		    SIM_OTHER);
	else
		choose_operation(r, &p, method);
	if (r->kind != SIM_OTHER && decode_names(r, &p) != 0)
		choose(r, OP_BAD, SIM_OTHER);
	if (r->kind == SIM_OTHER) {
		buf_clear(&r->bucket);
		buf_clear(&r->part);
		buf_clear(&r->name);
		buf_add(&r->name, target, (size_t)(end - target));
	}
}
