/* SPDX-License-Identifier: MIT */
/* What writing a file takes besides a call of write(). */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

/* All n bytes, however many calls that takes; false: errno says why not. */
bool file_write_all(int fd, const char *data, size_t n);

/* mkstemp makes a file for us alone; from now on it is for whom the umask says,
 * as any new file is. */
void file_open_up(int fd);

#endif
