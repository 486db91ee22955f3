/* SPDX-License-Identifier: MIT */
/* The simulator as a library, continued: the state of its buckets as a whole. */
#ifndef SIM_SIM_STATE_H
#define SIM_SIM_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "src/base/err.h"

struct buf;
struct sim;

/* Of the buckets that the data file had when the simulator started: how many
 * there are, and whether that is one of them. */
uint64_t sim_kept_buckets(const struct sim *sim);
bool sim_was_kept(const struct sim *sim, const char *bucket);

/*
 * Snapshots are copies of all buckets in memory, under names of 1 to 63 of
 * [A-Za-z0-9._-]; bytes are not copied.  Taking one replaces the one of that
 * name.  To restore makes the buckets what they were, at one instant:
 * generations are not taken back, limiters are full again; counts, faults and
 * uploads in the middle stay as they are.
 */
int sim_snapshot(struct sim *sim, const char *name,
    struct err *err) MUST_CHECK; /* ERR_USAGE */
int sim_restore(struct sim *sim, const char *name,
    struct err *err) MUST_CHECK; /* ERR_NOT_FOUND; ERR_CONFIG: data file */
int sim_forget(struct sim *sim, const char *name,
    struct err *err) MUST_CHECK; /* ERR_NOT_FOUND */

/*
 * A file for --data as bytes, out's to the brim at most: all buckets and keys,
 * but no upload in the middle.  To load one is to restore it, once all of it has
 * been checked and read.
 */
int sim_save(const struct sim *sim, struct buf *out,
    struct err *err) MUST_CHECK; /* ERR_CONFIG: it cannot be done */
int sim_load(struct sim *sim, const void *bytes, size_t n, struct err *err)
    MUST_CHECK; /* ERR_USAGE; ERR_CONFIG: as above, data file */

/* The same, to what the options make of a simulator whose data file is new. */
int sim_restart(struct sim *sim, struct err *err) MUST_CHECK;

/* That, counters and journal as new, and all that is random once more from its
 * beginning: what is asked now is answered as after the start.  Options and
 * faults stay, and generations go on. */
int sim_reseed(struct sim *sim, struct err *err) MUST_CHECK;

/* No bucket is left. */
int sim_delete_all(struct sim *sim, struct err *err) MUST_CHECK;

#endif
