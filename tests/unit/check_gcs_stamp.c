/* SPDX-License-Identifier: MIT */
/* stamp: RFC 3339 times, checked against the machine's own calendar. */
#include <stdio.h>
#include <time.h>

#include "src/base/rng.h"
#include "src/gcs/stamp.h"
#include "tests/support/suite.h"

START_TEST(reads_the_forms_that_servers_write)
{
	static const struct {
		const char *text;
		uint64_t us;
	} cases[] = {
		{ "1970-01-01T00:00:00Z", 0 },
		{ "2026-09-30T03:28:23.182Z", 1790738903182000 },
		{ "2026-09-30T03:28:23Z", 1790738903000000 },
		{ "2026-09-30T05:28:23+02:00", 1790738903000000 },
		{ "2026-09-29T23:58:23.5-03:30", 1790738903500000 },
		{ "2026-09-30T03:28:23.123456789Z", 1790738903123456 },
		{ "2000-02-29T23:59:59.999999Z", 951868799999999 },
		{ "9999-12-31T23:59:59Z", 253402300799000000 },
	};
	uint64_t us;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		us = 1;
		ck_assert_int_eq(gcs_stamp_parse(cases[i].text, &us), 0);
		ck_assert_uint_eq(us, cases[i].us);
	}
}
END_TEST

START_TEST(refuses_everything_else)
{
	static const char *const bad[] = {
		"",
		"now",
		"2026-09-30",
		"2026-09-30T03:28:23",
		"2026-09-30t03:28:23Z",
		"2026-09-30T03:28:23z",
		"2026-09-30 03:28:23Z",
		"2026-9-30T03:28:23Z",
		"2026-09-30T03:28Z",
		"2026-09-30T03:28:23.Z",
		"2026-09-30T03:28:23,5Z",
		"2026-09-30T03:28:23ZZ",
		"2026-09-30T03:28:23+2:00",
		"2026-09-30T03:28:23+0200",
		"2026-09-30T03:28:23+24:00",
		"2026-09-30T03:28:23+02:60",
		"2026-00-30T03:28:23Z",
		"2026-13-30T03:28:23Z",
		"2026-09-00T03:28:23Z",
		"2026-09-31T03:28:23Z",
		"2026-02-29T03:28:23Z",
		"2100-02-29T03:28:23Z",
		"2026-09-30T24:00:00Z",
		"2026-09-30T03:60:23Z",
		"2026-09-30T03:28:60Z",
		"1969-12-31T23:59:59Z",
		"1970-01-01T00:00:00+00:01",
		"-026-09-30T03:28:23Z",
		" 2026-09-30T03:28:23Z",
		"2026-09-30T03:28:23Z ",
	};
	uint64_t us = 77;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(gcs_stamp_parse(bad[i], &us) == -1, "%s", bad[i]);
	ck_assert_uint_eq(us, 77);
}
END_TEST

START_TEST(agrees_with_the_calendar_on_many_days)
{
	struct rng rng;
	char text[64];
	int i;

	rng_init(&rng, 3);
	for (i = 0; i < 20000; i++) {
		time_t at = (time_t)rng_below(&rng, 253402300800);
		struct tm tm;
		uint64_t us;

		ck_assert_ptr_nonnull(gmtime_r(&at, &tm));
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
		ck_assert_int_eq(gcs_stamp_parse(text, &us), 0);
		ck_assert_uint_eq(us, (uint64_t)at * 1000000);
	}
}
END_TEST

int
main(void)
{
	return suite_run("gcs stamp", reads_the_forms_that_servers_write,
	    refuses_everything_else, agrees_with_the_calendar_on_many_days,
	    NULL);
}
