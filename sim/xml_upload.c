/* SPDX-License-Identifier: MIT */
/* A list: a handful of uploads is under way at a time. */
#include "sim/xml_upload.h"

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

enum { ID_BYTES = 24 };

/* As an upload id looks, and another for each start in this world. */
static void
make_id(struct xml_upload *u)
{
	uint8_t bytes[ID_BYTES];
	struct rng rng;
	struct buf id;

	rng_init(&rng, rng_hash(u->name, strlen(u->name), u->started_us));
	rng_fill(&rng, bytes, sizeof(bytes));
	buf_init(&id, XML_UPLOAD_ID_MAX);
	buf_adds(&id, "ABPnzm");
	base64_url_add(&id, bytes, sizeof(bytes));
	memcpy(u->id, id.data, id.len + 1);
	buf_release(&id);
}

struct xml_upload *
xml_upload_start(struct world *w, const char *bucket, const char *name,
    struct meta *meta_take, uint64_t wall_us)
{
	struct xml_upload *u = mem_zalloc(1, sizeof(*u));

	u->started_us = world_generation(w, wall_us);
	u->bucket = mem_strdup(bucket);
	u->name = mem_strdup(name);
	u->meta = meta_take;
	make_id(u);
	xml_upload_load(w, u);
	if (w->watcher != NULL && w->watcher->on_xml_upload != NULL)
		w->watcher->on_xml_upload(w->watcher->arg, u);
	return u;
}

void
xml_upload_load(struct world *w, struct xml_upload *u_take)
{
	struct xml_upload **at = &w->xml_uploads;

	while (*at != NULL)
		at = &(*at)->next;
	*at = u_take;
}

struct xml_upload *
xml_upload_find(const struct world *w, const char *bucket, const char *name,
    const char *id)
{
	struct xml_upload *u;

	for (u = w->xml_uploads; u != NULL; u = u->next) {
		if (strcmp(u->id, id) == 0 && strcmp(u->bucket, bucket) == 0 &&
		    strcmp(u->name, name) == 0)
			return u;
	}
	return NULL;
}

/* --- parts --- */

/* The index of the first part whose number is not below. */
static size_t
place_of(const struct xml_upload *u, uint32_t number)
{
	size_t low = 0, high = u->parts.n, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (u->parts.v[middle].number < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct xml_upload_part *
xml_upload_part(const struct xml_upload *u, uint32_t number)
{
	size_t i = place_of(u, number);

	return i < u->parts.n && u->parts.v[i].number == number ? &u->parts.v[i]
								: NULL;
}

static void
release_part(const struct world *w, const struct xml_upload *u,
    struct xml_upload_part *part)
{
	if (w->watcher != NULL && w->watcher->on_xml_part_gone != NULL)
		w->watcher->on_xml_part_gone(w->watcher->arg, u, part);
	payload_free(part->payload);
}

void
xml_upload_put(struct world *w, struct xml_upload *u, uint32_t number,
    struct payload *payload_take, uint64_t wall_us)
{
	size_t i = place_of(u, number);

	if (i < u->parts.n && u->parts.v[i].number == number) {
		release_part(w, u, &u->parts.v[i]);
	} else {
		vec_push(&u->parts);
		memmove(&u->parts.v[i + 1], &u->parts.v[i],
		    (u->parts.n - 1 - i) * sizeof(u->parts.v[0]));
	}
	u->parts.v[i] = (struct xml_upload_part){ number, payload_take,
		wall_us };
	if (w->watcher != NULL && w->watcher->on_xml_part != NULL)
		w->watcher->on_xml_part(w->watcher->arg, u, &u->parts.v[i]);
}

/* --- ends --- */

/* Its parts have been released. */
static void
free_upload(struct xml_upload *u)
{
	vec_release(&u->parts);
	free(u->meta);
	free(u->bucket);
	free(u->name);
	free(u);
}

void
xml_upload_forget(struct world *w, struct xml_upload *u)
{
	struct xml_upload **at = &w->xml_uploads;
	size_t i;

	for (i = 0; i < u->parts.n; i++)
		release_part(w, u, &u->parts.v[i]);
	if (w->watcher != NULL && w->watcher->on_xml_upload_gone != NULL)
		w->watcher->on_xml_upload_gone(w->watcher->arg, u);
	while (*at != u)
		at = &(*at)->next;
	*at = u->next;
	free_upload(u);
}

void
xml_upload_forget_bucket(struct world *w, const char *bucket)
{
	struct xml_upload *u, *next;

	for (u = w->xml_uploads; u != NULL; u = next) {
		next = u->next;
		if (strcmp(u->bucket, bucket) == 0)
			xml_upload_forget(w, u);
	}
}

void
xml_uploads_release(struct world *w)
{
	struct xml_upload *u;
	size_t i;

	while ((u = w->xml_uploads) != NULL) {
		w->xml_uploads = u->next;
		for (i = 0; i < u->parts.n; i++)
			payload_free(u->parts.v[i].payload);
		free_upload(u);
	}
}
