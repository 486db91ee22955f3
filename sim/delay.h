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
struct opt_grammar;

enum sim_shape {
	SIM_UNSET, /* nothing was said: the general latency, or none */
	SIM_CONSTANT,
	SIM_UNIFORM,  /* every time of a range is as likely */
	SIM_LOGNORMAL /* most are short, a few are long: as networks are */
};

struct sim_delay {
	enum sim_shape shape;
	uint64_t us;     /* the constant, the range's middle, or the p50 */
	uint64_t p99_us; /* lognormal */
	uint64_t spread; /* uniform: either way, in millionths of us */
};

/* No request takes longer: 24 hours, in microseconds. */
#define SIM_DELAY_MAX 86400000000U

struct sim_delay sim_constant(uint64_t us);

/* ERR_USAGE names the text and what is wrong with it. */
int sim_parse_delay(const char *text, struct sim_delay *out,
    struct err *err) MUST_CHECK;

/* For option tables: a delay, and a jitter (uint64_t). */
extern const struct opt_grammar sim_delay_grammar;
extern const struct opt_grammar sim_jitter_grammar;

/* "uniform:±10%", "±10%", "+-10%", "10%": millionths. */
int sim_parse_jitter(const char *text, uint64_t *out,
    struct err *err) MUST_CHECK;

/* A constant becomes uniform around itself; the other shapes stay. */
struct sim_delay sim_jittered(struct sim_delay d, uint64_t jitter);

/* ERR_USAGE for one that nobody could have typed. */
int sim_check_delay(const struct sim_delay *d, struct err *err) MUST_CHECK;

/* "42ms", "42ms ±10%", "lognormal p50=42ms p99=120ms". */
void sim_add_delay(const struct sim_delay *d, struct buf *out);

#endif
