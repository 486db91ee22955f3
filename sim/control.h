/* SPDX-License-Identifier: MIT */
/*
 * What the simulator tells about itself, below /_sim/: health, stats, requests,
 * reset and snapshots.  Such requests are neither counted nor delayed nor
 * limited.
 */
#ifndef SIM_CONTROL_H
#define SIM_CONTROL_H

struct sim;
struct http_exchange;

void control_answer(struct sim *sim, struct http_exchange *x);

#endif
