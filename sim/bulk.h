/* SPDX-License-Identifier: MIT */
/*
 * Many objects by formula: layers of a registry that nothing names, each with
 * a digest, a size and a generation that follow from its number.  What is kept
 * of them is one bit each: whether it is still there.
 *
 * The numbers run in the order of the names, so finding, seeking and walking
 * need no index at all.
 */
#ifndef SIM_BULK_H
#define SIM_BULK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct object;

struct bulk {
	char *prefix; /* "docker/registry/v2/blobs/sha256/" */
	size_t prefix_n;
	uint64_t n;
	uint64_t left; /* of them */
	uint64_t seed;
	uint64_t size;       /* bytes of each */
	uint64_t generation; /* of the first; each has one more */
	uint64_t step;       /* between two digests, in their first 64 bits */
	uint64_t *gone;      /* a bit each */
};

enum { BULK_MAX = 100000000 };

/* n: 1 to BULK_MAX.  The prefix must leave room for 72 bytes in a name. */
struct bulk *bulk_new(const char *prefix, uint64_t n, uint64_t seed,
    uint64_t size, uint64_t generation);
struct bulk *bulk_dup(const struct bulk *k);
void bulk_free(struct bulk *k);

/* The same objects, and the same of them gone?  NULL: none. */
bool bulk_is_same(const struct bulk *a, const struct bulk *b);

/* The number of the first object that is there and whose name is not before
 * this one; n when there is none. */
uint64_t bulk_seek(const struct bulk *k, const char *name, size_t n);

/* The first from that number on that is there, or n. */
uint64_t bulk_next(const struct bulk *k, uint64_t i);

/* The object of that number, made in room. */
struct object *bulk_object(const struct bulk *k, uint64_t i,
    struct arena *room);

/* Its number, if it is one of them and there; else n. */
uint64_t bulk_find(const struct bulk *k, const char *name, size_t n);

/* Removes the object of that number, which is there. */
void bulk_remove(struct bulk *k, uint64_t i);

#endif
