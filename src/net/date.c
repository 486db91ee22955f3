/* SPDX-License-Identifier: MIT */
/*
 * By place: every answer has a Date, so it is read without the C library's
 * general and slow ways.  The name of the weekday is not compared with the day.
 */
#include "src/net/date.h"

#include <stdbool.h>
#include <string.h>

/* Where the parts stand, and a letter for each kind of byte. */
static const char shape[] = "Aaa, 00 Aaa 0000 00:00:00 GMT";

enum { DAY = 5, MONTH = 8, YEAR = 12, HOUR = 17, MINUTE = 20, SECOND = 23 };

static bool
has_shape(const char *text, size_t n)
{
	size_t i;
	char c;

	if (n != sizeof(shape) - 1 || memcmp(text + n - 4, " GMT", 4) != 0)
		return false;
	for (i = 0; i < n - 4; i++) {
		c = text[i];
		if (shape[i] == '0'       ? c < '0' || c > '9'
			: shape[i] == 'A' ? c < 'A' || c > 'Z'
			: shape[i] == 'a' ? c < 'a' || c > 'z'
					  : c != shape[i])
			return false;
	}
	return true;
}

static unsigned
read_two(const char *digits)
{
	return (unsigned)(digits[0] - '0') * 10 + (unsigned)(digits[1] - '0');
}

/* 0: January; 12: no month. */
static unsigned
read_month(const char *name)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	unsigned i;

	for (i = 0; i < 12; i++) {
		if (memcmp(name, names + 3 * i, 3) == 0)
			break;
	}
	return i;
}

static bool
is_leap(unsigned year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* Days from 1970-01-01 to the first of a month. */
static uint64_t
count_days(unsigned year, unsigned month)
{
	static const uint16_t before[] = { 0, 31, 59, 90, 120, 151, 181, 212,
		243, 273, 304, 334 };
	unsigned y = year - 1;
	uint64_t days = (uint64_t)y * 365 + y / 4 - y / 100 + y / 400;

	/* 719,162 days lie before 1970. */
	return days - 719162 + before[month] +
	    (month > 1 && is_leap(year) ? 1 : 0);
}

int
http_date_parse(const char *text, size_t n, uint64_t *seconds)
{
	static const uint8_t lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30,
		31, 30, 31 };
	unsigned year, month, day, hour, minute, second;

	if (!has_shape(text, n))
		return -1;
	year = read_two(text + YEAR) * 100 + read_two(text + YEAR + 2);
	month = read_month(text + MONTH);
	day = read_two(text + DAY);
	hour = read_two(text + HOUR);
	minute = read_two(text + MINUTE);
	second = read_two(text + SECOND);
	if (year < 1970 || month == 12 || day == 0 ||
	    day > lengths[month] + (month == 1 && is_leap(year) ? 1U : 0U) ||
	    hour > 23 || minute > 59 || second > 60) /* a leap second */
		return -1;
	*seconds = (count_days(year, month) + day - 1) * 86400 + hour * 3600 +
	    minute * 60 + second;
	return 0;
}
