/* SPDX-License-Identifier: MIT */
/*
 * What is only kept is one JSON object in the bucket's configuration.  A patch
 * is merged into it as RFC 7386 has it; then it is looked at as a whole, so
 * that a patch cannot make what an insert could not.
 */
#include "sim/bucket_json.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/acl.h"
#include "sim/rfc3339.h"
#include "src/base/err.h"
#include "src/base/str.h"

enum {
	BODY_MAX = 256 * 1024,
	EXTRA_MAX = 4 * 1024 * 1024, /* a hundred notifications come to half */
	LABELS_MAX = 64,
	DAY = 86400,
	SOFT_DELETE_MIN = 7 * DAY,
	SOFT_DELETE_MAX = 90 * DAY,
	/* How long uniform access can be taken back. */
	UNIFORM_LOCK = 90 * DAY
};

/* A hundred years. */
static const uint64_t retention_max = 3155760000;

/* What is kept, and what must stay when an update does not name it. */
static const struct {
	const char *key;
	json_type type;
	bool is_fixed; /* an insert says it, and nothing later */
} kept[] = {
	{ "location", JSON_STRING, true },
	{ "customPlacementConfig", JSON_OBJECT, true },
	{ "hierarchicalNamespace", JSON_OBJECT, true },
	{ "storageClass", JSON_STRING, false },
	{ "labels", JSON_OBJECT, false },
	{ "lifecycle", JSON_OBJECT, false },
	{ "cors", JSON_ARRAY, false },
	{ "website", JSON_OBJECT, false },
	{ "logging", JSON_OBJECT, false },
	{ "billing", JSON_OBJECT, false },
	{ "encryption", JSON_OBJECT, false },
	{ "autoclass", JSON_OBJECT, false },
	{ "iamConfiguration", JSON_OBJECT, false },
	{ "ipFilter", JSON_OBJECT, false },
	{ "rpo", JSON_STRING, false },
};

enum { KEPT = sizeof(kept) / sizeof(kept[0]) };

static int refuse(struct bucket_json *j, int status, const char *reason,
    const char *format, ...) PRINTF_LIKE(4, 5);

static int
refuse(struct bucket_json *j, int status, const char *reason,
    const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(j->fault, sizeof(j->fault), format, args);
	va_end(args);
	j->status = status;
	j->reason = reason;
	return -1;
}

static int
refuse_value(struct bucket_json *j, const char *key)
{
	return refuse(j, 400, "invalid", "Invalid value for: %s", key);
}

/* --- what has an effect --- */

/* 1 and *out when it is there, 0 when it is not, -1 when it is no flag. */
static int
read_flag(const json_t *value, bool *out)
{
	if (value == NULL || json_is_null(value))
		return 0;
	*out = json_is_true(value);
	return json_is_boolean(value) ? 1 : -1;
}

/* Numbers of 64 bits are strings in this API, and plain in many clients. */
static int
read_seconds(const json_t *value, uint64_t *out)
{
	if (value == NULL || json_is_null(value))
		return 0;
	if (json_is_integer(value) && json_integer_value(value) >= 0)
		*out = (uint64_t)json_integer_value(value);
	else if (!json_is_string(value) ||
	    str_parse_u64(json_string_value(value), out) != 0)
		return -1;
	return 1;
}

static int
read_flags(struct bucket_json *j, enum bucket_json_for what)
{
	const json_t *versioning = json_object_get(j->root, "versioning");
	const json_t *hold = json_object_get(j->root, "defaultEventBasedHold");
	struct bucket_config *c = &j->config;

	if (what == BUCKET_JSON_UPDATE || json_is_null(versioning))
		c->has_versioning = false;
	if (what == BUCKET_JSON_UPDATE || json_is_null(hold))
		c->default_event_based_hold = false;
	if (versioning != NULL && !json_is_null(versioning) &&
	    !json_is_object(versioning))
		return refuse_value(j, "versioning");
	if (read_flag(json_object_get(versioning, "enabled"),
		&c->has_versioning) < 0)
		return refuse_value(j, "versioning.enabled");
	if (read_flag(hold, &c->default_event_based_hold) < 0)
		return refuse_value(j, "defaultEventBasedHold");
	return 0;
}

/* null restores the default; only 0 disables. */
static int
read_soft_delete(struct bucket_json *j, uint64_t now_us)
{
	static const char key[] = "softDeletePolicy.retentionDurationSeconds";
	const json_t *policy = json_object_get(j->root, "softDeletePolicy");
	uint64_t before = j->config.soft_delete_s, s = before;

	if (policy == NULL)
		return 0;
	if (json_is_null(policy))
		s = BUCKET_SOFT_DELETE_S;
	else if (!json_is_object(policy))
		return refuse_value(j, "softDeletePolicy");
	else if (read_seconds(json_object_get(policy,
				  "retentionDurationSeconds"),
		     &s) < 0)
		return refuse_value(j, key);
	if (s != 0 && (s < SOFT_DELETE_MIN || s > SOFT_DELETE_MAX))
		return refuse(j, 400, "invalid",
		    "%s must be 0, or from 604800 to 7776000 (7 to 90 days).",
		    key);
	if (s != before)
		j->config.soft_delete_since_us = now_us;
	j->config.soft_delete_s = s;
	return 0;
}

static int
change_retention(struct bucket_json *j, uint64_t s, uint64_t now_us)
{
	struct bucket_config *c = &j->config;

	if (s == c->retention_s)
		return 0;
	if (c->retention_is_locked && s < c->retention_s)
		return refuse(j, 403, "forbidden",
		    "Cannot reduce retention duration of a locked Retention "
		    "Policy.");
	c->retention_s = s;
	c->retention_since_us = s != 0 ? now_us : 0;
	return 0;
}

static int
read_retention(struct bucket_json *j, enum bucket_json_for what,
    uint64_t now_us)
{
	const json_t *policy = json_object_get(j->root, "retentionPolicy");
	uint64_t s;
	int got;

	if (policy == NULL && what != BUCKET_JSON_UPDATE)
		return 0;
	if (policy == NULL || json_is_null(policy))
		return change_retention(j, 0, now_us);
	got = read_seconds(json_object_get(policy, "retentionPeriod"), &s);
	if (!json_is_object(policy) || got < 0 ||
	    (got > 0 && (s < 1 || s > retention_max)))
		return refuse(j, 400, "invalid",
		    "retentionPolicy.retentionPeriod must be from 1 to "
		    "3155760000 seconds.");
	return got > 0 ? change_retention(j, s, now_us) : 0;
}

/* --- what is kept --- */

/* What stands in `with` is put over what stands in `into`; null takes away. */
static void
merge(json_t *into, json_t *with)
{
	const char *key;
	json_t *value, *there;

	json_object_foreach (with, key, value) {
		there = json_object_get(into, key);
		if (json_is_null(value)) {
			json_object_del(into, key);
		} else if (!json_is_object(value)) {
			json_object_set(into, key, value);
		} else {
			if (!json_is_object(there))
				json_object_set_new(into, key, json_object());
			merge(json_object_get(into, key), value);
		}
	}
}

/* What of the body is kept, as a patch of what there is. */
static int
collect(struct bucket_json *j, enum bucket_json_for what, json_t *patch)
{
	json_t *value;
	size_t i;

	for (i = 0; i < KEPT; i++) {
		value = json_object_get(j->root, kept[i].key);
		if (kept[i].is_fixed && what != BUCKET_JSON_NEW)
			continue;
		if (value == NULL)
			continue;
		if (!json_is_null(value) && json_typeof(value) != kept[i].type)
			return refuse_value(j, kept[i].key);
		json_object_set(patch, kept[i].key, value);
	}
	return 0;
}

static int
check_labels(struct bucket_json *j, json_t *extra)
{
	json_t *labels = json_object_get(extra, "labels"), *value;
	const char *key;

	json_object_foreach (labels, key, value) {
		if (!json_is_string(value))
			return refuse_value(j,
			    "labels, each of which must be a string");
	}
	if (json_object_size(labels) > LABELS_MAX)
		return refuse(j, 400, "invalid",
		    "A bucket has at most %d labels.", LABELS_MAX);
	if (labels != NULL && json_object_size(labels) == 0)
		json_object_del(extra, "labels");
	return 0;
}

/* The class of that name, in static storage, or NULL. */
static const char *
find_class(const char *name)
{
	static const char *const classes[] = { "STANDARD", "NEARLINE",
		"COLDLINE", "ARCHIVE", "MULTI_REGIONAL", "REGIONAL",
		"DURABLE_REDUCED_AVAILABILITY" };
	size_t i;

	for (i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		if (strcmp(classes[i], name) == 0)
			return classes[i];
	}
	return NULL;
}

static int
check_words(struct bucket_json *j, json_t *extra)
{
	const json_t *value = json_object_get(extra, "storageClass");
	char location[40], *at = location;

	if (value != NULL && find_class(json_string_value(value)) == NULL)
		return refuse_value(j, "storageClass");
	value = json_object_get(extra, "location");
	if (value == NULL)
		return 0;
	snprintf(location, sizeof(location), "%s", json_string_value(value));
	for (; *at != '\0'; at++)
		*at -= *at >= 'a' && *at <= 'z' ? 'a' - 'A' : 0;
	if (location[0] == '\0' ||
	    strspn(location, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") !=
		json_string_length(value))
		return refuse_value(j, "location");
	json_object_set_new(extra, "location", json_string(location));
	return 0;
}

/* A bucket of this kind has folders, with calls of their own. */
static int
check_namespace(struct bucket_json *j, const json_t *extra)
{
	const json_t *hns = json_object_get(extra, "hierarchicalNamespace");
	bool enabled = false;

	if (read_flag(json_object_get(hns, "enabled"), &enabled) < 0)
		return refuse_value(j, "hierarchicalNamespace.enabled");
	if (enabled)
		return refuse(j, 501, "notImplemented",
		    "The simulator has no hierarchical namespaces.");
	return 0;
}

/* Is uniform access on?  What the body says of either of its names counts, the
 * newer one first, and else what is there.  -1: it says no flag. */
static int
read_access(struct bucket_json *j, const json_t *extra, bool *enabled)
{
	static const char *const names[] = { "bucketPolicyOnly",
		"uniformBucketLevelAccess" };
	const json_t *said = json_object_get(j->root, "iamConfiguration");
	const json_t *there = json_object_get(extra, "iamConfiguration");
	size_t i;

	*enabled = json_is_true(
	    json_object_get(json_object_get(there, names[1]), "enabled"));
	for (i = 0; i < 2; i++) {
		if (read_flag(json_object_get(json_object_get(said, names[i]),
				  "enabled"),
			enabled) < 0)
			return refuse(j, 400, "invalid",
			    "Invalid value for: iamConfiguration.%s.enabled",
			    names[i]);
	}
	return 0;
}

/* Uniform access has an older name, and both are told; it is told, too, until
 * when it can be taken back. */
static void
complete_access(json_t *iam, bool enabled, uint64_t now_us)
{
	static const char *const names[] = { "bucketPolicyOnly",
		"uniformBucketLevelAccess" };
	char until[RFC3339_MAX];
	json_t *one;
	size_t i;

	rfc3339_format(now_us + (uint64_t)UNIFORM_LOCK * 1000000, until);
	for (i = 0; i < 2; i++) {
		one = json_object_get(iam, names[i]);
		if (!json_is_object(one)) {
			one = json_object();
			json_object_set_new(iam, names[i], one);
		}
		json_object_set_new(one, "enabled", json_boolean(enabled));
		if (!enabled)
			json_object_del(one, "lockedTime");
		else if (json_object_get(one, "lockedTime") == NULL)
			json_object_set_new(one, "lockedTime",
			    json_string(until));
	}
	if (json_object_get(iam, "publicAccessPrevention") == NULL)
		json_object_set_new(iam, "publicAccessPrevention",
		    json_string("inherited"));
}

/* What there is before the body is put over it: of an update, what it cannot
 * change. */
static json_t *
load_kept(const char *before, enum bucket_json_for what)
{
	json_t *extra = before != NULL ? json_loads(before, 0, NULL)
				       : json_object();
	size_t i;

	for (i = 0; i < KEPT && what == BUCKET_JSON_UPDATE; i++) {
		if (!kept[i].is_fixed)
			json_object_del(extra, kept[i].key);
	}
	return extra;
}

static int
check_access(struct bucket_json *j, json_t *extra, uint64_t now_us)
{
	json_t *iam = json_object_get(extra, "iamConfiguration");
	const char *fault;
	bool enabled = false;

	if (iam != NULL && read_access(j, extra, &enabled) != 0)
		return -1;
	if (iam != NULL)
		complete_access(iam, enabled, now_us);
	return acl_keep(extra, j->root, enabled, &fault) == 0
	    ? 0
	    : refuse(j, 400, "invalid", "%s", fault);
}

static int
keep(struct bucket_json *j, const char *before, enum bucket_json_for what,
    uint64_t now_us)
{
	json_t *extra = load_kept(before, what);
	json_t *patch = json_object();
	int rc = collect(j, what, patch);

	if (rc == 0) {
		merge(extra, patch);
		rc = check_labels(j, extra);
	}
	if (rc == 0 && (rc = check_words(j, extra)) == 0 &&
	    (rc = check_namespace(j, extra)) == 0)
		rc = check_access(j, extra, now_us);
	if (rc == 0) {
		j->config.extra = json_dumps(extra, JSON_COMPACT);
		if (strlen(j->config.extra) > EXTRA_MAX)
			rc = refuse(j, 400, "invalid",
			    "The bucket's metadata are too large.");
	}
	json_decref(patch);
	json_decref(extra);
	return rc;
}

/* --- all of it --- */

static int
read_name(struct bucket_json *j)
{
	const json_t *name = json_object_get(j->root, "name");

	j->name = json_string_value(name);
	return name == NULL || json_is_null(name) || j->name != NULL
	    ? 0
	    : refuse_value(j, "name");
}

int
bucket_json_parse(struct bucket_json *j, const void *body, size_t n,
    const struct bucket_config *base, enum bucket_json_for what,
    uint64_t now_us)
{
	*j = (struct bucket_json){ .config = *base };
	j->config.extra = NULL;
	if (n > BODY_MAX)
		return refuse(j, 413, "uploadTooLarge",
		    "A bucket's resource has at most 256 KiB.");
	j->root = n > 0 ? json_loadb(body, n, JSON_REJECT_DUPLICATES, NULL)
			: NULL;
	if (!json_is_object(j->root))
		return refuse(j, 400, "parseError",
		    "The body must be a bucket's resource in JSON.");
	if (read_name(j) != 0 || read_flags(j, what) != 0 ||
	    read_soft_delete(j, now_us) != 0 ||
	    read_retention(j, what, now_us) != 0)
		return -1;
	return keep(j, base->extra, what, now_us);
}

void
bucket_json_release(struct bucket_json *j)
{
	json_decref(j->root);
	free(j->config.extra);
	j->root = NULL;
	j->config.extra = NULL;
}

void
bucket_json_apply(struct bucket_json *j, struct bucket *b,
    enum bucket_json_for what, uint64_t now_us)
{
	free(b->config.extra);
	b->config = j->config;
	j->config.extra = NULL;
	b->updated_us = now_us;
	b->metageneration += what != BUCKET_JSON_NEW;
	bucket_touch(b);
}

const char *
bucket_json_class(const struct bucket *b)
{
	json_t *extra, *value;
	const char *class = NULL;

	if (b->config.extra == NULL)
		return NULL;
	extra = json_loads(b->config.extra, 0, NULL);
	value = json_object_get(extra, "storageClass");
	if (value != NULL)
		class = find_class(json_string_value(value));
	json_decref(extra);
	return class != NULL && strcmp(class, "STANDARD") != 0 ? class : NULL;
}
