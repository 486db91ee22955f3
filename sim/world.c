/* SPDX-License-Identifier: MIT */
/* A few buckets in a sorted list; tests and benches have one or two. */
#include "sim/world.h"

#include <stdlib.h>
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
	limits_release(&w->limits);
	free(w->keys);
	w->keys = NULL;
}

void
world_set_keys(struct world *w, char *keys_take)
{
	free(w->keys);
	w->keys = keys_take;
	if (w->watcher != NULL && w->watcher->on_keys != NULL)
		w->watcher->on_keys(w->watcher->arg, w);
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

struct bucket *
world_add(struct world *w, const char *name, uint64_t wall_us)
{
	struct bucket *b = bucket_new(name, wall_us);
	struct bucket **at = &w->buckets;

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
	limits_forget(&w->limits, b->name);
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
