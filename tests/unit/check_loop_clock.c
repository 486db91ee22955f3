/* SPDX-License-Identifier: MIT */
/*
 * loop: the virtual clock jumps exactly when nothing moves, and stands still
 * as long as anything does.  A client and a server talk over two pipes, as
 * driver and simulator do over sockets.  The test of the watchdog takes its five
 * seconds.
 */
#include <event2/event.h>
#include <string.h>
#include <unistd.h>

#include "src/base/loop.h"
#include "tests/support/suite.h"

static void
step(struct loop *loop)
{
	struct err err = ERR_INIT;

	ck_assert_msg(loop_step(loop, &err) == 0, "%s", err.text);
}

static void
on_due_count(void *arg)
{
	++*(int *)arg;
}

enum { LATENCY_US = 42000, IDS_MAX = 1000 };

struct exchange {
	struct loop *loop;
	int requests[2], answers[2]; /* pipes: the first end is read */
	struct event *client_event, *server_event;
	struct loop_timer parked[IDS_MAX];
	size_t answered[IDS_MAX]; /* ids, in the order of the answers */
	size_t n_answered;
	size_t to_send;
	uint16_t next_id;
	struct slot {
		struct exchange *x;
		uint16_t id;
	} slots[IDS_MAX];
};

static void
put_id(int fd, uint16_t id)
{
	ck_assert_int_eq(write(fd, &id, sizeof(id)), sizeof(id));
}

static void
send_one(struct exchange *x)
{
	if (x->to_send == 0)
		return;
	x->to_send--;
	loop_sent(x->loop);
	put_id(x->requests[1], x->next_id);
	x->next_id = (uint16_t)((x->next_id + 1) % IDS_MAX);
}

static void
on_request(evutil_socket_t fd, short what, void *arg)
{
	struct exchange *x = arg;
	uint16_t id;

	(void)what;
	ck_assert_int_eq(read((int)fd, &id, sizeof(id)), sizeof(id));
	loop_park(x->loop);
	loop_timer_set(&x->parked[id], loop_now(x->loop) + LATENCY_US);
}

static void
on_latency_over(void *arg)
{
	struct slot *slot = arg;

	loop_unpark(slot->x->loop);
	put_id(slot->x->answers[1], slot->id);
}

static void
on_answer(evutil_socket_t fd, short what, void *arg)
{
	struct exchange *x = arg;
	uint16_t id;

	(void)what;
	ck_assert_int_eq(read((int)fd, &id, sizeof(id)), sizeof(id));
	loop_settled(x->loop);
	x->answered[x->n_answered++ % IDS_MAX] = id;
	send_one(x);
}

static struct event *
watch(struct loop *loop, int fd, event_callback_fn fn, void *arg)
{
	struct event *event = event_new(loop_events(loop), fd,
	    EV_READ | EV_PERSIST, fn, arg);

	event_add(event, NULL);
	return event;
}

static void
exchange_open(struct exchange *x, enum loop_clock clock)
{
	uint16_t i;

	memset(x, 0, sizeof(*x));
	ck_assert_int_eq(pipe(x->requests), 0);
	ck_assert_int_eq(pipe(x->answers), 0);
	x->loop = loop_new(clock);
	x->client_event = watch(x->loop, x->answers[0], on_answer, x);
	x->server_event = watch(x->loop, x->requests[0], on_request, x);
	for (i = 0; i < IDS_MAX; i++) {
		x->slots[i] = (struct slot){ x, i };
		loop_timer_init(&x->parked[i], x->loop, on_latency_over,
		    &x->slots[i]);
	}
}

static void
exchange_close(struct exchange *x)
{
	int i;

	event_free(x->client_event);
	event_free(x->server_event);
	for (i = 0; i < 2; i++) {
		close(x->requests[i]);
		close(x->answers[i]);
	}
	loop_free(x->loop);
}

START_TEST(the_clock_stands_until_every_attempt_is_parked)
{
	enum { SENT = 3 };
	static struct exchange x;
	struct loop_timer timer;
	int ran = 0;

	exchange_open(&x, LOOP_VIRTUAL);
	loop_timer_init(&timer, x.loop, on_due_count, &ran);
	loop_timer_set(&timer, 1);
	for (x.to_send = SENT; x.to_send > 0;)
		send_one(&x);
	while (!loop_timer_is_set(&x.parked[SENT - 1])) {
		ck_assert_uint_eq(loop_now(x.loop), 0);
		ck_assert_int_eq(ran, 0);
		step(x.loop);
	}
	ck_assert_int_eq(ran, 0);
	step(x.loop);
	ck_assert_int_eq(ran, 1);
	ck_assert_uint_eq(loop_now(x.loop), 1);
	step(x.loop);
	ck_assert_uint_eq(loop_now(x.loop), LATENCY_US);
	while (x.n_answered < SENT) {
		step(x.loop);
		ck_assert_uint_eq(loop_now(x.loop), LATENCY_US);
	}
	exchange_close(&x);
}
END_TEST

/* So many requests one after another take as many latencies, and with width in
 * flight a width-th of it: to the microsecond. */
START_TEST(virtual_time_is_exact_at_any_width)
{
	static const size_t widths[] = { 1, 10, 100, 1000 };
	enum { REQUESTS = 3000 };
	static struct exchange x;
	size_t i, k;

	for (i = 0; i < sizeof(widths) / sizeof(widths[0]); i++) {
		exchange_open(&x, LOOP_VIRTUAL);
		x.to_send = REQUESTS;
		for (k = 0; k < widths[i]; k++)
			send_one(&x);
		while (x.n_answered < REQUESTS)
			step(x.loop);
		ck_assert_uint_eq(loop_now(x.loop),
		    REQUESTS / widths[i] * (uint64_t)LATENCY_US);
		for (k = 0; k < IDS_MAX; k++)
			ck_assert_uint_eq(x.answered[k], k);
		exchange_close(&x);
	}
}
END_TEST

START_TEST(a_request_from_outside_does_not_hold_the_clock)
{
	struct loop *loop = loop_new(LOOP_VIRTUAL);
	struct loop_timer timer;
	int ran = 0;

	loop_timer_init(&timer, loop, on_due_count, &ran);
	loop_park(loop);
	loop_timer_set(&timer, 9);
	step(loop);
	ck_assert_int_eq(ran, 1);
	ck_assert_uint_eq(loop_now(loop), 9);
	loop_unpark(loop);
	loop_free(loop);
}
END_TEST

/* What a simulator does when the client of a parked request goes away. */
struct parked_request {
	struct loop *loop;
	struct loop_timer latency;
	struct event *event;
};

static void
on_client_gone(evutil_socket_t fd, short what, void *arg)
{
	struct parked_request *p = arg;
	char byte;

	(void)what;
	ck_assert_int_eq(read((int)fd, &byte, 1), 0);
	ck_assert_uint_eq(loop_now(p->loop), 0);
	loop_timer_cancel(&p->latency);
	loop_unpark(p->loop);
	event_del(p->event);
}

START_TEST(an_abandoned_attempt_is_unparked_before_the_clock_moves)
{
	struct parked_request p = { .loop = loop_new(LOOP_VIRTUAL) };
	struct loop_timer timer;
	int ends[2], ran = 0, answered = 0;

	ck_assert_int_eq(pipe(ends), 0);
	loop_timer_init(&p.latency, p.loop, on_due_count, &answered);
	loop_timer_init(&timer, p.loop, on_due_count, &ran);
	p.event = watch(p.loop, ends[0], on_client_gone, &p);
	loop_sent(p.loop);
	loop_park(p.loop);
	loop_timer_set(&p.latency, 1);
	loop_timer_set(&timer, 2);
	close(ends[1]);
	loop_abandoned(p.loop);
	/* The look is a turn: what it shows may change what is waited for. */
	step(p.loop);
	ck_assert_uint_eq(loop_now(p.loop), 0);
	step(p.loop);
	ck_assert_int_eq(ran, 1);
	ck_assert_int_eq(answered, 0);
	ck_assert_uint_eq(loop_now(p.loop), 2);
	event_free(p.event);
	close(ends[0]);
	loop_free(p.loop);
}
END_TEST

START_TEST(a_stuck_virtual_clock_is_told_with_the_counts)
{
	struct loop *loop = loop_new(LOOP_VIRTUAL);
	struct err err = ERR_INIT;
	struct loop_timer timer;
	int ran = 0;

	loop_timer_init(&timer, loop, on_due_count, &ran);
	loop_timer_set(&timer, 1000);
	loop_sent(loop);
	loop_sent(loop);
	loop_park(loop);
	while (loop_step(loop, &err) == 0)
		;
	ck_assert_int_eq(err.code, ERR_NET);
	ck_assert_ptr_nonnull(strstr(err.text,
	    "(2 attempts on the wire, 1 parked, 1 timers, now 0 us)"));
	ck_assert_int_eq(ran, 0);
	loop_park(loop);
	step(loop); /* it can go on from there */
	ck_assert_int_eq(ran, 1);
	ck_assert_uint_eq(loop_now(loop), 1000);
	loop_free(loop);
}
END_TEST

START_TEST(pipes_and_timers_meet_on_the_real_clock)
{
	enum { REQUESTS = 20 };
	static struct exchange x;

	exchange_open(&x, LOOP_REAL);
	x.to_send = REQUESTS;
	while (x.to_send > 0)
		send_one(&x);
	while (x.n_answered < REQUESTS)
		step(x.loop);
	ck_assert_uint_ge(loop_now(x.loop), LATENCY_US);
	exchange_close(&x);
}
END_TEST

int
main(void)
{
	return suite_run("loop_clock",
	    the_clock_stands_until_every_attempt_is_parked,
	    virtual_time_is_exact_at_any_width,
	    a_request_from_outside_does_not_hold_the_clock,
	    an_abandoned_attempt_is_unparked_before_the_clock_moves,
	    a_stuck_virtual_clock_is_told_with_the_counts,
	    pipes_and_timers_meet_on_the_real_clock, NULL);
}
