/* SPDX-License-Identifier: MIT */
/*
 * How long a request may take, as a value: what is typed as
 *
 *	42ms
 *	uniform:42ms±10%		also 42ms+-10%
 *	lognormal:p50=42ms,p99=120ms
 *
 * Which of these times a request gets is latency.h's business.
 */
#ifndef SIM_DELAY_H
#define SIM_DELAY_H

#include <stdint.h>

#include "src/base/err.h"

struct buf;

enum gcssim_shape {
	GCSSIM_UNSET, /* nothing was said: the general latency, or none */
	GCSSIM_CONSTANT,
	GCSSIM_UNIFORM,  /* every time of a range is as likely */
	GCSSIM_LOGNORMAL /* most are short, a few are long: as networks are */
};

struct gcssim_delay {
	enum gcssim_shape shape;
	uint64_t us;     /* the constant, the range's middle, or the p50 */
	uint64_t p99_us; /* lognormal */
	uint64_t spread; /* uniform: either way, in millionths of us */
};

/* No request takes longer: 24 hours, in microseconds. */
#define GCSSIM_DELAY_MAX 86400000000U

struct gcssim_delay gcssim_constant(uint64_t us);

/* ERR_USAGE names the text and what is wrong with it. */
int gcssim_parse_delay(const char *text, struct gcssim_delay *out,
    struct err *err) MUST_CHECK;

/* "uniform:±10%", "±10%", "+-10%", "10%": millionths. */
int gcssim_parse_jitter(const char *text, uint64_t *out,
    struct err *err) MUST_CHECK;

/* A constant becomes uniform around itself; the other shapes stay. */
struct gcssim_delay gcssim_jittered(struct gcssim_delay d, uint64_t jitter);

/* ERR_USAGE for one that nobody could have typed. */
int gcssim_check_delay(const struct gcssim_delay *d,
    struct err *err) MUST_CHECK;

/* "42ms", "42ms ±10%", "lognormal p50=42ms p99=120ms". */
void gcssim_add_delay(const struct gcssim_delay *d, struct buf *out);

#endif
