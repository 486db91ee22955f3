/* SPDX-License-Identifier: MIT */
/*
 * Bump allocation in chunks.  Strings are packed without padding, since an
 * inventory is mostly names; everything else is aligned for any type.
 */
#include "src/base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/mem.h"

/* Large enough that malloc's own overhead vanishes, small enough for a page. */
enum { CHUNK_SIZE = 64 * 1024 };

struct arena_chunk {
	struct arena_chunk *next;
	size_t size;
	alignas(max_align_t) char data[];
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
take(struct arena *a, size_t size, size_t align)
{
	size_t at = (a->used + align - 1) & ~(align - 1);
	struct arena_chunk *c = a->chunks;

	if (c == NULL || size > c->size || at > c->size - size) {
		size_t room = size > CHUNK_SIZE ? size : CHUNK_SIZE;

		c = mem_alloc(sizeof(*c) + room);
		c->size = room;
		c->next = a->chunks;
		a->chunks = c;
		a->total += room;
		at = 0;
	}
	a->used = at + size;
	return c->data + at;
}

void *
arena_alloc(struct arena *a, size_t size)
{
	return take(a, size, alignof(max_align_t));
}

char *
arena_strndup(struct arena *a, const char *s, size_t n)
{
	char *copy = take(a, n + 1, 1);

	memcpy(copy, s, n);
	copy[n] = '\0';
	return copy;
}
