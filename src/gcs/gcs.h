/* SPDX-License-Identifier: MIT */
/*
 * Google Cloud Storage behind the seam: one bucket over the JSON API.
 */
#ifndef GCS_GCS_H
#define GCS_GCS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "src/base/err.h"
#include "src/net/pace.h"

struct loop;
struct storage;
struct token_source;

/* Start from gcs_defaults.  Strings are borrowed for the call of gcs_open. */
struct gcs_opts {
	const char *endpoint; /* as url_parse_endpoint takes it; required */
	const char *bucket;   /* required */
	unsigned connections; /* at most; a connection is made when needed */
	uint64_t seed;        /* of jitter and of idempotency tokens */
	/* Whose tokens requests carry, borrowed until close; NULL: nobody's. */
	struct token_source *tokens;
	const char *quota_project; /* who pays; or NULL */
	const char *ca_file;       /* as of http_opts, borrowed until close */
	const char *header;        /* one more line, "Name: value"; or NULL */
	/* How fast writes (PUT, DELETE) may leave.  Reads (LIST, GET) are as
	 * fast as they can until their own first 429: GCS limits the two
	 * apart, 1000 and 5000 a second where a bucket begins. */
	enum pace_mode pace;
	double rate; /* a second */
	/* Also try PUT and DELETE again when they name no generation: right for
	 * those to whom an object that is gone is a success. */
	bool retry_always;
	/* A PUT of more bytes goes by a resumable session, so that a break costs
	 * only what had not arrived. */
	size_t resumable_over;
	/* A DELETE of a name that does not begin with this never leaves: the
	 * driver's own guard, below every other.  "": all names may. */
	const char *delete_under;
	uint64_t patience_us; /* how long an outage may last, see outage.h */
	uint64_t connect_timeout_us; /* of one try; 0: no limit */
	uint64_t idle_timeout_us;  /* without a byte of the answer; likewise */
	uint64_t total_timeout_us; /* of one try; 0: no limit */
};

void gcs_defaults(struct gcs_opts *opts);

/* NULL and *err when the endpoint or the bucket's name is wrong; the server is
 * not asked.  storage_close frees it. */
struct storage *gcs_open(struct loop *loop, const struct gcs_opts *opts,
    struct err *err);

/* For all below, s comes from gcs_open. */

/* Connections that will be used at most: what was asked, or what the limit of
 * open files allows. */
unsigned gcs_connections(const struct storage *s);

/* A hint: n operations are still to come, of which the number of
 * connections is chosen (net/width.h).  Without it, all may be used. */
void gcs_expect(struct storage *s, uint64_t n);

/* Nothing of what is in flight is sent any more, neither for the first time nor
 * again: what is not on the wire comes back from reap CANCELLED, and the rest
 * with the answer that it gets.  Only marks, as storage_cancel does. */
void gcs_stop(struct storage *s);

/* What the driver is doing, for people. */
struct gcs_status {
	double write_rate; /* a second; 0: not paced */
	double read_rate;
	const char *why;      /* of the write rate, a few words */
	unsigned in_flight;   /* requests on the wire */
	unsigned peak;        /* of that, since gcs_expect */
	unsigned waiting;     /* operations that could leave, and may not yet */
	unsigned window;      /* requests that may be on the wire */
	unsigned connections; /* used at most */
	uint64_t retries;     /* waits for a timer */
	uint64_t requeues;    /* went to the tail: 429, outage, new token */
	uint64_t token_calls; /* of the source, which others may use too */
	uint64_t outages;     /* times that the breaker opened */
	uint64_t probes;      /* sent while it was open */
	bool is_outage;       /* it is open now */
};

void gcs_status(const struct storage *s, struct gcs_status *out);

#endif
