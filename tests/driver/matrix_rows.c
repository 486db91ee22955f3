/* SPDX-License-Identifier: MIT */
#include "tests/driver/matrix_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/mem.h"
#include "src/base/str.h"
#include "tests/support/suite.h"

enum { FILE_MAX = 64 * 1024 };

/* Cuts blanks off both ends of a string, in place. */
static char *
trim(char *s)
{
	size_t n;

	s += strspn(s, " \t");
	for (n = strlen(s); n > 0 && strchr(" \t", s[n - 1]) != NULL; n--)
		;
	s[n] = '\0';
	return s;
}

/* Takes the next blank-separated word; ends the test when there is none. */
static char *
take_word(char **rest, int line)
{
	char *word = *rest + strspn(*rest, " \t");
	size_t n = strcspn(word, " \t");

	ck_assert_msg(n > 0, "verdicts.txt:%d: a column is missing", line);
	*rest = word + n;
	if (word[n] != '\0')
		*(*rest)++ = '\0';
	return word;
}

static unsigned
take_number(char **rest, int line)
{
	const char *word = take_word(rest, line);
	uint64_t v = 0;

	if (strcmp(word, "-") != 0)
		ck_assert_msg(str_parse_u64(word, &v) == 0,
		    "verdicts.txt:%d: '%s' is not a number", line, word);
	return (unsigned)v;
}

/* "ops: pattern -> verdict status tries words" */
static void
parse_row(struct rows *rows, char *s, int line)
{
	struct row *row = vec_push(&rows->v);
	char *colon = strchr(s, ':'), *arrow = strstr(s, " -> ");

	ck_assert_msg(colon != NULL && arrow != NULL && colon < arrow,
	    "verdicts.txt:%d: want ops: what -> verdict status tries words",
	    line);
	*colon = *arrow = '\0';
	arrow += 4;
	*row = (struct row){ .line = line,
		.ops = trim(s),
		.pattern = trim(colon + 1) };
	row->verdict = take_word(&arrow, line);
	row->status = (int)take_number(&arrow, line);
	row->tries = take_number(&arrow, line);
	row->words = trim(arrow);
}

void
rows_load(struct rows *rows)
{
	const char *path = suite_source("fixtures/hostile/verdicts.txt");
	FILE *file = fopen(path, "r");
	char *line, *next;
	int number = 1;
	size_t n;

	ck_assert_msg(file != NULL, "%s cannot be read", path);
	*rows = (struct rows){ .text = mem_zalloc(1, FILE_MAX) };
	n = fread(rows->text, 1, FILE_MAX - 1, file);
	ck_assert_msg(n < FILE_MAX - 1, "%s is too long", path);
	fclose(file);
	for (line = rows->text; line != NULL; line = next, number++) {
		if ((next = strchr(line, '\n')) != NULL)
			*next++ = '\0';
		line = trim(line);
		if (*line != '\0' && *line != '#')
			parse_row(rows, line, number);
	}
}

void
rows_release(struct rows *rows)
{
	vec_release(&rows->v);
	free(rows->text);
}

/* Is the word one of a list that `between` separates? */
static bool
is_listed(const char *list, const char *word, size_t n, const char *between)
{
	size_t k;

	for (;; list += k) {
		list += strspn(list, between);
		if ((k = strcspn(list, between)) == 0)
			return false;
		if (k == n && memcmp(list, word, n) == 0)
			return true;
	}
}

/* One word of a pattern: "*", "3..17", "a|b", or the word itself. */
static bool
is_word_matched(const char *pattern, size_t n, const char *word, size_t k)
{
	char copy[80];
	unsigned low, high, v;
	int used = 0;

	snprintf(copy, sizeof(copy), "%.*s", (int)n, pattern);
	if (strcmp(copy, "*") == 0)
		return true;
	if (sscanf(copy, "%u..%u%n", &low, &high, &used) == 2 &&
	    copy[used] == '\0')
		return sscanf(word, "%u", &v) == 1 && v >= low && v <= high;
	return is_listed(copy, word, k, "|");
}

static bool
is_matched(const char *pattern, const char *name)
{
	size_t n, k;

	for (;; pattern += n, name += k) {
		pattern += strspn(pattern, " ");
		name += strspn(name, " ");
		n = strcspn(pattern, " ");
		k = strcspn(name, " ");
		if (n == 0 || k == 0)
			return n == k;
		if (!is_word_matched(pattern, n, name, k))
			return false;
	}
}

struct row *
rows_find(struct rows *rows, const char *op, const char *cell)
{
	struct row *row, *found = NULL;

	for (row = rows->v.v; row < rows->v.v + rows->v.n; row++) {
		if ((strcmp(row->ops, "all") != 0 &&
			!is_listed(row->ops, op, strlen(op), " ")) ||
		    !is_matched(row->pattern, cell))
			continue;
		ck_assert_msg(found == NULL,
		    "%s, '%s': both lines %d and %d of verdicts.txt speak of "
		    "it",
		    op, cell, found->line, row->line);
		found = row;
	}
	ck_assert_msg(found != NULL, "%s, '%s': no row of verdicts.txt", op,
	    cell);
	found->served++;
	return found;
}
