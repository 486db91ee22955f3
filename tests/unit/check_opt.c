/* SPDX-License-Identifier: MIT */
/* opt: one table, three sources, every value under the same rules. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/buf.h"
#include "src/base/opt.h"
#include "tests/support/suite.h"

enum { SWEEP = 1, BENCH = 2 };

struct values {
	struct opt_said said;
	bool dry_run;
	bool modify;
	bool loud;
	bool help;
	const char *bucket;
	uint64_t concurrency;
	uint64_t width;
	uint64_t grace_us;
	uint64_t pause_us;
	uint64_t limit;
	int strategy;
	uint64_t runs;
};

#define AT(field) offsetof(struct values, field)

static const char *const strategies[] = { "delete", "list-delete", NULL };

/* clang-format off */
static const struct opt rows[] = {
	{ "dry-run", 'n', OPT_FLAG, AT(dry_run), .env = "OTHER_DRY_RUN",
	  .help = "delete nothing", .mask = SWEEP | BENCH },
	{ "modify", 'm', OPT_FLAG, AT(modify), .rival = "loud",
	  .help = "delete untagged manifests too", .mask = SWEEP },
	{ "loud", 'l', OPT_FLAG, AT(loud), .help = "say so", .mask = SWEEP },
	{ "bucket", 'b', OPT_STRING, AT(bucket), .env = "OTHER_BUCKET",
	  .arg = "NAME", .help = "where the registry lies", .mask = SWEEP },
	{ "concurrency", 'j', OPT_UINT, AT(concurrency), 1, 1000, .def = "auto",
	  .env = "OTHER_CONCURRENCY", .arg = "N|auto",
	  .help = "deletes in flight at once", .mask = SWEEP | BENCH },
	{ "width", 0, OPT_UINT, AT(width), 1, 64, .def = "64", .arg = "N",
	  .help = "reads in flight at once", .mask = SWEEP },
	{ "grace", 'g', OPT_DURATION, AT(grace_us), 1000, 3600000000,
	  .def = "10m", .env = "OTHER_GRACE", .arg = "TIME",
	  .help = "age below which all is kept", .mask = SWEEP },
	{ "pause", 0, OPT_DURATION, AT(pause_us), 1000000, 3600000000,
	  .def = "off", .arg = "TIME|off", .help = "rest in between",
	  .mask = SWEEP },
	{ "a-name-so-long-that-help-needs-a-line", 0, OPT_RATE, AT(limit),
	  5, 5000, .def = "off", .arg = "RATE", .help = "requests per second",
	  .mask = SWEEP },
	{ "strategy", 's', OPT_CHOICE, AT(strategy), .choices = strategies,
	  .def = "delete", .env = "OTHER_STRATEGY", .arg = "WHAT",
	  .help = "what is sent", .mask = SWEEP },
	{ "runs", 'r', OPT_UINT, AT(runs), 0, UINT64_MAX, .arg = "N",
	  .help = "how often", .mask = BENCH },
	{ "help", 'h', OPT_ACTION, AT(help), .help = "print this",
	  .mask = SWEEP },
	{ .name = NULL },
};
/* clang-format on */

static const struct opt_table table = { rows, "CHECK_OPT_" };

static const char LIMIT[] = "--a-name-so-long-that-help-needs-a-line";

/* One parse of a line, split at blanks; `words` is the reordered argv. */
struct parsed {
	char name[8];
	char line[400];
	char *words[20];
	int n;
	int operands;
	struct values v;
	struct err err;
};

static int
parse_for(unsigned mask, struct parsed *p, const char *line)
{
	char *word;

	memset(p, 0, sizeof(*p));
	ck_assert_uint_lt(strlen(line), sizeof(p->line));
	strcpy(p->name, "sweep");
	strcpy(p->line, line);
	p->words[p->n++] = p->name;
	for (word = strtok(p->line, " "); word != NULL;
	     word = strtok(NULL, " "))
		p->words[p->n++] = word;
	return opt_parse(&table, mask, p->n, p->words, &p->v, &p->operands,
	    &p->err);
}

static int
parse(struct parsed *p, const char *line)
{
	return parse_for(SWEEP, p, line);
}

/* The line is refused as `code`, and the text tells `why`. */
static void
refuses(const char *line, enum err_code code, const char *why)
{
	struct parsed p;

	ck_assert_msg(parse(&p, line) == -1, "'%s' was taken", line);
	ck_assert_int_eq(p.err.code, code);
	ck_assert_msg(strstr(p.err.text, why) != NULL,
	    "'%s' is refused with '%s', which does not say '%s'", line,
	    p.err.text, why);
}

START_TEST(an_empty_line_gives_the_defaults)
{
	struct parsed p;

	ck_assert_int_eq(parse(&p, ""), 0);
	ck_assert(!p.v.dry_run);
	ck_assert_ptr_null(p.v.bucket);
	ck_assert_uint_eq(p.v.concurrency, OPT_AUTO);
	ck_assert_uint_eq(p.v.width, 64);
	ck_assert_uint_eq(p.v.grace_us, 600000000);
	ck_assert_uint_eq(p.v.limit, 0);
	ck_assert_int_eq(p.v.strategy, 0);
	ck_assert_int_eq(p.operands, p.n);
}
END_TEST

START_TEST(every_type_is_read_in_every_spelling)
{
	struct parsed p;

	ck_assert_int_eq(parse(&p,
			     "-n -b demo -j 12 --width 3 -g 1.5s "
			     "--a-name-so-long-that-help-needs-a-line "
			     "50/s -s list-delete"),
	    0);
	ck_assert(p.v.dry_run && !p.v.modify);
	ck_assert_str_eq(p.v.bucket, "demo");
	ck_assert_uint_eq(p.v.concurrency, 12);
	ck_assert_uint_eq(p.v.width, 3);
	ck_assert_uint_eq(p.v.grace_us, 1500000);
	ck_assert_uint_eq(p.v.limit, 50);
	ck_assert_int_eq(p.v.strategy, 1);
	ck_assert_int_eq(parse(&p,
			     "-nmj12 --bucket=demo --width=3 -g1s "
			     "--strategy=delete"),
	    0);
	ck_assert(p.v.dry_run && p.v.modify);
	ck_assert_str_eq(p.v.bucket, "demo");
	ck_assert_uint_eq(p.v.concurrency, 12);
	ck_assert_uint_eq(p.v.width, 3);
	ck_assert_uint_eq(p.v.grace_us, 1000000);
	ck_assert_int_eq(p.v.strategy, 0);
}
END_TEST

START_TEST(the_last_of_two_wins)
{
	struct parsed p;

	ck_assert_int_eq(parse(&p, "-j 5 -j auto --width 3 --width=4"), 0);
	ck_assert_uint_eq(p.v.concurrency, OPT_AUTO);
	ck_assert_uint_eq(p.v.width, 4);
}
END_TEST

START_TEST(ranges_include_both_ends)
{
	struct parsed p;

	ck_assert_int_eq(parse(&p, "-j 1 --width 64 -g 1ms"), 0);
	ck_assert_int_eq(parse(&p, "-j 1000 --width 1 -g 1h"), 0);
	refuses("-j 0", ERR_USAGE, "a number from 1 to 1000, or auto");
	refuses("-j 1001", ERR_USAGE, "--concurrency '1001'");
	refuses("--width 65", ERR_USAGE, "a number from 1 to 64");
	refuses("-g 999us", ERR_USAGE, "from 1ms to 1h");
	refuses("-g 2h", ERR_USAGE, "from 1ms to 1h");
}
END_TEST

START_TEST(a_rate_is_in_its_range_or_off)
{
	struct parsed p;
	char line[100];

	strcpy(line, LIMIT);
	ck_assert_int_eq(parse(&p, strcat(line, " off")), 0);
	ck_assert_uint_eq(p.v.limit, 0);
	strcpy(line, LIMIT);
	refuses(strcat(line, " 4/s"), ERR_USAGE, "or off");
	strcpy(line, LIMIT);
	refuses(strcat(line, " 5001/s"), ERR_USAGE, "at most 5000/s");
}
END_TEST

START_TEST(a_time_may_be_off_where_it_is_so_by_default)
{
	const struct opt *pause = rows;
	struct parsed p;
	struct buf text;

	while (strcmp(pause->name, "pause") != 0)
		pause++;
	buf_init(&text, 32);
	ck_assert_int_eq(parse(&p, "--pause 90s"), 0);
	ck_assert_uint_eq(p.v.pause_us, 90000000);
	opt_format(pause, &p.v, &text);
	ck_assert_str_eq(text.data, "90s");
	buf_clear(&text);
	ck_assert_int_eq(parse(&p, "--pause 120s"), 0);
	opt_format(pause, &p.v, &text);
	ck_assert_str_eq(text.data, "2m");
	buf_clear(&text);
	ck_assert_int_eq(parse(&p, "--pause 90s --pause off"), 0);
	ck_assert_uint_eq(p.v.pause_us, 0);
	opt_format(pause, &p.v, &text);
	ck_assert_str_eq(text.data, "off");
	refuses("--pause 0s", ERR_USAGE, "from 1s to 1h, or off");
	refuses("-g off", ERR_USAGE, "--grace 'off'");
	buf_release(&text);
}
END_TEST

START_TEST(junk_values_are_refused_with_what_is_wanted)
{
	refuses("-j many", ERR_USAGE, "--concurrency 'many': want a number");
	refuses("-j -5", ERR_USAGE, "--concurrency '-5'");
	refuses("--width auto", ERR_USAGE, "--width 'auto'");
	refuses("-g 5", ERR_USAGE, "a time such as 42ms");
	refuses("-s list", ERR_USAGE, "one of delete, list-delete");
	refuses("--strategy=", ERR_USAGE, "--strategy ''");
}
END_TEST

START_TEST(unknown_options_are_named)
{
	refuses("-x", ERR_USAGE, "unknown option -x");
	refuses("-nx", ERR_USAGE, "unknown option -x");
	refuses("--nonsense", ERR_USAGE, "unknown option --nonsense");
	refuses("operand --nonsense=3 more", ERR_USAGE, "--nonsense");
	refuses("--runs 3", ERR_USAGE, "unknown option --runs");
	refuses("-r 3", ERR_USAGE, "unknown option -r");
	refuses("-\xc3\xa4", ERR_USAGE, "ASCII");
}
END_TEST

START_TEST(options_are_not_shortened)
{
	struct parsed p;

	refuses("--dry", ERR_USAGE, "--dry-run is the nearest");
	refuses("--buck abc", ERR_USAGE, "--bucket is the nearest");
	refuses("--buck=abc", ERR_USAGE, "--bucket is the nearest");
	refuses("x --buck --bucket", ERR_USAGE, "--bucket is the nearest");
	ck_assert_int_eq(parse(&p, "--bucket --buck x --dry-run"), 0);
	ck_assert_str_eq(p.v.bucket, "--buck");
}
END_TEST

START_TEST(missing_and_needless_arguments_are_named)
{
	refuses("--bucket", ERR_USAGE, "--bucket needs an argument");
	refuses("-n -b", ERR_USAGE, "-b needs an argument");
	refuses("-nb", ERR_USAGE, "-b needs an argument");
	refuses("--dry-run=yes", ERR_USAGE, "takes no argument");
}
END_TEST

START_TEST(operands_and_options_may_be_mixed)
{
	struct parsed p;

	ck_assert_int_eq(parse(&p, "one -n two --width 9 three"), 0);
	ck_assert(p.v.dry_run);
	ck_assert_uint_eq(p.v.width, 9);
	ck_assert_int_eq(p.n - p.operands, 3);
	ck_assert_str_eq(p.words[p.operands], "one");
	ck_assert_str_eq(p.words[p.operands + 1], "two");
	ck_assert_str_eq(p.words[p.operands + 2], "three");
}
END_TEST

START_TEST(what_is_put_in_order_reads_the_same_again)
{
	struct parsed p;
	struct values again = { 0 };
	int operands;

	ck_assert_int_eq(parse(&p, "one -nj 7 two --width 9 three -- -m"), 0);
	ck_assert_int_eq(opt_parse(&table, SWEEP, p.n, p.words, &again,
			     &operands, &p.err),
	    0);
	ck_assert_int_eq(operands, p.operands);
	ck_assert_str_eq(p.words[operands], "one");
	ck_assert_str_eq(p.words[operands + 3], "-m");
	ck_assert(again.dry_run && !again.modify);
	ck_assert_uint_eq(again.concurrency, 7);
	ck_assert_uint_eq(again.width, 9);
}
END_TEST

START_TEST(two_dashes_end_the_options)
{
	struct parsed p;

	ck_assert_int_eq(parse(&p, "one -n -- -m --width -"), 0);
	ck_assert(p.v.dry_run && !p.v.modify);
	ck_assert_int_eq(p.n - p.operands, 4);
	ck_assert_str_eq(p.words[p.operands], "one");
	ck_assert_str_eq(p.words[p.operands + 1], "-m");
	ck_assert_str_eq(p.words[p.operands + 2], "--width");
	ck_assert_str_eq(p.words[p.operands + 3], "-");
}
END_TEST

START_TEST(the_environment_stands_between_default_and_line)
{
	struct parsed p;

	setenv("OTHER_CONCURRENCY", "40", 1);
	setenv("OTHER_BUCKET", "from-outside", 1);
	setenv("OTHER_STRATEGY", "list-delete", 1);
	setenv("OTHER_GRACE", "", 1);
	ck_assert_int_eq(parse(&p, "-b typed"), 0);
	ck_assert_uint_eq(p.v.concurrency, 40);
	ck_assert_str_eq(p.v.bucket, "typed");
	ck_assert_int_eq(p.v.strategy, 1);
	ck_assert_uint_eq(p.v.grace_us, 600000000);
	ck_assert_int_eq(parse(&p, "-j 2"), 0);
	ck_assert_uint_eq(p.v.concurrency, 2);
	ck_assert_str_eq(p.v.bucket, "from-outside");
}
END_TEST

START_TEST(a_flag_in_the_environment_is_1_or_0)
{
	struct parsed p;

	setenv("OTHER_DRY_RUN", "1", 1);
	ck_assert_int_eq(parse(&p, ""), 0);
	ck_assert(p.v.dry_run);
	setenv("OTHER_DRY_RUN", "0", 1);
	ck_assert_int_eq(parse(&p, ""), 0);
	ck_assert(!p.v.dry_run);
	ck_assert_int_eq(parse(&p, "-n"), 0);
	ck_assert(p.v.dry_run);
	setenv("OTHER_DRY_RUN", "maybe", 1);
	refuses("", ERR_CONFIG, "OTHER_DRY_RUN='maybe'");
}
END_TEST

START_TEST(a_bad_variable_is_a_configuration_error)
{
	struct parsed p;

	setenv("OTHER_CONCURRENCY", "1001", 1);
	refuses("", ERR_CONFIG,
	    "OTHER_CONCURRENCY='1001' in the environment: want a number "
	    "from 1 to 1000, or auto");
	refuses("-j 5", ERR_CONFIG, "OTHER_CONCURRENCY");
	unsetenv("OTHER_CONCURRENCY");
	setenv("OTHER_GRACE", "soon", 1);
	refuses("", ERR_CONFIG, "OTHER_GRACE='soon'");
	ck_assert_int_eq(parse_for(BENCH, &p, ""), 0);
}
END_TEST

START_TEST(a_mask_takes_only_its_rows)
{
	struct parsed p;

	ck_assert_int_eq(parse_for(BENCH, &p, "-n -r 7 -j 9"), 0);
	ck_assert(p.v.dry_run);
	ck_assert_uint_eq(p.v.runs, 7);
	ck_assert_uint_eq(p.v.concurrency, 9);
	ck_assert_uint_eq(p.v.width, 0);
	ck_assert_int_eq(parse_for(BENCH, &p, "--width 3"), -1);
}
END_TEST

START_TEST(help_tells_every_option_its_default_and_its_variable)
{
	const struct opt *o;
	struct buf help, want;

	buf_init(&help, 10000);
	buf_init(&want, 1000);
	opt_help(&table, SWEEP, &help);
	for (o = rows; o->name != NULL; o++) {
		buf_clear(&want);
		buf_addf(&want, "--%s", o->name);
		if (o->arg != NULL)
			buf_addf(&want, " %s", o->arg);
		ck_assert_msg((strstr(help.data, want.data) != NULL) ==
			((o->mask & SWEEP) != 0),
		    "%s is wrong in:\n%s", want.data, help.data);
		if (o->mask & SWEEP)
			ck_assert_ptr_nonnull(strstr(help.data, o->help));
	}
	ck_assert_ptr_nonnull(strstr(help.data,
	    "  -j, --concurrency N|auto    deletes in flight at once [auto]\n"
	    "                              ($OTHER_CONCURRENCY)\n"));
	ck_assert_ptr_null(strstr(help.data, " \n"));
	ck_assert_ptr_nonnull(
	    strstr(help.data, "      --width N               reads in flight"));
	ck_assert_ptr_nonnull(strstr(help.data,
	    "RATE\n                              requests per second [off]\n"));
	buf_release(&help);
	buf_release(&want);
}
END_TEST

int
main(void)
{
	return suite_run("opt", an_empty_line_gives_the_defaults,
	    every_type_is_read_in_every_spelling, the_last_of_two_wins,
	    ranges_include_both_ends, a_rate_is_in_its_range_or_off,
	    a_time_may_be_off_where_it_is_so_by_default,
	    junk_values_are_refused_with_what_is_wanted,
	    unknown_options_are_named, options_are_not_shortened,
	    missing_and_needless_arguments_are_named,
	    operands_and_options_may_be_mixed,
	    what_is_put_in_order_reads_the_same_again,
	    two_dashes_end_the_options,
	    the_environment_stands_between_default_and_line,
	    a_flag_in_the_environment_is_1_or_0,
	    a_bad_variable_is_a_configuration_error, a_mask_takes_only_its_rows,
	    help_tells_every_option_its_default_and_its_variable, NULL);
}
