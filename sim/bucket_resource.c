/* SPDX-License-Identifier: MIT */
/*
 * Keys in production's order.  What the bucket only keeps is a JSON object that
 * is taken apart for each answer: buckets are few, and asked for rarely.
 */
#include "sim/bucket_resource.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "sim/access.h"
#include "sim/acl.h"
#include "sim/base64.h"
#include "sim/bucket.h"
#include "sim/json_out.h"
#include "sim/rfc3339.h"
#include "sim/self.h"
#include "src/base/buf.h"
#include "src/base/str.h"

static const char default_access[] =
    "{\"bucketPolicyOnly\":{\"enabled\":false},"
    "\"uniformBucketLevelAccess\":{\"enabled\":false},"
    "\"publicAccessPrevention\":\"inherited\"}";

static json_t *
load_extra(const struct bucket *b)
{
	return b->config.extra != NULL ? json_loads(b->config.extra, 0, NULL)
				       : json_object();
}

static const char *
get_word(const json_t *extra, const char *key, const char *otherwise)
{
	const char *word = json_string_value(json_object_get(extra, key));

	return word != NULL ? word : otherwise;
}

/* Where production puts a bucket that does not say. */
static const char *
get_location(const json_t *extra)
{
	return get_word(extra, "location", "US");
}

static const char *
get_location_type(const json_t *extra)
{
	static const struct {
		const char *location, *type;
	} rows[] = { { "US", "multi-region" }, { "EU", "multi-region" },
		{ "ASIA", "multi-region" }, { "NAM4", "dual-region" },
		{ "EUR4", "dual-region" }, { "EUR5", "dual-region" },
		{ "EUR7", "dual-region" }, { "EUR8", "dual-region" },
		{ "ASIA1", "dual-region" } };
	const char *location = get_location(extra);
	size_t i;

	if (json_object_get(extra, "customPlacementConfig") != NULL)
		return "dual-region";
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strcmp(rows[i].location, location) == 0)
			return rows[i].type;
	}
	return "region";
}

static void
add_word(struct json_out *w, const char *key, const char *word)
{
	if (json_key(w, key))
		json_str(w, word);
}

static void
add_number(struct json_out *w, const char *key, uint64_t v)
{
	if (json_key(w, key))
		json_u64_str(w, v);
}

static void
add_time(struct json_out *w, const char *key, uint64_t us)
{
	char when[RFC3339_MAX];

	rfc3339_format(us, when);
	add_word(w, key, when);
}

static void
add_kept(struct json_out *w, const json_t *extra, const char *key)
{
	const json_t *value = json_object_get(extra, key);
	char *text;

	if (value == NULL || !json_key(w, key))
		return;
	text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
	json_raw(w, text, strlen(text));
	free(text);
}

static void
add_link(struct json_out *w, const struct bucket *b, const struct self *self)
{
	struct buf link;

	if (!json_key(w, "selfLink"))
		return;
	buf_init(&link, 64 * 1024);
	buf_addf(&link, "%s://%s/storage/v1/b/%s", self->scheme, self->host,
	    b->name);
	json_text(w, link.data, link.len);
	buf_release(&link);
}

void
bucket_resource_add_etag(uint64_t n, struct buf *out)
{
	uint8_t bytes[12];
	size_t len = 0;

	bytes[len++] = 1 << 3; /* field 1, varint */
	for (; n >= 0x80; n >>= 7)
		bytes[len++] = (uint8_t)(n | 0x80);
	bytes[len++] = (uint8_t)n;
	base64_add(out, bytes, len);
}

static void
add_etag(struct json_out *w, const struct bucket *b)
{
	struct buf text;

	if (!json_key(w, "etag"))
		return;
	buf_init(&text, 64);
	bucket_resource_add_etag(b->metageneration, &text);
	json_text(w, text.data, text.len);
	buf_release(&text);
}

/* Uniform access has no lists. */
static void
add_lists(struct json_out *w, const struct bucket *b, const struct self *self)
{
	static const struct {
		const char *key;
		enum acl_kind kind;
	} lists[] = { { "acl", ACL_BUCKET },
		{ "defaultObjectAcl", ACL_DEFAULT } };
	struct acl_place place = { .bucket = b, .self = *self };
	json_t *list;
	size_t i;

	if (access_is_uniform(b->config.extra))
		return;
	for (i = 0; i < 2; i++) {
		if (!json_key(w, lists[i].key))
			continue;
		place.kind = lists[i].kind;
		list = acl_load(place.kind, b, NULL);
		acl_add_list(&place, list, w);
		json_decref(list);
	}
	if (json_key(w, "owner")) {
		json_open(w, '{');
		add_word(w, "entity", "project-owners-1");
		json_close(w, '}');
	}
}

static void
add_soft_delete(struct json_out *w, const struct bucket_config *c)
{
	if (!json_key(w, "softDeletePolicy"))
		return;
	json_open(w, '{');
	add_number(w, "retentionDurationSeconds", c->soft_delete_s);
	if (c->soft_delete_s != 0)
		add_time(w, "effectiveTime", c->soft_delete_since_us);
	json_close(w, '}');
}

static void
add_retention(struct json_out *w, const struct bucket_config *c)
{
	if (c->retention_s == 0 || !json_key(w, "retentionPolicy"))
		return;
	json_open(w, '{');
	add_number(w, "retentionPeriod", c->retention_s);
	add_time(w, "effectiveTime", c->retention_since_us);
	if (c->retention_is_locked && json_key(w, "isLocked"))
		json_bool(w, true);
	json_close(w, '}');
}

static void
add_policies(struct json_out *w, const struct bucket_config *c,
    const json_t *extra)
{
	static const char *const keys[] = { "labels", "lifecycle", "cors",
		"website", "logging", "billing", "encryption", "autoclass",
		"customPlacementConfig", "hierarchicalNamespace",
		"objectRetention", "ipFilter" };
	size_t i;

	if (c->has_versioning && json_key(w, "versioning")) {
		json_open(w, '{');
		if (json_key(w, "enabled"))
			json_bool(w, true);
		json_close(w, '}');
	}
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		add_kept(w, extra, keys[i]);
	if (c->default_event_based_hold && json_key(w, "defaultEventBasedHold"))
		json_bool(w, true);
	add_retention(w, c);
	add_soft_delete(w, c);
	if (json_object_get(extra, "iamConfiguration") != NULL)
		add_kept(w, extra, "iamConfiguration");
	else if (json_key(w, "iamConfiguration"))
		json_raw(w, default_access, sizeof(default_access) - 1);
}

void
bucket_resource_add(const struct bucket *b, const struct self *self,
    bool is_full, struct json_out *w)
{
	json_t *extra = load_extra(b);
	const char *type = get_location_type(extra);

	json_open(w, '{');
	add_word(w, "kind", "storage#bucket");
	add_link(w, b, self);
	add_word(w, "id", b->name);
	add_word(w, "name", b->name);
	add_word(w, "projectNumber", "1");
	add_number(w, "generation", b->created_us);
	add_number(w, "metageneration", b->metageneration);
	add_word(w, "location", get_location(extra));
	add_word(w, "storageClass",
	    get_word(extra, "storageClass", "STANDARD"));
	add_etag(w, b);
	add_time(w, "timeCreated", b->created_us);
	add_time(w, "updated", b->updated_us);
	if (is_full)
		add_lists(w, b, self);
	add_policies(w, &b->config, extra);
	add_word(w, "locationType", type);
	if (strcmp(type, "region") != 0)
		add_word(w, "rpo", get_word(extra, "rpo", "DEFAULT"));
	json_close(w, '}');
	json_decref(extra);
}

void
bucket_resource_add_location(const struct bucket *b, struct buf *out)
{
	json_t *extra = load_extra(b);

	buf_adds(out, get_location(extra));
	json_decref(extra);
}

void
bucket_resource_add_layout(const struct bucket *b, struct json_out *w)
{
	json_t *extra = load_extra(b);

	json_open(w, '{');
	add_word(w, "kind", "storage#storageLayout");
	add_word(w, "bucket", b->name);
	add_word(w, "location", get_location(extra));
	add_word(w, "locationType", get_location_type(extra));
	if (json_key(w, "hierarchicalNamespace")) {
		json_open(w, '{');
		if (json_key(w, "enabled"))
			json_bool(w, false);
		json_close(w, '}');
	}
	json_close(w, '}');
	json_decref(extra);
}
