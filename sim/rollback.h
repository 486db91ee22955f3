/* SPDX-License-Identifier: MIT */
/*
 * A world made into a copy of another, by what differs: what is the same in
 * both stays where it is, and the watcher hears of the rest alone.  Payloads
 * are shared.
 *
 * What is given once and never again is not taken back: generations go on from
 * the higher of the two.
 */
#ifndef SIM_ROLLBACK_H
#define SIM_ROLLBACK_H

#include <stdint.h>

struct world;

/* All limits are full afterwards. */
void rollback_world(struct world *w, const struct world *as);

#endif
