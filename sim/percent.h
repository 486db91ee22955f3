/* SPDX-License-Identifier: MIT */
/* Percent-encoding, decoded exactly once. */
#ifndef SIM_PERCENT_H
#define SIM_PERCENT_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

/* What a hexadecimal digit stands for, or -1. */
int percent_digit(char c);

/* Appends the decoded bytes; plus_is_space in queries, where a plus in a path
 * is a plus.  -1 for a `%` without two hex digits. */
int percent_decode(struct buf *out, const char *s, size_t n,
    bool plus_is_space);

/* Appends a name as one path segment, as production writes links. */
void percent_encode(struct buf *out, const char *s, size_t n);

#endif
