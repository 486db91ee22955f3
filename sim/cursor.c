/* SPDX-License-Identifier: MIT */
/* Up to three ordered walks, merged as they are taken. */
#include "sim/cursor.h"

#include "sim/bucket.h"
#include "sim/bulk.h"
#include "sim/index.h"
#include "sim/object.h"

void
cursor_init(struct cursor *c, const struct bucket *bucket,
    enum cursor_over over)
{
	*c = (struct cursor){ .bucket = bucket, .over = over };
}

/* The earlier of two; NULL stands behind all. */
static const struct object *
earlier(const struct object *a, const struct object *b)
{
	int order;

	if (a == NULL || b == NULL)
		return a != NULL ? a : b;
	order = object_compare_name(a, object_name(b), b->name_len);
	if (order == 0)
		return a->generation < b->generation ? a : b;
	return order < 0 ? a : b;
}

const struct object *
cursor_at(const struct cursor *c)
{
	return earlier(earlier(c->a, c->b), c->f);
}

static void
make_object(struct cursor *c)
{
	const struct bulk *bulk = c->bucket->bulk;

	c->f = c->number < bulk->n
	    ? bulk_object(bulk, c->number, c->bucket->room)
	    : NULL;
}

const struct object *
cursor_seek(struct cursor *c, const char *name, size_t n, uint64_t generation)
{
	const struct bucket *b = c->bucket;

	c->b = c->f = NULL;
	if (c->over == CURSOR_SOFT_DELETED) {
		c->a = index_seek(&b->soft_deleted, name, n, generation);
		return c->a;
	}
	c->a = index_seek(&b->live, name, n, generation);
	if (c->over == CURSOR_VERSIONS)
		c->b = index_seek(&b->noncurrent, name, n, generation);
	if (b->bulk == NULL)
		return cursor_at(c);
	c->number = bulk_seek(b->bulk, name, n);
	make_object(c);
	if (c->f != NULL && c->f->generation < generation &&
	    object_compare_name(c->f, name, n) == 0) {
		c->number = bulk_next(b->bulk, c->number + 1);
		make_object(c);
	}
	return cursor_at(c);
}

const struct object *
cursor_next(struct cursor *c)
{
	const struct object *at = cursor_at(c);

	if (at == c->f) {
		c->number = bulk_next(c->bucket->bulk, c->number + 1);
		make_object(c);
	} else if (at == c->a) {
		c->a = index_next(c->a);
	} else {
		c->b = index_next(c->b);
	}
	return cursor_at(c);
}
