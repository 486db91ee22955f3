/* SPDX-License-Identifier: MIT */
/*
 * How long a request takes: a pure function of the options and of what the
 * request is, never of when it came or of what came before it.
 */
#ifndef SIM_LATENCY_H
#define SIM_LATENCY_H

#include <stdint.h>

#include "sim/sim.h"

struct buf;

struct latency {
	uint64_t seed;
	struct sim_delay delay[SIM_KINDS];
};

/* ERR_USAGE for a delay that cannot be; nothing has changed then. */
int latency_init(struct latency *l, const struct sim_opts *opts,
    struct err *err) MUST_CHECK;

/* In microseconds, for the nth request of that kind, bucket and name; nth
 * counts from 1. */
uint64_t latency_of(const struct latency *l, enum sim_kind kind,
    const struct buf *bucket, const struct buf *name, uint32_t nth);

#endif
