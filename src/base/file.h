/* SPDX-License-Identifier: MIT */
/* What reading or writing a file takes besides a call of read() or write(). */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "src/base/err.h"

struct buf;

/* All of a regular file, as much as the buffer takes.  *mode: as of stat.  -1:
 * "PATH: ..." with ERR_NOT_FOUND if there is none, or ERR_CONFIG; a file that is
 * too large leaves the buffer full. */
int file_load(const char *path, struct buf *out, unsigned *mode,
    struct err *err) MUST_CHECK;

/* All n bytes, however many calls that takes; false: errno says why not. */
bool file_write_all(int fd, const char *data, size_t n);

/* mkstemp makes a file for us alone; from now on it is for whom the umask says,
 * as any new file is. */
void file_open_up(int fd);

#endif
