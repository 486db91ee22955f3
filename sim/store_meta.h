/* SPDX-License-Identifier: MIT */
/*
 * Metadata as the data file keeps it: words that end in a NUL each, a name and
 * its value in turn.  Names are the API's, those of custom metadata have
 * "metadata." before them; values are bytes, as the client sent them.
 */
#ifndef SIM_STORE_META_H
#define SIM_STORE_META_H

#include <stddef.h>

#include "src/base/err.h"

struct buf;
struct meta;

/* Adds nothing for NULL. */
void store_meta_add(const struct meta *m, struct buf *out);

/* *out is to free(), NULL when n is 0; -1: nobody wrote such bytes. */
int store_meta_parse(const char *bytes, size_t n, struct meta **out) MUST_CHECK;

#endif
