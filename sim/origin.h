/* SPDX-License-Identifier: MIT */
/*
 * What the options fill buckets with: at the start, and again whenever the
 * world goes back to it.
 */
#ifndef SIM_ORIGIN_H
#define SIM_ORIGIN_H

#include <stdbool.h>
#include <stdint.h>

#include "src/base/err.h"

struct sim_opts;
struct world;

/* Copies of the options' strings. */
struct origin {
	char *registry; /* or NULL */
	char *bucket;
	bool make_bucket;
	char *root;
	char *folder; /* or NULL */
	char *folder_bucket;
	bool keep_mtime;
	uint64_t seed;
};

void origin_init(struct origin *o, const struct sim_opts *opts);
void origin_release(struct origin *o);

/* Fills w; wall_us is that of world_add.  A bucket that w has
 * already stays as it is.  -1: w may have some of the others. */
int origin_fill(const struct origin *o, struct world *w, uint64_t wall_us,
    struct err *err) MUST_CHECK;

/* Is that one a bucket's name? */
int origin_check_name(const char *bucket, struct err *err) MUST_CHECK;

/* "DIR=BUCKET" is cut at its last '='; NULL: there is none. */
const char *origin_find_cut(const char *registry_from);

#endif
