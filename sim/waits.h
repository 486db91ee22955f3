/* SPDX-License-Identifier: MIT */
/*
 * Questions whose answers wait until what they expect is so: GET /_sim/expect
 * with wait=.  Each is looked at anew in the turn of the loop behind a change of
 * any scope, and answered when it is met, when its time is over, when its scope
 * is forgotten, and when the simulator drains.
 */
#ifndef SIM_WAITS_H
#define SIM_WAITS_H

#include <stdbool.h>
#include <stdint.h>

struct expect;
struct http_exchange;
struct scope;
struct sim;
struct waiter;

enum { WAITS_MAX_US = 60 * 1000 * 1000 };

struct waits {
	struct sim *sim;
	struct waiter *list;
	bool is_draining;
};

/* Hears of the changes of the sim's scopes from now on. */
void waits_init(struct waits *w, struct sim *sim);

/* Those who wait get no answer. */
void waits_release(struct waits *w);

/* x is answered later.  False: it has to be answered now, since nobody waits
 * for 0, nor while the simulator drains. */
bool waits_hold(struct waits *w, struct http_exchange *x,
    const struct expect *e, const struct scope *sc, uint64_t us);

/* Answers all that wait, in a turn that is to come; nobody waits any more. */
void waits_drain(struct waits *w);

#endif
