/* SPDX-License-Identifier: MIT */
/* Every row of gcsweep's table: good at both ends, bad beyond, and whatever is
 * wrong is named.  A new row is tested from the day it stands there. */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/buf.h"
#include "src/cli/options.h"
#include "tests/support/suite.h"

enum { TEXT_MAX = 200 };

static const char *const bad_numbers[] = { "", " ", "5 ", " 5", "+5", "-5",
	"-0", "--5", "5.0", "5,0", "0x5", "1e1", "5s", "5%", "five", "NaN",
	"inf", "18446744073709551615", "18446744073709551616",
	"99999999999999999999999999", "\xd9\xa5", NULL };
static const char *const bad_durations[] = { "", " ", "5", "5 ms", " 5ms",
	"5ms ", "+5ms", "-5ms", "5MS", "5sec", "5mins", "5d", "ms", ".ms",
	"1..5s", "1.s.", "1e1s", "0x5s", "5ms5", "never",
	"99999999999999999999h", "18446744073709551616us", NULL };
static const char *const bad_rates[] = { "", " ", "5 /s", " 5/s", "5/s ",
	"+5/s", "-5/s", "5/", "/s", "5/m", "5/sec", "5 per s", "0x5/s", "OFF",
	"none", "1e1/s", "18446744073709551616/s", NULL };
static const char *const bad_choices[] = { "", " ", "0", "1", "no-such-thing",
	"-", NULL };
static const char *const bad_flags[] = { "", " ", "2", "-1", "01", "yes",
	"TRUE", "on", "1 ", NULL };

static const char *const *
bad_values(const struct opt *o)
{
	switch (o->type) {
	case OPT_UINT:
		return bad_numbers;
	case OPT_DURATION:
		return bad_durations;
	case OPT_RATE:
		return bad_rates;
	case OPT_CHOICE:
		return bad_choices;
	case OPT_FLAG:
		return bad_flags;
	case OPT_STRING:
	case OPT_STRINGS: /* gcsweep has none */
	case OPT_VALUE:
	case OPT_ACTION:
		break;
	}
	return bad_choices + sizeof(bad_choices) / sizeof(bad_choices[0]) - 1;
}

static bool
is_number(const struct opt *o)
{
	return o->type == OPT_UINT || o->type == OPT_DURATION ||
	    o->type == OPT_RATE;
}

static const char *
number(const struct opt *o, uint64_t v, char text[TEXT_MAX])
{
	const char *unit = o->type == OPT_DURATION ? "us"
	    : o->type == OPT_RATE                  ? "/s"
						   : "";

	snprintf(text, TEXT_MAX, "%" PRIu64 "%s", v, unit);
	return text;
}

static int
parse(const struct opt *o, struct err *err, const char *word, const char *next)
{
	struct options opts = { 0 };
	char *argv[4];
	int n = 0, operands, rc;

	err_clear(err);
	argv[n++] = strdup("command");
	if (word != NULL)
		argv[n++] = strdup(word);
	if (next != NULL)
		argv[n++] = strdup(next);
	argv[n] = NULL;
	rc = opt_parse(&options_table, o->mask & -o->mask, n, argv, &opts,
	    &operands, err);
	while (n > 0)
		free(argv[--n]);
	return rc;
}

/* "--mark-width=5" on the line. */
static int
parse_value(const struct opt *o, const char *value, struct err *err)
{
	char word[2 * TEXT_MAX];

	snprintf(word, sizeof(word), "--%s=%s", o->name, value);
	return parse(o, err, word, NULL);
}

/* GCSWEEP_MARK_WIDTH=5 in the environment. */
static int
parse_variable(const struct opt *o, const char *value, char variable[TEXT_MAX],
    struct err *err)
{
	size_t n = (size_t)snprintf(variable, TEXT_MAX, "GCSWEEP_%s", o->name);
	int rc;

	while (n-- > 0) {
		if (variable[n] == '-')
			variable[n] = '_';
		else if (variable[n] >= 'a' && variable[n] <= 'z')
			variable[n] = (char)(variable[n] - 'a' + 'A');
	}
	setenv(variable, value, 1);
	rc = parse(o, err, NULL, NULL);
	unsetenv(variable);
	return rc;
}

/* Refused wherever it is said, with the name, and in one line that has room
 * for what is allowed. */
static void
refuses(const struct opt *o, const char *value)
{
	char word[TEXT_MAX], variable[TEXT_MAX];
	struct err err;

	if (o->type != OPT_FLAG) {
		snprintf(word, sizeof(word), "--%s", o->name);
		ck_assert_msg(parse_value(o, value, &err) != 0, "--%s='%s'",
		    o->name, value);
		ck_assert_int_eq(err.code, ERR_USAGE);
		ck_assert_ptr_nonnull(strstr(err.text, word));
		ck_assert_ptr_nonnull(strstr(err.text, "want "));
		ck_assert_msg(parse(o, &err, word, value) != 0, "--%s '%s'",
		    o->name, value);
		ck_assert_int_eq(err.code, ERR_USAGE);
		ck_assert_ptr_nonnull(strstr(err.text, word));
	}
	ck_assert_msg(parse_variable(o, value, variable, &err) != 0, "%s='%s'",
	    variable, value);
	ck_assert_int_eq(err.code, ERR_CONFIG);
	ck_assert_ptr_nonnull(strstr(err.text, variable));
	ck_assert_ptr_null(strchr(err.text, '\n'));
}

static void
takes(const struct opt *o, const char *value)
{
	char variable[TEXT_MAX];
	struct err err;

	ck_assert_msg(parse_value(o, value, &err) == 0, "%s", err.text);
	ck_assert_msg(parse_variable(o, value, variable, &err) == 0, "%s",
	    err.text);
}

START_TEST(every_row_refuses_what_is_no_value_and_says_which_row)
{
	const struct opt *o;
	int i;

	for (o = options_table.rows; o->name != NULL; o++) {
		const char *const *bad = bad_values(o);

		for (i = 0; bad[i] != NULL; i++)
			refuses(o, bad[i]);
	}
}
END_TEST

START_TEST(every_number_ends_where_its_row_says)
{
	const struct opt *o;
	char text[TEXT_MAX];

	for (o = options_table.rows; o->name != NULL; o++) {
		if (!is_number(o))
			continue;
		takes(o, number(o, o->min, text));
		takes(o, number(o, o->max, text));
		ck_assert_uint_lt(o->max, UINT64_MAX);
		refuses(o, number(o, o->max + 1, text));
		if (o->min > 0)
			refuses(o, number(o, o->min - 1, text));
	}
}
END_TEST

START_TEST(every_choice_and_every_default_is_taken)
{
	const struct opt *o;
	int i;

	for (o = options_table.rows; o->name != NULL; o++) {
		if (o->def != NULL)
			takes(o, o->def);
		for (i = 0; o->type == OPT_CHOICE && o->choices[i] != NULL; i++)
			takes(o, o->choices[i]);
	}
}
END_TEST

/* However long a value is, the line still says what is wanted. */
START_TEST(a_long_value_does_not_push_out_what_is_allowed)
{
	char value[TEXT_MAX];
	const struct opt *o;

	memset(value, '7', sizeof(value) - 1);
	value[sizeof(value) - 1] = '\0';
	for (o = options_table.rows; o->name != NULL; o++) {
		if (is_number(o) || o->type == OPT_CHOICE)
			refuses(o, value);
	}
}
END_TEST

START_TEST(every_row_says_what_help_needs)
{
	const struct opt *o, *other;
	struct buf help;
	unsigned mask;
	char *line;

	for (o = options_table.rows; o->name != NULL; o++) {
		ck_assert_uint_ne(o->mask, 0);
		ck_assert_ptr_nonnull(o->help);
		ck_assert_int_eq(o->arg != NULL,
		    o->type != OPT_FLAG && o->type != OPT_ACTION);
		for (other = o + 1; other->name != NULL; other++)
			ck_assert(o->letter == 0 ||
			    o->letter != other->letter ||
			    !(o->mask & other->mask));
	}
	for (mask = 1; mask <= CMD_BENCH; mask <<= 1) {
		buf_init(&help, 64 * 1024);
		opt_help(&options_table, mask, &help);
		for (line = strtok(help.data, "\n"); line != NULL;
		     line = strtok(NULL, "\n"))
			ck_assert_msg(strlen(line) <= 78, "%s", line);
		buf_release(&help);
	}
}
END_TEST

int
main(void)
{
	return suite_run("options",
	    every_row_refuses_what_is_no_value_and_says_which_row,
	    every_number_ends_where_its_row_says,
	    every_choice_and_every_default_is_taken,
	    a_long_value_does_not_push_out_what_is_allowed,
	    every_row_says_what_help_needs, NULL);
}
