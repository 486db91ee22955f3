/* SPDX-License-Identifier: MIT */
/* Buckets here, objects in operations_object.c. */
#include "sim/operations.h"

#include <string.h>

#include "sim/body.h"
#include "sim/bucket.h"
#include "sim/json_out.h"
#include "sim/operations_priv.h"
#include "sim/reply.h"
#include "sim/resource.h"
#include "sim/routes.h"
#include "sim/world.h"

int
operations_fields(const struct ask *ask, struct fields **out,
    struct reply *reply)
{
	struct buf text;
	int rc;

	*out = NULL;
	if (!query_has(&ask->route->query, "fields"))
		return 0;
	buf_init(&text, HTTP_MAX_HEAD);
	rc = query_get(&ask->route->query, "fields", &text);
	if (rc == 0 && (*out = fields_parse(text.data, text.len)) == NULL)
		rc = -1;
	buf_release(&text);
	if (rc != 0)
		reply_bad_request(reply, "invalidParameter",
		    "Invalid field selection in the parameter fields.");
	return rc;
}

static void
add_bucket_reply(const struct ask *ask, const struct bucket *b,
    struct reply *reply)
{
	struct resource resource;
	struct fields *fields;
	struct json_out w;

	if (operations_fields(ask, &fields, reply) != 0)
		return;
	resource_init(&resource, b, ask->host);
	json_init(&w, &reply->body, reply->pretty, fields);
	resource_add_bucket(&resource, &w);
	json_end(&w);
	resource_release(&resource);
	fields_free(fields);
}

static void
list_buckets(const struct world *world, const struct ask *ask,
    struct reply *reply)
{
	struct resource resource;
	struct fields *fields;
	struct json_out w;
	const struct bucket *b;

	if (operations_fields(ask, &fields, reply) != 0)
		return;
	json_init(&w, &reply->body, reply->pretty, fields);
	json_open(&w, '{');
	if (json_key(&w, "kind"))
		json_str(&w, "storage#buckets");
	if (world->buckets != NULL && json_key(&w, "items")) {
		json_open(&w, '[');
		for (b = world->buckets; b != NULL; b = b->next) {
			resource_init(&resource, b, ask->host);
			resource_add_bucket(&resource, &w);
			resource_release(&resource);
		}
		json_close(&w, ']');
	}
	json_close(&w, '}');
	json_end(&w);
	fields_free(fields);
}

static void
insert_bucket(struct world *world, const struct ask *ask, struct reply *reply)
{
	char name[BUCKET_NAME_MAX + 1];

	if (body_parse_name(ask->body, ask->body_len, name, sizeof(name)) !=
		0 ||
	    !bucket_is_name(name, strlen(name))) {
		reply_bad_request(reply, "invalid",
		    "Invalid bucket name in the request.");
		return;
	}
	if (world_find(world, name, strlen(name)) != NULL) {
		reply_conflict(reply,
		    "You already own this bucket. Please select another "
		    "name.");
		return;
	}
	add_bucket_reply(ask, world_add(world, name, ask->now_us, ask->wall_us),
	    reply);
}

static void
delete_bucket(struct world *world, struct bucket *b, struct reply *reply)
{
	if (b->objects > 0) {
		reply_conflict(reply,
		    "The bucket you tried to delete is not empty.");
		return;
	}
	world_remove(world, b);
	reply->status = 204;
}

void
operations_run(struct world *world, const struct ask *ask, struct reply *reply)
{
	struct route *route = ask->route;
	struct bucket *b = world_find(world, route->bucket.data,
	    route->bucket.len);

	reply_clear(reply, !query_is(&route->query, "prettyPrint", "false"));
	if (route->op >= OP_OBJECT_LIST && route->op != OP_BUCKET_LIST &&
	    route->op != OP_BUCKET_INSERT && b == NULL) {
		reply_no_bucket(reply);
		return;
	}
	switch (route->op) {
	case OP_NONE:
		reply_no_path(reply);
		break;
	case OP_METHOD:
		reply_no_method(reply);
		break;
	case OP_BAD:
		reply_bad_request(reply, "invalid",
		    "Invalid percent-encoding.");
		break;
	case OP_OBJECT_LIST:
		operations_list(b, ask, reply);
		break;
	case OP_OBJECT_GET:
		operations_get(b, ask, reply);
		break;
	case OP_OBJECT_MEDIA:
		operations_media(b, ask, reply);
		break;
	case OP_OBJECT_INSERT:
		operations_insert(world, b, ask, reply);
		break;
	case OP_OBJECT_DELETE:
		operations_delete(b, ask, reply);
		break;
	case OP_BUCKET_LIST:
		list_buckets(world, ask, reply);
		break;
	case OP_BUCKET_INSERT:
		insert_bucket(world, ask, reply);
		break;
	case OP_BUCKET_GET:
		add_bucket_reply(ask, b, reply);
		break;
	case OP_BUCKET_DELETE:
		delete_bucket(world, b, reply);
		break;
	}
}
