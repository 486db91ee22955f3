/* SPDX-License-Identifier: MIT */
/*
 * Partial responses: `fields=nextPageToken,items(name,size)` says which keys
 * of an answer the client wants.  Both grammars of a path, a(b,c) and a/b,
 * mean the same; `*` is any key.
 */
#ifndef SIM_FIELDS_H
#define SIM_FIELDS_H

#include <stddef.h>

/* A set of keys; NULL stands for all keys. */
struct fields;

/* NULL when the text is not of the grammar (or nests deeper than 16, or names
 * more than 256 keys). */
struct fields *fields_parse(const char *text, size_t n);
void fields_free(struct fields *f);

enum fields_want { FIELDS_NO, FIELDS_YES };

/* Is key wanted?  If so, *inner is what is wanted of its value. */
enum fields_want fields_has(const struct fields *f, const char *key,
    const struct fields **inner);

#endif
