/* SPDX-License-Identifier: MIT */
/* Parts are made first, in the order in which they are shown; then the weakest
 * go until the rest fits. */
#include "src/cli/progress_line.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "src/base/buf.h"
#include "src/base/str.h"

enum { PARTS = 6, PART_MAX = 64 };

/* The higher the rank, the sooner it goes; what is empty is not there. */
struct part {
	char text[PART_MAX];
	int rank;
};

/* Rates over less than a millisecond are noise. */
static double
rate_of(const struct progress_line *l)
{
	return l->elapsed_us < 1000
	    ? 0
	    : (double)l->done * 1e6 / (double)l->elapsed_us;
}

/* "0.4 s", "12 s", "3 min", "5 h", "12 d": what people can tell apart. */
static void
format_span(char *out, const char *what, double s)
{
	static const struct {
		double seconds, below;
		const char *name;
	} units[] = { { 1, 100, "s" }, { 60, 6000, "min" },
		{ 3600, 48 * 3600.0, "h" }, { 86400, 999 * 86400.0, "d" } };
	size_t i;

	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (s >= units[i].below)
			continue;
		snprintf(out, PART_MAX, "%s %.*f %s", what, s < 9.95,
		    s / units[i].seconds, units[i].name);
		return;
	}
	snprintf(out, PART_MAX, "%s years", what);
}

static void
make_count(const struct progress_line *l, char *out)
{
	if (l->state == PROGRESS_WAITING)
		strcpy(out, "-");
	else if (l->has_total)
		snprintf(out, PART_MAX, "%" PRIu64 "/%" PRIu64 " %s", l->done,
		    l->total, l->unit);
	else
		snprintf(out, PART_MAX, "%" PRIu64 " %s", l->done, l->unit);
}

static void
make_rate(const struct progress_line *l, char *out)
{
	double rate = rate_of(l);

	if (rate > 0)
		snprintf(out, PART_MAX, "%.*f/s", rate < 9.95, rate);
}

static void
make_time(const struct progress_line *l, char *out)
{
	double rate = rate_of(l);

	if (l->state == PROGRESS_ENDED)
		format_span(out, l->is_done ? "done in" : "stopped after",
		    (double)l->elapsed_us / 1e6);
	else if (l->is_out)
		strcpy(out, "the server is out");
	else if (l->has_total && rate > 0 && l->done < l->total)
		format_span(out, "ETA", (double)(l->total - l->done) / rate);
}

static void
make_parts(const struct progress_line *l, struct part parts[PARTS])
{
	static const int ranks[PARTS] = { 0, 4, 2, 1, 5, 3 };
	int i;

	for (i = 0; i < PARTS; i++)
		parts[i] = (struct part){ .rank = ranks[i] };
	make_count(l, parts[0].text);
	if (l->state == PROGRESS_WAITING)
		return;
	if (l->bytes > 0)
		str_format_size(parts[1].text, l->bytes);
	make_rate(l, parts[2].text);
	make_time(l, parts[3].text);
	if (l->state == PROGRESS_RUNNING && l->in_flight > 0)
		snprintf(parts[4].text, PART_MAX, "%" PRIu64 " in flight",
		    l->in_flight);
	if (l->rejected > 0)
		snprintf(parts[5].text, PART_MAX, "%" PRIu64 " rejected",
		    l->rejected);
}

/* Of the parts that are there, without the name. */
static size_t
length_of(const struct part parts[PARTS])
{
	size_t n = 0;
	int i;

	for (i = 0; i < PARTS; i++) {
		if (parts[i].text[0] != '\0')
			n += strlen(parts[i].text) + (n > 0 ? 2 : 0);
	}
	return n;
}

static void
drop_weakest(struct part parts[PARTS])
{
	int i, weakest = 0;

	for (i = 1; i < PARTS; i++) {
		if (parts[i].text[0] != '\0' &&
		    (parts[weakest].text[0] == '\0' ||
			parts[i].rank > parts[weakest].rank))
			weakest = i;
	}
	parts[weakest].text[0] = '\0';
}

void
progress_line_format(const struct progress_line *l, size_t name_width,
    size_t width, struct buf *out)
{
	struct part parts[PARTS];
	const char *comma = " ";
	size_t name = strlen(l->name);
	int i;

	if (name < name_width)
		name = name_width;
	make_parts(l, parts);
	while (width > 0 && length_of(parts) > 0 &&
	    name + 1 + length_of(parts) > width)
		drop_weakest(parts);
	if (width > 0 && name > width)
		name = width;
	buf_addf(out, "%-*.*s", (int)name, (int)name, l->name);
	for (i = 0; i < PARTS; i++) {
		if (parts[i].text[0] == '\0')
			continue;
		buf_adds(out, comma);
		buf_adds(out, parts[i].text);
		comma = ", ";
	}
}
