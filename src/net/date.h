/* SPDX-License-Identifier: MIT */
/*
 * The one form of a date that HTTP/1.1 lets a server send (RFC 9110, section
 * 5.6.7): "Sun, 06 Nov 1994 08:49:37 GMT".  The two obsolete ones are not read.
 */
#ifndef NET_DATE_H
#define NET_DATE_H

#include <stddef.h>
#include <stdint.h>

#include "src/base/err.h"

/* Seconds of the Unix epoch.  -1: it is no such date. */
int http_date_parse(const char *text, size_t n, uint64_t *seconds) MUST_CHECK;

#endif
