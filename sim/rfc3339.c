/* SPDX-License-Identifier: MIT */
/*
 * The civil calendar: days are counted from 1 March of year 0, so that the leap
 * day is the last of its year.
 */
#include "sim/rfc3339.h"

#include <stdbool.h>
#include <string.h>

enum {
	DAY_S = 86400,
	EPOCH_DAYS = 719468, /* from 1 March of year 0 to 1 January 1970 */
	ERA_DAYS = 146097,   /* 400 years */
	FRACTION = 6         /* digits that count: microseconds */
};

static const uint64_t second_us = 1000000;

static void
put_digits(char *at, int n, uint64_t v)
{
	while (n-- > 0) {
		at[n] = (char)('0' + v % 10);
		v /= 10;
	}
}

/* "2026-01-01T00:00:00" over the zeroes that are there. */
static void
put_second(uint64_t us, char *out)
{
	uint64_t second = us / second_us % DAY_S;
	uint64_t days = us / second_us / DAY_S + EPOCH_DAYS;
	uint64_t era = days / ERA_DAYS, doe = days % ERA_DAYS;
	uint64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	uint64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	uint64_t shifted = (5 * doy + 2) / 153;
	uint64_t day = doy - (153 * shifted + 2) / 5 + 1;
	uint64_t month = shifted < 10 ? shifted + 3 : shifted - 9;
	uint64_t year = yoe + era * 400 + (month <= 2);

	put_digits(out, 4, year);
	put_digits(out + 5, 2, month);
	put_digits(out + 8, 2, day);
	put_digits(out + 11, 2, second / 3600);
	put_digits(out + 14, 2, second / 60 % 60);
	put_digits(out + 17, 2, second % 60);
}

void
rfc3339_format(uint64_t us, char out[RFC3339_MAX])
{
	static const char zero[] = "0000-00-00T00:00:00.000Z";

	memcpy(out, zero, sizeof(zero));
	put_second(us, out);
	put_digits(out + 20, 3, us / 1000 % 1000);
}

void
rfc3339_format_exact(uint64_t us, char out[RFC3339_MAX])
{
	static const char zero[] = "0000-00-00T00:00:00.000000+00:00";

	memcpy(out, zero, sizeof(zero));
	put_second(us, out);
	put_digits(out + 20, FRACTION, us % second_us);
}

/* Takes n digits off *text, then `after` (NUL: nothing). */
static bool
take(const char **text, int n, char after, unsigned max, unsigned *out)
{
	for (*out = 0; n > 0; n--, (*text)++) {
		if (**text < '0' || **text > '9')
			return false;
		*out = *out * 10 + (unsigned)(**text - '0');
	}
	if (*out > max || (after != '\0' && **text != after))
		return false;
	*text += after != '\0';
	return true;
}

/* ".182": in microseconds; further digits are dropped. */
static bool
take_fraction(const char **text, uint64_t *us)
{
	uint64_t unit = second_us / 10;

	*us = 0;
	if (**text != '.')
		return true;
	if (*++*text < '0' || **text > '9')
		return false;
	for (; **text >= '0' && **text <= '9'; (*text)++, unit /= 10)
		*us += (uint64_t)(**text - '0') * unit;
	return true;
}

static bool
take_zone(const char **text, int64_t *offset_s)
{
	bool is_west = **text == '-';
	unsigned hour, minute;

	*offset_s = 0;
	if (**text == 'Z' || **text == 'z') {
		(*text)++;
		return true;
	}
	if (**text != '+' && **text != '-')
		return false;
	(*text)++;
	if (!take(text, 2, ':', 23, &hour) || !take(text, 2, '\0', 59, &minute))
		return false;
	*offset_s = (int64_t)(hour * 3600 + minute * 60) * (is_west ? -1 : 1);
	return true;
}

static unsigned
days_of(unsigned month, unsigned year)
{
	static const unsigned char days[] = { 31, 28, 31, 30, 31, 30, 31, 31,
		30, 31, 30, 31 };

	return days[month - 1] +
	    (month == 2 && year % 4 == 0 &&
		(year % 100 != 0 || year % 400 == 0));
}

static int64_t
count_days(unsigned year, unsigned month, unsigned day)
{
	int64_t y = (int64_t)year - (month <= 2);
	int64_t era = y / 400, yoe = y % 400;
	int64_t shifted = month > 2 ? month - 3 : month + 9;
	int64_t doy = (153 * shifted + 2) / 5 + day - 1;

	return era * ERA_DAYS + yoe * 365 + yoe / 4 - yoe / 100 + doy -
	    EPOCH_DAYS;
}

int
rfc3339_parse(const char *text, uint64_t *us)
{
	unsigned year, month, day, hour, minute, second;
	uint64_t fraction;
	int64_t offset, at;

	if (!take(&text, 4, '-', 9999, &year) || year < 1 ||
	    !take(&text, 2, '-', 12, &month) || month < 1 ||
	    !take(&text, 2, '\0', 31, &day) || day < 1 ||
	    day > days_of(month, year) || (*text != 'T' && *text != 't'))
		return -1;
	text++;
	if (!take(&text, 2, ':', 23, &hour) ||
	    !take(&text, 2, ':', 59, &minute) ||
	    !take(&text, 2, '\0', 60, &second) ||
	    !take_fraction(&text, &fraction) || !take_zone(&text, &offset) ||
	    *text != '\0')
		return -1;
	at = count_days(year, month, day) * DAY_S + hour * 3600 + minute * 60 +
	    second - offset;
	if (at < 0)
		return -1;
	*us = (uint64_t)at * second_us + fraction;
	return 0;
}
