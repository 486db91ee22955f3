/* SPDX-License-Identifier: MIT */
/*
 * All timers sit in one heap, on either clock.  The real clock arms a single
 * libevent timer for the top of the heap; the virtual clock moves `now` to it.
 *
 *	virtual turn:	moving > 0 -> wait for sockets (a watchdog counts)
 *			moving = 0 -> now = top of heap; run all that is due
 *
 * moving = attempts on the wire - requests parked.  Jumping after "n idle
 * passes" instead was exact only while the listen backlog held every SYN;
 * counting is exact always.  Timers due now also wait for moving = 0, so that
 * everything which happens at one instant is known before any of it is
 * decided: that is what makes a run independent of the order of sockets.
 */
#include "src/base/loop.h"

#include <assert.h>
#include <event2/event.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

#include "src/base/mem.h"
#include "src/base/vec.h"

/* Silent looks of the watchdog, one a real second, that mean "stuck".  A
 * machine that stands still for a while costs one look, not five. */
enum { WATCHDOG_SECONDS = 5 };

/* 2026-01-01T00:00:00Z, in microseconds. */
static const uint64_t VIRTUAL_EPOCH = 1767225600000000U;

struct loop_signal {
	struct loop_signal *next;
	int signo;
	struct event *event;
	void (*on_signal)(void *arg);
	void *arg;
};

struct loop {
	struct event_base *base;
	enum loop_clock clock;
	uint64_t now;
	uint64_t start; /* monotonic time of the beginning (real clock) */

	VEC(struct loop_timer *) heap;
	uint64_t seq;
	struct event *wake; /* real: the heap's top; virtual: the watchdog */
	uint64_t wake_at;   /* what wake is armed for (real clock) */

	size_t on_wire;
	size_t parked;
	bool must_look;        /* sockets first */
	uint64_t changes;      /* of on_wire and parked, for the watchdog */
	uint64_t changes_seen; /* at the watchdog's last look */
	int silent_looks;

	bool stepping;
	bool stopped;
	struct loop_signal *signals;
};

static uint64_t
monotonic_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000 + (uint64_t)ts.tv_nsec / 1000;
}

/* --- the heap: earliest first, ties in the order of setting --- */

static bool
is_before(const struct loop_timer *a, const struct loop_timer *b)
{
	return a->at != b->at ? a->at < b->at : a->seq < b->seq;
}

static void
heap_put(struct loop *loop, size_t i, struct loop_timer *t)
{
	loop->heap.v[i] = t;
	t->place = i + 1;
}

static void
heap_up(struct loop *loop, size_t i, struct loop_timer *t)
{
	while (i > 0 && is_before(t, loop->heap.v[(i - 1) / 2])) {
		heap_put(loop, i, loop->heap.v[(i - 1) / 2]);
		i = (i - 1) / 2;
	}
	heap_put(loop, i, t);
}

static void
heap_down(struct loop *loop, size_t i, struct loop_timer *t)
{
	size_t child;

	while ((child = 2 * i + 1) < loop->heap.n) {
		if (child + 1 < loop->heap.n &&
		    is_before(loop->heap.v[child + 1], loop->heap.v[child]))
			child++;
		if (is_before(t, loop->heap.v[child]))
			break;
		heap_put(loop, i, loop->heap.v[child]);
		i = child;
	}
	heap_put(loop, i, t);
}

static void
heap_remove(struct loop *loop, struct loop_timer *t)
{
	size_t i = t->place - 1;
	struct loop_timer *last = loop->heap.v[--loop->heap.n];

	t->place = 0;
	if (last == t)
		return;
	if (i > 0 && is_before(last, loop->heap.v[(i - 1) / 2]))
		heap_up(loop, i, last);
	else
		heap_down(loop, i, last);
}

/* --- timers --- */

void
loop_timer_init(struct loop_timer *t, struct loop *loop,
    void (*on_due)(void *arg), void *arg)
{
	*t = (struct loop_timer){ .loop = loop, .on_due = on_due, .arg = arg };
}

bool
loop_timer_is_set(const struct loop_timer *t)
{
	return t->place != 0;
}

/* Real clock: keeps the one libevent timer at or before the heap's top.  A
 * wake-up that turns out early costs one turn and is re-armed. */
static void
arm_wake(struct loop *loop)
{
	uint64_t at, now;
	struct timeval tv;

	if (loop->clock == LOOP_VIRTUAL || loop->heap.n == 0)
		return;
	at = loop->heap.v[0]->at;
	if (event_pending(loop->wake, EV_TIMEOUT, NULL) && loop->wake_at <= at)
		return;
	now = monotonic_us() - loop->start;
	tv.tv_sec = at > now ? (time_t)((at - now) / 1000000) : 0;
	tv.tv_usec = at > now ? (suseconds_t)((at - now) % 1000000) : 0;
	event_add(loop->wake, &tv);
	loop->wake_at = at;
}

void
loop_timer_set(struct loop_timer *t, uint64_t at)
{
	struct loop *loop = t->loop;

	loop_timer_cancel(t);
	t->at = at;
	t->seq = loop->seq++;
	(void)vec_push(&loop->heap);
	heap_up(loop, loop->heap.n - 1, t);
	arm_wake(loop);
}

void
loop_timer_cancel(struct loop_timer *t)
{
	if (loop_timer_is_set(t))
		heap_remove(t->loop, t);
}

/* Runs what is due, but nothing that these runs set: that is the next turn's. */
static void
run_due(struct loop *loop)
{
	uint64_t limit = loop->seq;
	struct loop_timer *t;

	while (loop->heap.n > 0 && (t = loop->heap.v[0])->at <= loop->now &&
	    t->seq < limit) {
		heap_remove(loop, t);
		t->on_due(t->arg);
	}
}

static void
on_wake(evutil_socket_t fd, short what, void *arg)
{
	struct loop *loop = arg;

	(void)fd, (void)what;
	loop->now = monotonic_us() - loop->start;
	run_due(loop);
	arm_wake(loop);
}

static void
on_watchdog(evutil_socket_t fd, short what, void *arg)
{
	struct loop *loop = arg;

	(void)fd, (void)what;
	loop->silent_looks = loop->changes == loop->changes_seen
	    ? loop->silent_looks + 1
	    : 0;
	loop->changes_seen = loop->changes;
}

/* --- life --- */

struct loop *
loop_new(enum loop_clock clock)
{
	struct loop *loop = mem_zalloc(1, sizeof(*loop));
	struct event_config *config = event_config_new();

	/* Coarse kernel clocks would turn a 1.5 ms delay into 4 ms. */
	event_config_set_flag(config, EVENT_BASE_FLAG_PRECISE_TIMER);
	loop->base = event_base_new_with_config(config);
	event_config_free(config);
	loop->clock = clock;
	loop->start = monotonic_us();
	if (clock == LOOP_REAL)
		loop->wake = event_new(loop->base, -1, 0, on_wake, loop);
	else
		loop->wake = event_new(loop->base, -1, EV_PERSIST, on_watchdog,
		    loop);
	return loop;
}

void
loop_free(struct loop *loop)
{
	if (loop == NULL)
		return;
	assert(loop->heap.n == 0);
	while (loop->signals != NULL)
		loop_off_signal(loop, loop->signals->signo);
	event_free(loop->wake);
	event_base_free(loop->base);
	vec_release(&loop->heap);
	free(loop);
}

struct event_base *
loop_events(struct loop *loop)
{
	return loop->base;
}

bool
loop_is_virtual(const struct loop *loop)
{
	return loop->clock == LOOP_VIRTUAL;
}

uint64_t
loop_now(const struct loop *loop)
{
	if (loop->clock == LOOP_VIRTUAL)
		return loop->now;
	return monotonic_us() - loop->start;
}

uint64_t
loop_wall(const struct loop *loop)
{
	struct timeval tv;

	if (loop->clock == LOOP_VIRTUAL)
		return VIRTUAL_EPOCH + loop->now;
	gettimeofday(&tv, NULL);
	return (uint64_t)tv.tv_sec * 1000000 + (uint64_t)tv.tv_usec;
}

/* --- what moves --- */

void
loop_sent(struct loop *loop)
{
	loop->on_wire++;
	loop->changes++;
}

void
loop_settled(struct loop *loop)
{
	assert(loop->on_wire > 0);
	loop->on_wire--;
	loop->changes++;
}

void
loop_abandoned(struct loop *loop)
{
	loop_settled(loop);
	loop_look_first(loop);
}

void
loop_look_first(struct loop *loop)
{
	loop->must_look = true;
}

void
loop_park(struct loop *loop)
{
	loop->parked++;
	loop->changes++;
}

void
loop_unpark(struct loop *loop)
{
	assert(loop->parked > 0);
	loop->parked--;
	loop->changes++;
}

/* Somebody's attempt is still on its way through the sockets.  A request that
 * came from outside this loop is parked without ever having been sent. */
static bool
is_moving(const struct loop *loop)
{
	return loop->on_wire > loop->parked;
}

/* --- turning --- */

static int
wait_for_sockets(struct loop *loop, struct err *err)
{
	struct timeval tv = { .tv_sec = 1 };

	if (loop->clock == LOOP_VIRTUAL) {
		if (!event_pending(loop->wake, EV_TIMEOUT, NULL))
			event_add(loop->wake, &tv);
	} else if (loop->heap.n == 0) {
		event_del(loop->wake); /* of a timer that was cancelled */
	}
	if (event_base_loop(loop->base, EVLOOP_ONCE) != 0)
		return err_set(err, ERR_NET,
		    "the event loop has nothing to wait for");
	if (loop->silent_looks >= WATCHDOG_SECONDS) {
		loop->silent_looks = 0;
		return err_set(err, ERR_NET,
		    "the virtual clock is stuck: nothing moved for %d real "
		    "seconds (%zu attempts on the wire, %zu parked, %zu "
		    "timers, now %llu us)",
		    WATCHDOG_SECONDS, loop->on_wire, loop->parked, loop->heap.n,
		    (unsigned long long)loop->now);
	}
	return 0;
}

int
loop_step(struct loop *loop, struct err *err)
{
	int rc = 0;

	assert(!loop->stepping);
	loop->stepping = true;
	if (loop->clock == LOOP_VIRTUAL && loop->must_look) {
		/* On loopback a close is readable at once, so this one look,
		 * which lasts until no socket is ready, is enough.  It is a
		 * turn of its own: what it let happen may be all that the
		 * caller waits for. */
		loop->must_look = false;
		event_base_loop(loop->base, EVLOOP_NONBLOCK);
	} else if (loop->clock == LOOP_VIRTUAL && !is_moving(loop) &&
	    loop->heap.n > 0) {
		if (loop->heap.v[0]->at > loop->now)
			loop->now = loop->heap.v[0]->at;
		run_due(loop);
	} else {
		rc = wait_for_sockets(loop, err);
	}
	loop->stepping = false;
	return rc;
}

int
loop_run(struct loop *loop, struct err *err)
{
	loop->stopped = false;
	while (!loop->stopped) {
		if (loop_step(loop, err) != 0)
			return -1;
	}
	return 0;
}

void
loop_stop(struct loop *loop)
{
	loop->stopped = true;
	event_base_loopbreak(loop->base);
}

void
loop_look(struct loop *loop)
{
	assert(!loop->stepping);
	loop->stepping = true;
	event_base_loop(loop->base, EVLOOP_NONBLOCK);
	loop->stepping = false;
}

/* --- signals --- */

static void
on_signal_event(evutil_socket_t fd, short what, void *arg)
{
	struct loop_signal *s = arg;

	(void)fd, (void)what;
	s->on_signal(s->arg);
}

void
loop_on_signal(struct loop *loop, int signo, void (*on_signal)(void *arg),
    void *arg)
{
	struct loop_signal *s = mem_zalloc(1, sizeof(*s));

	s->signo = signo;
	s->on_signal = on_signal;
	s->arg = arg;
	s->event = evsignal_new(loop->base, signo, on_signal_event, s);
	event_add(s->event, NULL);
	s->next = loop->signals;
	loop->signals = s;
}

void
loop_off_signal(struct loop *loop, int signo)
{
	struct loop_signal **at = &loop->signals, *s;

	while ((s = *at) != NULL && s->signo != signo)
		at = &s->next;
	if (s == NULL)
		return;
	*at = s->next;
	event_free(s->event);
	free(s);
}
