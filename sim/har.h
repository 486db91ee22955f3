/* SPDX-License-Identifier: MIT */
/*
 * The journal in the HTTP Archive format, version 1.2, as browsers' developer
 * tools show it: a waterfall of requests.  Headers and bodies are not in the
 * journal, so they are not in here.
 */
#ifndef SIM_HAR_H
#define SIM_HAR_H

#include <stdint.h>

struct buf;
struct scope;
struct sim;

/* Entries: some 70 MB. */
enum { HAR_MAX = 100000 };

/* The newest requests of that scope which the journal still has. */
void har_add(const struct sim *sim, const struct scope *sc, uint64_t limit,
    struct buf *out);

#endif
