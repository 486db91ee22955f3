/* SPDX-License-Identifier: MIT */
/*
 * The policy of a bucket: it is kept as it is set, and has no effect.  Its etag
 * is the bucket's, since both change together, so a policy that was read before
 * anything else changed is stale.
 */
#include "sim/operations_access.h"

#include <jansson.h>
#include <string.h>

#include "sim/access.h"
#include "sim/authority.h"
#include "sim/bucket.h"
#include "sim/bucket_resource.h"
#include "sim/http.h"
#include "sim/json_out.h"
#include "sim/percent.h"
#include "sim/reply.h"
#include "sim/routes.h"
#include "src/base/str.h"

enum { ETAG_MAX = 64 };

/* What production gives every new bucket. */
static const char first_policy[] =
    "{\"version\":1,\"bindings\":["
    "{\"role\":\"roles/storage.legacyBucketOwner\",\"members\":"
    "[\"projectEditor:sim\",\"projectOwner:sim\"]},"
    "{\"role\":\"roles/storage.legacyBucketReader\",\"members\":"
    "[\"projectViewer:sim\"]}]}";

/* --- reading --- */

/* Counts the policies that were set, the first of all being 1; kept with each,
 * and shown as its etag alone. */
static json_int_t
revision_of(const json_t *policy)
{
	const json_t *said = json_object_get(policy, "revision");

	return said != NULL ? json_integer_value(said) : 1;
}

static void
add_revision(const json_t *policy, struct buf *out)
{
	bucket_resource_add_etag((uint64_t)revision_of(policy), out);
}

static void
add_policy(const struct scene *s, const void *what, struct json_out *w)
{
	const json_t *policy = what;
	struct buf text;

	buf_init(&text, 2 * BUCKET_NAME_MAX + ETAG_MAX);
	json_open(w, '{');
	operations_add(w, "kind", "storage#policy");
	if (json_key(w, "resourceId")) {
		buf_addf(&text, "projects/_/buckets/%s", s->bucket->name);
		json_text(w, text.data, text.len);
	}
	operations_add_kept(w, policy, "version");
	if (json_key(w, "etag")) {
		buf_clear(&text);
		add_revision(policy, &text);
		json_text(w, text.data, text.len);
	}
	operations_add_kept(w, policy, "bindings");
	json_close(w, '}');
	buf_release(&text);
}

void
operations_policy(const struct scene *s)
{
	json_t *policy = access_get(s->bucket, ACCESS_POLICY);

	if (policy == NULL)
		policy = json_loads(first_policy, 0, NULL);
	operations_answer(s, add_policy, policy);
	json_decref(policy);
}

/* --- setting --- */

static int
refuse(const struct scene *s, const char *text)
{
	reply_bad_request(s->reply, "invalid", text);
	return -1;
}

static int
check_binding(const struct scene *s, const json_t *binding, json_int_t version)
{
	const json_t *members = json_object_get(binding, "members");
	const json_t *condition = json_object_get(binding, "condition");
	const char *role = operations_text(binding, "role");
	size_t i;

	if (role == NULL || *role == '\0')
		return refuse(s, "Each of the bindings needs a role.");
	if (!json_is_array(members))
		return refuse(s, "Each of the bindings needs members.");
	for (i = 0; i < json_array_size(members); i++) {
		if (json_string_length(json_array_get(members, i)) == 0)
			return refuse(s, "Each member is a name.");
	}
	if (condition == NULL)
		return 0;
	if (!json_is_object(condition) ||
	    operations_text(condition, "expression") == NULL)
		return refuse(s, "Each condition needs an expression.");
	return version == 3
	    ? 0
	    : refuse(s, "A policy with conditions must be of version 3.");
}

static int
check_etag(const struct scene *s, const json_t *now, const json_t *body)
{
	const char *said = operations_text(body, "etag");
	struct buf etag;
	int rc = 0;

	buf_init(&etag, ETAG_MAX);
	add_revision(now, &etag);
	if (said != NULL && *said != '\0' && strcmp(said, etag.data) != 0) {
		reply_precondition(s->reply);
		rc = -1;
	}
	buf_release(&etag);
	return rc;
}

/* The policy of the body, which follows now, a new reference; NULL: the reply is
 * written.  One that says no version is of the first. */
static json_t *
read_policy(const struct scene *s, const json_t *now, const json_t *body)
{
	json_t *bindings = json_object_get(body, "bindings");
	const json_t *said = json_object_get(body, "version");
	json_int_t version = said == NULL ? 1 : json_integer_value(said);
	size_t i;
	int rc = 0;

	if (version == 0 && json_is_integer(said))
		version = 1;
	if (version != 1 && version != 3)
		rc = refuse(s, "A policy's version is 0, 1 or 3.");
	else if (bindings != NULL && !json_is_array(bindings))
		rc = refuse(s, "Invalid value for: bindings");
	for (i = 0; rc == 0 && i < json_array_size(bindings); i++)
		rc = check_binding(s, json_array_get(bindings, i), version);
	if (rc != 0 || check_etag(s, now, body) != 0)
		return NULL;
	return json_pack("{s:I,s:I,s:O*}", "version", version, "revision",
	    revision_of(now) + 1, "bindings", bindings);
}

/* The bucket's metageneration stays: nobody documents what production makes of
 * it, and Node's suite sets a policy and counts on that. */
void
operations_set_policy(const struct scene *s)
{
	json_t *body = operations_body(s), *now, *policy;

	if (body == NULL)
		return;
	now = access_get(s->bucket, ACCESS_POLICY);
	policy = read_policy(s, now, body);
	if (policy != NULL) {
		access_set(s->bucket, ACCESS_POLICY, json_incref(policy));
		operations_answer(s, add_policy, policy);
	}
	json_decref(policy);
	json_decref(now);
	json_decref(body);
}

/* --- asking: what he may who asks; who is not known may do everything ---
 *
 * Who asks for nothing is told nothing, where production wants a question: Go's
 * client asks so in its retry suite. */

/* -1 when one of them cannot be decoded. */
static int
add_permissions(const struct query *q, const struct authority_principal *who,
    struct json_out *w)
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
		if (rc == 0 && authority_has(who, text.data, text.len))
			json_text(w, text.data, text.len);
	}
	json_close(w, ']');
	buf_release(&text);
	return rc;
}

void
operations_permissions(const struct scene *s)
{
	const struct query *q = &s->ask->route->query;
	struct fields *fields;
	struct json_out w;
	int rc = 0;

	if (operations_fields(s, &fields) != 0)
		return;
	json_init(&w, &s->reply->body, s->reply->pretty, fields);
	json_open(&w, '{');
	operations_add(&w, "kind", "storage#testIamPermissionsResponse");
	if (query_has(q, "permissions") && json_key(&w, "permissions"))
		rc = add_permissions(q, s->ask->who, &w);
	json_close(&w, '}');
	json_end(&w);
	fields_free(fields);
	if (rc != 0)
		reply_bad_parameter(s->reply, "permissions", "invalid",
		    "Invalid percent-encoding.");
}
