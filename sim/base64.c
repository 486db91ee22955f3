/* SPDX-License-Identifier: MIT */
/* Three bytes in, four characters out; nothing is allocated here. */
#include "sim/base64.h"

#include <string.h>

#include "src/base/buf.h"

static const char standard[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char url[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static void
add(struct buf *out, const uint8_t *p, size_t n, const char *alphabet,
    int padded)
{
	char quad[4];
	uint32_t v;
	size_t have;

	for (; n > 0; p += have, n -= have) {
		have = n < 3 ? n : 3;
		v = (uint32_t)p[0] << 16;
		if (have > 1)
			v |= (uint32_t)p[1] << 8;
		if (have > 2)
			v |= p[2];
		quad[0] = alphabet[v >> 18];
		quad[1] = alphabet[v >> 12 & 63];
		quad[2] = have > 1 ? alphabet[v >> 6 & 63] : '=';
		quad[3] = have > 2 ? alphabet[v & 63] : '=';
		buf_add(out, quad, padded ? 4 : have + 1);
	}
}

void
base64_add(struct buf *out, const void *data, size_t n)
{
	add(out, data, n, standard, 1);
}

void
base64_url_add(struct buf *out, const void *data, size_t n)
{
	add(out, data, n, url, 0);
}

int
base64_url_parse(struct buf *out, const char *text, size_t n)
{
	const char *found;
	uint32_t v = 0;
	unsigned bits = 0;

	if (n % 4 == 1)
		return -1;
	for (; n > 0; text++, n--) {
		if (*text == '\0' || (found = strchr(url, *text)) == NULL)
			return -1;
		v = v << 6 | (uint32_t)(found - url);
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			if (buf_addc(out, (char)(v >> bits & 255)) != 0)
				return -1;
			v &= (1U << bits) - 1;
		}
	}
	/* What is left over stands for nothing: else one and the same token could
	 * be spelled in many ways. */
	return v == 0 ? 0 : -1;
}
