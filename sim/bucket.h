/* SPDX-License-Identifier: MIT */
/*
 * A bucket: its objects in byte order of their names, in a skip list of our
 * own.  Finding, adding and removing take O(log n) at any size, a page of a
 * listing takes what the page holds.
 */
#ifndef SIM_BUCKET_H
#define SIM_BUCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/limiter.h"
#include "src/base/rng.h"

struct object;
struct payload;

/* One in four objects reaches the next level: 12 levels serve 16 million. */
enum { BUCKET_LEVELS = 12 };

enum { BUCKET_NAME_MIN = 3, BUCKET_NAME_MAX = 63 };

struct bucket {
	struct bucket *next; /* in byte order of names; the owner's */
	char name[BUCKET_NAME_MAX + 1];
	uint64_t created_us;
	uint64_t objects;
	uint64_t bytes;
	struct limiter reads;
	struct limiter writes;
	struct rng rng; /* heights */
	struct object *head[BUCKET_LEVELS];
};

/* 3 to 63 of [a-z0-9._-]? */
bool bucket_is_name(const char *name, size_t n);

struct bucket *bucket_new(const char *name, uint64_t created_us);
void bucket_free(struct bucket *b);

/* The object of that name, or NULL. */
struct object *bucket_find(const struct bucket *b, const char *name, size_t n);

/* The first object whose name is not before this one, or NULL. */
struct object *bucket_seek(const struct bucket *b, const char *name, size_t n);

/* The object behind o, or NULL. */
struct object *bucket_next(const struct object *o);

/* Adds an object, replacing one of the same name; answers it.  It and the
 * payload (NULL: virtual) are the bucket's from here on. */
struct object *bucket_put(struct bucket *b, const char *name, size_t n,
    uint64_t size, uint64_t generation, struct payload *payload_take);

/* Removes the object of that name; false when there is none. */
bool bucket_remove(struct bucket *b, const char *name, size_t n);

#endif
