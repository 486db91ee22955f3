/* SPDX-License-Identifier: MIT */
/*
 * `gcs-sim diff`: what two runs of two simulators have different, from what was
 * saved of them: GET /_sim/scopes/NAME?requests=1.
 */
#ifndef SIM_DIFF_FILES_H
#define SIM_DIFF_FILES_H

#include <stdbool.h>

#include "src/base/err.h"

struct buf;

/* Adds a line for each count and each request that differ, such as
 * "DELETE: 391, 782 (+391)"; *is_same: there was none.  -1: a file cannot be
 * read, or is something else. */
int diff_files(const char *const names[2], struct buf *out, bool *is_same,
    struct err *err) MUST_CHECK;

#endif
