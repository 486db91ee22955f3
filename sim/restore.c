/* SPDX-License-Identifier: MIT */
/*
 * Production takes minutes for a bulk restore and runs one at a time in each
 * bucket, refusing a second.  Here it is over before it is answered, so there
 * is never a first one in the way.
 */
#include "sim/restore.h"

#include "sim/acl.h"
#include "sim/bucket.h"
#include "sim/glob.h"
#include "sim/guard.h"
#include "sim/meta.h"
#include "sim/object.h"
#include "sim/restore_log.h"
#include "sim/world.h"
#include "src/base/vec.h"

struct object *
restore_object(struct world *w, struct bucket *b, const struct object *o,
    bool copies_acl, uint64_t wall_us)
{
	struct meta_draft draft;
	struct meta *meta;

	meta_read(o->meta, &draft);
	draft.event_based_hold = b->config.default_event_based_hold;
	draft.retained_from_us = 0;
	if (!copies_acl)
		draft.text[META_ACL] = draft.inherited = acl_inherit(b);
	meta = meta_new(&draft);
	meta_draft_release(&draft);
	return bucket_publish(b, object_name(o), o->name_len, o->size,
	    world_generation(w, wall_us), payload_share(o->payload), meta);
}

static bool
is_within(const struct restore_request *r, const struct object *o)
{
	const uint64_t times[RESTORE_BOUNDS] = { [RESTORE_DELETED_AFTER] =
						     o->ended_us,
		[RESTORE_DELETED_BEFORE] = o->ended_us,
		[RESTORE_CREATED_AFTER] = o->generation,
		[RESTORE_CREATED_BEFORE] = o->generation };
	int i;

	for (i = 0; i < RESTORE_BOUNDS; i++) {
		if (r->bound[i].text == NULL)
			continue;
		if (i % 2 == 0 ? times[i] <= r->bound[i].us
			       : times[i] >= r->bound[i].us)
			return false;
	}
	return true;
}

static bool
is_wanted(const struct restore_request *r, const struct object *o)
{
	size_t i;

	if (!is_within(r, o))
		return false;
	for (i = 0; i < r->globs; i++) {
		if (glob_matches(r->glob[i], object_name(o), o->name_len))
			return true;
	}
	return r->globs == 0;
}

struct wanted {
	VEC(const struct object *) objects;
};

static bool
is_same_name(const struct object *a, const struct object *b)
{
	return object_compare_name(a, object_name(b), b->name_len) == 0;
}

/* The latest wanted version of each name.  Restoring puts further versions
 * among the soft-deleted, so they are all found first. */
static void
find_wanted(const struct bucket *b, struct restore *r, uint64_t wall_us,
    struct wanted *out)
{
	const struct object *o;

	for (o = b->soft_deleted.head[0]; o != NULL; o = index_next(o)) {
		if (o->hard_delete_us <= wall_us)
			continue;
		if (!is_wanted(&r->request, o)) {
			r->skipped++;
		} else if (out->objects.n > 0 &&
		    is_same_name(out->objects.v[out->objects.n - 1], o)) {
			out->objects.v[out->objects.n - 1] = o;
			r->skipped++;
		} else {
			*vec_push(&out->objects) = o;
		}
	}
}

static void
restore_one(struct world *w, struct bucket *b, struct restore *r,
    const struct object *o, uint64_t wall_us)
{
	const struct object *live = bucket_find(b, object_name(o), o->name_len);

	if (live != NULL && !r->request.allow_overwrite) {
		r->skipped++;
	} else if (guard_of(w, b, live, wall_us) != GUARD_FREE) {
		r->failed++;
	} else {
		restore_object(w, b, o, r->request.copy_source_acl, wall_us);
		r->succeeded++;
	}
}

const struct restore *
restore_run(struct world *w, struct bucket *b,
    struct restore_request *request_take, uint64_t wall_us)
{
	struct restore *r = restore_log_add(&b->restores, request_take,
	    world_generation(w, wall_us), wall_us);
	struct wanted wanted = { 0 };
	size_t i;

	find_wanted(b, r, wall_us, &wanted);
	for (i = 0; i < wanted.objects.n; i++)
		restore_one(w, b, r, wanted.objects.v[i], wall_us);
	vec_release(&wanted.objects);
	return r;
}
