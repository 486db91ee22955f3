/* SPDX-License-Identifier: MIT */
/* The table of the XML API's operations, and what several of them need. */
#include "sim/operations_xml.h"

#include <string.h>

#include "sim/bucket.h"
#include "sim/guard.h"
#include "sim/operations_priv.h"
#include "sim/reply.h"
#include "sim/rfc3339.h"
#include "sim/routes.h"
#include "sim/xml_conditions.h"
#include "sim/xml_out.h"
#include "src/base/buf.h"

enum { ETAG_MAX = 64 };

void
operations_xml_fail(const struct scene *s, enum xml_error e,
    const char *details)
{
	xml_error(s->reply, e, details, strlen(details));
}

/* --- versions --- */

int
operations_xml_find(const struct scene *s, struct object **out)
{
	const struct route *r = s->ask->route;
	uint64_t generation;
	int got = query_u64(&r->query, "generation", &generation);

	*out = NULL;
	if (got == 0)
		got = query_u64(&r->query, "versionId", &generation);
	if (got < 0) {
		operations_xml_fail(s, XML_INVALID_ARGUMENT,
		    "Invalid generation.");
		return -1;
	}
	*out = got > 0 ? bucket_find_version(s->bucket, r->name.data,
			     r->name.len, generation)
		       : bucket_find(s->bucket, r->name.data, r->name.len);
	return 0;
}

bool
operations_xml_may(const struct scene *s, const struct object *o,
    enum precondition_for what)
{
	const struct route *r = s->ask->route;
	bool is_source = what == FOR_SOURCE;
	const struct buf *name = is_source ? &r->source_name : &r->name;

	switch (xml_conditions_check(s->ask, o, what)) {
	case PRECONDITION_HOLDS:
		return true;
	case PRECONDITION_FAILS:
		reply_precondition(s->reply);
		break;
	case PRECONDITION_SAME:
		reply_not_modified(s->reply);
		break;
	case PRECONDITION_BAD:
		operations_xml_fail(s, XML_INVALID_ARGUMENT,
		    "A condition on a generation is a number.");
		break;
	case PRECONDITION_MISSING:
		reply_no_object(s->reply,
		    is_source ? r->source_bucket.data : s->bucket->name,
		    name->data, name->len);
		break;
	}
	return false;
}

bool
operations_xml_may_put(const struct scene *s)
{
	const struct buf *name = &s->ask->route->name;
	const char *fault = object_name_fault(name->data, name->len);
	const struct object *o;

	if (fault != NULL) {
		operations_xml_fail(s, XML_INVALID_ARGUMENT, fault);
		return false;
	}
	o = bucket_find(s->bucket, name->data, name->len);
	return operations_xml_may(s, o, FOR_INSERT) &&
	    guard_allows(s->world, s->bucket, o, s->ask->wall_us, s->reply);
}

/* --- small things --- */

int
operations_xml_limit(const struct scene *s, const char *key, uint64_t max,
    uint64_t *out)
{
	*out = max;
	if (query_u64(&s->ask->route->query, key, out) < 0) {
		operations_xml_fail(s, XML_INVALID_ARGUMENT, key);
		return -1;
	}
	if (*out > max)
		*out = max;
	return 0;
}

void
operations_xml_add_time(struct xml_out *w, const char *tag, uint64_t us)
{
	char text[RFC3339_MAX];

	rfc3339_format(us, text);
	xml_str(w, tag, text);
}

void
operations_xml_add_etag(struct xml_out *w, const struct object *o)
{
	struct buf etag;

	buf_init(&etag, ETAG_MAX);
	xml_add_etag(o, &etag);
	xml_text(w, "ETag", etag.data, etag.len);
	buf_release(&etag);
}

/* --- the table --- */

static void
no_method(const struct scene *s)
{
	operations_xml_fail(s, XML_METHOD_NOT_ALLOWED, "");
}

static void
unreadable(const struct scene *s)
{
	operations_xml_fail(s, XML_INVALID_ARGUMENT,
	    route_fault(s->ask->route));
}

static void
unserved(const struct scene *s)
{
	operations_xml_fail(s, XML_NOT_IMPLEMENTED,
	    "The simulator does not do this.");
}

static const struct {
	void (*run)(const struct scene *s);
	bool needs_bucket; /* one that is there */
} operations[OPERATIONS - OP_XML_METHOD] = {
#define ROW(op) [op - OP_XML_METHOD]
	ROW(OP_XML_METHOD) = { no_method, false },
	ROW(OP_XML_BAD) = { unreadable, false },
	ROW(OP_XML_UNSERVED) = { unserved, false },
	ROW(OP_XML_SERVICE) = { operations_xml_service, false },
	ROW(OP_XML_LOCATION) = { operations_xml_location, true },
	ROW(OP_XML_STORAGE_CLASS) = { operations_xml_storage_class, true },
	ROW(OP_XML_VERSIONING) = { operations_xml_versioning, true },
	ROW(OP_XML_SET_VERSIONING) = { operations_xml_set_versioning, true },
	ROW(OP_XML_BUCKET_HEAD) = { operations_xml_bucket_head, true },
	ROW(OP_XML_BUCKET_PUT) = { operations_xml_bucket_put, false },
	ROW(OP_XML_BUCKET_DELETE) = { operations_xml_bucket_delete, true },
	ROW(OP_XML_LIST) = { operations_xml_list, true },
	ROW(OP_XML_MULTI_DELETE) = { operations_xml_multi_delete, true },
	ROW(OP_XML_GET) = { operations_xml_get, true },
	ROW(OP_XML_PUT) = { operations_xml_put, true },
	ROW(OP_XML_DELETE) = { operations_xml_delete, true },
	ROW(OP_XML_UPLOADS) = { operations_xml_uploads, true },
	ROW(OP_XML_UPLOAD_START) = { operations_xml_upload_start, true },
	ROW(OP_XML_UPLOAD_PUT) = { operations_xml_upload_put, true },
	ROW(OP_XML_UPLOAD_PARTS) = { operations_xml_upload_parts, true },
	ROW(OP_XML_UPLOAD_COMPLETE) = { operations_xml_upload_complete, true },
	ROW(OP_XML_UPLOAD_ABORT) = { operations_xml_upload_abort, true },
#undef ROW
};

void
operations_xml_run(const struct scene *s)
{
	size_t i = s->ask->route->op - OP_XML_METHOD;

	if (operations[i].needs_bucket && s->bucket == NULL)
		reply_no_bucket(s->reply);
	else
		operations[i].run(s);
}
