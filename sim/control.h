/* SPDX-License-Identifier: MIT */
/*
 * What the simulator tells about itself and is told while it runs, below
 * /_sim/: health, stats, requests, reset and snapshots.  Such requests are
 * neither counted nor delayed nor limited.
 */
#ifndef SIM_CONTROL_H
#define SIM_CONTROL_H

#include <stdbool.h>

struct sim;
struct http_exchange;

/* Is a request of this path and query one of these? */
bool control_takes(const char *target);

void control_answer(struct sim *sim, struct http_exchange *x);

#endif
