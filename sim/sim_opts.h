/* SPDX-License-Identifier: MIT */
/* How a simulator is started: part of sim.h. */
#ifndef SIM_SIM_OPTS_H
#define SIM_SIM_OPTS_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/bill.h"
#include "sim/cost.h"
#include "sim/delay.h"
#include "sim/rate.h"
#include "src/base/opt.h"

/* What a request is, for latency, limits and counting. */
enum sim_kind {
	SIM_LIST,   /* the objects of a bucket */
	SIM_GET,    /* an object: metadata or media */
	SIM_PUT,    /* what writes one: uploads, patches, copies, restores */
	SIM_DELETE, /* what deletes one, or many in one request */
	SIM_BUCKET, /* buckets themselves, and what a project has */
	SIM_OTHER   /* a batch (its parts are of their own kinds), and what
			* answers 400, 404 or 405 without an operation */
};
enum { SIM_KINDS = SIM_OTHER + 1 };

enum sim_on_limit {
	SIM_ON_LIMIT_429,   /* reject what finds no token */
	SIM_ON_LIMIT_QUEUE, /* let it wait for its token */
	SIM_ON_LIMIT_503    /* reject as a server in trouble does */
};

/* Who is asked who he is, and how much of it is verified. */
enum sim_auth { SIM_AUTH_OFF, SIM_AUTH_TOKEN, SIM_AUTH_STRICT };

/* The limits, of which one is why a request is rejected. */
enum sim_limit {
	SIM_LIMIT_WRITES, /* of a bucket */
	SIM_LIMIT_READS,
	SIM_LIMIT_OBJECT,
	SIM_LIMIT_RANGE,
	SIM_LIMIT_BUCKETS /* creating and deleting them */
};
enum { SIM_LIMITS = SIM_LIMIT_BUCKETS + 1 };

#define SIM_JOURNAL_ALL UINT64_MAX

/* Start from sim_defaults; its strings are borrowed for the start. */
struct sim_opts {
	const char *listen; /* "127.0.0.1:0" */
	/* Where TLS is spoken besides, or NULL: nowhere.  The certificate and
	 * its key are read from files, or NULL: they are made, and then
	 * ca_file (or NULL) gets the certificate of their authority. */
	const char *tls_listen;
	const char *tls_cert;
	const char *tls_key;
	const char *ca_file;
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
	int profile; /* where the defaults are from, see profile.h; says so only */
	struct sim_delay latency;
	struct sim_delay kind_latency[SIM_KINDS]; /* unset: latency */
	struct sim_prices prices;
	/* Rules of what goes wrong, and a file of them or NULL; doc/FAULTS.md has
	 * their grammar. */
	struct opt_strings faults;
	const char *fault_plan;
	uint64_t jitter; /* of every constant latency, in millionths of it */
	uint64_t write_limit; /* per second and bucket; 0: no limit */
	uint64_t read_limit;
	uint64_t burst; /* tokens in a full bucket */
	enum sim_on_limit on_limit;
	/* The two rates may double in each ramp_us (0: never) of a load above
	 * that share of them, in millionths, up to a maximum (0: none), and are
	 * halved when they were of no use for ramp_decay_us; see ramp.h. */
	uint64_t ramp_us;
	uint64_t ramp_share;
	uint64_t ramp_max_writes;
	uint64_t ramp_max_reads;
	uint64_t ramp_decay_us;
	struct sim_rate object_limit; /* writes of each object's name */
	uint64_t object_burst;
	struct sim_rate bucket_limit; /* buckets created and deleted, in all */
	uint64_t bucket_burst;
	uint64_t range_bytes; /* of a name make its range; 0: no ranges */
	struct sim_rate range_write_limit;
	struct sim_rate range_read_limit;
	uint64_t range_burst;
	uint64_t limit_latency_us;     /* before a rejection */
	uint64_t limit_503;            /* share of them, in millionths */
	uint64_t limit_retry_after_us; /* that they tell; 0: nothing */
	int missing_is_412; /* deletes of nothing with ifGenerationMatch */
	/* Of a delete of many: is a key that is not there reported as deleted, and
	 * not as NoSuchKey?  Is it one write, and not as many as keys? */
	int multidelete_forgives;
	int multidelete_is_one_write;
	int retention_is_ignored; /* by deletes and overwriting */
	/* Who comes beyond them is answered 503.  0: as many as descriptors
	 * can be had for; the others wait. */
	uint64_t max_connections;
	/* Requests at once on each connection of HTTP/2, which is spoken inside
	 * of TLS alone; 0: it is not.  And how many a client may take back at
	 * once, and in each half a minute, before it is sent away; 0: any. */
	uint64_t max_streams;
	uint64_t max_resets;
	/* From the first byte of a request's head to its last, or it is
	 * answered 408; 0: any time. */
	uint64_t head_timeout_us;
	/* In each such time a body must bring 1 KiB for each second of it, or
	 * it is answered 408; 0: at any pace. */
	uint64_t body_timeout_us;
	struct sim_tariff tariff; /* of operations, in money */
	/* The newest requests that the journal has rows of; 0: none,
	 * SIM_JOURNAL_ALL: every one. */
	uint64_t journal;
	enum sim_auth auth;
	struct opt_strings
	    tokens; /* "T" or "T=PERMISSIONS"; see permission.h */
	struct opt_strings service_accounts; /* "FILE", "FILE=PERMISSIONS" */
	uint64_t token_lifetime_us;          /* of those that it gives */
	const char *access_log; /* append a line a request; NULL: no log */
	/* Hears of what the simulator survives, once a second at most of
	 * connections that cannot be accepted: NULL, nobody. */
	void (*on_warning)(void *arg, const char *text);
	void *warning_arg;
};

void sim_defaults(struct sim_opts *opts);

/* The bucket that registry_from (not NULL) fills. */
const char *sim_from_bucket(const struct sim_opts *opts);

#endif
