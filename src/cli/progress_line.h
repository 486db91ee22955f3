/* SPDX-License-Identifier: MIT */
/*
 * One line of progress from numbers, and from nothing else:
 *
 *	sweep 120/391 objects, 1.2 GB, 410/s, ETA 1 s, 100 in flight, 3 rejected
 *
 * What does not fit the width is left out, the least telling part first; no
 * number is ever cut in half.
 */
#ifndef CLI_PROGRESS_LINE_H
#define CLI_PROGRESS_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

enum progress_state { PROGRESS_WAITING, PROGRESS_RUNNING, PROGRESS_ENDED };

struct progress_line {
	const char *name;
	const char *unit;
	enum progress_state state;
	bool has_total; /* total is known, not a guess */
	bool is_done;   /* PROGRESS_ENDED: at its goal */
	bool is_out;    /* the server is; so nobody knows when it ends */
	uint64_t done;
	uint64_t total;
	uint64_t bytes;
	uint64_t elapsed_us; /* until now, or until it ended */
	uint64_t in_flight;
	uint64_t rejected;
};

/* Adds the line to out, without a newline, in at most width columns (0: as many
 * as it takes); the name gets at least name_width. */
void progress_line_format(const struct progress_line *l, size_t name_width,
    size_t width, struct buf *out);

#endif
