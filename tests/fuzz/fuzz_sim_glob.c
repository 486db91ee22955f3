/* SPDX-License-Identifier: MIT */
/* sim_glob: the first line is a pattern, what is behind it a name. */
#include <stdlib.h>
#include <string.h>

#include "sim/glob.h"
#include "src/base/mem.h"
#include "tests/fuzz/fuzz.h"

const char fuzz_name[] = "sim_glob";

static bool
is_plain(const char *s, size_t n)
{
	return memchr(s, '*', n) == NULL && memchr(s, '?', n) == NULL &&
	    memchr(s, '[', n) == NULL && memchr(s, '{', n) == NULL &&
	    memchr(s, '\\', n) == NULL;
}

static bool
is_same(const char *a, size_t a_n, const char *b, size_t b_n)
{
	return a_n == b_n && memcmp(a, b, a_n) == 0;
}

/* A copy of just its size, so that a look too far is seen. */
static char *
copy(const char *s, size_t n)
{
	return memcpy(mem_alloc(n > 0 ? n : 1), s, n);
}

static void
check_name(struct glob *g, const char *name, size_t n)
{
	const char *literal;
	size_t literal_n;
	bool does = glob_matches(g, name, n);

	literal = glob_literal(g, &literal_n);
	LAW(!does || (n >= literal_n && memcmp(name, literal, literal_n) == 0),
	    "what matches begins with the literal beginning");
	LAW(glob_matches(g, name, n) == does,
	    "the same name is wanted or not, however often it is asked");
}

/* With a star before and behind it, a pattern wants what it wants alone. */
static void
check_wider(const char *pattern, size_t n, const char *name, size_t name_n)
{
	char *wide = mem_alloc(n + 4);
	const char *fault;
	struct glob *g;

	memcpy(wide, "**", 2);
	memcpy(wide + 2, pattern, n);
	memcpy(wide + 2 + n, "**", 2);
	g = glob_parse(wide, n + 4, &fault);
	LAW(g != NULL || n + 4 > GLOB_MAX, "stars around it are a pattern");
	LAW(g == NULL || glob_matches(g, name, name_n),
	    "stars around it want no less");
	glob_free(g);
	free(wide);
}

static void
check_pattern(const char *pattern, size_t n, const char *name, size_t name_n)
{
	const char *fault = NULL;
	struct glob *g = glob_parse(pattern, n, &fault);

	if (g == NULL) {
		LAW(fault != NULL && fault[0] != '\0', "a refusal says why");
		LAW(!is_plain(pattern, n) || n > GLOB_MAX ||
			memchr(pattern, '\0', n) != NULL,
		    "plain text is a pattern");
		return;
	}
	LAW(glob_size(g) <= 2 * GLOB_MAX + 2,
	    "a pattern has no more steps than twice its bytes");
	check_name(g, name, name_n);
	if (is_plain(pattern, n))
		LAW(glob_matches(g, name, name_n) ==
			is_same(pattern, n, name, name_n),
		    "plain text wants itself");
	if (glob_matches(g, name, name_n))
		check_wider(pattern, n, name, name_n);
	glob_free(g);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const char *text = (const char *)data;
	const char *end = n > 0 ? memchr(text, '\n', n) : NULL;
	size_t pattern_n, name_n;
	char *pattern, *name;

	if (end == NULL)
		return 0;
	pattern_n = (size_t)(end - text);
	name_n = n - pattern_n - 1;
	pattern = copy(text, pattern_n);
	name = copy(end + 1, name_n);
	check_pattern(pattern, pattern_n, name, name_n);
	free(pattern);
	free(name);
	return 0;
}
