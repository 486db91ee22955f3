/* SPDX-License-Identifier: MIT */
/*
 * A skip list: every object stands in level 0, a quarter of them in level 1,
 * and so on.  Heights come from a generator of the bucket's own, so the same
 * calls build the same list.
 */
#include "sim/bucket.h"

#include <stdlib.h>
#include <string.h>

#include "sim/object.h"
#include "src/base/mem.h"

/* Where the links to a name are: one per level. */
struct path {
	struct object **link[BUCKET_LEVELS];
};

bool
bucket_is_name(const char *name, size_t n)
{
	size_t i;

	if (n < BUCKET_NAME_MIN || n > BUCKET_NAME_MAX)
		return false;
	for (i = 0; i < n; i++) {
		if (!(name[i] >= 'a' && name[i] <= 'z') &&
		    !(name[i] >= '0' && name[i] <= '9') && name[i] != '.' &&
		    name[i] != '_' && name[i] != '-')
			return false;
	}
	return true;
}

struct bucket *
bucket_new(const char *name, uint64_t created_us)
{
	struct bucket *b = mem_zalloc(1, sizeof(*b));

	memcpy(b->name, name, strlen(name) + 1);
	b->created_us = created_us;
	rng_init(&b->rng, rng_hash(name, strlen(name), 0));
	return b;
}

void
bucket_free(struct bucket *b)
{
	struct object *o, *next;

	if (b == NULL)
		return;
	for (o = b->head[0]; o != NULL; o = next) {
		next = o->next[0];
		object_free(o);
	}
	free(b);
}

static int
compare(const struct object *o, const char *name, size_t n)
{
	size_t common = o->name_len < n ? o->name_len : n;
	int c = common == 0 ? 0 : memcmp(object_name(o), name, common);

	if (c != 0)
		return c;
	return o->name_len == n ? 0 : o->name_len < n ? -1 : 1;
}

struct object *
bucket_seek(const struct bucket *b, const char *name, size_t n)
{
	struct object *const *links = b->head;
	int level;

	for (level = BUCKET_LEVELS - 1; level >= 0; level--) {
		while (
		    links[level] != NULL && compare(links[level], name, n) < 0)
			links = links[level]->next;
	}
	return links[0];
}

struct object *
bucket_find(const struct bucket *b, const char *name, size_t n)
{
	struct object *o = bucket_seek(b, name, n);

	return o != NULL && compare(o, name, n) == 0 ? o : NULL;
}

struct object *
bucket_next(const struct object *o)
{
	return o->next[0];
}

static void
find_path(struct bucket *b, const char *name, size_t n, struct path *path)
{
	struct object **links = b->head;
	int level;

	for (level = BUCKET_LEVELS - 1; level >= 0; level--) {
		while (
		    links[level] != NULL && compare(links[level], name, n) < 0)
			links = links[level]->next;
		path->link[level] = &links[level];
	}
}

static bool
unlink_at(struct bucket *b, const char *name, size_t n, struct path *path)
{
	struct object *o = *path->link[0];
	int level;

	if (o == NULL || compare(o, name, n) != 0)
		return false;
	for (level = 0; level < o->height; level++)
		*path->link[level] = o->next[level];
	b->objects--;
	b->bytes -= o->size;
	object_free(o);
	return true;
}

static uint8_t
draw_height(struct rng *rng)
{
	uint64_t bits = rng_next(rng);
	uint8_t height = 1;

	for (; height < BUCKET_LEVELS && (bits & 3) == 0; bits >>= 2)
		height++;
	return height;
}

struct object *
bucket_put(struct bucket *b, const char *name, size_t n, uint64_t size,
    uint64_t generation, struct payload *payload_take)
{
	struct object *o = object_new(name, n, draw_height(&b->rng), size,
	    generation, payload_take);
	struct path path;
	int level;

	find_path(b, name, n, &path);
	unlink_at(b, name, n, &path);
	for (level = 0; level < o->height; level++) {
		o->next[level] = *path.link[level];
		*path.link[level] = o;
	}
	b->objects++;
	b->bytes += size;
	return o;
}

bool
bucket_remove(struct bucket *b, const char *name, size_t n)
{
	struct path path;

	find_path(b, name, n, &path);
	return unlink_at(b, name, n, &path);
}
