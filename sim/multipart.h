/* SPDX-License-Identifier: MIT */
/*
 * Bodies of several parts (RFC 2046): an upload that carries its metadata along
 * is multipart/related of two, JSON and then the object's bytes; a batch is
 * multipart/mixed of any number.  A pure reader: all it answers are slices of
 * what it was given.
 */
#ifndef SIM_MULTIPART_H
#define SIM_MULTIPART_H

#include <stdbool.h>
#include <stddef.h>

/* RFC 2046, section 5.1.1. */
enum { MULTIPART_BOUNDARY_MAX = 70 };

struct multipart_part {
	const char *type; /* its Content-Type, or NULL; not NUL-terminated */
	size_t type_n;
	const char *id; /* its Content-ID, the same */
	size_t id_n;
	const char *bytes;
	size_t n;
};

/* A line that separates parts. */
struct multipart_delimiter {
	const char *start;
	const char *after;
	bool is_last;
	bool has_cr;
};

struct multipart_reader {
	const char *at;
	const char *end;
	struct multipart_delimiter next;
	size_t n; /* bytes of delimiter */
	char delimiter[2 + MULTIPART_BOUNDARY_MAX];
};

struct multipart {
	struct multipart_part metadata;
	struct multipart_part media;
};

/* content_type: the request's, or NULL.  NULL when all is well, else what is
 * wrong, for the client to read.  Clients are met where they are: lines may end
 * in LF alone, a boundary may stand in double, single or no quotes, and the last
 * line needs no end. */

/* Begins a body of that type, "mixed" or "related". */
const char *multipart_open(struct multipart_reader *r, const char *type,
    const char *content_type, const void *body, size_t n);

/* Is there a part that was not read? */
bool multipart_has_next(const struct multipart_reader *r);
const char *multipart_next(struct multipart_reader *r,
    struct multipart_part *part);

/* A whole upload. */
const char *multipart_parse(const char *content_type, const void *body,
    size_t n, struct multipart *out);

#endif
