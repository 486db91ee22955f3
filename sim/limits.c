/* SPDX-License-Identifier: MIT */
/*
 * A bucket's limiters are made when it is first asked, which is as good as
 * always: until then they would have been full.  Its serial number is in the keys
 * of its names, so that a bucket that is made again shares none with the one
 * before.
 */
#include "sim/limits.h"

#include <stdlib.h>
#include <string.h>

#include "src/base/mem.h"
#include "src/base/rng.h"

enum { MILLION = 1000000 };

struct limits_bucket {
	struct limits_bucket *next;
	char *name;
	uint64_t serial;
	struct ramp writes, reads;
};

static struct ramp_rules
rules_of(const struct sim_opts *opts, uint64_t base, uint64_t max)
{
	return (struct ramp_rules){ .period_us = opts->ramp_us,
		.decay_us = opts->ramp_decay_us,
		.share = opts->ramp_share,
		.base = base,
		.max = max };
}

static struct limits_rates
rates_of(const struct sim_opts *opts)
{
	return (struct limits_rates){
		.writes = rules_of(opts, opts->write_limit,
		    opts->ramp_max_writes),
		.reads = rules_of(opts, opts->read_limit, opts->ramp_max_reads),
		.burst = opts->burst,
		.makers = opts->bucket_limit,
		.makers_burst = opts->bucket_burst,
		.objects = opts->object_limit,
		.objects_burst = opts->object_burst,
		.range_bytes = opts->range_bytes,
		.range_writes = opts->range_write_limit,
		.range_reads = opts->range_read_limit,
		.range_burst = opts->range_burst,
	};
}

void
limits_configure(struct limits *l, const struct sim_opts *opts)
{
	struct limits_rates rates = rates_of(opts);

	l->on_limit = opts->on_limit;
	l->latency_us = opts->limit_latency_us;
	l->share_503 = opts->limit_503;
	l->retry_after_us = opts->limit_retry_after_us;
	if (memcmp(&rates, &l->rates, sizeof(rates)) == 0)
		return;
	limits_release(l);
	l->rates = rates;
	limiter_init(&l->makers, rates.makers, rates.makers_burst, 0);
	limits_keyed_init(&l->objects, rates.objects, rates.objects_burst);
	limits_keyed_init(&l->range_writes, rates.range_writes,
	    rates.range_burst);
	limits_keyed_init(&l->range_reads, rates.range_reads,
	    rates.range_burst);
}

bool
limits_exist(const struct limits *l)
{
	const struct limits_rates *r = &l->rates;

	return r->writes.base > 0 || r->reads.base > 0 || r->makers.n > 0 ||
	    r->objects.n > 0 || r->range_bytes > 0;
}

/* --- buckets --- */

static void
free_bucket(struct limits_bucket *b)
{
	free(b->name);
	free(b);
}

void
limits_release(struct limits *l)
{
	struct limits_bucket *b;

	while ((b = l->buckets) != NULL) {
		l->buckets = b->next;
		free_bucket(b);
	}
	limits_keyed_release(&l->objects);
	limits_keyed_release(&l->range_writes);
	limits_keyed_release(&l->range_reads);
}

void
limits_refill(struct limits *l)
{
	limits_release(l);
	l->makers.level = l->makers.burst;
}

/* Where the bucket of that name is, or would be. */
static struct limits_bucket **
find(struct limits *l, const char *name)
{
	struct limits_bucket **at = &l->buckets;

	while (*at != NULL && strcmp((*at)->name, name) != 0)
		at = &(*at)->next;
	return at;
}

void
limits_forget(struct limits *l, const char *bucket)
{
	struct limits_bucket **at = find(l, bucket), *b = *at;

	if (b == NULL)
		return;
	*at = b->next;
	free_bucket(b);
}

static struct limits_bucket *
find_or_make(struct limits *l, const char *name, uint64_t now_us)
{
	struct limits_bucket **at = find(l, name), *b = *at;

	if (b != NULL)
		return b;
	*at = b = mem_zalloc(1, sizeof(*b));
	b->name = mem_strdup(name);
	b->serial = ++l->serial;
	ramp_init(&b->writes, &l->rates.writes, l->rates.burst, now_us);
	ramp_init(&b->reads, &l->rates.reads, l->rates.burst, now_us);
	return b;
}

uint64_t
limits_rate(struct limits *l, const char *bucket, enum limits_class class,
    uint64_t now_us)
{
	bool is_read = class == LIMITS_READ;
	const struct ramp_rules *rules = is_read ? &l->rates.reads
						 : &l->rates.writes;
	struct limits_bucket *b = *find(l, bucket);
	struct ramp *ramp;

	if (b == NULL)
		return rules->base;
	ramp = is_read ? &b->reads : &b->writes;
	ramp_roll(ramp, rules, now_us);
	return ramp->limiter.rate.n;
}

/* --- one request --- */

/* What it meets. */
struct meeting {
	const struct limits_ask *ask;
	uint64_t serial;
	struct limiter *whole;        /* of its bucket, or makers */
	struct limits_keyed *objects; /* or NULL */
	struct limits_keyed *ranges;  /* or NULL */
	uint64_t range_bytes;
};

static void
meet(struct limits *l, const struct limits_ask *ask, uint64_t now_us,
    struct meeting *m)
{
	bool is_read = ask->class == LIMITS_READ;
	const struct ramp_rules *rules = is_read ? &l->rates.reads
						 : &l->rates.writes;
	struct limits_bucket *b;
	struct ramp *ramp;

	*m = (struct meeting){ .ask = ask, .whole = &l->makers };
	if (ask->class == LIMITS_MAKE)
		return;
	b = find_or_make(l, ask->bucket, now_us);
	ramp = is_read ? &b->reads : &b->writes;
	ramp_roll(ramp, rules, now_us);
	ramp_offer(ramp, ask->tokens);
	m->whole = &ramp->limiter;
	m->serial = b->serial;
	if (ask->is_mutation)
		m->objects = &l->objects;
	if (l->rates.range_bytes > 0)
		m->ranges = is_read ? &l->range_reads : &l->range_writes;
	m->range_bytes = l->rates.range_bytes;
}

static uint64_t
name_key(const struct meeting *m, const struct limits_name *name)
{
	return rng_hash(name->s, name->n, m->serial);
}

static uint64_t
range_key(const struct meeting *m, const struct limits_name *name)
{
	uint64_t n = name->n < m->range_bytes ? name->n : m->range_bytes;

	return rng_hash(name->s, n, m->serial);
}

/* Is there a token for each of its names?  Of what names one twice the second
 * is promised, as the further tokens of its bucket are. */
static bool
has_for_names(const struct meeting *m, const struct limits_keyed *k,
    uint64_t (*key)(const struct meeting *m, const struct limits_name *name),
    uint64_t now_us)
{
	size_t i;

	for (i = 0; k != NULL && i < m->ask->names_n; i++) {
		if (!limits_keyed_has(k, key(m, &m->ask->names[i]), now_us))
			return false;
	}
	return true;
}

/* False: it is rejected, by that. */
static bool
has_tokens(const struct meeting *m, uint64_t now_us, enum sim_limit *by)
{
	static const enum sim_limit whole[] = {
		[LIMITS_READ] = SIM_LIMIT_READS,
		[LIMITS_WRITE] = SIM_LIMIT_WRITES,
		[LIMITS_MAKE] = SIM_LIMIT_BUCKETS,
	};

	*by = SIM_LIMIT_OBJECT;
	if (!has_for_names(m, m->objects, name_key, now_us))
		return false;
	*by = SIM_LIMIT_RANGE;
	if (!has_for_names(m, m->ranges, range_key, now_us))
		return false;
	*by = whole[m->ask->class];
	return limiter_has(m->whole, now_us);
}

static uint64_t
longer(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* How long until the last of its tokens is there. */
static uint64_t
charge(const struct meeting *m, uint64_t now_us)
{
	uint64_t wait = limiter_charge(m->whole, m->ask->tokens, now_us);
	const struct limits_name *name;
	size_t i;

	for (i = 0; i < m->ask->names_n; i++) {
		name = &m->ask->names[i];
		if (m->objects != NULL)
			wait = longer(wait,
			    limits_keyed_charge(m->objects, name_key(m, name),
				now_us));
		if (m->ranges != NULL)
			wait = longer(wait,
			    limits_keyed_charge(m->ranges, range_key(m, name),
				now_us));
	}
	return wait;
}

/* Exactly that share of the rejections, as evenly as can be. */
static int
choose_status(struct limits *l)
{
	if (l->on_limit == SIM_ON_LIMIT_503)
		return 503;
	l->owed_503 += l->share_503;
	if (l->owed_503 < MILLION)
		return 429;
	l->owed_503 -= MILLION;
	return 503;
}

void
limits_decide(struct limits *l, const struct limits_ask *ask, uint64_t now_us,
    struct limits_verdict *v)
{
	bool queues = l->on_limit == SIM_ON_LIMIT_QUEUE;
	struct meeting m;
	uint64_t wait;

	meet(l, ask, now_us, &m);
	*v = (struct limits_verdict){ .passes = true };
	if (!queues && !has_tokens(&m, now_us, &v->by)) {
		v->passes = false;
		v->status = choose_status(l);
		v->wait_us = l->latency_us;
		return;
	}
	wait = charge(&m, now_us);
	v->wait_us = queues ? wait : 0;
}
