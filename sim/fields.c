/* SPDX-License-Identifier: MIT */
/*
 * A tree of names, read by recursive descent:
 *
 *	list = item *( "," item )
 *	item = name *( "/" name ) [ "(" list ")" ]
 *
 * A name without anything below it wants the whole value, also when another
 * item asks for only a part of it.
 */
#include "sim/fields.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/mem.h"
#include "src/base/str.h"

enum { MAX_DEPTH = 16, MAX_KEYS = 256 };

struct fields {
	struct fields *first; /* of what is below */
	struct fields *next;  /* beside it */
	bool whole;
	char name[];
};

struct reader {
	const char *at;
	const char *end;
	int keys;
};

static bool read_list(struct reader *r, struct fields *parent, int depth);

static struct fields *
new_node(const char *name, size_t n)
{
	struct fields *f = mem_zalloc(1, sizeof(*f) + n + 1);

	memcpy(f->name, name, n);
	return f;
}

static struct fields *
child_of(struct reader *r, struct fields *parent, const char *name, size_t n)
{
	struct fields **at = &parent->first;

	for (; *at != NULL; at = &(*at)->next) {
		if (str_is(name, n, (*at)->name))
			return *at;
	}
	r->keys++;
	return *at = new_node(name, n);
}

static bool
is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '*' ||
	    c == '.';
}

static struct fields *
read_name(struct reader *r, struct fields *parent)
{
	const char *start;

	while (r->at < r->end && *r->at == ' ')
		r->at++;
	start = r->at;
	while (r->at < r->end && is_name_char(*r->at))
		r->at++;
	if (r->at == start || r->keys >= MAX_KEYS)
		return NULL;
	return child_of(r, parent, start, (size_t)(r->at - start));
}

static bool
take(struct reader *r, char c)
{
	if (r->at == r->end || *r->at != c)
		return false;
	r->at++;
	return true;
}

static bool
read_item(struct reader *r, struct fields *parent, int depth)
{
	struct fields *f = parent;

	do {
		if (depth++ > MAX_DEPTH || (f = read_name(r, f)) == NULL)
			return false;
	} while (take(r, '/'));
	if (take(r, '('))
		return read_list(r, f, depth) && take(r, ')');
	f->whole = true;
	return true;
}

static bool
read_list(struct reader *r, struct fields *parent, int depth)
{
	do {
		if (!read_item(r, parent, depth))
			return false;
	} while (take(r, ','));
	return true;
}

struct fields *
fields_parse(const char *text, size_t n)
{
	struct reader r = { text, text + n, 0 };
	struct fields *root = new_node("", 0);

	if (read_list(&r, root, 0) && r.at == r.end)
		return root;
	fields_free(root);
	return NULL;
}

void
fields_free(struct fields *f)
{
	struct fields *child, *next;

	if (f == NULL)
		return;
	for (child = f->first; child != NULL; child = next) {
		next = child->next;
		fields_free(child);
	}
	free(f);
}

enum fields_want
fields_has(const struct fields *f, const char *key, const struct fields **inner)
{
	const struct fields *child;

	*inner = NULL;
	if (f == NULL)
		return FIELDS_YES;
	for (child = f->first; child != NULL; child = child->next) {
		if (strcmp(child->name, key) != 0 &&
		    strcmp(child->name, "*") != 0)
			continue;
		*inner = child->whole ? NULL : child;
		return FIELDS_YES;
	}
	return FIELDS_NO;
}
