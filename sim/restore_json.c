/* SPDX-License-Identifier: MIT */
/* What is not understood is refused: it would restore more than was asked. */
#include "sim/restore_json.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "sim/glob.h"
#include "sim/rfc3339.h"

enum { BODY_MAX = 256 * 1024 };

const char *const restore_bound_keys[RESTORE_BOUNDS] = {
	[RESTORE_DELETED_AFTER] = "softDeletedAfterTime",
	[RESTORE_DELETED_BEFORE] = "softDeletedBeforeTime",
	[RESTORE_CREATED_AFTER] = "createdAfterTime",
	[RESTORE_CREATED_BEFORE] = "createdBeforeTime"
};

static int
fault(struct restore_request *r, const char *key)
{
	snprintf(r->fault, sizeof(r->fault), "Invalid value for: %s", key);
	return -1;
}

static int
read_bounds(struct restore_request *r)
{
	const json_t *value;
	int i;

	for (i = 0; i < RESTORE_BOUNDS; i++) {
		value = json_object_get(r->root, restore_bound_keys[i]);
		if (value == NULL || json_is_null(value))
			continue;
		r->bound[i].text = json_string_value(value);
		if (r->bound[i].text == NULL ||
		    rfc3339_parse(r->bound[i].text, &r->bound[i].us) != 0)
			return fault(r, restore_bound_keys[i]);
	}
	return 0;
}

static int
read_globs(struct restore_request *r)
{
	const json_t *value = json_object_get(r->root, "matchGlobs"), *glob;
	const char *text, *why;
	size_t i;

	if (value == NULL || json_is_null(value))
		return 0;
	if (!json_is_array(value) || json_array_size(value) > RESTORE_GLOBS)
		return fault(r, "matchGlobs");
	for (i = 0; i < json_array_size(value); i++) {
		glob = json_array_get(value, i);
		text = json_string_value(glob);
		if (text == NULL)
			return fault(r, "matchGlobs");
		r->glob[i] = glob_parse(text, json_string_length(glob), &why);
		if (r->glob[i] == NULL) {
			snprintf(r->fault, sizeof(r->fault), "%s", why);
			return -1;
		}
		r->glob_text[i] = text;
		r->globs++;
	}
	return 0;
}

static int
read_flag(struct restore_request *r, const char *key, bool *out)
{
	const json_t *value = json_object_get(r->root, key);

	*out = json_is_true(value);
	return value == NULL || json_is_boolean(value) || json_is_null(value)
	    ? 0
	    : fault(r, key);
}

const char *
restore_request_parse(struct restore_request *r, const void *body, size_t n)
{
	*r = (struct restore_request){ 0 };
	if (n == 0)
		return NULL;
	if (n <= BODY_MAX)
		r->root = json_loadb(body, n, 0, NULL);
	if (!json_is_object(r->root))
		return "Parse Error";
	if (read_bounds(r) != 0 || read_globs(r) != 0 ||
	    read_flag(r, "allowOverwrite", &r->allow_overwrite) != 0 ||
	    read_flag(r, "copySourceAcl", &r->copy_source_acl) != 0)
		return r->fault;
	return NULL;
}

void
restore_request_release(struct restore_request *r)
{
	size_t i;

	for (i = 0; i < r->globs; i++)
		glob_free(r->glob[i]);
	json_decref(r->root);
	*r = (struct restore_request){ 0 };
}
