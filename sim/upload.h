/* SPDX-License-Identifier: MIT */
/*
 * What an insert brings: bytes, their type, and what the client says of them,
 * from either kind of upload.
 */
#ifndef SIM_UPLOAD_H
#define SIM_UPLOAD_H

#include <stddef.h>

#include "sim/body.h"
#include "src/base/buf.h"

struct payload;
struct route;

struct upload {
	const void *media; /* of the request's body */
	size_t n;
	struct body_metadata metadata; /* multipart: the JSON part */
	struct buf type;               /* content type; "": none was given */
};

/* NULL, or what is wrong with it.  content_type and body, the request's, are
 * borrowed as long as u is in use.  upload_release in any case. */
const char *upload_read(struct upload *u, const struct route *route,
    const char *content_type, const void *body, size_t n);
void upload_release(struct upload *u);

/* Adds what is said when the hashes of what came are not those that the
 * metadata promises; nothing when they are, or none was promised. */
void upload_add_mismatch(const struct upload *u, const struct payload *p,
    struct buf *out);

/* An insert that the query does not name gets the name that its metadata says,
 * if it can be read. */
void upload_name(struct route *route, const char *content_type,
    const void *body, size_t n);

#endif
