/* SPDX-License-Identifier: MIT */
/*
 * Objects: list, get, media, insert, delete.  Conditions are looked at before
 * anything happens, so a 412 changes nothing.
 */
#include "sim/operations_priv.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sim/base64.h"
#include "sim/bucket.h"
#include "sim/json_out.h"
#include "sim/listing.h"
#include "sim/object.h"
#include "sim/preconditions.h"
#include "sim/reply.h"
#include "sim/resource.h"
#include "sim/routes.h"
#include "sim/upload.h"
#include "sim/world.h"

/* --- list --- */

/* The decoded parameters that a listing borrows. */
struct list_texts {
	struct buf delimiter, start, end, token, after;
};

static void
release_texts(struct list_texts *t)
{
	buf_release(&t->delimiter);
	buf_release(&t->start);
	buf_release(&t->end);
	buf_release(&t->token);
	buf_release(&t->after);
}

static int
get_text(const struct query *q, const char *key, struct buf *out,
    struct text *text)
{
	buf_init(out, HTTP_MAX_HEAD);
	if (query_get(q, key, out) != 0)
		return -1;
	*text = (struct text){ out->data, out->len };
	return 0;
}

/* NULL, or which parameter is wrong. */
static const char *
read_list(const struct route *route, struct listing *what, struct list_texts *t)
{
	const struct query *q = &route->query;
	struct text token = { NULL, 0 };
	uint64_t max = LISTING_MAX;

	*what = (struct listing){ .prefix = { route->name.data,
				      route->name.len } };
	buf_init(&t->after, HTTP_MAX_HEAD);
	if (get_text(q, "delimiter", &t->delimiter, &what->delimiter) |
	    get_text(q, "startOffset", &t->start, &what->start) |
	    get_text(q, "endOffset", &t->end, &what->end) |
	    get_text(q, "pageToken", &t->token, &token))
		return "Invalid percent-encoding.";
	if (token.n > 0 &&
	    listing_parse_token(what, token.s, token.n, &t->after) != 0)
		return "Invalid value for the parameter pageToken.";
	if (query_u64(q, "maxResults", &max) < 0)
		return "Invalid value for the parameter maxResults.";
	what->max = max == 0 || max > LISTING_MAX ? LISTING_MAX : (size_t)max;
	return NULL;
}

static void
add_items(const struct listing_page *page, struct resource *resource,
    struct json_out *w)
{
	bool has_items = false;
	size_t i;

	for (i = 0; i < page->entries.n; i++) {
		if (page->entries.v[i].object == NULL)
			continue;
		if (!has_items && !json_key(w, "items"))
			return;
		if (!has_items)
			json_open(w, '[');
		has_items = true;
		resource_add_object(resource, page->entries.v[i].object, w);
	}
	if (has_items)
		json_close(w, ']');
}

static void
add_prefixes(const struct listing_page *page, struct json_out *w)
{
	const struct listing_entry *e;
	bool has_prefixes = false;
	size_t i;

	for (i = 0; i < page->entries.n; i++) {
		e = &page->entries.v[i];
		if (e->object != NULL)
			continue;
		if (!has_prefixes && !json_key(w, "prefixes"))
			return;
		if (!has_prefixes)
			json_open(w, '[');
		has_prefixes = true;
		json_text(w, e->prefix.s, e->prefix.n);
	}
	if (has_prefixes)
		json_close(w, ']');
}

static void
add_page(const struct listing_page *page, struct resource *resource,
    struct json_out *w)
{
	json_open(w, '{');
	if (json_key(w, "kind"))
		json_str(w, "storage#objects");
	if (page->has_more && json_key(w, "nextPageToken")) {
		buf_clear(&resource->text);
		listing_add_token(page, &resource->text);
		json_text(w, resource->text.data, resource->text.len);
	}
	add_prefixes(page, w);
	add_items(page, resource, w);
	json_close(w, '}');
	json_end(w);
}

void
operations_list(struct bucket *b, const struct ask *ask, struct reply *reply)
{
	struct listing_page page = { 0 };
	struct list_texts texts;
	struct resource resource;
	struct fields *fields;
	struct listing what;
	struct json_out w;
	const char *fault = read_list(ask->route, &what, &texts);

	if (fault != NULL) {
		reply_bad_request(reply, "invalid", fault);
	} else if (operations_fields(ask, &fields, reply) == 0) {
		listing_run(b, &what, &page);
		resource_init(&resource, b, ask->host);
		json_init(&w, &reply->body, reply->pretty, fields);
		add_page(&page, &resource, &w);
		resource_release(&resource);
		vec_release(&page.entries);
		fields_free(fields);
	}
	release_texts(&texts);
}

/* --- one object --- */

/* True when the operation may go on; else the reply says why not. */
static bool
is_allowed(const struct bucket *b, const struct object *o,
    const struct ask *ask, enum precondition_for what, struct reply *reply)
{
	const struct buf *name = &ask->route->name;

	switch (precondition_check(&ask->route->query, o, what)) {
	case PRECONDITION_HOLDS:
		return true;
	case PRECONDITION_FAILS:
		reply_precondition(reply);
		return false;
	case PRECONDITION_SAME:
		reply_not_modified(reply);
		return false;
	case PRECONDITION_BAD:
		reply_bad_request(reply, "invalid",
		    "Invalid long value in a generation parameter.");
		return false;
	case PRECONDITION_MISSING:
		break;
	}
	if (ask->route->op == OP_OBJECT_MEDIA)
		reply_no_media(reply, b->name, name->data, name->len);
	else
		reply_no_object(reply, b->name, name->data, name->len);
	return false;
}

static void
add_object_reply(const struct bucket *b, const struct object *o,
    const struct ask *ask, struct reply *reply)
{
	struct resource resource;
	struct fields *fields;
	struct json_out w;

	if (operations_fields(ask, &fields, reply) != 0)
		return;
	resource_init(&resource, b, ask->host);
	json_init(&w, &reply->body, reply->pretty, fields);
	resource_add_object(&resource, o, &w);
	json_end(&w);
	resource_release(&resource);
	fields_free(fields);
}

static struct object *
find_object(const struct bucket *b, const struct ask *ask)
{
	return bucket_find(b, ask->route->name.data, ask->route->name.len);
}

void
operations_get(struct bucket *b, const struct ask *ask, struct reply *reply)
{
	struct object *o = find_object(b, ask);

	if (is_allowed(b, o, ask, FOR_READ, reply))
		add_object_reply(b, o, ask, reply);
}

static void
add_media_head(const struct object *o, struct buf *head)
{
	struct object_hashes hashes;
	char modified[40];
	uint8_t crc[4];
	time_t second = (time_t)(o->generation / 1000000);
	struct tm tm;
	int i;

	object_hashes(o, &hashes);
	for (i = 0; i < 4; i++)
		crc[i] = (uint8_t)(hashes.crc32c >> (24 - 8 * i));
	buf_adds(head, "x-goog-generation: ");
	json_add_u64(head, o->generation);
	buf_adds(head, "\r\nx-goog-metageneration: 1\r\nx-goog-hash: crc32c=");
	base64_add(head, crc, sizeof(crc));
	buf_adds(head, ",md5=");
	base64_add(head, hashes.md5, sizeof(hashes.md5));
	buf_adds(head,
	    "\r\nx-goog-storage-class: STANDARD\r\n"
	    "x-goog-stored-content-encoding: identity\r\n"
	    "x-goog-stored-content-length: ");
	json_add_u64(head, o->size);
	buf_adds(head, "\r\nETag: ");
	object_add_etag(o->generation, head);
	gmtime_r(&second, &tm);
	strftime(modified, sizeof(modified), "%a, %d %b %Y %H:%M:%S GMT", &tm);
	buf_addf(head, "\r\nLast-Modified: %s\r\n", modified);
}

void
operations_media(struct bucket *b, const struct ask *ask, struct reply *reply)
{
	struct object *o = find_object(b, ask);

	if (!is_allowed(b, o, ask, FOR_READ, reply))
		return;
	reply->type = object_type(o);
	add_media_head(o, &reply->head);
	object_add_media(o, ask->media);
}

static void
store_upload(struct world *world, struct bucket *b, const struct upload *u,
    const struct ask *ask, struct reply *reply)
{
	const struct buf *name = &ask->route->name;
	struct payload *payload;
	struct object *o;
	struct buf mismatch;

	payload = payload_new(u->media, u->n,
	    u->type.len > 0 ? u->type.data : NULL);
	buf_init(&mismatch, 1024);
	upload_add_mismatch(u, payload, &mismatch);
	if (mismatch.len > 0) {
		reply_bad_request(reply, "invalid", mismatch.data);
		free(payload);
	} else {
		o = bucket_put(b, name->data, name->len, u->n,
		    world_generation(world, ask->wall_us), payload);
		add_object_reply(b, o, ask, reply);
	}
	buf_release(&mismatch);
}

void
operations_insert(struct world *world, struct bucket *b, const struct ask *ask,
    struct reply *reply)
{
	const struct buf *name = &ask->route->name;
	struct upload upload;
	const char *fault = upload_read(&upload, ask->route, ask->content_type,
	    ask->body, ask->body_len);

	if (fault == NULL)
		fault = object_name_fault(name->data, name->len);
	if (fault != NULL)
		reply_bad_request(reply, "invalid", fault);
	else if (is_allowed(b, find_object(b, ask), ask, FOR_INSERT, reply))
		store_upload(world, b, &upload, ask, reply);
	upload_release(&upload);
}

void
operations_delete(struct bucket *b, const struct ask *ask, struct reply *reply)
{
	struct object *o = find_object(b, ask);

	if (!is_allowed(b, o, ask, FOR_DELETE, reply))
		return;
	bucket_remove(b, object_name(o), o->name_len);
	reply->status = 204;
}
