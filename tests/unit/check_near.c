/* SPDX-License-Identifier: MIT */
/* near: the word that was meant, or none. */
#include "src/base/near.h"

#include <string.h>

#include "tests/support/suite.h"

static const char *
nearest(const char *typed)
{
	static const char *const words[] = { "reset", "lost", "cut", "stall",
		"DELETE",
		"a-word-of-more-than-forty-letters-is-no-word-of-ours" };
	struct near near;
	size_t i;

	near_init(&near, typed, strlen(typed));
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		near_try(&near, words[i]);
	return near.best != NULL ? near.best : "none";
}

START_TEST(a_slip_is_forgiven_and_a_guess_is_not_made)
{
	static const char *const rows[][2] = { { "reset", "reset" },
		{ "rest", "reset" }, { "rseet", "reset" },
		{ "resset", "reset" }, { "delete", "DELETE" }, { "Cut", "cut" },
		{ "stal", "stall" }, { "lots", "lost" }, { "explode", "none" },
		{ "", "none" }, { "x", "none" },
		{ "a-word-of-more-than-forty-letters-is-no-word-of-ours",
		    "none" } };
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ck_assert_str_eq(nearest(rows[i][0]), rows[i][1]);
}
END_TEST

START_TEST(of_two_as_near_it_is_the_first)
{
	struct near near;

	near_init(&near, "rxte", 4);
	ck_assert(near_try(&near, "rate"));
	ck_assert(!near_try(&near, "rote"));
	ck_assert_str_eq(near.best, "rate");
}
END_TEST

int
main(void)
{
	return suite_run("near", a_slip_is_forgiven_and_a_guess_is_not_made,
	    of_two_as_near_it_is_the_first, NULL);
}
