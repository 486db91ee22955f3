/* SPDX-License-Identifier: MIT */
/*
 * A growing array of any type: `VEC(struct victim) victims = { 0 };`.
 * vec_push answers a pointer to the new, uninitialised last element, valid
 * until the next push.
 */
#ifndef BASE_VEC_H
#define BASE_VEC_H

#include <stddef.h>
#include <stdlib.h>

#include "src/base/mem.h"

#define VEC(type)           \
	struct {            \
		type *v;    \
		size_t n;   \
		size_t cap; \
	}

#define vec_reserve(vec, want)                                                 \
	((want) <= (vec)->cap ? (void)0                                        \
			      : (void)((vec)->v = mem_resize((vec)->v, (want), \
					   sizeof(*(vec)->v)),                 \
				    (vec)->cap = (want)))

#define vec_push(vec)                                                   \
	((vec)->n < (vec)->cap                                          \
		? (void)0                                               \
		: vec_reserve((vec), (vec)->cap ? 2 * (vec)->cap : 16), \
	    &(vec)->v[(vec)->n++])

#define vec_release(vec) \
	(free((vec)->v), (vec)->v = NULL, (vec)->n = 0, (vec)->cap = 0)

#endif
