/* SPDX-License-Identifier: MIT */
/* Generations come as strings, as GCS writes them, or as numbers. */
#include "sim/compose_json.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "src/base/str.h"

/* 32 of the longest names, escaped, and a destination. */
enum { BODY_MAX = 1024 * 1024 };

static int
fault(struct compose_json *c, const char *reason, const char *text)
{
	snprintf(c->fault, sizeof(c->fault), "%s", text);
	c->reason = reason;
	return -1;
}

/* 1: it is there, 0: it is not, -1: it is no number. */
static int
read_u64(const json_t *value, uint64_t *out)
{
	const char *text = json_string_value(value);

	if (value == NULL || json_is_null(value))
		return 0;
	if (text != NULL)
		return str_parse_u64(text, out) == 0 ? 1 : -1;
	if (!json_is_integer(value) || json_integer_value(value) < 0)
		return -1;
	*out = (uint64_t)json_integer_value(value);
	return 1;
}

static int
read_source(struct compose_json *c, const json_t *value)
{
	struct compose_source *s = &c->source[c->n++];
	const json_t *name = json_object_get(value, "name");
	const json_t *conditions = json_object_get(value,
	    "objectPreconditions");
	int generation, condition;

	s->name = json_string_value(name);
	generation = read_u64(json_object_get(value, "generation"),
	    &s->generation);
	condition = read_u64(json_object_get(conditions, "ifGenerationMatch"),
	    &s->if_generation_match);
	s->has_generation = generation > 0;
	s->has_condition = condition > 0;
	if (s->name == NULL || *s->name == '\0' ||
	    strlen(s->name) != json_string_length(name))
		return fault(c, "required", "Required");
	if (generation < 0 || condition < 0)
		return fault(c, "invalid",
		    "Invalid long value in a source object.");
	return 0;
}

static int
read_sources(struct compose_json *c)
{
	const json_t *sources = json_object_get(c->root, "sourceObjects");
	size_t i, n = json_array_size(sources);

	if (n == 0)
		return fault(c, "required",
		    "You must provide at least one source component.");
	if (n > COMPOSE_MAX) {
		snprintf(c->fault, sizeof(c->fault),
		    "The number of source components provided (%zu) exceeds "
		    "the maximum (%d)",
		    n, COMPOSE_MAX);
		c->reason = "invalid";
		return -1;
	}
	for (i = 0; i < n; i++) {
		if (read_source(c, json_array_get(sources, i)) != 0)
			return -1;
	}
	return 0;
}

const char *
compose_json_parse(struct compose_json *c, const void *body, size_t n)
{
	const json_t *deletes;
	json_t *root = NULL;

	*c = (struct compose_json){ 0 };
	if (n > 0 && n <= BODY_MAX)
		root = json_loadb(body, n, 0, NULL);
	c->root = root;
	c->destination = json_object_get(root, "destination");
	deletes = json_object_get(root, "deleteSourceObjects");
	c->deletes_sources = json_is_true(deletes);
	if (!json_is_object(root))
		(void)fault(c, "parseError", "Parse Error");
	else if (deletes != NULL && !json_is_boolean(deletes) &&
	    !json_is_null(deletes))
		(void)fault(c, "invalid",
		    "Invalid value for: deleteSourceObjects");
	else
		(void)read_sources(c);
	return c->fault[0] != '\0' ? c->fault : NULL;
}

void
compose_json_release(struct compose_json *c)
{
	json_decref(c->root);
	*c = (struct compose_json){ 0 };
}
