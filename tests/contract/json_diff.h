/* SPDX-License-Identifier: MIT */
/*
 * JSON that is expected beside JSON that came.  Objects may have more keys than
 * are expected, unless exactly these are; arrays have as many items.  Strings
 * are patterns; "..." is any value, and "(absent)" a key that is not there.
 */
#ifndef TESTS_CONTRACT_JSON_DIFF_H
#define TESTS_CONTRACT_JSON_DIFF_H

#include <jansson.h>
#include <stdbool.h>

struct buf;
struct variables;

/* Adds a line for each difference, with the path to it; binds variables. */
void json_diff(json_t *want, json_t *got, bool is_exact, struct variables *vars,
    struct buf *out);

#endif
