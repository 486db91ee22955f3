/* SPDX-License-Identifier: MIT */
/*
 * The life of a request: it arrives with its head, its fate is decided when its
 * body is here too, it waits, it takes effect, it is answered.
 *
 *	arrive --> decide --> wait --> act --> answer
 *	journal	   limiter    timer    operation
 *		   faults
 *
 * On the virtual clock all that arrives at one instant is decided together, in
 * the order of (kind, bucket, name, nth), so that the order of sockets never
 * shows.  A request whose client has gone still takes effect.
 */
#ifndef SIM_CALLS_H
#define SIM_CALLS_H

#include "sim/http.h"

struct sim;

/* For http_opts: a head has come in, the whole request has, it never will. */
void *calls_on_head(void *arg, const struct http_exchange *x);
void calls_on_request(void *arg, struct http_exchange *x, void *call);
void calls_on_end(void *arg, void *call, int status);

/* Decides the batch of this instant; the batch timer's. */
void calls_on_batch(void *arg);

/* Drops what waits, as never answered, and frees all calls. */
void calls_release(struct sim *sim);

#endif
