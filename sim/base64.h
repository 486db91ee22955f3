/* SPDX-License-Identifier: MIT */
/*
 * Base64: the standard alphabet with padding for hashes and etags, the URL
 * alphabet without padding for page tokens, which clients do not always
 * percent-encode.
 */
#ifndef SIM_BASE64_H
#define SIM_BASE64_H

#include <stddef.h>
#include <stdint.h>

struct buf;

void base64_add(struct buf *out, const void *data, size_t n);
void base64_url_add(struct buf *out, const void *data, size_t n);

/* Appends the bytes that an unpadded URL-alphabet text stands for; -1 when it
 * is none. */
int base64_url_parse(struct buf *out, const char *text, size_t n);

#endif
