/* SPDX-License-Identifier: MIT */
/*
 * Lists of access, of a bucket, of its new objects and of an object: the same
 * six operations three times.  An entry that is set is added or replaced; only
 * a patch needs one that is there.
 */
#include "sim/operations_access.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "sim/access.h"
#include "sim/acl.h"
#include "sim/bucket.h"
#include "sim/http.h"
#include "sim/json_out.h"
#include "sim/meta.h"
#include "sim/reply.h"
#include "sim/routes.h"

enum { VERBS = OP_DEFAULT_ACL_LIST - OP_BUCKET_ACL_LIST };

#define UNIFORM                                                       \
	" when uniform bucket-level access is enabled. Read more at " \
	"https://cloud.google.com/storage/docs/uniform-bucket-level-access"

const char operations_acl_no_insert[] =
    "Cannot insert legacy ACL for an object" UNIFORM;

int
operations_acl_allows(const struct scene *s, const char *refusal)
{
	if (!access_is_uniform(s->bucket->config.extra))
		return 0;
	reply_bad_request(s->reply, "invalid", refusal);
	return -1;
}

/* --- one list and one entry of it --- */

struct list {
	struct acl_place place;
	struct object *object; /* of ACL_OBJECT */
	json_t *entries;
	const struct buf *entity; /* that the path names */
};

static const char *
refusal_of(enum acl_kind kind, enum operation op)
{
	bool is_read = (op - OP_BUCKET_ACL_LIST) % VERBS <=
	    OP_BUCKET_ACL_GET - OP_BUCKET_ACL_LIST;

	if (kind == ACL_OBJECT)
		return is_read
		    ? "Cannot get legacy ACL for an object" UNIFORM
		    : "Cannot update access control for an object" UNIFORM;
	return is_read ? "Cannot get legacy ACL for a bucket" UNIFORM
		       : "Cannot use ACL API to update bucket policy" UNIFORM;
}

/* -1: the reply is written.  close_list in any case. */
static int
open_list(const struct scene *s, struct list *l)
{
	const struct route *r = s->ask->route;
	enum acl_kind kind = (enum acl_kind)(
	    (r->op - OP_BUCKET_ACL_LIST) / VERBS);

	*l = (struct list){ .entity = kind == ACL_OBJECT ? &r->part : &r->name,
		.place = { .kind = kind,
		    .self = s->ask->self,
		    .bucket = s->bucket } };
	if (operations_acl_allows(s, refusal_of(kind, r->op)) != 0)
		return -1;
	if (kind == ACL_OBJECT) {
		if (operations_find(s, &l->object) != 0)
			return -1;
		if (l->object == NULL) {
			reply_no_object(s->reply, s->bucket->name, r->name.data,
			    r->name.len);
			return -1;
		}
		l->place.object = l->object;
	}
	l->entries = acl_load(kind, s->bucket, l->object);
	return 0;
}

static void
close_list(struct list *l)
{
	json_decref(l->entries);
}

/* The role of the entity that the path names, or NULL. */
static const char *
role_of(const struct list *l)
{
	return strlen(l->entity->data) == l->entity->len
	    ? operations_text(l->entries, l->entity->data)
	    : NULL;
}

/* The list has changed. */
static void
keep(const struct scene *s, struct list *l)
{
	struct meta_draft draft;
	char *text;

	if (l->place.kind != ACL_OBJECT) {
		s->bucket->metageneration++;
		s->bucket->updated_us = s->ask->wall_us;
		access_set(s->bucket,
		    l->place.kind == ACL_BUCKET ? ACCESS_ACL
						: ACCESS_DEFAULT_ACL,
		    json_incref(l->entries));
		return;
	}
	text = json_dumps(l->entries, JSON_COMPACT);
	meta_read(l->object->meta, &draft);
	draft.text[META_ACL] = text;
	l->object = bucket_change(s->bucket, l->object, meta_new(&draft),
	    s->ask->wall_us);
	l->place.object = l->object;
	meta_draft_release(&draft);
	free(text);
}

/* --- answers --- */

struct entry {
	const struct acl_place *place;
	const char *entity;
	const char *role;
};

static void
add_entry(const struct scene *s, const void *what, struct json_out *w)
{
	const struct entry *e = what;

	(void)s;
	acl_add_entry(e->place, e->entity, e->role, w);
}

static void
answer_entry(const struct scene *s, const struct list *l, const char *entity,
    const char *role)
{
	struct entry e = { .place = &l->place, .entity = entity, .role = role };

	operations_answer(s, add_entry, &e);
}

static void
add_list(const struct scene *s, const void *what, struct json_out *w)
{
	const struct list *l = what;

	(void)s;
	json_open(w, '{');
	operations_add(w, "kind",
	    l->place.kind == ACL_BUCKET ? "storage#bucketAccessControls"
					: "storage#objectAccessControls");
	if (json_object_size(l->entries) > 0 && json_key(w, "items"))
		acl_add_list(&l->place, l->entries, w);
	json_close(w, '}');
}

/* --- the operations --- */

void
operations_acl_list(const struct scene *s)
{
	struct list l;

	if (open_list(s, &l) == 0)
		operations_answer(s, add_list, &l);
	close_list(&l);
}

void
operations_acl_get(const struct scene *s)
{
	const char *role;
	struct list l;

	if (open_list(s, &l) == 0) {
		role = role_of(&l);
		if (role != NULL)
			answer_entry(s, &l, l.entity->data, role);
		else
			reply_no_path(s->reply);
	}
	close_list(&l);
}

static int
refuse(const struct scene *s, const char *reason, const char *text)
{
	reply_bad_request(s->reply, reason, text);
	return -1;
}

/* -1: the reply says what is wrong with it. */
static int
check_entry(const struct scene *s, const struct list *l, const char *entity,
    size_t n, const char *role)
{
	if (entity == NULL)
		return refuse(s, "required", "Required field: entity");
	if (role == NULL)
		return refuse(s, "required", "Required field: role");
	if (!acl_is_entity(entity, n))
		return refuse(s, "invalid",
		    "Invalid value for: entity. It is allUsers, "
		    "allAuthenticatedUsers, or user-, group-, domain-, "
		    "project-owners-, project-editors- or project-viewers- and "
		    "who that is.");
	if (acl_role(l->place.kind, role) == NULL)
		return refuse(s, "invalid",
		    l->place.kind == ACL_BUCKET
			? "Invalid value for: role. It is OWNER, WRITER or "
			  "READER."
			: "Invalid value for: role. It is OWNER or READER.");
	if (json_object_size(l->entries) >= ACL_MAX &&
	    json_object_get(l->entries, entity) == NULL)
		return refuse(s, "invalid",
		    "An access control list has at most 100 entries.");
	return 0;
}

static void
set_entry(const struct scene *s, struct list *l, const char *entity, size_t n,
    const char *role)
{
	if (check_entry(s, l, entity, n, role) != 0)
		return;
	role = acl_role(l->place.kind, role); /* may be the list's own */
	json_object_set_new(l->entries, entity, json_string(role));
	keep(s, l);
	answer_entry(s, l, entity, role);
}

void
operations_acl_insert(const struct scene *s)
{
	json_t *body = NULL;
	const char *entity;
	struct list l;

	if (open_list(s, &l) == 0 && (body = operations_body(s)) != NULL) {
		entity = operations_text(body, "entity");
		set_entry(s, &l, entity, entity != NULL ? strlen(entity) : 0,
		    operations_text(body, "role"));
	}
	json_decref(body);
	close_list(&l);
}

void
operations_acl_update(const struct scene *s)
{
	json_t *body = NULL;
	struct list l;

	if (open_list(s, &l) == 0 && (body = operations_body(s)) != NULL)
		set_entry(s, &l, l.entity->data, l.entity->len,
		    operations_text(body, "role"));
	json_decref(body);
	close_list(&l);
}

void
operations_acl_patch(const struct scene *s)
{
	json_t *body = NULL;
	const char *role;
	struct list l;

	if (open_list(s, &l) == 0 && (body = operations_body(s)) != NULL) {
		role = role_of(&l);
		if (role == NULL)
			reply_no_path(s->reply);
		else
			set_entry(s, &l, l.entity->data, l.entity->len,
			    json_object_get(body, "role") == NULL
				? role
				: operations_text(body, "role"));
	}
	json_decref(body);
	close_list(&l);
}

void
operations_acl_delete(const struct scene *s)
{
	struct list l;

	if (open_list(s, &l) == 0) {
		if (role_of(&l) == NULL) {
			reply_no_path(s->reply);
		} else {
			json_object_del(l.entries, l.entity->data);
			keep(s, &l);
			s->reply->status = 204;
		}
	}
	close_list(&l);
}

/* --- predefined lists --- */

/* The text of the predefined list that the query names, or NULL. */
static const char *
find_predefined(const struct scene *s, const char *key, enum acl_kind kind)
{
	const struct query *q = &s->ask->route->query;
	const char *text = NULL;
	struct buf word;

	if (!query_has(q, key))
		return NULL;
	buf_init(&word, HTTP_MAX_HEAD);
	if (query_get(q, key, &word) == 0)
		text = acl_predefined(kind, word.data, word.len);
	buf_release(&word);
	return text;
}

static int
check_one(const struct scene *s, const char *key, enum acl_kind kind,
    const char *extra)
{
	if (!query_has(&s->ask->route->query, key))
		return 0;
	if (find_predefined(s, key, kind) == NULL) {
		reply_bad_parameter(s->reply, key, "invalidParameter",
		    kind == ACL_BUCKET
			? "Invalid string value. Allowed values: "
			  "[authenticatedRead, private, projectPrivate, "
			  "publicRead, publicReadWrite]"
			: "Invalid string value. Allowed values: "
			  "[authenticatedRead, bucketOwnerFullControl, "
			  "bucketOwnerRead, private, projectPrivate, "
			  "publicRead]");
		return -1;
	}
	if (!access_is_uniform(extra))
		return 0;
	return refuse(s, "invalid",
	    kind == ACL_OBJECT
		? operations_acl_no_insert
		: "Cannot use ACL API to update bucket policy" UNIFORM);
}

int
operations_acl_check(const struct scene *s, const char *extra)
{
	if (s->ask->route->kind == SIM_BUCKET)
		return check_one(s, "predefinedAcl", ACL_BUCKET, extra) == 0 &&
			check_one(s, "predefinedDefaultObjectAcl", ACL_DEFAULT,
			    extra) == 0
		    ? 0
		    : -1;
	return check_one(s, "predefinedAcl", ACL_OBJECT, extra) == 0 &&
		check_one(s, "destinationPredefinedAcl", ACL_OBJECT, extra) == 0
	    ? 0
	    : -1;
}

const char *
operations_acl_predefined(const struct scene *s)
{
	const char *text = find_predefined(s, "predefinedAcl", ACL_OBJECT);

	return text != NULL
	    ? text
	    : find_predefined(s, "destinationPredefinedAcl", ACL_OBJECT);
}

void
operations_acl_predefine(const struct scene *s)
{
	const char *text = find_predefined(s, "predefinedAcl", ACL_BUCKET);

	if (text != NULL)
		access_set(s->bucket, ACCESS_ACL, json_loads(text, 0, NULL));
	text = find_predefined(s, "predefinedDefaultObjectAcl", ACL_DEFAULT);
	if (text != NULL)
		access_set(s->bucket, ACCESS_DEFAULT_ACL,
		    json_loads(text, 0, NULL));
}
