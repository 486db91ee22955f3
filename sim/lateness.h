/* SPDX-License-Identifier: MIT */
/*
 * Is the simulator as slow as it was told to be?  Of each request: how long it
 * was to wait from the moment its body was here (asked), how long it was until
 * its answer left (achieved), and by how much that was too long (late).  On a
 * virtual clock nothing is late.
 */
#ifndef SIM_LATENESS_H
#define SIM_LATENESS_H

#include <stdint.h>

#include "sim/sim_opts.h"
#include "src/base/hist.h"

struct json_out;

/* Microseconds; all three have the same count. */
struct delays {
	struct hist asked, achieved, late;
};

struct lateness {
	struct delays kinds[SIM_KINDS]; /* enum sim_kind */
};

void lateness_init(struct lateness *l);
void lateness_release(struct lateness *l);

void lateness_add(struct lateness *l, enum sim_kind kind, uint64_t asked_us,
    uint64_t achieved_us);

/* Writes an object: the kinds of which there were any, with percentiles. */
void lateness_add_json(const struct lateness *l, struct json_out *w);

#endif
