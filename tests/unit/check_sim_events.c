/* SPDX-License-Identifier: MIT */
/* Events: who hears what, and that nobody is held up by who does not listen. */
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "sim/sim.h"
#include "src/base/buf.h"
#include "src/base/loop.h"
#include "tests/support/suite.h"
#include "tests/unit/sim_client.h"
#include "tests/unit/sim_peer.h"

enum { CLIENTS_MAX = 16 };

static struct sim_world world;

static void
start(enum loop_clock clock)
{
	struct sim_opts opts;

	sim_defaults(&opts);
	opts.make_bucket = true;
	opts.latency = sim_constant(1000000);
	if (clock == LOOP_REAL)
		opts.latency = sim_constant(0);
	sim_world_start(&world, clock, &opts, 4);
}

static void
listen_to(struct sim_peer *p, const char *query)
{
	sim_peer_open(p, world.loop, sim_url(world.sim));
	sim_peer_say(p, "GET /_sim/events");
	sim_peer_say(p, query);
	sim_peer_say(p, " HTTP/1.1\r\nHost: h\r\n\r\n");
}

static void
ask(const char *method, const char *target)
{
	sim_client_get(world.client, method, target);
}

START_TEST(events_are_what_happens)
{
	struct sim_peer p;

	start(LOOP_REAL);
	listen_to(&p, "");
	sim_peer_hear(&p, "event: config\ndata: {\"latency\":\"0ms\"");
	sim_peer_hear(&p, "event: stats\ndata: {\"requests\":{");
	ck_assert_ptr_nonnull(
	    strstr(p.heard, "Content-Type: text/event-stream\r\n"));
	ck_assert_ptr_null(strstr(p.heard, "Content-Length"));
	ask("DELETE", "/b/demo/o/gone");
	sim_peer_hear(&p, "event: request\ndata: {\"time\":");
	sim_peer_hear(&p, "\"kind\":\"DELETE\",\"method\":\"DELETE\"");
	ask("POST", "/_sim/reset?state=start");
	sim_peer_hear(&p, "event: state\ndata: {\"what\":\"start\"");
	sim_peer_close(&p);
	sim_world_stop(&world);
}
END_TEST

START_TEST(who_wants_some_hears_no_others)
{
	struct sim_peer some, all;

	start(LOOP_REAL);
	listen_to(&some, "?types=state,request");
	listen_to(&all, "?types=");
	sim_peer_hear(&some, "retry: ");
	sim_peer_hear(&all, "event: stats");
	ask("GET", "/b/demo/o/x");
	sim_peer_hear(&some, "event: request");
	ask("POST", "/_sim/snapshot?name=a");
	ask("POST", "/_sim/restore?name=a");
	sim_peer_hear(&some, "{\"what\":\"restore\",\"name\":\"a\"}\n\n");
	ck_assert_ptr_null(strstr(some.heard, "event: config"));
	ck_assert_ptr_null(strstr(some.heard, "event: stats"));
	sim_peer_close(&some);
	sim_peer_close(&all);
	sim_world_stop(&world);
}
END_TEST

START_TEST(listeners_are_so_many_at_most)
{
	struct sim_peer p[CLIENTS_MAX], late;
	int i;

	start(LOOP_REAL);
	for (i = 0; i < CLIENTS_MAX; i++) {
		listen_to(&p[i], "");
		sim_peer_hear(&p[i], "retry: ");
	}
	listen_to(&late, "");
	sim_peer_hear(&late, "503 Service Unavailable");
	sim_peer_close(&late);
	/* When one leaves there is room for another. */
	sim_peer_close(&p[0]);
	do {
		listen_to(&late, "");
		sim_peer_hear(&late, "\r\n\r\n");
		if (strstr(late.heard, " 200 ") == NULL)
			sim_peer_close(&late);
	} while (strstr(late.heard, " 200 ") == NULL);
	sim_peer_close(&late);
	for (i = 1; i < CLIENTS_MAX; i++)
		sim_peer_close(&p[i]);
	sim_world_stop(&world);
}
END_TEST

START_TEST(a_listener_neither_holds_up_a_virtual_clock_nor_drives_it)
{
	struct sim_peer p;
	int i;

	start(LOOP_VIRTUAL);
	listen_to(&p, "");
	sim_peer_hear(&p, "event: stats");
	ck_assert_uint_eq(loop_now(world.loop), 0);
	for (i = 1; i <= 5; i++) {
		ask("GET", "/b/demo/o/x");
		ck_assert_uint_eq(loop_now(world.loop), (uint64_t)i * 1000000);
	}
	sim_peer_hear(&p, "\"nth\":5");
	ck_assert_uint_eq(loop_now(world.loop), 5000000);
	sim_peer_close(&p);
	sim_world_stop(&world);
}
END_TEST

START_TEST(a_server_that_drains_ends_them)
{
	struct sim_peer p;

	start(LOOP_REAL);
	listen_to(&p, "");
	sim_peer_hear(&p, "event: stats");
	sim_drain(world.sim);
	ck_assert(sim_is_drained(world.sim));
	sim_peer_hear_end(&p);
	ck_assert_int_eq(p.error, 0);
	sim_peer_close(&p);
	sim_world_stop(&world);
}
END_TEST

START_TEST(a_server_may_stop_while_somebody_listens)
{
	struct sim_peer p;

	start(LOOP_REAL);
	listen_to(&p, "");
	sim_peer_hear(&p, "event: stats");
	sim_peer_close(&p);
	listen_to(&p, "");
	sim_peer_hear(&p, "event: stats");
	ask("GET", "/b/demo/o/x");
	sim_stop(world.sim);
	world.sim = NULL;
	sim_peer_hear_end(&p);
	sim_peer_close(&p);
	sim_world_stop(&world);
}
END_TEST

/* A name of a thousand characters that need six in JSON. */
static char *
long_target(void)
{
	struct buf b;
	int i;

	buf_init(&b, 8192);
	buf_adds(&b, "/b/demo/o/");
	for (i = 0; i < 1000; i++)
		buf_adds(&b, "%01");
	return buf_steal(&b);
}

/* Reads all that has come for it; was it told of a loss? */
static bool
reads_loss(struct sim_peer *p, struct buf *heard)
{
	static const char loss[] = "event: lost\ndata: {\"events\":";
	static char bytes[65536];
	bool has_lost = false;
	size_t from;
	ssize_t n;

	while ((n = recv(p->fd, bytes, sizeof(bytes), MSG_DONTWAIT)) > 0) {
		from = heard->len > sizeof(loss) ? heard->len - sizeof(loss)
						 : 0;
		ck_assert_int_eq(buf_add(heard, bytes, (size_t)n), 0);
		has_lost |= strstr(heard->data + from, loss) != NULL;
	}
	return has_lost;
}

/* Twenty MiB happen, and it takes none of them: what there is for it is what the
 * kernel holds and two MiB. */
START_TEST(who_takes_nothing_loses_what_is_too_much)
{
	struct sim_peer p;
	struct err err = ERR_INIT;
	char *target = long_target();
	struct buf heard;
	int i;

	start(LOOP_REAL);
	listen_to(&p, "?types=request");
	sim_peer_hear(&p, "retry: ");
	event_del(p.event);
	for (i = 0; i < 3500; i++)
		ask("GET", target);
	buf_init(&heard, 32 * 1024 * 1024);
	while (!reads_loss(&p, &heard))
		ck_assert_msg(loop_step(world.loop, &err) == 0, "%s", err.text);
	buf_release(&heard);
	ck_assert_uint_eq(sim_count(world.sim, SIM_GET), 3500);
	free(target);
	sim_peer_close(&p);
	sim_world_stop(&world);
}
END_TEST

int
main(void)
{
	return suite_run("sim_events", events_are_what_happens,
	    who_wants_some_hears_no_others, listeners_are_so_many_at_most,
	    a_listener_neither_holds_up_a_virtual_clock_nor_drives_it,
	    a_server_that_drains_ends_them,
	    a_server_may_stop_while_somebody_listens,
	    who_takes_nothing_loses_what_is_too_much, NULL);
}
