/* SPDX-License-Identifier: MIT */
/*
 * The one place that allocates.  A collector holds no state that a clean-up
 * branch could save when memory runs out: what is in the bucket is always
 * consistent, and the next run starts from it.  So the answer to "no memory"
 * is one line and an exit, here and nowhere else.
 */
#include "src/base/mem.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *
mem_checked(void *p, size_t size)
{
	if (p == NULL && size != 0) {
		fprintf(stderr, "out of memory (%zu bytes)\n", size);
		_Exit(MEM_EXIT);
	}
	return p;
}

static size_t
product(size_t count, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(count, size, &total))
		mem_checked(NULL, SIZE_MAX);
	return total;
}

void *
mem_alloc(size_t size)
{
	return mem_checked(malloc(size), size);
}

void *
mem_zalloc(size_t count, size_t size)
{
	size_t total = product(count, size);

	return mem_checked(calloc(count, size), total);
}

void *
mem_resize(void *p, size_t count, size_t size)
{
	size_t total = product(count, size);

	return mem_checked(realloc(p, total ? total : 1), total);
}

char *
mem_strdup(const char *s)
{
	return mem_strndup(s, strlen(s));
}

char *
mem_strndup(const char *s, size_t n)
{
	char *copy = mem_alloc(n + 1);

	memcpy(copy, s, n);
	copy[n] = '\0';
	return copy;
}
