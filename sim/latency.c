/* SPDX-License-Identifier: MIT */
/*
 * The identity of a request is hashed, and the hash seeds the few random bits
 * that the draw needs: whatever the order of arrival, whatever else is asked,
 * the third DELETE of an object always takes as long.
 */
#include "sim/latency.h"

#include <math.h>

#include "sim/points.h"
#include "src/base/buf.h"
#include "src/base/rng.h"

/* How many standard deviations the 99th percentile is from the middle. */
static const double Z99 = 2.3263478740408408;

int
latency_init(struct latency *l, const struct sim_opts *opts, struct err *err)
{
	struct latency made = { .seed = opts->seed };
	struct sim_delay d;
	int kind;

	for (kind = 0; kind < SIM_KINDS; kind++) {
		d = opts->kind_latency[kind];
		if (d.shape == SIM_UNSET)
			d = opts->latency;
		made.delay[kind] = sim_jittered(d, opts->jitter);
		if (sim_check_delay(&made.delay[kind], err) != 0)
			return -1;
	}
	*l = made;
	return 0;
}

/* Even in (0, 1), both ends left out, so that its logarithm is a number. */
static double
draw_fraction(struct rng *rng)
{
	return ((double)(rng_next(rng) >> 12) + 0.5) / 0x1p52;
}

/* A normal deviate, by Box and Muller's transformation. */
static double
draw_normal(struct rng *rng)
{
	double radius = sqrt(-2 * log(draw_fraction(rng)));

	return radius * cos(2 * M_PI * draw_fraction(rng));
}

static uint64_t
draw_uniform(const struct sim_delay *d, struct rng *rng)
{
	uint64_t either_way = d->us * d->spread / 1000000;

	return d->us - either_way + rng_below(rng, 2 * either_way + 1);
}

static uint64_t
draw_lognormal(const struct sim_delay *d, struct rng *rng)
{
	double sigma = log((double)d->p99_us / (double)d->us) / Z99;
	double us = (double)d->us * exp(sigma * draw_normal(rng));

	/* The tail of this shape has no end; ours has one. */
	return us < (double)SIM_DELAY_MAX ? (uint64_t)(us + 0.5)
					  : SIM_DELAY_MAX;
}

static uint64_t
draw(const struct sim_delay *d, struct rng *rng)
{
	switch (d->shape) {
	case SIM_UNIFORM:
		return draw_uniform(d, rng);
	case SIM_LOGNORMAL:
		return draw_lognormal(d, rng);
	case SIM_POINTS:
		return points_at(d, draw_fraction(rng) * 1000000);
	case SIM_UNSET:
	case SIM_CONSTANT:
		break;
	}
	return d->us;
}

uint64_t
latency_of(const struct latency *l, enum sim_kind kind,
    const struct buf *bucket, const struct buf *name, uint32_t nth)
{
	const struct sim_delay *d = &l->delay[kind];
	const uint64_t which[] = { kind, nth };
	struct rng rng;
	uint64_t h;

	if (d->shape == SIM_UNSET || d->shape == SIM_CONSTANT)
		return d->us;
	h = rng_hash(which, sizeof(which), l->seed);
	h = rng_hash(bucket->data, bucket->len, h);
	h = rng_hash(name->data, name->len, h);
	rng_init(&rng, h);
	return draw(d, &rng);
}
