/* SPDX-License-Identifier: MIT */
/*
 * Who may do what with a bucket, and who is told of it: everybody may do
 * everything here, so what asks for it is answered, and what would change it is
 * refused (501) and not taken for done.
 */
#include "sim/operations_priv.h"

#include "sim/bucket.h"
#include "sim/http.h"
#include "sim/json_out.h"
#include "sim/percent.h"
#include "sim/reply.h"
#include "sim/routes.h"
#include "src/base/str.h"

static void
add_binding(struct json_out *w, const char *role, const char *const *members,
    size_t n)
{
	size_t i;

	json_open(w, '{');
	if (json_key(w, "role"))
		json_str(w, role);
	if (json_key(w, "members")) {
		json_open(w, '[');
		for (i = 0; i < n; i++)
			json_str(w, members[i]);
		json_close(w, ']');
	}
	json_close(w, '}');
}

/* What production gives every new bucket. */
static void
add_bindings(struct json_out *w)
{
	static const char *const owners[] = { "projectEditor:sim",
		"projectOwner:sim" };
	static const char *const readers[] = { "projectViewer:sim" };

	json_open(w, '[');
	add_binding(w, "roles/storage.legacyBucketOwner", owners, 2);
	add_binding(w, "roles/storage.legacyBucketReader", readers, 1);
	json_close(w, ']');
}

void
operations_bucket_policy(const struct scene *s)
{
	struct fields *fields;
	struct json_out w;
	struct buf id;

	if (operations_fields(s, &fields) != 0)
		return;
	buf_init(&id, 200);
	buf_addf(&id, "projects/_/buckets/%s", s->bucket->name);
	json_init(&w, &s->reply->body, s->reply->pretty, fields);
	json_open(&w, '{');
	if (json_key(&w, "kind"))
		json_str(&w, "storage#policy");
	if (json_key(&w, "resourceId"))
		json_str(&w, id.data);
	if (json_key(&w, "version"))
		json_u64(&w, 1);
	if (json_key(&w, "etag"))
		json_str(&w, "CAE=");
	if (json_key(&w, "bindings"))
		add_bindings(&w);
	json_close(&w, '}');
	json_end(&w);
	buf_release(&id);
	fields_free(fields);
}

/* -1 when one of them cannot be decoded. */
static int
add_permissions(const struct query *q, struct json_out *w)
{
	struct buf text;
	int rc = 0;
	size_t i;

	buf_init(&text, HTTP_MAX_HEAD);
	json_open(w, '[');
	for (i = 0; i < q->n && rc == 0; i++) {
		if (!str_is(q->param[i].key, q->param[i].key_len,
			"permissions"))
			continue;
		buf_clear(&text);
		rc = percent_decode(&text, q->param[i].value,
		    q->param[i].value_len, true);
		json_text(w, text.data, text.len);
	}
	json_close(w, ']');
	buf_release(&text);
	return rc;
}

void
operations_bucket_permissions(const struct scene *s)
{
	const struct query *q = &s->ask->route->query;
	struct fields *fields;
	struct json_out w;
	int rc = 0;

	if (!query_has(q, "permissions")) {
		reply_bad_parameter(s->reply, "permissions", "required",
		    "Required parameter: permissions");
		return;
	}
	if (operations_fields(s, &fields) != 0)
		return;
	json_init(&w, &s->reply->body, s->reply->pretty, fields);
	json_open(&w, '{');
	if (json_key(&w, "kind"))
		json_str(&w, "storage#testIamPermissionsResponse");
	if (json_key(&w, "permissions"))
		rc = add_permissions(q, &w);
	json_close(&w, '}');
	json_end(&w);
	fields_free(fields);
	if (rc != 0)
		reply_bad_parameter(s->reply, "permissions", "invalid",
		    "Invalid percent-encoding.");
}

/* --- lists of which there is nothing --- */

static void
answer_empty(const struct scene *s, const char *kind)
{
	struct fields *fields;
	struct json_out w;

	if (operations_fields(s, &fields) != 0)
		return;
	json_init(&w, &s->reply->body, s->reply->pretty, fields);
	json_open(&w, '{');
	if (json_key(&w, "kind"))
		json_str(&w, kind);
	json_close(&w, '}');
	json_end(&w);
	fields_free(fields);
}

void
operations_bucket_acl(const struct scene *s)
{
	answer_empty(s, "storage#bucketAccessControls");
}

void
operations_bucket_object_acl(const struct scene *s)
{
	answer_empty(s, "storage#objectAccessControls");
}

void
operations_bucket_notifications(const struct scene *s)
{
	answer_empty(s, "storage#notifications");
}
