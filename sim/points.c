/* SPDX-License-Identifier: MIT */
/*
 * Points come one by one, from a text or from a file's lines, and each is held
 * against the one before it.  All there is of a file is a few lines, so what is
 * larger is no such file.
 */
#include "sim/points.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "sim/delay.h"
#include "src/base/buf.h"
#include "src/base/str.h"

enum {
	WHOLE = 1000000, /* shares are millionths */
	PER_CENT = WHOLE / 100,
	WORD_MAX = 32, /* the longest number or time, and its NUL */
	FILE_BYTES = 64 * 1024
};

static const char want_rise[] =
    "percentiles rise, and times do not fall, from each to the next";
static const char want_ends[] =
    "want 0% first, the shortest time, and 100% last, the longest";
static const char want_few[] = "want at most 64 percentiles";
static const char want_less[] = "want at most 24 hours";

/* Words of n bytes that are no longer than any number. */
struct word {
	char text[WORD_MAX];
};

static bool
take_word(struct word *w, const char *s, size_t n)
{
	if (n >= sizeof(w->text) || memchr(s, '\0', n) != NULL)
		return false;
	memcpy(w->text, s, n);
	w->text[n] = '\0';
	return true;
}

/* Is the point i fit to stand behind those before it? */
static const char *
step_fault(const struct sim_delay *d, size_t i)
{
	if (d->at_us[i] > SIM_DELAY_MAX)
		return want_less;
	if (i == 0)
		return d->share[0] == 0 ? NULL : want_ends;
	return d->share[i] > d->share[i - 1] && d->at_us[i] >= d->at_us[i - 1]
	    ? NULL
	    : want_rise;
}

static const char *
add_point(struct sim_delay *d, uint64_t share, uint64_t us)
{
	size_t i = d->points;

	if (i == SIM_POINTS_MAX)
		return want_few;
	d->share[i] = (uint32_t)share;
	d->at_us[i] = us;
	d->points++;
	return step_fault(d, i);
}

/* Until now only a prefix of what they must be. */
static const char *
end_points(struct sim_delay *d)
{
	if (d->points < 2 || d->share[d->points - 1] != WHOLE)
		return want_ends;
	d->shape = SIM_POINTS;
	d->us = points_at(d, WHOLE / 2);
	d->p99_us = points_at(d, WHOLE / 100 * 99);
	return NULL;
}

const char *
points_fault(const struct sim_delay *d)
{
	const char *fault = NULL;
	size_t i;

	if (d->points < 2 || d->points > SIM_POINTS_MAX ||
	    d->share[d->points - 1] != WHOLE)
		return want_ends;
	for (i = 0; i < d->points && fault == NULL; i++)
		fault = step_fault(d, i);
	return fault;
}

/* --- as an option --- */

/* "50%=42ms", n bytes. */
static const char *
parse_point(const char *s, size_t n, struct sim_delay *d)
{
	const char *sign = memchr(s, '=', n);
	struct word share, time;
	uint64_t millionths, us;

	if (sign == NULL || !take_word(&share, s, (size_t)(sign - s)) ||
	    !take_word(&time, sign + 1, n - (size_t)(sign + 1 - s)) ||
	    str_parse_share(share.text, &millionths) != 0 ||
	    str_parse_duration(time.text, &us) != 0)
		return "want points such as 99.9%=400ms";
	return add_point(d, millionths, us);
}

int
points_parse(const char *text, struct sim_delay *d, struct err *err)
{
	const char *fault, *s = text;
	size_t n;

	do {
		n = strcspn(s, ",");
		if ((fault = parse_point(s, n, d)) != NULL)
			return err_set(err, ERR_USAGE, "'%.*s': %s",
			    n < WORD_MAX ? (int)n : WORD_MAX, s, fault);
		s += n;
	} while (*s++ == ',');
	if ((fault = end_points(d)) != NULL)
		return err_set(err, ERR_USAGE, "%s", fault);
	return 0;
}

void
points_format(const struct sim_delay *d, struct buf *out)
{
	size_t i;

	for (i = 0; i < d->points; i++) {
		buf_addf(out, "%s%.10g%%=", i > 0 ? "," : "",
		    (double)d->share[i] / PER_CENT);
		sim_add_time(d->at_us[i], out);
	}
}

/* --- as a file --- */

/* Cuts s to the word at its front and answers where it ends. */
static const char *
cut_word(const char *s, const char *end, size_t *n)
{
	const char *from = s;

	while (s < end && *s != ' ' && *s != '\t')
		s++;
	*n = (size_t)(s - from);
	while (s < end && (*s == ' ' || *s == '\t'))
		s++;
	return s;
}

/* Without its comment and what is blank at its ends. */
static const char *
scan_line(const char *s, const char *end, struct sim_delay *d)
{
	const char *sharp = memchr(s, '#', (size_t)(end - s)), *time;
	struct word share, text;
	uint64_t millionths, us;
	size_t n, n_time;

	if (sharp != NULL)
		end = sharp;
	while (end > s && strchr(" \t\r", end[-1]) != NULL && end[-1] != '\0')
		end--;
	while (s < end && (*s == ' ' || *s == '\t'))
		s++;
	if (s == end)
		return NULL;
	time = cut_word(s, end, &n);
	if (cut_word(time, end, &n_time) != end || !take_word(&share, s, n) ||
	    !take_word(&text, time, n_time) ||
	    str_parse_share(share.text, &millionths) != 0 ||
	    str_parse_duration(text.text, &us) != 0)
		return "want a percentile and a time, such as 99.9 400ms";
	return add_point(d, millionths, us);
}

int
points_scan(const char *name, const char *text, size_t n, struct sim_delay *d,
    struct err *err)
{
	const char *end = text + n, *line_end, *fault = NULL;
	unsigned line = 0;

	while (text < end && fault == NULL) {
		line_end = memchr(text, '\n', (size_t)(end - text));
		if (line_end == NULL)
			line_end = end;
		line++;
		fault = scan_line(text, line_end, d);
		text = line_end + 1;
	}
	if (fault == NULL)
		fault = end_points(d);
	return fault == NULL ? 0
			     : err_set(err, ERR_CONFIG, "%s:%u: %s", name,
				   line > 0 ? line : 1, fault);
}

int
points_read(const char *path, struct sim_delay *d, struct err *err)
{
	char text[FILE_BYTES];
	FILE *f = fopen(path, "r");
	size_t n = f != NULL ? fread(text, 1, sizeof(text), f) : 0;
	int rc = 0;

	if (f == NULL || ferror(f))
		rc = err_set(err, ERR_CONFIG, "cannot read %s: %s", path,
		    strerror(errno));
	else if (n == sizeof(text))
		rc = err_set(err, ERR_CONFIG,
		    "%s is no table of percentiles: it has 64 KiB or more",
		    path);
	if (f != NULL)
		fclose(f);
	return rc == 0 ? points_scan(path, text, n, d, err) : -1;
}

/* --- as a function --- */

uint64_t
points_at(const struct sim_delay *d, double millionths)
{
	double low, high, part;
	size_t i = 1;

	while (i + 1 < d->points && (double)d->share[i] < millionths)
		i++;
	low = (double)d->share[i - 1];
	high = (double)d->share[i];
	part = (millionths - low) / (high - low);
	return d->at_us[i - 1] +
	    (uint64_t)(part * (double)(d->at_us[i] - d->at_us[i - 1]) + 0.5);
}
