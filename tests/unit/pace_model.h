/* SPDX-License-Identifier: MIT */
/*
 * The driver's dispatch and a server with a limit, in memory and on a clock that
 * only events move: what pace, outage and retry make of each other.
 *
 * The engine keeps `width` operations with the driver.  Those that may leave
 * wait in one queue, first come first served; what is rejected goes to its tail,
 * what failed does so after its delay.  The server is a token bucket: it decides
 * when a request arrives, answers a round trip later (lognormal), and what it
 * rejects costs no token.
 */
#ifndef TESTS_UNIT_PACE_MODEL_H
#define TESTS_UNIT_PACE_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "src/net/pace.h"

struct model_step {
	uint64_t at_us;
	double rate;
};

enum { MODEL_STEPS = 3 };

struct model {
	/* What is to be done, and by which rules. */
	unsigned operations, width;
	uint64_t seed;
	struct pace_opts pace;
	uint64_t tick_us; /* its timers fire at multiples of that; 0: on time */

	/* The server.  No rate: no limit. */
	uint64_t round_trip_us;
	double rate, burst;
	double doubles_in_s;                  /* 0: it stays */
	struct model_step steps[MODEL_STEPS]; /* by time; 0: no more */
	double failing; /* the share that is answered 503 */
	uint64_t down_from_us, down_to_us;
	bool is_mute; /* when it is down nothing answers, for 30 s */

	/* What came of it.  A run that gets stuck or has more than the window
	 * in flight is an assertion that fails. */
	double seconds; /* until the last operation was done */
	uint64_t requests, rejected, given_up;
	unsigned most_rejections; /* of one operation */
	unsigned most_in_flight;
	uint64_t openings;       /* of the breaker */
	uint64_t soonest_probes; /* between two requests while it was open */
	uint64_t back_us;        /* from recovery until it closed */
};

void model_run(struct model *m);

#endif
