/* SPDX-License-Identifier: MIT */
/*
 * The simulator as a library: a fake Google Cloud Storage on loopback, on a
 * loop that the caller turns.  On a virtual loop a run of minutes takes
 * milliseconds and gives the same numbers every time.
 *
 * Of sim/, others include this header and gcssim_state.h alone.
 */
#ifndef SIM_GCSSIM_H
#define SIM_GCSSIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/gcssim_opts.h"
#include "src/base/err.h"

struct loop;
struct gcssim;

/* Requests by kind are attempts whose head arrived; retries included. */
struct gcssim_counts {
	uint64_t requests[GCSSIM_KINDS];
	uint64_t total;
	uint64_t rejected;    /* by the limiter */
	uint64_t faults;      /* that gcssim_fail_next asked for */
	uint64_t replayed;    /* answered again, for an idempotency token */
	uint64_t connections; /* served so far */
	uint64_t refused;     /* connections beyond max_connections */
	uint64_t in_flight;
	uint64_t peak_in_flight;
};

/* Trouble for the next requests of a kind. */
struct gcssim_fault {
	enum gcssim_kind kind;
	uint64_t times; /* how many of them */
	int status;     /* 400 to 599, or 0: the connection is reset */
	bool has_acted; /* the request takes effect, its answer is lost */
};

/* Starts on the caller's loop; NULL and *err when it cannot. */
struct gcssim *gcssim_start_on(struct loop *loop,
    const struct gcssim_opts *opts, struct err *err);

/* Closes every connection and frees the simulator; NULL is fine. */
void gcssim_stop(struct gcssim *sim);

/* From now on no new connection, and each answer closes its own; true when all
 * that was in flight has left.  For a server's last seconds. */
void gcssim_drain(struct gcssim *sim);
bool gcssim_is_drained(const struct gcssim *sim);

const char *gcssim_url(const struct gcssim *sim); /* "http://127.0.0.1:41873" */

void gcssim_counts(const struct gcssim *sim, struct gcssim_counts *out);
uint64_t gcssim_count(const struct gcssim *sim, enum gcssim_kind kind);

/* Fills a new or an empty bucket, as opts.registry does at the start: spec is
 * "demo" or a SPEC, root the registry's rootdirectory.  On -1 (ERR_USAGE) there
 * is nothing new. */
int gcssim_fill(struct gcssim *sim, const char *bucket, const char *spec,
    const char *root, struct err *err) MUST_CHECK;

bool gcssim_has(const struct gcssim *sim, const char *bucket, const char *name);

/* Live objects in a bucket, and their bytes; 0 for a bucket that is not. */
uint64_t gcssim_objects(const struct gcssim *sim, const char *bucket,
    uint64_t *bytes);

/* A hash over the journal sorted by (time, kind, name, nth): equal for two
 * runs that sent the same requests at the same times. */
uint64_t gcssim_journal_hash(const struct gcssim *sim);

/* Queues a fault; those of a kind are used first come, first served, by
 * requests that the limiter lets pass.  Each takes its latency and is counted.
 * ERR_USAGE for what cannot be.  Pending are those that will fail yet. */
int gcssim_fail_next(struct gcssim *sim, const struct gcssim_fault *fault,
    struct err *err) MUST_CHECK;
uint64_t gcssim_faults_pending(const struct gcssim *sim);

/* Zeroes counters and journal, keeps the objects and pending faults. */
void gcssim_reset_counts(struct gcssim *sim);

/* "LIST", "GET", "PUT", "DELETE", "BUCKET", "OTHER". */
const char *gcssim_kind_name(enum gcssim_kind kind);

#endif
