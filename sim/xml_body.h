/* SPDX-License-Identifier: MIT */
/*
 * The body of a request as its sender means it: without the framing that S3's
 * clients put around it (`Content-Encoding: aws-chunked`), and with the hashes
 * that they promise, before it or behind it.
 *
 * Looked at are MD5, CRC32C and CRC32; other checksums, and the signatures of
 * chunks, are passed over.
 */
#ifndef SIM_XML_BODY_H
#define SIM_XML_BODY_H

#include <stddef.h>
#include <stdint.h>

#include "sim/xml_error.h"

struct ask;
struct buf;
struct payload;

/* The bytes as a payload with one user, or NULL: *error and *why say what is
 * wrong with them. */
struct payload *xml_body_read(const struct ask *ask, enum xml_error *error,
    struct buf *why);

/* Takes the framing off.  The trailers behind the last chunk, one "name:value"
 * a line, are added to *trailers, all of them and each with its line's end.
 * NULL, or what is wrong. */
const char *xml_body_unframe(const char *bytes, size_t n, struct buf *out,
    struct buf *trailers);

/* CRC-32 as of zip and PNG. */
uint32_t xml_body_crc32(const void *bytes, size_t n);

#endif
