/* SPDX-License-Identifier: MIT */
/*
 * From a method and a path to an operation.  The JSON API stands at
 * /storage/v1 and, for clients that drop the prefix, at /; media may also be
 * read below /download and is written below /upload and /resumable/upload.
 */
#ifndef SIM_ROUTES_H
#define SIM_ROUTES_H

#include <stddef.h>

#include "sim/sim.h"
#include "sim/http.h"
#include "sim/query.h"
#include "src/base/buf.h"

enum operation {
	OP_NONE,   /* no such path: 404 */
	OP_METHOD, /* the path does not take this method: 405 */
	OP_BAD,    /* what route_fault says is wrong: 400 */
	OP_OBJECT_LIST,
	OP_OBJECT_GET,
	OP_OBJECT_MEDIA,
	OP_OBJECT_INSERT,
	OP_OBJECT_DELETE,
	OP_OBJECT_PATCH,
	OP_OBJECT_UPDATE,
	OP_OBJECT_COMPOSE,
	OP_OBJECT_COPY,
	OP_OBJECT_REWRITE,
	OP_OBJECT_MOVE,
	OP_OBJECT_RESTORE,
	OP_OBJECT_BULK_RESTORE,
	OP_UPLOAD_STATUS, /* PUT of a resumable session: bytes, or a question */
	OP_UPLOAD_CANCEL,
	OP_UPLOAD_ELSEWHERE, /* an insert that is not below /upload: 400 */
	OP_BUCKET_LIST,
	OP_BUCKET_INSERT,
	OP_BUCKET_GET,
	OP_BUCKET_DELETE,
	OP_BUCKET_PATCH,
	OP_BUCKET_UPDATE,
	OP_BUCKET_LAYOUT,
	OP_BUCKET_LOCK,
	OP_RUNNING_LIST, /* operations that take long, or would */
	OP_RUNNING_GET,
	OP_RUNNING_CANCEL,
	OP_BUCKET_POLICY,      /* GET iam */
	OP_BUCKET_SET_POLICY,  /* PUT iam */
	OP_BUCKET_PERMISSIONS, /* GET iam/testPermissions */
	/* Of lists of access, in the order of enum acl_kind (acl.h), six each. */
	OP_BUCKET_ACL_LIST,
	OP_BUCKET_ACL_GET,
	OP_BUCKET_ACL_INSERT,
	OP_BUCKET_ACL_UPDATE,
	OP_BUCKET_ACL_PATCH,
	OP_BUCKET_ACL_DELETE,
	OP_DEFAULT_ACL_LIST, /* defaultObjectAcl */
	OP_DEFAULT_ACL_GET,
	OP_DEFAULT_ACL_INSERT,
	OP_DEFAULT_ACL_UPDATE,
	OP_DEFAULT_ACL_PATCH,
	OP_DEFAULT_ACL_DELETE,
	OP_OBJECT_ACL_LIST,
	OP_OBJECT_ACL_GET,
	OP_OBJECT_ACL_INSERT,
	OP_OBJECT_ACL_UPDATE,
	OP_OBJECT_ACL_PATCH,
	OP_OBJECT_ACL_DELETE,
	OP_NOTIFICATION_LIST,
	OP_NOTIFICATION_GET,
	OP_NOTIFICATION_INSERT,
	OP_NOTIFICATION_DELETE,
	OP_KEY_LIST, /* hmacKeys, of a project */
	OP_KEY_GET,
	OP_KEY_CREATE,
	OP_KEY_UPDATE,
	OP_KEY_DELETE,
	OP_SERVICE_ACCOUNT, /* of a project */
	OP_BATCH,
	/* No requests of the API, but of who may ask it: see authority.h. */
	OP_AUTH_TOKEN,
	OP_AUTH_STS,
	OP_AUTH_IMPERSONATE,
	OP_AUTH_METADATA,
	/* Of the XML API: */
	OP_XML_METHOD,
	OP_XML_BAD,
	OP_XML_UNSERVED, /* known, and not done: 501 */
	OP_XML_SERVICE,  /* the list of buckets */
	OP_XML_LOCATION,
	OP_XML_STORAGE_CLASS,
	OP_XML_VERSIONING,
	OP_XML_SET_VERSIONING,
	OP_XML_BUCKET_HEAD,
	OP_XML_BUCKET_PUT,
	OP_XML_BUCKET_DELETE,
	OP_XML_LIST,
	OP_XML_MULTI_DELETE,
	OP_XML_GET,
	OP_XML_PUT,
	OP_XML_DELETE,
	OP_XML_UPLOADS, /* the list of those that are under way */
	OP_XML_UPLOAD_START,
	OP_XML_UPLOAD_PUT,
	OP_XML_UPLOAD_PARTS,
	OP_XML_UPLOAD_COMPLETE,
	OP_XML_UPLOAD_ABORT
};
enum { OPERATIONS = OP_XML_UPLOAD_ABORT + 1 };

struct route {
	enum operation op;
	enum sim_kind kind;
	const char *mount; /* what the path begins with, "/storage/v1/" */
	struct buf bucket; /* decoded; "" when there is none */
	struct buf name;   /* the object, a list's prefix, or OTHER's path */
	/* Of an object's access list: the entity; of a key: its project. */
	struct buf part;
	/* Of copy, rewrite and move: what bucket and name are made from. */
	struct buf source_bucket;
	struct buf source_name;
	struct query query;
};

void route_init(struct route *r);
void route_release(struct route *r);

/* Is it the XML API's, as its answer will be? */
bool route_is_xml(const struct route *r);

/* Why it is OP_BAD or OP_XML_BAD. */
const char *route_fault(const struct route *r);

/* What a request means: the method that its X-HTTP-Method-Override (or NULL)
 * names, for a POST, else its own. */
enum http_method route_method(enum http_method method, const char *override);

/* target is the request's path and query, borrowed as long as r is in use.  All
 * is taken for the JSON API; xml_route.h tells what is not. */
void route_parse(struct route *r, enum http_method method, const char *target);

#endif
