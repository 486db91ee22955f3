/* SPDX-License-Identifier: MIT */
/*
 * A folder as a bucket: what a registry with a filesystem driver keeps below
 * its rootdirectory is, name for name, what one with a bucket keeps there.
 */
#ifndef SIM_TREE_H
#define SIM_TREE_H

#include <stdbool.h>
#include <stdint.h>

#include "src/base/err.h"

struct bucket;

/*
 * Fills an empty bucket with every regular file below dir, hidden ones too, as
 * an object named by its path relative to dir.  Empty folders leave nothing.  A
 * symbolic link to a file stands for that file; one to a folder, a socket, a
 * pipe, a device, or a path that no object may have is an error which names it.
 *
 * Generations go by name from the fixed day of all seeded objects on; with
 * keep_mtime they are the files' times in microseconds, 1 for times before
 * 1970, and one more than the last where two would be equal.  *last is the
 * highest of them.  Whatever the order in which the system lists a folder, the
 * same tree gives the same bucket.
 */
int tree_load(struct bucket *b, const char *dir, bool keep_mtime,
    uint64_t *last, struct err *err) MUST_CHECK;

#endif
