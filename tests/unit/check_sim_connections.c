/* SPDX-License-Identifier: MIT */
/* Connections that do not go as they should, below the simulator's API. */
#include <errno.h>
#include <string.h>

#include "sim/http.h"
#include "src/base/loop.h"
#include "tests/support/suite.h"
#include "tests/unit/sim_peer.h"

static const char get[] = "GET /x HTTP/1.1\r\nHost: x\r\n\r\n";

/* A server that resets each connection, at once or when told to. */
static struct world {
	struct loop *loop;
	struct http *http;
	struct http_exchange *waiting;
	bool is_patient;
} world;

static void
on_request(void *arg, struct http_exchange *x)
{
	struct world *w = arg;

	if (w->is_patient)
		w->waiting = x;
	else
		http_reset(x);
}

static void
start(void)
{
	struct http_opts opts = { .listen = "127.0.0.1:0",
		.on_request = on_request,
		.arg = &world };
	struct err err = ERR_INIT;

	world = (struct world){ .loop = loop_new(LOOP_REAL) };
	world.http = http_open(loop_events(world.loop), &opts, &err);
	ck_assert_msg(world.http != NULL, "%s", err.text);
}

static void
stop(void)
{
	http_close(world.http);
	loop_free(world.loop);
}

START_TEST(a_reset_is_not_an_orderly_end)
{
	struct sim_peer p;
	int i;

	start();
	for (i = 0; i < 100; i++) {
		sim_peer_open(&p, world.loop, http_url(world.http));
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
	struct err err = ERR_INIT;

	start();
	world.is_patient = true;
	sim_peer_open(&p, world.loop, http_url(world.http));
	sim_peer_say(&p, get);
	while (world.waiting == NULL)
		ck_assert_int_eq(loop_step(world.loop, &err), 0);
	http_reset(world.waiting);
	sim_peer_hear_end(&p);
	ck_assert_int_eq(p.error, ECONNRESET);
	sim_peer_close(&p);
	stop();
}
END_TEST

int
main(void)
{
	return suite_run("sim_connections", a_reset_is_not_an_orderly_end,
	    a_request_that_waits_can_be_reset, NULL);
}
