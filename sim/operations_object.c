/* SPDX-License-Identifier: MIT */
/*
 * One object: its resource, its bytes, its end.  Conditions are looked at
 * before anything happens, so a 412 changes nothing.
 */
#include "sim/operations_priv.h"

#include <time.h>

#include "sim/base64.h"
#include "sim/bucket.h"
#include "sim/guard.h"
#include "sim/json_out.h"
#include "sim/reply.h"
#include "sim/routes.h"

void
operations_get(const struct scene *s)
{
	struct object *o;

	if (operations_find(s, &o) == 0 && operations_may(s, o, FOR_READ))
		operations_reply_object(s, o);
}

static void
add_media_head(const struct object *o, struct buf *head)
{
	struct object_hashes hashes;
	char modified[40];
	uint8_t crc[4];
	time_t second = (time_t)(o->updated_us / 1000000);
	struct tm tm;
	int i;

	object_hashes(o, &hashes);
	for (i = 0; i < 4; i++)
		crc[i] = (uint8_t)(hashes.crc32c >> (24 - 8 * i));
	buf_adds(head, "x-goog-generation: ");
	json_add_u64(head, o->generation);
	buf_addf(head, "\r\nx-goog-metageneration: %u", o->metageneration);
	buf_adds(head, "\r\nx-goog-hash: crc32c=");
	base64_add(head, crc, sizeof(crc));
	if (object_has_md5(o)) {
		buf_adds(head, ",md5=");
		base64_add(head, hashes.md5, sizeof(hashes.md5));
	}
	buf_addf(head,
	    "\r\nx-goog-storage-class: %s\r\n"
	    "x-goog-stored-content-encoding: identity\r\n"
	    "x-goog-stored-content-length: ",
	    object_storage_class(o));
	json_add_u64(head, o->size);
	buf_adds(head, "\r\nETag: ");
	object_add_etag(o, head);
	gmtime_r(&second, &tm);
	strftime(modified, sizeof(modified), "%a, %d %b %Y %H:%M:%S GMT", &tm);
	buf_addf(head, "\r\nLast-Modified: %s\r\n", modified);
}

void
operations_reply_media(const struct scene *s, const struct object *o)
{
	s->reply->type = object_type(o);
	add_media_head(o, &s->reply->head);
	object_add_media(o, 0, o->size, s->ask->media);
}

void
operations_media(const struct scene *s)
{
	struct object *o;

	if (operations_find(s, &o) == 0 && operations_may(s, o, FOR_READ))
		operations_reply_media(s, o);
}

void
operations_delete(const struct scene *s)
{
	struct object *o;

	if (operations_find(s, &o) != 0 || !operations_may(s, o, FOR_CHANGE) ||
	    !guard_allows(s->bucket, o, s->ask->wall_us, s->reply))
		return;
	if (query_has(&s->ask->route->query, "generation"))
		bucket_delete_version(s->bucket, o, s->ask->wall_us);
	else
		bucket_delete(s->bucket, o, s->ask->wall_us);
	s->reply->status = 204;
}
