/* SPDX-License-Identifier: MIT */
/*
 * A simulator's buckets in a file of its user's, which comes and goes whole.  It
 * is one that --data takes, so that another file may be beside it with changes
 * that are its own: no such file is read or replaced.
 */
#ifndef SIM_STATE_FILE_H
#define SIM_STATE_FILE_H

#include "src/base/err.h"

struct buf;

/* Each names the file in what it says: ERR_USAGE for a name that cannot be one,
 * ERR_CONFIG for all else. */

/* Adds all of it, as much as out holds. */
int state_file_read(const char *path, struct buf *out,
    struct err *err) MUST_CHECK;

/* Can it be written, as far as can be told before? */
int state_file_check(const char *path, struct err *err) MUST_CHECK;

/* In the place of what was there, or, on -1, not at all. */
int state_file_write(const char *path, const struct buf *bytes,
    struct err *err) MUST_CHECK;

#endif
