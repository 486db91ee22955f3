/* SPDX-License-Identifier: MIT */
/*
 * The operations of the JSON API: each takes effect on the world at once and
 * writes its reply.  When they run, and what they cost, is not their business.
 */
#ifndef SIM_OPERATIONS_H
#define SIM_OPERATIONS_H

#include <stddef.h>
#include <stdint.h>

struct evbuffer;
struct reply;
struct route;
struct world;

/* A request as an operation sees it. */
struct ask {
	struct route *route;
	const char *host;         /* what the client calls us */
	const char *content_type; /* of the body, or NULL */
	const void *body;
	size_t body_len;
	uint64_t now_us;        /* since the loop began */
	uint64_t wall_us;       /* since the Unix epoch */
	struct evbuffer *media; /* where object bytes go */
};

void operations_run(struct world *world, const struct ask *ask,
    struct reply *reply);

#endif
