/* SPDX-License-Identifier: MIT */
/*
 * How fast requests may leave: one global rate, fed by what is accepted and what
 * is rejected (429).  Pure: time is a parameter, no clock, no socket.
 *
 *	unpaced --429--> settling --judged--> opening --429--> settling
 *					settling --judged--> steady
 *					   ^--------429--------/
 *
 * unpaced	PACE_OFF, until its first 429
 * opening	the limit is not known: the rate doubles each second, up to what
 *		the window and the round trip can use
 * settling	a first 429 has come: the rate is cut, and as soon as the answers
 *		are there it becomes what was accepted of what left before
 * steady	0.5 % more each second, and 10 % after 8 quiet ones
 *
 * The rate grows only while it is used.  A clock that steps, back or forth, is
 * survived.  Numbers and why: doc/DRIVER.md, "Pacing".
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

/* What --rate auto begins with: what Google says that a new bucket takes. */
#define PACE_BEGIN_RATE 1000.0

/* It never goes below (but by a lower ceiling), nor above, a second. */
#define PACE_LEAST_RATE 1.0
#define PACE_MOST_RATE  1000000.0

/* The longest that a Retry-After may hold everything. */
#define PACE_HOLD_MAX_US 300000000U

struct pace_opts {
	enum pace_mode mode;
	double rate;     /* a second, > 0; PACE_OFF does not look at it */
	unsigned window; /* requests in flight at most, >= 1 */
};

/* What became of a request, as far as the rate is concerned. */
enum pace_answer {
	PACE_ACCEPTED, /* any answer but 429 */
	PACE_REJECTED, /* 429 */
	PACE_LOST      /* no answer: says nothing of a limit */
};

enum pace_state { PACE_UNPACED, PACE_OPENING, PACE_SETTLING, PACE_STEADY };

/* What is being judged: what left from the first request that was rejected until
 * the cut. */
struct pace_epoch {
	uint64_t from_us, cut_us, judge_us;
	double rate;   /* at which it left; 0: nobody knows, it was unpaced */
	bool is_first; /* of its kind: no limit was met before */
	bool is_cut;   /* cut_us has come */
	uint64_t accepted, rejected; /* but for the first */
};

/* To be read: state, rate, round_trip, in_flight, cuts. */
struct pace {
	struct pace_opts opts;
	enum pace_state state;
	double rate;       /* now, a second; unpaced: 0 */
	double round_trip; /* smoothed, in microseconds; 0: not known yet */
	unsigned in_flight;
	uint64_t cuts;

	uint64_t now_us;     /* the latest that was heard of */
	double next_us;      /* when the next would leave if none came early */
	uint64_t hold_us;    /* nothing leaves before */
	uint64_t changed_us; /* the last cut or judgement */
	uint64_t quiet_us;   /* since when there was no 429 */
	uint64_t grown_us;
	struct pace_epoch epoch;
};

void pace_init(struct pace *p, const struct pace_opts *opts, uint64_t now_us);

/* When the next request may leave: <= now_us means now, PACE_NEVER not before
 * one in flight has settled (so never when none is). */
#define PACE_NEVER UINT64_MAX
uint64_t pace_next(struct pace *p, uint64_t now_us);

/* One leaves now. */
void pace_sent(struct pace *p, uint64_t now_us);

/* One that left at sent_us has ended; each is told of once, those that were
 * cancelled as PACE_LOST. */
void pace_settled(struct pace *p, uint64_t now_us, uint64_t sent_us,
    enum pace_answer answer);

/* A 429 asked for a pause (Retry-After): nothing leaves for that long, but at
 * most PACE_HOLD_MAX_US.  Of several the latest end counts. */
void pace_hold(struct pace *p, uint64_t now_us, uint64_t pause_us);

/* How many may be in flight now: min(window, 2 * rate * round trip + 32). */
unsigned pace_window(const struct pace *p);

/* A few words for people: "no limit met", "cut after a 429", "growing". */
const char *pace_why(const struct pace *p);

#endif
