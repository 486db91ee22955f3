/* SPDX-License-Identifier: MIT */
/* When a request is counted: at its whole head, however the rest comes. */
#include <string.h>

#include "sim/sim.h"
#include "tests/support/suite.h"
#include "tests/unit/sim_client.h"
#include "tests/unit/sim_peer.h"

static const char half_a_put[] =
    "POST /upload/storage/v1/b/demo/o?uploadType=media&name=mine HTTP/1.1\r\n"
    "Host: x\r\nContent-Length: 10\r\n\r\nabcde";

static struct sim_world world;
static struct sim_peer peer;

static void
start(void)
{
	struct sim_opts opts;

	sim_defaults(&opts);
	opts.registry = "manifests=0";
	sim_world_start(&world, LOOP_REAL, &opts, 1);
	sim_peer_open(&peer, world.loop, sim_url(world.sim));
}

static void
stop(void)
{
	sim_world_stop(&world);
}

static uint64_t
in_flight(void)
{
	struct sim_counts counts;

	sim_counts(world.sim, &counts);
	return counts.in_flight;
}

static void
wait_for_in_flight(uint64_t n)
{
	struct err err = ERR_INIT;

	while (in_flight() != n)
		ck_assert_int_eq(loop_step(world.loop, &err), 0);
}

static const char *
journal(void)
{
	return sim_client_get(world.client, "GET", "/_sim/requests?format=text")
	    ->body.data;
}

START_TEST(a_put_that_is_cut_in_its_body_is_in_the_journal)
{
	start();
	sim_peer_say(&peer, half_a_put);
	wait_for_in_flight(1);
	ck_assert_str_eq(journal(), "PUT mine 0\n");
	sim_peer_close(&peer);
	wait_for_in_flight(0);
	ck_assert_str_eq(journal(), "PUT mine 0\n");
	ck_assert_uint_eq(sim_objects(world.sim, "demo", NULL), 0);
	stop();
}
END_TEST

START_TEST(a_put_takes_effect_when_its_body_is_whole)
{
	start();
	sim_peer_say(&peer, half_a_put);
	wait_for_in_flight(1);
	ck_assert_uint_eq(sim_objects(world.sim, "demo", NULL), 0);
	sim_peer_say(&peer, "fghij");
	wait_for_in_flight(0);
	ck_assert_str_eq(journal(), "PUT mine 200\n");
	ck_assert_str_eq(sim_client_get(world.client, "GET",
			     "/b/demo/o/mine?alt=media")
			     ->body.data,
	    "abcdefghij");
	sim_peer_close(&peer);
	stop();
}
END_TEST

START_TEST(a_reset_between_head_and_body_forgets_the_request)
{
	int i;

	for (i = 0; i < 2; i++) {
		start();
		sim_peer_say(&peer, half_a_put);
		wait_for_in_flight(1);
		sim_reset_counts(world.sim);
		ck_assert_uint_eq(in_flight(), 1);
		if (i == 1)
			sim_peer_say(&peer, "fghij");
		else
			sim_peer_close(&peer);
		wait_for_in_flight(0);
		ck_assert_str_eq(journal(), "");
		ck_assert_uint_eq(sim_objects(world.sim, "demo", NULL),
		    (uint64_t)i);
		if (i == 1)
			sim_peer_close(&peer);
		stop();
	}
}
END_TEST

START_TEST(stopping_between_head_and_body_leaves_nothing_behind)
{
	start();
	sim_peer_say(&peer, half_a_put);
	wait_for_in_flight(1);
	sim_peer_close(&peer);
	stop();
}
END_TEST

START_TEST(a_head_may_come_a_byte_at_a_time)
{
	static const char request[] =
	    "GET /b/demo/o/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
	struct err err = ERR_INIT;
	char byte[2] = "";
	size_t i;

	start();
	for (i = 0; i < sizeof(request) - 1; i++) {
		byte[0] = request[i];
		sim_peer_say(&peer, byte);
		ck_assert_int_eq(loop_step(world.loop, &err), 0);
	}
	sim_peer_hear_end(&peer);
	ck_assert_ptr_nonnull(strstr(peer.heard, "HTTP/1.1 404 "));
	ck_assert_str_eq(journal(), "GET x 404\n");
	sim_peer_close(&peer);
	stop();
}
END_TEST

START_TEST(requests_sent_ahead_are_answered_in_turn)
{
	start();
	sim_peer_say(&peer,
	    "POST /upload/storage/v1/b/demo/o?uploadType=media&name=a "
	    "HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
	    "GET /b/demo/o/a?alt=media HTTP/1.1\r\nHost: x\r\n\r\n"
	    "POST /upload/storage/v1/b/demo/o?uploadType=media&name=b "
	    "HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
	    "3\r\nxyz\r\n0\r\n\r\n"
	    "GET /b/demo/o/b?alt=media HTTP/1.1\r\nHost: x\r\n\r\n"
	    "DELETE /b/demo/o/b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
	    "DELETE /b/demo/o/a HTTP/1.1\r\nHost: x\r\n\r\n");
	sim_peer_hear_end(&peer);
	/* Behind the announced end nothing is read. */
	ck_assert_str_eq(journal(),
	    "PUT a 200\nGET a 200\nPUT b 200\nGET b 200\nDELETE b 204\n");
	ck_assert_uint_eq(sim_objects(world.sim, "demo", NULL), 1);
	sim_peer_close(&peer);
	stop();
}
END_TEST

START_TEST(a_faulty_head_behind_a_good_one_is_refused)
{
	start();
	sim_peer_say(&peer,
	    "DELETE /b/demo/o/a HTTP/1.1\r\nHost: x\r\n\r\n"
	    "DELETE /b/demo/o/b HTTP/1.1\nHost: x\n\n");
	sim_peer_hear_end(&peer);
	ck_assert_ptr_nonnull(strstr(peer.heard, "HTTP/1.1 404 "));
	ck_assert_ptr_nonnull(strstr(peer.heard, "HTTP/1.1 400 Bad Request"));
	ck_assert_str_eq(journal(), "DELETE a 404\nOTHER  400\n");
	sim_peer_close(&peer);
	stop();
}
END_TEST

int
main(void)
{
	return suite_run("sim_arrival",
	    a_put_that_is_cut_in_its_body_is_in_the_journal,
	    a_put_takes_effect_when_its_body_is_whole,
	    a_reset_between_head_and_body_forgets_the_request,
	    stopping_between_head_and_body_leaves_nothing_behind,
	    a_head_may_come_a_byte_at_a_time,
	    requests_sent_ahead_are_answered_in_turn,
	    a_faulty_head_behind_a_good_one_is_refused, NULL);
}
