/* SPDX-License-Identifier: MIT */
/*
 * Objects as the JSON that production sends, with links that point at the host
 * the client used.
 */
#ifndef SIM_RESOURCE_H
#define SIM_RESOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/rfc3339.h"
#include "src/base/buf.h"

struct ask;
struct bucket;
struct json_out;
struct object;

/* What is the same in every resource of one answer. */
struct resource {
	const struct bucket *bucket;
	const struct ask *ask;
	bool is_full;     /* projection=full: with owner and ACL */
	struct buf text;  /* work space */
	struct buf name;  /* the object's name, percent-encoded */
	uint64_t when_us; /* an object's times are mostly one time: the last */
	char when[RFC3339_MAX];
};

void resource_init(struct resource *r, const struct bucket *b,
    const struct ask *ask);
void resource_release(struct resource *r);

void resource_add_object(struct resource *r, const struct object *o,
    struct json_out *w);

#endif
