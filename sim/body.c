/* SPDX-License-Identifier: MIT */
/* The simulator's one use of the JSON library: reading what is not its own. */
#include "sim/body.h"

#include <jansson.h>
#include <string.h>

/* A resource is a page of text at most. */
enum { BODY_MAX = 64 * 1024 };

int
body_parse_name(const void *body, size_t n, char *out, size_t size)
{
	json_t *root;
	const char *name;
	int rc = -1;

	if (n == 0 || n > BODY_MAX ||
	    (root = json_loadb(body, n, 0, NULL)) == NULL)
		return -1;
	name = json_string_value(json_object_get(root, "name"));
	if (name != NULL && strlen(name) < size) {
		memcpy(out, name, strlen(name) + 1);
		rc = 0;
	}
	json_decref(root);
	return rc;
}

/* The string under key, or NULL when nothing is there. */
static int
get_string(const json_t *root, const char *key, const char **out)
{
	const json_t *value = json_object_get(root, key);

	*out = json_string_value(value);
	return value == NULL || *out != NULL ? 0 : -1;
}

int
body_parse_metadata(const void *body, size_t n, struct body_metadata *out)
{
	*out = (struct body_metadata){ 0 };
	if (n > BODY_MAX)
		return -1;
	out->root = json_loadb(body, n, 0, NULL);
	if (!json_is_object(out->root) ||
	    get_string(out->root, "name", &out->name) != 0 ||
	    get_string(out->root, "contentType", &out->type) != 0 ||
	    get_string(out->root, "md5Hash", &out->md5) != 0 ||
	    get_string(out->root, "crc32c", &out->crc32c) != 0) {
		body_metadata_release(out);
		return -1;
	}
	return 0;
}

void
body_metadata_release(struct body_metadata *m)
{
	json_decref(m->root);
	*m = (struct body_metadata){ 0 };
}
