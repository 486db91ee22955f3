/* SPDX-License-Identifier: MIT */
/*
 * copyTo, rewriteTo and moveTo: a new version of the route's name that has the
 * bytes of another.  Bytes are shared, never copied, so all three are done at
 * once; a rewrite pretends otherwise when its client asks for small steps.
 */
#include "sim/operations_priv.h"

#include <string.h>

#include "sim/bucket.h"
#include "sim/guard.h"
#include "sim/json_out.h"
#include "sim/meta.h"
#include "sim/object_json.h"
#include "sim/reply.h"
#include "sim/resource.h"
#include "sim/rewrite_token.h"
#include "sim/routes.h"
#include "sim/world.h"

enum { REWRITE_UNIT = 1 << 20, TOKEN_MAX = 256 };

/* --- the source --- */

static int
find_source(const struct scene *s, const struct object **out)
{
	const struct route *r = s->ask->route;
	const struct buf *name = &r->source_name;
	struct bucket *b = world_find(s->world, r->source_bucket.data,
	    r->source_bucket.len);
	uint64_t generation;
	/* Only what is live can move. */
	int got = r->op == OP_OBJECT_MOVE
	    ? 0
	    : query_u64(&r->query, "sourceGeneration", &generation);

	if (b == NULL) {
		reply_no_bucket(s->reply);
		return -1;
	}
	if (got < 0) {
		reply_bad_request(s->reply, "invalid",
		    "Invalid long value in a generation parameter.");
		return -1;
	}
	if (b != s->bucket)
		bucket_begin(b);
	*out = got > 0
	    ? bucket_find_version(b, name->data, name->len, generation)
	    : bucket_find(b, name->data, name->len);
	return operations_may(s, *out, FOR_SOURCE) ? 0 : -1;
}

/* Everything that may be asked before something happens. */
static int
start(const struct scene *s, const struct object **source)
{
	const struct buf *name = &s->ask->route->name;
	const char *fault = object_name_fault(name->data, name->len);

	if (fault != NULL) {
		reply_bad_request(s->reply, "invalid", fault);
		return -1;
	}
	return find_source(s, source) == 0 && operations_may_put(s) ? 0 : -1;
}

/* --- the metadata --- */

void
operations_copy_meta(const struct object *source, struct meta_draft *draft)
{
	meta_read(source->meta, draft);
	draft->temporary_hold = draft->event_based_hold = false;
	draft->retained_from_us = 0;
	draft->text[META_RETENTION_MODE] = NULL;
	draft->text[META_RETAIN_UNTIL] = NULL;
	draft->text[META_STORAGE_CLASS] = NULL;
	draft->text[META_ACL] = NULL;
}

void
operations_keep_bytes(const struct scene *s, const struct object *source,
    struct meta_draft *draft)
{
	const char *bytes_of = meta_text(source->meta, META_BYTES_OF);

	if (source->payload == NULL && bytes_of == NULL)
		bytes_of = object_name(source);
	if (bytes_of != NULL && strcmp(bytes_of, s->ask->route->name.data) == 0)
		bytes_of = NULL;
	draft->components = meta_components(source->meta);
	draft->text[META_BYTES_OF] = bytes_of;
}

/* The client's words replace all of the source's but the content type, unless
 * he says nothing but a storage class. */
static int
describe(const struct scene *s, const struct object *source,
    struct object_json *json)
{
	const char *wrong = object_json_parse(json, s->ask->body,
	    s->ask->body_len, NULL, OBJECT_JSON_NEW);
	const char *class = json->draft.text[META_STORAGE_CLASS];
	const char *acl = json->draft.text[META_ACL];

	if (wrong != NULL) {
		reply_bad_request(s->reply, object_json_reason(json, wrong),
		    wrong);
		return -1;
	}
	if (!object_json_has_metadata(json)) {
		meta_draft_release(&json->draft);
		operations_copy_meta(source, &json->draft);
		json->draft.text[META_STORAGE_CLASS] = class;
		json->draft.text[META_ACL] = acl;
	} else if (json->draft.text[META_CONTENT_TYPE] == NULL) {
		json->draft.text[META_CONTENT_TYPE] = meta_text(source->meta,
		    META_CONTENT_TYPE);
	}
	operations_keep_bytes(s, source, &json->draft);
	return operations_check_draft(s, NULL, &json->draft);
}

/* NULL: the reply is written. */
static const struct object *
copy(const struct scene *s, const struct object *source)
{
	const struct object *made = NULL;
	struct object_json json;

	if (describe(s, source, &json) == 0)
		made = operations_publish(s, source->size,
		    payload_share(source->payload), &json.draft);
	object_json_release(&json);
	return made;
}

void
operations_copy(const struct scene *s)
{
	const struct object *source, *made;

	if (start(s, &source) == 0 && (made = copy(s, source)) != NULL)
		operations_reply_object(s, made);
}

/* --- rewrite --- */

struct progress {
	uint64_t size; /* of the source */
	uint64_t done; /* with this call */
};

/* made NULL: there is more to do. */
static void
reply_rewrite(const struct scene *s, const struct rewrite *r,
    const struct progress *p, const struct object *made)
{
	struct resource resource;
	struct fields *fields;
	struct json_out w;

	if (operations_fields(s, &fields) != 0)
		return;
	resource_init(&resource, s->bucket, s->ask);
	json_init(&w, &s->reply->body, s->reply->pretty, fields);
	json_open(&w, '{');
	if (json_key(&w, "kind"))
		json_str(&w, "storage#rewriteResponse");
	if (json_key(&w, "totalBytesRewritten"))
		json_u64_str(&w, p->done);
	if (json_key(&w, "objectSize"))
		json_u64_str(&w, p->size);
	if (json_key(&w, "done"))
		json_bool(&w, made != NULL);
	if (made == NULL && json_key(&w, "rewriteToken")) {
		rewrite_token_add(r, p->done, &resource.text);
		json_text(&w, resource.text.data, resource.text.len);
	}
	if (made != NULL && json_key(&w, "resource"))
		resource_add_object(&resource, made, &w);
	json_close(&w, '}');
	json_end(&w);
	resource_release(&resource);
	fields_free(fields);
}

/* Reads how far the rewrite was into p->done. */
static int
read_token(const struct scene *s, const struct rewrite *r, struct progress *p)
{
	const struct query *q = &s->ask->route->query;
	struct buf text;
	int rc = 0;

	p->done = 0;
	if (!query_has(q, "rewriteToken"))
		return 0;
	buf_init(&text, TOKEN_MAX);
	if (query_get(q, "rewriteToken", &text) != 0 ||
	    rewrite_token_parse(r, text.data, text.len, &p->done) != 0) {
		reply_bad_request(s->reply, "invalid",
		    "Invalid rewrite token.");
		rc = -1;
	}
	buf_release(&text);
	return rc;
}

static int
read_step(const struct scene *s, uint64_t *step)
{
	int got = query_u64(&s->ask->route->query, "maxBytesRewrittenPerCall",
	    step);

	if (got == 0)
		*step = UINT64_MAX;
	if (got == 0 || (got > 0 && *step > 0 && *step % REWRITE_UNIT == 0))
		return 0;
	reply_bad_request(s->reply, "invalid",
	    "maxBytesRewrittenPerCall must be an integral multiple of 1 MiB "
	    "(1048576).");
	return -1;
}

void
operations_rewrite(const struct scene *s)
{
	struct rewrite r = { .route = s->ask->route };
	const struct object *source, *made = NULL;
	struct progress p;

	if (read_step(s, &r.step) != 0 || start(s, &source) != 0)
		return;
	r.generation = source->generation;
	p.size = source->size;
	if (read_token(s, &r, &p) != 0)
		return;
	if (p.size - p.done > r.step)
		p.done += r.step;
	else if ((made = copy(s, source)) != NULL)
		p.done = p.size;
	else
		return;
	reply_rewrite(s, &r, &p, made);
}

/* --- move --- */

/* Everything comes along, since it is the same object under another name. */
void
operations_move(const struct scene *s)
{
	const struct buf *name = &s->ask->route->source_name;
	const struct object *source, *made;
	struct meta_draft draft;

	if (start(s, &source) != 0)
		return;
	if (object_compare_name(source, s->ask->route->name.data,
		s->ask->route->name.len) == 0) {
		reply_bad_request(s->reply, "invalid",
		    "The source and the destination of a move must differ.");
		return;
	}
	if (!guard_allows(s->world, s->bucket, source, s->ask->wall_us,
		s->reply))
		return;
	meta_read(source->meta, &draft);
	operations_keep_bytes(s, source, &draft);
	draft.retained_from_us = 0;
	made = operations_publish(s, source->size,
	    payload_share(source->payload), &draft);
	meta_draft_release(&draft);
	bucket_delete(s->bucket, bucket_find(s->bucket, name->data, name->len),
	    s->ask->wall_us);
	operations_reply_object(s, made);
}
