/* SPDX-License-Identifier: MIT */
/* No locale, no time zone of the machine, no strptime: digits in, number out. */
#include "src/gcs/stamp.h"

#include <stdbool.h>
#include <stddef.h>

struct stamp {
	unsigned year, month, day, hour, minute, second, us;
	int offset; /* minutes east of Greenwich */
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Exactly n digits and then the character `after`, unless that is '\0'. */
static bool
take(const char **s, unsigned n, char after, unsigned *value)
{
	*value = 0;
	for (; n > 0; n--, (*s)++) {
		if (!is_digit(**s))
			return false;
		*value = *value * 10 + (unsigned)(**s - '0');
	}
	if (after == '\0')
		return true;
	return *(*s)++ == after;
}

static bool
take_fraction(const char **s, unsigned *us)
{
	unsigned scale = 100000;

	*us = 0;
	if (**s != '.')
		return true;
	if (!is_digit(*++*s))
		return false;
	for (; is_digit(**s); (*s)++, scale /= 10)
		*us += (unsigned)(**s - '0') * scale;
	return true;
}

static bool
take_zone(const char *s, int *offset)
{
	bool is_west = *s == '-';
	unsigned hours, minutes;

	*offset = 0;
	if (*s == 'Z')
		return s[1] == '\0';
	if (*s != '+' && !is_west)
		return false;
	s++;
	if (!take(&s, 2, ':', &hours) || !take(&s, 2, '\0', &minutes) ||
	    *s != '\0' || hours > 23 || minutes > 59)
		return false;
	*offset = (int)(hours * 60 + minutes);
	if (is_west)
		*offset = -*offset;
	return true;
}

static bool
is_leap(unsigned year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static unsigned
days_in(unsigned year, unsigned month)
{
	static const unsigned char days[] = { 31, 28, 31, 30, 31, 30, 31, 31,
		30, 31, 30, 31 };

	return days[month - 1] + (month == 2 && is_leap(year));
}

static bool
is_real(const struct stamp *t)
{
	return t->year >= 1970 && t->month >= 1 && t->month <= 12 &&
	    t->day >= 1 && t->day <= days_in(t->year, t->month) &&
	    t->hour <= 23 && t->minute <= 59 && t->second <= 59;
}

/* Days from the epoch to the first of January of a year from 1970 on. */
static int64_t
days_before_year(unsigned year)
{
	int64_t y = (int64_t)year - 1;

	return (y * 365 + y / 4 - y / 100 + y / 400) -
	    (1969 * 365 + 1969 / 4 - 1969 / 100 + 1969 / 400);
}

int
gcs_stamp_parse(const char *text, uint64_t *us)
{
	struct stamp t;
	int64_t days, seconds;
	unsigned month;

	if (!take(&text, 4, '-', &t.year) || !take(&text, 2, '-', &t.month) ||
	    !take(&text, 2, 'T', &t.day) || !take(&text, 2, ':', &t.hour) ||
	    !take(&text, 2, ':', &t.minute) ||
	    !take(&text, 2, '\0', &t.second) || !take_fraction(&text, &t.us) ||
	    !take_zone(text, &t.offset) || !is_real(&t))
		return -1;
	days = days_before_year(t.year) + t.day - 1;
	for (month = 1; month < t.month; month++)
		days += days_in(t.year, month);
	seconds = ((days * 24 + t.hour) * 60 + t.minute - t.offset) * 60 +
	    t.second;
	if (seconds < 0)
		return -1;
	*us = (uint64_t)seconds * 1000000 + t.us;
	return 0;
}
