/* SPDX-License-Identifier: MIT */
/*
 * Layout of the one block: the fixed part, `height` links, the name, a NUL.
 * A million virtual layers of a registry take some 200 bytes each.
 */
#include "sim/object.h"

#include <event2/buffer.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base64.h"
#include "sim/json_out.h"
#include "src/base/buf.h"
#include "src/base/mem.h"
#include "src/base/rng.h"
#include "src/base/str.h"

static const char default_type[] = "application/octet-stream";

const char *
object_name_fault(const char *name, size_t n)
{
	if (n == 0)
		return "Required parameter: name";
	if (n > OBJECT_NAME_MAX)
		return "The specified object name is too long.";
	if (memchr(name, '\0', n) != NULL || memchr(name, '\r', n) != NULL ||
	    memchr(name, '\n', n) != NULL || !json_is_utf8(name, n) ||
	    str_is(name, n, ".") || str_is(name, n, ".."))
		return "The specified object name is not valid.";
	return NULL;
}

struct payload *
payload_alloc(size_t n, const char *type)
{
	size_t type_size = type != NULL ? strlen(type) + 1 : 0;
	struct payload *p = mem_alloc(sizeof(*p) + n + type_size);

	p->size = n;
	p->type = default_type;
	if (type != NULL)
		p->type = memcpy(p->bytes + n, type, type_size);
	return p;
}

void
payload_hash(struct payload *p)
{
	hash_md5(p->bytes, p->size, p->md5);
	p->crc32c = hash_crc32c(p->bytes, p->size);
}

struct payload *
payload_new(const void *bytes, size_t n, const char *type)
{
	struct payload *p = payload_alloc(n, type);

	if (n != 0)
		memcpy(p->bytes, bytes, n);
	payload_hash(p);
	return p;
}

struct object *
object_new(const char *name, size_t n, uint8_t height, uint64_t size,
    uint64_t generation, struct payload *payload_take)
{
	struct object *o = mem_alloc(
	    sizeof(*o) + height * sizeof(struct object *) + n + 1);
	char *copy = (char *)&o->next[height];

	o->size = size;
	o->generation = generation;
	o->payload = payload_take;
	o->name_len = (uint16_t)n;
	o->height = height;
	memcpy(copy, name, n);
	copy[n] = '\0';
	return o;
}

void
object_free(struct object *o)
{
	if (o == NULL)
		return;
	free(o->payload);
	free(o);
}

const char *
object_name(const struct object *o)
{
	return (const char *)&o->next[o->height];
}

const char *
object_type(const struct object *o)
{
	return o->payload != NULL ? o->payload->type : default_type;
}

void
object_hashes(const struct object *o, struct object_hashes *out)
{
	struct rng r;

	if (o->payload != NULL) {
		memcpy(out->md5, o->payload->md5, sizeof(out->md5));
		out->crc32c = o->payload->crc32c;
		return;
	}
	rng_init(&r, rng_hash(object_name(o), o->name_len, o->size));
	rng_fill(&r, out->md5, sizeof(out->md5));
	out->crc32c = (uint32_t)rng_next(&r);
}

void
object_add_etag(uint64_t generation, struct buf *out)
{
	uint8_t bytes[16];
	size_t n = 0;

	bytes[n++] = 1 << 3; /* field 1, varint */
	for (; generation >= 0x80; generation >>= 7)
		bytes[n++] = (uint8_t)(generation | 0x80);
	bytes[n++] = (uint8_t)generation;
	bytes[n++] = 2 << 3; /* field 2, varint */
	bytes[n++] = 1;
	base64_add(out, bytes, n);
}

/* What virtual objects are made of; where each begins in it follows from its
 * name, so that two of them differ. */
static const char pattern[] =
    "gcs-sim: these bytes were never stored and do not hash to their name.\n";

enum {
	PATTERN = sizeof(pattern) - 1,
	BLOCK_REPEATS = 8192 /* 560 KiB a reference: 36 for a 20 MB layer */
};

static void
free_block(const void *data, size_t n, void *block)
{
	(void)data, (void)n;
	free(block);
}

static void
keep_block(const void *data, size_t n, void *block)
{
	(void)data, (void)n, (void)block;
}

void
object_add_media(const struct object *o, struct evbuffer *out)
{
	size_t i, have = (size_t)BLOCK_REPEATS * PATTERN, take;
	uint64_t left = o->size;
	size_t skip = (size_t)(rng_hash(object_name(o), o->name_len, 0) %
	    PATTERN);
	char *block;

	if (o->payload != NULL) {
		evbuffer_add(out, o->payload->bytes, o->payload->size);
		return;
	}
	if (left == 0)
		return;
	if (have > left + PATTERN)
		have = (left / PATTERN + 2) * PATTERN;
	block = mem_alloc(have + PATTERN);
	for (i = 0; i < have + PATTERN; i += PATTERN)
		memcpy(block + i, pattern, PATTERN);
	/* Buffers send in order: the last reference to go frees the block. */
	for (; left > 0; left -= take) {
		take = left < have ? (size_t)left : have;
		evbuffer_add_reference(out, block + skip, take,
		    take == left ? free_block : keep_block, block);
	}
}
