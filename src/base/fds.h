/* SPDX-License-Identifier: MIT */
/* File descriptors that a program may find in an odd state when it starts. */
#ifndef BASE_FDS_H
#define BASE_FDS_H

/* Takes those of the numbers 0 to 2 that are closed, so that no socket becomes
 * standard output.  They stay as useless as they were: reading from 0 and
 * writing to 1 and 2 still fails.  To be called first in main. */
void fds_hold_standard(void);

#endif
