/* SPDX-License-Identifier: MIT */
/*
 * One table: of which kind an operation is, what it names, and what its answer
 * has when all goes well.
 */
#include "sim/rule_reach.h"

#include <string.h>

#include "sim/glob.h"
#include "sim/method.h"
#include "sim/routes.h"
#include "sim/rule_keys.h"
#include "sim/sim.h"
#include "src/base/near.h"
#include "src/base/str.h"

enum {
	IN_BUCKET = 1, /* it is asked of one bucket */
	NAMED = 2,     /* it names something: an object, a prefix, a path */
	BODY = 4,      /* its answer has one */
	JSON = 8,      /* of that kind */
	PAGES = 16,    /* with a nextPageToken while there is more */
	UPLOAD = 32,   /* it brings an object's bytes */
	OBJECT = IN_BUCKET | NAMED,
	TEXT = BODY | JSON
};

static const struct {
	enum sim_kind kind;
	unsigned has;
} rows[OPERATIONS] = {
	[OP_NONE] = { SIM_OTHER, NAMED | BODY },
	[OP_METHOD] = { SIM_OTHER, NAMED | BODY },
	[OP_BAD] = { SIM_OTHER, NAMED | BODY },
	[OP_OBJECT_LIST] = { SIM_LIST, OBJECT | TEXT | PAGES },
	[OP_OBJECT_GET] = { SIM_GET, OBJECT | TEXT },
	[OP_OBJECT_MEDIA] = { SIM_GET, OBJECT | BODY },
	[OP_OBJECT_INSERT] = { SIM_PUT, OBJECT | TEXT | UPLOAD },
	[OP_OBJECT_DELETE] = { SIM_DELETE, OBJECT },
	[OP_OBJECT_PATCH] = { SIM_PUT, OBJECT | TEXT },
	[OP_OBJECT_UPDATE] = { SIM_PUT, OBJECT | TEXT },
	[OP_OBJECT_COMPOSE] = { SIM_PUT, OBJECT | TEXT },
	[OP_OBJECT_COPY] = { SIM_PUT, OBJECT | TEXT },
	[OP_OBJECT_REWRITE] = { SIM_PUT, OBJECT | TEXT },
	[OP_OBJECT_MOVE] = { SIM_PUT, OBJECT | TEXT },
	[OP_OBJECT_RESTORE] = { SIM_PUT, OBJECT | TEXT },
	[OP_OBJECT_BULK_RESTORE] = { SIM_PUT, IN_BUCKET | TEXT },
	[OP_UPLOAD_STATUS] = { SIM_PUT, OBJECT | TEXT | UPLOAD },
	[OP_UPLOAD_CANCEL] = { SIM_PUT, OBJECT },
	[OP_UPLOAD_ELSEWHERE] = { SIM_OTHER, NAMED | BODY },
	[OP_BUCKET_LIST] = { SIM_BUCKET, TEXT | PAGES },
	[OP_BUCKET_INSERT] = { SIM_BUCKET, TEXT },
	[OP_BUCKET_GET] = { SIM_BUCKET, IN_BUCKET | TEXT },
	[OP_BUCKET_DELETE] = { SIM_BUCKET, IN_BUCKET },
	[OP_BUCKET_PATCH] = { SIM_BUCKET, IN_BUCKET | TEXT },
	[OP_BUCKET_UPDATE] = { SIM_BUCKET, IN_BUCKET | TEXT },
	[OP_BUCKET_LAYOUT] = { SIM_BUCKET, IN_BUCKET | TEXT },
	[OP_BUCKET_LOCK] = { SIM_BUCKET, IN_BUCKET | TEXT },
	[OP_RUNNING_LIST] = { SIM_BUCKET, IN_BUCKET | TEXT },
	[OP_RUNNING_GET] = { SIM_BUCKET, IN_BUCKET | TEXT },
	[OP_RUNNING_CANCEL] = { SIM_BUCKET, IN_BUCKET },
	[OP_BUCKET_POLICY] = { SIM_BUCKET, IN_BUCKET | TEXT },
	[OP_BUCKET_PERMISSIONS] = { SIM_BUCKET, IN_BUCKET | TEXT },
	[OP_BUCKET_SET_POLICY] = { SIM_BUCKET, IN_BUCKET | TEXT },
	[OP_BUCKET_ACL_LIST] = { SIM_BUCKET, IN_BUCKET | TEXT },
	[OP_BUCKET_ACL_GET] = { SIM_BUCKET, OBJECT | TEXT },
	[OP_BUCKET_ACL_INSERT] = { SIM_BUCKET, IN_BUCKET | TEXT },
	[OP_BUCKET_ACL_UPDATE] = { SIM_BUCKET, OBJECT | TEXT },
	[OP_BUCKET_ACL_PATCH] = { SIM_BUCKET, OBJECT | TEXT },
	[OP_BUCKET_ACL_DELETE] = { SIM_BUCKET, OBJECT },
	[OP_DEFAULT_ACL_LIST] = { SIM_BUCKET, IN_BUCKET | TEXT },
	[OP_DEFAULT_ACL_GET] = { SIM_BUCKET, OBJECT | TEXT },
	[OP_DEFAULT_ACL_INSERT] = { SIM_BUCKET, IN_BUCKET | TEXT },
	[OP_DEFAULT_ACL_UPDATE] = { SIM_BUCKET, OBJECT | TEXT },
	[OP_DEFAULT_ACL_PATCH] = { SIM_BUCKET, OBJECT | TEXT },
	[OP_DEFAULT_ACL_DELETE] = { SIM_BUCKET, OBJECT },
	[OP_OBJECT_ACL_LIST] = { SIM_GET, OBJECT | TEXT },
	[OP_OBJECT_ACL_GET] = { SIM_GET, OBJECT | TEXT },
	[OP_OBJECT_ACL_INSERT] = { SIM_PUT, OBJECT | TEXT },
	[OP_OBJECT_ACL_UPDATE] = { SIM_PUT, OBJECT | TEXT },
	[OP_OBJECT_ACL_PATCH] = { SIM_PUT, OBJECT | TEXT },
	[OP_OBJECT_ACL_DELETE] = { SIM_PUT, OBJECT },
	[OP_NOTIFICATION_LIST] = { SIM_BUCKET, IN_BUCKET | TEXT },
	[OP_NOTIFICATION_GET] = { SIM_BUCKET, OBJECT | TEXT },
	[OP_NOTIFICATION_INSERT] = { SIM_BUCKET, IN_BUCKET | TEXT },
	[OP_NOTIFICATION_DELETE] = { SIM_BUCKET, OBJECT },
	[OP_KEY_LIST] = { SIM_BUCKET, TEXT | PAGES },
	[OP_KEY_GET] = { SIM_BUCKET, NAMED | TEXT },
	[OP_KEY_CREATE] = { SIM_BUCKET, TEXT },
	[OP_KEY_UPDATE] = { SIM_BUCKET, NAMED | TEXT },
	[OP_KEY_DELETE] = { SIM_BUCKET, NAMED },
	[OP_SERVICE_ACCOUNT] = { SIM_BUCKET, TEXT },
	[OP_BATCH] = { SIM_OTHER, NAMED | BODY },
	[OP_AUTH_TOKEN] = { SIM_OTHER, NAMED | TEXT },
	[OP_AUTH_STS] = { SIM_OTHER, NAMED | TEXT },
	[OP_AUTH_IMPERSONATE] = { SIM_OTHER, NAMED | TEXT },
	[OP_AUTH_METADATA] = { SIM_OTHER, NAMED | TEXT },
	[OP_XML_METHOD] = { SIM_OTHER, NAMED | BODY },
	[OP_XML_BAD] = { SIM_OTHER, NAMED | BODY },
	[OP_XML_UNSERVED] = { SIM_OTHER, NAMED | BODY },
	[OP_XML_SERVICE] = { SIM_BUCKET, BODY },
	[OP_XML_LOCATION] = { SIM_BUCKET, IN_BUCKET | BODY },
	[OP_XML_STORAGE_CLASS] = { SIM_BUCKET, IN_BUCKET | BODY },
	[OP_XML_VERSIONING] = { SIM_BUCKET, IN_BUCKET | BODY },
	[OP_XML_SET_VERSIONING] = { SIM_BUCKET, IN_BUCKET },
	[OP_XML_BUCKET_HEAD] = { SIM_BUCKET, IN_BUCKET },
	[OP_XML_BUCKET_PUT] = { SIM_BUCKET, IN_BUCKET },
	[OP_XML_BUCKET_DELETE] = { SIM_BUCKET, IN_BUCKET },
	[OP_XML_LIST] = { SIM_LIST, OBJECT | BODY },
	[OP_XML_MULTI_DELETE] = { SIM_DELETE, IN_BUCKET | BODY },
	[OP_XML_GET] = { SIM_GET, OBJECT | BODY },
	[OP_XML_PUT] = { SIM_PUT, OBJECT | UPLOAD },
	[OP_XML_DELETE] = { SIM_DELETE, OBJECT },
	[OP_XML_UPLOADS] = { SIM_LIST, IN_BUCKET | BODY },
	[OP_XML_UPLOAD_START] = { SIM_PUT, OBJECT | BODY },
	[OP_XML_UPLOAD_PUT] = { SIM_PUT, OBJECT },
	[OP_XML_UPLOAD_PARTS] = { SIM_LIST, OBJECT | BODY },
	[OP_XML_UPLOAD_COMPLETE] = { SIM_PUT, OBJECT | BODY },
	[OP_XML_UPLOAD_ABORT] = { SIM_PUT, OBJECT },
};

static const struct {
	unsigned wants; /* what the answer must have */
	const char *noun;
} needs[RULE_FAULTS] = {
	[RULE_CUT] = { BODY, "body" },
	[RULE_STALL] = { BODY, "body" },
	[RULE_DRIP] = { BODY, "body" },
	[RULE_BAD_JSON] = { JSON, "JSON" },
	[RULE_PAGE_TOKEN] = { PAGES, "nextPageToken" },
};

static int
find_kind(const char *what)
{
	int kind;

	for (kind = 0; kind < SIM_KINDS; kind++) {
		if (strcmp(what, sim_kind_name((enum sim_kind)kind)) == 0)
			return kind;
	}
	return -1;
}

static bool
is_method(enum operation op, struct glob *glob)
{
	const char *name = method_name(op);

	return name != NULL &&
	    (glob_matches(glob, name, strlen(name)) ||
		glob_matches(glob, method_short(name),
		    strlen(method_short(name))));
}

/* What WHAT means, as yet whatever the fault; false: nothing. */
static bool
fill(struct rule *r)
{
	int kind = find_kind(r->what);
	bool is_all = strcmp(r->what, "*") == 0, has_any = false;
	const char *fault;
	struct glob *glob = glob_parse(r->what, strlen(r->what), &fault);
	int op;

	for (op = 0; op < OPERATIONS; op++) {
		/* Those are met by rules that name them alone. */
		if (method_is_of_auth((enum operation)op) &&
		    (is_all || kind >= 0))
			continue;
		r->reaches[op] = is_all ||
		    (kind >= 0 ? rows[op].kind == (enum sim_kind)kind
			       : glob != NULL &&
				is_method((enum operation)op, glob));
		has_any |= r->reaches[op];
	}
	glob_free(glob);
	return has_any;
}

static int
refuse(const struct rule *r, struct err *err)
{
	const char *method;
	struct near near;
	int i;

	near_init(&near, r->what, strlen(r->what));
	for (i = 0; i < SIM_KINDS; i++)
		near_try(&near, sim_kind_name((enum sim_kind)i));
	for (i = 0; i < OPERATIONS; i++) {
		method = method_name((enum operation)i);
		if (method != NULL && !near_try(&near, method))
			near_try(&near, method_short(method));
	}
	if (near.best != NULL)
		return err_set(err, ERR_USAGE,
		    "'%s' is no kind of request and no method; %s is the "
		    "nearest",
		    r->what, near.best);
	return err_set(err, ERR_USAGE,
	    "'%s': want LIST, GET, PUT, DELETE, BUCKET, OTHER, a method such "
	    "as storage.objects.delete or storage.objects.*, or *",
	    r->what);
}

static bool
has(const struct rule *r, unsigned what)
{
	int op;

	for (op = 0; op < OPERATIONS; op++) {
		if (r->reaches[op] && (rows[op].has & what) == what)
			return true;
	}
	return false;
}

static void
narrow(struct rule *r, unsigned wants)
{
	int op;

	for (op = 0; op < OPERATIONS; op++)
		r->reaches[op] &= (rows[op].has & wants) == wants;
}

int
rule_reach(struct rule *r, struct err *err)
{
	unsigned wants = needs[r->kind].wants;

	if (!fill(r))
		return refuse(r, err);
	if (!has(r, wants))
		return err_set(err, ERR_USAGE,
		    "%s can never happen: what answers %s has no %s",
		    rule_fault_names[r->kind], r->what, needs[r->kind].noun);
	narrow(r, wants);
	return 0;
}

int
rule_reach_uploads(struct rule *r, struct err *err)
{
	if (!has(r, UPLOAD))
		return err_set(err, ERR_USAGE,
		    "after= can never happen: '%s' uploads nothing", r->what);
	narrow(r, UPLOAD);
	return 0;
}

bool
rule_has_bucket(const struct rule *r)
{
	return has(r, IN_BUCKET);
}

bool
rule_has_name(const struct rule *r)
{
	return has(r, NAMED);
}
