/* SPDX-License-Identifier: MIT */
/*
 * An arena: many small things that live and die together.  One collection has
 * one arena for its inventory; one list page has one for its names.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

struct arena_chunk;

struct arena {
	struct arena_chunk *chunks; /* newest first */
	size_t used;                /* bytes taken from the newest chunk */
	size_t total;               /* bytes held, for reports */
};

#define ARENA_INIT \
	{          \
		0  \
	}

void arena_init(struct arena *a);
void arena_release(struct arena *a);

/* arena_release that leaves nothing of what it holds. */
void arena_wipe(struct arena *a);

/* Forgets every copy but keeps the newest chunk for the next round. */
void arena_reset(struct arena *a);

/* A copy of n bytes with a NUL behind them, valid until reset or release.
 * Copies are packed without padding. */
char *arena_strndup(struct arena *a, const char *s, size_t n);

/* n bytes for a struct, contents unspecified; valid as long as a copy. */
void *arena_alloc(struct arena *a, size_t n);

#endif
