/* SPDX-License-Identifier: MIT */
/*
 * One object: its resource, its end.  Conditions are looked at before anything
 * happens, so a 412 changes nothing.
 */
#include "sim/operations_priv.h"

#include "sim/bucket.h"
#include "sim/guard.h"
#include "sim/reply.h"
#include "sim/routes.h"

void
operations_get(const struct scene *s)
{
	bool is_soft = query_is_true(&s->ask->route->query, "softDeleted");
	struct object *o;
	int rc = is_soft ? operations_find_soft_deleted(s,
			       "You must specify a generation.", &o)
			 : operations_find(s, &o);

	if (rc != 0 || !operations_may(s, o, FOR_READ))
		return;
	if (operations_is_known(s, o))
		reply_not_modified(s->reply);
	else
		operations_reply_object(s, o);
}

void
operations_delete(const struct scene *s)
{
	struct object *o;

	if (operations_find(s, &o) != 0 || !operations_may(s, o, FOR_CHANGE) ||
	    !guard_allows(s->world, s->bucket, o, s->ask->wall_us, s->reply))
		return;
	if (query_has(&s->ask->route->query, "generation"))
		bucket_delete_version(s->bucket, o, s->ask->wall_us);
	else
		bucket_delete(s->bucket, o, s->ask->wall_us);
	s->reply->status = 204;
}
