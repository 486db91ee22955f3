/* SPDX-License-Identifier: MIT */
/* Buckets that keep nothing of the kind are the most, and asked with every
 * upload: a word that is not in the text is in no object of it. */
#include "sim/access.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "sim/bucket.h"

static json_t *
load(const char *extra)
{
	json_t *root = extra != NULL ? json_loads(extra, 0, NULL) : NULL;

	return root != NULL ? root : json_object();
}

json_t *
access_get(const struct bucket *b, const char *name)
{
	json_t *root, *value;

	if (b->config.extra == NULL || strstr(b->config.extra, name) == NULL)
		return NULL;
	root = load(b->config.extra);
	value = json_incref(json_object_get(root, name));
	json_decref(root);
	return value;
}

void
access_set(struct bucket *b, const char *name, json_t *value_take)
{
	json_t *root = load(b->config.extra);

	if (value_take != NULL)
		json_object_set_new(root, name, value_take);
	else
		json_object_del(root, name);
	free(b->config.extra);
	b->config.extra = json_dumps(root, JSON_COMPACT);
	json_decref(root);
	bucket_touch(b);
}

bool
access_is_uniform(const char *extra)
{
	static const char word[] = "uniformBucketLevelAccess";
	json_t *root, *said;
	bool is_uniform;

	if (extra == NULL || strstr(extra, word) == NULL)
		return false;
	root = load(extra);
	said = json_object_get(json_object_get(root, "iamConfiguration"), word);
	is_uniform = json_is_true(json_object_get(said, "enabled"));
	json_decref(root);
	return is_uniform;
}
