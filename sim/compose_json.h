/* SPDX-License-Identifier: MIT */
/* The body of a compose: what shall become one object. */
#ifndef SIM_COMPOSE_JSON_H
#define SIM_COMPOSE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_t;

enum { COMPOSE_MAX = 32 };

struct compose_source {
	const char *name;
	bool has_generation; /* else it is the live version */
	bool has_condition;
	uint64_t generation;
	uint64_t if_generation_match;
};

struct compose_json {
	struct json_t *root;        /* owns everything */
	struct json_t *destination; /* its resource, or NULL */
	bool deletes_sources;
	size_t n;
	struct compose_source source[COMPOSE_MAX];
	const char *reason; /* production's, when something is wrong */
	char fault[128];
};

/* NULL, or what is wrong with it, as long as c lives; compose_json_release in
 * any case. */
const char *compose_json_parse(struct compose_json *c, const void *body,
    size_t n);
void compose_json_release(struct compose_json *c);

#endif
