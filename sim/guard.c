/* SPDX-License-Identifier: MIT */
/* The texts are production's; clients tell holds from missing permissions by
 * nothing else, since the reason of both is `forbidden`. */
#include "sim/guard.h"

#include "sim/bucket.h"
#include "sim/meta.h"
#include "sim/object.h"
#include "sim/reply.h"
#include "sim/rfc3339.h"
#include "sim/world.h"
#include "src/base/buf.h"

enum { TEXT_MAX = 4096 };

/* The bucket's policy counts from the object's creation, or from the end of an
 * event-based hold, and not at all while there is one. */
static uint64_t
end_of_policy(const struct bucket *b, const struct object *o)
{
	uint64_t from = meta_retained_from(o->meta);

	if (b->config.retention_s == 0 || meta_has_event_based_hold(o->meta))
		return 0;
	return (from != 0 ? from : o->generation) +
	    b->config.retention_s * 1000000;
}

uint64_t
guard_retained_until(const struct bucket *b, const struct object *o)
{
	const char *text = meta_text(o->meta, META_RETAIN_UNTIL);
	uint64_t policy = end_of_policy(b, o), own;

	if (text == NULL || rfc3339_parse(text, &own) != 0 || own < policy)
		return policy;
	return own;
}

enum guard
guard_of(const struct world *w, const struct bucket *b, const struct object *o,
    uint64_t wall_us)
{
	if (o == NULL)
		return GUARD_FREE;
	if (meta_has_temporary_hold(o->meta))
		return GUARD_TEMPORARY_HOLD;
	if (meta_has_event_based_hold(o->meta))
		return GUARD_EVENT_BASED_HOLD;
	return !w->retention_is_ignored && guard_retained_until(b, o) > wall_us
	    ? GUARD_RETENTION
	    : GUARD_FREE;
}

void
guard_add_text(enum guard why, const struct bucket *b, const struct object *o,
    struct buf *out)
{
	char until[RFC3339_MAX];

	buf_addf(out, "Object '%s/%s' is ", b->name, object_name(o));
	if (why == GUARD_RETENTION) {
		rfc3339_format_exact(guard_retained_until(b, o), until);
		buf_addf(out,
		    "subject to bucket's retention policy or object retention "
		    "and cannot be deleted or overwritten until %s",
		    until);
	} else {
		buf_addf(out,
		    "under active %s hold and cannot be deleted, overwritten "
		    "or archived until hold is removed.",
		    why == GUARD_TEMPORARY_HOLD ? "Temporary" : "Event-Based");
	}
}

bool
guard_allows(const struct world *w, const struct bucket *b,
    const struct object *o, uint64_t wall_us, struct reply *reply)
{
	enum guard why = guard_of(w, b, o, wall_us);
	struct buf text;

	if (why == GUARD_FREE)
		return true;
	buf_init(&text, TEXT_MAX);
	guard_add_text(why, b, o, &text);
	reply_error(reply, 403,
	    why == GUARD_RETENTION ? "retentionPolicyNotMet" : "forbidden",
	    NULL, text.data);
	buf_release(&text);
	return false;
}
