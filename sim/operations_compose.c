/* SPDX-License-Identifier: MIT */
/*
 * objects.compose: up to 32 objects of one bucket become one.  Its bytes are
 * stored once more, since the parts may go.  What was never stored cannot be
 * part of it: the whole would have a checksum that its bytes do not have.
 */
#include "sim/operations_priv.h"

#include <string.h>

#include "sim/bucket.h"
#include "sim/compose_json.h"
#include "sim/guard.h"
#include "sim/meta.h"
#include "sim/object_json.h"
#include "sim/reply.h"
#include "sim/routes.h"

/* The most that one composite may have: composites of composites grow by 32 at
 * each step, and all of it is memory here. */
static const uint64_t size_max = 1 << 30;

/* The most that componentCount says, a number of 32 bits with a sign. */
static const uint64_t components_max = INT32_MAX;

/* What the sources come to. */
struct whole {
	struct object *part[COMPOSE_MAX];
	uint64_t generation[COMPOSE_MAX];
	bool was_live[COMPOSE_MAX];
	size_t n;
	uint64_t size;
	uint64_t components;
};

static int
refuse_part(const struct scene *s, const char *name)
{
	struct buf text;

	buf_init(&text, 2 * OBJECT_NAME_MAX);
	buf_addf(&text,
	    "The simulator has no bytes of %s/%s to compose: upload it first.",
	    s->bucket->name, name);
	reply_error(s->reply, 501, "notImplemented", NULL, text.data);
	buf_release(&text);
	return -1;
}

/* May that be part of the whole? */
static int
check_part(const struct scene *s, const struct compose_source *source,
    const struct object *o, bool is_deleted)
{
	if (o == NULL) {
		reply_no_object(s->reply, s->bucket->name, source->name,
		    strlen(source->name));
		return -1;
	}
	if (source->has_condition &&
	    source->if_generation_match != o->generation) {
		reply_precondition(s->reply);
		return -1;
	}
	if (is_deleted &&
	    !guard_allows(s->world, s->bucket, o, s->ask->wall_us, s->reply))
		return -1;
	return o->payload != NULL || o->size == 0
	    ? 0
	    : refuse_part(s, source->name);
}

static int
find_parts(const struct scene *s, const struct compose_json *json,
    struct whole *w)
{
	const struct compose_source *source;
	struct object *o;
	uint32_t components;

	*w = (struct whole){ 0 };
	for (; w->n < json->n; w->n++) {
		source = &json->source[w->n];
		o = source->has_generation
		    ? bucket_find_version(s->bucket, source->name,
			  strlen(source->name), source->generation)
		    : bucket_find(s->bucket, source->name,
			  strlen(source->name));
		if (check_part(s, source, o, json->deletes_sources) != 0)
			return -1;
		components = meta_components(o->meta);
		w->part[w->n] = o;
		w->generation[w->n] = o->generation;
		w->was_live[w->n] = o->state == OBJECT_LIVE;
		w->size += o->size;
		w->components += components > 0 ? components : 1;
	}
	if (w->size <= size_max)
		return 0;
	reply_bad_request(s->reply, "invalid",
	    "The simulator composes no object of more than 1 GiB.");
	return -1;
}

static struct payload *
join(const struct whole *w)
{
	struct payload *p = payload_alloc((size_t)w->size);
	char *at = p->bytes;
	size_t i;

	for (i = 0; i < w->n; i++) {
		if (w->part[i]->size == 0)
			continue;
		memcpy(at, w->part[i]->payload->bytes, w->part[i]->size);
		at += w->part[i]->size;
	}
	payload_hash(p);
	return p;
}

/* A part may stand in the list twice, or may just have been replaced by the
 * whole, so each is looked for again. */
static void
delete_parts(const struct scene *s, const struct compose_json *json,
    const struct whole *w)
{
	struct object *o;
	size_t i;

	for (i = 0; i < w->n; i++) {
		o = bucket_find_version(s->bucket, json->source[i].name,
		    strlen(json->source[i].name), w->generation[i]);
		if (o == NULL)
			continue;
		if (!w->was_live[i])
			bucket_delete_version(s->bucket, o, s->ask->wall_us);
		else if (o->state == OBJECT_LIVE)
			bucket_delete(s->bucket, o, s->ask->wall_us);
	}
}

static void
put_whole(const struct scene *s, const struct compose_json *json,
    const struct whole *w, struct meta_draft *draft)
{
	const struct object *made;

	if (draft->text[META_CONTENT_TYPE] == NULL)
		draft->text[META_CONTENT_TYPE] = meta_text(w->part[0]->meta,
		    META_CONTENT_TYPE);
	draft->components = (uint32_t)(w->components < components_max
		? w->components
		: components_max);
	made = operations_publish(s, w->size, join(w), draft);
	if (json->deletes_sources)
		delete_parts(s, json, w);
	operations_reply_object(s, made);
}

static void
compose(const struct scene *s, const struct compose_json *json)
{
	struct object_json object;
	struct whole whole;
	const char *wrong = object_json_read(&object, json->destination, NULL,
	    OBJECT_JSON_NEW);

	if (wrong != NULL)
		reply_bad_request(s->reply, object_json_reason(&object, wrong),
		    wrong);
	else if (operations_check_draft(s, NULL, &object.draft) == 0 &&
	    operations_may_put(s) && find_parts(s, json, &whole) == 0)
		put_whole(s, json, &whole, &object.draft);
	object_json_release(&object);
}

void
operations_compose(const struct scene *s)
{
	const struct buf *name = &s->ask->route->name;
	struct compose_json json;
	const char *wrong = compose_json_parse(&json, s->ask->body,
	    s->ask->body_len);
	const char *fault = object_name_fault(name->data, name->len);

	if (wrong != NULL)
		reply_bad_request(s->reply, json.reason, wrong);
	else if (fault != NULL)
		reply_bad_request(s->reply, "invalid", fault);
	else
		compose(s, &json);
	compose_json_release(&json);
}
