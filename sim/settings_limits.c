/* SPDX-License-Identifier: MIT */
/*
 * Options about limits that would be taken and do nothing are refused, and so
 * are those that contradict each other.
 */
#include "sim/settings.h"

/* What an option may need. */
enum {
	WRITES = 1,
	READS = 2,
	RATES = 4, /* one of the two */
	RAMP = 8,
	OBJECTS = 16,
	BUCKETS = 32,
	RANGE_BYTES = 64,
	RANGE_LIMITS = 128,
	LIMITS = 256, /* any of them all */
	REJECTIONS = 512,
	STATUS_429 = 1024
};

static const char any_limit[] = "goes with a limit, such as --write-limit";
static const char no_queue[] =
    "does not go with --on-limit queue, which rejects nothing";

/* What needs two things stands twice, so that each refusal names one. */
static const struct {
	const char *name;
	unsigned need;
	const char *rule;
} rows[] = {
	{ "burst", RATES, "goes with --write-limit or --read-limit" },
	{ "multidelete-cost", WRITES, "goes with --write-limit" },
	{ "ramp", RATES, "goes with --write-limit or --read-limit" },
	{ "ramp-share", RAMP, "goes with --ramp" },
	{ "ramp-decay", RAMP, "goes with --ramp" },
	{ "ramp-max-writes", RAMP, "goes with --ramp" },
	{ "ramp-max-writes", WRITES, "goes with --write-limit" },
	{ "ramp-max-reads", RAMP, "goes with --ramp" },
	{ "ramp-max-reads", READS, "goes with --read-limit" },
	{ "object-burst", OBJECTS, "goes with --object-limit" },
	{ "bucket-burst", BUCKETS, "goes with --bucket-limit" },
	{ "range-bytes", RANGE_LIMITS,
	    "goes with --range-write-limit or --range-read-limit" },
	{ "range-write-limit", RANGE_BYTES, "goes with --range-bytes" },
	{ "range-read-limit", RANGE_BYTES, "goes with --range-bytes" },
	{ "range-burst", RANGE_BYTES, "goes with --range-bytes" },
	{ "on-limit", LIMITS, any_limit },
	{ "limit-latency", LIMITS, any_limit },
	{ "limit-503", LIMITS, any_limit },
	{ "limit-retry-after", LIMITS, any_limit },
	{ "limit-latency", REJECTIONS, no_queue },
	{ "limit-503", REJECTIONS, no_queue },
	{ "limit-retry-after", REJECTIONS, no_queue },
	{ "limit-503", STATUS_429,
	    "does not go with --on-limit 503, which makes all of them so" },
};

static unsigned
if_true(bool is_true, unsigned what)
{
	return is_true ? what : 0;
}

/* What there is of that. */
static unsigned
find_means(const struct sim_opts *o)
{
	bool has_rates = o->write_limit > 0 || o->read_limit > 0;
	bool has_ranges = o->range_write_limit.n > 0 ||
	    o->range_read_limit.n > 0;
	bool has_any = has_rates || has_ranges || o->object_limit.n > 0 ||
	    o->bucket_limit.n > 0;

	return if_true(o->write_limit > 0, WRITES) |
	    if_true(o->read_limit > 0, READS) | if_true(has_rates, RATES) |
	    if_true(o->ramp_us > 0, RAMP) |
	    if_true(o->object_limit.n > 0, OBJECTS) |
	    if_true(o->bucket_limit.n > 0, BUCKETS) |
	    if_true(o->range_bytes > 0, RANGE_BYTES) |
	    if_true(has_ranges, RANGE_LIMITS) | if_true(has_any, LIMITS) |
	    if_true(o->on_limit != SIM_ON_LIMIT_QUEUE, REJECTIONS) |
	    if_true(o->on_limit != SIM_ON_LIMIT_503, STATUS_429);
}

/* A ramp that ends where it begins is none. */
static int
check_max(const struct settings *v, const char *name, uint64_t max,
    uint64_t base, const char *rule, struct err *err)
{
	return max > 0 && max <= base ? opt_refuse(&v->said, name, rule, err)
				      : 0;
}

int
settings_check_limits(const struct settings *v, struct err *err)
{
	const struct sim_opts *o = &v->opts;
	unsigned means = find_means(o);
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!(rows[i].need & means) &&
		    opt_refuse(&v->said, rows[i].name, rows[i].rule, err) != 0)
			return -1;
	}
	if (check_max(v, "ramp-max-writes", o->ramp_max_writes, o->write_limit,
		"must be above --write-limit, where the ramp begins", err) != 0)
		return -1;
	return check_max(v, "ramp-max-reads", o->ramp_max_reads, o->read_limit,
	    "must be above --read-limit, where the ramp begins", err);
}
