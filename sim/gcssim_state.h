/* SPDX-License-Identifier: MIT */
/* The simulator as a library, continued: the state of its buckets as a whole. */
#ifndef SIM_GCSSIM_STATE_H
#define SIM_GCSSIM_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "src/base/err.h"

struct gcssim;

/* Of the buckets that the data file had when the simulator started: how many
 * there are, and whether that is one of them. */
uint64_t gcssim_kept_buckets(const struct gcssim *sim);
bool gcssim_was_kept(const struct gcssim *sim, const char *bucket);

#endif
