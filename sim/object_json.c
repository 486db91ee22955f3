/* SPDX-License-Identifier: MIT */
/* Each key has one reader; a table says which texts go where. */
#include "sim/object_json.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/acl.h"
#include "sim/object.h"
#include "sim/rfc3339.h"

/* A resource with the largest custom metadata and all else is far below. */
enum { BODY_MAX = 256 * 1024, TEXT_MAX = 2048 };

static const struct {
	const char *key;
	enum meta_text text;
} texts[] = {
	{ "contentType", META_CONTENT_TYPE },
	{ "contentEncoding", META_CONTENT_ENCODING },
	{ "contentDisposition", META_CONTENT_DISPOSITION },
	{ "contentLanguage", META_CONTENT_LANGUAGE },
	{ "cacheControl", META_CACHE_CONTROL },
	{ "storageClass", META_STORAGE_CLASS },
	{ "customTime", META_CUSTOM_TIME },
	{ "kmsKeyName", META_KMS_KEY },
};

static int
fault(struct object_json *j, const char *key)
{
	if (j->fault[0] == '\0')
		snprintf(j->fault, sizeof(j->fault), "Invalid value for: %.60s",
		    key);
	return -1;
}

static int
bad_time(struct object_json *j, const char *key)
{
	snprintf(j->fault, sizeof(j->fault),
	    "Parse Error: Invalid value for "
	    "type.googleapis.com/google.protobuf.Timestamp field: 'Field "
	    "'%s', Illegal timestamp format; timestamps must end with 'Z' or "
	    "have a valid timezone offset.'.",
	    key);
	return -1;
}

bool
object_json_is_plain(const char *text, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
			return false;
	}
	return n <= TEXT_MAX;
}

/* A string without a NUL in it, or NULL. */
static const char *
string_of(const json_t *value)
{
	const char *s = json_string_value(value);

	return s != NULL && strlen(s) == json_string_length(value) ? s : NULL;
}

/* -1 when something else than a string is there. */
static int
read_promise(struct object_json *j, const json_t *root, const char *key,
    const char **out)
{
	const json_t *value = json_object_get(root, key);

	*out = string_of(value);
	return value == NULL || json_is_null(value) || *out != NULL
	    ? 0
	    : fault(j, key);
}

static int
read_texts(struct object_json *j, const json_t *root)
{
	const json_t *value;
	const char *text;
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		value = json_object_get(root, texts[i].key);
		text = string_of(value);
		if (value == NULL)
			continue;
		if (!json_is_null(value) &&
		    (text == NULL || !object_json_is_plain(text, strlen(text))))
			return fault(j, texts[i].key);
		j->draft.text[texts[i].text] = text;
	}
	return 0;
}

static int
read_custom_time(struct object_json *j)
{
	const char *text = j->draft.text[META_CUSTOM_TIME];
	uint64_t us;

	return text == NULL || rfc3339_parse(text, &us) == 0
	    ? 0
	    : bad_time(j, "customTime");
}

static int
read_storage_class(struct object_json *j)
{
	const char *text = j->draft.text[META_STORAGE_CLASS];

	return text == NULL || object_is_storage_class(text)
	    ? 0
	    : fault(j, "storageClass");
}

static int
read_flag(struct object_json *j, const json_t *root, const char *key, bool *out)
{
	const json_t *value = json_object_get(root, key);

	if (value == NULL)
		return 0;
	if (!json_is_boolean(value) && !json_is_null(value))
		return fault(j, key);
	*out = json_is_true(value);
	return 0;
}

/* The clock of the bucket's retention starts when the hold ends. */
static int
read_holds(struct object_json *j, const json_t *root)
{
	return read_flag(j, root, "temporaryHold", &j->draft.temporary_hold) |
	    read_flag(j, root, "eventBasedHold", &j->draft.event_based_hold);
}

static int
missing(struct object_json *j, const char *what)
{
	snprintf(j->fault, sizeof(j->fault),
	    "Missing %s. Both mode and retain until time are required.", what);
	return -1;
}

static bool
is_null_or_empty(const json_t *value)
{
	return json_is_null(value) ||
	    (json_is_null(json_object_get(value, "mode")) &&
		json_is_null(json_object_get(value, "retainUntilTime")));
}

/* Production takes `{}` for nothing said, and two nulls for a removal. */
static int
read_retention(struct object_json *j, const json_t *root)
{
	const json_t *value = json_object_get(root, "retention");
	const char *mode, *until;
	uint64_t us;

	if (value == NULL ||
	    (json_is_object(value) && json_object_size(value) == 0))
		return 0;
	mode = string_of(json_object_get(value, "mode"));
	until = string_of(json_object_get(value, "retainUntilTime"));
	j->draft.text[META_RETENTION_MODE] = mode;
	j->draft.text[META_RETAIN_UNTIL] = until;
	if (is_null_or_empty(value))
		return 0;
	if (!json_is_object(value))
		return fault(j, "retention");
	if (mode == NULL)
		return missing(j, "retention mode");
	if (until == NULL)
		return missing(j, "retain until time");
	if (strcmp(mode, "Locked") != 0 && strcmp(mode, "Unlocked") != 0)
		return fault(j, "mode");
	return rfc3339_parse(until, &us) == 0 ? 0
					      : bad_time(j, "retainUntilTime");
}

static int
too_much(struct object_json *j)
{
	snprintf(j->fault, sizeof(j->fault),
	    "The custom metadata are too large: keys and values may have %d "
	    "bytes together.",
	    META_CUSTOM_MAX);
	return -1;
}

static int
read_pairs(struct object_json *j, json_t *root)
{
	json_t *value = json_object_get(root, "metadata"), *entry;
	const char *key, *text;

	if (json_is_null(value))
		j->draft.pairs.n = 0;
	if (value == NULL || json_is_null(value))
		return 0;
	if (!json_is_object(value))
		return fault(j, "metadata");
	json_object_foreach (value, key, entry) {
		text = string_of(entry);
		if (text == NULL && !json_is_null(entry))
			return fault(j, "metadata");
		meta_draft_set(&j->draft, key, text);
		/* Each has a byte at least. */
		if (j->draft.pairs.n > META_CUSTOM_MAX)
			break;
	}
	return meta_draft_custom(&j->draft) <= META_CUSTOM_MAX ? 0
							       : too_much(j);
}

static int
read_contexts(struct object_json *j, const json_t *root)
{
	const json_t *value = json_object_get(root, "contexts");

	if (value == NULL)
		return 0;
	if (!json_is_object(value) && !json_is_null(value))
		return fault(j, "contexts");
	if (json_is_object(value))
		j->contexts = json_dumps(value, JSON_COMPACT);
	j->draft.text[META_CONTEXTS] = j->contexts;
	return 0;
}

static int
read_acl(struct object_json *j, const json_t *root)
{
	const json_t *value = json_object_get(root, "acl");
	const char *wrong;
	json_t *list;

	if (value == NULL)
		return 0;
	if (!json_is_null(value)) {
		list = acl_read(ACL_OBJECT, value, &wrong);
		if (list == NULL) {
			snprintf(j->fault, sizeof(j->fault), "%s", wrong);
			return -1;
		}
		j->acl = json_dumps(list, JSON_COMPACT);
		json_decref(list);
	}
	j->draft.text[META_ACL] = j->acl;
	return 0;
}

static void
start_draft(struct object_json *j, const struct meta *base,
    enum object_json_for what)
{
	struct meta_draft old;

	if (what == OBJECT_JSON_PATCH) {
		meta_read(base, &j->draft);
		return;
	}
	if (what == OBJECT_JSON_NEW)
		return;
	meta_read(base, &old);
	j->draft.components = old.components;
	j->draft.retained_from_us = old.retained_from_us;
	j->draft.text[META_STORAGE_CLASS] = old.text[META_STORAGE_CLASS];
	j->draft.text[META_KMS_KEY] = old.text[META_KMS_KEY];
	j->draft.text[META_ACL] = old.text[META_ACL];
	meta_draft_release(&old);
}

const char *
object_json_read(struct object_json *j, json_t *value, const struct meta *base,
    enum object_json_for what)
{
	*j = (struct object_json){ 0 };
	start_draft(j, base, what);
	if (value == NULL || json_is_null(value))
		return NULL;
	if (!json_is_object(value))
		return "Parse Error: the resource must be a JSON object.";
	if (read_promise(j, value, "name", &j->name) != 0 ||
	    read_promise(j, value, "md5Hash", &j->md5) != 0 ||
	    read_promise(j, value, "crc32c", &j->crc32c) != 0 ||
	    read_texts(j, value) != 0 || read_custom_time(j) != 0 ||
	    read_storage_class(j) != 0 || read_holds(j, value) != 0 ||
	    read_retention(j, value) != 0 || read_pairs(j, value) != 0 ||
	    read_contexts(j, value) != 0 || read_acl(j, value) != 0)
		return j->fault;
	return NULL;
}

const char *
object_json_parse(struct object_json *j, const void *body, size_t n,
    const struct meta *base, enum object_json_for what)
{
	json_t *root = NULL;
	const char *wrong;

	if (n > 0 && n <= BODY_MAX)
		root = json_loadb(body, n, JSON_DECODE_ANY, NULL);
	wrong = object_json_read(j, root, base, what);
	j->root = root;
	return n > 0 && root == NULL ? "Parse Error" : wrong;
}

bool
object_json_has_metadata(const struct object_json *j)
{
	static const char *const others[] = { "metadata", "contexts",
		"temporaryHold", "eventBasedHold", "retention" };
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (texts[i].text != META_STORAGE_CLASS &&
		    json_object_get(j->root, texts[i].key) != NULL)
			return true;
	}
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		if (json_object_get(j->root, others[i]) != NULL)
			return true;
	}
	return false;
}

const char *
object_json_reason(const struct object_json *j, const char *wrong)
{
	return wrong == j->fault ? "invalid" : "parseError";
}

void
object_json_release(struct object_json *j)
{
	meta_draft_release(&j->draft);
	free(j->contexts);
	free(j->acl);
	json_decref(j->root);
	*j = (struct object_json){ 0 };
}
