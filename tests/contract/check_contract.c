/* SPDX-License-Identifier: MIT */
/*
 * The contract: requests as clients send them and the answers that the
 * simulator owes, in fixtures/contract.  Each case is a test of its own, named
 * by its title.
 *
 *	check_contract [FILE...]	only these files, such as list.txt
 */
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/str.h"
#include "tests/contract/play.h"
#include "tests/contract/script.h"
#include "tests/support/suite.h"

enum { REPORT_MAX = 1 << 20 };

struct tally {
	unsigned cases;
	unsigned failed;
};

/* Every line as a TAP diagnostic. */
static void
print_report(const struct script *script, const struct script_case *c,
    char *report)
{
	char *line;

	printf("# fixtures/contract/%s:%d: %s\n", script->name, c->line,
	    c->title);
	while ((line = strsep(&report, "\n")) != NULL) {
		line[strcspn(line, "\r")] = '\0';
		printf("#   %s\n", line);
	}
}

static void
run_file(const char *name, struct tally *tally)
{
	struct script *script = script_load(name);
	struct buf report;
	size_t i;

	buf_init(&report, REPORT_MAX);
	for (i = 0; i < script->cases.n; i++) {
		buf_clear(&report);
		play_case(script, script->cases.v[i], &report);
		printf("%sok %u - %s: %s\n", report.len > 0 ? "not " : "",
		    ++tally->cases, name, script->cases.v[i]->title);
		if (report.len > 0)
			print_report(script, script->cases.v[i], report.data);
		tally->failed += report.len > 0;
		fflush(stdout);
	}
	buf_release(&report);
	script_free(script);
}

static int
is_contract(const struct dirent *entry)
{
	return str_ends(entry->d_name, ".txt");
}

static void
run_all(struct tally *tally)
{
	struct dirent **entries;
	int i,
	    n = scandir(suite_source("fixtures/contract"), &entries,
		is_contract, alphasort);

	for (i = 0; i < n; i++) {
		run_file(entries[i]->d_name, tally);
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
}

int
main(int argc, char **argv)
{
	struct tally tally = { 0 };
	int i;

	signal(SIGPIPE, SIG_IGN);
	for (i = 1; i < argc; i++)
		run_file(argv[i], &tally);
	if (argc == 1)
		run_all(&tally);
	printf("1..%u\n", tally.cases);
	return tally.failed == 0 && tally.cases > 0 ? EXIT_SUCCESS
						    : EXIT_FAILURE;
}
