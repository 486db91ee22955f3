/* SPDX-License-Identifier: MIT */
/* rfc3339: times to text and back. */
#include "sim/rfc3339.h"

#include <stdlib.h>
#include <time.h>

#include "src/base/rng.h"
#include "tests/support/suite.h"

START_TEST(what_is_formatted_is_the_calendar_of_the_c_library)
{
	char have[RFC3339_MAX], want[RFC3339_MAX];
	struct rng rng;
	struct tm tm;
	uint64_t us;
	time_t second;
	int i;

	rng_init(&rng, 1);
	for (i = 0; i < 20000; i++) {
		us = rng_below(&rng, UINT64_C(253402300800000000));
		second = (time_t)(us / 1000000);
		gmtime_r(&second, &tm);
		strftime(want, sizeof(want), "%Y-%m-%dT%H:%M:%S", &tm);
		rfc3339_format(us, have);
		ck_assert_uint_eq(strlen(have), 24);
		ck_assert_int_eq(strncmp(have, want, 19), 0);
		ck_assert_int_eq(atoi(have + 20), (int)(us / 1000 % 1000));
	}
}
END_TEST

START_TEST(what_is_formatted_exactly_is_read_back)
{
	char text[RFC3339_MAX];
	uint64_t us, back;
	struct rng rng;
	int i;

	rng_init(&rng, 2);
	for (i = 0; i < 20000; i++) {
		us = rng_below(&rng, UINT64_C(253402300800000000));
		rfc3339_format_exact(us, text);
		ck_assert_int_eq(rfc3339_parse(text, &back), 0);
		ck_assert_uint_eq(back, us);
	}
}
END_TEST

START_TEST(any_fraction_and_zone_is_read)
{
	static const struct {
		const char *text;
		uint64_t us;
	} cases[] = {
		{ "1970-01-01T00:00:00Z", 0 },
		{ "1970-01-01t00:00:01z", 1000000 },
		{ "1970-01-01T00:00:00.5Z", 500000 },
		{ "1970-01-01T00:00:00.1234567Z", 123456 },
		{ "1970-01-01T02:00:00+02:00", 0 },
		{ "1969-12-31T16:00:00-08:00", 0 },
		{ "2000-02-29T00:00:00Z", UINT64_C(951782400000000) },
	};
	uint64_t us;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ck_assert_msg(rfc3339_parse(cases[i].text, &us) == 0, "%s",
		    cases[i].text);
		ck_assert_uint_eq(us, cases[i].us);
	}
}
END_TEST

START_TEST(what_is_no_time_is_refused)
{
	static const char *const wrong[] = { "", "1970-01-01", "1970-01-01T",
		"1970-01-01T00:00Z", "1970-01-01T00:00:00",
		"1970-01-01T00:00:00.Z", "1970-01-01T00:00:00Zx",
		"1970-01-01T00:00:00+0200", "1970-13-01T00:00:00Z",
		"1970-00-01T00:00:00Z", "1970-01-32T00:00:00Z",
		"1971-02-29T00:00:00Z", "1900-02-29T00:00:00Z",
		"1970-01-01T24:00:00Z", "1969-12-31T23:59:59Z",
		"1970-01-01T00:00:00+24:00", "+970-01-01T00:00:00Z",
		"1970-01-01 00:00:00Z", "0000-01-01T00:00:00Z" };
	uint64_t us;
	size_t i;

	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		ck_assert_msg(rfc3339_parse(wrong[i], &us) != 0, "%s",
		    wrong[i]);
}
END_TEST

int
main(void)
{
	return suite_run("sim_rfc3339",
	    what_is_formatted_is_the_calendar_of_the_c_library,
	    what_is_formatted_exactly_is_read_back,
	    any_fraction_and_zone_is_read, what_is_no_time_is_refused, NULL);
}
