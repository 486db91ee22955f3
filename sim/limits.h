/* SPDX-License-Identifier: MIT */
/*
 * All limits of a simulator: whether a request passes, waits for its tokens, or
 * is rejected, by which limit, with what status and how late.  Pure: what the
 * request is and what time it is are told.
 *
 *	buckets		creating and deleting them, for the whole simulator
 *	object		what writes an object, for each name
 *	range		reads and writes, each, for the names of a bucket that
 *			have the same leading bytes
 *	writes, reads	for each bucket, at a rate that may ramp up (ramp.h)
 *
 * A request takes its tokens from all limits that it meets, or from none.  Of
 * those that have none for it the first of that order is the reason.
 */
#ifndef SIM_LIMITS_H
#define SIM_LIMITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/limits_keyed.h"
#include "sim/ramp.h"
#include "sim/sim_opts.h"

struct limits_bucket;

/* Compared byte by byte, so no member may leave a hole. */
struct limits_rates {
	struct ramp_rules writes, reads;
	uint64_t burst;
	struct sim_rate makers;
	uint64_t makers_burst;
	struct sim_rate objects;
	uint64_t objects_burst;
	uint64_t range_bytes; /* 0: no ranges */
	struct sim_rate range_writes, range_reads;
	uint64_t range_burst;
};

/* All zero: no limits. */
struct limits {
	struct limits_rates rates;
	enum sim_on_limit on_limit;
	uint64_t latency_us;     /* of a rejection */
	uint64_t retry_after_us; /* that it tells; 0: nothing */
	uint64_t share_503;      /* of the rejections, in millionths */
	uint64_t owed_503;       /* the same, of one of them */
	struct limiter makers;   /* of buckets */
	struct limits_keyed objects, range_writes, range_reads;
	struct limits_bucket *buckets; /* those that were asked */
	uint64_t serial;               /* given to the last of them */
};

enum limits_class { LIMITS_READ, LIMITS_WRITE, LIMITS_MAKE };

struct limits_name {
	const char *s;
	size_t n;
};

struct limits_ask {
	enum limits_class class;
	const char *bucket;              /* NULL: of LIMITS_MAKE */
	uint64_t tokens;                 /* of its reads or writes */
	const struct limits_name *names; /* those that it reads or writes */
	size_t names_n;
	bool is_mutation; /* the object limit is for it */
};

struct limits_verdict {
	bool passes;
	enum sim_limit by; /* if it does not */
	int status;        /* 429 or 503 */
	uint64_t wait_us;  /* before it acts, or is rejected */
};

/* Takes over what the options say.  When a rate or a burst is not what it was
 * all are full, as at the beginning. */
void limits_configure(struct limits *l, const struct sim_opts *opts);
void limits_release(struct limits *l);

/* Is there any limit at all? */
bool limits_exist(const struct limits *l);

/* All are full again, and ramps at their base. */
void limits_refill(struct limits *l);

/* The bucket is gone; one of that name will find all limits full. */
void limits_forget(struct limits *l, const char *bucket);

/* Decides, and takes what the request costs.  Who waits has his tokens; who is
 * rejected has cost none, but was offered to the ramps. */
void limits_decide(struct limits *l, const struct limits_ask *ask,
    uint64_t now_us, struct limits_verdict *v);

/* What a bucket admits at present of reads and writes, per second; 0: any. */
uint64_t limits_rate(struct limits *l, const char *bucket,
    enum limits_class class, uint64_t now_us);

#endif
