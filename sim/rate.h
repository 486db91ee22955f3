/* SPDX-License-Identifier: MIT */
/*
 * How often something may happen, exactly: "30/m" is no fraction of a number a
 * second.
 */
#ifndef SIM_RATE_H
#define SIM_RATE_H

#include <stdint.h>

struct opt_grammar;

struct sim_rate {
	uint64_t n;      /* 0: no limit */
	uint64_t per_us; /* a second, a minute or an hour */
};

/* Of n, and of bursts. */
enum { RATE_MAX = 1000000000 };

struct sim_rate sim_per_second(uint64_t n);

/* "80%", in millionths: a uint64_t. */
extern const struct opt_grammar sim_share_grammar;

/* "5", "5/s", "30/m", "100/h" or "off". */
extern const struct opt_grammar sim_rate_grammar;

#endif
