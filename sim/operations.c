/* SPDX-License-Identifier: MIT */
/* The table of operations, and what several of them need. */
#include "sim/operations.h"

#include <string.h>
#include <strings.h>

#include "sim/acl.h"
#include "sim/bucket.h"
#include "sim/bucket_json.h"
#include "sim/guard.h"
#include "sim/http.h"
#include "sim/json_out.h"
#include "sim/meta.h"
#include "sim/operations_access.h"
#include "sim/operations_priv.h"
#include "sim/operations_xml.h"
#include "sim/reply.h"
#include "sim/resource.h"
#include "sim/routes.h"
#include "sim/world.h"
#include "src/base/str.h"

const char *
ask_header(const struct ask *ask, const char *name)
{
	return ask->headers.find(ask->headers.from, name);
}

const char *
ask_next_header(const struct ask *ask, const char *name, size_t *at)
{
	const char *other, *value;

	if (ask->headers.next == NULL)
		return (*at)++ == 0 ? ask_header(ask, name) : NULL;
	while (ask->headers.next(ask->headers.from, at, &other, &value)) {
		if (strcasecmp(other, name) == 0)
			return value;
	}
	return NULL;
}

int
operations_fields(const struct scene *s, struct fields **out)
{
	const struct query *q = &s->ask->route->query;
	struct buf text;
	int rc;

	*out = NULL;
	if (!query_has(q, "fields"))
		return 0;
	buf_init(&text, HTTP_MAX_HEAD);
	rc = query_get(q, "fields", &text);
	if (rc == 0 && (*out = fields_parse(text.data, text.len)) == NULL)
		rc = -1;
	buf_release(&text);
	if (rc != 0)
		reply_bad_request(s->reply, "invalidParameter",
		    "Invalid field selection in the parameter fields.");
	return rc;
}

static void
reply_bad_generation(const struct scene *s)
{
	reply_bad_request(s->reply, "invalid",
	    "Invalid long value in a generation parameter.");
}

int
operations_find(const struct scene *s, struct object **out)
{
	const struct route *r = s->ask->route;
	uint64_t generation;
	int got = query_u64(&r->query, "generation", &generation);

	*out = NULL;
	if (got < 0) {
		reply_bad_generation(s);
		return -1;
	}
	*out = got > 0 ? bucket_find_version(s->bucket, r->name.data,
			     r->name.len, generation)
		       : bucket_find(s->bucket, r->name.data, r->name.len);
	return 0;
}

/* Is what is missing a condition that fails? */
static bool
is_failed_by_absence(const struct scene *s)
{
	const struct route *r = s->ask->route;

	return s->world->missing_is_412 && r->op == OP_OBJECT_DELETE &&
	    !query_has(&r->query, "generation") &&
	    query_has(&r->query, "ifGenerationMatch");
}

bool
operations_may(const struct scene *s, const struct object *o,
    enum precondition_for what)
{
	const struct route *r = s->ask->route;

	switch (precondition_check(&r->query, o, what)) {
	case PRECONDITION_HOLDS:
		return true;
	case PRECONDITION_FAILS:
		reply_precondition(s->reply);
		return false;
	case PRECONDITION_SAME:
		reply_not_modified(s->reply);
		return false;
	case PRECONDITION_BAD:
		reply_bad_generation(s);
		return false;
	case PRECONDITION_MISSING:
		break;
	}
	if (is_failed_by_absence(s))
		reply_precondition(s->reply);
	else if (r->op == OP_OBJECT_MEDIA)
		reply_no_media(s->reply, s->bucket->name, r->name.data,
		    r->name.len);
	else if (what == FOR_SOURCE)
		reply_no_object(s->reply, r->source_bucket.data,
		    r->source_name.data, r->source_name.len);
	else
		reply_no_object(s->reply, s->bucket->name, r->name.data,
		    r->name.len);
	return false;
}

bool
operations_is_cut(const struct scene *s, uint64_t n)
{
	struct ask_cut *cut = s->ask->cut;

	if (cut == NULL || n < cut->at)
		return false;
	cut->is_reached = true;
	reply_trouble(s->reply, 503);
	return true;
}

bool
operations_may_put(const struct scene *s)
{
	const struct buf *name = &s->ask->route->name;
	const struct object *o = bucket_find(s->bucket, name->data, name->len);

	return operations_may(s, o, FOR_INSERT) &&
	    guard_allows(s->world, s->bucket, o, s->ask->wall_us, s->reply);
}

bool
operations_may_ask(const struct scene *s)
{
	if (precondition_check(&s->ask->route->query, NULL, FOR_INSERT) !=
	    PRECONDITION_BAD)
		return true;
	reply_bad_generation(s);
	return false;
}

void
operations_inherit(const struct scene *s, struct meta_draft *draft)
{
	const char *list = operations_acl_predefined(s);

	if (list != NULL) {
		draft->text[META_ACL] = list;
	} else if (draft->text[META_ACL] == NULL &&
	    (draft->inherited = acl_inherit(s->bucket)) != NULL) {
		draft->text[META_ACL] = draft->inherited;
	}
	draft->event_based_hold |= s->bucket->config.default_event_based_hold;
	if (draft->text[META_STORAGE_CLASS] == NULL)
		draft->text[META_STORAGE_CLASS] = bucket_json_class(s->bucket);
}

const struct object *
operations_publish(const struct scene *s, uint64_t size,
    struct payload *payload_take, struct meta_draft *draft)
{
	const struct buf *name = &s->ask->route->name;

	operations_inherit(s, draft);
	return bucket_publish(s->bucket, name->data, name->len, size,
	    world_generation(s->world, s->ask->wall_us), payload_take,
	    meta_new(draft));
}

void
operations_reply_object(const struct scene *s, const struct object *o)
{
	struct resource resource;
	struct fields *fields;
	struct json_out w;

	if (operations_fields(s, &fields) != 0)
		return;
	resource_init(&resource, s->bucket, s->ask);
	json_init(&w, &s->reply->body, s->reply->pretty, fields);
	resource_add_object(&resource, o, &w);
	json_end(&w);
	resource_release(&resource);
	fields_free(fields);
}

/* --- the table --- */

static void
no_path(const struct scene *s)
{
	reply_no_path(s->reply);
}

static void
no_method(const struct scene *s)
{
	reply_no_method(s->reply);
}

static void
unreadable(const struct scene *s)
{
	reply_bad_request(s->reply, "invalid", route_fault(s->ask->route));
}

/* One without a function is refused: a batch in a batch.
 * The XML API has a table of its own. */
static const struct {
	void (*run)(const struct scene *s);
	bool needs_bucket; /* one that is there */
} operations[OPERATIONS] = {
	[OP_NONE] = { no_path, false },
	[OP_METHOD] = { no_method, false },
	[OP_BAD] = { unreadable, false },
	[OP_OBJECT_LIST] = { operations_list, true },
	[OP_OBJECT_GET] = { operations_get, true },
	[OP_OBJECT_MEDIA] = { operations_media, true },
	[OP_OBJECT_INSERT] = { operations_insert, true },
	[OP_UPLOAD_STATUS] = { operations_upload_put, true },
	[OP_UPLOAD_CANCEL] = { operations_upload_cancel, true },
	[OP_UPLOAD_ELSEWHERE] = { operations_upload_elsewhere, false },
	[OP_OBJECT_DELETE] = { operations_delete, true },
	[OP_OBJECT_PATCH] = { operations_patch, true },
	[OP_OBJECT_UPDATE] = { operations_update, true },
	[OP_OBJECT_COMPOSE] = { operations_compose, true },
	[OP_OBJECT_COPY] = { operations_copy, true },
	[OP_OBJECT_REWRITE] = { operations_rewrite, true },
	[OP_OBJECT_MOVE] = { operations_move, true },
	[OP_OBJECT_RESTORE] = { operations_restore, true },
	[OP_OBJECT_BULK_RESTORE] = { operations_bulk_restore, true },
	[OP_RUNNING_LIST] = { operations_running_list, true },
	[OP_RUNNING_GET] = { operations_running_get, true },
	[OP_RUNNING_CANCEL] = { operations_running_cancel, true },
	[OP_BUCKET_LIST] = { operations_bucket_list, false },
	[OP_BUCKET_INSERT] = { operations_bucket_insert, false },
	[OP_BUCKET_GET] = { operations_bucket_get, true },
	[OP_BUCKET_DELETE] = { operations_bucket_delete, true },
	[OP_BUCKET_PATCH] = { operations_bucket_patch, true },
	[OP_BUCKET_UPDATE] = { operations_bucket_update, true },
	[OP_BUCKET_LAYOUT] = { operations_bucket_layout, true },
	[OP_BUCKET_LOCK] = { operations_bucket_lock, true },
	[OP_BUCKET_POLICY] = { operations_policy, true },
	[OP_BUCKET_SET_POLICY] = { operations_set_policy, true },
	[OP_BUCKET_PERMISSIONS] = { operations_permissions, true },
	[OP_BUCKET_ACL_LIST] = { operations_acl_list, true },
	[OP_BUCKET_ACL_GET] = { operations_acl_get, true },
	[OP_BUCKET_ACL_INSERT] = { operations_acl_insert, true },
	[OP_BUCKET_ACL_UPDATE] = { operations_acl_update, true },
	[OP_BUCKET_ACL_PATCH] = { operations_acl_patch, true },
	[OP_BUCKET_ACL_DELETE] = { operations_acl_delete, true },
	[OP_DEFAULT_ACL_LIST] = { operations_acl_list, true },
	[OP_DEFAULT_ACL_GET] = { operations_acl_get, true },
	[OP_DEFAULT_ACL_INSERT] = { operations_acl_insert, true },
	[OP_DEFAULT_ACL_UPDATE] = { operations_acl_update, true },
	[OP_DEFAULT_ACL_PATCH] = { operations_acl_patch, true },
	[OP_DEFAULT_ACL_DELETE] = { operations_acl_delete, true },
	[OP_OBJECT_ACL_LIST] = { operations_acl_list, true },
	[OP_OBJECT_ACL_GET] = { operations_acl_get, true },
	[OP_OBJECT_ACL_INSERT] = { operations_acl_insert, true },
	[OP_OBJECT_ACL_UPDATE] = { operations_acl_update, true },
	[OP_OBJECT_ACL_PATCH] = { operations_acl_patch, true },
	[OP_OBJECT_ACL_DELETE] = { operations_acl_delete, true },
	[OP_NOTIFICATION_LIST] = { operations_notification_list, true },
	[OP_NOTIFICATION_GET] = { operations_notification_get, true },
	[OP_NOTIFICATION_INSERT] = { operations_notification_insert, true },
	[OP_NOTIFICATION_DELETE] = { operations_notification_delete, true },
	[OP_KEY_LIST] = { operations_key_list, false },
	[OP_KEY_GET] = { operations_key_get, false },
	[OP_KEY_CREATE] = { operations_key_create, false },
	[OP_KEY_UPDATE] = { operations_key_update, false },
	[OP_KEY_DELETE] = { operations_key_delete, false },
	[OP_SERVICE_ACCOUNT] = { operations_service_account, false },
};

/* What cannot be answered shall not happen either. */
static bool
can_answer(const struct scene *s)
{
	enum sim_kind kind = s->ask->route->kind;
	struct fields *fields;

	if ((kind != SIM_PUT && kind != SIM_BUCKET) ||
	    !query_has(&s->ask->route->query, "fields"))
		return true;
	if (operations_fields(s, &fields) != 0)
		return false;
	fields_free(fields);
	return true;
}

/* Of what writes an object; a bucket asks for itself, when it is known whether
 * its access is uniform. */
static bool
has_known_acl(const struct scene *s)
{
	return s->ask->route->kind != SIM_PUT || s->bucket == NULL ||
	    operations_acl_check(s, s->bucket->config.extra) == 0;
}

void
operations_run(struct world *world, const struct ask *ask, struct reply *reply)
{
	struct route *r = ask->route;
	struct scene s = { .world = world,
		.bucket = world_find(world, r->bucket.data, r->bucket.len),
		.ask = ask,
		.reply = reply };

	reply_clear(reply, !query_is(&r->query, "prettyPrint", "false"));
	if (s.bucket != NULL) {
		bucket_begin(s.bucket);
		bucket_expire(s.bucket, ask->wall_us);
	}
	if (route_is_xml(r))
		operations_xml_run(&s);
	else if (operations[r->op].run == NULL)
		reply_error(reply, 501, "notImplemented", NULL,
		    "The simulator does not do this.");
	else if (operations[r->op].needs_bucket && s.bucket == NULL &&
	    r->kind == SIM_BUCKET)
		reply_no_such_bucket(reply, r->bucket.data);
	else if (operations[r->op].needs_bucket && s.bucket == NULL)
		reply_no_bucket(reply);
	else if (can_answer(&s) && has_known_acl(&s))
		operations[r->op].run(&s);
}
