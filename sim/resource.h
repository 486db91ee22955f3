/* SPDX-License-Identifier: MIT */
/*
 * Objects and buckets as the JSON that production sends, with links that point
 * at the host the client used.
 */
#ifndef SIM_RESOURCE_H
#define SIM_RESOURCE_H

#include "src/base/buf.h"

struct bucket;
struct json_out;
struct object;

/* What is the same in every resource of one answer. */
struct resource {
	const struct bucket *bucket;
	const char *host;
	struct buf text; /* work space */
	struct buf name; /* the object's name, percent-encoded */
};

void resource_init(struct resource *r, const struct bucket *b,
    const char *host);
void resource_release(struct resource *r);

void resource_add_object(struct resource *r, const struct object *o,
    struct json_out *w);
void resource_add_bucket(struct resource *r, struct json_out *w);

#endif
