/* SPDX-License-Identifier: MIT */
/*
 * One version of an object: one block of memory with its links in an index of
 * its bucket and its name.  An object without a payload is virtual: it has a
 * size and hashes that follow from its name, and its bytes exist only while
 * they are read.
 *
 * The generation is also the time of creation, in microseconds since the Unix
 * epoch, as in production.
 */
#ifndef SIM_OBJECT_H
#define SIM_OBJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/hash.h"

struct arena;
struct buf;
struct evbuffer;
struct meta;

/* The longest name that GCS takes, in bytes of UTF-8. */
enum { OBJECT_NAME_MAX = 1024 };

/* The bytes of an object that was uploaded or is a real part of a registry.
 * Copies, versions and snapshots of one object have one payload: it counts
 * them, since bytes are what memory goes for.  stored and stored_at are the
 * data file's (store.h). */
struct payload {
	uint32_t users;
	uint32_t stored; /* rows of the data file that have it */
	uint64_t stored_at;
	uint32_t crc32c;
	uint8_t md5[HASH_MD5];
	size_t size;
	char bytes[];
};

enum object_state {
	OBJECT_LIVE,
	OBJECT_NONCURRENT,  /* replaced or deleted in a versioned bucket */
	OBJECT_SOFT_DELETED /* restorable until hard_delete_us */
};

struct object {
	uint64_t size;
	uint64_t generation;
	uint64_t updated_us;     /* of its metadata */
	uint64_t ended_us;       /* became noncurrent or soft-deleted; or 0 */
	uint64_t hard_delete_us; /* soft-deleted: when it goes for good */
	struct payload *payload; /* NULL: virtual */
	struct meta *meta;       /* NULL: says nothing */
	uint32_t metageneration;
	uint16_t name_len;
	uint8_t height; /* levels of the index it stands in */
	uint8_t state;  /* enum object_state */
	struct object *next[];
};

struct object_hashes {
	uint8_t md5[HASH_MD5];
	uint32_t crc32c;
};

/* What production says of a name that no object may have, or NULL. */
const char *object_name_fault(const char *name, size_t n);

/* A payload has one user at first. */
struct payload *payload_new(const void *bytes, size_t n);

/* The same in two steps, for bytes that the caller fills in between. */
struct payload *payload_alloc(size_t n);
void payload_hash(struct payload *p);

/* One user more; answers p (NULL is fine). */
struct payload *payload_share(struct payload *p);

/* One user less; the last frees it. */
void payload_free(struct payload *p);

/* A live version of its own, metageneration 1.  payload_take NULL: a virtual
 * object; meta_take may be NULL. */
struct object *object_new(const char *name, size_t n, uint8_t height,
    uint64_t size, uint64_t generation, struct payload *payload_take,
    struct meta *meta_take);
void object_free(struct object *o);

/* The same of a virtual object, in room, for one that stands in no index. */
struct object *object_new_in(struct arena *room, const char *name, size_t n,
    uint64_t size, uint64_t generation);

const char *object_name(const struct object *o);
int object_compare_name(const struct object *o, const char *name, size_t n);
const char *object_type(const struct object *o); /* content type */
const char *object_storage_class(const struct object *o);
bool object_is_storage_class(const char *text);
void object_hashes(const struct object *o, struct object_hashes *out);

/* Does it have an MD5?  Composite objects have none. */
bool object_has_md5(const struct object *o);

/* Adds base64(protobuf{1: generation, 2: metageneration}). */
void object_add_etag(const struct object *o, struct buf *out);

/* Adds n of the bytes from offset on, which it has: a copy of the payload, or
 * references to a pattern. */
void object_add_media(const struct object *o, uint64_t offset, uint64_t n,
    struct evbuffer *out);

#endif
