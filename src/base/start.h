/* SPDX-License-Identifier: MIT */
/* What whoever starts a program may have left in an odd state. */
#ifndef BASE_START_H
#define BASE_START_H

/* To be called first in main.  Takes those of the descriptors 0 to 2 that are
 * closed, so that no socket becomes standard output; they stay as useless as
 * they were (reading from 0 and writing to 1 and 2 still fails), and closed in
 * children.  Unblocks every signal, since one that is blocked would never end
 * us, and ignores SIGPIPE: a write that fails says so. */
void start_afresh(void);

#endif
