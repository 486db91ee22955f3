/* SPDX-License-Identifier: MIT */
/* Connections that do not go as they should, below the simulator's API. */
#include <errno.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "sim/http.h"
#include "src/base/loop.h"
#include "tests/support/suite.h"
#include "tests/unit/sim_peer.h"

enum { SECOND = 1000000 };

static const char get[] = "GET /x HTTP/1.1\r\nHost: x\r\n\r\n";

/* What the server does with a request. */
enum manner { ANSWER, RESET, WAIT };

static struct world {
	struct loop *loop;
	struct http *http;
	struct http_exchange *waiting;
	enum manner manner;
	size_t heads;
	int end; /* the last on_end's status, or -1 */
	int warnings;
} world;

static void *
on_head(void *arg, const struct http_exchange *x)
{
	(void)x;
	world.heads++;
	return arg;
}

static void
on_request(void *arg, struct http_exchange *x, void *call)
{
	ck_assert_ptr_eq(arg, call);
	if (world.manner == RESET)
		http_reset(x);
	else if (world.manner == WAIT)
		world.waiting = x;
	else
		http_answer(world.http, x, 200, 0, "X-Mine: yes\r\n", "fine\n",
		    5);
}

static void
on_end(void *arg, void *call, int status)
{
	ck_assert_ptr_eq(arg, call);
	world.end = status;
}

static void
on_warning(void *arg, const char *text)
{
	ck_assert_ptr_eq(arg, &world);
	ck_assert_ptr_nonnull(strstr(text, "Too many open files"));
	ck_assert_ptr_nonnull(strstr(text, "ulimit -n"));
	world.warnings++;
}

static void
start(enum loop_clock clock, enum manner manner, uint64_t max_connections)
{
	struct http_opts opts = { .listen = "127.0.0.1:0",
		.max_connections = max_connections,
		.head_timeout_us = 10 * SECOND,
		.body_timeout_us = 10 * SECOND,
		.on_head = on_head,
		.on_request = on_request,
		.on_end = on_end,
		.arg = &world,
		.on_warning = on_warning,
		.warning_arg = &world };
	struct err err = ERR_INIT;

	world = (struct world){ .loop = loop_new(clock), .manner = manner };
	world.end = -1;
	world.http = http_open(world.loop, &opts, &err);
	ck_assert_msg(world.http != NULL, "%s", err.text);
}

static void
stop(void)
{
	http_close(world.http);
	loop_free(world.loop);
}

static void
open_peer(struct sim_peer *p)
{
	sim_peer_open(p, world.loop, http_url(world.http));
}

static void
step(void)
{
	struct err err = ERR_INIT;

	ck_assert_msg(loop_step(world.loop, &err) == 0, "%s", err.text);
}

/* Says get and hears a whole answer. */
static void
ask(struct sim_peer *p)
{
	p->n = 0;
	p->heard[0] = '\0';
	sim_peer_say(p, get);
	sim_peer_hear(p, "\r\n\r\nfine\n");
}

START_TEST(a_reset_is_not_an_orderly_end)
{
	struct sim_peer p;
	int i;

	start(LOOP_REAL, RESET, 0);
	for (i = 0; i < 100; i++) {
		open_peer(&p);
		sim_peer_say(&p, get);
		sim_peer_hear_end(&p);
		ck_assert_int_eq(p.error, ECONNRESET);
		ck_assert_str_eq(p.heard, "");
		sim_peer_close(&p);
	}
	stop();
}
END_TEST

START_TEST(a_request_that_waits_can_be_reset)
{
	struct sim_peer p;

	start(LOOP_REAL, WAIT, 0);
	open_peer(&p);
	sim_peer_say(&p, get);
	while (world.waiting == NULL)
		step();
	http_reset(world.waiting);
	sim_peer_hear_end(&p);
	ck_assert_int_eq(p.error, ECONNRESET);
	sim_peer_close(&p);
	stop();
}
END_TEST

/* --- heads that take long --- */

struct dripper {
	struct sim_peer peer;
	struct loop_timer timer;
	const char *drop;
	int left;
};

/* A little more, and the server gets a look at it. */
static void
on_drip(void *arg)
{
	struct dripper *d = arg;

	sim_peer_say(&d->peer, d->drop);
	loop_sent(world.loop);
	loop_abandoned(world.loop);
	if (--d->left > 0)
		loop_timer_set(&d->timer, loop_now(world.loop) + SECOND);
}

START_TEST(a_head_that_drips_is_answered_408_after_its_time)
{
	const uint64_t hour = 3600 * (uint64_t)SECOND;
	struct dripper d = { .drop = "G", .left = 10 };

	start(LOOP_VIRTUAL, ANSWER, 0);
	open_peer(&d.peer);
	ask(&d.peer);
	/* An hour between two requests is nobody's fault. */
	loop_timer_init(&d.timer, world.loop, on_drip, &d);
	loop_timer_set(&d.timer, hour);
	sim_peer_hear_end(&d.peer);
	ck_assert_uint_eq(loop_now(world.loop), hour + 10 * SECOND);
	ck_assert_int_eq(d.left, 0);
	ck_assert_ptr_nonnull(
	    strstr(d.peer.heard, "fine\nHTTP/1.1 408 Request Timeout\r\n"));
	ck_assert_ptr_nonnull(strstr(d.peer.heard, "Connection: close\r\n"));
	ck_assert_int_eq(d.peer.error, 0);
	/* It was no request. */
	ck_assert_uint_eq(world.heads, 1);
	sim_peer_close(&d.peer);
	stop();
}
END_TEST

START_TEST(a_head_in_time_has_no_deadline_any_more)
{
	struct sim_peer p;

	start(LOOP_VIRTUAL, ANSWER, 0);
	open_peer(&p);
	sim_peer_say(&p, "GET / HTTP/1.1\r\n");
	loop_sent(world.loop); /* holds the clock */
	do
		step();
	while (http_accepted(world.http) == 0);
	sim_peer_say(&p, "Host: x\r\n\r\n");
	sim_peer_hear(&p, "fine\n");
	loop_settled(world.loop);
	ask(&p);
	ck_assert_uint_eq(loop_now(world.loop), 0);
	sim_peer_close(&p);
	stop();
}
END_TEST

START_TEST(a_body_that_never_ends_is_told_when_its_client_leaves)
{
	struct sim_peer p;

	start(LOOP_REAL, ANSWER, 0);
	open_peer(&p);
	sim_peer_say(&p,
	    "PUT /x HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nbody");
	while (world.heads == 0)
		step();
	sim_peer_close(&p);
	while (world.end < 0)
		step();
	ck_assert_int_eq(world.end, 0);
	stop();
}
END_TEST

/* --- bodies that take long --- */

/* Begins a body of this length, and says one drop of it a second. */
static void
drip_body(struct dripper *d, const char *length, const char *drop, int times)
{
	d->drop = drop;
	d->left = times;
	open_peer(&d->peer);
	sim_peer_say(&d->peer,
	    "PUT /x HTTP/1.1\r\nHost: x\r\nContent-Length: ");
	sim_peer_say(&d->peer, length);
	sim_peer_say(&d->peer, "\r\n\r\n");
	while (world.heads == 0)
		step();
	loop_timer_init(&d->timer, world.loop, on_drip, d);
	loop_timer_set(&d->timer, SECOND);
}

START_TEST(a_body_that_drips_is_answered_408)
{
	struct dripper d;

	start(LOOP_VIRTUAL, ANSWER, 0);
	drip_body(&d, "1000000", "x", 10);
	sim_peer_hear_end(&d.peer);
	ck_assert_uint_eq(loop_now(world.loop), 10 * SECOND);
	ck_assert_ptr_nonnull(
	    strstr(d.peer.heard, "HTTP/1.1 408 Request Timeout\r\n"));
	ck_assert_int_eq(d.peer.error, 0);
	ck_assert_int_eq(world.end, 408);
	sim_peer_close(&d.peer);
	stop();
}
END_TEST

START_TEST(a_body_that_stops_is_answered_408_however_fast_it_was)
{
	static char drop[50001];
	struct dripper d;

	memset(drop, 'x', sizeof(drop) - 1);
	start(LOOP_VIRTUAL, ANSWER, 0);
	drip_body(&d, "1000000", drop, 1);
	sim_peer_hear_end(&d.peer);
	/* It has brought enough for the first ten seconds. */
	ck_assert_uint_eq(loop_now(world.loop), 20 * SECOND);
	ck_assert_int_eq(world.end, 408);
	sim_peer_close(&d.peer);
	stop();
}
END_TEST

START_TEST(a_body_that_keeps_its_pace_may_take_long)
{
	static char drop[1201];
	struct dripper d;

	memset(drop, 'x', sizeof(drop) - 1);
	start(LOOP_VIRTUAL, ANSWER, 0);
	drip_body(&d, "120000", drop, 100);
	sim_peer_hear(&d.peer, "fine\n");
	ck_assert_uint_eq(loop_now(world.loop), 100 * SECOND);
	ck_assert_int_eq(world.end, -1);
	/* And has no deadline any more. */
	ask(&d.peer);
	ck_assert_uint_eq(loop_now(world.loop), 100 * SECOND);
	sim_peer_close(&d.peer);
	stop();
}
END_TEST

/* --- more clients than places --- */

START_TEST(beyond_the_cap_a_client_is_told_503)
{
	struct sim_peer inside, beyond;

	start(LOOP_REAL, ANSWER, 1);
	open_peer(&inside);
	ask(&inside);
	open_peer(&beyond);
	sim_peer_say(&beyond, get);
	sim_peer_hear_end(&beyond);
	ck_assert_ptr_nonnull(
	    strstr(beyond.heard, "HTTP/1.1 503 Service Unavailable\r\n"));
	ck_assert_ptr_nonnull(strstr(beyond.heard, "Connection: close\r\n"));
	ck_assert_int_eq(beyond.error, 0);
	/* Its head came, so it was a request. */
	ck_assert_uint_eq(world.heads, 2);
	ck_assert_int_eq(world.end, 503);
	sim_peer_close(&beyond);
	ask(&inside);
	ck_assert_uint_eq(http_accepted(world.http), 1);
	ck_assert_uint_eq(http_refused(world.http), 1);
	sim_peer_close(&inside);
	stop();
}
END_TEST

START_TEST(a_silent_flood_beyond_the_cap_is_sent_away_a_few_at_a_time)
{
	enum { FLOOD = 200 };
	static struct sim_peer flood[FLOOD];
	struct sim_peer inside;
	size_t i;

	start(LOOP_VIRTUAL, ANSWER, 1);
	open_peer(&inside);
	ask(&inside);
	for (i = 0; i < FLOOD; i++)
		open_peer(&flood[i]);
	for (i = 0; i < FLOOD; i++) {
		sim_peer_hear_end(&flood[i]);
		ck_assert_ptr_nonnull(strstr(flood[i].heard, " 503 "));
		sim_peer_close(&flood[i]);
	}
	ck_assert_uint_eq(http_refused(world.http), FLOOD);
	ck_assert_uint_eq(world.heads, 1);
	/* They were not all here at once. */
	ck_assert_uint_ge(loop_now(world.loop), 6 * (uint64_t)SECOND);
	ask(&inside);
	sim_peer_close(&inside);
	stop();
}
END_TEST

/* Leaves room for one descriptor more; gives back the limit there was. */
static rlim_t
leave_one_descriptor(void)
{
	struct rlimit limit;
	int next = dup(STDIN_FILENO);
	rlim_t before;

	ck_assert_int_ge(next, 0);
	close(next);
	getrlimit(RLIMIT_NOFILE, &limit);
	before = limit.rlim_cur;
	limit.rlim_cur = (rlim_t)next + 1;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
	return before;
}

static void
restore_descriptors(rlim_t before)
{
	struct rlimit limit;

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = before;
	setrlimit(RLIMIT_NOFILE, &limit);
}

static void
on_nothing(void *arg)
{
	(void)arg;
}

START_TEST(without_descriptors_the_old_are_served_and_the_new_wait)
{
	struct sim_peer peers[3];
	struct loop_timer second;
	rlim_t before;
	int i;

	start(LOOP_VIRTUAL, ANSWER, 0);
	for (i = 0; i < 3; i++)
		open_peer(&peers[i]);
	before = leave_one_descriptor();
	ask(&peers[0]);
	while (world.warnings == 0)
		step();
	for (i = 0; i < 100; i++)
		ask(&peers[0]);
	ck_assert_int_eq(world.warnings, 1);
	/* The virtual clock stood still; a second later it is said again. */
	loop_timer_init(&second, world.loop, on_nothing, NULL);
	loop_timer_set(&second, SECOND);
	while (world.warnings == 1)
		step();
	ck_assert_uint_eq(http_accepted(world.http), 1);
	sim_peer_close(&peers[0]); /* frees the client's descriptor too */
	ask(&peers[1]);
	ask(&peers[2]);
	ck_assert_uint_eq(http_accepted(world.http), 3);
	restore_descriptors(before);
	sim_peer_close(&peers[1]);
	sim_peer_close(&peers[2]);
	stop();
}
END_TEST

int
main(void)
{
	return suite_run("sim_connections", a_reset_is_not_an_orderly_end,
	    a_request_that_waits_can_be_reset,
	    a_head_that_drips_is_answered_408_after_its_time,
	    a_head_in_time_has_no_deadline_any_more,
	    a_body_that_never_ends_is_told_when_its_client_leaves,
	    a_body_that_drips_is_answered_408,
	    a_body_that_stops_is_answered_408_however_fast_it_was,
	    a_body_that_keeps_its_pace_may_take_long,
	    beyond_the_cap_a_client_is_told_503,
	    a_silent_flood_beyond_the_cap_is_sent_away_a_few_at_a_time,
	    without_descriptors_the_old_are_served_and_the_new_wait, NULL);
}
