/* SPDX-License-Identifier: MIT */
/*
 * Found by their ids in a table of chains, and forgotten by their age along a
 * list: all live equally long, so the oldest is always the first to go.
 */
#include "sim/session.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base64.h"
#include "sim/change.h"
#include "sim/meta.h"
#include "sim/object.h"
#include "sim/world.h"
#include "src/base/buf.h"
#include "src/base/mem.h"
#include "src/base/rng.h"

enum { SLOTS_MIN = 16, ROOM_MIN = SESSION_CHUNK, ID_BYTES = 24 };

/* --- the table and the list --- */

static struct upload_session **
slot_of(const struct sessions *s, const char *id)
{
	return &s->slots[rng_hash(id, strlen(id), 0) & (s->cap - 1)];
}

static void
link_to_slot(struct sessions *s, struct upload_session *u)
{
	struct upload_session **slot = slot_of(s, u->id);

	u->chain = *slot;
	*slot = u;
}

static void
grow_table(struct sessions *s)
{
	struct upload_session *u;

	s->cap = s->cap > 0 ? 2 * s->cap : SLOTS_MIN;
	free(s->slots);
	s->slots = mem_zalloc(s->cap, sizeof(struct upload_session *));
	for (u = s->oldest; u != NULL; u = u->newer)
		link_to_slot(s, u);
}

static void
add(struct sessions *s, struct upload_session *u)
{
	if (s->newest == NULL)
		s->newest = &s->oldest;
	if (s->n == s->cap)
		grow_table(s);
	link_to_slot(s, u);
	u->newer = NULL;
	u->self = s->newest;
	*s->newest = u;
	s->newest = &u->newer;
	s->n++;
}

static void
take_out(struct sessions *s, struct upload_session *u)
{
	struct upload_session **at = slot_of(s, u->id);

	while (*at != u)
		at = &(*at)->chain;
	*at = u->chain;
	*u->self = u->newer;
	if (u->newer != NULL)
		u->newer->self = u->self;
	else
		s->newest = u->self;
	s->n--;
}

/* --- life --- */

/* What only an open one has. */
static void
release_bytes(struct upload_session *u)
{
	payload_free(u->bytes);
	free(u->query);
	free(u->promised);
	free(u->meta);
	u->bytes = NULL;
	u->query = u->promised = NULL;
	u->meta = NULL;
}

static void
free_session(struct upload_session *u)
{
	release_bytes(u);
	object_free(u->object);
	free(u->bucket);
	free(u->name);
	free(u);
}

/* As long as production's, and different for each start in this world, also
 * when it was stopped in between. */
static void
make_id(struct upload_session *u)
{
	struct rng rng;
	uint8_t bytes[ID_BYTES];
	struct buf id;

	rng_init(&rng, rng_hash(u->name, strlen(u->name), u->started_us));
	rng_fill(&rng, bytes, sizeof(bytes));
	buf_init(&id, SESSION_ID_MAX);
	buf_adds(&id, "ABPtcPr");
	base64_url_add(&id, bytes, sizeof(bytes));
	memcpy(u->id, id.data, id.len + 1);
	buf_release(&id);
}

struct upload_session *
session_start(struct world *w, const char *bucket, const char *name,
    const char *query, const char *promised, struct meta *meta_take,
    uint64_t wall_us)
{
	struct upload_session *u = mem_zalloc(1, sizeof(*u));

	u->started_us = world_generation(w, wall_us);
	u->bucket = mem_strdup(bucket);
	u->name = mem_strdup(name);
	u->query = mem_strdup(query);
	u->promised = mem_strdup(promised);
	u->meta = meta_take;
	u->bytes = payload_alloc(0);
	make_id(u);
	add(&w->sessions, u);
	return u;
}

void
session_touch(const struct world *w, const struct upload_session *u)
{
	if (w->watcher != NULL && w->watcher->on_upload != NULL)
		w->watcher->on_upload(w->watcher->arg, u);
}

void
session_forget(struct world *w, struct upload_session *u)
{
	if (w->watcher != NULL && w->watcher->on_upload_gone != NULL)
		w->watcher->on_upload_gone(w->watcher->arg, u);
	take_out(&w->sessions, u);
	free_session(u);
}

void
session_forget_bucket(struct world *w, const char *bucket)
{
	struct upload_session *u, *newer;

	for (u = w->sessions.oldest; u != NULL; u = newer) {
		newer = u->newer;
		if (strcmp(u->bucket, bucket) == 0)
			session_forget(w, u);
	}
}

struct upload_session *
session_find(struct world *w, const char *id, uint64_t wall_us)
{
	const uint64_t life_us = (uint64_t)SESSION_LIFE_S * 1000000;
	struct sessions *s = &w->sessions;
	struct upload_session *u;

	while (s->oldest != NULL && wall_us >= s->oldest->started_us + life_us)
		session_forget(w, s->oldest);
	if (s->n == 0)
		return NULL;
	for (u = *slot_of(s, id); u != NULL && strcmp(u->id, id) != 0;)
		u = u->chain;
	return u;
}

void
session_load(struct world *w, struct upload_session *u_take)
{
	add(&w->sessions, u_take);
}

void
sessions_release(struct sessions *s)
{
	struct upload_session *u, *newer;

	for (u = s->oldest; u != NULL; u = newer) {
		newer = u->newer;
		free_session(u);
	}
	free(s->slots);
	*s = (struct sessions){ 0 };
}

/* --- bytes --- */

static void
set_room(struct upload_session *u, size_t room)
{
	u->bytes = mem_resize(u->bytes, 1, sizeof(*u->bytes) + room);
	u->room = room;
}

/* Twice as much each time, so that a byte is moved twice at most; never for
 * bytes that were only announced. */
void
session_append(struct upload_session *u, const void *bytes, size_t n)
{
	size_t need = u->bytes->size + n, room = 2 * u->room;

	if (need > u->room) {
		if (room < ROOM_MIN)
			room = ROOM_MIN;
		if (u->has_total && room > u->total)
			room = (size_t)u->total;
		set_room(u, room > need ? room : need);
	}
	memcpy(u->bytes->bytes + u->bytes->size, bytes, n);
	u->bytes->size = need;
}

struct payload *
session_share(struct upload_session *u)
{
	if (u->room > u->bytes->size)
		set_room(u, u->bytes->size);
	payload_hash(u->bytes);
	return payload_share(u->bytes);
}

void
session_end(struct upload_session *u, const struct object *o)
{
	struct payload *hashes;

	u->state = SESSION_CANCELLED;
	if (o != NULL) {
		hashes = payload_alloc(0);
		memcpy(hashes->md5, o->payload->md5, sizeof(hashes->md5));
		hashes->crc32c = o->payload->crc32c;
		u->object = object_new(u->name, strlen(u->name), 0, o->size,
		    o->generation, hashes, meta_dup(o->meta));
		u->state = SESSION_DONE;
	}
	release_bytes(u);
}
