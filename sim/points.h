/* SPDX-License-Identifier: MIT */
/*
 * A distribution as it was measured: some of its percentiles, and straight
 * lines between them.  It is typed as
 *
 *	points:0%=18ms,50%=42ms,99%=120ms,100%=2s
 *
 * or read from a file that has a line for each, "99.9 400ms"; "#" begins a
 * comment.  The first is the shortest time (0%), the last the longest (100%).
 * A struct sim_delay holds the points themselves and owns nothing.
 */
#ifndef SIM_POINTS_H
#define SIM_POINTS_H

#include <stddef.h>
#include <stdint.h>

#include "src/base/err.h"

struct buf;
struct sim_delay;

/* Each fills a zeroed *d.  ERR_USAGE names the point that is wrong. */
int points_parse(const char *text, struct sim_delay *d,
    struct err *err) MUST_CHECK;

/* The same of a file's n bytes; ERR_CONFIG begins with "NAME:LINE: ". */
int points_scan(const char *name, const char *text, size_t n,
    struct sim_delay *d, struct err *err) MUST_CHECK;
int points_read(const char *path, struct sim_delay *d,
    struct err *err) MUST_CHECK;

/* What is wrong with points that nobody typed, or NULL. */
const char *points_fault(const struct sim_delay *d);

/* The time that so many millionths of all requests do not exceed. */
uint64_t points_at(const struct sim_delay *d, double millionths);

/* As points_parse takes them. */
void points_format(const struct sim_delay *d, struct buf *out);

#endif
