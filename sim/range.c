/* SPDX-License-Identifier: MIT */
/*
 * Numbers of a Range saturate, since any end behind the last byte means the
 * same; those of a Content-Range are sizes, so what is too large is no number.
 */
#include "sim/range.h"

#include <stddef.h>
#include <strings.h>

/* Reads digits at *at, at least one, and steps over them. */
static bool
read_number(const char **at, uint64_t *out)
{
	const char *start = *at;
	uint64_t v = 0, digit;

	for (; **at >= '0' && **at <= '9'; (*at)++) {
		digit = (uint64_t)(**at - '0');
		v = v > (UINT64_MAX - digit) / 10 ? UINT64_MAX : v * 10 + digit;
	}
	*out = v;
	return *at > start;
}

static bool
read_char(const char **at, char c)
{
	if (**at != c)
		return false;
	(*at)++;
	return true;
}

/* The last `want` bytes. */
static enum range
cut_end(uint64_t want, uint64_t size, uint64_t *offset, uint64_t *n)
{
	if (want == 0 || size == 0)
		return RANGE_BEYOND;
	*n = want < size ? want : size;
	*offset = size - *n;
	return RANGE_PART;
}

enum range
range_parse(const char *text, uint64_t size, uint64_t *offset, uint64_t *n)
{
	uint64_t first, last = UINT64_MAX;

	if (text == NULL || strncasecmp(text, "bytes=", 6) != 0)
		return RANGE_WHOLE;
	text += 6;
	if (read_char(&text, '-')) {
		if (!read_number(&text, &last) || *text != '\0')
			return RANGE_WHOLE;
		return cut_end(last, size, offset, n);
	}
	if (!read_number(&text, &first) || !read_char(&text, '-') ||
	    (*text != '\0' && !read_number(&text, &last)) || *text != '\0' ||
	    last < first)
		return RANGE_WHOLE;
	if (first >= size)
		return RANGE_BEYOND;
	*offset = first;
	*n = (last < size ? last + 1 : size) - first;
	return RANGE_PART;
}

/* A number, or a star (*has is false then). */
static bool
read_size(const char **at, bool *has, uint64_t *out)
{
	*has = !read_char(at, '*');
	return !*has || (read_number(at, out) && *out <= INT64_MAX);
}

int
content_range_parse(const char *text, struct content_range *out)
{
	*out = (struct content_range){ 0 };
	if (strncasecmp(text, "bytes ", 6) != 0)
		return -1;
	text += 6;
	if (!read_size(&text, &out->has_bytes, &out->first))
		return -1;
	if (out->has_bytes &&
	    (!read_char(&text, '-') ||
		!read_size(&text, &out->has_last, &out->last)))
		return -1;
	if (!read_char(&text, '/') ||
	    !read_size(&text, &out->has_total, &out->total) || *text != '\0')
		return -1;
	if (out->has_last && out->last < out->first)
		return -1;
	return out->has_last && out->has_total && out->last >= out->total ? -1
									  : 0;
}
