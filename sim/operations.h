/* SPDX-License-Identifier: MIT */
/*
 * The operations of the APIs: each takes effect on the world at once and
 * writes its reply.  When they run, and what they cost, is not their business.
 */
#ifndef SIM_OPERATIONS_H
#define SIM_OPERATIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/self.h"

struct evbuffer;
struct reply;
struct route;
struct world;

/* Where the headers of a request are: in an HTTP request or in a batch. */
struct ask_headers {
	/* The value of a header, whatever the case of its name, or NULL. */
	const char *(*find)(const void *from, const char *name);
	const void *from;
	/* Every header in turn: *at begins at 0; false behind the last.  NULL
	 * where none is sent more than once. */
	bool (*next)(const void *from, size_t *at, const char **name,
	    const char **value);
};

/* How far an upload may come. */
struct ask_cut {
	uint64_t at;
	bool is_reached; /* it has so many bytes; no others are kept */
};

struct authority_principal;

/* A request as an operation sees it. */
struct ask {
	struct route *route;
	struct self self;
	struct ask_headers headers;
	const void *body;
	size_t body_len;
	uint64_t now_us;        /* since the loop began */
	uint64_t wall_us;       /* since the Unix epoch */
	struct evbuffer *media; /* where object bytes go; NULL: not allowed */
	struct ask_cut *cut;    /* NULL: an upload may come to its end */
	const struct authority_principal *who; /* asks; NULL: anybody */
	const char *unreachable; /* buckets that no list reaches: "a,b"; NULL */
};

/* A header of the request, or NULL. */
const char *ask_header(const struct ask *ask, const char *name);

/* Each of that name in turn: *at begins at 0; NULL behind the last. */
const char *ask_next_header(const struct ask *ask, const char *name,
    size_t *at);

void operations_run(struct world *world, const struct ask *ask,
    struct reply *reply);

#endif
