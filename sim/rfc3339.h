/* SPDX-License-Identifier: MIT */
/* Times as JSON has them: "2026-09-30T03:28:23.182Z" (RFC 3339). */
#ifndef SIM_RFC3339_H
#define SIM_RFC3339_H

#include <stdint.h>

enum { RFC3339_MAX = sizeof("2026-01-01T00:00:00.000000+00:00") };

/* us: microseconds since the Unix epoch.  With milliseconds and a Z, which is
 * 24 bytes; formatted by hand, since a page of 1000 objects has 4000 of them. */
void rfc3339_format(uint64_t us, char out[RFC3339_MAX]);

/* With microseconds and +00:00, as production writes it in sentences. */
void rfc3339_format_exact(uint64_t us, char out[RFC3339_MAX]);

/* Any fraction, Z or an offset; -1 when it is no time from 1970 on. */
int rfc3339_parse(const char *text, uint64_t *us);

#endif
