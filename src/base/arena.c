/* SPDX-License-Identifier: MIT */
/* Bump allocation in chunks, without padding: an inventory is mostly names. */
#include "src/base/arena.h"

#include <stdlib.h>
#include <string.h>

#include "src/base/mem.h"

/* Large enough that malloc's own overhead vanishes, small enough for a page. */
enum { CHUNK_SIZE = 64 * 1024, ALIGNMENT = 8 };

struct arena_chunk {
	struct arena_chunk *next;
	size_t size;
	char data[];
};

void
arena_init(struct arena *a)
{
	*a = (struct arena)ARENA_INIT;
}

void
arena_release(struct arena *a)
{
	struct arena_chunk *c, *next;

	for (c = a->chunks; c != NULL; c = next) {
		next = c->next;
		free(c);
	}
	arena_init(a);
}

void
arena_wipe(struct arena *a)
{
	struct arena_chunk *c;

	for (c = a->chunks; c != NULL; c = c->next)
		explicit_bzero(c->data, c->size);
	arena_release(a);
}

void
arena_reset(struct arena *a)
{
	struct arena_chunk *keep = a->chunks;
	struct arena rest;

	if (keep == NULL)
		return;
	rest = (struct arena){ .chunks = keep->next };
	arena_release(&rest);
	keep->next = NULL;
	a->used = 0;
	a->total = keep->size;
}

static void *
take(struct arena *a, size_t n)
{
	struct arena_chunk *c = a->chunks;
	size_t room = n > CHUNK_SIZE ? n : CHUNK_SIZE;
	char *place;

	if (c == NULL || n > c->size - a->used) {
		c = mem_alloc(sizeof(*c) + room);
		c->size = room;
		c->next = a->chunks;
		a->chunks = c;
		a->total += room;
		a->used = 0;
	}
	place = c->data + a->used;
	a->used += n;
	return place;
}

char *
arena_strndup(struct arena *a, const char *s, size_t n)
{
	char *copy = take(a, n + 1);

	memcpy(copy, s, n);
	copy[n] = '\0';
	return copy;
}

void *
arena_alloc(struct arena *a, size_t n)
{
	/* Copies of strings leave any byte next; a chunk begins aligned. */
	size_t gap = a->chunks != NULL ? -a->used & (ALIGNMENT - 1) : 0;

	if (gap != 0 && gap <= a->chunks->size - a->used)
		a->used += gap;
	return take(a, n);
}
