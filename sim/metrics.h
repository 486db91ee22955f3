/* SPDX-License-Identifier: MIT */
/*
 * The whole run for Prometheus, in its text format 0.0.4.  Counters go back to
 * zero at a reset, which Prometheus takes for a restart.
 */
#ifndef SIM_METRICS_H
#define SIM_METRICS_H

struct buf;
struct sim;

void metrics_add(const struct sim *sim, struct buf *out);

#endif
