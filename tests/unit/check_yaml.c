/* SPDX-License-Identifier: MIT */
/* yaml: the tree that the registry sees, and where it is wrong. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/buf.h"
#include "src/cli/yaml.h"
#include "tests/support/suite.h"

struct parsed {
	struct yaml y;
	struct yaml_node *root;
	struct err err;
};

static void
parse(struct parsed *p, const char *text)
{
	err_clear(&p->err);
	yaml_init(&p->y);
	p->root = yaml_parse(&p->y, text, strlen(text), "f", true, &p->err);
}

/* Follows keys to a scalar: "a b" is the b of a. */
static const struct yaml_node *
follow(const struct parsed *p, const char *path)
{
	const struct yaml_node *node = p->root;
	char copy[100], *key;

	ck_assert_msg(node != NULL, "%s", p->err.text);
	strcpy(copy, path);
	for (key = strtok(copy, " "); key != NULL; key = strtok(NULL, " ")) {
		ck_assert_int_eq(node->kind, YAML_MAP);
		node = yaml_get(node, key);
		ck_assert_msg(node != NULL, "no %s in %s", key, path);
	}
	return node;
}

static void
ck_text(const struct parsed *p, const char *path, const char *text)
{
	ck_assert_str_eq(follow(p, path)->text, text);
}

/* That refusal, to the letter. */
static void
ck_refused(const char *text, const char *want)
{
	struct parsed p;

	parse(&p, text);
	ck_assert_msg(p.root == NULL, "%s is taken", text);
	ck_assert_int_eq(p.err.code, ERR_CONFIG);
	ck_assert_str_eq(p.err.text, want);
	yaml_release(&p.y);
}

START_TEST(scalars_are_found_with_their_lines)
{
	struct parsed p;

	parse(&p,
	    "# first\na: b\nc:\n  d: 'e'\n  f: |\n    two\n    lines\n"
	    "g: {h: \"i\\u00e9\", j: 'k''l''', m: \"'''\"}\n--- \nof: another document\n");
	ck_text(&p, "a", "b");
	ck_assert_uint_eq(follow(&p, "a")->line, 2);
	ck_text(&p, "c d", "e");
	ck_assert_uint_eq(follow(&p, "c d")->line, 4);
	ck_text(&p, "c f", "two\nlines\n");
	ck_text(&p, "g j", "k'l'");
	ck_text(&p, "g m", "'''");
	ck_text(&p, "g h", "i\xc3\xa9");
	ck_assert_ptr_null(yaml_get(p.root, "of"));
	yaml_release(&p.y);
}
END_TEST

START_TEST(what_is_null_or_a_bool_or_a_number_is_told_from_text)
{
	static const struct {
		const char *text;
		char kind; /* null, bool, number, text */
	} rows[] = { { "", '0' }, { "~", '0' }, { "null", '0' },
		{ "NULL", '0' }, { "'null'", 't' }, { "nULL", 't' },
		{ "yes", 'b' }, { "Off", 'b' }, { "true", 'b' },
		{ "tRUE", 't' }, { "'true'", 't' }, { "0", 'n' },
		{ "0123", 'n' }, { "-1", 'n' }, { "1_000", 'n' },
		{ "1e3", 'n' }, { "0x1f", 'n' }, { "0o17", 'n' },
		{ "0b11", 'n' }, { ".5", 'n' }, { ".inf", 'n' },
		{ "-.INF", 'n' }, { ".nan", 'n' }, { "inf", 't' },
		{ "+inf", 't' }, { "nan", 't' }, { "1a", 't' }, { "1-2", 't' },
		{ "-", 't' }, { "'1'", 't' }, { "!!str 1", 't' },
		{ "|\n  1", 't' }, { "2026-01-01", 't' } };
	struct parsed p;
	char text[40];
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct yaml_node *a;
		bool is_true;
		char kind;

		snprintf(text, sizeof(text),
		    strcmp(rows[i].text, "-") == 0 ? "a: \"%s\"\n" : "a: %s\n",
		    rows[i].text);
		parse(&p, text);
		a = follow(&p, "a");
		kind = yaml_is_null(a)          ? '0'
		    : yaml_is_bool(a, &is_true) ? 'b'
		    : yaml_is_number(a)         ? 'n'
						: 't';
		ck_assert_msg(kind == rows[i].kind, "%s", text);
		yaml_release(&p.y);
	}
}
END_TEST

START_TEST(an_alias_is_what_it_names)
{
	struct parsed p;

	parse(&p, "a: &x {b: &y c}\nd: *x\ne: *y\nf: &y g\nh: *y\n");
	ck_text(&p, "d b", "c");
	ck_text(&p, "e", "c");
	ck_text(&p, "h", "g");
	ck_assert_ptr_eq(follow(&p, "a"), follow(&p, "d"));
	yaml_release(&p.y);
	ck_refused("a: *x\n", "f:1: *x: no such anchor before it");
	ck_refused("a: &x\n  b: *x\n", "f:2: *x: no such anchor before it");
}
END_TEST

/* As registry 2.8 was seen to read it. */
START_TEST(merged_keys_yield_to_what_stands_behind_them)
{
	struct parsed p;

	parse(&p,
	    "x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\n"
	    "one: {<<: *x, a: 3}\ntwo: {a: 3, <<: *x}\n"
	    "many: {<<: [*x, *y]}\nquoted: {'<<': *x}\n");
	ck_text(&p, "one a", "3");
	ck_text(&p, "one b", "1");
	ck_text(&p, "two a", "1");
	ck_text(&p, "many b", "1");
	ck_text(&p, "many c", "2");
	ck_text(&p, "quoted << a", "1");
	yaml_release(&p.y);
	ck_refused("a: {<<: b}\n",
	    "f:1: \"<<\" wants a map, or a list of maps");
	ck_refused("a:\n  <<: [{}, b]\n",
	    "f:2: \"<<\" wants a map, or a list of maps");
}
END_TEST

START_TEST(what_is_no_yaml_is_refused_by_its_line)
{
	ck_refused("a: b\nc: d\na: e\n", "f:3: the key a is there twice");
	ck_refused("a:\n\tb: c\n",
	    "f:2: not YAML: tab character may not be used as indentation");
	ck_refused("a: b\n c: d\n",
	    "f:1: not YAML: invalid multiline plain key");
	ck_refused("? [a]\n: b\n", "f:1: a key that is a list or a map");
	ck_refused("a\nb\x01", "f:2: a control character, so it is no YAML");
	ck_refused("a\nb\x7f", "f:2: a control character, so it is no YAML");
	ck_refused("a\n\xff\xfe", "f:2: not text in UTF-8");
	ck_refused("a: \xc3(", "f:1: not text in UTF-8");
	ck_refused("a\nb: 'c''''d'\n",
	    "f:2: four ' in a row, which libfyaml misreads; use \"");
	ck_refused("a: \"\\0\"\n", "f:1: a NUL in a value");
}
END_TEST

/* size of a text that says `piece` so often between two others. */
static char *
repeat(const char *before, const char *piece, size_t n, const char *behind)
{
	struct buf b;
	size_t i;

	buf_init(&b, 4 * 1024 * 1024);
	buf_adds(&b, before);
	for (i = 0; i < n; i++)
		buf_adds(&b, piece);
	buf_adds(&b, behind);
	return buf_steal(&b);
}

START_TEST(too_much_of_anything_is_refused)
{
	static const struct {
		const char *piece, *want;
		size_t n;
	} rows[] = {
		{ "[", "f:1: lists and maps in each other too deep", 100 },
		{ "- ", "f:1: lists and maps in each other too deep", 100 },
		{ "{a: ", "f:1: lists and maps in each other too deep", 100 },
		{ "[", "f:1: lists and maps in each other too deep", 500000 },
		{ "- a\n",
		    "f: more than 10000 values: this is no registry's "
		    "configuration",
		    6000 },
		{ "#",
		    "f: larger than 1048576 bytes, so it is no registry's "
		    "configuration",
		    1024 * 1024 + 1 },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *text = repeat("", rows[i].piece, rows[i].n, "");

		ck_refused(text, rows[i].want);
		free(text);
	}
}
END_TEST

/* Each level doubles; a merged map counts for as many as it has keys. */
START_TEST(aliases_of_aliases_stay_small)
{
	struct buf b;
	struct parsed p;
	int i;

	buf_init(&b, 64 * 1024);
	buf_adds(&b, "a0: &a0 {k: v}\n");
	for (i = 1; i < 200; i++)
		buf_addf(&b, "a%d: &a%d {x: *a%d, y: *a%d, <<: [*a%d, *a%d]}\n",
		    i, i, i - 1, i - 1, i - 1, i - 1);
	parse(&p, b.data);
	ck_text(&p, "a199 k", "v");
	ck_assert_uint_lt(p.y.nodes, YAML_NODES_MAX);
	yaml_release(&p.y);
	buf_release(&b);
}
END_TEST

START_TEST(no_document_is_null)
{
	static const char *const empty[] = { "", "\n", "# a\n", "---\n" };
	struct parsed p;
	size_t i;

	for (i = 0; i < sizeof(empty) / sizeof(empty[0]); i++) {
		parse(&p, empty[i]);
		ck_assert(yaml_is_null(follow(&p, "")));
		yaml_release(&p.y);
	}
}
END_TEST

START_TEST(without_libfyaml_it_is_said)
{
	struct parsed p;

	parse(&p, "a: b\n");
	ck_assert_ptr_null(p.root);
	ck_assert_ptr_nonnull(strstr(p.err.text, "without libfyaml"));
	yaml_release(&p.y);
}
END_TEST

int
main(void)
{
	if (!yaml_is_built())
		return suite_run("yaml", without_libfyaml_it_is_said, NULL);
	return suite_run("yaml", scalars_are_found_with_their_lines,
	    what_is_null_or_a_bool_or_a_number_is_told_from_text,
	    an_alias_is_what_it_names,
	    merged_keys_yield_to_what_stands_behind_them,
	    what_is_no_yaml_is_refused_by_its_line,
	    too_much_of_anything_is_refused, aliases_of_aliases_stay_small,
	    no_document_is_null, NULL);
}
