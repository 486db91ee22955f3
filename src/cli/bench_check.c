/* SPDX-License-Identifier: MIT */
/* An option that a table has no use for would be ignored, and whoever said it
 * would read its effect into the figures: say so instead. */
#include "src/cli/bench_check.h"

#include <stdbool.h>
#include <stddef.h>

#include "src/base/loop.h"
#include "src/cli/options.h"

#define ON(table) (1U << (table))

/* Options that only some tables have a use for. */
static const struct {
	const char *option;
	unsigned tables;
	const char *rule;
} uses[] = {
	{ "n",
	    ON(BENCH_BLOBS) | ON(BENCH_2X2) | ON(BENCH_LIMITER) |
		ON(BENCH_LATENCY),
	    "goes with the tables blobs, 2x2, limiter and latency" },
	{ "m", ON(BENCH_MANIFESTS), "goes with the table manifests" },
	{ "t", ON(BENCH_MANIFESTS), "goes with the table manifests" },
};

static int
check_table(const struct options *o, struct err *err)
{
	size_t i;

	for (i = 0; i < sizeof(uses) / sizeof(uses[0]); i++) {
		if (!(uses[i].tables & ON(o->table)) &&
		    opt_refuse(&o->said, uses[i].option, uses[i].rule, err) !=
			0)
			return -1;
	}
	if (o->table == BENCH_2X2 && o->strategy != BENCH_BOTH)
		return opt_refuse(&o->said, "strategy",
		    "does not go with the table 2x2, which always has both",
		    err);
	return 0;
}

static int
check_limiter(const struct options *o, struct err *err)
{
	bool is_limited = o->write_limit == OPT_AUTO ? o->table == BENCH_LIMITER
						     : o->write_limit != 0;

	if (is_limited && o->table == BENCH_LATENCY)
		return opt_refuse(&o->said, "write-limit",
		    "does not go with the table latency, which has no limiter",
		    err);
	if (!is_limited && o->table == BENCH_LIMITER)
		return opt_refuse(&o->said, "write-limit",
		    "is needed in the table limiter, and cannot be off", err);
	if (!is_limited &&
	    (opt_refuse(&o->said, "burst",
		 "goes with a limiter: say --write-limit too", err) != 0 ||
		opt_refuse(&o->said, "on-limit",
		    "goes with a limiter: say --write-limit too", err) != 0))
		return -1;
	return 0;
}

int
bench_check(const struct options *o, struct err *err)
{
	if (check_table(o, err) != 0 || check_limiter(o, err) != 0)
		return -1;
	if (o->clock == LOOP_VIRTUAL)
		return opt_refuse(&o->said, "simulator",
		    "goes with --clock real", err);
	return 0;
}
