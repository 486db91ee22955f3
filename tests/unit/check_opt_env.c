/* SPDX-License-Identifier: MIT */
/* opt: what the environment may say, who beats whom, and who is to blame. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/base/buf.h"
#include "src/base/opt.h"
#include "src/base/opt_assign.h"
#include "tests/support/suite.h"

enum { SWEEP = 1, BENCH = 2 };

struct values {
	struct opt_said said;
	bool dry_run;
	bool quiet;
	bool verbose;
	bool help;
	const char *endpoint;
	uint64_t width;
	uint64_t runs;
	int strategy;
	struct opt_strings tags;
};

#define AT(field) offsetof(struct values, field)

static const char *const strategies[] = { "delete", "list-delete", NULL };

/* clang-format off */
static const struct opt rows[] = {
	{ "dry-run", 'n', OPT_FLAG, AT(dry_run), .help = "n", .mask = SWEEP },
	{ "dry-run", 'd', OPT_FLAG, AT(dry_run), .help = "d", .mask = SWEEP },
	{ "quiet", 'q', OPT_FLAG, AT(quiet), .rival = "verbose", .help = "q",
	  .mask = SWEEP },
	{ "verbose", 'v', OPT_FLAG, AT(verbose), .help = "v", .mask = SWEEP },
	{ "endpoint", 'e', OPT_STRING, AT(endpoint), .env = "OTHER_ENDPOINT",
	  .def = "here", .arg = "URL", .help = "e", .mask = SWEEP },
	{ "mark-width", 'w', OPT_UINT, AT(width), .min = 1, .max = 64,
	  .def = "auto", .arg = "N", .help = "w", .mask = SWEEP },
	{ "strategy", 's', OPT_CHOICE, AT(strategy), .choices = strategies,
	  .def = "list-delete", .arg = "S", .help = "s", .mask = SWEEP },
	{ "runs", 'r', OPT_UINT, AT(runs), .max = 9, .arg = "N", .help = "r",
	  .mask = BENCH },
	{ "tag", 't', OPT_STRINGS, AT(tags), .arg = "T", .help = "t",
	  .mask = SWEEP },
	{ "help", 'h', OPT_ACTION, AT(help), .help = "h",
	  .mask = SWEEP | BENCH },
	{ .name = NULL },
};
/* clang-format on */

static const struct opt_table table = { rows, "CHECK_OPT_" };

struct parsed {
	char line[200];
	char *words[20];
	int n;
	int operands;
	struct values v;
	struct err err;
};

static int
parse(struct parsed *p, const char *line)
{
	char *word;

	memset(p, 0, sizeof(*p));
	ck_assert_uint_lt(strlen(line) + 6, sizeof(p->line));
	strcat(strcpy(p->line, "sweep "), line);
	for (word = strtok(p->line, " "); word != NULL;
	     word = strtok(NULL, " "))
		p->words[p->n++] = word;
	return opt_parse(&table, SWEEP, p->n, p->words, &p->v, &p->operands,
	    &p->err);
}

static void
refuses(const char *line, enum err_code code, const char *text)
{
	struct parsed p;

	ck_assert_int_eq(parse(&p, line), -1);
	ck_assert_str_eq(p.err.text, text);
	ck_assert_int_eq(p.err.code, code);
}

START_TEST(every_option_has_a_variable_that_nobody_wrote_down)
{
	struct parsed p;

	setenv("CHECK_OPT_DRY_RUN", "1", 1);
	setenv("CHECK_OPT_ENDPOINT", "there", 1);
	setenv("CHECK_OPT_MARK_WIDTH", "7", 1);
	setenv("CHECK_OPT_STRATEGY", "delete", 1);
	ck_assert_int_eq(parse(&p, ""), 0);
	ck_assert(p.v.dry_run && !p.v.quiet);
	ck_assert_str_eq(p.v.endpoint, "there");
	ck_assert_uint_eq(p.v.width, 7);
	ck_assert_int_eq(p.v.strategy, 0);
	ck_assert_int_eq(opt_said_by(&p.v.said, "dry-run"), OPT_BY_PREFIX);
	ck_assert_int_eq(opt_said_by(&p.v.said, "quiet"), OPT_BY_NOBODY);
}
END_TEST

START_TEST(the_line_beats_the_prefix_and_the_prefix_the_other_variable)
{
	struct parsed p;

	setenv("OTHER_ENDPOINT", "weakest", 1);
	ck_assert_int_eq(parse(&p, ""), 0);
	ck_assert_str_eq(p.v.endpoint, "weakest");
	ck_assert_int_eq(opt_said_by(&p.v.said, "endpoint"), OPT_BY_VARIABLE);
	setenv("CHECK_OPT_ENDPOINT", "stronger", 1);
	ck_assert_int_eq(parse(&p, ""), 0);
	ck_assert_str_eq(p.v.endpoint, "stronger");
	ck_assert_int_eq(opt_said_by(&p.v.said, "endpoint"), OPT_BY_PREFIX);
	ck_assert_int_eq(parse(&p, "-e strongest"), 0);
	ck_assert_str_eq(p.v.endpoint, "strongest");
	ck_assert_int_eq(opt_said_by(&p.v.said, "endpoint"), OPT_BY_LINE);
}
END_TEST

START_TEST(flags_are_1_0_true_or_false_and_nothing_else)
{
	static const char *const bad[] = { "2", "yes", "TRUE", "on", " 1", "-",
		"01", "truee" };
	struct parsed p;
	size_t i;

	setenv("CHECK_OPT_DRY_RUN", "true", 1);
	ck_assert_int_eq(parse(&p, ""), 0);
	ck_assert(p.v.dry_run);
	setenv("CHECK_OPT_DRY_RUN", "false", 1);
	ck_assert_int_eq(parse(&p, ""), 0);
	ck_assert(!p.v.dry_run);
	ck_assert_int_eq(parse(&p, "-d"), 0);
	ck_assert(p.v.dry_run);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		setenv("CHECK_OPT_DRY_RUN", bad[i], 1);
		ck_assert_int_eq(parse(&p, ""), -1);
		ck_assert_int_eq(p.err.code, ERR_CONFIG);
		ck_assert_ptr_nonnull(strstr(p.err.text, "CHECK_OPT_DRY_RUN="));
		ck_assert_ptr_nonnull(strstr(p.err.text, "want 1 or 0"));
	}
}
END_TEST

START_TEST(an_empty_variable_of_ours_is_an_error_and_others_is_none)
{
	struct parsed p;

	setenv("OTHER_ENDPOINT", "", 1);
	ck_assert_int_eq(parse(&p, ""), 0);
	ck_assert_str_eq(p.v.endpoint, "here");
	setenv("CHECK_OPT_DRY_RUN", "", 1);
	refuses("", ERR_CONFIG,
	    "CHECK_OPT_DRY_RUN in the environment is empty: unset it for the "
	    "default of --dry-run");
	refuses("-n", ERR_CONFIG,
	    "CHECK_OPT_DRY_RUN in the environment is empty: unset it for the "
	    "default of --dry-run");
}
END_TEST

START_TEST(a_name_that_is_no_option_is_refused_with_the_nearest)
{
	static const char *const names[][2] = {
		{ "DRY_RUM", "DRY_RUN" },
		{ "DRYRUN", "DRY_RUN" },
		{ "dry_run", "DRY_RUN" },
		{ "DYR_RUN", "DRY_RUN" },
		{ "MARK_WIDHT", "MARK_WIDTH" },
		{ "RUN", "RUNS" },
		{ "ENDPOINTS", "ENDPOINT" },
		{ "", NULL },
		{ "N", NULL },
		{ "SOMETHING_ELSE_ALTOGETHER", NULL },
		{ "HELPS", NULL },
	};
	char variable[80], want[200];
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		strcat(strcpy(variable, "CHECK_OPT_"), names[i][0]);
		strcat(strcpy(want, variable),
		    " in the environment names no option");
		if (names[i][1] != NULL)
			strcat(strcat(strcat(want, "; CHECK_OPT_"),
				   names[i][1]),
			    " is the nearest (see --help)");
		else
			strcat(want, " (see --help)");
		setenv(variable, "1", 1);
		refuses("-n", ERR_CONFIG, want);
		unsetenv(variable);
	}
}
END_TEST

/* getenv would see the first of them, and a shell the last. */
START_TEST(a_variable_has_one_value)
{
	static char no[] = "CHECK_OPT_DRY_RUN=0", yes[] = "CHECK_OPT_DRY_RUN=1",
		    bare[] = "CHECK_OPT_DRY_RUN";
	char *twice[] = { no, yes, NULL }, *alone[] = { bare, NULL };
	char *after[] = { no, bare, NULL }, *same[] = { yes, yes, NULL };
	char **former = environ;
	struct parsed p;

	environ = twice;
	refuses("", ERR_CONFIG,
	    "CHECK_OPT_DRY_RUN is in the environment with two values");
	environ = alone;
	refuses("", ERR_CONFIG,
	    "CHECK_OPT_DRY_RUN in the environment has no value");
	environ = after;
	refuses("", ERR_CONFIG,
	    "CHECK_OPT_DRY_RUN in the environment has no value");
	environ = same;
	ck_assert_int_eq(parse(&p, ""), 0);
	ck_assert(p.v.dry_run);
	environ = former;
}
END_TEST

START_TEST(names_of_any_length_are_looked_at)
{
	char variable[400];
	struct parsed p;
	size_t n;

	for (n = 1; n < sizeof(variable) - 20; n++) {
		strcpy(variable, "CHECK_OPT_");
		memset(variable + 10, 'Q', n);
		variable[10 + n] = '\0';
		setenv(variable, "", 1);
		ck_assert_int_eq(parse(&p, ""), -1);
		ck_assert_int_eq(p.err.code, ERR_CONFIG);
		unsetenv(variable);
	}
}
END_TEST

START_TEST(an_option_of_another_command_is_no_mistake)
{
	struct parsed p;

	setenv("CHECK_OPT_RUNS", "1000", 1);
	ck_assert_int_eq(parse(&p, ""), 0);
}
END_TEST

START_TEST(what_kubernetes_says_of_a_service_is_no_mistake)
{
	struct parsed p;

	setenv("CHECK_OPT_SERVICE_HOST", "10.0.0.1", 1);
	setenv("CHECK_OPT_SERVICE_PORT", "80", 1);
	setenv("CHECK_OPT_SERVICE_PORT_HTTP", "80", 1);
	setenv("CHECK_OPT_PORT", "tcp://10.0.0.1:80", 1);
	setenv("CHECK_OPT_PORT_80_TCP", "tcp://10.0.0.1:80", 1);
	setenv("CHECK_OPT_PORT_80_TCP_ADDR", "10.0.0.1", 1);
	ck_assert_int_eq(parse(&p, ""), 0);
	setenv("CHECK_OPT_PORT", "8080", 1);
	refuses("", ERR_CONFIG,
	    "CHECK_OPT_PORT in the environment names no option (see --help)");
}
END_TEST

START_TEST(help_is_for_the_line_alone_and_comes_before_any_mistake)
{
	struct parsed p;

	setenv("CHECK_OPT_HELP", "1", 1);
	ck_assert_int_eq(parse(&p, ""), 0);
	ck_assert(!p.v.help);
	setenv("CHECK_OPT_MARK_WIDTH", "0", 1);
	setenv("CHECK_OPT_DRY_RUM", "1", 1);
	ck_assert_int_eq(parse(&p, "-h"), 0);
	ck_assert(p.v.help);
	ck_assert_int_eq(parse(&p, "-h --wrong"), -1);
}
END_TEST

START_TEST(of_two_rivals_the_stronger_source_holds)
{
	struct parsed p;

	refuses("-q -v", ERR_USAGE, "--quiet and --verbose contradict");
	setenv("CHECK_OPT_QUIET", "1", 1);
	ck_assert_int_eq(parse(&p, "-v"), 0);
	ck_assert(p.v.verbose && !p.v.quiet);
	ck_assert_int_eq(opt_said_by(&p.v.said, "quiet"), OPT_BY_NOBODY);
	ck_assert_int_eq(parse(&p, ""), 0);
	ck_assert(p.v.quiet);
	setenv("CHECK_OPT_VERBOSE", "1", 1);
	refuses("", ERR_USAGE,
	    "CHECK_OPT_QUIET in the environment: --quiet and --verbose "
	    "contradict");
	refuses("-q -v", ERR_USAGE, "--quiet and --verbose contradict");
	ck_assert_int_eq(parse(&p, "-q"), 0);
	ck_assert(p.v.quiet && !p.v.verbose);
	setenv("CHECK_OPT_VERBOSE", "0", 1);
	ck_assert_int_eq(parse(&p, ""), 0);
}
END_TEST

START_TEST(to_say_the_default_is_to_say_nothing)
{
	struct parsed p;

	setenv("CHECK_OPT_DRY_RUN", "0", 1);
	setenv("CHECK_OPT_MARK_WIDTH", "5", 1);
	ck_assert_int_eq(parse(&p, "-w auto -s list-delete -e here"), 0);
	ck_assert_int_eq(opt_said_by(&p.v.said, "mark-width"), OPT_BY_NOBODY);
	ck_assert_int_eq(opt_said_by(&p.v.said, "strategy"), OPT_BY_NOBODY);
	ck_assert_int_eq(opt_said_by(&p.v.said, "endpoint"), OPT_BY_NOBODY);
	ck_assert_int_eq(opt_said_by(&p.v.said, "dry-run"), OPT_BY_NOBODY);
	ck_assert_int_eq(opt_refuse(&p.v.said, "mark-width", "x", &p.err), 0);
}
END_TEST

static void
ck_source(const struct parsed *p, const char *name, const char *source)
{
	const struct opt *o = rows;
	struct buf text;

	while (strcmp(o->name, name) != 0)
		o++;
	buf_init(&text, 100);
	opt_format_source(&p->v.said, o, &text);
	ck_assert_str_eq(text.data, source);
	buf_release(&text);
}

START_TEST(a_source_is_named_be_it_of_the_default)
{
	struct parsed p;

	setenv("OTHER_ENDPOINT", "there", 1);
	setenv("CHECK_OPT_MARK_WIDTH", "auto", 1);
	setenv("CHECK_OPT_QUIET", "1", 1);
	ck_assert_int_eq(parse(&p, "-d -v"), 0);
	ck_source(&p, "dry-run", "--dry-run");
	ck_source(&p, "endpoint", "OTHER_ENDPOINT");
	ck_source(&p, "mark-width", "CHECK_OPT_MARK_WIDTH");
	ck_source(&p, "quiet", "default"); /* verbose has won */
	ck_source(&p, "verbose", "--verbose");
	ck_source(&p, "strategy", "default");
}
END_TEST

START_TEST(a_refusal_names_who_said_it)
{
	static const char rule[] = "is of no use on a Sunday";
	struct parsed p;

	setenv("OTHER_ENDPOINT", "there", 1);
	setenv("CHECK_OPT_STRATEGY", "delete", 1);
	ck_assert_int_eq(parse(&p, "-d"), 0);
	ck_assert_int_eq(opt_refuse(&p.v.said, "dry-run", rule, &p.err), -1);
	ck_assert_str_eq(p.err.text, "--dry-run is of no use on a Sunday");
	ck_assert_int_eq(opt_refuse(&p.v.said, "strategy", rule, &p.err), -1);
	ck_assert_str_eq(p.err.text,
	    "CHECK_OPT_STRATEGY in the environment: --strategy is of no use on "
	    "a Sunday");
	ck_assert_int_eq(opt_refuse(&p.v.said, "endpoint", rule, &p.err), -1);
	ck_assert_str_eq(p.err.text,
	    "OTHER_ENDPOINT in the environment: --endpoint is of no use on a "
	    "Sunday");
	ck_assert_int_eq(p.err.code, ERR_USAGE);
}
END_TEST

START_TEST(what_may_be_said_often_is_kept_in_its_order)
{
	struct buf text;
	struct parsed p;
	int i;

	buf_init(&text, 100);
	ck_assert_int_eq(parse(&p, ""), 0);
	ck_assert_uint_eq(p.v.tags.n, 0);
	opt_format(&rows[8], &p.v, &text);
	ck_assert_str_eq(text.data, "");
	setenv("CHECK_OPT_TAG", "outside", 1);
	ck_assert_int_eq(parse(&p, ""), 0);
	ck_assert_uint_eq(p.v.tags.n, 1);
	ck_assert_str_eq(p.v.tags.v[0], "outside");
	ck_assert_int_eq(opt_said_by(&p.v.said, "tag"), OPT_BY_PREFIX);
	ck_assert_int_eq(parse(&p, "--tag b -t a --tag=b"), 0);
	ck_assert_uint_eq(p.v.tags.n, 3);
	opt_format(&rows[8], &p.v, &text);
	ck_assert_str_eq(text.data, "b\na\nb");
	ck_assert_int_eq(opt_said_by(&p.v.said, "tag"), OPT_BY_LINE);
	for (i = 3; i < OPT_STRINGS_MAX; i++)
		ck_assert_int_eq(opt_assign(&table, SWEEP, "tag", "c", &p.v,
				     &p.err),
		    0);
	ck_assert_int_eq(opt_assign(&table, SWEEP, "tag", "d", &p.v, &p.err),
	    -1);
	ck_assert_str_eq(p.err.text, "--tag 'd': want at most 32 of them");
	ck_assert_uint_eq(p.v.tags.n, OPT_STRINGS_MAX);
	buf_release(&text);
}
END_TEST

START_TEST(posixly_correct_changes_nothing)
{
	struct parsed p;

	setenv("POSIXLY_CORRECT", "1", 1);
	ck_assert_int_eq(parse(&p, "one -n two -w 9 three -- -v"), 0);
	ck_assert(p.v.dry_run && !p.v.verbose);
	ck_assert_uint_eq(p.v.width, 9);
	ck_assert_int_eq(p.n - p.operands, 4);
	ck_assert_str_eq(p.words[p.operands], "one");
	ck_assert_str_eq(p.words[p.operands + 1], "two");
	ck_assert_str_eq(p.words[p.operands + 2], "three");
	ck_assert_str_eq(p.words[p.operands + 3], "-v");
	ck_assert_int_eq(parse(&p, "one -x"), -1);
}
END_TEST

START_TEST(help_tells_of_the_environment_within_78_columns)
{
	struct buf help;
	char *line;

	buf_init(&help, 10000);
	opt_help(&table, SWEEP, &help);
	ck_assert_ptr_nonnull(strstr(help.data,
	    "\nEach may be set in the environment too, --dry-run as "
	    "CHECK_OPT_DRY_RUN; flags\nthere are 1 or 0. What is typed beats "
	    "that, and that beats $OTHER_ENDPOINT. A\nvariable CHECK_OPT_... "
	    "that names no option is an error.\n"));
	for (line = strtok(help.data, "\n"); line != NULL;
	     line = strtok(NULL, "\n"))
		ck_assert_uint_le(strlen(line), 78);
	buf_release(&help);
}
END_TEST

int
main(void)
{
	unsetenv("POSIXLY_CORRECT");
	return suite_run("opt_env",
	    every_option_has_a_variable_that_nobody_wrote_down,
	    the_line_beats_the_prefix_and_the_prefix_the_other_variable,
	    flags_are_1_0_true_or_false_and_nothing_else,
	    an_empty_variable_of_ours_is_an_error_and_others_is_none,
	    a_name_that_is_no_option_is_refused_with_the_nearest,
	    a_variable_has_one_value, names_of_any_length_are_looked_at,
	    an_option_of_another_command_is_no_mistake,
	    what_kubernetes_says_of_a_service_is_no_mistake,
	    help_is_for_the_line_alone_and_comes_before_any_mistake,
	    of_two_rivals_the_stronger_source_holds,
	    to_say_the_default_is_to_say_nothing,
	    a_source_is_named_be_it_of_the_default, a_refusal_names_who_said_it,
	    what_may_be_said_often_is_kept_in_its_order,
	    posixly_correct_changes_nothing,
	    help_tells_of_the_environment_within_78_columns, NULL);
}
