/* SPDX-License-Identifier: MIT */
/*
 * Memory that never fails quietly.  Running out of memory is not an error a
 * caller can mend, so these functions print one line and end the process with
 * status MEM_EXIT; no caller tests for NULL.  Free with free().
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

enum { MEM_EXIT = 9 };

/* A block of size bytes, contents unspecified. */
void *mem_alloc(size_t size);

/* count * size zeroed bytes; an overflowing product counts as out of memory. */
void *mem_zalloc(size_t count, size_t size);

/* Grows or shrinks p (NULL: a new block) to count * size bytes. */
void *mem_resize(void *p, size_t count, size_t size);

/* p, which another library has allocated; NULL counts as out of memory. */
void *mem_checked(void *p, size_t size);

/* Copies of a string and of its first n bytes, NUL-terminated. */
char *mem_strdup(const char *s);
char *mem_strndup(const char *s, size_t n);

#endif
