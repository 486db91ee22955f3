/* SPDX-License-Identifier: MIT */
/*
 * Who is told of changes in a bucket: nobody is, but the configurations are
 * kept.  Their numbers go up and are never given again, and the bucket's
 * metageneration is not theirs.
 *
 *	{"last": 2, "items": {"2": {"topic": "...", ...}}}
 */
#include "sim/operations_access.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "sim/access.h"
#include "sim/bucket.h"
#include "sim/json_out.h"
#include "sim/reply.h"
#include "sim/routes.h"
#include "src/base/str.h"

enum {
	CONFIGS_MAX = 100, /* of a bucket, as documented */
	CONFIG_MAX = 16 * 1024,
	ID_MAX = 24,
	TEXT_MAX = 64 * 1024
};

static const char *const kept[] = { "topic", "event_types", "custom_attributes",
	"payload_format", "object_name_prefix" };

enum { KEPT = sizeof(kept) / sizeof(kept[0]) };

/* --- answers --- */

struct config {
	const char *id;
	const json_t *is;
};

static void
add_config(const struct scene *s, const void *what, struct json_out *w)
{
	const struct config *c = what;
	struct buf link;
	size_t i;

	json_open(w, '{');
	operations_add(w, "kind", "storage#notification");
	operations_add(w, "id", c->id);
	if (json_key(w, "selfLink")) {
		buf_init(&link, TEXT_MAX);
		buf_addf(&link,
		    "%s://%s/storage/v1/b/%s/notificationConfigs/%s",
		    s->ask->self.scheme, s->ask->self.host, s->bucket->name,
		    c->id);
		json_text(w, link.data, link.len);
		buf_release(&link);
	}
	for (i = 0; i < KEPT; i++)
		operations_add_kept(w, c->is, kept[i]);
	operations_add(w, "etag", c->id);
	json_close(w, '}');
}

static void
add_all(const struct scene *s, const void *what, struct json_out *w)
{
	/* jansson takes no const to walk, and changes nothing. */
	json_t *items = json_object_get(what, "items"), *one;
	struct config c;

	json_open(w, '{');
	operations_add(w, "kind", "storage#notifications");
	if (json_object_size(items) > 0 && json_key(w, "items")) {
		json_open(w, '[');
		json_object_foreach (items, c.id, one) {
			c.is = one;
			add_config(s, &c, w);
		}
		json_close(w, ']');
	}
	json_close(w, '}');
}

/* --- what is wrong with a body --- */

static int
refuse(const struct scene *s, const char *reason, const char *text)
{
	reply_bad_request(s->reply, reason, text);
	return -1;
}

/* //pubsub.googleapis.com/projects/P/topics/T */
static bool
is_topic(const char *text)
{
	static const char before[] = "//pubsub.googleapis.com/projects/";
	static const char between[] = "/topics/";
	const char *project = text + strlen(before), *topic;

	if (!str_starts(text, before) ||
	    (topic = strchr(project, '/')) == NULL || topic == project ||
	    !str_starts(topic, between))
		return false;
	topic += strlen(between);
	return *topic != '\0' && strchr(topic, '/') == NULL;
}

static bool
are_events(const json_t *events)
{
	static const char *const known[] = { "OBJECT_FINALIZE",
		"OBJECT_METADATA_UPDATE", "OBJECT_DELETE", "OBJECT_ARCHIVE" };
	const char *text;
	size_t i, j;

	for (i = 0; i < json_array_size(events); i++) {
		text = json_string_value(json_array_get(events, i));
		for (j = 0;
		     text != NULL && j < 4 && strcmp(text, known[j]) != 0; j++)
			;
		if (text == NULL || j == 4)
			return false;
	}
	return json_is_array(events);
}

static bool
are_attributes(json_t *attributes)
{
	const char *key;
	json_t *value;

	json_object_foreach (attributes, key, value) {
		if (!json_is_string(value))
			return false;
	}
	return json_is_object(attributes);
}

static int
check(const struct scene *s, const json_t *items, const json_t *config)
{
	const char *topic = operations_text(config, "topic");
	const char *format = operations_text(config, "payload_format");
	json_t *events = json_object_get(config, "event_types");
	json_t *attributes = json_object_get(config, "custom_attributes");
	const json_t *prefix = json_object_get(config, "object_name_prefix");

	if (topic == NULL)
		return refuse(s, "required", "Required field: topic");
	if (!is_topic(topic))
		return refuse(s, "invalid",
		    "Invalid Google Cloud Pub/Sub topic. It should look like "
		    "'//pubsub.googleapis.com/projects/*/topics/*'.");
	if (format == NULL)
		return refuse(s, "required", "Required field: payload_format");
	if (strcmp(format, "JSON_API_V1") != 0 && strcmp(format, "NONE") != 0)
		return refuse(s, "invalid",
		    "Invalid value for: payload_format. It is JSON_API_V1 or "
		    "NONE.");
	if (events != NULL && !are_events(events))
		return refuse(s, "invalid",
		    "Invalid value for: event_types. They are OBJECT_FINALIZE, "
		    "OBJECT_METADATA_UPDATE, OBJECT_DELETE or OBJECT_ARCHIVE.");
	if (attributes != NULL && !are_attributes(attributes))
		return refuse(s, "invalid",
		    "Invalid value for: custom_attributes");
	if (prefix != NULL && !json_is_string(prefix))
		return refuse(s, "invalid",
		    "Invalid value for: object_name_prefix");
	if (json_object_size(items) >= CONFIGS_MAX ||
	    json_dumpb(config, NULL, 0, JSON_COMPACT) > CONFIG_MAX)
		return refuse(s, "invalid",
		    "A bucket has at most 100 notification configurations, of "
		    "at most 16 KiB each.");
	return 0;
}

/* What of the body is kept: null says nothing. */
static json_t *
collect(const json_t *body)
{
	json_t *config = json_object(), *value;
	size_t i;

	for (i = 0; i < KEPT; i++) {
		value = json_object_get(body, kept[i]);
		if (value != NULL && !json_is_null(value))
			json_object_set(config, kept[i], value);
	}
	return config;
}

/* --- the operations --- */

/* All there are, a new reference: the caller changes them as he likes. */
static json_t *
load(const struct scene *s)
{
	json_t *all = access_get(s->bucket, ACCESS_NOTIFICATIONS);

	return json_is_object(json_object_get(all, "items"))
	    ? all
	    : json_pack("{s:i,s:{}}", "last", 0, "items");
}

/* The one that the path names; NULL: the reply says that there is none. */
static json_t *
find(const struct scene *s, const json_t *all)
{
	const struct buf *id = &s->ask->route->name;
	json_t *one = strlen(id->data) == id->len
	    ? json_object_get(json_object_get(all, "items"), id->data)
	    : NULL;

	if (one == NULL)
		reply_no_path(s->reply);
	return one;
}

void
operations_notification_list(const struct scene *s)
{
	json_t *all = load(s);

	operations_answer(s, add_all, all);
	json_decref(all);
}

void
operations_notification_get(const struct scene *s)
{
	json_t *all = load(s);
	struct config c = { .id = s->ask->route->name.data };

	if ((c.is = find(s, all)) != NULL)
		operations_answer(s, add_config, &c);
	json_decref(all);
}

void
operations_notification_insert(const struct scene *s)
{
	json_t *body = operations_body(s), *all, *items;
	char id[ID_MAX];
	json_t *config;
	json_int_t last;

	if (body == NULL)
		return;
	all = load(s);
	items = json_object_get(all, "items");
	last = json_integer_value(json_object_get(all, "last")) + 1;
	config = collect(body);
	if (check(s, items, config) == 0) {
		snprintf(id, sizeof(id), "%" JSON_INTEGER_FORMAT, last);
		json_object_set(items, id, config);
		json_object_set_new(all, "last", json_integer(last));
		access_set(s->bucket, ACCESS_NOTIFICATIONS, json_incref(all));
		operations_answer(s, add_config,
		    &(struct config){ .id = id, .is = config });
	}
	json_decref(config);
	json_decref(all);
	json_decref(body);
}

void
operations_notification_delete(const struct scene *s)
{
	json_t *all = load(s);

	if (find(s, all) != NULL) {
		json_object_del(json_object_get(all, "items"),
		    s->ask->route->name.data);
		access_set(s->bucket, ACCESS_NOTIFICATIONS, json_incref(all));
		s->reply->status = 204;
	}
	json_decref(all);
}
