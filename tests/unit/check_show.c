/* SPDX-License-Identifier: MIT */
/* show: sums of rows, in the order in which a plan has them. */
#include <string.h>

#include "src/base/buf.h"
#include "src/cli/show.h"
#include "tests/support/suite.h"

static void
add(struct show *s, enum plan_section section, const char *repository,
    const char *name, uint64_t size)
{
	show_add(s,
	    &(struct plan_row){
		.section = section,
		.repository = repository,
		.name = name,
		.size = size,
		.reason = size == 7 ? "another" : "why",
	    });
}

START_TEST(a_repository_of_two_sections_is_one)
{
	struct show s = { 0 };

	add(&s, PLAN_TAGS, "a", "1", 0);
	add(&s, PLAN_TAGS, "b", "2", 0);
	add(&s, PLAN_TAGS, "b", "3", 0);
	add(&s, PLAN_REVISIONS, "a", "4", 0);
	add(&s, PLAN_REVISIONS, "b", "5", 0);
	add(&s, PLAN_REVISIONS, "c", "6", 0);
	add(&s, PLAN_REVISIONS, "d", "6", 0);
	add(&s, PLAN_BLOBS, NULL, "7", 1);
	show_sort(&s);
	ck_assert_uint_eq(s.repositories.n, 4);
	ck_assert_str_eq(s.repositories.v[0].name, "b");
	ck_assert_uint_eq(s.repositories.v[0].rows[PLAN_TAGS], 2);
	ck_assert_uint_eq(s.repositories.v[0].rows[PLAN_REVISIONS], 1);
	ck_assert_str_eq(s.repositories.v[1].name, "a");
	ck_assert_str_eq(s.repositories.v[2].name, "c");
	ck_assert_str_eq(s.repositories.v[3].name, "d");
	show_release(&s);
}
END_TEST

START_TEST(kinds_are_told_apart_by_reason)
{
	struct show s = { 0 };

	add(&s, PLAN_REVISIONS, "a", "1", 0);
	add(&s, PLAN_BLOBS, NULL, "2", 5);
	add(&s, PLAN_BLOBS, NULL, "3", 7);
	add(&s, PLAN_BLOBS, NULL, "4", 6);
	ck_assert_uint_eq(s.kinds.n, 3);
	ck_assert_uint_eq(s.kinds.v[1].rows, 2);
	ck_assert_uint_eq(s.kinds.v[1].bytes, 11);
	ck_assert_str_eq(s.kinds.v[2].reason, "another");
	show_release(&s);
}
END_TEST

START_TEST(the_biggest_blobs_are_those_of_any_order)
{
	struct show s = { 0 };
	uint64_t i;

	for (i = 0; i < 100; i++)
		add(&s, PLAN_BLOBS, NULL, i == 50 ? "first" : "x",
		    i * 37 % 100 / 2);
	ck_assert_uint_eq(s.biggest_n, SHOW_TOP);
	for (i = 0; i < SHOW_TOP; i++)
		ck_assert_uint_eq(s.biggest[i].size, 49 - i / 2);
	show_release(&s);
	memset(&s, 0, sizeof(s));
	add(&s, PLAN_BLOBS, NULL, "small", 1);
	add(&s, PLAN_BLOBS, NULL, "big", 2);
	ck_assert_uint_eq(s.biggest_n, 2);
	ck_assert_str_eq(s.biggest[0].name, "big");
	show_release(&s);
}
END_TEST

START_TEST(a_field_has_quotes_where_it_needs_them)
{
	static const struct {
		const char *text, *field;
	} rows[] = { { "", "" }, { "a b", "a b" }, { "a,b", "\"a,b\"" },
		{ "\"", "\"\"\"\"" }, { "a\nb", "\"a\nb\"" } };
	struct buf b;
	size_t i;

	buf_init(&b, 100);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		buf_clear(&b);
		show_format_csv(rows[i].text, &b);
		ck_assert_str_eq(b.data, rows[i].field);
	}
	buf_release(&b);
}
END_TEST

int
main(void)
{
	return suite_run("show", a_repository_of_two_sections_is_one,
	    kinds_are_told_apart_by_reason,
	    the_biggest_blobs_are_those_of_any_order,
	    a_field_has_quotes_where_it_needs_them, NULL);
}
