/* SPDX-License-Identifier: MIT */
/*
 * A listing decides what is garbage, so a page is believed only if nothing in
 * it is odd: a name left out by a confused server would be taken for an object
 * that is gone.  Unknown keys are skipped (servers add some), known ones must
 * have their type.
 */
#include "src/gcs/page.h"

#include <jansson.h>
#include <string.h>

#include "src/base/str.h"
#include "src/gcs/json.h"
#include "src/gcs/md5.h"
#include "src/gcs/stamp.h"
#include "src/storage/answer.h"
#include "src/storage/storage.h"

/* The largest object there can be ([doc] quotas): sums of more would wrap. */
static const uint64_t OBJECT_SIZE_MAX = UINT64_C(5) << 40;

/* A string of digits, as the API writes 64-bit numbers. */
static int
get_u64(const json_t *object, const char *key, uint64_t *out)
{
	const char *digits = json_string_value(json_object_get(object, key));

	return digits == NULL ? -1 : str_parse_u64(digits, out);
}

static int
check_name(const struct storage_page *page, const char *name,
    const struct gcs_listing *asked, size_t i, struct err *err)
{
	const char *fault = storage_name_fault(name), *last;
	size_t n = page->objects.n;

	if (fault != NULL)
		return err_set(err, ERR_PROTOCOL, "items[%zu].name: %s", i,
		    fault);
	if (!str_starts(name, asked->prefix))
		return err_set(err, ERR_PROTOCOL,
		    "items[%zu].name is outside the prefix asked for", i);
	if (strcmp(name, asked->start) < 0 ||
	    (*asked->end != '\0' && strcmp(name, asked->end) >= 0))
		return err_set(err, ERR_PROTOCOL,
		    "items[%zu].name is outside the range asked for", i);
	last = n > 0 ? page->objects.v[n - 1].name : NULL;
	if (last != NULL && strcmp(name, last) == 0)
		return err_set(err, ERR_PROTOCOL,
		    "items[%zu].name is the one before it again", i);
	if (last != NULL && strcmp(name, last) < 0)
		return err_set(err, ERR_PROTOCOL,
		    "items[%zu].name is out of order", i);
	return 0;
}

/* A server that answers for another bucket would have what is there decide what
 * goes here. */
static int
check_bucket(const json_t *item, const char *bucket, size_t i, struct err *err)
{
	const json_t *said = json_object_get(item, "bucket");
	const char *name = json_string_value(said);

	if (said != NULL && (name == NULL || strcmp(name, bucket) != 0))
		return err_set(err, ERR_PROTOCOL,
		    "items[%zu].bucket is not the one asked for", i);
	return 0;
}

static int
set_md5(struct storage_object *object, const json_t *said, size_t i,
    struct err *err)
{
	const char *text = json_string_value(said);

	if (said == NULL)
		return 0; /* composed, or not asked for */
	if (text == NULL || gcs_md5_parse(text, object->md5) != 0)
		return err_set(err, ERR_PROTOCOL,
		    "items[%zu].md5Hash is not 16 bytes in base64", i);
	object->has_md5 = true;
	return 0;
}

static int
add_item(struct storage_page *page, const json_t *item,
    const struct gcs_listing *asked, size_t i, struct err *err)
{
	const char *name = json_string_value(json_object_get(item, "name"));
	const json_t *stamp = json_object_get(item, "timeCreated");
	struct storage_object *object;
	uint64_t generation, size, created = 0;

	if (!json_is_object(item))
		return err_set(err, ERR_PROTOCOL, "items[%zu] is not an object",
		    i);
	if (name == NULL)
		return err_set(err, ERR_PROTOCOL,
		    "items[%zu].name is not a string", i);
	if (check_name(page, name, asked, i, err) != 0 ||
	    check_bucket(item, asked->bucket, i, err) != 0)
		return -1;
	if (get_u64(item, "generation", &generation) != 0 || generation == 0)
		return err_set(err, ERR_PROTOCOL,
		    "items[%zu].generation is not a string of digits above 0",
		    i);
	if (get_u64(item, "size", &size) != 0 || size > OBJECT_SIZE_MAX)
		return err_set(err, ERR_PROTOCOL,
		    "items[%zu].size is not a string of digits up to 5 TiB", i);
	if (stamp != NULL &&
	    (!json_is_string(stamp) ||
		gcs_stamp_parse(json_string_value(stamp), &created) != 0))
		return err_set(err, ERR_PROTOCOL,
		    "items[%zu].timeCreated is not an RFC 3339 time", i);
	object = storage_page_add(page, name, generation, size, created);
	return set_md5(object, json_object_get(item, "md5Hash"), i, err);
}

static int
add_items(struct storage_page *page, const json_t *items,
    const struct gcs_listing *asked, struct err *err)
{
	size_t i;

	if (items == NULL)
		return 0; /* how the API writes an empty page */
	if (!json_is_array(items))
		return err_set(err, ERR_PROTOCOL, "items is not an array");
	for (i = 0; i < json_array_size(items); i++) {
		if (add_item(page, json_array_get(items, i), asked, i, err) !=
		    0)
			return -1;
	}
	return 0;
}

static int
set_next(struct storage_page *page, const json_t *next, const char *token,
    struct err *err)
{
	const char *text;

	if (next == NULL)
		return 0;
	if ((text = json_string_value(next)) == NULL)
		return err_set(err, ERR_PROTOCOL,
		    "nextPageToken is not a string");
	if (*text != '\0' && strcmp(text, token) == 0)
		return err_set(err, ERR_PROTOCOL,
		    "nextPageToken is the token of this page again");
	if (buf_adds(&page->next, text) != 0)
		return err_set(err, ERR_PROTOCOL,
		    "nextPageToken is over %zu bytes", page->next.max);
	return 0;
}

/* No delimiter was asked for.  A server that folds names into prefixes all the
 * same hides objects. */
static int
check_prefixes(const json_t *prefixes, struct err *err)
{
	if (prefixes != NULL &&
	    (!json_is_array(prefixes) || json_array_size(prefixes) != 0))
		return err_set(err, ERR_PROTOCOL,
		    "prefixes is there, though no delimiter was asked for");
	return 0;
}

static int
check_kind(const json_t *kind, struct err *err)
{
	const char *name = json_string_value(kind);

	if (kind != NULL &&
	    (name == NULL || strcmp(name, "storage#objects") != 0))
		return err_set(err, ERR_PROTOCOL,
		    "kind is not storage#objects");
	return 0;
}

int
gcs_page_parse(const char *text, size_t n, const struct gcs_listing *asked,
    struct storage_page *page, struct err *err)
{
	json_t *root = gcs_json_load(text, n, "the page", err);
	int rc = -1;

	if (root == NULL)
		return -1;
	if (check_kind(json_object_get(root, "kind"), err) == 0 &&
	    check_prefixes(json_object_get(root, "prefixes"), err) == 0 &&
	    add_items(page, json_object_get(root, "items"), asked, err) == 0)
		rc = set_next(page, json_object_get(root, "nextPageToken"),
		    asked->token, err);
	json_decref(root);
	return rc;
}

int
gcs_generation_parse(const char *text, size_t n, uint64_t *generation,
    struct err *err)
{
	json_t *root = gcs_json_load(text, n, "the answer", err);
	int rc = -1;

	if (root == NULL)
		return -1;
	if (get_u64(root, "generation", generation) == 0 && *generation != 0)
		rc = 0;
	else
		err_set(err, ERR_PROTOCOL,
		    "generation is not a string of digits above 0");
	json_decref(root);
	return rc;
}
