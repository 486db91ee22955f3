/* SPDX-License-Identifier: MIT */
/*
 * objects.patch and objects.update: other metadata for a version that stays
 * what it is.  Some may only change one way: a custom time only forward, a
 * retention only to something stricter unless the client insists.
 */
#include "sim/operations_access.h"

#include <string.h>

#include "sim/bucket.h"
#include "sim/meta.h"
#include "sim/object_json.h"
#include "sim/reply.h"
#include "sim/rfc3339.h"
#include "sim/routes.h"

enum { TEXT_MAX = 256 };

/* Both have been parsed before they were stored. */
static uint64_t
time_of(const char *text)
{
	uint64_t us = 0;

	return rfc3339_parse(text, &us) == 0 ? us : 0;
}

/* "2026-09-30T03:28:23.5+00:00": as little of a fraction as there is. */
static void
add_short_time(uint64_t us, struct buf *out)
{
	char when[RFC3339_MAX];
	size_t n;

	rfc3339_format_exact(us, when);
	n = strcspn(when, "+");
	while (when[n - 1] == '0')
		n--;
	if (when[n - 1] == '.')
		n--;
	buf_add(out, when, n);
	buf_adds(out, "+00:00");
}

static int
refuse(const struct scene *s, int status, const char *text)
{
	reply_error(s->reply, status, status == 403 ? "forbidden" : "invalid",
	    NULL, text);
	return -1;
}

static int
check_custom_time(const struct scene *s, const struct meta *meta,
    const struct meta_draft *draft)
{
	const char *old = meta_text(meta, META_CUSTOM_TIME);
	const char *new = draft->text[META_CUSTOM_TIME];
	struct buf text;
	int rc;

	if (old == NULL || (new != NULL &&time_of(new) >= time_of(old)))
		return 0;
	if (new == NULL)
		return refuse(s, 400, "Custom time cannot be removed.");
	buf_init(&text, TEXT_MAX);
	buf_adds(&text, "Custom time cannot be decreased. Previously: ");
	add_short_time(time_of(old), &text);
	buf_adds(&text, ". Attempting to set: ");
	add_short_time(time_of(new), &text);
	buf_addc(&text, '.');
	rc = refuse(s, 400, text.data);
	buf_release(&text);
	return rc;
}

static bool
is_locked(const char *mode)
{
	return mode != NULL && strcmp(mode, "Locked") == 0;
}

/* What was Unlocked takes an insisting client to be removed, shortened or
 * locked; what is Locked can only become longer. */
static int
check_stricter(const struct scene *s, const struct meta *meta,
    const struct meta_draft *draft)
{
	const char *old_until = meta_text(meta, META_RETAIN_UNTIL);
	const char *until = draft->text[META_RETAIN_UNTIL];
	bool was_locked = is_locked(meta_text(meta, META_RETENTION_MODE));
	bool now_locked = is_locked(draft->text[META_RETENTION_MODE]);
	bool is_weaker;

	if (old_until == NULL)
		return 0;
	is_weaker = until == NULL || time_of(until) < time_of(old_until);
	if (was_locked && (is_weaker || !now_locked))
		return refuse(s, 403,
		    "The locked object retention cannot be removed. Its "
		    "retention mode cannot be changed and its retention "
		    "period cannot be shortened.");
	if (!was_locked && (is_weaker || now_locked) &&
	    !query_is_true(&s->ask->route->query, "overrideUnlockedRetention"))
		return refuse(s, 403,
		    "The unlocked object retention cannot be removed and its "
		    "retention period cannot be shortened without overriding "
		    "unlocked retention intent and permission.");
	return 0;
}

/* A retention that stays as it is may have ended long ago. */
static int
check_retention(const struct scene *s, const struct meta *meta,
    const struct meta_draft *draft)
{
	const char *old = meta_text(meta, META_RETAIN_UNTIL);
	const char *until = draft->text[META_RETAIN_UNTIL];

	if (check_stricter(s, meta, draft) != 0)
		return -1;
	if (until != NULL && (old == NULL || strcmp(old, until) != 0) &&
	    time_of(until) <= s->ask->wall_us)
		return refuse(s, 400,
		    "Retain until time cannot be in the past.");
	if (until != NULL && draft->event_based_hold)
		return refuse(s, 400,
		    "Retention and event based holds cannot be configured "
		    "together.");
	return 0;
}

/* A list that stays as it is may be older than uniform access. */
static int
check_acl(const struct scene *s, const struct meta *meta,
    const struct meta_draft *draft)
{
	const char *list = draft->text[META_ACL];

	return list == NULL || list == meta_text(meta, META_ACL)
	    ? 0
	    : operations_acl_allows(s, operations_acl_no_insert);
}

int
operations_check_draft(const struct scene *s, const struct meta *old,
    const struct meta_draft *draft)
{
	return check_custom_time(s, old, draft) == 0 &&
		check_retention(s, old, draft) == 0 &&
		check_acl(s, old, draft) == 0
	    ? 0
	    : -1;
}

/* What only the making of a version decides. */
static int
check_fixed(const struct scene *s, const struct object *o,
    struct meta_draft *draft)
{
	const char *class = draft->text[META_STORAGE_CLASS];

	if (class != NULL && strcmp(class, object_storage_class(o)) != 0)
		return refuse(s, 400,
		    "The storage class of an object cannot be changed by a "
		    "patch or an update; rewrite the object.");
	draft->text[META_STORAGE_CLASS] = meta_text(o->meta,
	    META_STORAGE_CLASS);
	draft->text[META_KMS_KEY] = meta_text(o->meta, META_KMS_KEY);
	draft->text[META_BYTES_OF] = meta_text(o->meta, META_BYTES_OF);
	return 0;
}

static void
change(const struct scene *s, enum object_json_for what)
{
	const struct ask *ask = s->ask;
	const char *wrong, *list = operations_acl_predefined(s);
	struct object_json json;
	struct object *o;

	if (operations_find(s, &o) != 0 || !operations_may(s, o, FOR_CHANGE))
		return;
	wrong = object_json_parse(&json, ask->body, ask->body_len, o->meta,
	    what);
	if (wrong != NULL) {
		reply_bad_request(s->reply, object_json_reason(&json, wrong),
		    wrong);
	} else if (check_fixed(s, o, &json.draft) == 0 &&
	    operations_check_draft(s, o->meta, &json.draft) == 0) {
		if (meta_has_event_based_hold(o->meta) &&
		    !json.draft.event_based_hold)
			json.draft.retained_from_us = ask->wall_us;
		if (list != NULL)
			json.draft.text[META_ACL] = list;
		o = bucket_change(s->bucket, o, meta_new(&json.draft),
		    ask->wall_us);
		operations_reply_object(s, o);
	}
	object_json_release(&json);
}

void
operations_patch(const struct scene *s)
{
	change(s, OBJECT_JSON_PATCH);
}

void
operations_update(const struct scene *s)
{
	change(s, OBJECT_JSON_UPDATE);
}
