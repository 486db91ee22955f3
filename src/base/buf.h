/* SPDX-License-Identifier: MIT */
/*
 * A growing byte buffer that is born with a hard maximum.  Its data is always
 * NUL-terminated (an empty buffer reads as "").  What would pass the maximum
 * is not added and sets `full`, which stays set until buf_clear: a writer may
 * add many pieces and look once at the end.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

#include "src/base/err.h"

struct buf {
	char *data;
	size_t len;
	size_t cap;
	size_t max;
	bool full;
	bool is_secret;
};

/* max: the most bytes it will ever hold. */
void buf_init(struct buf *b, size_t max);

/* For what nobody else is to read: it is wiped wherever the buffer leaves it,
 * when it grows and when it is cleared or released.  buf_steal gives the duty
 * away. */
void buf_init_secret(struct buf *b, size_t max);

void buf_release(struct buf *b);
void buf_clear(struct buf *b);

/* buf_release that leaves nothing of what any buffer holds now. */
void buf_wipe(struct buf *b);

/* Each returns 0, or -1 when the buffer is (now) full. */
int buf_add(struct buf *b, const void *data, size_t n);
int buf_adds(struct buf *b, const char *s);
int buf_addc(struct buf *b, char c);
int buf_addf(struct buf *b, const char *format, ...) PRINTF_LIKE(2, 3);

/* The bytes as a string to free(); the buffer is empty afterwards. */
char *buf_steal(struct buf *b);

#endif
