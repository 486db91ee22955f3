/* SPDX-License-Identifier: MIT */
/*
 * May a version be deleted or replaced?  Holds forbid it until they are taken
 * away, retention until a time.  To be asked after the preconditions: what
 * fails both is answered 412.
 */
#ifndef SIM_GUARD_H
#define SIM_GUARD_H

#include <stdbool.h>
#include <stdint.h>

struct bucket;
struct buf;
struct object;
struct reply;
struct world;

enum guard {
	GUARD_FREE,
	GUARD_TEMPORARY_HOLD,
	GUARD_EVENT_BASED_HOLD,
	GUARD_RETENTION /* the bucket's policy, or the object's own */
};

/* Until when retention keeps o, in the past perhaps; 0: it does not, or an
 * event-based hold puts that off. */
uint64_t guard_retained_until(const struct bucket *b, const struct object *o);

/* What keeps o (NULL: there is none) at that time of the wall clock; retention
 * does not where w says so. */
enum guard guard_of(const struct world *w, const struct bucket *b,
    const struct object *o, uint64_t wall_us);

/* Adds production's sentence for it; why is not GUARD_FREE. */
void guard_add_text(enum guard why, const struct bucket *b,
    const struct object *o, struct buf *out);

/* Both for the JSON API; false: the reply is its 403. */
bool guard_allows(const struct world *w, const struct bucket *b,
    const struct object *o, uint64_t wall_us, struct reply *reply);

#endif
