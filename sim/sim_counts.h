/* SPDX-License-Identifier: MIT */
/* The simulator as a library, continued: what was counted, by scope. */
#ifndef SIM_SIM_COUNTS_H
#define SIM_SIM_COUNTS_H

#include <stdbool.h>
#include <stdint.h>

#include "src/base/err.h"

struct sim;

/* A scope counts the requests whose head arrives while it is open; by_header:
 * only those whose header X-Sim-Scope names it.  A closed one keeps its counts,
 * and opens anew from zero.  ERR_USAGE for a name that is not 1 to 63 of
 * [A-Za-z0-9._-]; ERR_REFUSED for one that is open, and beyond 63 open ones. */
int sim_scope_open(struct sim *sim, const char *name, bool by_header,
    struct err *err) MUST_CHECK;
int sim_scope_close(struct sim *sim, const char *name,
    struct err *err) MUST_CHECK; /* ERR_NOT_FOUND */

#define SIM_NO_COUNT UINT64_MAX

/* "DELETE", "storage.objects.list", "404", "GET:404", "total", "rejected", ...:
 * the keys of GET /_sim/expect, see doc/CONTROL.md.  scope "" or "all" is the
 * whole run.  SIM_NO_COUNT: there is no such scope, or no such key. */
uint64_t sim_scope_count(const struct sim *sim, const char *scope,
    const char *key);

/* What a query such as "scope=NAME&DELETE=391&LIST=0" expects: 0 when all is
 * so; ERR_AUDIT with the difference when it is not; ERR_USAGE, ERR_NOT_FOUND. */
int sim_expect(const struct sim *sim, const char *query,
    struct err *err) MUST_CHECK;

#endif
