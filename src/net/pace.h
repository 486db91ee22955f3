/* SPDX-License-Identifier: MIT */
/*
 * How fast requests may leave: one global rate, fed by what is accepted and what
 * is rejected (429).  Pure: time is a parameter, no clock, no socket.
 *
 *	unpaced --429--> settling --1.3 round trips--> steady
 *	opening --429--/     ^--------------429-----------/
 *
 * opening	no 429 yet: the rate doubles each second, up to what the window
 *		and the round trip can use
 * settling	the first 429 of an epoch cuts the rate to 0.7 at once; after
 *		1.3 round trips it becomes 0.99 of what was accepted
 * steady	+5/s each second, and 10 % a second after 8 quiet ones
 *
 * Numbers: policy H of the simulations that doc/DRIVER.md tells of.
 */
#ifndef NET_PACE_H
#define NET_PACE_H

#include <stdbool.h>
#include <stdint.h>

enum pace_mode {
	PACE_OFF,    /* as fast as the window allows, until the first 429 */
	PACE_AUTO,   /* begins at `rate` and finds its own */
	PACE_CEILING /* the same, but never above `rate` */
};

struct pace_opts {
	enum pace_mode mode;
	double rate;     /* a second; PACE_OFF: where it begins after a 429 */
	unsigned window; /* requests in flight at most, >= 1 */
};

/* What became of a request, as far as the rate is concerned. */
enum pace_answer {
	PACE_ACCEPTED, /* any answer but 429 */
	PACE_REJECTED, /* 429 */
	PACE_LOST      /* no answer: says nothing of a limit */
};

enum pace_state { PACE_UNPACED, PACE_OPENING, PACE_SETTLING, PACE_STEADY };

struct pace {
	struct pace_opts opts;
	enum pace_state state;
	double rate;       /* now, a second */
	double round_trip; /* smoothed, in microseconds; 0: not known yet */
	unsigned in_flight;
	uint64_t next_us; /* when the next one may leave */
	uint64_t changed_us;
	uint64_t quiet_from_us;
	uint64_t epoch_us; /* of the cut that is being judged */
	double epoch_rate;
	uint64_t epoch_accepted, epoch_rejected;
	uint64_t cuts;
};

void pace_init(struct pace *p, const struct pace_opts *opts, uint64_t now_us);

/* When the next request may leave: <= now_us means now, PACE_NEVER not before
 * one in flight has settled. */
#define PACE_NEVER UINT64_MAX
uint64_t pace_next(struct pace *p, uint64_t now_us);

/* One leaves now. */
void pace_sent(struct pace *p, uint64_t now_us);

/* One that left at sent_us has ended. */
void pace_settled(struct pace *p, uint64_t now_us, uint64_t sent_us,
    enum pace_answer answer);

/* How many may be in flight now: min(window, 2 * rate * round trip + 16). */
unsigned pace_window(const struct pace *p);

/* A few words for people: "no limit met", "429: cut from 1000/s", "growing". */
const char *pace_why(const struct pace *p);

#endif
