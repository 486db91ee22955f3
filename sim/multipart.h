/* SPDX-License-Identifier: MIT */
/*
 * The body of an upload that carries its metadata along: multipart/related
 * (RFC 2387) of two parts, JSON and then the object's bytes.  A pure reader:
 * all it answers are slices of what it was given.
 */
#ifndef SIM_MULTIPART_H
#define SIM_MULTIPART_H

#include <stddef.h>

struct multipart_part {
	const char *type; /* its Content-Type, or NULL; not NUL-terminated */
	size_t type_n;
	const char *bytes;
	size_t n;
};

struct multipart {
	struct multipart_part metadata;
	struct multipart_part media;
};

/* content_type: the request's, or NULL.  NULL when all is well, else what is
 * wrong, for the client to read.  Clients are met where they are: lines may end
 * in LF alone, a boundary may stand in double, single or no quotes, and the last
 * line needs no end. */
const char *multipart_parse(const char *content_type, const void *body,
    size_t n, struct multipart *out);

#endif
