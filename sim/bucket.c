/* SPDX-License-Identifier: MIT */
/*
 * The life of a version:
 *
 *	publish --> live --> noncurrent --> soft-deleted --> gone
 *	              \__________\_______________/
 *
 * Each step is taken or skipped as the bucket is configured, and each takes one
 * version out of one index and puts it into another.
 */
#include "sim/bucket.h"

#include <stdlib.h>
#include <string.h>

#include "sim/bulk.h"
#include "sim/change.h"
#include "sim/restore_log.h"
#include "src/base/arena.h"
#include "src/base/mem.h"

static bool
is_letter_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* Four numbers with dots between them? */
static bool
is_address(const char *name, size_t n)
{
	size_t i, dots = 0;

	for (i = 0; i < n; i++) {
		dots += name[i] == '.';
		if (name[i] != '.' && !(name[i] >= '0' && name[i] <= '9'))
			return false;
	}
	return dots == 3;
}

bool
bucket_is_name(const char *name, size_t n)
{
	size_t i, part = 0;

	if (n < BUCKET_NAME_MIN || n > BUCKET_NAME_MAX ||
	    !is_letter_or_digit(name[0]) || !is_letter_or_digit(name[n - 1]))
		return false;
	for (i = 0; i < n; i++) {
		if (!is_letter_or_digit(name[i]) && name[i] != '.' &&
		    name[i] != '_' && name[i] != '-')
			return false;
		if (name[i] == '.' && name[i + 1] == '.')
			return false;
		part = name[i] == '.' ? 0 : part + 1;
		if (part > BUCKET_PART_MAX)
			return false;
		if (n - i >= 6 && memcmp(name + i, "google", 6) == 0)
			return false;
	}
	return !is_address(name, n) && (n < 4 || memcmp(name, "goog", 4) != 0);
}

struct bucket *
bucket_new(const char *name, uint64_t created_us)
{
	struct bucket *b = mem_zalloc(1, sizeof(*b));

	memcpy(b->name, name, strlen(name) + 1);
	b->created_us = b->updated_us = created_us;
	b->metageneration = 1;
	b->config.soft_delete_s = BUCKET_SOFT_DELETE_S;
	b->config.soft_delete_since_us = created_us;
	b->next_expiry_us = UINT64_MAX;
	index_init(&b->live, rng_hash(name, strlen(name), 0));
	index_init(&b->noncurrent, rng_hash(name, strlen(name), 1));
	index_init(&b->soft_deleted, rng_hash(name, strlen(name), 2));
	return b;
}

static void
free_objects(struct index *ix)
{
	struct object *o, *next;

	for (o = ix->head[0]; o != NULL; o = next) {
		next = index_next(o);
		object_free(o);
	}
}

void
bucket_free(struct bucket *b)
{
	if (b == NULL)
		return;
	free_objects(&b->live);
	free_objects(&b->noncurrent);
	free_objects(&b->soft_deleted);
	bulk_free(b->bulk);
	if (b->room != NULL)
		arena_release(b->room);
	free(b->room);
	restore_log_free(b->restores);
	free(b->config.extra);
	free(b);
}

void
bucket_begin(struct bucket *b)
{
	if (b->room != NULL)
		arena_reset(b->room);
}

/* --- telling --- */

static void
tell(const struct bucket *b, const struct object *o)
{
	if (b->watcher != NULL)
		b->watcher->on_object(b->watcher->arg, b, o);
}

static void
tell_gone(const struct bucket *b, const struct object *o)
{
	if (b->watcher != NULL)
		b->watcher->on_object_gone(b->watcher->arg, b, o);
}

void
bucket_touch(struct bucket *b)
{
	if (b->watcher != NULL)
		b->watcher->on_bucket(b->watcher->arg, b);
}

void
bucket_set_bulk(struct bucket *b, struct bulk *take)
{
	bulk_free(b->bulk);
	b->bulk = take;
	if (take != NULL && b->room == NULL) {
		b->room = mem_alloc(sizeof(*b->room));
		arena_init(b->room);
	}
	if (b->watcher != NULL)
		b->watcher->on_bulk(b->watcher->arg, b);
}

/* --- finding --- */

struct index *
bucket_index(struct bucket *b, enum object_state state)
{
	switch (state) {
	case OBJECT_NONCURRENT:
		return &b->noncurrent;
	case OBJECT_SOFT_DELETED:
		return &b->soft_deleted;
	default:
		return &b->live;
	}
}

uint64_t
bucket_objects(const struct bucket *b)
{
	return b->live.n + (b->bulk != NULL ? b->bulk->left : 0);
}

uint64_t
bucket_bytes(const struct bucket *b)
{
	return b->live.bytes +
	    (b->bulk != NULL ? b->bulk->left * b->bulk->size : 0);
}

struct object *
bucket_find(const struct bucket *b, const char *name, size_t n)
{
	struct object *o = index_find(&b->live, name, n);
	uint64_t i;

	if (o != NULL || b->bulk == NULL)
		return o;
	i = bulk_find(b->bulk, name, n);
	return i < b->bulk->n ? bulk_object(b->bulk, i, b->room) : NULL;
}

static struct object *
find_exact(const struct index *ix, const char *name, size_t n,
    uint64_t generation)
{
	struct object *o = index_seek(ix, name, n, generation);

	return o != NULL && o->generation == generation &&
		object_compare_name(o, name, n) == 0
	    ? o
	    : NULL;
}

struct object *
bucket_find_version(const struct bucket *b, const char *name, size_t n,
    uint64_t generation)
{
	struct object *o = bucket_find(b, name, n);

	return o != NULL && o->generation == generation
	    ? o
	    : find_exact(&b->noncurrent, name, n, generation);
}

struct object *
bucket_find_soft_deleted(const struct bucket *b, const char *name, size_t n,
    uint64_t generation, uint64_t now_us)
{
	struct object *o = find_exact(&b->soft_deleted, name, n, generation);

	return o != NULL && o->hard_delete_us > now_us ? o : NULL;
}

/* --- the steps of a life --- */

/* Takes o out of its index, or out of those that exist by formula: then it is a
 * copy that is answered.  It is the caller's. */
static struct object *
take_out(struct bucket *b, struct object *o, struct index *to)
{
	const char *name = object_name(o);
	uint64_t i;

	if (o->height > 0) {
		index_remove(bucket_index(b, (enum object_state)o->state), o);
		return o;
	}
	i = bulk_find(b->bulk, name, o->name_len);
	bulk_remove(b->bulk, i);
	if (b->watcher != NULL)
		b->watcher->on_bulk_gone(b->watcher->arg, b, i);
	return object_new(name, o->name_len, index_draw_height(to), o->size,
	    o->generation, NULL, NULL);
}

void
bucket_forget(struct bucket *b, struct object *o)
{
	tell_gone(b, o);
	object_free(take_out(b, o, &b->live));
}

static void
move_to(struct bucket *b, struct object *o, enum object_state state,
    uint64_t now_us, uint64_t hard_delete_us)
{
	struct index *to = bucket_index(b, state);

	o = take_out(b, o, to);
	o->state = (uint8_t)state;
	o->ended_us = now_us;
	o->hard_delete_us = hard_delete_us;
	index_add(to, o);
	tell(b, o);
}

void
bucket_delete_version(struct bucket *b, struct object *o, uint64_t now_us)
{
	uint64_t until = now_us + b->config.soft_delete_s * 1000000;

	if (b->config.soft_delete_s == 0) {
		bucket_forget(b, o);
		return;
	}
	if (until < b->next_expiry_us)
		b->next_expiry_us = until;
	move_to(b, o, OBJECT_SOFT_DELETED, now_us, until);
}

void
bucket_delete(struct bucket *b, struct object *o, uint64_t now_us)
{
	if (b->config.has_versioning)
		move_to(b, o, OBJECT_NONCURRENT, now_us, 0);
	else
		bucket_delete_version(b, o, now_us);
}

static struct object *
add_live(struct bucket *b, struct object *o)
{
	index_add(&b->live, o);
	tell(b, o);
	return o;
}

struct object *
bucket_publish(struct bucket *b, const char *name, size_t n, uint64_t size,
    uint64_t generation, struct payload *payload_take, struct meta *meta_take)
{
	struct object *before = bucket_find(b, name, n);

	if (before != NULL)
		bucket_delete(b, before, generation);
	return add_live(b,
	    object_new(name, n, index_draw_height(&b->live), size, generation,
		payload_take, meta_take));
}

struct object *
bucket_put(struct bucket *b, const char *name, size_t n, uint64_t size,
    uint64_t generation, struct payload *payload_take)
{
	struct object *before = bucket_find(b, name, n);

	if (before != NULL)
		bucket_forget(b, before);
	return add_live(b,
	    object_new(name, n, index_draw_height(&b->live), size, generation,
		payload_take, NULL));
}

struct object *
bucket_change(struct bucket *b, struct object *o, struct meta *meta_take,
    uint64_t now_us)
{
	if (o->height == 0) {
		o = take_out(b, o, &b->live);
		index_add(&b->live, o);
	}
	free(o->meta);
	o->meta = meta_take;
	o->metageneration++;
	o->updated_us = now_us;
	tell(b, o);
	return o;
}

/* Nobody sees what has expired, so looking for it can wait: a bucket with a
 * million deletes behind it is walked once a minute. */
static const uint64_t expiry_pause_us = 60000000;

void
bucket_expire(struct bucket *b, uint64_t now_us)
{
	struct object *o, *next;

	uint64_t soonest = now_us + expiry_pause_us;

	if (now_us < b->next_expiry_us)
		return;
	b->next_expiry_us = UINT64_MAX;
	for (o = b->soft_deleted.head[0]; o != NULL; o = next) {
		next = index_next(o);
		if (o->hard_delete_us <= now_us)
			bucket_forget(b, o);
		else if (o->hard_delete_us < b->next_expiry_us)
			b->next_expiry_us = o->hard_delete_us;
	}
	if (b->next_expiry_us < soonest)
		b->next_expiry_us = soonest;
}

void
bucket_load(struct bucket *b, struct object *o_take)
{
	index_add(bucket_index(b, (enum object_state)o_take->state), o_take);
	if (o_take->state == OBJECT_SOFT_DELETED &&
	    o_take->hard_delete_us < b->next_expiry_us)
		b->next_expiry_us = o_take->hard_delete_us;
}
