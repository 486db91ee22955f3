/* SPDX-License-Identifier: MIT */
/*
 * How long a request may take, as a value: what is typed as
 *
 *	42ms
 *	uniform:42ms±10%		also 42ms+-10%
 *	lognormal:p50=42ms,p99=120ms
 *	points:0%=18ms,50%=42ms,100%=2s	see points.h
 *	table:FILE			the same, out of a file
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
	SIM_UNIFORM,   /* every time of a range is as likely */
	SIM_LOGNORMAL, /* most are short, a few are long: as networks are */
	SIM_POINTS     /* as it was measured */
};

enum { SIM_POINTS_MAX = 64 };

struct sim_delay {
	enum sim_shape shape;
	uint64_t us;     /* the constant, the range's middle, or the p50 */
	uint64_t p99_us; /* lognormal, points */
	uint64_t spread; /* uniform: either way, in millionths of us */
	/* points: of so many millionths of all requests none takes longer. */
	uint32_t points;
	uint32_t share[SIM_POINTS_MAX];
	uint64_t at_us[SIM_POINTS_MAX];
};

/* No request takes longer: 24 hours, in microseconds. */
#define SIM_DELAY_MAX 86400000000U

struct sim_delay sim_constant(uint64_t us);

/* ERR_USAGE names the text and what is wrong with it, ERR_CONFIG the file and
 * the line. */
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

/* "42ms", "42ms ±10%", "lognormal p50=42ms p99=120ms", "3 points p50=42ms
 * p99=120ms max=2000ms". */
void sim_add_delay(const struct sim_delay *d, struct buf *out);

/* "42ms", "250us". */
void sim_add_time(uint64_t us, struct buf *out);

#endif
