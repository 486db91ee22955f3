/* SPDX-License-Identifier: MIT */
/*
 * How a listing is cut into parts that can be listed at once.  Pure: names in,
 * names out.
 *
 * Of a range of names one page has been shown, from `first` to `last`, and there
 * is more.  The rest, from `last` to the range's end, is cut: where names are
 * digests, which lie evenly, into equal parts; else into parts that begin as
 * wide as what the page covered and grow, because nobody knows where names
 * crowd.  Each part is a range that may be cut again when its own first page is
 * there, and one that is empty has cost a request and no more.
 *
 * A part's last page is seldom full, so every cut may cost a request.  A purse
 * pays for them, in names that requests could have shown: it gets an eighth of
 * what full pages show, and back what the last page of a part did show.  So a
 * listing takes an eighth more requests than it has pages at most, and one of a
 * few pages not one more.
 */
#ifndef REGISTRY_RANGES_H
#define REGISTRY_RANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "src/base/vec.h"

/* What a page that is not the last showed. */
struct ranges_view {
	const char *prefix; /* of all names */
	const char *first, *last;
	const char *end; /* of the range, exclusive; "": none */
	size_t n;        /* names on the page, >= 1 */
};

struct ranges {
	int64_t purse;
	VEC(char *) cuts; /* of the latest ranges_cut; owned */
};

void ranges_init(struct ranges *r);
void ranges_release(struct ranges *r);

/* Tells of every page, before it is cut: is_part when its range was made by a
 * cut and ends where another begins. */
void ranges_hear(struct ranges *r, size_t n, bool has_more, bool is_part);

/* Cuts what is behind a page into `most` parts at most, and pays.  r->cuts are
 * then the names where all parts but the first begin: ascending, above last,
 * below end, UTF-8 if last is; none when it is better not cut. */
void ranges_cut(struct ranges *r, const struct ranges_view *page, size_t most);

#endif
