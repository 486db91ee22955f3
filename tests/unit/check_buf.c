/* SPDX-License-Identifier: MIT */
/* buf: grows, stops at its maximum, and is always a string. */
#include <stdlib.h>
#include <string.h>

#include "src/base/buf.h"
#include "tests/support/suite.h"

START_TEST(grows_and_stays_a_string)
{
	struct buf b;

	buf_init(&b, 1000);
	ck_assert_str_eq(b.data, "");
	ck_assert_int_eq(buf_adds(&b, "list"), 0);
	ck_assert_int_eq(buf_addc(&b, ','), 0);
	ck_assert_int_eq(buf_addf(&b, "%d deletes", 391), 0);
	ck_assert_str_eq(b.data, "list,391 deletes");
	ck_assert_uint_eq(b.len, strlen(b.data));
	buf_release(&b);
}
END_TEST

START_TEST(refuses_what_passes_its_maximum_and_remembers)
{
	struct buf b;

	buf_init(&b, 4);
	ck_assert_int_eq(buf_adds(&b, "abcd"), 0);
	ck_assert_int_eq(buf_addc(&b, 'e'), -1);
	ck_assert(b.full);
	ck_assert_str_eq(b.data, "abcd");
	buf_clear(&b);
	ck_assert_int_eq(buf_adds(&b, "xy"), 0);
	ck_assert_int_eq(buf_addf(&b, "%s", "toolong"), -1);
	ck_assert_int_eq(buf_addc(&b, 'z'), -1);
	ck_assert_str_eq(b.data, "xy");
	buf_release(&b);
}
END_TEST

START_TEST(steal_gives_the_string_away)
{
	struct buf b;
	char *s;

	buf_init(&b, 100);
	s = buf_steal(&b);
	ck_assert_str_eq(s, "");
	free(s);
	buf_adds(&b, "mine");
	s = buf_steal(&b);
	ck_assert_str_eq(s, "mine");
	ck_assert_uint_eq(b.len, 0);
	free(s);
	buf_release(&b);
}
END_TEST

START_TEST(a_secret_is_wiped_where_it_stood)
{
	struct buf b;
	int i;

	buf_init_secret(&b, 1000);
	for (i = 0; i < 20; i++)
		buf_adds(&b, "0123456789");
	ck_assert_uint_eq(b.len, 200);
	ck_assert(strncmp(b.data + 190, "0123456789", 11) == 0);
	buf_clear(&b);
	for (i = 0; i < 200; i++)
		ck_assert_int_eq(b.data[i], 0);
	buf_adds(&b, "again");
	ck_assert_str_eq(b.data, "again");
	buf_wipe(&b);
	ck_assert_str_eq(b.data, "");
	ck_assert(b.is_secret);
	buf_wipe(&b);
}
END_TEST

int
main(void)
{
	return suite_run("buf", grows_and_stays_a_string,
	    refuses_what_passes_its_maximum_and_remembers,
	    steal_gives_the_string_away, a_secret_is_wiped_where_it_stood,
	    NULL);
}
