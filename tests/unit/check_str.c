/* SPDX-License-Identifier: MIT */
/* str: units are exact or refused; parsers take the whole string or nothing. */
#include <inttypes.h>
#include <stdio.h>

#include "src/base/rng.h"
#include "src/base/str.h"
#include "tests/support/suite.h"

typedef int parse_fn(const char *s, uint64_t *out);

struct good {
	const char *text;
	uint64_t want;
};

static void
takes(parse_fn *parse, const struct good *good)
{
	uint64_t got;

	for (; good->text != NULL; good++) {
		got = ~good->want;
		ck_assert_msg(parse(good->text, &got) == 0, "'%s' was refused",
		    good->text);
		ck_assert_msg(got == good->want,
		    "'%s' was read as %" PRIu64 ", not %" PRIu64, good->text,
		    got, good->want);
	}
}

static void
refuses(parse_fn *parse, const char *const *bad)
{
	uint64_t got = 4711;

	for (; *bad != NULL; bad++) {
		ck_assert_msg(parse(*bad, &got) == -1, "'%s' was taken", *bad);
		ck_assert_msg(got == 4711, "'%s' wrote its result", *bad);
	}
}

START_TEST(starts_ends_and_is_compare_whole_pieces)
{
	ck_assert(str_starts("repositories/a", "repositories/"));
	ck_assert(str_starts("a", ""));
	ck_assert(!str_starts("repo", "repositories"));
	ck_assert(!str_starts("", "a"));
	ck_assert(str_ends("current/link", "/link"));
	ck_assert(str_ends("link", "link"));
	ck_assert(str_ends("link", ""));
	ck_assert(!str_ends("nk", "link"));
	ck_assert(!str_ends("links", "link"));
	ck_assert(str_is("tags/list", 4, "tags"));
	ck_assert(str_is("", 0, ""));
	ck_assert(!str_is("tags", 3, "tags"));
	ck_assert(!str_is("tags", 4, "tag"));
	ck_assert(!str_is("tabs", 4, "tags"));
}
END_TEST

START_TEST(numbers_are_decimal_digits_and_nothing_else)
{
	static const struct good good[] = {
		{ "0", 0 },
		{ "7", 7 },
		{ "0007", 7 },
		{ "18446744073709551615", UINT64_MAX },
		{ NULL, 0 },
	};
	static const char *const bad[] = { "", " ", "-1", "+1", " 1", "1 ",
		"1\n", "0x10", "1e3", "1.0", "a", "1a", "18446744073709551616",
		"99999999999999999999", "184467440737095516150", NULL };

	takes(str_parse_u64, good);
	refuses(str_parse_u64, bad);
}
END_TEST

START_TEST(durations_are_exact_microseconds)
{
	static const struct good good[] = {
		{ "0", 0 },
		{ "0s", 0 },
		{ "250us", 250 },
		{ "42ms", 42000 },
		{ "0.1s", 100000 },
		{ "0.3s", 300000 },
		{ "1.5s", 1500000 },
		{ "1.000001s", 1000001 },
		{ "2m", 120000000 },
		{ "0.75m", 45000000 },
		{ "24h", 86400000000 },
		{ "0.0000000025h", 9 },
		{ "1.50000000000000000000000000000s", 1500000 },
		{ "5124095576h", UINT64_C(18446744073600000000) },
		{ NULL, 0 },
	};
	static const char *const bad[] = { "", "1", "42", "0.0", "ms", ".5s",
		"1.s", "1..5s", "1.5.0s", "-1s", "+1s", "1 s", "1s ", "1S",
		"1d", "1sec", "1s2ms", "0.5us", "1.0000001s", "0.00000000025h",
		"5124095577h", "18446744073709551616us",
		"99999999999999999999s", NULL };

	takes(str_parse_duration, good);
	refuses(str_parse_duration, bad);
}
END_TEST

START_TEST(sizes_know_decimal_and_binary_units)
{
	static const struct good good[] = {
		{ "0", 0 },
		{ "512", 512 },
		{ "512B", 512 },
		{ "1kB", 1000 },
		{ "1KB", 1000 },
		{ "20MB", 20000000 },
		{ "6.771GB", UINT64_C(6771000000) },
		{ "3TB", UINT64_C(3000000000000) },
		{ "4KiB", 4096 },
		{ "1.5KiB", 1536 },
		{ "0.75KiB", 768 },
		{ "1.125KiB", 1152 },
		{ "2.75GiB", UINT64_C(2952790016) },
		{ "0.0009765625KiB", 1 },
		{ "1TiB", UINT64_C(1) << 40 },
		{ "16777215.9TB", UINT64_C(16777215900000000000) },
		{ "18446744073709551615", UINT64_MAX },
		{ NULL, 0 },
	};
	static const char *const bad[] = { "", "B", "0.5", "0.5B", "1.05KiB",
		"0.1KiB", "1.0001kB", "1k", "1K", "1M", "1kb", "1mb", "1 MB",
		"1MB ", "-1MB", "1,5MB", "18446744073709551616", "16777216TiB",
		"18446745TB", "18446744.073709551616TB", NULL };

	takes(str_parse_size, good);
	refuses(str_parse_size, bad);
}
END_TEST

/* The oracle counts in sixteenths of a MiB: n/16 has at most four decimals. */
START_TEST(every_sixteenth_of_a_mebibyte_is_exact)
{
	char text[64];
	uint64_t n, got;

	for (n = 0; n < 5000; n++) {
		snprintf(text, sizeof(text), "%" PRIu64 ".%04" PRIu64 "MiB",
		    n / 16, n % 16 * 625);
		ck_assert_int_eq(str_parse_size(text, &got), 0);
		ck_assert_uint_eq(got, n << 16);
	}
}
END_TEST

START_TEST(rates_may_say_per_second)
{
	static const struct good good[] = {
		{ "1000/s", 1000 },
		{ "1000", 1000 },
		{ "0", 0 },
		{ "5.0/s", 5 },
		{ NULL, 0 },
	};
	static const char *const bad[] = { "", "/s", "1000/", "1000/m", "1.5/s",
		"off", "-1/s", "1000/s/s", "1000 /s", NULL };

	takes(str_parse_rate, good);
	refuses(str_parse_rate, bad);
}
END_TEST

START_TEST(percentages_end_at_a_hundred)
{
	static const struct good good[] = {
		{ "0", 0 },
		{ "30%", 30 },
		{ "30", 30 },
		{ "100%", 100 },
		{ "7.0%", 7 },
		{ NULL, 0 },
	};
	static const char *const bad[] = { "", "%", "101", "101%", "0.5%",
		"30%%", "-1%", "1000000000000", NULL };

	takes(str_parse_percent, good);
	refuses(str_parse_percent, bad);
}
END_TEST

START_TEST(shares_are_millionths_of_the_whole)
{
	static const struct good good[] = {
		{ "0", 0 },
		{ "0%", 0 },
		{ "50", 500000 },
		{ "99.9%", 999000 },
		{ "99.9999", 999999 },
		{ "0.0001%", 1 },
		{ "100.0%", 1000000 },
		{ NULL, 0 },
	};
	static const char *const bad[] = { "", "%", "100.0001", "101%",
		"99.99999", "50%%", "-1%", ".5", "1e1", "1000000000000", NULL };

	takes(str_parse_share, good);
	refuses(str_parse_share, bad);
}
END_TEST

START_TEST(junk_never_hurts)
{
	static const char letters[] = "0123456789..smhuGMKkTiB/% \n-+e";
	parse_fn *const parsers[] = { str_parse_u64, str_parse_duration,
		str_parse_size, str_parse_rate, str_parse_percent,
		str_parse_share };
	char text[32];
	uint64_t seed, out = 0;
	struct rng r;
	size_t i, n;

	for (seed = 0; seed < 20000; seed++) {
		rng_init(&r, seed);
		n = rng_below(&r, sizeof(text));
		for (i = 0; i < n; i++)
			text[i] = letters[rng_below(&r, sizeof(letters) - 1)];
		text[n] = '\0';
		for (i = 0; i < sizeof(parsers) / sizeof(parsers[0]); i++)
			ck_assert_int_le(parsers[i](text, &out), 0);
	}
}
END_TEST

START_TEST(sizes_are_shown_with_three_digits)
{
	static const struct {
		uint64_t bytes;
		const char *want;
	} cases[] = {
		{ 0, "0 B" },
		{ 999, "999 B" },
		{ 1000, "1 kB" },
		{ 1234, "1.23 kB" },
		{ 999499, "999 kB" },
		{ 999500, "1 MB" },
		{ UINT64_C(2528000000), "2.53 GB" },
		{ UINT64_C(6771000000), "6.77 GB" },
		{ UINT64_C(4200000000), "4.2 GB" },
		{ UINT64_C(500000000000), "500 GB" },
		{ UINT64_C(445000000000000), "445 TB" },
		{ UINT64_C(1500000000000000), "1.5 PB" },
		{ UINT64_MAX, "18.4 EB" },
	};
	char out[STR_SIZE_MAX];
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ck_assert_ptr_eq(str_format_size(out, cases[i].bytes), out);
		ck_assert_str_eq(out, cases[i].want);
	}
}
END_TEST

START_TEST(a_duration_is_shown_in_the_largest_unit_that_says_it)
{
	static const struct {
		uint64_t us;
		const char *want;
	} cases[] = { { 0, "0s" }, { 1, "1us" }, { 999, "999us" },
		{ 1000, "1ms" }, { 1500000, "1500ms" }, { 60000000, "1m" },
		{ 90000000, "90s" }, { 3600000000, "1h" },
		{ 3601000000, "3601s" },
		{ UINT64_MAX, "18446744073709551615us" } };
	char out[STR_DURATION_MAX];
	uint64_t again;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ck_assert_str_eq(str_format_duration(out, cases[i].us),
		    cases[i].want);
		ck_assert_int_eq(str_parse_duration(out, &again), 0);
		ck_assert_uint_eq(again, cases[i].us);
	}
}
END_TEST

int
main(void)
{
	return suite_run("str", starts_ends_and_is_compare_whole_pieces,
	    numbers_are_decimal_digits_and_nothing_else,
	    durations_are_exact_microseconds,
	    sizes_know_decimal_and_binary_units,
	    every_sixteenth_of_a_mebibyte_is_exact, rates_may_say_per_second,
	    percentages_end_at_a_hundred, shares_are_millionths_of_the_whole,
	    junk_never_hurts, sizes_are_shown_with_three_digits,
	    a_duration_is_shown_in_the_largest_unit_that_says_it, NULL);
}
