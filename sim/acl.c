/* SPDX-License-Identifier: MIT */
/*
 * Who the owner is and which project it is that owns all: there is one of each.
 * What nobody changed is not kept, so ten million objects have a list each and
 * take no memory for it.
 */
#include "sim/acl.h"

#include <jansson.h>
#include <string.h>

#include "sim/access.h"
#include "sim/bucket.h"
#include "sim/bucket_resource.h"
#include "sim/json_out.h"
#include "sim/meta.h"
#include "sim/object.h"
#include "sim/object_json.h"
#include "sim/percent.h"
#include "src/base/buf.h"
#include "src/base/str.h"

enum { TEXT_MAX = 64 * 1024 };

#define OWNER     "user-owner@example.com"
#define OWNS      "\"" OWNER "\":\"OWNER\""
#define TEAM_OWNS "\"project-owners-1\":\"OWNER\""
#define TEAM                                         \
	TEAM_OWNS ",\"project-editors-1\":\"OWNER\"" \
		  ",\"project-viewers-1\":\"READER\""

const char acl_owner[] = OWNER;

/* --- what production has words for --- */

static const struct {
	const char *word;
	const char *bucket;
	const char *by_default;
	const char *object;
} predefined[] = {
	{ "projectPrivate", "{" TEAM "}", "{" TEAM "}", "{" TEAM "," OWNS "}" },
	{ "private", "{" TEAM_OWNS "}", "{}", "{" OWNS "}" },
	{ "publicRead", "{" TEAM_OWNS ",\"allUsers\":\"READER\"}",
	    "{\"allUsers\":\"READER\"}", "{" OWNS ",\"allUsers\":\"READER\"}" },
	{ "authenticatedRead",
	    "{" TEAM_OWNS ",\"allAuthenticatedUsers\":\"READER\"}",
	    "{\"allAuthenticatedUsers\":\"READER\"}",
	    "{" OWNS ",\"allAuthenticatedUsers\":\"READER\"}" },
	{ "publicReadWrite", "{" TEAM_OWNS ",\"allUsers\":\"WRITER\"}", NULL,
	    NULL },
	/* Of no bucket in production, but Python's client asks for it. */
	{ "bucketOwnerFullControl", "{" TEAM_OWNS "}", "{" TEAM_OWNS "}",
	    "{" OWNS "," TEAM_OWNS "}" },
	{ "bucketOwnerRead", NULL, "{\"project-owners-1\":\"READER\"}",
	    "{" OWNS ",\"project-owners-1\":\"READER\"}" },
};

const char *
acl_predefined(enum acl_kind kind, const char *word, size_t n)
{
	size_t i;

	for (i = 0; i < sizeof(predefined) / sizeof(predefined[0]); i++) {
		if (!str_is(word, n, predefined[i].word))
			continue;
		return kind == ACL_BUCKET ? predefined[i].bucket
		    : kind == ACL_DEFAULT ? predefined[i].by_default
					  : predefined[i].object;
	}
	return NULL;
}

/* --- what there is --- */

json_t *
acl_load(enum acl_kind kind, const struct bucket *b, const struct object *o)
{
	static const char first[] = "projectPrivate";
	const char *text = kind == ACL_OBJECT ? meta_text(o->meta, META_ACL)
					      : NULL;
	json_t *list = NULL;

	if (text != NULL)
		list = json_loads(text, 0, NULL);
	else if (kind != ACL_OBJECT)
		list = access_get(b,
		    kind == ACL_BUCKET ? ACCESS_ACL : ACCESS_DEFAULT_ACL);
	if (list == NULL)
		list = json_loads(acl_predefined(kind, first, strlen(first)), 0,
		    NULL);
	return list;
}

char *
acl_inherit(const struct bucket *b)
{
	json_t *list = access_get(b, ACCESS_DEFAULT_ACL);
	char *text = NULL;

	if (list != NULL) {
		json_object_set_new(list, OWNER, json_string("OWNER"));
		text = json_dumps(list, JSON_COMPACT);
	}
	json_decref(list);
	return text;
}

/* --- what clients say --- */

/* What stands behind any of these; NULL: it begins otherwise. */
static const char *
skip_prefix(const char *text)
{
	static const char *const prefixes[] = { "user-", "group-", "domain-",
		"project-owners-", "project-editors-", "project-viewers-" };
	size_t i;

	for (i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		if (str_starts(text, prefixes[i]))
			return text + strlen(prefixes[i]);
	}
	return NULL;
}

bool
acl_is_entity(const char *text, size_t n)
{
	const char *who = skip_prefix(text);

	if (!object_json_is_plain(text, n) || !json_is_utf8(text, n))
		return false;
	return str_is(text, n, "allUsers") ||
	    str_is(text, n, "allAuthenticatedUsers") ||
	    (who != NULL && *who != '\0');
}

const char *
acl_role(enum acl_kind kind, const char *text)
{
	static const char *const roles[] = { "OWNER", "READER", "WRITER" };
	size_t i, n = kind == ACL_BUCKET ? 3 : 2;

	for (i = 0; i < n; i++) {
		if (strcmp(roles[i], text) == 0)
			return roles[i];
	}
	return NULL;
}

/* NULL, or what is wrong with an entry. */
static const char *
read_entry(enum acl_kind kind, const json_t *entry, json_t *list)
{
	const json_t *entity = json_object_get(entry, "entity");
	const char *role = json_string_value(json_object_get(entry, "role"));

	if (!json_is_string(entity) ||
	    !acl_is_entity(json_string_value(entity),
		json_string_length(entity)))
		return "Invalid value for: entity";
	if (role == NULL || acl_role(kind, role) == NULL)
		return "Invalid value for: role";
	json_object_set_new(list, json_string_value(entity), json_string(role));
	return NULL;
}

json_t *
acl_read(enum acl_kind kind, const json_t *said, const char **fault)
{
	json_t *list = json_object();
	size_t i;

	*fault = json_is_array(said) ? NULL : "Invalid value for: acl";
	for (i = 0; *fault == NULL && i < json_array_size(said); i++)
		*fault = read_entry(kind, json_array_get(said, i), list);
	if (*fault == NULL && json_object_size(list) > ACL_MAX)
		*fault = "An access control list has at most 100 entries.";
	if (*fault == NULL)
		return list;
	json_decref(list);
	return NULL;
}

int
acl_keep(json_t *extra, const json_t *resource, bool is_uniform,
    const char **fault)
{
	static const struct {
		const char *key;
		enum acl_kind kind;
	} lists[] = { { ACCESS_ACL, ACL_BUCKET },
		{ ACCESS_DEFAULT_ACL, ACL_DEFAULT } };
	const json_t *said;
	json_t *list;
	size_t i;

	for (i = 0; i < 2; i++) {
		said = json_object_get(resource, lists[i].key);
		if (said != NULL && json_is_null(said))
			json_object_del(extra, lists[i].key);
		if (said == NULL || json_is_null(said))
			continue;
		list = acl_read(lists[i].kind, said, fault);
		if (list != NULL && is_uniform && json_object_size(list) > 0) {
			*fault = "Cannot use ACL API to update bucket policy "
				 "when uniform bucket-level access is enabled. "
				 "Read more at https://cloud.google.com/storage"
				 "/docs/uniform-bucket-level-access";
			json_decref(list);
			return -1;
		}
		if (list == NULL)
			return -1;
		json_object_set_new(extra, lists[i].key, list);
	}
	return 0;
}

/* --- what they read --- */

static void
add_word(struct json_out *w, const char *key, const char *word)
{
	if (json_key(w, key))
		json_str(w, word);
}

/* A default has neither an id nor an address, as in production. */
static void
add_address(const struct acl_place *p, const char *entity, struct buf *text,
    struct json_out *w)
{
	const struct object *o = p->object;

	if (json_key(w, "id")) {
		buf_addf(text, "%s/", p->bucket->name);
		if (o != NULL) {
			buf_add(text, object_name(o), o->name_len);
			buf_addc(text, '/');
			json_add_u64(text, o->generation);
			buf_addc(text, '/');
		}
		buf_adds(text, entity);
		json_text(w, text->data, text->len);
	}
	if (!json_key(w, "selfLink"))
		return;
	buf_clear(text);
	buf_addf(text, "%s://%s/storage/v1/b/%s/", p->self.scheme, p->self.host,
	    p->bucket->name);
	if (o != NULL) {
		buf_adds(text, "o/");
		percent_encode(text, object_name(o), o->name_len);
		buf_addc(text, '/');
	}
	buf_adds(text, "acl/");
	percent_encode(text, entity, strlen(entity));
	json_text(w, text->data, text->len);
}

/* Who the entity is. */
static void
add_who(const char *entity, struct json_out *w)
{
	static const char project[] = "project-";
	const char *team, *end;

	if ((str_starts(entity, "user-") || str_starts(entity, "group-")) &&
	    strchr(entity, '@') != NULL)
		add_word(w, "email", strchr(entity, '-') + 1);
	else if (str_starts(entity, "domain-"))
		add_word(w, "domain", strchr(entity, '-') + 1);
	if (!str_starts(entity, project) || !json_key(w, "projectTeam"))
		return;
	team = entity + strlen(project);
	end = strchr(team, '-');
	json_open(w, '{');
	add_word(w, "projectNumber", end != NULL ? end + 1 : "");
	if (json_key(w, "team"))
		json_text(w, team,
		    end != NULL ? (size_t)(end - team) : strlen(team));
	json_close(w, '}');
}

static void
add_etag(const struct acl_place *p, struct buf *text, struct json_out *w)
{
	if (!json_key(w, "etag"))
		return;
	buf_clear(text);
	if (p->kind == ACL_OBJECT)
		object_add_etag(p->object, text);
	else
		bucket_resource_add_etag(p->bucket->metageneration, text);
	json_text(w, text->data, text->len);
}

void
acl_add_entry(const struct acl_place *p, const char *entity, const char *role,
    struct json_out *w)
{
	struct buf text;

	buf_init(&text, TEXT_MAX);
	json_open(w, '{');
	add_word(w, "kind",
	    p->kind == ACL_BUCKET ? "storage#bucketAccessControl"
				  : "storage#objectAccessControl");
	if (p->kind == ACL_OBJECT && json_key(w, "object"))
		json_text(w, object_name(p->object), p->object->name_len);
	if (p->kind == ACL_OBJECT && json_key(w, "generation"))
		json_u64_str(w, p->object->generation);
	if (p->kind != ACL_DEFAULT) {
		add_address(p, entity, &text, w);
		add_word(w, "bucket", p->bucket->name);
	}
	add_word(w, "entity", entity);
	add_word(w, "role", role);
	add_who(entity, w);
	add_etag(p, &text, w);
	json_close(w, '}');
	buf_release(&text);
}

void
acl_add_list(const struct acl_place *p, json_t *list, struct json_out *w)
{
	const char *entity;
	json_t *role;

	json_open(w, '[');
	json_object_foreach (list, entity, role) {
		if (json_is_string(role))
			acl_add_entry(p, entity, json_string_value(role), w);
	}
	json_close(w, ']');
}
