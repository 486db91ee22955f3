/* SPDX-License-Identifier: MIT */
/*
 * sim_bodies: the JSON that clients send of objects.  The first byte says what
 * it is: the resource of a new object, of a patch or of an update, a compose,
 * or a bulk restore.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/acl.h"
#include "sim/bucket.h"
#include "sim/compose_json.h"
#include "sim/json_out.h"
#include "sim/meta.h"
#include "sim/object.h"
#include "sim/object_json.h"
#include "sim/operations.h"
#include "sim/resource.h"
#include "sim/restore_json.h"
#include "sim/routes.h"
#include "src/base/buf.h"
#include "tests/fuzz/fuzz.h"

const char fuzz_name[] = "sim_bodies";

enum { RESOURCE_MAX = 1 << 20 };

/* What an object with that metadata is told as. */
static void
tell(const struct meta *meta, struct buf *out)
{
	static const char full[] = "projection=full";
	struct bucket *b = bucket_new("demo", 1);
	struct resource resource;
	struct json_out w;
	struct route route;
	struct ask ask = { .route = &route, .self = { "http", "x" } };

	route_init(&route);
	query_parse(&route.query, full, strlen(full));
	resource_init(&resource, b, &ask);
	json_init(&w, out, true, NULL);
	resource_add_object(&resource,
	    bucket_publish(b, "x", 1, 0, 1, NULL, meta_dup(meta)), &w);
	resource_release(&resource);
	route_release(&route);
	bucket_free(b);
}

static bool
is_same_text(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool
is_same(const struct meta_draft *a, const struct meta_draft *b)
{
	size_t i;

	for (i = 0; i < META_TEXTS; i++) {
		if (!is_same_text(a->text[i], b->text[i]))
			return false;
	}
	if (a->temporary_hold != b->temporary_hold ||
	    a->event_based_hold != b->event_based_hold ||
	    a->pairs.n != b->pairs.n)
		return false;
	for (i = 0; i < a->pairs.n; i++) {
		if (strcmp(a->pairs.v[i].key, b->pairs.v[i].key) != 0 ||
		    strcmp(a->pairs.v[i].value, b->pairs.v[i].value) != 0)
			return false;
	}
	return true;
}

/* These have values that are told also where nothing was said. */
static void
say_defaults(struct meta_draft *draft)
{
	static const char first[] = "projectPrivate";

	if (draft->text[META_CONTENT_TYPE] == NULL)
		draft->text[META_CONTENT_TYPE] = "application/octet-stream";
	if (draft->text[META_STORAGE_CLASS] == NULL)
		draft->text[META_STORAGE_CLASS] = "STANDARD";
	if (draft->text[META_ACL] == NULL)
		draft->text[META_ACL] = acl_predefined(ACL_OBJECT, first,
		    strlen(first));
}

static void
check_told(struct meta_draft *draft)
{
	struct object_json again;
	struct meta *meta;
	struct buf text;

	say_defaults(draft);
	meta = meta_new(draft);
	buf_init(&text, RESOURCE_MAX);
	tell(meta, &text);
	if (!text.full) {
		LAW(object_json_parse(&again, text.data, text.len, NULL,
			OBJECT_JSON_NEW) == NULL,
		    "what is told of an object can be said of another");
		LAW(is_same(draft, &again.draft),
		    "what is told of an object is what was said of it");
		object_json_release(&again);
	}
	buf_release(&text);
	free(meta);
}

static void
check_object(const void *body, size_t n, enum object_json_for what)
{
	struct meta_draft before = { .temporary_hold = true };
	struct object_json json;
	struct meta *base;
	const char *wrong;

	before.text[META_CACHE_CONTROL] = "no-store";
	meta_draft_set(&before, "k", "v");
	base = meta_new(&before);
	meta_draft_release(&before);
	wrong = object_json_parse(&json, body, n, base, what);
	if (wrong != NULL)
		fuzz_is_reason(wrong);
	else
		check_told(&json.draft);
	object_json_release(&json);
	free(base);
}

static void
check_compose(const void *body, size_t n)
{
	struct compose_json json;
	const char *wrong = compose_json_parse(&json, body, n);
	size_t i;

	if (wrong != NULL) {
		fuzz_is_reason(wrong);
		LAW(json.reason != NULL, "a refusal has a reason");
	} else {
		LAW(json.n >= 1 && json.n <= COMPOSE_MAX,
		    "a whole has one to 32 parts");
		for (i = 0; i < json.n; i++)
			LAW(json.source[i].name[0] != '\0',
			    "each part has a name");
	}
	compose_json_release(&json);
}

static void
check_restore(const void *body, size_t n)
{
	struct restore_request request;
	const char *wrong = restore_request_parse(&request, body, n);
	size_t i;

	if (wrong != NULL) {
		fuzz_is_reason(wrong);
	} else {
		for (i = 0; i < request.globs; i++)
			LAW(request.glob[i] != NULL &&
				request.glob_text[i] != NULL,
			    "each pattern can be asked and told");
	}
	restore_request_release(&request);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	if (n == 0)
		return 0;
	switch (data[0]) {
	case 'n':
		check_object(data + 1, n - 1, OBJECT_JSON_NEW);
		break;
	case 'p':
		check_object(data + 1, n - 1, OBJECT_JSON_PATCH);
		break;
	case 'u':
		check_object(data + 1, n - 1, OBJECT_JSON_UPDATE);
		break;
	case 'c':
		check_compose(data + 1, n - 1);
		break;
	default:
		check_restore(data + 1, n - 1);
		break;
	}
	return 0;
}
