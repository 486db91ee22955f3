/* SPDX-License-Identifier: MIT */
/*
 * A grammar of some shapes.  Each parser takes the rest of the text and
 * answers what is wrong with it, or NULL; points.c has those of its own.
 */
#include "sim/delay.h"

#include <string.h>

#include "sim/points.h"
#include "src/base/buf.h"
#include "src/base/opt.h"
#include "src/base/str.h"

enum {
	WHOLE = 1000000, /* spreads are millionths */
	PER_CENT = WHOLE / 100,
	TIME_TEXT_MAX = 32,
	QUOTE_MAX = 80 /* so much of what was typed is in an error */
};

static const char plus_minus[] = "±";
static const char points[] = "points:";
static const char table[] = "table:";
static const char want_any[] = "want a time such as 42ms, uniform:42ms±10%, "
			       "lognormal:p50=42ms,p99=120ms, table:FILE or "
			       "points:0%=18ms,50%=42ms,100%=2s";
static const char want_time[] = "want times such as 42ms, 1.5s or 2m";
static const char want_less[] = "want at most 24 hours";
static const char want_uniform[] = "want uniform:42ms±10%, or +- for the sign";
static const char want_spread[] =
    "want a spread such as 10%, from ±0% to ±100%";

struct sim_delay
sim_constant(uint64_t us)
{
	return (struct sim_delay){ .shape = SIM_CONSTANT, .us = us };
}

/* The first n bytes as a time. */
static const char *
parse_time(const char *s, size_t n, uint64_t *us)
{
	char text[TIME_TEXT_MAX];

	if (n >= sizeof(text))
		return want_time;
	memcpy(text, s, n);
	text[n] = '\0';
	return str_parse_duration(text, us) == 0 ? NULL : want_time;
}

/* The sign is UTF-8 or, for keyboards without it, ASCII. */
static size_t
sign_length(const char *s)
{
	if (str_starts(s, plus_minus))
		return strlen(plus_minus);
	return str_starts(s, "+-") ? strlen("+-") : 0;
}

static const char *
parse_spread(const char *s, uint64_t *spread)
{
	uint64_t percent;

	if (!str_ends(s, "%") || str_parse_percent(s, &percent) != 0)
		return want_spread;
	*spread = percent * PER_CENT;
	return NULL;
}

static const char *
parse_uniform(const char *s, struct sim_delay *d)
{
	size_t n = 0;
	const char *fault;

	d->shape = SIM_UNIFORM;
	while (s[n] != '\0' && sign_length(s + n) == 0)
		n++;
	if (s[n] == '\0')
		return want_uniform;
	if ((fault = parse_time(s, n, &d->us)) != NULL)
		return fault;
	return parse_spread(s + n + sign_length(s + n), &d->spread);
}

static const char *
parse_lognormal(const char *s, struct sim_delay *d)
{
	const char *p99 = strstr(s, ",p99=");
	const char *fault;

	d->shape = SIM_LOGNORMAL;
	if (!str_starts(s, "p50=") || p99 == NULL)
		return "want lognormal:p50=42ms,p99=120ms";
	s += strlen("p50=");
	if ((fault = parse_time(s, (size_t)(p99 - s), &d->us)) != NULL)
		return fault;
	p99 += strlen(",p99=");
	return parse_time(p99, strlen(p99), &d->p99_us);
}

static const char *
parse_shape(const char *text, struct sim_delay *d)
{
	static const char uniform[] = "uniform:", lognormal[] = "lognormal:";

	if (str_starts(text, uniform))
		return parse_uniform(text + strlen(uniform), d);
	if (str_starts(text, lognormal))
		return parse_lognormal(text + strlen(lognormal), d);
	*d = sim_constant(0);
	return str_parse_duration(text, &d->us) == 0 ? NULL : want_any;
}

static const char *
find_fault(const struct sim_delay *d)
{
	if (d->us > SIM_DELAY_MAX || d->p99_us > SIM_DELAY_MAX)
		return want_less;
	if (d->shape == SIM_UNIFORM && d->spread > WHOLE)
		return want_spread;
	if (d->shape == SIM_UNIFORM &&
	    d->us + d->us * d->spread / WHOLE > SIM_DELAY_MAX)
		return want_less;
	if (d->shape == SIM_POINTS)
		return points_fault(d);
	if (d->shape == SIM_LOGNORMAL && d->us == 0)
		return "the p50 must be longer than 0";
	if (d->shape == SIM_LOGNORMAL && d->p99_us <= d->us)
		return "the p99 must be longer than the p50";
	return NULL;
}

static int
parse_plain(const char *text, struct sim_delay *d, struct err *err)
{
	const char *fault = parse_shape(text, d);

	if (fault == NULL)
		fault = find_fault(d);
	if (fault != NULL)
		return err_set(err, ERR_USAGE, "'%.*s': %s", QUOTE_MAX, text,
		    fault);
	return 0;
}

int
sim_parse_delay(const char *text, struct sim_delay *out, struct err *err)
{
	struct sim_delay d = { 0 };
	int rc;

	if (str_starts(text, points))
		rc = points_parse(text + strlen(points), &d, err);
	else if (str_starts(text, table))
		rc = points_read(text + strlen(table), &d, err);
	else
		rc = parse_plain(text, &d, err);
	if (rc == 0)
		*out = d;
	return rc;
}

int
sim_parse_jitter(const char *text, uint64_t *out, struct err *err)
{
	const char *s = text;
	const char *fault;

	if (str_starts(s, "uniform:"))
		s += strlen("uniform:");
	fault = parse_spread(s + sign_length(s), out);
	if (fault != NULL)
		return err_set(err, ERR_USAGE, "'%s': %s", text, fault);
	return 0;
}

struct sim_delay
sim_jittered(struct sim_delay d, uint64_t jitter)
{
	if (d.shape == SIM_CONSTANT && jitter > 0) {
		d.shape = SIM_UNIFORM;
		d.spread = jitter;
	}
	return d;
}

int
sim_check_delay(const struct sim_delay *d, struct err *err)
{
	const char *fault = find_fault(d);

	return fault == NULL ? 0
			     : err_set(err, ERR_USAGE, "latency: %s", fault);
}

void
sim_add_time(uint64_t us, struct buf *out)
{
	if (us % 1000 == 0)
		buf_addf(out, "%llums", (unsigned long long)us / 1000);
	else
		buf_addf(out, "%lluus", (unsigned long long)us);
}

void
sim_add_delay(const struct sim_delay *d, struct buf *out)
{
	bool is_curve = d->shape == SIM_LOGNORMAL || d->shape == SIM_POINTS;

	if (d->shape == SIM_LOGNORMAL)
		buf_adds(out, "lognormal p50=");
	if (d->shape == SIM_POINTS)
		buf_addf(out, "%u points p50=", (unsigned)d->points);
	sim_add_time(d->us, out);
	if (d->shape == SIM_UNIFORM)
		buf_addf(out, " %s%g%%", plus_minus,
		    (double)d->spread / PER_CENT);
	if (is_curve) {
		buf_adds(out, " p99=");
		sim_add_time(d->p99_us, out);
	}
	if (d->shape == SIM_POINTS) {
		buf_adds(out, " max=");
		sim_add_time(d->at_us[d->points - 1], out);
	}
}

/* --- for option tables --- */

static int
parse_value(const char *text, void *value, struct err *err)
{
	return sim_parse_delay(text, value, err);
}

/* As it is typed. */
static void
format_value(const void *value, struct buf *out)
{
	const struct sim_delay *d = value;

	if (d->shape == SIM_POINTS) {
		buf_adds(out, points);
		points_format(d, out);
		return;
	}
	if (d->shape == SIM_UNIFORM)
		buf_adds(out, "uniform:");
	if (d->shape == SIM_LOGNORMAL)
		buf_adds(out, "lognormal:p50=");
	if (d->shape != SIM_UNSET)
		sim_add_time(d->us, out);
	if (d->shape == SIM_UNIFORM)
		buf_addf(out, "%s%g%%", plus_minus,
		    (double)d->spread / PER_CENT);
	if (d->shape == SIM_LOGNORMAL) {
		buf_adds(out, ",p99=");
		sim_add_time(d->p99_us, out);
	}
}

const struct opt_grammar sim_delay_grammar = { sizeof(struct sim_delay),
	parse_value, format_value, table };

static int
parse_jitter(const char *text, void *value, struct err *err)
{
	return sim_parse_jitter(text, value, err);
}

static void
format_jitter(const void *value, struct buf *out)
{
	uint64_t spread;

	memcpy(&spread, value, sizeof(spread));
	buf_addf(out, "%g%%", (double)spread / PER_CENT);
}

const struct opt_grammar sim_jitter_grammar = { sizeof(uint64_t), parse_jitter,
	format_jitter, NULL };
