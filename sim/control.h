/* SPDX-License-Identifier: MIT */
/*
 * What the simulator tells about itself and is told while it runs, below
 * /_sim/: health, options, events, stats, requests, reset and snapshots; some of
 * it also where other fakes have it.  Such requests are neither counted nor
 * delayed nor limited.
 */
#ifndef SIM_CONTROL_H
#define SIM_CONTROL_H

#include <stdbool.h>

struct sim;
struct http_exchange;

/* Is a request of this path and query one of these? */
bool control_takes(const char *target);

/* Does a stranger ask whether anybody is there, by a bare GET /?  Whoever says
 * who he is gets the list of his buckets. */
bool control_greets(const struct http_exchange *x);

void control_answer(struct sim *sim, struct http_exchange *x);

#endif
