/* SPDX-License-Identifier: MIT */
/*
 * Time stamps as the JSON API writes them.
 */
#ifndef GCS_STAMP_H
#define GCS_STAMP_H

#include <stdint.h>

/* "2026-09-30T03:28:23.182Z" (RFC 3339, from 1970 on, upper case, any number
 * of digits of a second, or an offset like +02:00): microseconds since the
 * Unix epoch, finer digits dropped.  0, or -1 and *us is left alone. */
int gcs_stamp_parse(const char *text, uint64_t *us);

#endif
