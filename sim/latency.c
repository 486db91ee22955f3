/* SPDX-License-Identifier: MIT */
/* One constant per kind of request. */
#include "sim/latency.h"

void
latency_init(struct latency *l, const struct gcssim_opts *opts)
{
	int kind;

	for (kind = 0; kind < GCSSIM_KINDS; kind++)
		l->us[kind] = opts->kind_latency_us[kind] != GCSSIM_UNSET
		    ? opts->kind_latency_us[kind]
		    : opts->latency_us;
}

uint64_t
latency_of(const struct latency *l, enum gcssim_kind kind)
{
	return l->us[kind];
}
