/* SPDX-License-Identifier: MIT */
/* Compared as base64, in which both have one form only. */
#include "sim/promise.h"

#include <string.h>

#include "sim/base64.h"
#include "sim/object.h"
#include "src/base/buf.h"
#include "src/base/str.h"

enum { HASH_TEXT_MAX = 64 };

void
promise_add_header(struct buf *promised, const char *header)
{
	if (promised->len > 0)
		buf_addc(promised, ',');
	buf_adds(promised, header);
}

void
promise_add(struct buf *promised, const char *kind, const char *base64)
{
	if (base64 == NULL)
		return;
	promise_add_header(promised, kind);
	buf_addc(promised, '=');
	buf_adds(promised, base64);
}

/* what: as production calls it. */
static bool
is_kept(const char *what, const char *value, size_t n, const struct buf *found,
    struct buf *why)
{
	if (str_is(value, n, found->data))
		return true;
	buf_addf(why,
	    "Provided %s \"%.*s\" doesn't match calculated %s \"%s\".", what,
	    n < HASH_TEXT_MAX ? (int)n : HASH_TEXT_MAX, value, what,
	    found->data);
	return false;
}

/* One "kind=value". */
static bool
is_one_kept(const char *one, size_t n, const struct buf *md5,
    const struct buf *crc32c, struct buf *why)
{
	if (n >= 4 && memcmp(one, "md5=", 4) == 0)
		return is_kept("MD5 hash", one + 4, n - 4, md5, why);
	if (n >= 7 && memcmp(one, "crc32c=", 7) == 0)
		return is_kept("CRC32C", one + 7, n - 7, crc32c, why);
	return true;
}

bool
promise_is_kept(const char *promised, const struct payload *p, struct buf *why)
{
	struct buf md5, crc32c;
	uint8_t crc[4];
	size_t n;
	bool kept = true;
	int i;

	buf_init(&md5, HASH_TEXT_MAX);
	buf_init(&crc32c, HASH_TEXT_MAX);
	for (i = 0; i < 4; i++)
		crc[i] = (uint8_t)(p->crc32c >> (24 - 8 * i));
	base64_add(&md5, p->md5, sizeof(p->md5));
	base64_add(&crc32c, crc, sizeof(crc));
	for (; kept && *promised != '\0'; promised += n) {
		promised += strspn(promised, ", \t");
		n = strcspn(promised, ", \t");
		kept = is_one_kept(promised, n, &md5, &crc32c, why);
	}
	buf_release(&md5);
	buf_release(&crc32c);
	return kept;
}
