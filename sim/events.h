/* SPDX-License-Identifier: MIT */
/*
 * What happens, told as it happens: server-sent events for pages that watch a
 * simulator.  Clients get them in batches; what a slow one does not take is lost
 * to it, and it is told how much.  While nobody listens nothing is formatted.
 *
 *	config	the options, when they change
 *	request	a request was answered: a line of the access log
 *	state	the buckets, or the counts, went back to something
 *	stats	the counts, once a second
 *	lost	so many of these
 */
#ifndef SIM_EVENTS_H
#define SIM_EVENTS_H

#include <stdbool.h>

#include "src/base/err.h"

struct access_entry;
struct events;
struct http_exchange;
struct query;
struct sim;

struct events *events_new(struct sim *sim);

/* Ends all streams; NULL is fine, as in all that follows. */
void events_free(struct events *e);

/* Answers x with events, of those types that `types=` in the query names, or of
 * all.  -1 when x was not answered: ERR_USAGE for a type that nobody knows, or
 * another code when there are too many clients. */
int events_open(struct events *e, struct http_exchange *x,
    const struct query *query, struct err *err) MUST_CHECK;

void events_request(struct events *e, const struct access_entry *entry);
void events_config(struct events *e);

/* what: "reset", "restore"...; name: of the snapshot, or "". */
void events_state(struct events *e, const char *what, const char *name);

#endif
