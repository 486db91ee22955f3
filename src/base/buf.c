/* SPDX-License-Identifier: MIT */
/* Growth by doubling, never past the maximum given at birth. */
#include "src/base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/mem.h"

static char empty[1];

void
buf_init(struct buf *b, size_t max)
{
	*b = (struct buf){ .data = empty, .max = max };
}

void
buf_init_secret(struct buf *b, size_t max)
{
	buf_init(b, max);
	b->is_secret = true;
}

void
buf_release(struct buf *b)
{
	if (b->cap != 0) {
		if (b->is_secret)
			explicit_bzero(b->data, b->cap);
		free(b->data);
	}
	*b = (struct buf){ .data = empty,
		.max = b->max,
		.is_secret = b->is_secret };
}

void
buf_wipe(struct buf *b)
{
	if (b->cap != 0)
		explicit_bzero(b->data, b->cap);
	buf_release(b);
}

void
buf_clear(struct buf *b)
{
	if (b->is_secret && b->cap != 0)
		explicit_bzero(b->data, b->cap);
	b->len = 0;
	b->full = false;
	if (b->cap != 0)
		b->data[0] = '\0';
}

static void
resize(struct buf *b, size_t cap)
{
	char *data;

	if (b->is_secret && b->cap != 0) {
		/* realloc would leave the old bytes behind. */
		data = mem_alloc(cap);
		memcpy(data, b->data, b->len + 1);
		explicit_bzero(b->data, b->cap);
		free(b->data);
	} else {
		data = mem_resize(b->cap ? b->data : NULL, cap, 1);
	}
	b->data = data;
	b->cap = cap;
}

/* Makes room for n more bytes and the NUL. */
static int
reserve(struct buf *b, size_t n)
{
	size_t want = b->cap ? b->cap : 64;

	if (b->full || n > b->max - b->len) {
		b->full = true;
		return -1;
	}
	if (b->len + n + 1 <= b->cap)
		return 0;
	while (want < b->len + n + 1)
		want *= 2;
	resize(b, want);
	return 0;
}

int
buf_add(struct buf *b, const void *data, size_t n)
{
	if (reserve(b, n) != 0)
		return -1;
	if (n != 0)
		memcpy(b->data + b->len, data, n);
	b->len += n;
	b->data[b->len] = '\0';
	return 0;
}

int
buf_adds(struct buf *b, const char *s)
{
	return buf_add(b, s, strlen(s));
}

int
buf_addc(struct buf *b, char c)
{
	return buf_add(b, &c, 1);
}

int
buf_addf(struct buf *b, const char *format, ...)
{
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(NULL, 0, format, ap);
	va_end(ap);
	if (n < 0 || reserve(b, (size_t)n) != 0)
		return -1;
	va_start(ap, format);
	vsnprintf(b->data + b->len, (size_t)n + 1, format, ap);
	va_end(ap);
	b->len += (size_t)n;
	return 0;
}

char *
buf_steal(struct buf *b)
{
	char *s = b->cap ? b->data : mem_strdup("");

	b->cap = 0;
	buf_release(b);
	return s;
}
