/* SPDX-License-Identifier: MIT */
/*
 * One page of objects.list.  A page token names the last name or prefix that
 * was served, never a position: whatever is deleted between two pages, nothing
 * is skipped and nothing comes twice.  Prefixes count in the page, come once,
 * and are passed by one look-up however many objects they stand for.
 */
#ifndef SIM_LISTING_H
#define SIM_LISTING_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/cursor.h"
#include "src/base/vec.h"

struct buf;
struct bucket;
struct glob;
struct object;

enum {
	LISTING_MAX = 1000, /* the most that production puts in a page */
	/* A page that finds little of what it looks for ends after so many
	 * objects that it has looked at. */
	LISTING_WORK = 10000
};

struct text {
	const char *s;
	size_t n;
};

struct listing {
	enum cursor_over over;
	uint64_t now_us; /* wall clock */
	struct text prefix;
	struct text delimiter;
	struct text start; /* inclusive */
	struct text end;   /* exclusive; empty: none */
	struct text after; /* from a token; empty: the first page */
	bool after_prefix; /* `after` is a prefix, with all that it covers, */
	bool after_open;   /* but for the items of its own name */
	uint64_t after_generation; /* of the version; UINT64_MAX: of any */
	size_t max;                /* 1 to LISTING_MAX */
	struct glob *glob;         /* names and prefixes that count, or NULL */
	/* Names that end where their prefix does are items, too. */
	bool trailing_delimiter;
};

struct listing_entry {
	const struct object *object; /* NULL: a prefix */
	struct text prefix;          /* in some object's name */
};

struct listing_page {
	VEC(struct listing_entry) entries;
	bool has_more; /* perhaps: also when the work was over first */
	uint64_t work; /* objects looked at */
	/* Where the next page begins: behind this name or prefix. */
	struct text last;
	bool last_is_prefix;
	bool last_is_open;
	uint64_t last_generation; /* of the version */
};

/* Fills a zeroed page; valid until the bucket changes.  Its price is that of
 * the page: what it stands in may be as large as it likes. */
void listing_run(const struct bucket *b, const struct listing *what,
    struct listing_page *page);

/* Adds the token of the next page (of a page that has more). */
void listing_add_token(const struct listing *what,
    const struct listing_page *page, struct buf *out);

/* Reads a token into name, which `after` then borrows; -1: it is none. */
int listing_parse_token(struct listing *what, const char *token, size_t n,
    struct buf *name);

#endif
