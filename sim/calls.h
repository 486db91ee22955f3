/* SPDX-License-Identifier: MIT */
/*
 * The life of a request: it arrives, its fate is decided, it waits, it takes
 * effect, it is answered.
 *
 *	arrive --> decide --> wait --> act --> answer
 *		   limiter    timer    operation
 *		   faults
 *
 * On the virtual clock all that arrives at one instant is decided together, in
 * the order of (kind, bucket, name, nth), so that the order of sockets never
 * shows.  A request whose client has gone still takes effect.
 */
#ifndef SIM_CALLS_H
#define SIM_CALLS_H

struct gcssim;
struct http_exchange;

/* A whole request has come in; for http_opts. */
void calls_on_request(void *arg, struct http_exchange *x);

/* Decides the batch of this instant; the batch timer's. */
void calls_on_batch(void *arg);

/* The journal was emptied: calls in flight are in it no more. */
void calls_forget_rows(struct gcssim *sim);

/* Drops what waits and frees all calls. */
void calls_release(struct gcssim *sim);

#endif
