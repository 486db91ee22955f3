/* SPDX-License-Identifier: MIT */
/* jansson bounds the depth and refuses NUL, bad UTF-8 and trailing text. */
#include "src/gcs/json.h"

#include <jansson.h>

static const char *
find_fault(const json_t *root)
{
	if (!json_is_object(root))
		return "is not a JSON object";
	if (json_object_get(root, "error") != NULL)
		return "holds an error under a status of success";
	return NULL;
}

json_t *
gcs_json_load(const char *text, size_t n, const char *what, struct err *err)
{
	json_error_t why;
	json_t *root = json_loadb(text, n, JSON_REJECT_DUPLICATES, &why);
	const char *fault;

	if (root == NULL) {
		/* jansson's own words quote the text, whatever is in it. */
		err_set(err, ERR_PROTOCOL, "%s is not JSON (byte %d)", what,
		    why.position);
		return NULL;
	}
	if ((fault = find_fault(root)) == NULL)
		return root;
	err_set(err, ERR_PROTOCOL, "%s %s", what, fault);
	json_decref(root);
	return NULL;
}
