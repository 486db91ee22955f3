/* SPDX-License-Identifier: MIT */
/*
 * The part of control.c that is about the state of all buckets: snapshots, the
 * way back to them, and the way back to the start.  Each is one instant: what
 * was answered before is in it, what is in flight finds what came of it.
 */
#ifndef SIM_CONTROL_STATE_H
#define SIM_CONTROL_STATE_H

struct sim;
struct query;

void control_snapshot(struct sim *sim, const struct query *q);
void control_snapshots(struct sim *sim, const struct query *q);
void control_forget(struct sim *sim, const struct query *q);
void control_restore(struct sim *sim, const struct query *q);

/* POST /_sim/reset: counters and journal; with state=start the buckets too. */
void control_reset(struct sim *sim, const struct query *q);

#endif
