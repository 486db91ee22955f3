/* SPDX-License-Identifier: MIT */
/*
 * Copies of the whole world under names, in memory: some 200 bytes and its
 * metadata for each version; payloads are shared with the world.  They end with
 * the simulator.
 */
#ifndef SIM_SNAPSHOT_H
#define SIM_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/world.h"

enum { SNAPSHOT_NAME_MAX = 63 };

struct snapshot {
	struct snapshot *next; /* in byte order of names */
	char name[SNAPSHOT_NAME_MAX + 1];
	struct world world; /* nobody watches it */
};

/* 1 to 63 of [A-Za-z0-9._-]? */
bool snapshot_is_name(const char *name, size_t n);

/* A copy of w under that name, instead of the one that had it.  *list is the
 * first of all snapshots, NULL: there are none. */
struct snapshot *snapshot_take(struct snapshot **list, const char *name,
    const struct world *w);

/* The one of that name, or NULL. */
struct snapshot *snapshot_find(struct snapshot *list, const char *name);

/* Forgets the one of that name; false: there is none. */
bool snapshot_remove(struct snapshot **list, const char *name);

void snapshot_release_all(struct snapshot **list);

#endif
