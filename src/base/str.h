/* SPDX-License-Identifier: MIT */
/*
 * Small questions about strings, and the units people type: durations, sizes,
 * rates, percentages.  Parsers take the whole string or nothing.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

bool str_starts(const char *s, const char *prefix);
bool str_ends(const char *s, const char *suffix);

/* Is the n-byte text the string s? */
bool str_is(const char *text, size_t n, const char *s);

/* Each returns 0 and sets *out, or -1 and leaves it alone. */

/* Decimal digits only: no sign, no space, no overflow. */
int str_parse_u64(const char *s, uint64_t *out);

/* "42ms", "1.5s", "250us", "2m", "24h", "0": microseconds. */
int str_parse_duration(const char *s, uint64_t *us);

/* "20MB", "4KiB", "512", "1.5GB": bytes (kB/MB/GB decimal, KiB.. binary). */
int str_parse_size(const char *s, uint64_t *bytes);

/* "1000/s" or "1000": events per second. */
int str_parse_rate(const char *s, uint64_t *per_second);

/* "30%" or "30": 0..100. */
int str_parse_percent(const char *s, uint64_t *percent);

/* "99.9%" or "99.9": 0..1000000, millionths of the whole. */
int str_parse_share(const char *s, uint64_t *millionths);

/* "4.2 GB" in decimal units, as registries and clouds bill; out is static in
 * size, not in storage: the caller gives room for STR_SIZE_MAX bytes. */
enum { STR_SIZE_MAX = 32 };
const char *str_format_size(char out[STR_SIZE_MAX], uint64_t bytes);

/* In the largest unit but minutes that says it exactly; str_parse_duration takes
 * it. */
enum { STR_DURATION_MAX = 32 };
const char *str_format_duration(char out[STR_DURATION_MAX], uint64_t us);

#endif
