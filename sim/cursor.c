/* SPDX-License-Identifier: MIT */
/* Two ordered walks, merged as they are taken. */
#include "sim/cursor.h"

#include "sim/bucket.h"
#include "sim/index.h"
#include "sim/object.h"

void
cursor_init(struct cursor *c, const struct bucket *bucket,
    enum cursor_over over, uint64_t now_us)
{
	*c =
	    (struct cursor){ .bucket = bucket, .over = over, .now_us = now_us };
}

static const struct object *
first(const struct cursor *c)
{
	int order;

	if (c->a == NULL || c->b == NULL)
		return c->a != NULL ? c->a : c->b;
	order = object_compare_name(c->a, object_name(c->b), c->b->name_len);
	if (order == 0)
		return c->a->generation < c->b->generation ? c->a : c->b;
	return order < 0 ? c->a : c->b;
}

static void
skip_expired(struct cursor *c)
{
	while (c->over == CURSOR_SOFT_DELETED && c->a != NULL &&
	    c->a->hard_delete_us <= c->now_us)
		c->a = index_next(c->a);
}

const struct object *
cursor_seek(struct cursor *c, const char *name, size_t n, uint64_t generation)
{
	const struct index *a = c->over == CURSOR_SOFT_DELETED
	    ? &c->bucket->soft_deleted
	    : &c->bucket->live;

	c->a = index_seek(a, name, n, generation);
	c->b = c->over == CURSOR_VERSIONS
	    ? index_seek(&c->bucket->noncurrent, name, n, generation)
	    : NULL;
	skip_expired(c);
	return first(c);
}

const struct object *
cursor_at(const struct cursor *c)
{
	return first(c);
}

const struct object *
cursor_next(struct cursor *c)
{
	if (first(c) == c->a)
		c->a = index_next(c->a);
	else
		c->b = index_next(c->b);
	skip_expired(c);
	return first(c);
}
