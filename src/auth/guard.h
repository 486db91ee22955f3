/* SPDX-License-Identifier: MIT */
/* What keeps a secret in this process. */
#ifndef AUTH_GUARD_H
#define AUTH_GUARD_H

/* From now on the process leaves no core dump, and no other process of the same
 * user can read its memory (a debugger, /proc/PID/mem).  For good. */
void secret_guard(void);

#endif
