/* SPDX-License-Identifier: MIT */
/*
 * What was deleted softly: its metadata, its restoration one by one, and many
 * at once, which is a long-running operation in the API and done at once here.
 */
#include "sim/operations_priv.h"

#include <string.h>

#include "sim/bucket.h"
#include "sim/json_out.h"
#include "sim/reply.h"
#include "sim/restore.h"
#include "sim/restore_log.h"
#include "sim/rfc3339.h"
#include "sim/routes.h"
#include "src/base/str.h"

#define CONTROL "type.googleapis.com/google.storage.control.v2."

int
operations_find_soft_deleted(const struct scene *s, const char *wanted,
    struct object **out)
{
	const struct route *r = s->ask->route;
	uint64_t generation;
	int got = query_u64(&r->query, "generation", &generation);

	*out = NULL;
	if (got > 0)
		*out = bucket_find_soft_deleted(s->bucket, r->name.data,
		    r->name.len, generation, s->ask->wall_us);
	else if (got < 0)
		reply_bad_request(s->reply, "invalid",
		    "Invalid long value in a generation parameter.");
	else
		reply_bad_request(s->reply, "required", wanted);
	return got > 0 ? 0 : -1;
}

static bool
has_policy(const struct scene *s)
{
	if (s->bucket->config.soft_delete_s > 0)
		return true;
	reply_bad_request(s->reply, "invalid",
	    "bucket soft delete policy must be set.");
	return false;
}

void
operations_restore(const struct scene *s)
{
	const struct buf *name = &s->ask->route->name;
	struct object *o;

	if (!has_policy(s) ||
	    operations_find_soft_deleted(s, "Required parameter: generation",
		&o) != 0)
		return;
	if (o == NULL)
		reply_no_object(s->reply, s->bucket->name, name->data,
		    name->len);
	else if (operations_may_put(s))
		operations_reply_object(s,
		    restore_object(s->world, s->bucket, o,
			query_is_true(&s->ask->route->query, "copySourceAcl"),
			s->ask->wall_us));
}

/* --- operations that take long elsewhere --- */

static void
add_str(struct json_out *w, const char *key, const char *value)
{
	if (json_key(w, key))
		json_str(w, value);
}

static void
add_count(struct json_out *w, const char *key, uint64_t value)
{
	if (json_key(w, key))
		json_u64_str(w, value);
}

static void
add_flag(struct json_out *w, const char *key, bool value)
{
	if (json_key(w, key))
		json_bool(w, value);
}

static void
add_common(const struct restore *r, struct json_out *w)
{
	char when[RFC3339_MAX];

	if (!json_key(w, "commonMetadata"))
		return;
	rfc3339_format(r->began_us, when);
	json_open(w, '{');
	add_str(w, "createTime", when);
	add_str(w, "endTime", when);
	add_str(w, "updateTime", when);
	add_str(w, "type", "bulk-restore-objects");
	add_flag(w, "requestedCancellation", false);
	if (json_key(w, "progressPercent"))
		json_raw(w, "-1", 2);
	json_close(w, '}');
}

static void
add_request(const struct restore_request *q, struct json_out *w)
{
	size_t i;

	if (q->globs > 0 && json_key(w, "matchGlobs")) {
		json_open(w, '[');
		for (i = 0; i < q->globs; i++)
			json_str(w, q->glob_text[i]);
		json_close(w, ']');
	}
	for (i = 0; i < RESTORE_BOUNDS; i++) {
		if (q->bound[i].text != NULL)
			add_str(w, restore_bound_keys[i], q->bound[i].text);
	}
	add_flag(w, "allowOverwrite", q->allow_overwrite);
	add_flag(w, "copySourceAcl", q->copy_source_acl);
}

static void
add_metadata(const struct restore *r, struct json_out *w)
{
	if (!json_key(w, "metadata"))
		return;
	json_open(w, '{');
	add_str(w, "@type", CONTROL "BulkRestoreObjectsMetadata");
	add_common(r, w);
	add_request(&r->request, w);
	add_count(w, "succeededCount", r->succeeded);
	add_count(w, "skippedCount", r->skipped);
	add_count(w, "failedCount", r->failed);
	json_close(w, '}');
}

static void
add_running(const struct scene *s, const struct restore *r, struct json_out *w)
{
	struct buf name;

	json_open(w, '{');
	add_str(w, "kind", "storage#operation");
	if (json_key(w, "name")) {
		buf_init(&name, OBJECT_NAME_MAX);
		buf_addf(&name, "projects/_/buckets/%s/operations/",
		    s->bucket->name);
		json_add_u64(&name, r->id);
		json_text(w, name.data, name.len);
		buf_release(&name);
	}
	add_flag(w, "done", true);
	if (json_key(w, "response")) {
		json_open(w, '{');
		add_str(w, "@type", CONTROL "BulkRestoreObjectsResponse");
		json_close(w, '}');
	}
	add_metadata(r, w);
	json_close(w, '}');
}

/* One operation, or (is_list) all from there on. */
static void
reply_running(const struct scene *s, const struct restore *r, bool is_list)
{
	struct fields *fields;
	struct json_out w;

	if (operations_fields(s, &fields) != 0)
		return;
	json_init(&w, &s->reply->body, s->reply->pretty, fields);
	if (!is_list) {
		add_running(s, r, &w);
	} else {
		json_open(&w, '{');
		add_str(&w, "kind", "storage#operations");
		if (r != NULL && json_key(&w, "operations")) {
			json_open(&w, '[');
			for (; r != NULL; r = r->next)
				add_running(s, r, &w);
			json_close(&w, ']');
		}
		json_close(&w, '}');
	}
	json_end(&w);
	fields_free(fields);
}

void
operations_bulk_restore(const struct scene *s)
{
	struct restore_request request;
	const char *wrong = restore_request_parse(&request, s->ask->body,
	    s->ask->body_len);

	if (wrong != NULL)
		reply_bad_request(s->reply,
		    wrong == request.fault ? "invalid" : "parseError", wrong);
	else if (has_policy(s))
		reply_running(s,
		    restore_run(s->world, s->bucket, &request, s->ask->wall_us),
		    false);
	restore_request_release(&request);
}

/* The one that the route names; NULL: the reply is written. */
static const struct restore *
find_running(const struct scene *s)
{
	const struct restore *r = NULL;
	uint64_t id;

	if (str_parse_u64(s->ask->route->name.data, &id) == 0)
		r = restore_log_find(s->bucket->restores, id);
	if (r == NULL)
		reply_error(s->reply, 404, "notFound", NULL,
		    "The specified long-running operation does not exist.");
	return r;
}

void
operations_running_list(const struct scene *s)
{
	reply_running(s, s->bucket->restores, true);
}

void
operations_running_get(const struct scene *s)
{
	const struct restore *r = find_running(s);

	if (r != NULL)
		reply_running(s, r, false);
}

void
operations_running_cancel(const struct scene *s)
{
	if (find_running(s) != NULL)
		reply_error(s->reply, 412, "conditionNotMet", NULL,
		    "The long-running operation is already done.");
}
