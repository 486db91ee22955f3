/* SPDX-License-Identifier: MIT */
/*
 * A walk along the bucket's index with jumps.  A token is the URL base64 of
 * one letter, `n` for a name or `p` for a prefix, and the text itself.
 */
#include "sim/listing.h"

#include <string.h>

#include "sim/base64.h"
#include "sim/bucket.h"
#include "sim/object.h"
#include "src/base/buf.h"

enum { AFTER_NAME = 'n', AFTER_PREFIX = 'p' };

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

/* The first object behind all that begin with prefix: the place of the prefix
 * with its last byte one higher. */
static struct object *
seek_past(const struct bucket *b, struct text prefix)
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
	return bucket_seek(b, bound, n);
}

static struct object *
first_object(const struct bucket *b, const struct listing *what)
{
	struct text from = what->prefix;
	struct object *o;

	if (compare(what->start, from) > 0)
		from = what->start;
	if (what->after.n == 0)
		return bucket_seek(b, from.s, from.n);
	if (what->after_prefix) {
		o = seek_past(b, what->after);
	} else {
		o = bucket_seek(b, what->after.s, what->after.n);
		if (o != NULL && compare(name_of(o), what->after) == 0)
			o = bucket_next(o);
	}
	if (o != NULL && compare(name_of(o), from) < 0)
		o = bucket_seek(b, from.s, from.n);
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
	struct object *o = first_object(b, what);
	struct listing_entry *e;
	struct text name, shared;

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
		o = shared.n > 0 ? seek_past(b, shared) : bucket_next(o);
	}
}

void
listing_add_token(const struct listing_page *page, struct buf *out)
{
	const struct listing_entry *last =
	    &page->entries.v[page->entries.n - 1];
	struct text t = last->object ? name_of(last->object) : last->prefix;
	char bytes[1 + OBJECT_NAME_MAX];

	bytes[0] = last->object != NULL ? AFTER_NAME : AFTER_PREFIX;
	memcpy(bytes + 1, t.s, t.n);
	base64_url_add(out, bytes, 1 + t.n);
}

int
listing_parse_token(struct listing *what, const char *token, size_t n,
    struct buf *name)
{
	buf_clear(name);
	if (base64_url_parse(name, token, n) != 0 || name->len < 2 ||
	    (name->data[0] != AFTER_NAME && name->data[0] != AFTER_PREFIX))
		return -1;
	what->after = (struct text){ name->data + 1, name->len - 1 };
	what->after_prefix = name->data[0] == AFTER_PREFIX;
	return 0;
}
