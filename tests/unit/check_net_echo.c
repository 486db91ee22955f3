/* SPDX-License-Identifier: MIT */
/* echo: what was sent in secret is starred out where it comes back, and words are
 * left. */
#include <stdio.h>
#include <string.h>

#include "src/net/client.h"
#include "src/net/echo.h"
#include "tests/support/suite.h"

#define TOKEN "ya29.canary-0123456789abcdef_XYZ"

static const char body[] = "grant_type=refresh_token&refresh_token="
			   "1%2F%2Frefresh-canary-0123456789";

static void
check_hidden(const char *said, bool is_cut, const char *left)
{
	struct http_request req = {
		.headers = { "x-goog-user-project: a-project-of-long-names",
		    "Authorization: Bearer " TOKEN },
		.body = body,
		.length = strlen(body),
	};
	char text[256];

	snprintf(text, sizeof(text), "%s", said);
	echo_hide(&req, text, is_cut);
	ck_assert_str_eq(text, left);
}

START_TEST(what_was_sent_is_starred_out)
{
	check_hidden("", false, "");
	check_hidden("bad " TOKEN "!", false,
	    "bad ya29.***************************!");
	check_hidden("(" TOKEN "," TOKEN ")", false,
	    "(ya29.***************************,"
	    "ya29.***************************)");
	check_hidden("1//refresh-canary-0123456789 has expired", false,
	    "1//************************* has expired");
	/* A part of it is one, too, and so is one with something around it. */
	check_hidden("xxcanary-0123456789abxx", false,
	    "xx*******************xx");
}
END_TEST

START_TEST(words_are_left)
{
	check_hidden("refresh_token: missing", false, "refresh_token: missing");
	check_hidden("project a-project-of-long-names is closed", false,
	    "project a-project-of-long-names is closed");
	check_hidden("a-word-that-nobody-ever-sent-anywhere", false,
	    "a-word-that-nobody-ever-sent-anywhere");
}
END_TEST

START_TEST(what_is_left_at_a_cut_is_starred_out)
{
	check_hidden("it was canary-0123", true, "it was ***********");
	check_hidden("it was canary-0123", false, "it was canary-0123");
	check_hidden("it was something", true, "it was something");
	check_hidden("it was can", true, "it was can");
}
END_TEST

int
main(void)
{
	return suite_run("net echo", what_was_sent_is_starred_out,
	    words_are_left, what_is_left_at_a_cut_is_starred_out, NULL);
}
