/* SPDX-License-Identifier: MIT */
/* Ranges of bytes in headers, and everything that is none. */
#include <string.h>

#include "sim/range.h"
#include "tests/support/suite.h"

START_TEST(a_range_is_cut_to_what_is_there)
{
	static const struct {
		const char *text;
		uint64_t size;
		enum range want;
		uint64_t offset, n;
	} rows[] = {
		{ "bytes=0-0", 10, RANGE_PART, 0, 1 },
		{ "bytes=0-9", 10, RANGE_PART, 0, 10 },
		{ "bytes=2-5", 10, RANGE_PART, 2, 4 },
		{ "bytes=2-", 10, RANGE_PART, 2, 8 },
		{ "bytes=9-", 10, RANGE_PART, 9, 1 },
		{ "bytes=2-99", 10, RANGE_PART, 2, 8 },
		{ "bytes=2-18446744073709551615", 10, RANGE_PART, 2, 8 },
		{ "bytes=2-99999999999999999999999", 10, RANGE_PART, 2, 8 },
		{ "Bytes=-3", 10, RANGE_PART, 7, 3 },
		{ "bytes=-10", 10, RANGE_PART, 0, 10 },
		{ "bytes=-99", 10, RANGE_PART, 0, 10 },
		{ "bytes=-0", 10, RANGE_BEYOND, 0, 0 },
		{ "bytes=-1", 0, RANGE_BEYOND, 0, 0 },
		{ "bytes=0-", 0, RANGE_BEYOND, 0, 0 },
		{ "bytes=10-", 10, RANGE_BEYOND, 0, 0 },
		{ "bytes=99999999999999999999999-", 10, RANGE_BEYOND, 0, 0 },
		{ NULL, 10, RANGE_WHOLE, 0, 0 },
		{ "", 10, RANGE_WHOLE, 0, 0 },
		{ "bytes=", 10, RANGE_WHOLE, 0, 0 },
		{ "bytes=-", 10, RANGE_WHOLE, 0, 0 },
		{ "bytes=5", 10, RANGE_WHOLE, 0, 0 },
		{ "bytes=5-2", 10, RANGE_WHOLE, 0, 0 },
		{ "bytes=a-b", 10, RANGE_WHOLE, 0, 0 },
		{ "bytes=1-2x", 10, RANGE_WHOLE, 0, 0 },
		{ "bytes=--2", 10, RANGE_WHOLE, 0, 0 },
		{ "bytes=+1-2", 10, RANGE_WHOLE, 0, 0 },
		{ "bytes=1-2,4-5", 10, RANGE_WHOLE, 0, 0 },
		{ "bytes=-2,4-5", 10, RANGE_WHOLE, 0, 0 },
		{ "bytes 1-2", 10, RANGE_WHOLE, 0, 0 },
		{ "lines=1-2", 10, RANGE_WHOLE, 0, 0 },
	};
	uint64_t offset, n;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ck_assert_msg(range_parse(rows[i].text, rows[i].size, &offset,
				  &n) == rows[i].want,
		    "%s", rows[i].text);
		if (rows[i].want != RANGE_PART)
			continue;
		ck_assert_uint_eq(offset, rows[i].offset);
		ck_assert_uint_eq(n, rows[i].n);
	}
}
END_TEST

START_TEST(a_content_range_has_five_forms)
{
	static const struct {
		const char *text;
		struct content_range want;
	} rows[] = {
		{ "bytes 0-4/5", { true, true, true, 0, 4, 5 } },
		{ "bytes 2-4/9", { true, true, true, 2, 4, 9 } },
		{ "Bytes 2-4/*", { true, true, false, 2, 4, 0 } },
		{ "bytes 2-*/*", { true, false, false, 2, 0, 0 } },
		{ "bytes 2-*/9", { true, false, true, 2, 0, 9 } },
		{ "bytes */9", { false, false, true, 0, 0, 9 } },
		{ "bytes */0", { false, false, true, 0, 0, 0 } },
		{ "bytes */*", { false, false, false, 0, 0, 0 } },
		{ "bytes 0-9223372036854775806/9223372036854775807",
		    { true, true, true, 0, INT64_MAX - 1, INT64_MAX } },
	};
	struct content_range got;
	const struct content_range *want;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		want = &rows[i].want;
		ck_assert_msg(content_range_parse(rows[i].text, &got) == 0,
		    "%s", rows[i].text);
		ck_assert_int_eq(got.has_bytes, want->has_bytes);
		ck_assert_int_eq(got.has_last, want->has_last);
		ck_assert_int_eq(got.has_total, want->has_total);
		ck_assert_uint_eq(got.first, want->first);
		ck_assert_uint_eq(got.last, want->last);
		ck_assert_uint_eq(got.total, want->total);
	}
}
END_TEST

START_TEST(what_is_no_content_range_is_refused)
{
	static const char *const bad[] = { "", "bytes", "bytes ", "bytes 0-4",
		"bytes 0-4/", "bytes 0/5", "bytes 0-4/5 ", "bytes 0-4/5,",
		"bytes  0-4/5", "bytes=0-4/5", "*/*", "bytes 4-2/5",
		"bytes 0-5/5", "bytes 0-0/0", "bytes 0--1/0", "bytes -4/5",
		"bytes *-4/5", "bytes *", "bytes **", "bytes */", "bytes */-1",
		"bytes 0-4/5x", "bytes 0-9223372036854775808/*",
		"bytes 9223372036854775808-*/*",
		"bytes */99999999999999999999999" };
	struct content_range got;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(content_range_parse(bad[i], &got) != 0, "%s",
		    bad[i]);
}
END_TEST

int
main(void)
{
	return suite_run("sim_range", a_range_is_cut_to_what_is_there,
	    a_content_range_has_five_forms, what_is_no_content_range_is_refused,
	    NULL);
}
