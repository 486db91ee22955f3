/* SPDX-License-Identifier: MIT */
/*
 * Holds JSON lines against what doc/JSON.md says of them.
 *
 *	json_lines DOC FILE...	status 0, or 1 and `FILE:LINE: what` a finding
 *	json_lines --unseen DOC FILE...	also what DOC names and no line has
 *
 * A heading "## `start`" of DOC begins a type; a row "| `bucket` | string |"
 * is a key of it, "`mark.seconds`" one of an object in it.  Without arguments
 * it is a test of itself.
 */
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/buf.h"
#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/base/vec.h"
#include "tests/support/suite.h"

enum { FILE_MAX = 64 << 20, NAME_MAX_LEN = 80 };

/* A key of a type; the type itself is the one without a name. */
struct known {
	char type[NAME_MAX_LEN];
	char name[NAME_MAX_LEN];
	char kinds[NAME_MAX_LEN]; /* "string", "number or null" */
	bool is_seen;
};

struct checker {
	VEC(struct known) keys;
	const char *file;
	size_t line;
	size_t findings;
	FILE *to; /* NULL: only count */
};

static void
finding(struct checker *c, const char *what, const char *name)
{
	c->findings++;
	if (c->to != NULL)
		fprintf(c->to, "%s:%zu: %s%s%s\n", c->file, c->line, what,
		    name[0] != '\0' ? ": " : "", name);
}

static struct known *
find(struct checker *c, const char *type, const char *name)
{
	size_t i;

	for (i = 0; i < c->keys.n; i++) {
		if (strcmp(c->keys.v[i].type, type) == 0 &&
		    strcmp(c->keys.v[i].name, name) == 0)
			return &c->keys.v[i];
	}
	return NULL;
}

/* --- the document --- */

/* What stands between the next two backquotes; answers what follows, or NULL
 * when there are none. */
static const char *
take_quoted(const char *s, char out[NAME_MAX_LEN])
{
	const char *first = strchr(s, '`');
	const char *end = first != NULL ? strchr(first + 1, '`') : NULL;

	if (end == NULL || end - first > NAME_MAX_LEN)
		return NULL;
	snprintf(out, NAME_MAX_LEN, "%.*s", (int)(end - first - 1), first + 1);
	return end + 1;
}

static void
learn_line(struct checker *c, const char *line, char type[NAME_MAX_LEN])
{
	char name[NAME_MAX_LEN];
	struct known *k;

	if (str_starts(line, "## ") && take_quoted(line, type) == NULL)
		type[0] = '\0';
	if (str_starts(line, "## ") && type[0] != '\0') {
		k = vec_push(&c->keys);
		*k = (struct known){ .is_seen = false };
		strcpy(k->type, type);
	}
	if (!str_starts(line, "| `") || type[0] == '\0' ||
	    (line = take_quoted(line, name)) == NULL)
		return;
	k = vec_push(&c->keys);
	*k = (struct known){ .is_seen = false };
	strcpy(k->type, type);
	strcpy(k->name, name);
	line += strspn(line, " |");
	snprintf(k->kinds, sizeof(k->kinds), "%.*s", (int)strcspn(line, "|"),
	    line);
}

static void
learn(struct checker *c, char *doc)
{
	char type[NAME_MAX_LEN] = "";
	char *line, *rest = NULL;

	for (line = strtok_r(doc, "\n", &rest); line != NULL;
	     line = strtok_r(NULL, "\n", &rest))
		learn_line(c, line, type);
}

/* --- the lines --- */

static const char *
kind_of(const json_t *value)
{
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		return "object";
	case JSON_ARRAY:
		return "array";
	case JSON_STRING:
		return "string";
	case JSON_INTEGER:
		return "integer";
	case JSON_REAL:
		return "number";
	case JSON_TRUE:
	case JSON_FALSE:
		return "boolean";
	case JSON_NULL:
		return "null";
	}
	return "?";
}

static void
check_members(struct checker *c, const char *type, const char *above,
    json_t *object)
{
	char name[2 * NAME_MAX_LEN];
	struct known *k;
	const char *key;
	json_t *value;

	json_object_foreach (object, key, value) {
		snprintf(name, sizeof(name), "%s%s%s", above,
		    above[0] != '\0' ? "." : "", key);
		k = find(c, type, name);
		if (k == NULL) {
			finding(c, "a key that the document does not name",
			    name);
			continue;
		}
		k->is_seen = true;
		if (strstr(k->kinds, kind_of(value)) == NULL)
			finding(c, "not what the document says it is", name);
		if (json_is_object(value))
			check_members(c, type, name, value);
	}
}

static void
check_object(struct checker *c, json_t *object)
{
	json_t *schema = json_object_get(object, "schema");
	const char *type = json_string_value(json_object_get(object, "type"));
	struct known *k = type != NULL ? find(c, type, "") : NULL;

	if (!json_is_object(object))
		finding(c, "not an object", "");
	else if (type == NULL)
		finding(c, "no type", "");
	else if (!json_is_integer(schema) || json_integer_value(schema) != 1)
		finding(c, "schema is not 1", "");
	else if (k == NULL)
		finding(c, "a type that the document does not name", type);
	else {
		k->is_seen = true;
		check_members(c, type, "", object);
	}
}

/* Nothing but lines, each an object that ends where the line does. */
static void
check_lines(struct checker *c, const char *text, size_t n)
{
	json_error_t error;
	json_t *object;
	const char *end;

	for (c->line = 1; n > 0; c->line++) {
		end = memchr(text, '\n', n);
		if (end == NULL) {
			finding(c, "no line break at the end", "");
			return;
		}
		if (text[0] != '{')
			finding(c, "does not begin with {", "");
		object = json_loadb(text, (size_t)(end - text),
		    JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
		if (object == NULL)
			finding(c, "does not parse", error.text);
		else
			check_object(c, object);
		json_decref(object);
		n -= (size_t)(end + 1 - text);
		text = end + 1;
	}
}

static void
check_unseen(struct checker *c)
{
	char name[2 * NAME_MAX_LEN + 2];
	size_t i;

	for (i = 0; i < c->keys.n; i++) {
		if (c->keys.v[i].is_seen)
			continue;
		snprintf(name, sizeof(name), "%s %s", c->keys.v[i].type,
		    c->keys.v[i].name);
		c->line = 0;
		finding(c, "named in the document, and in no line", name);
	}
}

static int
load(const char *path, struct buf *out)
{
	char part[64 * 1024];
	FILE *f = fopen(path, "r");
	size_t n;

	if (f == NULL) {
		perror(path);
		return -1;
	}
	while ((n = fread(part, 1, sizeof(part), f)) > 0 &&
	    buf_add(out, part, n) == 0)
		continue;
	fclose(f);
	return 0;
}

static int
check_files(bool wants_all, int n, char **paths)
{
	struct checker c = { .to = stdout };
	struct buf text;
	int i;

	buf_init(&text, FILE_MAX);
	for (i = 0; i < n; i++) {
		buf_clear(&text);
		c.file = paths[i];
		if (load(paths[i], &text) != 0)
			return 2;
		if (i == 0)
			learn(&c, (char *)text.data);
		else
			check_lines(&c, text.data, text.len);
	}
	if (wants_all)
		check_unseen(&c);
	buf_release(&text);
	vec_release(&c.keys);
	return c.findings == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* --- a test of itself --- */

static const char DOC[] = "# Lines\n| `nothing` | string |\n"
			  "## `start`\n| key | is | |\n|---|---|---|\n"
			  "| `type` | string | x |\n| `schema` | integer | |\n"
			  "| `n` | number or null | |\n| `o` | object | |\n"
			  "| `o.s` | string | |\n## Words\n| `x` | string |\n";

static size_t
findings(const char *lines, size_t n)
{
	struct checker c = { .file = "x" };
	char *doc = mem_strdup(DOC);

	learn(&c, doc);
	free(doc);
	check_lines(&c, lines, n);
	vec_release(&c.keys);
	return c.findings;
}

#define FINDINGS(lines) findings(lines, sizeof(lines) - 1)
#define LINE(more)      "{\"type\":\"start\",\"schema\":1" more "}\n"

START_TEST(lines_as_the_document_has_them_are_good)
{
	ck_assert_uint_eq(FINDINGS(""), 0);
	ck_assert_uint_eq(FINDINGS(LINE("") LINE("")), 0);
	ck_assert_uint_eq(FINDINGS(LINE(",\"n\":1.5,\"o\":{\"s\":\"x\"}")), 0);
	ck_assert_uint_eq(FINDINGS(LINE(",\"n\":null,\"o\":{}")), 0);
}
END_TEST

START_TEST(whatever_is_no_line_is_found)
{
	ck_assert_uint_eq(FINDINGS("\n"), 2);
	ck_assert_uint_eq(FINDINGS("words\n"), 2);
	ck_assert_uint_eq(FINDINGS("[]\n"), 2);
	ck_assert_uint_eq(FINDINGS(" " LINE("")), 1);
	ck_assert_uint_eq(FINDINGS("{}\n"), 1);
	ck_assert_uint_eq(FINDINGS("{\"type\":\"start\"}\n"), 1);
	ck_assert_uint_eq(FINDINGS("{\"type\":1,\"schema\":1}\n"), 1);
	ck_assert_uint_eq(FINDINGS("{\"type\":\"start\",\"schema\":2}\n"), 1);
	ck_assert_uint_eq(FINDINGS("{\"type\":\"end\",\"schema\":1}\n"), 1);
	ck_assert_uint_eq(FINDINGS("{\"type\":\"start\",\"schema\":1}"), 1);
	ck_assert_uint_eq(FINDINGS(LINE("") "\0"), 1);
	ck_assert_uint_eq(FINDINGS("{\"type\":\"start\",\"schema\":1} x\n"), 1);
	ck_assert_uint_eq(FINDINGS(LINE(",\"schema\":1")), 1);
}
END_TEST

START_TEST(whatever_the_document_does_not_say_is_found)
{
	ck_assert_uint_eq(FINDINGS(LINE(",\"x\":\"\"")), 1);
	ck_assert_uint_eq(FINDINGS(LINE(",\"nothing\":\"\"")), 1);
	ck_assert_uint_eq(FINDINGS(LINE(",\"n\":\"1\"")), 1);
	ck_assert_uint_eq(FINDINGS(LINE(",\"n\":true")), 1);
	ck_assert_uint_eq(FINDINGS(LINE(",\"o\":{\"s\":1,\"t\":1}")), 2);
}
END_TEST

START_TEST(what_no_line_has_is_told_on_demand)
{
	struct checker c = { .file = "x" };
	char *doc = mem_strdup(DOC);

	learn(&c, doc);
	free(doc);
	check_lines(&c, LINE(",\"n\":0.5"), sizeof(LINE(",\"n\":0.5")) - 1);
	check_unseen(&c);
	ck_assert_uint_eq(c.findings, 2); /* o, o.s */
	vec_release(&c.keys);
}
END_TEST

int
main(int argc, char **argv)
{
	bool wants_all = argc > 1 && strcmp(argv[1], "--unseen") == 0;

	if (argc > 1)
		return check_files(wants_all, argc - 1 - wants_all,
		    argv + 1 + wants_all);
	return suite_run("json_lines", lines_as_the_document_has_them_are_good,
	    whatever_is_no_line_is_found,
	    whatever_the_document_does_not_say_is_found,
	    what_no_line_has_is_told_on_demand, NULL);
}
