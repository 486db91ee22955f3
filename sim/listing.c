/* SPDX-License-Identifier: MIT */
/*
 * A walk along the bucket's versions with jumps.  A token is the URL base64 of
 * one letter, `n` for a name, `p` for a prefix or `v` for a version, and the
 * text itself, which begins with eight bytes of generation for a version.
 */
#include "sim/listing.h"

#include <string.h>

#include "sim/base64.h"
#include "sim/bucket.h"
#include "sim/object.h"
#include "src/base/buf.h"

enum {
	AFTER_NAME = 'n',
	AFTER_PREFIX = 'p',
	AFTER_VERSION = 'v',
	GENERATION = 8 /* bytes */
};

static int
compare(struct text a, struct text b)
{
	size_t common = a.n < b.n ? a.n : b.n;
	int c = common == 0 ? 0 : memcmp(a.s, b.s, common);

	if (c != 0)
		return c;
	return a.n == b.n ? 0 : a.n < b.n ? -1 : 1;
}

static struct text
name_of(const struct object *o)
{
	return (struct text){ object_name(o), o->name_len };
}

static bool
begins_with(struct text name, struct text prefix)
{
	return name.n >= prefix.n &&
	    (prefix.n == 0 || memcmp(name.s, prefix.s, prefix.n) == 0);
}

/* To the first object behind all that begin with prefix: the place of the
 * prefix with its last byte one higher. */
static const struct object *
seek_past(struct cursor *c, struct text prefix)
{
	char bound[OBJECT_NAME_MAX];
	size_t n = prefix.n;

	if (n > sizeof(bound))
		return NULL;
	memcpy(bound, prefix.s, n);
	while (n > 0 && (unsigned char)bound[n - 1] == 0xff)
		n--;
	if (n == 0)
		return NULL;
	bound[n - 1]++;
	return cursor_seek(c, bound, n, 0);
}

/* To the first one behind the last of the page before. */
static const struct object *
seek_after(struct cursor *c, const struct listing *what)
{
	const struct object *o;

	if (what->after_prefix)
		return seek_past(c, what->after);
	o = cursor_seek(c, what->after.s, what->after.n,
	    what->after_generation);
	if (o != NULL && compare(name_of(o), what->after) == 0 &&
	    o->generation == what->after_generation)
		o = cursor_next(c);
	return o;
}

static const struct object *
seek_first(struct cursor *c, const struct listing *what)
{
	struct text from = what->prefix;
	const struct object *o;

	if (compare(what->start, from) > 0)
		from = what->start;
	if (what->after.n == 0)
		return cursor_seek(c, from.s, from.n, 0);
	o = seek_after(c, what);
	if (o != NULL && compare(name_of(o), from) < 0)
		o = cursor_seek(c, from.s, from.n, 0);
	return o;
}

/* The part of name up to the first delimiter behind the prefix, or "". */
static struct text
common_prefix(struct text name, const struct listing *what)
{
	const struct text *d = &what->delimiter;
	size_t i;

	for (i = what->prefix.n; d->n > 0 && i + d->n <= name.n; i++) {
		if (memcmp(name.s + i, d->s, d->n) == 0)
			return (struct text){ name.s, i + d->n };
	}
	return (struct text){ NULL, 0 };
}

void
listing_run(const struct bucket *b, const struct listing *what,
    struct listing_page *page)
{
	struct cursor c;
	const struct object *o;
	struct listing_entry *e;
	struct text name, shared;

	cursor_init(&c, b, what->over, what->now_us);
	o = seek_first(&c, what);
	while (o != NULL) {
		name = name_of(o);
		if (!begins_with(name, what->prefix) ||
		    (what->end.n > 0 && compare(name, what->end) >= 0))
			return;
		if (page->entries.n == what->max) {
			page->has_more = true;
			return;
		}
		shared = common_prefix(name, what);
		e = vec_push(&page->entries);
		e->object = shared.n > 0 ? NULL : o;
		e->prefix = shared;
		o = shared.n > 0 ? seek_past(&c, shared) : cursor_next(&c);
	}
}

void
listing_add_token(const struct listing *what, const struct listing_page *page,
    struct buf *out)
{
	const struct listing_entry *last =
	    &page->entries.v[page->entries.n - 1];
	struct text t = last->object ? name_of(last->object) : last->prefix;
	char bytes[1 + GENERATION + OBJECT_NAME_MAX];
	size_t i, n = 0;

	bytes[n++] = last->object == NULL ? AFTER_PREFIX
	    : what->over == CURSOR_LIVE   ? AFTER_NAME
					  : AFTER_VERSION;
	for (i = 0; bytes[0] == AFTER_VERSION && i < GENERATION; i++)
		bytes[n++] = (char)(last->object->generation >> (56 - 8 * i));
	memcpy(bytes + n, t.s, t.n);
	base64_url_add(out, bytes, n + t.n);
}

int
listing_parse_token(struct listing *what, const char *token, size_t n,
    struct buf *name)
{
	size_t i, skip = 1;

	buf_clear(name);
	if (base64_url_parse(name, token, n) != 0 || name->len < 2)
		return -1;
	what->after_prefix = name->data[0] == AFTER_PREFIX;
	what->after_generation = UINT64_MAX;
	if (name->data[0] == AFTER_VERSION) {
		what->after_generation = 0;
		for (; skip <= GENERATION && skip < name->len; skip++)
			what->after_generation = what->after_generation << 8 |
			    (unsigned char)name->data[skip];
	} else if (name->data[0] != AFTER_NAME && !what->after_prefix) {
		return -1;
	}
	i = name->len - skip;
	what->after = (struct text){ name->data + skip, i };
	return i > 0 ? 0 : -1;
}
