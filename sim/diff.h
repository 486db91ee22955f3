/* SPDX-License-Identifier: MIT */
/*
 * What two scopes of one run have different: counts, the bill, and which
 * requests one sent more often than the other.
 */
#ifndef SIM_DIFF_H
#define SIM_DIFF_H

#include <stdint.h>

struct buf;
struct json_out;
struct scope;
struct sim;

/* Requests that are told, at most and unless somebody says otherwise. */
enum { DIFF_MAX = 100000, DIFF_LIMIT = 100 };

void diff_add(const struct sim *sim, const struct scope *a,
    const struct scope *b, uint64_t limit, struct buf *out);

/* Adds keys to the object that is open: the names that one scope asked for, and
 * how often, for diff_files.h. */
void diff_add_names(const struct sim *sim, const struct scope *sc,
    uint64_t limit, struct json_out *w);

#endif
