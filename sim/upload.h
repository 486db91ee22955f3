/* SPDX-License-Identifier: MIT */
/*
 * What an insert brings: bytes, their type, and what the client says of them,
 * from any kind of upload.
 */
#ifndef SIM_UPLOAD_H
#define SIM_UPLOAD_H

#include <stddef.h>

#include "sim/object_json.h"
#include "src/base/buf.h"

struct ask;
struct route;

enum upload_kind {
	UPLOAD_MEDIA,
	UPLOAD_MULTIPART,
	UPLOAD_RESUMABLE, /* the start of one: no bytes yet */
	UPLOAD_UNKNOWN
};

struct upload {
	enum upload_kind kind;
	const void *media; /* of the request's body */
	size_t n;
	struct object_json about; /* its draft is what the object shall say */
	struct buf promised;      /* see promise.h */
	struct buf type;          /* what the draft borrows from requests */
	struct buf encoding;
	struct buf key;
};

/* NULL, or what is wrong with it.  The ask is borrowed as long as u is in use.
 * upload_release in any case. */
const char *upload_read(struct upload *u, const struct ask *ask);
void upload_release(struct upload *u);

/* Adds the hashes that the headers of a request promise (see promise.h). */
void upload_add_promises(const struct ask *ask, struct buf *promised);

/* An insert that the query does not name gets the name that its metadata says,
 * if it can be read. */
void upload_name(struct route *route, const char *content_type,
    const void *body, size_t n);

#endif
