/* SPDX-License-Identifier: MIT */
/*
 * A listing in progress: its prefix and range, the token of the next page, and
 * the proofs that it advances.  A server that shows names out of order or of
 * another range, repeats a token or sends empty pages for ever must not keep us
 * busy or fool us.
 *
 * A listing that is cut goes on without a token, which was given for a longer
 * range: at the last name seen, because the API's bounds are inclusive at the
 * start and no name is known to be the next one.  That name is shown once more,
 * and left out.
 */
#ifndef REGISTRY_LISTING_H
#define REGISTRY_LISTING_H

#include <stdbool.h>

#include "src/base/buf.h"
#include "src/base/err.h"

struct storage_page;

enum listing_kind { LISTING_BLOBS, LISTING_REPOSITORIES, LISTING_MANIFESTS };

struct listing {
	enum listing_kind kind;
	char *prefix;
	char *start;          /* of its range, inclusive; "": none */
	char *end;            /* exclusive; "": none */
	bool is_part;         /* a cut made this end, another begins here */
	struct buf token;     /* of the page to ask for; "" for the first */
	struct buf last;      /* last name seen */
	size_t seen;          /* of the latest page: the first are not new */
	unsigned empty_pages; /* in a row */
	bool is_done;
};

/* start and end: of its range, "" for none. */
struct listing *listing_new(enum listing_kind kind, const char *prefix,
    const char *start, const char *end);
void listing_free(struct listing *l);

/* Checks a page against what came before and moves on to the next.
 * ERR_PROTOCOL when the server does not make sense. */
int listing_take_page(struct listing *l, const struct storage_page *page,
    struct err *err) MUST_CHECK;

/* Has it end earlier, after a page that was not the last: at a name above all
 * that it has seen.  What is from there on is for others to list. */
void listing_cut(struct listing *l, const char *end);

#endif
