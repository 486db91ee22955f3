/* SPDX-License-Identifier: MIT */
/*
 * Idempotency tokens: a client that sends x-goog-gcs-idempotency-token sends
 * the same one with every attempt of a call.  For 120 seconds the first
 * successful answer is repeated, byte for byte and without acting again, to
 * whoever asks the same of the same object with the same token.
 *
 * Production does so for uploads in a single request, patches, moves and
 * deletes of objects; everything else runs again, and failures are forgotten.
 * What is known no more goes as newer answers come, and the oldest go earlier
 * when all would take more than some 64 MiB.
 */
#ifndef SIM_REPLAY_H
#define SIM_REPLAY_H

#include <stdbool.h>
#include <stdint.h>

#include "src/base/arena.h"
#include "src/base/hmap.h"
#include "src/base/vec.h"

struct replay_answer;
struct reply;
struct route;

/* The answers of a while. */
struct replay_round {
	VEC(struct replay_answer) answers;
	struct hmap by_key;
	struct arena texts;
	uint64_t since_us;
};

struct replay {
	struct replay_round now;
	struct replay_round before;
};

void replay_init(struct replay *r);
void replay_release(struct replay *r);

/* Is such a call answered once? */
bool replay_takes(const struct route *route);

/* Makes reply what was answered to that call before; false when nothing was, or
 * too long ago.  now_us: since the loop began, as below. */
bool replay_get(const struct replay *r, const struct route *route,
    const char *token, uint64_t now_us, struct reply *reply);

/* Remembers the answer, if it is a success and the call is of those. */
void replay_keep(struct replay *r, const struct route *route, const char *token,
    uint64_t now_us, const struct reply *reply);

#endif
