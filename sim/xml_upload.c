/* SPDX-License-Identifier: MIT */
/* A list: a handful of uploads is under way at a time. */
#include "sim/xml_upload.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base64.h"
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
	struct xml_upload *u = mem_zalloc(1, sizeof(*u)), **at;

	u->started_us = world_generation(w, wall_us);
	u->bucket = mem_strdup(bucket);
	u->name = mem_strdup(name);
	u->meta = meta_take;
	make_id(u);
	for (at = &w->xml_uploads; *at != NULL; at = &(*at)->next)
		;
	return *at = u;
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

void
xml_upload_put(struct xml_upload *u, uint32_t number,
    struct payload *payload_take, uint64_t wall_us)
{
	size_t i = place_of(u, number);

	if (i < u->parts.n && u->parts.v[i].number == number) {
		payload_free(u->parts.v[i].payload);
	} else {
		vec_push(&u->parts);
		memmove(&u->parts.v[i + 1], &u->parts.v[i],
		    (u->parts.n - 1 - i) * sizeof(u->parts.v[0]));
	}
	u->parts.v[i] = (struct xml_upload_part){ number, payload_take,
		wall_us };
}

/* --- ends --- */

void
xml_upload_forget(struct world *w, struct xml_upload *u)
{
	struct xml_upload **at = &w->xml_uploads;
	size_t i;

	while (*at != u)
		at = &(*at)->next;
	*at = u->next;
	for (i = 0; i < u->parts.n; i++)
		payload_free(u->parts.v[i].payload);
	vec_release(&u->parts);
	free(u->meta);
	free(u->bucket);
	free(u->name);
	free(u);
}

void
xml_upload_forget_all(struct world *w, const char *bucket)
{
	struct xml_upload *u, *next;

	for (u = w->xml_uploads; u != NULL; u = next) {
		next = u->next;
		if (bucket == NULL || strcmp(u->bucket, bucket) == 0)
			xml_upload_forget(w, u);
	}
}
