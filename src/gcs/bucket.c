/* SPDX-License-Identifier: MIT */
/*
 * What is absent has the API's default; what is there must have its type, since
 * a policy that was misread is one that nobody is warned of.  Unknown keys are
 * skipped.
 */
#include "src/gcs/bucket.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "src/base/str.h"
#include "src/gcs/json.h"

const char gcs_bucket_fields[] =
    "name,location,locationType,storageClass,softDeletePolicy,retentionPolicy,"
    "objectRetention,versioning,defaultEventBasedHold,iamConfiguration,billing";

static int
refuse(const char *key, struct err *err)
{
	return err_set(err, ERR_PROTOCOL,
	    "the bucket's resource has an odd \"%s\"", key);
}

static int
get_word(const json_t *o, const char *key, char *out, size_t size,
    struct err *err)
{
	const json_t *value = json_object_get(o, key);

	if (value != NULL && !json_is_string(value))
		return refuse(key, err);
	snprintf(out, size, "%s",
	    value != NULL ? json_string_value(value) : "");
	return 0;
}

static int
get_bool(const json_t *o, const char *key, bool *out, struct err *err)
{
	const json_t *value = json_object_get(o, key);

	if (value != NULL && !json_is_boolean(value))
		return refuse(key, err);
	*out = json_is_true(value);
	return 0;
}

/* The API writes 64-bit numbers as strings; a number is understood too. */
static int
get_seconds(const json_t *o, const char *key, uint64_t *out, struct err *err)
{
	const json_t *value = json_object_get(o, key);

	*out = 0;
	if (value == NULL)
		return 0;
	if (json_is_integer(value) && json_integer_value(value) >= 0) {
		*out = (uint64_t)json_integer_value(value);
		return 0;
	}
	if (!json_is_string(value) ||
	    str_parse_u64(json_string_value(value), out) != 0)
		return refuse(key, err);
	return 0;
}

/* A part of the resource: NULL when it is absent or null, of which jansson's
 * getters have nothing. */
static int
get_part(const json_t *o, const char *key, const json_t **part, struct err *err)
{
	const json_t *value = json_object_get(o, key);

	*part = json_is_object(value) ? value : NULL;
	if (value != NULL && !json_is_null(value) && *part == NULL)
		return refuse(key, err);
	return 0;
}

static int
read_policies(const json_t *root, struct gcs_bucket *b, struct err *err)
{
	const json_t *soft, *retention, *versioning, *objects;
	char mode[16];

	if (get_part(root, "softDeletePolicy", &soft, err) != 0 ||
	    get_part(root, "retentionPolicy", &retention, err) != 0 ||
	    get_part(root, "versioning", &versioning, err) != 0 ||
	    get_part(root, "objectRetention", &objects, err) != 0 ||
	    get_seconds(soft, "retentionDurationSeconds", &b->soft_delete_s,
		err) != 0 ||
	    get_seconds(retention, "retentionPeriod", &b->retention_s, err) !=
		0 ||
	    get_bool(retention, "isLocked", &b->is_retention_locked, err) !=
		0 ||
	    get_bool(versioning, "enabled", &b->has_versioning, err) != 0 ||
	    get_word(objects, "mode", mode, sizeof(mode), err) != 0)
		return -1;
	b->has_object_retention = strcmp(mode, "Enabled") == 0;
	return get_bool(root, "defaultEventBasedHold", &b->has_default_hold,
	    err);
}

static int
read_access(const json_t *root, struct gcs_bucket *b, struct err *err)
{
	const json_t *access, *uniform, *billing;

	if (get_part(root, "iamConfiguration", &access, err) != 0 ||
	    get_part(access, "uniformBucketLevelAccess", &uniform, err) != 0 ||
	    get_part(root, "billing", &billing, err) != 0 ||
	    get_bool(uniform, "enabled", &b->is_uniform, err) != 0)
		return -1;
	return get_bool(billing, "requesterPays", &b->is_requester_pays, err);
}

static int
read_bucket(const json_t *root, const char *name, struct gcs_bucket *b,
    struct err *err)
{
	const char *said = json_string_value(json_object_get(root, "name"));

	if (said == NULL || strcmp(said, name) != 0)
		return err_set(err, ERR_PROTOCOL,
		    "what was answered is not the resource of bucket %s", name);
	if (get_word(root, "location", b->location, sizeof(b->location), err) !=
		0 ||
	    get_word(root, "locationType", b->location_type,
		sizeof(b->location_type), err) != 0 ||
	    get_word(root, "storageClass", b->storage_class,
		sizeof(b->storage_class), err) != 0)
		return -1;
	return read_policies(root, b, err) != 0 ? -1
						: read_access(root, b, err);
}

int
gcs_bucket_parse(const char *text, size_t n, const char *name,
    struct gcs_bucket *out, struct err *err)
{
	json_t *root = gcs_json_load(text, n, "the bucket's resource", err);
	int rc;

	*out = (struct gcs_bucket){ 0 };
	if (root == NULL)
		return -1;
	rc = read_bucket(root, name, out, err);
	json_decref(root);
	return rc;
}

static int
read_permissions(const json_t *root, const char *const *names, bool *has,
    size_t count, struct err *err)
{
	const json_t *list = json_object_get(root, "permissions"), *word;
	size_t i, j;

	memset(has, 0, count * sizeof(*has));
	if (list == NULL)
		return 0; /* who has none is not even told of a list */
	if (!json_is_array(list))
		return err_set(err, ERR_PROTOCOL,
		    "the permissions are not a list");
	json_array_foreach (list, i, word) {
		const char *name = json_string_value(word);

		if (name == NULL)
			return err_set(err, ERR_PROTOCOL,
			    "permissions[%zu] is not a word", i);
		for (j = 0; j < count; j++)
			has[j] = has[j] || strcmp(names[j], name) == 0;
	}
	return 0;
}

int
gcs_permissions_parse(const char *text, size_t n, const char *const *names,
    bool *has, size_t count, struct err *err)
{
	json_t *root = gcs_json_load(text, n, "the list of permissions", err);
	int rc;

	if (root == NULL)
		return -1;
	rc = read_permissions(root, names, has, count, err);
	json_decref(root);
	return rc;
}
