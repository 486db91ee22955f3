/* SPDX-License-Identifier: MIT */
/*
 * Two passes over each bucket, both in the order of its indexes.  All that has
 * to go goes first, because a version that has moved from one index to another
 * is one row of the data file, and may not be there twice.
 */
#include "sim/rollback.h"

#include <stdlib.h>
#include <string.h>

#include "sim/bucket.h"
#include "sim/bulk.h"
#include "sim/change.h"
#include "sim/meta.h"
#include "sim/world.h"
#include "src/base/mem.h"

/* --- versions --- */

static int
compare(const struct object *a, const struct object *b)
{
	int c = object_compare_name(a, object_name(b), b->name_len);

	if (c != 0)
		return c;
	return a->generation == b->generation ? 0
	    : a->generation < b->generation   ? -1
					      : 1;
}

static bool
is_same_meta(const struct meta *a, const struct meta *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return meta_size(a) == meta_size(b) && memcmp(a, b, meta_size(a)) == 0;
}

/* Of one name, one generation and one state. */
static bool
is_same(const struct object *a, const struct object *b)
{
	return a->metageneration == b->metageneration &&
	    a->updated_us == b->updated_us && a->ended_us == b->ended_us &&
	    a->hard_delete_us == b->hard_delete_us && a->size == b->size &&
	    is_same_meta(a->meta, b->meta);
}

static void
forget_others(struct bucket *b, const struct index *now,
    const struct index *then)
{
	struct object *o, *next;
	const struct object *t = then->head[0];

	for (o = now->head[0]; o != NULL; o = next) {
		next = index_next(o);
		while (t != NULL && compare(t, o) < 0)
			t = index_next(t);
		if (t == NULL || compare(t, o) != 0 || !is_same(t, o))
			bucket_forget(b, o);
	}
}

static void
add_copy(struct bucket *b, struct index *now, const struct object *t)
{
	struct object *o = object_new(object_name(t), t->name_len,
	    index_draw_height(now), t->size, t->generation,
	    payload_share(t->payload), meta_dup(t->meta));

	o->state = t->state;
	o->updated_us = t->updated_us;
	o->ended_us = t->ended_us;
	o->hard_delete_us = t->hard_delete_us;
	o->metageneration = t->metageneration;
	bucket_load(b, o);
	if (b->watcher != NULL)
		b->watcher->on_object(b->watcher->arg, b, o);
}

/* Whatever is there now is there as it was then. */
static void
add_missing(struct bucket *b, struct index *now, const struct index *then)
{
	const struct object *o = now->head[0], *t;

	for (t = then->head[0]; t != NULL; t = index_next(t)) {
		if (o != NULL && compare(o, t) == 0)
			o = index_next(o);
		else
			add_copy(b, now, t);
	}
}

/* --- buckets --- */

static void
restore_config(struct bucket *b, const struct bucket *then)
{
	free(b->config.extra);
	b->config = then->config;
	if (then->config.extra != NULL)
		b->config.extra = mem_strdup(then->config.extra);
	b->created_us = then->created_us;
	b->updated_us = then->updated_us;
	b->metageneration = then->metageneration;
	bucket_touch(b);
}

static void
restore_bulk(struct bucket *b, const struct bucket *then)
{
	if (!bulk_is_same(b->bulk, then->bulk))
		bucket_set_bulk(b,
		    then->bulk != NULL ? bulk_dup(then->bulk) : NULL);
}

static void
restore_bucket(struct bucket *b, const struct bucket *then)
{
	restore_config(b, then);
	restore_bulk(b, then);
	forget_others(b, &b->live, &then->live);
	forget_others(b, &b->noncurrent, &then->noncurrent);
	forget_others(b, &b->soft_deleted, &then->soft_deleted);
	add_missing(b, &b->live, &then->live);
	add_missing(b, &b->noncurrent, &then->noncurrent);
	add_missing(b, &b->soft_deleted, &then->soft_deleted);
}

static void
restore_keys(struct world *w, const struct world *as)
{
	const char *now = w->keys != NULL ? w->keys : "";
	const char *then = as->keys != NULL ? as->keys : "";

	if (strcmp(now, then) != 0)
		world_set_keys(w,
		    as->keys != NULL ? mem_strdup(as->keys) : NULL);
}

void
rollback_world(struct world *w, const struct world *as)
{
	struct bucket *b, *next;
	const struct bucket *then;

	for (b = w->buckets; b != NULL; b = next) {
		next = b->next;
		if (world_find(as, b->name, strlen(b->name)) == NULL)
			world_remove(w, b);
	}
	for (then = as->buckets; then != NULL; then = then->next) {
		b = world_find(w, then->name, strlen(then->name));
		if (b == NULL)
			b = world_add(w, then->name, then->created_us);
		restore_bucket(b, then);
	}
	limits_refill(&w->limits);
	restore_keys(w, as);
	if (as->last_generation > w->last_generation)
		w->last_generation = as->last_generation;
}
