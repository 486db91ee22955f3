/* SPDX-License-Identifier: MIT */
/*
 * One JSON line for each request of the journal, appended to a file when the
 * request is over.  Lines are gathered while the loop is busy and written
 * whole, many in one write, before it waits again: whenever the server is idle
 * the file has them all.
 */
#ifndef SIM_ACCESS_LOG_H
#define SIM_ACCESS_LOG_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "sim/sim.h"
#include "sim/http.h"

struct access_log;
struct buf;
struct event_base;

/* Borrowed for the call of access_log_add. */
struct access_entry {
	uint64_t wall_us; /* when it was over, since the Unix epoch */
	enum sim_kind kind;
	enum http_method method;
	const struct buf *bucket;
	const struct buf *name;
	uint32_t nth;
	int status;          /* 0: a reset, or the request never ended */
	uint64_t bytes;      /* of the answer's body; 0 when refused unread */
	uint64_t took_us;    /* from its arrival */
	uint64_t latency_us; /* of that: by the options */
	uint64_t queued_us;  /* of that: waited for a token */
	bool is_limited;     /* rejected by the limiter */
	bool is_fault;
};

/* The time of the last line, of which most is that of the next, too; all zero at
 * first. */
struct access_clock {
	time_t second;
	char date[32];
};

/* Adds the line, with its line break. */
void access_line_add(struct access_clock *clock, const struct access_entry *e,
    struct buf *out);

/* opts says the path and who hears warnings; NULL and ERR_CONFIG when the file
 * cannot be opened. */
struct access_log *access_log_open(struct event_base *base,
    const struct sim_opts *opts, struct err *err);

/* Writes what is left and closes; NULL is fine. */
void access_log_close(struct access_log *log);

/* When writing fails one warning says so, and there are no more lines. */
void access_log_add(struct access_log *log, const struct access_entry *e);

#endif
