/* SPDX-License-Identifier: MIT */
/*
 * What a client says that the hashes of its bytes are.  Promises come from
 * metadata and from headers, at the start of an upload and at its end; all are
 * kept as one text in the form of the header X-Goog-Hash:
 *
 *	crc32c=mnG7TA==,md5=XUFAKrxLKna5cZ2REBfFkg==
 */
#ifndef SIM_PROMISE_H
#define SIM_PROMISE_H

#include <stdbool.h>

struct buf;
struct payload;

/* Adds one of kind "md5" or "crc32c"; base64 NULL: none was made. */
void promise_add(struct buf *promised, const char *kind, const char *base64);

/* Adds those of a header, or of what was kept. */
void promise_add_header(struct buf *promised, const char *header);

/* Are those the hashes of p?  Else *why is what production says. */
bool promise_is_kept(const char *promised, const struct payload *p,
    struct buf *why);

#endif
