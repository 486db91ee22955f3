/* SPDX-License-Identifier: MIT */
/*
 * A walk along the bucket's versions with jumps.  A token is the URL base64 of
 * one letter, `n` for a name, `p` for a prefix, `o` for one whose own items come
 * yet, or `v` for a version, and the text itself, which begins with eight bytes
 * of generation for a version.
 */
#include "sim/listing.h"

#include <string.h>

#include "sim/base64.h"
#include "sim/bucket.h"
#include "sim/glob.h"
#include "sim/object.h"
#include "src/base/buf.h"

enum {
	AFTER_NAME = 'n',
	AFTER_PREFIX = 'p',
	AFTER_OPEN = 'o',
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

/* One page in the making. */
struct walk {
	const struct listing *what;
	struct listing_page *page;
	struct cursor cursor;
	/* What all names begin with: the prefix, or more of it that the glob
	 * demands. */
	struct text below;
	struct text shown; /* the prefix that was served last */
};

/* --- moving --- */

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

/* To the first one behind the last of the page before. */
static const struct object *
seek_after(struct walk *w)
{
	const struct listing *what = w->what;
	const struct object *o;

	if (what->after_open) {
		w->shown = what->after;
		return cursor_seek(&w->cursor, what->after.s, what->after.n, 0);
	}
	if (what->after_prefix)
		return seek_past(&w->cursor, what->after);
	if (what->trailing_delimiter &&
	    common_prefix(what->after, what).n == what->after.n)
		w->shown = what->after;
	o = cursor_seek(&w->cursor, what->after.s, what->after.n,
	    what->after_generation);
	if (o != NULL && compare(name_of(o), what->after) == 0 &&
	    o->generation == what->after_generation)
		o = cursor_next(&w->cursor);
	return o;
}

static const struct object *
seek_first(struct walk *w)
{
	struct text from = w->below;
	const struct object *o;

	if (compare(w->what->start, from) > 0)
		from = w->what->start;
	if (w->what->after.n == 0)
		return cursor_seek(&w->cursor, from.s, from.n, 0);
	o = seek_after(w);
	if (o != NULL && compare(name_of(o), from) < 0)
		o = cursor_seek(&w->cursor, from.s, from.n, 0);
	return o;
}

/* --- taking --- */

static bool
is_wanted(const struct walk *w, struct text name)
{
	struct glob *glob = w->what->glob;

	return glob == NULL || glob_matches(glob, name.s, name.n);
}

/* Its time has come, though it has not been forgotten yet. */
static bool
is_expired(const struct walk *w, const struct object *o)
{
	return o->state == OBJECT_SOFT_DELETED &&
	    o->hard_delete_us <= w->what->now_us;
}

/* object NULL: a prefix.  -1: the page is full. */
static int
add_entry(struct walk *w, const struct object *object, struct text prefix)
{
	struct listing_entry *e;

	if (w->page->entries.n == w->what->max) {
		w->page->has_more = true;
		return -1;
	}
	e = vec_push(&w->page->entries);
	e->object = object;
	e->prefix = prefix;
	return 0;
}

/* The page has come to this name, if nobody says that it is a prefix. */
static void
pass(struct walk *w, struct text last)
{
	w->page->last = last;
	w->page->last_is_prefix = w->page->last_is_open = false;
}

/* Each of these answers what to look at next; NULL: the page ends here. */

static const struct object *
skip_object(struct walk *w, const struct object *o)
{
	pass(w, name_of(o));
	w->page->last_generation = o->generation;
	return cursor_next(&w->cursor);
}

static const struct object *
take_object(struct walk *w, const struct object *o)
{
	if (is_wanted(w, name_of(o)) &&
	    add_entry(w, o, (struct text){ NULL, 0 }) != 0)
		return NULL;
	return skip_object(w, o);
}

static const struct object *
take_prefix(struct walk *w, const struct object *o, struct text shared)
{
	bool is_own = w->what->trailing_delimiter && shared.n == o->name_len;

	if (compare(shared, w->shown) != 0) {
		if (is_wanted(w, shared) && add_entry(w, NULL, shared) != 0)
			return NULL;
		w->shown = shared;
		pass(w, shared);
		w->page->last_is_open = true;
	}
	if (is_own)
		return take_object(w, o);
	pass(w, shared);
	w->page->last_is_prefix = true;
	return seek_past(&w->cursor, shared);
}

/* --- walking --- */

/* -1: no name can be below the prefix and match the glob. */
static int
find_below(struct walk *w)
{
	const struct listing *what = w->what;
	struct text literal = { NULL, 0 };

	w->below = what->prefix;
	if (what->glob == NULL)
		return 0;
	literal.s = glob_literal(what->glob, &literal.n);
	if (literal.n > what->prefix.n)
		w->below = literal;
	return begins_with(w->below, what->prefix) &&
		begins_with(w->below, literal)
	    ? 0
	    : -1;
}

static bool
is_inside(const struct walk *w, struct text name)
{
	const struct text *end = &w->what->end;

	return begins_with(name, w->below) &&
	    (end->n == 0 || compare(name, *end) < 0);
}

/* What looking at a name costs: one, and more where a pattern is long enough to
 * make a match dear. */
static uint64_t
work_of(const struct walk *w, struct text name)
{
	const struct glob *glob = w->what->glob;

	return 1 + (glob != NULL ? glob_size(glob) * name.n / 4096 : 0);
}

void
listing_run(const struct bucket *b, const struct listing *what,
    struct listing_page *page)
{
	struct walk w = { .what = what, .page = page };
	const struct object *o;
	struct text shared;

	cursor_init(&w.cursor, b, what->over);
	o = find_below(&w) == 0 ? seek_first(&w) : NULL;
	while (o != NULL && is_inside(&w, name_of(o))) {
		if (page->work >= LISTING_WORK) {
			page->has_more = true;
			return;
		}
		page->work += work_of(&w, name_of(o));
		shared = common_prefix(name_of(o), what);
		if (is_expired(&w, o))
			o = skip_object(&w, o);
		else if (shared.n > 0)
			o = take_prefix(&w, o, shared);
		else
			o = take_object(&w, o);
	}
}

/* --- tokens --- */

void
listing_add_token(const struct listing *what, const struct listing_page *page,
    struct buf *out)
{
	char bytes[1 + GENERATION + OBJECT_NAME_MAX];
	size_t i, n = 0;

	bytes[n++] = page->last_is_prefix ? AFTER_PREFIX
	    : page->last_is_open          ? AFTER_OPEN
	    : what->over == CURSOR_LIVE   ? AFTER_NAME
					  : AFTER_VERSION;
	for (i = 0; bytes[0] == AFTER_VERSION && i < GENERATION; i++)
		bytes[n++] = (char)(page->last_generation >> (56 - 8 * i));
	memcpy(bytes + n, page->last.s, page->last.n);
	base64_url_add(out, bytes, n + page->last.n);
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
	what->after_open = name->data[0] == AFTER_OPEN;
	what->after_generation = UINT64_MAX;
	if (name->data[0] == AFTER_VERSION) {
		what->after_generation = 0;
		for (; skip <= GENERATION && skip < name->len; skip++)
			what->after_generation = what->after_generation << 8 |
			    (unsigned char)name->data[skip];
	} else if (name->data[0] != AFTER_NAME && !what->after_prefix &&
	    !what->after_open) {
		return -1;
	}
	i = name->len - skip;
	what->after = (struct text){ name->data + skip, i };
	return i > 0 ? 0 : -1;
}
