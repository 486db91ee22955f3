/* SPDX-License-Identifier: MIT */
/*
 * A listing in progress: its prefix, the token of the next page, and the
 * proofs that it advances.  A server that shows names out of order, repeats a
 * token or sends empty pages for ever must not keep us busy or fool us.
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
	struct buf token;     /* of the page to ask for; "" for the first */
	struct buf last;      /* last name seen */
	unsigned empty_pages; /* in a row */
	bool is_done;
};

struct listing *listing_new(enum listing_kind kind, const char *prefix);
void listing_free(struct listing *l);

/* Checks a page against what came before and moves on to the next.
 * ERR_PROTOCOL when the server does not make sense. */
int listing_take_page(struct listing *l, const struct storage_page *page,
    struct err *err) MUST_CHECK;

#endif
