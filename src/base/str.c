/* SPDX-License-Identifier: MIT */
/*
 * Units are parsed without floating point: a decimal fraction is scaled by the
 * unit digit by digit, so "0.1s" is exactly 100000 microseconds and "0.75KiB"
 * exactly 768 bytes.
 */
#include "src/base/str.h"

#include <stdio.h>
#include <string.h>

struct unit {
	const char *name;
	uint64_t scale;
};

static const struct unit durations[] = {
	{ "us", 1 },
	{ "ms", 1000 },
	{ "s", 1000000 },
	{ "m", 60000000 },
	{ "h", 3600000000 },
	{ NULL, 0 },
};

static const struct unit sizes[] = {
	{ "", 1 },
	{ "B", 1 },
	{ "kB", 1000 },
	{ "KB", 1000 },
	{ "MB", 1000000 },
	{ "GB", 1000000000 },
	{ "TB", 1000000000000 },
	{ "KiB", 1ULL << 10 },
	{ "MiB", 1ULL << 20 },
	{ "GiB", 1ULL << 30 },
	{ "TiB", 1ULL << 40 },
	{ NULL, 0 },
};

static const struct unit rates[] = {
	{ "", 1 },
	{ "/s", 1 },
	{ NULL, 0 },
};

static const struct unit percents[] = {
	{ "", 1 },
	{ "%", 1 },
	{ NULL, 0 },
};

static const struct unit shares[] = {
	{ "", 10000 },
	{ "%", 10000 },
	{ NULL, 0 },
};

bool
str_starts(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool
str_ends(const char *s, const char *suffix)
{
	size_t n = strlen(s), k = strlen(suffix);

	return n >= k && memcmp(s + n - k, suffix, k) == 0;
}

bool
str_is(const char *text, size_t n, const char *s)
{
	return strlen(s) == n && memcmp(text, s, n) == 0;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Reads digits; answers the first character that is none, or NULL. */
static const char *
take_digits(const char *s, uint64_t *value)
{
	uint64_t v = 0;

	if (!is_digit(*s))
		return NULL;
	for (; is_digit(*s); s++) {
		if (__builtin_mul_overflow(v, (uint64_t)10, &v) ||
		    __builtin_add_overflow(v, (uint64_t)(*s - '0'), &v))
			return NULL;
	}
	*value = v;
	return s;
}

int
str_parse_u64(const char *s, uint64_t *out)
{
	uint64_t v;
	const char *end = take_digits(s, &v);

	if (end == NULL || *end != '\0')
		return -1;
	*out = v;
	return 0;
}

static uint64_t
find_scale(const struct unit *units, const char *name)
{
	for (; units->name != NULL; units++) {
		if (strcmp(units->name, name) == 0)
			return units->scale;
	}
	return 0;
}

/* The fraction whose digits lie in [first, end), of scale.  From the last digit
 * to the first, each division by ten is exact if the whole result is; the sum
 * stays below ten scales, so it never overflows. */
static int
scale_fraction(const char *first, const char *end, uint64_t scale,
    uint64_t *out)
{
	uint64_t part = 0;

	while (end > first) {
		part += (uint64_t)(*--end - '0') * scale;
		if (part % 10 != 0)
			return -1; /* finer than the unit can say */
		part /= 10;
	}
	*out = part;
	return 0;
}

static int
parse_with_unit(const char *s, const struct unit *units, uint64_t *out)
{
	const char *first, *end, *unit;
	uint64_t whole, scale, part;

	if ((unit = take_digits(s, &whole)) == NULL)
		return -1;
	first = end = unit;
	if (*unit == '.') {
		for (first = end = unit + 1; is_digit(*end); end++)
			;
		if (end == first)
			return -1;
		unit = end;
	}
	if ((scale = find_scale(units, unit)) == 0 ||
	    scale_fraction(first, end, scale, &part) != 0 ||
	    __builtin_mul_overflow(whole, scale, &whole) ||
	    __builtin_add_overflow(whole, part, &whole))
		return -1;
	*out = whole;
	return 0;
}

int
str_parse_duration(const char *s, uint64_t *us)
{
	if (strcmp(s, "0") == 0) {
		*us = 0;
		return 0;
	}
	return parse_with_unit(s, durations, us);
}

int
str_parse_size(const char *s, uint64_t *bytes)
{
	return parse_with_unit(s, sizes, bytes);
}

int
str_parse_rate(const char *s, uint64_t *per_second)
{
	return parse_with_unit(s, rates, per_second);
}

int
str_parse_percent(const char *s, uint64_t *percent)
{
	uint64_t v;

	if (parse_with_unit(s, percents, &v) != 0 || v > 100)
		return -1;
	*percent = v;
	return 0;
}

int
str_parse_share(const char *s, uint64_t *millionths)
{
	uint64_t v;

	if (parse_with_unit(s, shares, &v) != 0 || v > 1000000)
		return -1;
	*millionths = v;
	return 0;
}

const char *
str_format_size(char out[STR_SIZE_MAX], uint64_t bytes)
{
	static const char *const names[] = { "B", "kB", "MB", "GB", "TB", "PB",
		"EB" };
	double v = (double)bytes;
	size_t i = 0;

	while (v >= 999.5 && i + 1 < sizeof(names) / sizeof(names[0])) {
		v /= 1000;
		i++;
	}
	snprintf(out, STR_SIZE_MAX, i == 0 ? "%.0f %s" : "%.3g %s", v,
	    names[i]);
	return out;
}

const char *
str_format_duration(char out[STR_DURATION_MAX], uint64_t us)
{
	static const struct unit units[] = { { "h", 3600000000 },
		{ "m", 60000000 }, { "s", 1000000 }, { "ms", 1000 },
		{ "us", 1 } };
	const struct unit *u = us > 0 ? units : &units[2];

	while (us % u->scale != 0)
		u++;
	snprintf(out, STR_DURATION_MAX, "%llu%s",
	    (unsigned long long)(us / u->scale), u->name);
	return out;
}
