/* SPDX-License-Identifier: MIT */
/*
 * An object of a bucket: one block of memory with its links in the bucket's
 * index and its name.  An object without a payload is virtual: it has a size
 * and hashes that follow from its name, and its bytes exist only while they
 * are read.
 *
 * The generation is also the time of creation, in microseconds since the Unix
 * epoch, as in production.  Nothing here changes metadata, so the
 * metageneration is always 1.
 */
#ifndef SIM_OBJECT_H
#define SIM_OBJECT_H

#include <stddef.h>
#include <stdint.h>

#include "sim/hash.h"

struct buf;
struct evbuffer;

/* The longest name that GCS takes, in bytes of UTF-8. */
enum { OBJECT_NAME_MAX = 1024 };

/* The bytes of an object that was uploaded or is a real part of a registry. */
struct payload {
	uint8_t md5[HASH_MD5];
	uint32_t crc32c;
	const char *type; /* content type; static or behind the bytes */
	size_t size;
	char bytes[];
};

struct object {
	uint64_t size;
	uint64_t generation;
	struct payload *payload; /* NULL: virtual */
	uint16_t name_len;
	uint8_t height; /* levels of the index it stands in */
	struct object *next[];
};

struct object_hashes {
	uint8_t md5[HASH_MD5];
	uint32_t crc32c;
};

/* What production says of a name that no object may have, or NULL. */
const char *object_name_fault(const char *name, size_t n);

/* type NULL: application/octet-stream, else it is copied. */
struct payload *payload_new(const void *bytes, size_t n, const char *type);

/* The same in two steps, for bytes that the caller fills in between. */
struct payload *payload_alloc(size_t n, const char *type);
void payload_hash(struct payload *p);

/* payload_take may be NULL for a virtual object. */
struct object *object_new(const char *name, size_t n, uint8_t height,
    uint64_t size, uint64_t generation, struct payload *payload_take);
void object_free(struct object *o);

const char *object_name(const struct object *o);
const char *object_type(const struct object *o);
void object_hashes(const struct object *o, struct object_hashes *out);

/* Adds base64(protobuf{1: generation, 2: metageneration 1}). */
void object_add_etag(uint64_t generation, struct buf *out);

/* Adds the bytes: a copy of the payload, or references to a pattern. */
void object_add_media(const struct object *o, struct evbuffer *out);

#endif
