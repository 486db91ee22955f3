/* SPDX-License-Identifier: MIT */
/* What the driver is doing, as one line for people. */
#ifndef CLI_PACE_LINE_H
#define CLI_PACE_LINE_H

struct buf;
struct gcs_status;

/* "pace 700/s (429: cut), 40 in flight of 300, 12 waiting, 64 connections" */
void pace_line_format(const struct gcs_status *s, struct buf *out);

#endif
