/* SPDX-License-Identifier: MIT */
/*
 * What the operations act on: the buckets, the uploads into them that are under
 * way, and the generation that was given last; and what limits them, which knows
 * a bucket as long as it is here.
 */
#ifndef SIM_WORLD_H
#define SIM_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/limits.h"
#include "sim/session.h"

struct bucket;
struct change_watcher;
struct xml_upload;

struct world {
	struct bucket *buckets; /* in byte order of names */
	uint64_t last_generation;
	struct limits limits;
	bool missing_is_412; /* of deletes with ifGenerationMatch; else 404 */
	bool multidelete_forgives; /* see sim_opts.h */
	bool multidelete_is_one_write;
	bool retention_is_ignored;
	struct sessions sessions;       /* resumable uploads */
	struct xml_upload *xml_uploads; /* multipart ones, oldest first */
	char *
	    keys; /* HMAC keys of all projects, JSON (operations_key.c); or NULL */
	const struct change_watcher *watcher; /* of all buckets; or NULL */
};

void world_release(struct world *w);

/* The bucket of that name, or NULL. */
struct bucket *world_find(const struct world *w, const char *name, size_t n);

/* A new bucket (none of that name exists). */
struct bucket *world_add(struct world *w, const char *name, uint64_t wall_us);
void world_remove(struct world *w, struct bucket *b);

/* These are its keys from now on; the watcher is told. */
void world_set_keys(struct world *w, char *keys_take);

/* The microseconds of the wall clock, or one more than the last. */
uint64_t world_generation(struct world *w, uint64_t wall_us);

#endif
