/* SPDX-License-Identifier: MIT */
/*
 * What the JSON API says when all went well: a page of a listing, and the
 * object resource that an upload answers.  Bytes in, values out.
 */
#ifndef GCS_PAGE_H
#define GCS_PAGE_H

#include <stddef.h>
#include <stdint.h>

#include "src/base/err.h"

struct storage_page;

/* What was asked for. */
struct gcs_listing {
	const char *bucket;
	const char *prefix;
	const char *token; /* "": the first page */
	const char *start; /* names from here on; "": all */
	const char *end;   /* names before this; "": all */
};

/* Reads the page that answered a listing into an empty page.  Everything is
 * checked: names are legal, within prefix and range, and ascend strictly;
 * generations and sizes are strings of digits; the next token is not the one
 * that was asked; kind and bucket, where they are said, are right.  On failure
 * ERR_PROTOCOL says in one line what and where, and the page may hold a part. */
int gcs_page_parse(const char *text, size_t n, const struct gcs_listing *asked,
    struct storage_page *page, struct err *err) MUST_CHECK;

/* Reads the generation of an object resource. */
int gcs_generation_parse(const char *text, size_t n, uint64_t *generation,
    struct err *err) MUST_CHECK;

#endif
