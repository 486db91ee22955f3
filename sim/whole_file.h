/* SPDX-License-Identifier: MIT */
/* Files that others wait for: whole from the moment that they are there. */
#ifndef SIM_WHOLE_FILE_H
#define SIM_WHOLE_FILE_H

#include "src/base/err.h"

struct buf;

/* In the place of what was there, or, on -1, not at all: ERR_CONFIG names the
 * file.  A device, a pipe or a folder is never replaced. */
int whole_file_write(const char *path, const struct buf *bytes,
    struct err *err) MUST_CHECK;

#endif
