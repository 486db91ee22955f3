/* SPDX-License-Identifier: MIT */
/* Check, with TAP on standard output and nothing else. */
#include "tests/support/suite.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

int
suite_run(const char *name, const TTest *first, ...)
{
	Suite *suite = suite_create(name);
	TCase *cases = tcase_create(name);
	const TTest *test;
	SRunner *runner;
	va_list ap;
	int failed;

	/* Whoever runs the tests may ignore some of them (nohup, a job in the
	 * background), and what is ignored stays so for children. */
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	tcase_set_timeout(cases, SUITE_TIMEOUT);
	va_start(ap, first);
	for (test = first; test != NULL; test = va_arg(ap, const TTest *))
		tcase_add_test(cases, test);
	va_end(ap);
	suite_add_tcase(suite, cases);
	runner = srunner_create(suite);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

const char *
suite_source(const char *relative)
{
	static char path[1024];
	const char *top = getenv("top_srcdir");

	snprintf(path, sizeof(path), "%s/%s", top != NULL ? top : ".",
	    relative);
	return path;
}
