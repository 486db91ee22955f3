/* SPDX-License-Identifier: MIT */
/* Expectations that wait.  A virtual clock moves only when all wait, so what
 * happens at a second of it happens to who waits. */
#include "sim/waits.h"

#include <stdio.h>
#include <string.h>

#include "sim/sim.h"
#include "sim/sim_counts.h"
#include "tests/support/suite.h"
#include "tests/unit/sim_client.h"

enum { SECOND = 1000000 };

static struct sim_world w;
static struct loop_timer timer;

/* At one second act() is called. */
static void
start(void (*act)(void *arg))
{
	struct sim_opts opts;

	sim_defaults(&opts);
	opts.make_bucket = true;
	opts.latency = sim_constant(1000);
	sim_world_start(&w, LOOP_VIRTUAL, &opts, 4);
	if (act == NULL)
		return;
	loop_timer_init(&timer, w.loop, act, NULL);
	loop_timer_set(&timer, SECOND);
}

static void
expect(const char *target, int status, const char *text, uint64_t at_us)
{
	const struct sim_answer *a = sim_client_get(w.client, "GET", target);

	ck_assert_msg(a->status == status && strstr(a->body.data, text) != NULL,
	    "%s: %d %s", target, a->status, a->body.data);
	ck_assert_uint_eq(loop_now(w.loop), at_us);
}

static void
ask_for_two(void *arg)
{
	(void)arg;
	sim_client_ask(w.client, "GET", "/b/demo/o/x", NULL);
	sim_client_ask(w.client, "GET", "/b/demo/o/y", NULL);
	sim_client_start(w.client);
}

START_TEST(it_is_answered_as_soon_as_it_is_met)
{
	start(ask_for_two);
	expect("/_sim/expect?GET:404=2&wait=60s", 200, "\"met\": true",
	    SECOND + 1000);
	expect("/_sim/expect?GET:404=2&wait=60s", 200, "", SECOND + 1000);
	sim_world_stop(&w);
}
END_TEST

START_TEST(or_with_the_difference_when_its_time_is_over)
{
	start(ask_for_two);
	expect("/_sim/expect?GET=3&wait=2500ms", 409,
	    "GET: expected 3, had 2 (1 too few)", 2500000);
	expect("/_sim/expect?GET=3&wait=0", 409, "", 2500000);
	expect("/_sim/expect?GET=3&wait=", 409, "", 2500000);
	sim_world_stop(&w);
}
END_TEST

START_TEST(a_time_that_cannot_be_is_refused)
{
	static const char *const values[] = { "61s", "soon", "-1s", "%",
		"1%00s", "5" };
	struct err err = ERR_INIT;
	char target[64];
	size_t i;

	start(NULL);
	for (i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		snprintf(target, sizeof(target), "/_sim/expect?GET=3&wait=%s",
		    values[i]);
		expect(target, 400, "want a time of at most 60s", 0);
	}
	expect("/_sim/expect?wait=1s", 400, "nothing is expected", 0);
	ck_assert_int_eq(sim_expect(w.sim, "GET=0&wait=1s", &err), -1);
	ck_assert_int_eq(err.code, ERR_USAGE);
	sim_world_stop(&w);
}
END_TEST

static void
reset(void *arg)
{
	(void)arg;
	sim_reset_counts(w.sim);
}

START_TEST(a_reset_is_a_change_too)
{
	struct err err = ERR_INIT;

	start(reset);
	sim_client_get(w.client, "GET", "/b/demo");
	ck_assert_int_eq(sim_scope_open(w.sim, "s", false, &err), 0);
	ck_assert_int_eq(sim_scope_close(w.sim, "s", &err), 0);
	sim_client_ask(w.client, "GET", "/_sim/expect?scope=s&GET=1&wait=60s",
	    NULL);
	expect("/_sim/expect?total=0&wait=60s", 200, "", SECOND);
	expect("/_sim/expect?scope=s&GET=1&wait=60s", 404, "no scope 's'",
	    SECOND);
	sim_client_run(w.client);
	ck_assert_int_eq(sim_client_answer(w.client, 1)->status, 404);
	sim_world_stop(&w);
}
END_TEST

static void
drain(void *arg)
{
	(void)arg;
	sim_drain(w.sim);
	ck_assert(!sim_is_drained(w.sim));
}

START_TEST(a_drain_waits_for_nobody_who_waits)
{
	start(drain);
	expect("/_sim/expect?GET=3&wait=60s", 409, "", SECOND);
	ck_assert(sim_is_drained(w.sim));
	sim_world_stop(&w);
}
END_TEST

static void
hang_up(void *arg)
{
	(void)arg;
	sim_client_hang_up(w.client);
}

START_TEST(a_client_that_leaves_is_forgotten)
{
	start(hang_up);
	sim_client_get(w.client, "GET", "/_sim/expect?GET=3&wait=60s");
	ask_for_two(NULL);
	sim_client_run(w.client);
	sim_drain(w.sim);
	ck_assert(sim_is_drained(w.sim));
	sim_world_stop(&w);
}
END_TEST

static void
give_up(void *arg)
{
	(void)arg;
	loop_stop(w.loop);
}

START_TEST(an_end_of_the_simulator_does_without_answers)
{
	struct err err = ERR_INIT;

	start(give_up);
	sim_client_ask(w.client, "GET", "/_sim/expect?GET=3&wait=60s", NULL);
	sim_client_start(w.client);
	ck_assert_int_eq(loop_run(w.loop, &err), 0);
	sim_world_stop(&w);
}
END_TEST

int
main(void)
{
	return suite_run("sim_waits", it_is_answered_as_soon_as_it_is_met,
	    or_with_the_difference_when_its_time_is_over,
	    a_time_that_cannot_be_is_refused, a_reset_is_a_change_too,
	    a_drain_waits_for_nobody_who_waits,
	    a_client_that_leaves_is_forgotten,
	    an_end_of_the_simulator_does_without_answers, NULL);
}
