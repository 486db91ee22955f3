/* SPDX-License-Identifier: MIT */
/*
 * opt: any command line and environment against the real option table.
 *
 * The input is lines: the command, a variable of the environment, and one
 * argument each.  The variable is NAME=VALUE behind our prefix; without a '=' it
 * is the value of the variables that rows name themselves.  A NUL, which no
 * argument can hold, stands for a line break within one.
 */
#include <stdlib.h>
#include <string.h>

#include "src/base/buf.h"
#include "src/base/mem.h"
#include "src/base/vec.h"
#include "src/cli/options.h"
#include "tests/fuzz/fuzz.h"

const char fuzz_name[] = "opt";

/* A command line taken apart. */
struct words {
	char *text;          /* all of them, one after the other */
	VEC(char *) argv;    /* [0]: the command; NULL behind the last */
	char *outside;       /* the variable */
	VEC(char *) entries; /* "NAME=value", lent to the environment */
};

static char *
take_line(char **rest)
{
	char *line = *rest, *end = strchr(line, '\n');

	if (end != NULL)
		*end++ = '\0';
	*rest = end;
	return line;
}

static void
replace(char *s, size_t n, char from, char to)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (s[i] == from)
			s[i] = to;
	}
}

static void
words_init(struct words *w, const uint8_t *data, size_t n)
{
	char *rest;
	size_t i;

	*w = (struct words){ .text = mem_alloc(n + 1) };
	if (n > 0)
		memcpy(w->text, data, n);
	w->text[n] = '\0';
	replace(w->text, n, '\0', '\v');
	w->outside = w->text + n; /* "" */
	rest = w->text;
	*vec_push(&w->argv) = take_line(&rest);
	if (rest != NULL)
		w->outside = take_line(&rest);
	while (rest != NULL)
		*vec_push(&w->argv) = take_line(&rest);
	for (i = 0; i < w->argv.n; i++)
		replace(w->argv.v[i], strlen(w->argv.v[i]), '\v', '\n');
	*vec_push(&w->argv) = NULL;
	w->argv.n--;
}

/* putenv, since setenv keeps a copy of every value that it ever saw. */
static void
lend(struct words *w, const char *prefix, const char *name, const char *rest)
{
	struct buf entry;

	buf_init(&entry, 64 * 1024);
	buf_addf(&entry, "%s%s%s", prefix, name, rest);
	*vec_push(&w->entries) = buf_steal(&entry);
	putenv(w->entries.v[w->entries.n - 1]);
}

static void
set_outside(struct words *w, unsigned mask)
{
	const struct opt *o;

	if (strchr(w->outside, '=') != NULL) {
		lend(w, options_table.prefix, w->outside, "");
		return;
	}
	for (o = options_table.rows; o->name != NULL; o++) {
		if (o->env == NULL || !(o->mask & mask))
			continue;
		lend(w, o->env, "=", w->outside);
	}
}

static void
clear_outside(const struct words *w)
{
	struct buf name;
	size_t i;

	for (i = 0; i < w->entries.n; i++) {
		buf_init(&name, 64 * 1024);
		buf_add(&name, w->entries.v[i], strcspn(w->entries.v[i], "="));
		if (name.len > 0)
			unsetenv(name.data);
		buf_release(&name);
	}
}

static void
words_release(struct words *w)
{
	size_t i;

	clear_outside(w);
	for (i = 0; i < w->entries.n; i++)
		free(w->entries.v[i]);
	vec_release(&w->entries);
	vec_release(&w->argv);
	free(w->text);
}

static const void *
slot_of(const struct options *values, const struct opt *o)
{
	return (const char *)values + o->offset;
}

static uint64_t
number_of(const struct options *values, const struct opt *o)
{
	uint64_t v;

	memcpy(&v, slot_of(values, o), sizeof(v));
	return v;
}

static void
check_row(const struct options *values, const struct opt *o)
{
	bool is_auto = o->def != NULL && strcmp(o->def, "auto") == 0;
	uint64_t v;
	int chosen, i;

	switch (o->type) {
	case OPT_FLAG:
	case OPT_ACTION:
		LAW(*(const uint8_t *)slot_of(values, o) <= 1, "a flag is one");
		break;
	case OPT_STRING:
	case OPT_STRINGS:
	case OPT_VALUE:
		break;
	case OPT_CHOICE:
		memcpy(&chosen, slot_of(values, o), sizeof(chosen));
		for (i = 0; i < chosen; i++)
			LAW(o->choices[i] != NULL, "a choice is of the list");
		LAW(chosen >= 0 && o->choices[chosen] != NULL,
		    "a choice is of the list");
		break;
	case OPT_UINT:
	case OPT_DURATION:
	case OPT_RATE:
		v = number_of(values, o);
		LAW((v >= o->min && v <= o->max) ||
			(is_auto && v == OPT_AUTO) ||
			(o->type == OPT_RATE && v == 0),
		    "a number is in its range");
	}
}

/* Adds the option as it would have to be typed, if it would. */
static void
spell(const struct options *values, const struct opt *o, struct buf *out)
{
	struct buf text;

	buf_init(&text, 64 * 1024);
	opt_format(o, values, &text);
	if (o->type == OPT_FLAG || o->type == OPT_ACTION)
		buf_addf(out, "%s%s", text.data[0] == '1' ? "--" : "",
		    text.data[0] == '1' ? o->name : "");
	else if (text.len > 0)
		buf_addf(out, "--%s=%s", o->name, text.data);
	buf_release(&text);
}

static bool
is_same_row(const struct options *a, const struct options *b,
    const struct opt *o)
{
	struct buf x, y;
	bool is_same;

	buf_init(&x, 64 * 1024);
	buf_init(&y, 64 * 1024);
	opt_format(o, a, &x);
	opt_format(o, b, &y);
	is_same = strcmp(x.data, y.data) == 0;
	buf_release(&x);
	buf_release(&y);
	return is_same;
}

static void
check_same(const struct options *a, const struct options *b, unsigned mask)
{
	const struct opt *o;

	for (o = options_table.rows; o->name != NULL; o++)
		LAW(!(o->mask & mask) || is_same_row(a, b, o),
		    "options spelled out mean the same");
}

/* Everything that was understood, typed out in full, is understood again. */
static void
check_spelled(const struct options *values, const struct words *w,
    unsigned mask)
{
	VEC(char *) argv = { 0 };
	struct options again = { 0 };
	struct err err = ERR_INIT;
	const struct opt *o;
	int operands = 0;
	struct buf word;
	size_t i;

	*vec_push(&argv) = mem_strdup("command");
	for (o = options_table.rows; o->name != NULL; o++) {
		if (!(o->mask & mask))
			continue;
		buf_init(&word, 64 * 1024);
		spell(values, o, &word);
		if (word.len > 0)
			*vec_push(&argv) = buf_steal(&word);
		else
			buf_release(&word);
	}
	*vec_push(&argv) = NULL;
	clear_outside(w);
	LAW(opt_parse(&options_table, mask, (int)argv.n - 1, argv.v, &again,
		&operands, &err) == 0,
	    "options spelled out are taken");
	LAW(operands == (int)argv.n - 1, "options are no operands");
	check_same(values, &again, mask);
	for (i = 0; i + 1 < argv.n; i++)
		free(argv.v[i]);
	vec_release(&argv);
}

static void
check_values(const struct options *values, const struct words *w, unsigned mask,
    int operands)
{
	const struct opt *o;

	LAW(operands >= 1 && operands <= (int)w->argv.n,
	    "operands are words of the command line");
	for (o = options_table.rows; o->name != NULL; o++) {
		if (o->mask & mask)
			check_row(values, o);
	}
	check_spelled(values, w, mask);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct options values = { 0 };
	struct err err = ERR_INIT;
	struct words w;
	unsigned mask;
	int operands = 0;

	words_init(&w, data, n);
	mask = strcmp(w.argv.v[0], "bench") == 0 ? CMD_BENCH : CMD_GC;
	set_outside(&w, mask);
	if (opt_parse(&options_table, mask, (int)w.argv.n, w.argv.v, &values,
		&operands, &err) == 0)
		check_values(&values, &w, mask, operands);
	else if (err.code == ERR_CONFIG)
		fuzz_is_refusal(&err, ERR_CONFIG);
	else
		fuzz_is_refusal(&err, ERR_USAGE);
	words_release(&w);
	return 0;
}
