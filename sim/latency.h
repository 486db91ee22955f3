/* SPDX-License-Identifier: MIT */
/*
 * How long a request takes: a pure function of the options and of what the
 * request is, never of when it came or of what came before it.
 */
#ifndef SIM_LATENCY_H
#define SIM_LATENCY_H

#include <stdint.h>

#include "sim/gcssim.h"

struct latency {
	uint64_t us[GCSSIM_KINDS];
};

void latency_init(struct latency *l, const struct gcssim_opts *opts);
uint64_t latency_of(const struct latency *l, enum gcssim_kind kind);

#endif
