/* SPDX-License-Identifier: MIT */
/* A few buckets in a sorted list; tests and benches have one or two. */
#include "sim/world.h"

#include <string.h>

#include "sim/bucket.h"
#include "sim/change.h"
#include "sim/xml_upload.h"
#include "src/base/str.h"

void
world_release(struct world *w)
{
	struct bucket *b;

	while ((b = w->buckets) != NULL) {
		w->buckets = b->next;
		bucket_free(b);
	}
	sessions_release(&w->sessions);
	xml_uploads_release(w);
}

struct bucket *
world_find(const struct world *w, const char *name, size_t n)
{
	struct bucket *b;

	for (b = w->buckets; b != NULL; b = b->next) {
		if (str_is(name, n, b->name))
			return b;
	}
	return NULL;
}

static void
limit(const struct world *w, struct bucket *b, uint64_t now_us)
{
	limiter_init(&b->writes, sim_per_second(w->write_limit), w->burst,
	    now_us);
	limiter_init(&b->reads, sim_per_second(w->read_limit), w->burst,
	    now_us);
}

void
world_limit(struct world *w, uint64_t now_us)
{
	struct bucket *b;

	for (b = w->buckets; b != NULL; b = b->next)
		limit(w, b, now_us);
}

struct bucket *
world_add(struct world *w, const char *name, uint64_t now_us, uint64_t wall_us)
{
	struct bucket *b = bucket_new(name, wall_us);
	struct bucket **at = &w->buckets;

	limit(w, b, now_us);
	while (*at != NULL && strcmp((*at)->name, name) < 0)
		at = &(*at)->next;
	b->next = *at;
	*at = b;
	b->watcher = w->watcher;
	bucket_touch(b);
	return b;
}

void
world_remove(struct world *w, struct bucket *b)
{
	struct bucket **at = &w->buckets;

	while (*at != b)
		at = &(*at)->next;
	*at = b->next;
	session_forget_bucket(w, b->name);
	xml_upload_forget_bucket(w, b->name);
	if (w->watcher != NULL)
		w->watcher->on_bucket_gone(w->watcher->arg, b);
	bucket_free(b);
}

uint64_t
world_generation(struct world *w, uint64_t wall_us)
{
	if (wall_us <= w->last_generation)
		wall_us = w->last_generation + 1;
	return w->last_generation = wall_us;
}
