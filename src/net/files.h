/* SPDX-License-Identifier: MIT */
/*
 * How many connections the limit of open files lets a process have.  Between
 * files of src/net only.
 */
#ifndef NET_FILES_H
#define NET_FILES_H

#include "src/base/err.h"

/* With fewer open files than this there is no room for a run beside its
 * connections: the plan, its lock, logs, epoll, the resolver, a token's own
 * connection. */
enum { FILES_MIN = 48 };

/* Raises the soft limit as far as is needed and allowed; answers how many of
 * the wanted connections fit, at least 1. */
unsigned files_fit(unsigned want);

/* ERR_CONFIG where the limit is below FILES_MIN and cannot be raised. */
int files_check(struct err *err) MUST_CHECK;

#endif
