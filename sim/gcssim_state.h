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

/*
 * Snapshots are copies of all buckets in memory, under names of 1 to 63 of
 * [A-Za-z0-9._-]; bytes are not copied.  Taking one replaces the one of that
 * name.  To restore makes the buckets what they were, at one instant:
 * generations are not taken back, limiters are full again; counts, faults and
 * uploads in the middle stay as they are.
 */
int gcssim_snapshot(struct gcssim *sim, const char *name,
    struct err *err) MUST_CHECK; /* ERR_USAGE */
int gcssim_restore(struct gcssim *sim, const char *name,
    struct err *err) MUST_CHECK; /* ERR_NOT_FOUND; ERR_CONFIG: data file */
int gcssim_forget(struct gcssim *sim, const char *name,
    struct err *err) MUST_CHECK; /* ERR_NOT_FOUND */

/* The same, to what the options make of a simulator whose data file is new. */
int gcssim_restart(struct gcssim *sim, struct err *err) MUST_CHECK;

#endif
