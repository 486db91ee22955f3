/* SPDX-License-Identifier: MIT */
/* One table: a collection is listed and inserted into, one of it is read,
 * updated, patched and deleted; OP_NONE is what it does not take. */
#include "sim/route_part.h"

#include "src/base/str.h"

struct collection {
	const char *word;
	enum route_owner owner;
	enum operation list, insert;
	enum operation get, update, patch, delete;
};

static const struct collection collections[] = {
	{ "acl", ROUTE_OF_BUCKET, OP_BUCKET_ACL_LIST, OP_BUCKET_ACL_INSERT,
	    OP_BUCKET_ACL_GET, OP_BUCKET_ACL_UPDATE, OP_BUCKET_ACL_PATCH,
	    OP_BUCKET_ACL_DELETE },
	{ "defaultObjectAcl", ROUTE_OF_BUCKET, OP_DEFAULT_ACL_LIST,
	    OP_DEFAULT_ACL_INSERT, OP_DEFAULT_ACL_GET, OP_DEFAULT_ACL_UPDATE,
	    OP_DEFAULT_ACL_PATCH, OP_DEFAULT_ACL_DELETE },
	{ "acl", ROUTE_OF_OBJECT, OP_OBJECT_ACL_LIST, OP_OBJECT_ACL_INSERT,
	    OP_OBJECT_ACL_GET, OP_OBJECT_ACL_UPDATE, OP_OBJECT_ACL_PATCH,
	    OP_OBJECT_ACL_DELETE },
	{ "notificationConfigs", ROUTE_OF_BUCKET, OP_NOTIFICATION_LIST,
	    OP_NOTIFICATION_INSERT, OP_NOTIFICATION_GET, OP_NONE, OP_NONE,
	    OP_NOTIFICATION_DELETE },
	{ "hmacKeys", ROUTE_OF_PROJECT, OP_KEY_LIST, OP_KEY_CREATE, OP_KEY_GET,
	    OP_KEY_UPDATE, OP_NONE, OP_KEY_DELETE },
	{ "serviceAccount", ROUTE_OF_PROJECT, OP_SERVICE_ACCOUNT, OP_NONE,
	    OP_NONE, OP_NONE, OP_NONE, OP_NONE },
};

static enum operation
of_all(const struct collection *c, enum http_method method)
{
	switch (method) {
	case HTTP_GET:
		return c->list;
	case HTTP_POST:
		return c->insert;
	default:
		return OP_NONE;
	}
}

static enum operation
of_one(const struct collection *c, enum http_method method)
{
	switch (method) {
	case HTTP_GET:
		return c->get;
	case HTTP_PUT:
		return c->update;
	case HTTP_PATCH:
		return c->patch;
	case HTTP_DELETE:
		return c->delete;
	default:
		return OP_NONE;
	}
}

enum operation
route_part(enum route_owner owner, const char *word, size_t n, bool is_one,
    enum http_method method)
{
	const struct collection *c;
	enum operation op;
	size_t i;

	for (i = 0; i < sizeof(collections) / sizeof(collections[0]); i++) {
		c = &collections[i];
		if (c->owner != owner || !str_is(word, n, c->word))
			continue;
		/* A service account has nothing of its own. */
		if (is_one && c->get == OP_NONE)
			return OP_NONE;
		op = is_one ? of_one(c, method) : of_all(c, method);
		return op != OP_NONE ? op : OP_METHOD;
	}
	return OP_NONE;
}
