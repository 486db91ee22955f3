/* SPDX-License-Identifier: MIT */
/* Strict: one text for each 16 bytes, so the bits that are left over are 0. */
#include "src/gcs/md5.h"

#include <string.h>

/* 16 bytes are 21 digits of six bits, one of two, and the padding. */
enum { DIGITS = 22, TEXT = 24 };

int
gcs_md5_parse(const char *text, uint8_t out[STORAGE_MD5_SIZE])
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				       "abcdefghijklmnopqrstuvwxyz"
				       "0123456789+/";
	unsigned bits = 0, held = 0, n = 0;
	const char *digit;
	int i;

	if (strlen(text) != TEXT || strcmp(text + DIGITS, "==") != 0)
		return -1;
	for (i = 0; i < DIGITS; i++) {
		if ((digit = memchr(alphabet, text[i], 64)) == NULL)
			return -1;
		bits = bits << 6 | (unsigned)(digit - alphabet);
		held += 6;
		if (held < 8)
			continue;
		held -= 8;
		out[n++] = (uint8_t)(bits >> held);
		bits &= (1U << held) - 1;
	}
	return bits == 0 ? 0 : -1;
}
