/* SPDX-License-Identifier: MIT */
/* How a simulator is started: part of gcssim.h. */
#ifndef SIM_GCSSIM_OPTS_H
#define SIM_GCSSIM_OPTS_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/delay.h"

/* What a request is, for latency, limits and counting. */
enum gcssim_kind {
	GCSSIM_LIST,   /* the objects of a bucket */
	GCSSIM_GET,    /* an object: metadata or media */
	GCSSIM_PUT,    /* what writes one: uploads, patches, copies, restores */
	GCSSIM_DELETE, /* what deletes one, or many in one request */
	GCSSIM_BUCKET, /* buckets themselves */
	GCSSIM_OTHER   /* a batch (its parts are of their own kinds), and what
			* answers 400, 404 or 405 without an operation */
};
enum { GCSSIM_KINDS = GCSSIM_OTHER + 1 };

enum gcssim_on_limit {
	GCSSIM_ON_LIMIT_429,   /* reject what finds no token */
	GCSSIM_ON_LIMIT_QUEUE, /* let it wait for its token */
	GCSSIM_ON_LIMIT_503    /* reject as a server in trouble does */
};

/* Start from gcssim_defaults; its strings are borrowed for the start. */
struct gcssim_opts {
	const char *listen;   /* "127.0.0.1:0" */
	uint64_t seed;        /* of everything random */
	const char *registry; /* "demo", a SPEC, or NULL: no bucket at first */
	const char *bucket;   /* where the registry goes */
	bool make_bucket;     /* also when nothing fills it */
	const char *root;     /* its rootdirectory, "" for none */
	/* "DIR" or "DIR=BUCKET": a folder whose files fill `bucket` or another
	 * (not the registry's), or NULL. */
	const char *registry_from;
	bool keep_mtime; /* generations are the files' times */
	/* The file that keeps the buckets, or NULL.  One that it has already
	 * is not filled. */
	const char *data;
	/* Hears, once, that the file cannot be written; from then on every
	 * request is answered 503.  NULL: nobody. */
	void (*on_failure)(void *arg, const char *text);
	void *failure_arg;
	struct gcssim_delay latency;
	struct gcssim_delay kind_latency[GCSSIM_KINDS]; /* unset: latency */
	uint64_t jitter; /* of every constant latency, in millionths of it */
	uint64_t write_limit; /* per second and bucket; 0: no limit */
	uint64_t read_limit;
	uint64_t burst; /* tokens in a full bucket */
	enum gcssim_on_limit on_limit;
	bool missing_is_412; /* deletes of nothing with ifGenerationMatch */
	/* Of a delete of many: is a key that is not there reported as deleted,
	 * and not as NoSuchKey?  Is it one write, and not as many as keys? */
	bool multidelete_forgives;
	bool multidelete_is_one_write;
	/* Who comes beyond them is answered 503.  0: as many as descriptors
	 * can be had for; the others wait. */
	uint64_t max_connections;
	/* From the first byte of a request's head to its last, or it is
	 * answered 408; 0: any time. */
	uint64_t head_timeout_us;
	/* In each such time a body must bring 1 KiB for each second of it, or
	 * it is answered 408; 0: at any pace. */
	uint64_t body_timeout_us;
	const char *access_log; /* append a line a request; NULL: no log */
	/* Hears of what the simulator survives, once a second at most of
	 * connections that cannot be accepted: NULL, nobody. */
	void (*on_warning)(void *arg, const char *text);
	void *warning_arg;
};

void gcssim_defaults(struct gcssim_opts *opts);

/* The bucket that registry_from (not NULL) fills. */
const char *gcssim_from_bucket(const struct gcssim_opts *opts);

#endif
