/* SPDX-License-Identifier: MIT */
/*
 * What a manifest names, as bytes to keep (cache.h): a byte for its kind, then
 * each digest once, a byte for its algorithm and roles before it.
 */
#ifndef REGISTRY_FACTS_H
#define REGISTRY_FACTS_H

#include <stddef.h>

#include "src/base/err.h"

struct buf;
struct manifest;

/* Adds the bytes; digests come out sorted, and none twice in one role. */
void facts_format(const struct manifest *m, struct buf *out);

/* Replaces *m by what facts_format was given; -1: these are no such bytes. */
int facts_parse(const void *bytes, size_t n, struct manifest *m) MUST_CHECK;

#endif
