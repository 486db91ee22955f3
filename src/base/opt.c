/* SPDX-License-Identifier: MIT */
/*
 * The table is walked three times: defaults, environment, argv.  getopt_long
 * does the splitting; every value goes through set_value, so that a default
 * or a variable obeys the same ranges as what is typed.
 */
#include "src/base/opt.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/buf.h"
#include "src/base/mem.h"
#include "src/base/str.h"

/* getopt_long answers LONG_BASE + row for options without a letter. */
enum { LONG_BASE = 256 };

/* text is NULL on the command line and a word from the environment, where
 * NAME=0 must not switch anything on. */
static int
set_flag(void *slot, const char *text)
{
	bool on = text == NULL || strcmp(text, "1") == 0;

	if (!on && strcmp(text, "0") != 0)
		return -1;
	memcpy(slot, &on, sizeof(on));
	return 0;
}

static int
set_choice(const struct opt *o, void *slot, const char *text)
{
	int i;

	for (i = 0; o->choices[i] != NULL; i++) {
		if (strcmp(o->choices[i], text) == 0) {
			memcpy(slot, &i, sizeof(i));
			return 0;
		}
	}
	return -1;
}

static int
set_number(const struct opt *o, void *slot, const char *text)
{
	bool is_auto = o->def != NULL && strcmp(o->def, "auto") == 0;
	uint64_t v;
	int rc;

	if (is_auto && strcmp(text, "auto") == 0) {
		v = OPT_AUTO;
		memcpy(slot, &v, sizeof(v));
		return 0;
	}
	if (o->type == OPT_RATE && strcmp(text, "off") == 0) {
		v = 0;
		memcpy(slot, &v, sizeof(v));
		return 0;
	}
	if (o->type == OPT_DURATION)
		rc = str_parse_duration(text, &v);
	else if (o->type == OPT_RATE)
		rc = str_parse_rate(text, &v);
	else
		rc = str_parse_u64(text, &v);
	if (rc != 0 || v < o->min || v > o->max)
		return -1;
	memcpy(slot, &v, sizeof(v));
	return 0;
}

static int
set_value(const struct opt *o, void *values, const char *text)
{
	void *slot = (char *)values + o->offset;

	switch (o->type) {
	case OPT_FLAG:
		return set_flag(slot, text);
	case OPT_STRING:
		memcpy(slot, &text, sizeof(text));
		return 0;
	case OPT_CHOICE:
		return set_choice(o, slot, text);
	case OPT_UINT:
	case OPT_DURATION:
	case OPT_RATE:
		return set_number(o, slot, text);
	}
	return -1;
}

/* In the largest unit that says it exactly. */
static void
add_duration(struct buf *out, uint64_t us)
{
	if (us % 1000000 == 0)
		buf_addf(out, "%" PRIu64 "s", us / 1000000);
	else if (us % 1000 == 0)
		buf_addf(out, "%" PRIu64 "ms", us / 1000);
	else
		buf_addf(out, "%" PRIu64 "us", us);
}

/* "a number from 1 to 1000, or auto" */
static void
describe(const struct opt *o, struct buf *out)
{
	int i;

	switch (o->type) {
	case OPT_STRING:
		break;
	case OPT_FLAG:
		buf_adds(out, "1 or 0");
		break;
	case OPT_UINT:
		buf_addf(out, "a number from %" PRIu64 " to %" PRIu64, o->min,
		    o->max);
		if (o->def != NULL && strcmp(o->def, "auto") == 0)
			buf_adds(out, ", or auto");
		break;
	case OPT_DURATION:
		buf_adds(out, "a time such as 42ms, 1.5s or 2m, from ");
		add_duration(out, o->min);
		buf_adds(out, " to ");
		add_duration(out, o->max);
		break;
	case OPT_RATE:
		buf_addf(out,
		    "a rate such as 1000/s (at most %" PRIu64 "/s), "
		    "or off",
		    o->max);
		break;
	case OPT_CHOICE:
		for (i = 0; o->choices[i] != NULL; i++)
			buf_addf(out, "%s%s", i ? ", " : "one of ",
			    o->choices[i]);
		break;
	}
}

static int
bad_value(const struct opt *o, const char *text, const char *env,
    struct err *err)
{
	struct buf want;

	buf_init(&want, 256);
	describe(o, &want);
	if (env != NULL)
		err_set(err, ERR_CONFIG, "%s='%s' in the environment: want %s",
		    env, text, want.data);
	else
		err_set(err, ERR_USAGE, "--%s '%s': want %s", o->name, text,
		    want.data);
	buf_release(&want);
	return -1;
}

static int
load_outside(const struct opt *table, unsigned mask, void *values,
    struct err *err)
{
	const struct opt *o;
	const char *text;

	for (o = table; o->name != NULL; o++) {
		if (!(o->mask & mask))
			continue;
		if (o->def != NULL && set_value(o, values, o->def) != 0)
			return bad_value(o, o->def, NULL, err);
		if (o->env == NULL || (text = getenv(o->env)) == NULL ||
		    text[0] == '\0')
			continue;
		if (set_value(o, values, text) != 0)
			return bad_value(o, text, o->env, err);
	}
	return 0;
}

static void
fill_getopt(const struct opt *table, unsigned mask, struct option *longs,
    struct buf *shorts)
{
	const struct opt *o;
	size_t n = 0;

	buf_addc(shorts, ':'); /* answer ':' for a missing argument */
	for (o = table; o->name != NULL; o++) {
		if (!(o->mask & mask))
			continue;
		longs[n++] = (struct option){
			.name = o->name,
			.has_arg = o->type == OPT_FLAG ? no_argument
						       : required_argument,
			.val = LONG_BASE + (int)(o - table),
		};
		if (o->letter != 0)
			buf_addf(shorts, "%c%s", o->letter,
			    o->type == OPT_FLAG ? "" : ":");
	}
	longs[n] = (struct option){ 0 };
}

static const struct opt *
find_row(const struct opt *table, unsigned mask, int got)
{
	const struct opt *o;

	if (got >= LONG_BASE)
		return &table[got - LONG_BASE];
	for (o = table; o->name != NULL; o++) {
		if ((o->mask & mask) && o->letter == got)
			return o;
	}
	return NULL;
}

static int
bad_option(int got, char **argv, struct err *err)
{
	const char *word = argv[optind > 0 ? optind - 1 : 0];

	if (got == ':' && optopt > 0 && optopt < LONG_BASE)
		return err_set(err, ERR_USAGE, "-%c needs an argument", optopt);
	if (got == ':')
		return err_set(err, ERR_USAGE, "%s needs an argument", word);
	if (optopt < 0 || (optopt > 127 && optopt < LONG_BASE))
		return err_set(err, ERR_USAGE,
		    "options have ASCII letters only (see --help)");
	if (optopt > 0 && optopt < LONG_BASE)
		return err_set(err, ERR_USAGE,
		    "unknown option -%c (see --help)", optopt);
	if (optopt >= LONG_BASE)
		return err_set(err, ERR_USAGE, "%s takes no argument", word);
	return err_set(err, ERR_USAGE, "unknown option %s (see --help)", word);
}

/* getopt_long takes any unambiguous beginning of a name; a script that says
 * --port must not mean --port-file today and something else tomorrow. */
static bool
is_spelled_out(const struct opt *o, int got, char **argv)
{
	const char *word = argv[optind - 1];
	size_t n = strlen(o->name);

	if (got < LONG_BASE)
		return true;
	if (o->type != OPT_FLAG && word == optarg)
		word = argv[optind - 2];
	return strncmp(word + 2, o->name, n) == 0 &&
	    (word[2 + n] == '\0' || word[2 + n] == '=');
}

static int
load_argv(const struct opt *table, unsigned mask, int argc, char **argv,
    const char *shorts, const struct option *longs, void *values,
    struct err *err)
{
	const struct opt *o;
	int got;

	opterr = 0;
	optind = 0; /* glibc: start afresh */
	while ((got = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		if (got == '?' || got == ':' ||
		    (o = find_row(table, mask, got)) == NULL)
			return bad_option(got, argv, err);
		if (!is_spelled_out(o, got, argv))
			return err_set(err, ERR_USAGE,
			    "options are not shortened; --%s is the nearest "
			    "(see --help)",
			    o->name);
		if (set_value(o, values, optarg) != 0)
			return bad_value(o, optarg, NULL, err);
	}
	return 0;
}

int
opt_parse(const struct opt *table, unsigned mask, int argc, char **argv,
    void *values, int *operands, struct err *err)
{
	struct option *longs;
	struct buf shorts;
	size_t rows = 0;
	int rc;

	while (table[rows].name != NULL)
		rows++;
	longs = mem_zalloc(rows + 1, sizeof(*longs));
	buf_init(&shorts, 3 * rows + 2);
	fill_getopt(table, mask, longs, &shorts);
	rc = load_outside(table, mask, values, err);
	if (rc == 0)
		rc = load_argv(table, mask, argc, argv, shorts.data, longs,
		    values, err);
	*operands = optind;
	buf_release(&shorts);
	free(longs);
	return rc;
}

enum { HELP_COLUMN = 30, HELP_WIDTH = 78 };

/* Adds words up to the width, and goes on below the column. */
static void
add_wrapped(struct buf *out, const char *text, size_t used)
{
	const char *word = text;

	while (*word != '\0') {
		size_t n = strcspn(word, " ");

		if (used > HELP_COLUMN && used + 1 + n > HELP_WIDTH) {
			buf_addf(out, "\n%*s", HELP_COLUMN, "");
			used = HELP_COLUMN;
		} else if (used > HELP_COLUMN) {
			buf_addc(out, ' ');
			used++;
		}
		buf_add(out, word, n);
		used += n;
		word += n;
		word += strspn(word, " ");
	}
	buf_addc(out, '\n');
}

void
opt_help(const struct opt *table, unsigned mask, struct buf *out)
{
	const struct opt *o;
	struct buf text;
	size_t start, used;

	buf_init(&text, 1024);
	for (o = table; o->name != NULL; o++) {
		if (!(o->mask & mask))
			continue;
		start = out->len;
		if (o->letter != 0)
			buf_addf(out, "  -%c, --%s", o->letter, o->name);
		else
			buf_addf(out, "      --%s", o->name);
		if (o->arg != NULL)
			buf_addf(out, " %s", o->arg);
		used = out->len - start;
		if (used + 2 > HELP_COLUMN) {
			buf_addc(out, '\n');
			used = 0;
		}
		buf_addf(out, "%*s", (int)(HELP_COLUMN - used), "");
		buf_clear(&text);
		buf_adds(&text, o->help);
		if (o->def != NULL)
			buf_addf(&text, " [%s]", o->def);
		if (o->env != NULL)
			buf_addf(&text, " ($%s)", o->env);
		add_wrapped(out, text.data, HELP_COLUMN);
	}
	buf_release(&text);
}
