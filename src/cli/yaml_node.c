/* SPDX-License-Identifier: MIT */
/*
 * The tree itself, whoever parsed it: small maps as lists, since a registry's
 * configuration has a handful of keys a map.  The limit of nodes counts pairs
 * too, so that no text makes it slow.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/cli/yaml.h"

void
yaml_init(struct yaml *y)
{
	arena_init(&y->arena);
	y->nodes = 0;
}

void
yaml_release(struct yaml *y)
{
	arena_wipe(&y->arena);
}

static bool
is_full(struct yaml *y)
{
	return y->nodes++ >= YAML_NODES_MAX;
}

static int
refuse_size(const char *from, struct err *err)
{
	return err_set(err, ERR_CONFIG,
	    "%s: more than %d values: this is no registry's configuration",
	    from, YAML_NODES_MAX);
}

struct yaml_node *
yaml_new(struct yaml *y, enum yaml_kind kind, const char *from, unsigned line,
    struct err *err)
{
	struct yaml_node *node;

	if (is_full(y)) {
		refuse_size(from, err);
		return NULL;
	}
	node = arena_alloc(&y->arena, sizeof(*node));
	*node = (struct yaml_node){ .kind = kind, .from = from, .line = line };
	return node;
}

struct yaml_node *
yaml_new_map(struct yaml *y, const char *from, struct err *err)
{
	struct yaml_node *map = yaml_new(y, YAML_MAP, from, 0, err);

	if (map != NULL)
		map->is_made = true;
	return map;
}

static struct yaml_pair *
find(const struct yaml_node *map, const char *key)
{
	struct yaml_pair *p;

	for (p = map->first; p != NULL; p = p->next) {
		if (strcmp(p->key, key) == 0)
			return p;
	}
	return NULL;
}

struct yaml_node *
yaml_get(const struct yaml_node *map, const char *key)
{
	struct yaml_pair *p = find(map, key);

	return p != NULL ? p->value : NULL;
}

static struct yaml_pair *
push(struct yaml *y, struct yaml_node *node, struct yaml_node *value,
    struct err *err)
{
	struct yaml_pair *p;

	if (is_full(y)) {
		refuse_size(node->from, err);
		return NULL;
	}
	p = arena_alloc(&y->arena, sizeof(*p));
	*p = (struct yaml_pair){ .value = value };
	if (node->last != NULL)
		node->last->next = p;
	else
		node->first = p;
	node->last = p;
	return p;
}

int
yaml_put(struct yaml *y, struct yaml_node *map, const char *key,
    struct yaml_node *value, bool replaces, struct err *err)
{
	struct yaml_pair *p = find(map, key);

	if (p == NULL) {
		if ((p = push(y, map, value, err)) == NULL)
			return -1;
		p->key = arena_strndup(&y->arena, key, strlen(key));
	} else if (!replaces && !p->is_merged) {
		return yaml_refuse(value, err, "the key %.60s is there twice",
		    key);
	}
	p->value = value;
	p->is_merged = false;
	return 0;
}

int
yaml_append(struct yaml *y, struct yaml_node *list, struct yaml_node *value,
    struct err *err)
{
	return push(y, list, value, err) != NULL ? 0 : -1;
}

/* --- << --- */

/* The pairs of `from` go into `all`, unless one of that key is there. */
static int
gather(struct yaml *y, struct yaml_node *all, const struct yaml_node *from,
    struct err *err)
{
	const struct yaml_pair *p;

	if (from->kind != YAML_MAP)
		return yaml_refuse(from, err,
		    "\"<<\" wants a map, or a list of maps");
	for (p = from->first; p != NULL; p = p->next) {
		if (yaml_get(all, p->key) == NULL &&
		    yaml_put(y, all, p->key, p->value, true, err) != 0)
			return -1;
	}
	return 0;
}

int
yaml_merge(struct yaml *y, struct yaml_node *map, const struct yaml_node *value,
    struct err *err)
{
	struct yaml_node *all = yaml_new(y, YAML_MAP, map->from, map->line,
	    err);
	const struct yaml_pair *p;
	int rc = 0;

	if (all == NULL)
		return -1;
	if (value->kind != YAML_LIST)
		rc = gather(y, all, value, err);
	for (p = value->first; value->kind == YAML_LIST && p != NULL && rc == 0;
	     p = p->next)
		rc = gather(y, all, p->value, err);
	for (p = all->first; p != NULL && rc == 0; p = p->next) {
		rc = yaml_put(y, map, p->key, p->value, true, err);
		if (rc == 0)
			find(map, p->key)->is_merged = true;
	}
	return rc;
}

/* --- what a scalar is --- */

static bool
is_word(const struct yaml_node *node, const char *const words[])
{
	if (node->kind != YAML_SCALAR || !node->is_plain)
		return false;
	for (; *words != NULL; words++) {
		if (strcmp(node->text, *words) == 0)
			return true;
	}
	return false;
}

bool
yaml_is_null(const struct yaml_node *node)
{
	static const char *const nulls[] = { "", "~", "null", "Null", "NULL",
		NULL };

	return node == NULL || is_word(node, nulls);
}

bool
yaml_is_bool(const struct yaml_node *node, bool *value)
{
	static const char *const trues[] = { "y", "Y", "yes", "Yes", "YES",
		"true", "True", "TRUE", "on", "On", "ON", NULL };
	static const char *const falses[] = { "n", "N", "no", "No", "NO",
		"false", "False", "FALSE", "off", "Off", "OFF", NULL };

	*value = is_word(node, trues);
	return *value || is_word(node, falses);
}

/* Underscores may stand between digits; 0b and 0o begin a number too. */
bool
yaml_is_number(const struct yaml_node *node)
{
	static const char *const odd[] = { ".inf", ".Inf", ".INF", "+.inf",
		"+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF", ".nan", ".NaN",
		".NAN", NULL };
	char digits[64], *end;
	const char *s;
	size_t n = 0;

	if (is_word(node, odd))
		return true;
	if (node->kind != YAML_SCALAR || !node->is_plain ||
	    node->text[0] == '\0' ||
	    strchr("+-.0123456789", *node->text) == NULL)
		return false;
	for (s = node->text; *s != '\0'; s++) {
		if (n == sizeof(digits) - 1)
			return false;
		if (*s != '_')
			digits[n++] = *s;
	}
	digits[n] = '\0';
	s = digits + strspn(digits, "+-");
	if (str_starts(s, "0b") || str_starts(s, "0o"))
		return s[2 + strspn(s + 2, "01234567")] == '\0';
	if (strchr(".0123456789", *s) == NULL || *s == '\0')
		return false; /* strtod would take "+inf" */
	strtod(digits, &end);
	return end != digits && *end == '\0';
}

/* --- where it is --- */

char *
yaml_format_place(const struct yaml_node *node)
{
	size_t n = strlen(node->from) + 16;
	char *place = mem_alloc(n);

	if (node->line != 0)
		snprintf(place, n, "%s:%u", node->from, node->line);
	else
		snprintf(place, n, "%s", node->from);
	return place;
}

int
yaml_refuse(const struct yaml_node *node, struct err *err, const char *format,
    ...)
{
	char *place = yaml_format_place(node), text[400];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	err_set(err, ERR_CONFIG, "%.100s: %s", place, text);
	free(place);
	return -1;
}
