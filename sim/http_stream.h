/* SPDX-License-Identifier: MIT */
/*
 * Answers without an end: what is added to one leaves as the client takes it,
 * until either side ends it.  No clock waits for one.
 */
#ifndef SIM_HTTP_STREAM_H
#define SIM_HTTP_STREAM_H

#include <stddef.h>
#include <stdint.h>

struct http;
struct http_exchange;

/* Answers x with 200, these header lines and whatever is added.  When it has
 * ended, in whatever way, on_end(arg) tells so, and x is gone: because the client
 * has left, because the server drains, or by http_drop. */
void http_stream_open(struct http *h, struct http_exchange *x, uint64_t wall_us,
    const char *head, void (*on_end)(void *arg), void *arg);

/* It leaves in a turn of the loop that is to come. */
void http_stream_add(struct http_exchange *x, const void *bytes, size_t n);

/* How much of what was added the client has not taken yet. */
size_t http_stream_waiting(const struct http_exchange *x);

/* Ends all streams of h: in order those whose clients have all of it. */
void http_stream_end_all(struct http *h);

#endif
