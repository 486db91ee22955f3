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
