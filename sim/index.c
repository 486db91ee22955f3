/* SPDX-License-Identifier: MIT */
/*
 * A skip list: every object stands in level 0, a quarter of them in level 1,
 * and so on.  Heights come from a generator of the index's own, so the same
 * calls build the same list.
 */
#include "sim/index.h"

#include <string.h>

#include "sim/object.h"

/* Where the links to a place are: one per level. */
struct path {
	struct object **link[INDEX_LEVELS];
};

void
index_init(struct index *ix, uint64_t seed)
{
	*ix = (struct index){ 0 };
	rng_init(&ix->rng, seed);
}

uint8_t
index_draw_height(struct index *ix)
{
	uint64_t bits = rng_next(&ix->rng);
	uint8_t height = 1;

	for (; height < INDEX_LEVELS && (bits & 3) == 0; bits >>= 2)
		height++;
	return height;
}

static int
compare(const struct object *o, const char *name, size_t n, uint64_t generation)
{
	int c = object_compare_name(o, name, n);

	if (c != 0)
		return c;
	return o->generation == generation ? 0
	    : o->generation < generation   ? -1
					   : 1;
}

struct object *
index_seek(const struct index *ix, const char *name, size_t n,
    uint64_t generation)
{
	struct object *const *links = ix->head;
	int level;

	for (level = INDEX_LEVELS - 1; level >= 0; level--) {
		while (links[level] != NULL &&
		    compare(links[level], name, n, generation) < 0)
			links = links[level]->next;
	}
	return links[0];
}

struct object *
index_find(const struct index *ix, const char *name, size_t n)
{
	struct object *o = index_seek(ix, name, n, 0);

	return o != NULL && object_compare_name(o, name, n) == 0 ? o : NULL;
}

struct object *
index_next(const struct object *o)
{
	return o->next[0];
}

static void
find_path(struct index *ix, const struct object *o, struct path *path)
{
	const char *name = object_name(o);
	struct object **links = ix->head;
	int level;

	for (level = INDEX_LEVELS - 1; level >= 0; level--) {
		while (links[level] != NULL &&
		    compare(links[level], name, o->name_len, o->generation) < 0)
			links = links[level]->next;
		path->link[level] = &links[level];
	}
}

void
index_add(struct index *ix, struct object *o)
{
	struct path path;
	int level;

	find_path(ix, o, &path);
	for (level = 0; level < o->height; level++) {
		o->next[level] = *path.link[level];
		*path.link[level] = o;
	}
	ix->n++;
	ix->bytes += o->size;
}

void
index_remove(struct index *ix, struct object *o)
{
	struct path path;
	int level;

	find_path(ix, o, &path);
	for (level = 0; level < o->height; level++)
		*path.link[level] = o->next[level];
	ix->n--;
	ix->bytes -= o->size;
}
