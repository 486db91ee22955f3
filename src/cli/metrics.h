/* SPDX-License-Identifier: MIT */
/*
 * --metrics FILE: what a run came to, in Prometheus' text format, for the
 * textfile collector of node_exporter.  A run that failed writes it, too: the
 * time of the last success is then that of the file which was there before.
 */
#ifndef CLI_METRICS_H
#define CLI_METRICS_H

#include <stdint.h>

#include "src/base/err.h"
#include "src/cli/status.h"

struct buf;
struct gc_run;
struct result_file;

/* Adds the text.  old is the text that was there before, or ""; wall_us is now,
 * in microseconds since the Unix epoch. */
void metrics_format(const struct gc_run *run, enum status status,
    uint64_t wall_us, const char *old, struct buf *out);

/* Puts the file in the place of the old one. */
int metrics_write(struct result_file *f, const struct gc_run *run,
    enum status status, uint64_t wall_us, struct err *err) MUST_CHECK;

#endif
