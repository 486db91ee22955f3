/* SPDX-License-Identifier: MIT */
/* objects.insert: new objects, in one request or begun in one. */
#include "sim/operations_priv.h"

#include <stdlib.h>

#include "sim/bucket.h"
#include "sim/meta.h"
#include "sim/promise.h"
#include "sim/reply.h"
#include "sim/routes.h"
#include "sim/upload.h"
#include "sim/world.h"

enum { WHY_MAX = 1024 };

const struct object *
operations_store(const struct scene *s, const char *promised,
    struct payload *payload_take, struct meta *meta_take)
{
	const struct buf *name = &s->ask->route->name;
	const struct object *o = NULL;
	struct buf why;

	buf_init(&why, WHY_MAX);
	if (promise_is_kept(promised, payload_take, &why)) {
		o = bucket_publish(s->bucket, name->data, name->len,
		    payload_take->size,
		    world_generation(s->world, s->ask->wall_us), payload_take,
		    meta_take);
		operations_reply_object(s, o);
	} else {
		reply_bad_request(s->reply, "invalid", why.data);
		payload_free(payload_take);
		free(meta_take);
	}
	buf_release(&why);
	return o;
}

/* What is held, and a precondition that fails, stop an upload when it ends, not
 * when it begins. */
static bool
may_begin(const struct scene *s, const struct upload *u)
{
	if (operations_check_draft(s, NULL, &u->about.draft) != 0)
		return false;
	if (u->kind != UPLOAD_RESUMABLE)
		return !operations_is_cut(s, u->n) && operations_may_put(s);
	return operations_may_ask(s);
}

static void
begin(const struct scene *s, struct upload *u)
{
	operations_inherit(s, &u->about.draft);
	if (u->kind == UPLOAD_RESUMABLE)
		operations_upload_start(s, u);
	else
		operations_store(s, u->promised.data,
		    payload_new(u->media, u->n), meta_new(&u->about.draft));
}

void
operations_insert(const struct scene *s)
{
	const struct buf *name = &s->ask->route->name;
	struct upload u;
	const char *fault = upload_read(&u, s->ask);

	if (fault == NULL)
		fault = object_name_fault(name->data, name->len);
	if (fault != NULL)
		reply_bad_request(s->reply, "invalid", fault);
	else if (may_begin(s, &u))
		begin(s, &u);
	upload_release(&u);
}
