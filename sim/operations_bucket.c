/* SPDX-License-Identifier: MIT */
/*
 * Buckets themselves.  All that a request says is looked at before anything
 * happens: what is refused changes nothing.
 */
#include "sim/operations_priv.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base64.h"
#include "sim/bucket.h"
#include "sim/bucket_json.h"
#include "sim/bucket_resource.h"
#include "sim/http.h"
#include "sim/json_out.h"
#include "sim/operations_access.h"
#include "sim/reply.h"
#include "sim/routes.h"
#include "sim/world.h"
#include "src/base/mem.h"
#include "src/base/str.h"

enum { LIST_MAX = 1000 };

/* --- what several of them need --- */

/* -1, and the reply says which parameter is wrong. */
static int
check_parameters(const struct scene *s)
{
	const struct query *q = &s->ask->route->query;
	bool soft_deleted = false;

	if (query_has(q, "projection") && !query_is(q, "projection", "full") &&
	    !query_is(q, "projection", "noAcl")) {
		reply_bad_parameter(s->reply, "projection", "invalidParameter",
		    "Invalid string value. Allowed values: [full, noAcl]");
		return -1;
	}
	if (query_bool(q, "softDeleted", &soft_deleted) < 0) {
		reply_bad_parameter(s->reply, "softDeleted", "invalidParameter",
		    "Invalid boolean value: want true or false.");
		return -1;
	}
	if (soft_deleted) {
		reply_error(s->reply, 501, "notImplemented", NULL,
		    "The simulator keeps no buckets that were deleted.");
		return -1;
	}
	return 0;
}

/* A read of what the client has already is answered 304, a change 412. */
static bool
holds(const struct scene *s, bool is_read)
{
	const struct query *q = &s->ask->route->query;
	uint64_t match = s->bucket->metageneration, other = match + 1;

	if (query_u64(q, "ifMetagenerationMatch", &match) < 0 ||
	    query_u64(q, "ifMetagenerationNotMatch", &other) < 0) {
		reply_bad_request(s->reply, "invalid",
		    "Invalid long value in a metageneration parameter.");
		return false;
	}
	if (match != s->bucket->metageneration)
		reply_precondition(s->reply);
	else if (other == s->bucket->metageneration && is_read)
		reply_not_modified(s->reply);
	else if (other == s->bucket->metageneration)
		reply_precondition(s->reply);
	else
		return true;
	return false;
}

/* The answer is an object of JSON that `add` writes. */
static void
answer(const struct scene *s,
    void (*add)(const struct scene *s, struct json_out *w))
{
	struct fields *fields;
	struct json_out w;

	if (operations_fields(s, &fields) != 0)
		return;
	json_init(&w, &s->reply->body, s->reply->pretty, fields);
	add(s, &w);
	json_end(&w);
	fields_free(fields);
}

static bool
is_full(const struct scene *s)
{
	return query_is(&s->ask->route->query, "projection", "full");
}

static void
add_resource(const struct scene *s, struct json_out *w)
{
	bucket_resource_add(s->bucket, &s->ask->self, is_full(s), w);
}

/* --- reading --- */

void
operations_bucket_get(const struct scene *s)
{
	if (check_parameters(s) == 0 && holds(s, true))
		answer(s, add_resource);
}

static void
add_layout(const struct scene *s, struct json_out *w)
{
	bucket_resource_add_layout(s->bucket, w);
}

void
operations_bucket_layout(const struct scene *s)
{
	answer(s, add_layout);
}

/* --- lists of buckets --- */

/* What a list is to hold: its first bucket, how many, and below what. */
struct bucket_page {
	const struct bucket *first;
	uint64_t max;
	struct buf prefix;
};

/* A token is the URL base64 of the name of the next bucket. */
static int
find_first(const struct scene *s, struct bucket_page *p)
{
	const struct query *q = &s->ask->route->query;
	struct buf token, name;
	int rc = 0;

	p->first = s->world->buckets;
	if (!query_has(q, "pageToken"))
		return 0;
	buf_init(&token, HTTP_MAX_HEAD);
	buf_init(&name, HTTP_MAX_HEAD);
	if (query_get(q, "pageToken", &token) != 0 ||
	    base64_url_parse(&name, token.data, token.len) != 0 ||
	    !bucket_is_name(name.data, name.len))
		rc = -1;
	while (rc == 0 && p->first != NULL &&
	    strcmp(p->first->name, name.data) < 0)
		p->first = p->first->next;
	buf_release(&token);
	buf_release(&name);
	return rc;
}

static int
read_page(const struct scene *s, struct bucket_page *p)
{
	const struct query *q = &s->ask->route->query;

	p->max = 0;
	buf_init(&p->prefix, HTTP_MAX_HEAD);
	if (check_parameters(s) != 0)
		return -1;
	if (query_u64(q, "maxResults", &p->max) < 0 || p->max > UINT32_MAX) {
		reply_bad_parameter(s->reply, "maxResults", "invalidParameter",
		    "Invalid unsigned integer value: want 0 to 4294967295.");
		return -1;
	}
	if (p->max == 0 || p->max > LIST_MAX)
		p->max = LIST_MAX;
	if (query_get(q, "prefix", &p->prefix) != 0) {
		reply_bad_parameter(s->reply, "prefix", "invalid",
		    "Invalid percent-encoding.");
		return -1;
	}
	if (find_first(s, p) != 0) {
		reply_bad_parameter(s->reply, "pageToken", "invalid",
		    "Invalid argument.");
		return -1;
	}
	return 0;
}

static const char path_of_bucket[] = "projects/_/buckets/";

/* Is b among those that cannot be reached?  They may be named by their whole
 * path, too. */
static bool
is_unreachable(const struct scene *s, const struct bucket *b)
{
	const char *at = s->ask->unreachable;
	size_t n;

	for (; at != NULL && *at != '\0'; at += n + (at[n] == ',')) {
		if (str_starts(at, path_of_bucket))
			at += sizeof(path_of_bucket) - 1;
		n = strcspn(at, ",");
		if (str_is(at, n, b->name))
			return true;
	}
	return false;
}

static const struct bucket *
next_of(const struct scene *s, const struct bucket_page *p,
    const struct bucket *b)
{
	while (b != NULL &&
	    (!str_starts(b->name, p->prefix.data) || is_unreachable(s, b)))
		b = b->next;
	return b;
}

/* Which of the buckets below the prefix the list has not. */
static void
add_unreachable(const struct scene *s, const struct bucket_page *p,
    struct json_out *w)
{
	const struct bucket *b;
	struct buf path;

	if (s->ask->unreachable == NULL || !json_key(w, "unreachable"))
		return;
	buf_init(&path, sizeof(path_of_bucket) + BUCKET_NAME_MAX);
	json_open(w, '[');
	for (b = s->world->buckets; b != NULL; b = b->next) {
		if (!str_starts(b->name, p->prefix.data) ||
		    !is_unreachable(s, b))
			continue;
		buf_clear(&path);
		buf_adds(&path, path_of_bucket);
		buf_adds(&path, b->name);
		json_text(w, path.data, path.len);
	}
	json_close(w, ']');
	buf_release(&path);
}

static void
add_page(const struct scene *s, const struct bucket_page *p, struct json_out *w)
{
	const struct bucket *b = next_of(s, p, p->first);
	bool has_items = b != NULL && json_key(w, "items");
	struct buf token;
	uint64_t n;

	if (has_items)
		json_open(w, '[');
	for (n = 0; b != NULL && n < p->max; n++, b = next_of(s, p, b->next)) {
		if (has_items)
			bucket_resource_add(b, &s->ask->self, is_full(s), w);
	}
	if (has_items)
		json_close(w, ']');
	if (b == NULL || !json_key(w, "nextPageToken"))
		return;
	buf_init(&token, 2 * BUCKET_NAME_MAX);
	base64_url_add(&token, b->name, strlen(b->name));
	json_text(w, token.data, token.len);
	buf_release(&token);
}

void
operations_bucket_list(const struct scene *s)
{
	struct bucket_page page;
	struct fields *fields;
	struct json_out w;

	if (read_page(s, &page) == 0 && operations_fields(s, &fields) == 0) {
		json_init(&w, &s->reply->body, s->reply->pretty, fields);
		json_open(&w, '{');
		if (json_key(&w, "kind"))
			json_str(&w, "storage#buckets");
		add_page(s, &page, &w);
		add_unreachable(s, &page, &w);
		json_close(&w, '}');
		json_end(&w);
		fields_free(fields);
	}
	buf_release(&page.prefix);
}

/* --- changing --- */

/* 0 when the body may become a bucket, or change one. */
static int
parse_body(const struct scene *s, struct bucket_json *j,
    const struct bucket_config *base, enum bucket_json_for what)
{
	if (bucket_json_parse(j, s->ask->body, s->ask->body_len, base, what,
		s->ask->wall_us) == 0)
		return 0;
	reply_error(s->reply, j->status, j->reason, NULL, j->fault);
	return -1;
}

static int
check_name(const struct scene *s, const char *name)
{
	struct buf text;

	if (name == NULL) {
		reply_bad_request(s->reply, "required",
		    "A bucket's resource needs a name.");
		return -1;
	}
	if (!bucket_is_name(name, strlen(name))) {
		buf_init(&text, 1024);
		buf_addf(&text, "Invalid bucket name: '%.200s'", name);
		reply_bad_request(s->reply, "invalid", text.data);
		buf_release(&text);
		return -1;
	}
	if (world_find(s->world, name, strlen(name)) == NULL)
		return 0;
	reply_conflict(s->reply,
	    "You already own this bucket. Please select another name.");
	return -1;
}

/* What a bucket says that nobody asked anything of.  That its objects may be
 * retained one by one is said in the query, and only now.  -1: it is no flag. */
static int
read_base(const struct scene *s, struct bucket_config *out)
{
	bool retains = false;

	if (query_bool(&s->ask->route->query, "enableObjectRetention",
		&retains) < 0) {
		reply_bad_parameter(s->reply, "enableObjectRetention",
		    "invalidParameter",
		    "Invalid boolean value: want true or false.");
		return -1;
	}
	*out = (struct bucket_config){ .soft_delete_s = BUCKET_SOFT_DELETE_S,
		.soft_delete_since_us = s->ask->wall_us,
		.extra = retains
		    ? mem_strdup("{\"objectRetention\":{\"mode\":\"Enabled\"}}")
		    : NULL };
	return 0;
}

void
operations_bucket_insert(const struct scene *s)
{
	struct scene made = *s;
	struct bucket_config base = { 0 };
	struct bucket_json j = { 0 };

	if (check_parameters(s) == 0 && read_base(s, &base) == 0 &&
	    parse_body(s, &j, &base, BUCKET_JSON_NEW) == 0 &&
	    operations_acl_check(s, j.config.extra) == 0 &&
	    check_name(s, j.name) == 0) {
		made.bucket = world_add(s->world, j.name, s->ask->wall_us);
		bucket_json_apply(&j, made.bucket, BUCKET_JSON_NEW,
		    s->ask->wall_us);
		operations_acl_predefine(&made);
		answer(&made, add_resource);
	}
	free(base.extra);
	bucket_json_release(&j);
}

static void
change(const struct scene *s, enum bucket_json_for what)
{
	struct bucket_json j = { 0 };

	if (check_parameters(s) == 0 &&
	    parse_body(s, &j, &s->bucket->config, what) == 0 &&
	    operations_acl_check(s, j.config.extra) == 0 && holds(s, false)) {
		bucket_json_apply(&j, s->bucket, what, s->ask->wall_us);
		operations_acl_predefine(s);
		answer(s, add_resource);
	}
	bucket_json_release(&j);
}

void
operations_bucket_patch(const struct scene *s)
{
	change(s, BUCKET_JSON_PATCH);
}

void
operations_bucket_update(const struct scene *s)
{
	change(s, BUCKET_JSON_UPDATE);
}

/* For good: that is why it needs the condition.  0, which no bucket ever has, is
 * any here: Node's retry suite locks so. */
void
operations_bucket_lock(const struct scene *s)
{
	const struct query *q = &s->ask->route->query;
	struct bucket *b = s->bucket;

	if (!query_has(q, "ifMetagenerationMatch")) {
		reply_bad_parameter(s->reply, "ifMetagenerationMatch",
		    "required", "Required parameter: ifMetagenerationMatch");
		return;
	}
	if (check_parameters(s) != 0 ||
	    (!query_is(q, "ifMetagenerationMatch", "0") && !holds(s, false)))
		return;
	if (b->config.retention_s == 0) {
		reply_bad_request(s->reply, "invalid",
		    "The bucket has no retention policy to lock.");
		return;
	}
	if (!b->config.retention_is_locked) {
		b->config.retention_is_locked = true;
		b->metageneration++;
		b->updated_us = s->ask->wall_us;
		bucket_touch(b);
	}
	answer(s, add_resource);
}

/* What was deleted softly is no hindrance, and goes with the bucket. */
void
operations_bucket_delete(const struct scene *s)
{
	if (!holds(s, false))
		return;
	if (bucket_objects(s->bucket) + s->bucket->noncurrent.n > 0) {
		reply_conflict(s->reply,
		    "The bucket you tried to delete is not empty.");
		return;
	}
	world_remove(s->world, s->bucket);
	s->reply->status = 204;
}
