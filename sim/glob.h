/* SPDX-License-Identifier: MIT */
/*
 * The patterns of `matchGlob`: which names it wants.
 *
 *	*	characters, but no slash; perhaps none
 *	**	any characters; perhaps none
 *	?	one character, but no slash
 *	[a-z_]	one of these; [!a-z] or [^a-z]: one that is none of them; never
 *		a slash
 *	{a,b*}	one of these patterns, which may have braces of their own
 *	\x	x itself
 *
 * A character is one of UTF-8.  Pure: a pattern and a name, nothing else.
 */
#ifndef SIM_GLOB_H
#define SIM_GLOB_H

#include <stdbool.h>
#include <stddef.h>

/* As long as the longest name. */
enum { GLOB_MAX = 1024 };

struct glob;

/* NULL when it is no pattern; *fault says then what is wrong with it. */
struct glob *glob_parse(const char *pattern, size_t n, const char **fault);
void glob_free(struct glob *g);

/* Does it want the whole of that name?  g is work space meanwhile. */
bool glob_matches(struct glob *g, const char *name, size_t n);

/* What every name that it wants begins with; as long as g lives. */
const char *glob_literal(const struct glob *g, size_t *n);

/* A match takes at most so many steps a character, each range of a set being
 * one. */
size_t glob_size(const struct glob *g);

#endif
