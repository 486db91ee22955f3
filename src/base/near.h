/* SPDX-License-Identifier: MIT */
/*
 * Which word may have been meant: the one with the fewest letters to change.
 *
 *	near_init(&near, typed, strlen(typed));
 *	for each word that is known: near_try(&near, word);
 *	near.best is it, or NULL when none is near
 */
#ifndef BASE_NEAR_H
#define BASE_NEAR_H

#include <stdbool.h>
#include <stddef.h>

struct near {
	const char *text; /* not terminated */
	size_t n;
	size_t cost;      /* that another must be below */
	const char *best; /* one of the words tried, borrowed */
};

void near_init(struct near *near, const char *text, size_t n);

/* Is it the best so far? */
bool near_try(struct near *near, const char *word);

#endif
