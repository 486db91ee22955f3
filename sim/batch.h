/* SPDX-License-Identifier: MIT */
/*
 * Many requests in one: multipart/mixed whose parts are HTTP requests without a
 * connection of their own.
 *
 *	--B
 *	Content-Type: application/http
 *	Content-ID: <1>
 *
 *	DELETE /storage/v1/b/B/o/N HTTP/1.1
 *
 *	--B--
 *
 * A pure reader of such bodies, and a writer of what answers them.  Who acts on
 * the parts, and what that costs, is not its business.
 */
#ifndef SIM_BATCH_H
#define SIM_BATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/http.h"
#include "src/base/arena.h"
#include "src/base/vec.h"

struct buf;
struct reply;

/* Production's limits. */
enum { BATCH_PARTS = 100, BATCH_BYTES = 10 * 1024 * 1024 };

struct batch_header {
	const char *name;
	const char *value;
};

struct batch_part {
	const char *id; /* its Content-ID, without <>; NULL: none */
	enum http_method method;
	const char *target; /* path and query */
	size_t first;       /* among the headers of all */
	size_t last;        /* the one behind them */
	const void *body;
	size_t body_n;
	const char *fault; /* why it cannot be done, or NULL */
};

/* Borrows bodies from what it was read from; owns the rest. */
struct batch {
	VEC(struct batch_part) parts;
	VEC(struct batch_header) headers;
	struct arena texts;
};

void batch_init(struct batch *b);
void batch_release(struct batch *b);

/* Reads into an empty one.  content_type: the request's, or NULL.  NULL when
 * its parts can be told from each other, else what is wrong; a part that is
 * wrong in itself says so in its fault. */
const char *batch_parse(struct batch *b, const char *content_type,
    const void *body, size_t n);

/* A header of a part, whatever the case of its name, or NULL. */
const char *batch_header(const struct batch *b, const struct batch_part *part,
    const char *name);

/* Does such a header of the batch stand for its parts, too, where they say
 * nothing else?  All do but those that describe the content. */
bool batch_is_shared(const char *name);

/* Adds a part of the answer: what `reply` says to that one. */
void batch_add_answer(struct buf *out, const char *boundary,
    const struct batch_part *part, const struct reply *reply);
void batch_end_answer(struct buf *out, const char *boundary);

#endif
