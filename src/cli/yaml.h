/* SPDX-License-Identifier: MIT */
/*
 * YAML as a tree, for a registry's configuration.  The tree is what the registry
 * sees: anchors, aliases and "<<" are resolved, and of several documents the
 * first counts.  What is wrong with a text is said with its file and line.
 *
 * An alias is the node that it names, not a copy: a small text stays a small
 * tree, but who walks it must bound the walk.
 */
#ifndef CLI_YAML_H
#define CLI_YAML_H

#include <stdbool.h>
#include <stddef.h>

#include "src/base/arena.h"
#include "src/base/err.h"

enum {
	YAML_TEXT_MAX = 1024 * 1024,
	YAML_NODES_MAX = 10000, /* a registry's configuration has some 200 */
	YAML_DEPTH_MAX = 64
};

enum yaml_kind { YAML_SCALAR, YAML_LIST, YAML_MAP };

struct yaml_node;

struct yaml_pair {
	struct yaml_pair *next;
	const char *key; /* of a list: NULL */
	struct yaml_node *value;
	bool is_merged; /* by "<<" */
};

struct yaml_node {
	enum yaml_kind kind;
	const char *from; /* the file or variable that it is in; borrowed */
	unsigned line;    /* from 1; 0: of a variable */
	bool is_plain;    /* not in quotes: may be a number, a bool or null */
	bool is_tagged;   /* with another tag than a string's */
	bool is_made;     /* a map of yaml_new_map */
	const char *text; /* of a scalar */
	struct yaml_pair *first, *last; /* of a list or a map, as they stand */
};

/* Owns the nodes of all texts that were parsed into it. */
struct yaml {
	struct arena arena;
	size_t nodes;
};

/* False: this gcsweep was built without libfyaml, and yaml_parse says so. */
bool yaml_is_built(void);

void yaml_init(struct yaml *y);
void yaml_release(struct yaml *y); /* wipes: there may be secrets */

/* The root of the first document, or NULL: ERR_CONFIG "FROM:LINE: ...".  A text
 * without a document is null.  from is borrowed until release. */
struct yaml_node *yaml_parse(struct yaml *y, const char *text, size_t n,
    const char *from, bool has_lines, struct err *err);

/* --- the tree (yaml_node.c) --- */

/* A zeroed node; NULL: ERR_CONFIG, there are too many. */
struct yaml_node *yaml_new(struct yaml *y, enum yaml_kind kind,
    const char *from, unsigned line, struct err *err);

/* An empty map that stands in no text. */
struct yaml_node *yaml_new_map(struct yaml *y, const char *from,
    struct err *err);

/* The map's value of that key, or NULL. */
struct yaml_node *yaml_get(const struct yaml_node *map, const char *key);

/* Adds, or replaces the value; key is copied.  A key that was said already is
 * ERR_CONFIG, unless `replaces`. */
int yaml_put(struct yaml *y, struct yaml_node *map, const char *key,
    struct yaml_node *value, bool replaces, struct err *err) MUST_CHECK;

/* One more of a list. */
int yaml_append(struct yaml *y, struct yaml_node *list, struct yaml_node *value,
    struct err *err) MUST_CHECK;

/* "<<": the pairs of a map, or of a list of maps in which the first that has a
 * key wins.  As the registry's parser does it, what is merged replaces what
 * stands before the "<<", and what stands behind it replaces what is merged. */
int yaml_merge(struct yaml *y, struct yaml_node *map,
    const struct yaml_node *value, struct err *err) MUST_CHECK;

/* What a scalar is when it is not in quotes, by the rules of YAML 1.1. */
bool yaml_is_null(const struct yaml_node *node); /* of NULL: true */
bool yaml_is_bool(const struct yaml_node *node, bool *value);
bool yaml_is_number(const struct yaml_node *node);

/* ERR_CONFIG "FROM:LINE: ..."; answers -1. */
int yaml_refuse(const struct yaml_node *node, struct err *err,
    const char *format, ...) PRINTF_LIKE(3, 4);

/* "FROM:LINE", or "FROM" of a variable, to free(). */
char *yaml_format_place(const struct yaml_node *node);

#endif
