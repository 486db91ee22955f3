/* SPDX-License-Identifier: MIT */
/*
 * What must hold before the first delete, once all is known.  Each guard has a
 * message that names what it saw and the option that overrides it, and is
 * ERR_REFUSED: a person decides.  Pure: no store, no clock.
 *
 * The others stand where they belong: a mark that could not read everything
 * (mark.c), the generation on each delete (sweep.c), names (paths.c), a plan's
 * age and origin (plan_file.h), and the question on the terminal (cli).
 */
#ifndef REGISTRY_GUARDS_H
#define REGISTRY_GUARDS_H

#include <stdbool.h>
#include <stdint.h>

#include "src/base/err.h"

struct buf;
struct mark;
struct plan;

/* How much may go: a number of objects, or a share of those that were listed. */
struct guard_limit {
	bool is_share;
	uint64_t n; /* objects, or millionths of the whole */
};

enum { GUARD_WHOLE = 1000000 };
#define GUARD_LIMIT_NONE                           \
	{                                          \
		.is_share = true, .n = GUARD_WHOLE \
	}

struct guard_opts {
	bool allow_empty_mark; /* go on though no manifest is live */
	bool allow_missing;    /* ... though live manifests name blobs that are
				  not there */
	struct guard_limit max_delete;
	uint64_t max_skew_us; /* between our clock and the server's; 0: any */
	uint64_t wall_us;     /* ours, Unix epoch, when the mark began; 0: not
				 known, and no skew is */
};

/* "50%", "12.5%" or "1000"; ERR_USAGE "'TEXT': want ...". */
int guard_limit_parse(const char *text, struct guard_limit *out,
    struct err *err) MUST_CHECK;

/* Adds what guard_limit_parse takes for it. */
void guard_limit_format(const struct guard_limit *limit, struct buf *out);

/* Of a mark that succeeded and its plan.  A plan without victims harms nobody and
 * is never refused, whatever the clocks say.  Of several guards the first speaks:
 * what makes the mark doubtful (the clocks, nothing live, blobs that are missing)
 * comes before how much would go. */
int guards_check(const struct guard_opts *opts, const struct mark *m,
    const struct plan *plan, struct err *err) MUST_CHECK;

#endif
