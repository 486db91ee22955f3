/* SPDX-License-Identifier: MIT */
/* objects.insert: new objects, in one request. */
#include "sim/operations_priv.h"

#include "sim/bucket.h"
#include "sim/meta.h"
#include "sim/reply.h"
#include "sim/routes.h"
#include "sim/upload.h"
#include "sim/world.h"

static void
store_upload(const struct scene *s, const struct upload *u)
{
	const struct buf *name = &s->ask->route->name;
	struct meta_draft draft = { 0 };
	struct payload *payload = payload_new(u->media, u->n);
	struct buf mismatch;

	buf_init(&mismatch, 1024);
	upload_add_mismatch(u, payload, &mismatch);
	if (mismatch.len > 0) {
		reply_bad_request(s->reply, "invalid", mismatch.data);
		payload_free(payload);
	} else {
		draft.text[META_CONTENT_TYPE] = u->type.len > 0 ? u->type.data
								: NULL;
		operations_reply_object(s,
		    bucket_publish(s->bucket, name->data, name->len, u->n,
			world_generation(s->world, s->ask->wall_us), payload,
			meta_new(&draft)));
	}
	buf_release(&mismatch);
}

void
operations_insert(const struct scene *s)
{
	const struct ask *ask = s->ask;
	const struct buf *name = &ask->route->name;
	struct upload upload;
	const char *fault = upload_read(&upload, ask->route,
	    ask_header(ask, "Content-Type"), ask->body, ask->body_len);

	if (fault == NULL)
		fault = object_name_fault(name->data, name->len);
	if (fault != NULL)
		reply_bad_request(s->reply, "invalid", fault);
	else if (operations_may_put(s))
		store_upload(s, &upload);
	upload_release(&upload);
}
