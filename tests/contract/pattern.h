/* SPDX-License-Identifier: MIT */
/*
 * The little language inside a fixture's lines.  In what is sent, `\r` `\n`
 * `\t` `\0` `\xHH` `\\` are bytes, `\<1000 ab\>` is `ab` a thousand times, and
 * `$name` is what an earlier answer held in that place.  In what is expected,
 * `...` is any text and a `$name` that nothing has bound yet takes what stands
 * there; once bound it must stand there again.  `$$` is a dollar.
 */
#ifndef TESTS_CONTRACT_PATTERN_H
#define TESTS_CONTRACT_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

#include "src/base/buf.h"
#include "src/base/vec.h"

struct variable {
	char *name;
	char *value;
};

struct variables {
	VEC(struct variable) v;
};

void variables_release(struct variables *vars);

/* Adds text with its escapes and variables replaced.  NULL, or what is wrong
 * with it. */
const char *pattern_expand(const char *text, const struct variables *vars,
    struct buf *out);

/* Is all of text what the pattern says?  Binds variables only if so.  Escapes
 * are bytes when has_escapes, and backslashes otherwise.  *fault is set when
 * the pattern itself is wrong. */
bool pattern_match(const char *pattern, bool has_escapes, const char *text,
    size_t n, struct variables *vars, const char **fault);

#endif
