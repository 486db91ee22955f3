/* SPDX-License-Identifier: MIT */
/* glob: the words of its table, and a naive matcher beside it. */
#include <string.h>

#include "sim/glob.h"
#include "src/base/rng.h"
#include "tests/support/suite.h"

static bool
matches(const char *pattern, const char *name)
{
	const char *fault = NULL;
	struct glob *g = glob_parse(pattern, strlen(pattern), &fault);
	bool does;

	ck_assert_msg(g != NULL, "%s: %s", pattern, fault);
	does = glob_matches(g, name, strlen(name));
	glob_free(g);
	return does;
}

START_TEST(patterns_want_what_they_say)
{
	static const struct {
		const char *pattern, *wants, *not ;
	} rows[] = {
		{ "abc", "abc", "abcd" },
		{ "abc", "abc", "ab" },
		{ "", "", "a" },
		{ "a*c", "ac", "a/c" },
		{ "a*c", "abbc", "abbcd" },
		{ "a**c", "a/b/c", "a/b/cd" },
		{ "a**c", "ac", "bc" },
		{ "**", "", NULL },
		{ "**", "a/b", NULL },
		{ "***", "a/b", NULL },
		{ "*", "ab", "a/b" },
		{ "a/**/c", "a/x/y/c", "a/c" },
		{ "a?c", "abc", "a/c" },
		{ "a?c",
		    "a\xc3\xa4"
		    "c",
		    "ac" },
		{ "?", "\xf0\x9f\x90\x98", "\xf0\x9f\x90\x98x" },
		{ "[a-c]x", "bx", "dx" },
		{ "[!a-c]x", "dx", "bx" },
		{ "[^a-c]x", "dx", "/x" },
		{ "[]]", "]", "[" },
		{ "[!]]", "[", "]" },
		{ "[a-]", "-", "b" },
		{ "[-a]", "-", "b" },
		{ "[.-0]", ".", "/" },
		{ "[\xc3\xa4-\xc3\xb6]", "\xc3\xa5", "\xc3\xbc" },
		{ "[\\]]", "]", "\\" },
		{ "{a,bc}d", "bcd", "abcd" },
		{ "{a,bc}d", "ad", "d" },
		{ "{a,}d", "d", "bd" },
		{ "{}d", "d", "{}d" },
		{ "x{a,{b,c}*}y", "xcccy", "xacy" },
		{ "{*.txt,a/**}", "a/b/c", "b/c" },
		{ "{*.txt,a/**}", "b.txt", "b/c.txt" },
		{ "a,b}", "a,b}", "a" },
		{ "a]b", "a]b", "ab" },
		{ "\\*\\{", "*{", "a{" },
		{ "docker/**/link", "docker/r/_layers/x/link", "docker/link" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ck_assert_msg(matches(rows[i].pattern, rows[i].wants),
		    "%s wants %s", rows[i].pattern, rows[i].wants);
		ck_assert_msg(rows[i].not == NULL ||
			!matches(rows[i].pattern, rows[i].not ),
		    "%s does not want %s", rows[i].pattern, rows[i].not );
	}
}
END_TEST

START_TEST(what_is_no_pattern_is_named)
{
	static const struct {
		const char *pattern, *fault;
	} rows[] = {
		{ "a[", "a [ has no ]" },
		{ "a[]", "a [ has no ]" },
		{ "[z-a]", "a range in [] ends before it begins" },
		{ "[\\", "a backslash needs a character behind it" },
		{ "{a,b", "a { has no }" },
		{ "{{a}", "a { has no }" },
		{ "a\\", "a backslash needs a character behind it" },
		{ "{{{{{{{{{{{{{{{{{a}}}}}}}}}}}}}}}}}",
		    "its braces are nested more than 16 deep" },
	};
	const char *fault;
	char longest[GLOB_MAX + 1];
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		fault = "";
		ck_assert_msg(glob_parse(rows[i].pattern,
				  strlen(rows[i].pattern), &fault) == NULL,
		    "%s", rows[i].pattern);
		ck_assert_str_eq(fault, rows[i].fault);
	}
	memset(longest, 'a', sizeof(longest));
	ck_assert_ptr_null(glob_parse(longest, sizeof(longest), &fault));
	ck_assert_str_eq(fault, "it is longer than 1024 bytes");
	ck_assert_ptr_null(glob_parse("a\0b", 3, &fault));
}
END_TEST

/* For patterns of letters, '/', '?', '*' and "**": by trying everything. */
static bool
naive(const char *p, const char *s)
{
	bool all = p[0] == '*' && p[1] == '*';

	if (p[0] == '\0')
		return s[0] == '\0';
	if (p[0] != '*')
		return s[0] != '\0' &&
		    (p[0] == s[0] || (p[0] == '?' && s[0] != '/')) &&
		    naive(p + 1, s + 1);
	if (naive(p + 1 + all, s))
		return true;
	return s[0] != '\0' && (all || s[0] != '/') && naive(p, s + 1);
}

START_TEST(matches_like_a_naive_matcher)
{
	char pattern[9], name[9];
	struct rng rng;
	uint64_t seed;
	size_t i, n;

	for (seed = 1; seed <= 100000; seed++) {
		rng_init(&rng, seed);
		n = (size_t)rng_below(&rng, sizeof(pattern));
		for (i = 0; i < n; i++)
			pattern[i] = "ab/?**"[rng_below(&rng, 6)];
		pattern[n] = '\0';
		n = (size_t)rng_below(&rng, sizeof(name));
		for (i = 0; i < n; i++)
			name[i] = "ab/"[rng_below(&rng, 3)];
		name[n] = '\0';
		ck_assert_msg(matches(pattern, name) == naive(pattern, name),
		    "%s of %s", pattern, name);
	}
}
END_TEST

/* Backtracking through these would outlast the suite's guard by far. */
START_TEST(no_pattern_explodes)
{
	char pattern[GLOB_MAX + 1], name[GLOB_MAX];
	const char *fault;
	struct glob *g;
	size_t i;

	memset(name, 'a', sizeof(name));
	for (i = 0; i + 2 <= GLOB_MAX - 1; i += 2)
		memcpy(pattern + i, "*a", 2);
	pattern[i++] = 'b';
	g = glob_parse(pattern, i, &fault);
	ck_assert(!glob_matches(g, name, sizeof(name)));
	glob_free(g);
	for (i = 0; i + 6 <= GLOB_MAX; i += 6)
		memcpy(pattern + i, "{,a,*}", 6);
	g = glob_parse(pattern, i, &fault);
	ck_assert(glob_matches(g, name, sizeof(name)));
	name[500] = '/';
	ck_assert(!glob_matches(g, name, sizeof(name)));
	ck_assert_uint_le(glob_size(g), 2 * GLOB_MAX);
	glob_free(g);
}
END_TEST

START_TEST(the_literal_beginning_is_known)
{
	static const struct {
		const char *pattern, *literal;
	} rows[] = {
		{ "docker/**", "docker/" },
		{ "a\\*b*", "a*b" },
		{ "plain", "plain" },
		{ "{a,b}", "" },
		{ "x[y]", "x" },
		{ "x?", "x" },
		{ "", "" },
	};
	const char *fault, *literal;
	struct glob *g;
	size_t i, n;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		g = glob_parse(rows[i].pattern, strlen(rows[i].pattern),
		    &fault);
		literal = glob_literal(g, &n);
		ck_assert_uint_eq(n, strlen(rows[i].literal));
		ck_assert_int_eq(memcmp(literal, rows[i].literal, n), 0);
		glob_free(g);
	}
}
END_TEST

int
main(void)
{
	return suite_run("sim_glob", patterns_want_what_they_say,
	    what_is_no_pattern_is_named, matches_like_a_naive_matcher,
	    no_pattern_explodes, the_literal_beginning_is_known, NULL);
}
