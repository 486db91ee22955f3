/* SPDX-License-Identifier: MIT */
/* err: a code for the program, a line that grows towards the person. */
#include <string.h>

#include "src/base/err.h"
#include "tests/support/suite.h"

START_TEST(begins_with_nothing_wrong)
{
	struct err err = ERR_INIT;

	ck_assert_int_eq(err.code, ERR_NONE);
	ck_assert_str_eq(err.text, "");
}
END_TEST

START_TEST(set_answers_failure_and_tells_why)
{
	struct err err = ERR_INIT;

	ck_assert_int_eq(err_set(&err, ERR_NET, "connection %d %s", 7, "lost"),
	    -1);
	ck_assert_int_eq(err.code, ERR_NET);
	ck_assert_str_eq(err.text, "connection 7 lost");
	ck_assert_int_eq(err_set(&err, ERR_AUTH, "expired"), -1);
	ck_assert_int_eq(err.code, ERR_AUTH);
	ck_assert_str_eq(err.text, "expired");
}
END_TEST

START_TEST(wrap_puts_what_was_being_done_in_front)
{
	struct err err = ERR_INIT;

	err_set(&err, ERR_DENIED, "403 Forbidden");
	ck_assert_int_eq(err_wrap(&err, "listing %s", "repositories/a"), -1);
	ck_assert_int_eq(err_wrap(&err, "mark"), -1);
	ck_assert_int_eq(err.code, ERR_DENIED);
	ck_assert_str_eq(err.text,
	    "mark: listing repositories/a: 403 Forbidden");
}
END_TEST

START_TEST(long_texts_are_cut_and_stay_strings)
{
	struct err err = ERR_INIT;
	char name[2000];
	int i;

	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	err_set(&err, ERR_PROTOCOL, "%s", name);
	ck_assert_uint_eq(strlen(err.text), sizeof(err.text) - 1);
	err_set(&err, ERR_PROTOCOL, "the end");
	for (i = 0; i < 300; i++)
		err_wrap(&err, "step %d", i);
	ck_assert_uint_eq(strlen(err.text), sizeof(err.text) - 1);
	ck_assert_int_eq(strncmp(err.text, "step 299: step 298: ", 20), 0);
	err_wrap(&err, "%s", name);
	ck_assert_uint_eq(strlen(err.text), sizeof(err.text) - 1);
	ck_assert_int_eq(err.code, ERR_PROTOCOL);
}
END_TEST

START_TEST(clear_forgets)
{
	struct err err = ERR_INIT;

	err_set(&err, ERR_USAGE, "no");
	err_clear(&err);
	ck_assert_int_eq(err.code, ERR_NONE);
	ck_assert_str_eq(err.text, "");
}
END_TEST

/* Texts quote what people typed and what servers said. */
START_TEST(a_text_is_one_line_that_a_terminal_can_show)
{
	struct err err = ERR_INIT;

	err_set(&err, ERR_USAGE, "--n '%s': want a number", "1\n2\x1b[2J\x7f");
	ck_assert_str_eq(err.text, "--n '1?2?[2J?': want a number");
	err_wrap(&err, "reading %s", "a\rb\tc");
	ck_assert_str_eq(err.text,
	    "reading a?b?c: --n '1?2?[2J?': want a number");
	err_set(&err, ERR_USAGE, "%s", "h\xc3\xb6st"); /* UTF-8 stays */
	ck_assert_str_eq(err.text, "h\xc3\xb6st");
}
END_TEST

int
main(void)
{
	return suite_run("err", begins_with_nothing_wrong,
	    set_answers_failure_and_tells_why,
	    wrap_puts_what_was_being_done_in_front,
	    long_texts_are_cut_and_stay_strings, clear_forgets,
	    a_text_is_one_line_that_a_terminal_can_show, NULL);
}
