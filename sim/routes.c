/* SPDX-License-Identifier: MIT */
/*
 * A path is cut at its slashes before anything is decoded: the object is one
 * segment, and a slash of its name is %2F in it.
 */
#include "sim/routes.h"

#include <string.h>

#include "sim/percent.h"
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
	{ "/download/storage/v1/", MOUNT_DOWNLOAD },
	{ "/", MOUNT_API },
};

enum { SEGMENTS = 5 };

struct path {
	enum mount mount;
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
	r->kind = GCSSIM_OTHER;
	r->query.n = 0;
	buf_init(&r->bucket, TEXT_MAX);
	buf_init(&r->name, TEXT_MAX);
}

void
route_release(struct route *r)
{
	buf_release(&r->bucket);
	buf_release(&r->name);
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
choose(struct route *r, enum operation op, enum gcssim_kind kind)
{
	r->op = op;
	r->kind = kind;
}

/* /b and /b/BUCKET */
static void
choose_bucket(struct route *r, const struct path *p, enum http_method method)
{
	if (method == HTTP_GET)
		choose(r, p->n == 1 ? OP_BUCKET_LIST : OP_BUCKET_GET,
		    GCSSIM_BUCKET);
	else if (method == HTTP_POST && p->n == 1)
		choose(r, OP_BUCKET_INSERT, GCSSIM_BUCKET);
	else if (method == HTTP_DELETE && p->n == 2)
		choose(r, OP_BUCKET_DELETE, GCSSIM_BUCKET);
	else
		choose(r, OP_METHOD, GCSSIM_OTHER);
}

/* /b/BUCKET/o and /b/BUCKET/o/OBJECT */
static void
choose_object(struct route *r, const struct path *p, enum http_method method)
{
	if (p->n == 3 && p->mount == MOUNT_UPLOAD && method == HTTP_POST)
		choose(r, OP_OBJECT_INSERT, GCSSIM_PUT);
	else if (p->mount == MOUNT_UPLOAD)
		choose(r, OP_METHOD, GCSSIM_OTHER);
	else if (p->n == 3 && method == HTTP_GET)
		choose(r, OP_OBJECT_LIST, GCSSIM_LIST);
	else if (p->n == 4 && method == HTTP_GET)
		choose(r,
		    query_is(&r->query, "alt", "media") ? OP_OBJECT_MEDIA
							: OP_OBJECT_GET,
		    GCSSIM_GET);
	else if (p->n == 4 && method == HTTP_DELETE)
		choose(r, OP_OBJECT_DELETE, GCSSIM_DELETE);
	else
		choose(r, OP_METHOD, GCSSIM_OTHER);
}

static void
choose_operation(struct route *r, const struct path *p, enum http_method method)
{
	bool is_object = p->n == 4 && p->segment[3].n > 0;

	if (!segment_is(p, 0, "b"))
		return;
	if (p->n <= 2 && p->mount == MOUNT_API &&
	    (p->n == 1 || p->segment[1].n > 0))
		choose_bucket(r, p, method);
	else if (segment_is(p, 2, "o") && p->segment[1].n > 0 &&
	    (p->n == 3 || is_object))
		choose_object(r, p, method);
}

/* What the journal calls the request; -1 when its encoding is broken. */
static int
decode_names(struct route *r, const struct path *p)
{
	if (p->n > 1 &&
	    percent_decode(&r->bucket, p->segment[1].s, p->segment[1].n,
		false) != 0)
		return -1;
	if (p->n == 4)
		return percent_decode(&r->name, p->segment[3].s,
		    p->segment[3].n, false);
	if (r->op == OP_OBJECT_LIST)
		return query_get(&r->query, "prefix", &r->name);
	if (r->op == OP_OBJECT_INSERT)
		return query_get(&r->query, "name", &r->name);
	return 0;
}

void
route_parse(struct route *r, enum http_method method, const char *target)
{
	const char *end = target + strcspn(target, "?#");
	const char *query = *end == '?' ? end + 1 : end;
	struct path p = { .mount = MOUNT_API };

	buf_clear(&r->bucket);
	buf_clear(&r->name);
	query_parse(&r->query, query, strcspn(query, "#"));
	choose(r, OP_NONE, GCSSIM_OTHER);
	cut_path(&p, target, end);
	choose_operation(r, &p, method);
	if (r->kind != GCSSIM_OTHER && decode_names(r, &p) != 0)
		choose(r, OP_BAD, GCSSIM_OTHER);
	if (r->kind == GCSSIM_OTHER) {
		buf_clear(&r->bucket);
		buf_clear(&r->name);
		buf_add(&r->name, target, (size_t)(end - target));
	}
}
