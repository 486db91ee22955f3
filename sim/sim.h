/* SPDX-License-Identifier: MIT */
/*
 * The simulator as a library: a fake Google Cloud Storage on loopback, on a
 * loop that the caller turns.  On a virtual loop a run of minutes takes
 * milliseconds and gives the same numbers every time.
 *
 * Of sim/, others include this header and sim_state.h alone.
 */
#ifndef SIM_SIM_H
#define SIM_SIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/sim_opts.h"
#include "src/base/err.h"

struct loop;
struct sim;

/* Requests by kind are attempts whose head arrived; retries included. */
struct sim_counts {
	uint64_t requests[SIM_KINDS];
	uint64_t total;
	uint64_t rejected;                /* by a limit */
	uint64_t rejected_by[SIM_LIMITS]; /* of them */
	uint64_t faults;                  /* that somebody asked for */
	uint64_t replayed;    /* answered again, for an idempotency token */
	uint64_t connections; /* served so far */
	uint64_t refused;     /* connections beyond max_connections */
	uint64_t in_flight;
	uint64_t peak_in_flight;
};

/* Trouble for the next requests of a kind. */
struct sim_fault {
	enum sim_kind kind;
	uint64_t times; /* how many of them */
	int status;     /* 400 to 599, or 0: the connection is reset */
	bool has_acted; /* the request takes effect, its answer is lost */
};

/* Starts on the caller's loop; NULL and *err when it cannot. */
struct sim *sim_start_on(struct loop *loop, const struct sim_opts *opts,
    struct err *err);

/* Takes over, at this instant, what may change while it runs: latencies,
 * prices, limits (all are full again when a rate or a burst is another), and the
 * switches for what is not documented.  What is in flight keeps what it was told
 * to wait.  -1 (ERR_USAGE):
 * nothing has changed. */
int sim_configure(struct sim *sim, const struct sim_opts *opts,
    struct err *err) MUST_CHECK;

/* The options as they are now; valid until the next change. */
const struct sim_opts *sim_options(const struct sim *sim);

/* Closes every connection and frees the simulator; NULL is fine. */
void sim_stop(struct sim *sim);

/* From now on no new connection, and each answer closes its own; true when all
 * that was in flight has left.  For a server's last seconds. */
void sim_drain(struct sim *sim);
bool sim_is_drained(const struct sim *sim);

const char *sim_url(const struct sim *sim); /* "http://127.0.0.1:41873" */

/* "https://127.0.0.1:41874"; NULL without opts.tls_listen. */
const char *sim_tls_url(const struct sim *sim);

void sim_counts(const struct sim *sim, struct sim_counts *out);
uint64_t sim_count(const struct sim *sim, enum sim_kind kind);

/* Fills a new or an empty bucket, as opts.registry does at the start: spec is
 * "demo" or a SPEC, root the registry's rootdirectory.  On -1 (ERR_USAGE) there
 * is nothing new. */
int sim_fill(struct sim *sim, const char *bucket, const char *spec,
    const char *root, struct err *err) MUST_CHECK;

bool sim_has(const struct sim *sim, const char *bucket, const char *name);

/* Live objects in a bucket, and their bytes; 0 for a bucket that is not. */
uint64_t sim_objects(const struct sim *sim, const char *bucket,
    uint64_t *bytes);

/* A hash over the journal sorted by (time, kind, name, nth): equal for two
 * runs that sent the same requests at the same times. */
uint64_t sim_journal_hash(const struct sim *sim);

/* Queues a fault; those of a kind are used first come, first served, by
 * requests that the limiter lets pass.  Each takes its latency and is counted.
 * ERR_USAGE for what cannot be.  Pending are those that will fail yet. */
int sim_fail_next(struct sim *sim, const struct sim_fault *fault,
    struct err *err) MUST_CHECK;
uint64_t sim_faults_pending(const struct sim *sim);

/* Rules of what goes wrong, one a line, as doc/FAULTS.md has them; they are asked
 * behind those that are there.  ERR_USAGE names the line and what is wrong in
 * it, and then none is added. */
int sim_add_faults(struct sim *sim, const char *text,
    struct err *err) MUST_CHECK;

/* Takes away the rule of that name (ERR_NOT_FOUND), or all: NULL. */
int sim_remove_faults(struct sim *sim, const char *id,
    struct err *err) MUST_CHECK;

/* How many requests that rule has met; 0 for one that is not. */
uint64_t sim_faults_fired(const struct sim *sim, const char *id);

/* Zeroes counters, journal and measured delays, keeps the objects and pending
 * faults; rules are as if they had been set now. */
void sim_reset_counts(struct sim *sim);

/* "writes", "reads", "object", "range", "buckets". */
const char *sim_limit_name(enum sim_limit limit);

/* "LIST", "GET", "PUT", "DELETE", "BUCKET", "OTHER". */
const char *sim_kind_name(enum sim_kind kind);

#endif
