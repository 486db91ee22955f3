/* SPDX-License-Identifier: MIT */
/* Buckets themselves. */
#include "sim/operations_priv.h"

#include <string.h>

#include "sim/body.h"
#include "sim/bucket.h"
#include "sim/json_out.h"
#include "sim/reply.h"
#include "sim/resource.h"
#include "sim/world.h"

void
operations_bucket_get(const struct scene *s)
{
	operations_reply_bucket(s);
}

void
operations_bucket_list(const struct scene *s)
{
	struct resource resource;
	struct fields *fields;
	struct json_out w;
	const struct bucket *b;

	if (operations_fields(s, &fields) != 0)
		return;
	json_init(&w, &s->reply->body, s->reply->pretty, fields);
	json_open(&w, '{');
	if (json_key(&w, "kind"))
		json_str(&w, "storage#buckets");
	if (s->world->buckets != NULL && json_key(&w, "items")) {
		json_open(&w, '[');
		for (b = s->world->buckets; b != NULL; b = b->next) {
			resource_init(&resource, b, s->ask);
			resource_add_bucket(&resource, &w);
			resource_release(&resource);
		}
		json_close(&w, ']');
	}
	json_close(&w, '}');
	json_end(&w);
	fields_free(fields);
}

void
operations_bucket_insert(const struct scene *s)
{
	struct scene made = *s;
	char name[BUCKET_NAME_MAX + 1];

	if (body_parse_name(s->ask->body, s->ask->body_len, name,
		sizeof(name)) != 0 ||
	    !bucket_is_name(name, strlen(name))) {
		reply_bad_request(s->reply, "invalid",
		    "Invalid bucket name in the request.");
		return;
	}
	if (world_find(s->world, name, strlen(name)) != NULL) {
		reply_conflict(s->reply,
		    "You already own this bucket. Please select another "
		    "name.");
		return;
	}
	made.bucket = world_add(s->world, name, s->ask->now_us,
	    s->ask->wall_us);
	operations_reply_bucket(&made);
}

void
operations_bucket_delete(const struct scene *s)
{
	if (s->bucket->live.n + s->bucket->noncurrent.n > 0) {
		reply_conflict(s->reply,
		    "The bucket you tried to delete is not empty.");
		return;
	}
	world_remove(s->world, s->bucket);
	s->reply->status = 204;
}
