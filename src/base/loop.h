/* SPDX-License-Identifier: MIT */
/*
 * The event loop: sockets (libevent), timers, signals, and "now", on one of
 * two clocks.
 *
 * On the REAL clock now follows the machine.  On the VIRTUAL clock now stands
 * still while anything moves and jumps to the next timer when nothing does.
 * Whether something moves is counted, never guessed: the driver says
 * loop_sent/loop_settled for each attempt it has on the wire, the simulator
 * says loop_park/loop_unpark for each request that waits in one of its
 * timers, and the clock may jump only when every attempt is parked.
 *
 * Times are microseconds since the loop began.  Single-threaded (other threads
 * come in by mailbox.h); only loop_step and loop_run turn it, and neither may be
 * entered from a callback.
 */
#ifndef BASE_LOOP_H
#define BASE_LOOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "src/base/err.h"

struct event_base;
struct loop;

enum loop_clock { LOOP_REAL, LOOP_VIRTUAL };

/* A timer lives inside its owner; init it once, set it as often as needed.
 * Timers that fall due together run in the order in which they were set. */
struct loop_timer {
	struct loop *loop;
	void (*on_due)(void *arg);
	void *arg;
	uint64_t at;
	uint64_t seq;
	size_t place; /* 1 + index in the heap; 0: not set */
};

struct loop *loop_new(enum loop_clock clock);

/* All timers must be cancelled and all sockets gone. */
void loop_free(struct loop *loop);

/* For those who watch sockets: src/net and sim. */
struct event_base *loop_events(struct loop *loop);

bool loop_is_virtual(const struct loop *loop);
uint64_t loop_now(const struct loop *loop);

/* Microseconds since the Unix epoch; a virtual loop begins at a fixed day
 * (2026-01-01T00:00:00Z), so that its runs are the same every day. */
uint64_t loop_wall(const struct loop *loop);

void loop_timer_init(struct loop_timer *t, struct loop *loop,
    void (*on_due)(void *arg), void *arg);
void loop_timer_set(struct loop_timer *t, uint64_t at); /* also moves it */
void loop_timer_cancel(struct loop_timer *t);
bool loop_timer_is_set(const struct loop_timer *t);

/* The driver: an attempt goes on the wire; it is settled, whatever came. */
void loop_sent(struct loop *loop);
void loop_settled(struct loop *loop);

/* The driver: an attempt is given up while the other side may still hold it.
 * It is settled, and before a virtual clock moves again the sockets get a look
 * (a turn of its own), so that a simulator which has the request parked hears
 * of the closed connection and unparks. */
void loop_abandoned(struct loop *loop);

/* The simulator: a request waits in a timer; it moves again. */
void loop_park(struct loop *loop);
void loop_unpark(struct loop *loop);

/* Before a virtual clock moves again the sockets get a look: somebody may have
 * been sent something that no count tells of. */
void loop_look_first(struct loop *loop);

/* One turn: waits for the next thing to happen and lets it happen.  -1 when
 * nothing can ever happen, or when a virtual loop has been stuck for five real
 * seconds (ERR_NET, with the counts in the text). */
int loop_step(struct loop *loop, struct err *err) MUST_CHECK;

/* Turns until loop_stop, for a server's main. */
int loop_run(struct loop *loop, struct err *err) MUST_CHECK;
void loop_stop(struct loop *loop);

/* Lets happen what is ready now and waits for nothing: for those who have been
 * away from the loop for a while and want to know of signals. */
void loop_look(struct loop *loop);

/* Calls on_signal(arg) from the loop whenever signo arrives; signo goes back to
 * its former action in loop_off_signal or loop_free.  Once for each signo. */
void loop_on_signal(struct loop *loop, int signo, void (*on_signal)(void *arg),
    void *arg);

/* May be called from the signal's own callback; of a signo that is not watched
 * it does nothing. */
void loop_off_signal(struct loop *loop, int signo);

#endif
