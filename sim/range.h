/* SPDX-License-Identifier: MIT */
/*
 * Byte ranges in headers: `Range` says which bytes of an object a reader
 * wants, `Content-Range` which bytes of an upload a request brings.  Pure
 * readers of text.
 */
#ifndef SIM_RANGE_H
#define SIM_RANGE_H

#include <stdbool.h>
#include <stdint.h>

enum range {
	RANGE_WHOLE, /* none was asked for */
	RANGE_PART,
	RANGE_BEYOND /* 416: not one of its bytes is there */
};

/* What `text`, a Range header or NULL, wants of size bytes; *offset and *n are
 * set for RANGE_PART and are within them then.  Several ranges and what is no
 * range at all are answered with the whole, as HTTP has it. */
enum range range_parse(const char *text, uint64_t size, uint64_t *offset,
    uint64_t *n);

struct content_range {
	bool has_bytes; /* else it only asks: a star stands for the bytes */
	bool has_last;  /* else a star: as many as the body has */
	bool has_total; /* else a star */
	uint64_t first;
	uint64_t last; /* not below first, and below total */
	uint64_t total;
};

/* -1 when text is no Content-Range.  No number in it is above INT64_MAX. */
int content_range_parse(const char *text, struct content_range *out);

#endif
