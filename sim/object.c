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
#include "sim/meta.h"
#include "src/base/arena.h"
#include "src/base/buf.h"
#include "src/base/mem.h"
#include "src/base/rng.h"
#include "src/base/str.h"

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
payload_alloc(size_t n)
{
	struct payload *p = mem_alloc(sizeof(*p) + n);

	p->users = 1;
	p->stored = 0;
	p->size = n;
	return p;
}

void
payload_hash(struct payload *p)
{
	hash_md5(p->bytes, p->size, p->md5);
	p->crc32c = hash_crc32c(p->bytes, p->size);
}

struct payload *
payload_new(const void *bytes, size_t n)
{
	struct payload *p = payload_alloc(n);

	if (n != 0)
		memcpy(p->bytes, bytes, n);
	payload_hash(p);
	return p;
}

struct payload *
payload_share(struct payload *p)
{
	if (p != NULL)
		p->users++;
	return p;
}

void
payload_free(struct payload *p)
{
	if (p != NULL && --p->users == 0)
		free(p);
}

static struct object *
fill(struct object *o, const char *name, size_t n, uint8_t height,
    uint64_t size, uint64_t generation)
{
	char *copy = (char *)&o->next[height];

	*o = (struct object){ .size = size,
		.generation = generation,
		.updated_us = generation,
		.metageneration = 1,
		.name_len = (uint16_t)n,
		.height = height,
		.state = OBJECT_LIVE };
	memcpy(copy, name, n);
	copy[n] = '\0';
	return o;
}

static size_t
size_of(size_t n, uint8_t height)
{
	return sizeof(struct object) + height * sizeof(struct object *) + n + 1;
}

struct object *
object_new(const char *name, size_t n, uint8_t height, uint64_t size,
    uint64_t generation, struct payload *payload_take, struct meta *meta_take)
{
	struct object *o = fill(mem_alloc(size_of(n, height)), name, n, height,
	    size, generation);

	o->payload = payload_take;
	o->meta = meta_take;
	return o;
}

struct object *
object_new_in(struct arena *room, const char *name, size_t n, uint64_t size,
    uint64_t generation)
{
	return fill(arena_alloc(room, size_of(n, 0)), name, n, 0, size,
	    generation);
}

void
object_free(struct object *o)
{
	if (o == NULL)
		return;
	payload_free(o->payload);
	free(o->meta);
	free(o);
}

const char *
object_name(const struct object *o)
{
	return (const char *)&o->next[o->height];
}

int
object_compare_name(const struct object *o, const char *name, size_t n)
{
	size_t common = o->name_len < n ? o->name_len : n;
	int c = common == 0 ? 0 : memcmp(object_name(o), name, common);

	if (c != 0)
		return c;
	return o->name_len == n ? 0 : o->name_len < n ? -1 : 1;
}

const char *
object_type(const struct object *o)
{
	const char *type = meta_text(o->meta, META_CONTENT_TYPE);

	return type != NULL ? type : "application/octet-stream";
}

const char *
object_storage_class(const struct object *o)
{
	const char *class = meta_text(o->meta, META_STORAGE_CLASS);

	return class != NULL ? class : "STANDARD";
}

bool
object_has_md5(const struct object *o)
{
	return meta_components(o->meta) == 0;
}

/* What the hashes and the bytes of a virtual object follow from: its name, or
 * that of the one which it is a copy of. */
static uint64_t
seed_of(const struct object *o, uint64_t salt)
{
	const char *name = meta_text(o->meta, META_BYTES_OF);

	return name != NULL ? rng_hash(name, strlen(name), salt)
			    : rng_hash(object_name(o), o->name_len, salt);
}

bool
object_is_storage_class(const char *text)
{
	static const char *const known[] = { "STANDARD", "NEARLINE", "COLDLINE",
		"ARCHIVE", "MULTI_REGIONAL", "REGIONAL",
		"DURABLE_REDUCED_AVAILABILITY" };
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcmp(text, known[i]) == 0)
			return true;
	}
	return false;
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
	rng_init(&r, seed_of(o, o->size));
	rng_fill(&r, out->md5, sizeof(out->md5));
	out->crc32c = (uint32_t)rng_next(&r);
}

static size_t
put_varint(uint8_t *out, uint64_t v)
{
	size_t n = 0;

	for (; v >= 0x80; v >>= 7)
		out[n++] = (uint8_t)(v | 0x80);
	out[n++] = (uint8_t)v;
	return n;
}

void
object_add_etag(const struct object *o, struct buf *out)
{
	uint8_t bytes[24];
	size_t n = 0;

	bytes[n++] = 1 << 3; /* field 1, varint */
	n += put_varint(bytes + n, o->generation);
	bytes[n++] = 2 << 3; /* field 2, varint */
	n += put_varint(bytes + n, o->metageneration);
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
object_add_media(const struct object *o, uint64_t offset, uint64_t n,
    struct evbuffer *out)
{
	size_t i, have = (size_t)BLOCK_REPEATS * PATTERN, take;
	uint64_t begin = seed_of(o, 0) + offset;
	size_t skip = (size_t)(begin % PATTERN);
	char *block;

	if (o->payload != NULL) {
		evbuffer_add(out, o->payload->bytes + offset, (size_t)n);
		return;
	}
	if (n == 0)
		return;
	if (have > n + PATTERN)
		have = (size_t)(n / PATTERN + 2) * PATTERN;
	block = mem_alloc(have + PATTERN);
	for (i = 0; i < have + PATTERN; i += PATTERN)
		memcpy(block + i, pattern, PATTERN);
	/* Buffers send in order: the last reference to go frees the block. */
	for (; n > 0; n -= take) {
		take = n < have ? (size_t)n : have;
		evbuffer_add_reference(out, block + skip, take,
		    take == n ? free_block : keep_block, block);
	}
}
