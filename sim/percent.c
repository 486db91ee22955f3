/* SPDX-License-Identifier: MIT */
/* Runs of plain bytes are copied whole. */
#include "sim/percent.h"

#include <string.h>

#include "src/base/buf.h"

int
percent_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

int
percent_decode(struct buf *out, const char *s, size_t n, bool plus_is_space)
{
	const char *end = s + n, *run;
	int high, low;

	while (s < end) {
		for (run = s;
		     s < end && *s != '%' && !(plus_is_space && *s == '+'); s++)
			;
		buf_add(out, run, (size_t)(s - run));
		if (s == end)
			break;
		if (*s == '+') {
			buf_addc(out, ' ');
			s++;
			continue;
		}
		if (end - s < 3 || (high = percent_digit(s[1])) < 0 ||
		    (low = percent_digit(s[2])) < 0)
			return -1;
		buf_addc(out, (char)(high << 4 | low));
		s += 3;
	}
	return 0;
}

static bool
is_unreserved(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
	    c == '~';
}

void
percent_encode(struct buf *out, const char *s, size_t n)
{
	static const char hex[] = "0123456789ABCDEF";
	const char *end = s + n, *run;
	char triple[3] = { '%' };

	while (s < end) {
		for (run = s; s < end && is_unreserved(*s); s++)
			;
		buf_add(out, run, (size_t)(s - run));
		if (s == end)
			break;
		triple[1] = hex[(unsigned char)*s >> 4];
		triple[2] = hex[(unsigned char)*s & 15];
		buf_add(out, triple, sizeof(triple));
		s++;
	}
}
