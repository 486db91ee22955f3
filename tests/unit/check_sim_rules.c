/* SPDX-License-Identifier: MIT */
/* rules: whom they meet and how often, and how they are set and taken away while
 * the simulator runs. */
#include "sim/rules.h"

#include <stdio.h>
#include <string.h>

#include "sim/fault.h"
#include "sim/operations.h"
#include "sim/routes.h"
#include "sim/sim.h"
#include "tests/support/suite.h"
#include "tests/unit/sim_client.h"

static struct sim_world world;

/* An empty bucket `demo`, a second a request, so many connections. */
static void
start_on(size_t connections, uint64_t seed)
{
	struct sim_opts opts;

	sim_defaults(&opts);
	opts.registry = "manifests=0";
	opts.seed = seed;
	opts.latency = sim_constant(1000000);
	sim_world_start(&world, LOOP_VIRTUAL, &opts, connections);
}

static void
start(void)
{
	start_on(1, 1);
}

static void
stop(void)
{
	sim_world_stop(&world);
}

static void
set(const char *rules)
{
	struct err err = ERR_INIT;

	ck_assert_msg(sim_add_faults(world.sim, rules, &err) == 0, "%s",
	    err.text);
}

/* This rule and no other, on a simulator just started. */
static void
start_with(const char *rules)
{
	start();
	set(rules);
}

static const struct sim_answer *
get(const char *target)
{
	return sim_client_get(world.client, "GET", target);
}

static int
ask(const char *method, const char *target)
{
	return sim_client_get(world.client, method, target)->status;
}

static const struct sim_answer *
post(const char *target, const char *body)
{
	size_t n = sim_client_ask(world.client, "POST", target, body);

	sim_client_run(world.client);
	return sim_client_answer(world.client, n);
}

/* Which of n deletes of one name failed: "..x.". */
static const char *
fates(size_t n)
{
	static char text[64];
	size_t i;

	for (i = 0; i < n; i++)
		text[i] = ask("DELETE", "/b/demo/o/x") == 404 ? '.' : 'x';
	text[n] = '\0';
	return text;
}

static bool
has(const struct sim_answer *a, const char *text)
{
	return strstr(a->body.data, text) != NULL;
}

/* --- setting --- */

static size_t
add(struct rules *r, const char *text)
{
	struct err err = ERR_INIT;
	size_t line;

	if (rules_add(r, text, strlen(text), RULE_BY_CALL, 0, &line, &err) == 0)
		return 0;
	ck_assert_int_eq(err.code, ERR_USAGE);
	return line;
}

START_TEST(a_text_has_rules_comments_and_empty_lines)
{
	struct rules r = { 0 };

	ck_assert_uint_eq(add(&r,
			      "# all of it\r\n\r\n  # and more; PUT 503\n"
			      "DELETE 503 ; GET reset;\n;;\n\tLIST 500 id=r2"),
	    0);
	ck_assert_uint_eq(r.list.n, 3);
	ck_assert_str_eq(r.list.v[0]->id, "r1");
	ck_assert_str_eq(r.list.v[1]->id, "r3");
	ck_assert_str_eq(r.list.v[2]->id, "r2");
	ck_assert_str_eq(r.list.v[1]->fault.mark, "r3");
	rules_release(&r);
}
END_TEST

START_TEST(one_bad_rule_refuses_all_by_its_line)
{
	static const struct {
		const char *text;
		size_t line;
	} rows[] = {
		{ "DELETE 503\nGET reset\nGET rest", 3 },
		{ "DELETE 503; GET rest\nGET reset", 1 },
		{ "\n\n# x\nDELETE 503 id=a\n", 4 },
		{ "DELETE 503 id=b\nDELETE 503 id=b\n", 2 },
		{ "", 1 },
		{ "# nothing\n;\n", 1 },
	};
	struct rules r = { 0 };
	size_t i;

	ck_assert_uint_eq(add(&r, "PUT 503 id=a"), 0);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ck_assert_uint_eq(add(&r, rows[i].text), rows[i].line);
		ck_assert_uint_eq(r.list.n, 1);
	}
	rules_release(&r);
}
END_TEST

START_TEST(there_are_a_thousand_rules_and_no_more)
{
	struct rules r = { 0 };
	struct err err = ERR_INIT;
	size_t i, line;

	for (i = 0; i < RULES_MAX; i++)
		ck_assert_uint_eq(add(&r, "GET 503"), 0);
	ck_assert_int_ne(rules_add(&r, "GET 503", 7, RULE_BY_CALL, 0, &line,
			     &err),
	    0);
	ck_assert_str_eq(err.text,
	    "there are 1000 rules, and no more are taken");
	ck_assert_int_eq(rules_remove(&r, "r500", &err), 0);
	ck_assert_int_ne(rules_remove(&r, "r500", &err), 0);
	ck_assert_int_eq(err.code, ERR_NOT_FOUND);
	ck_assert_uint_eq(add(&r, "GET 503"), 0);
	ck_assert_str_eq(r.list.v[RULES_MAX - 1]->id, "r1001");
	rules_release(&r);
}
END_TEST

START_TEST(a_start_with_a_bad_rule_is_none)
{
	struct loop *loop = loop_new(LOOP_VIRTUAL);
	struct sim_opts opts;
	struct err err = ERR_INIT;

	sim_defaults(&opts);
	opts.faults = (struct opt_strings){ { "DELETE 503", "GET rest" }, 2 };
	ck_assert_ptr_null(sim_start_on(loop, &opts, &err));
	ck_assert_str_eq(err.text, "'rest' is no fault; reset is the nearest");
	opts.faults.n = 1;
	opts.fault_plan = "/nonexistent/plan";
	ck_assert_ptr_null(sim_start_on(loop, &opts, &err));
	ck_assert_int_eq(err.code, ERR_CONFIG);
	ck_assert_ptr_nonnull(strstr(err.text, "/nonexistent/plan: No such"));
	loop_free(loop);
}
END_TEST

/* --- which requests --- */

START_TEST(a_rule_says_which_of_its_matches_it_meets)
{
	static const struct {
		const char *rule;
		const char *fates;
	} rows[] = {
		{ "DELETE 503", "xxxxxxxxxxxx" },
		{ "DELETE 503 times=2", "xx.........." },
		{ "DELETE 503 nth=3", "..x........." },
		{ "DELETE 503 nth=3-5", "..xxx......." },
		{ "DELETE 503 nth=3-9 times=2", "..xx........" },
		{ "DELETE 503 every=3", "..x..x..x..x" },
		{ "DELETE 503 every=3 times=2", "..x..x......" },
		{ "DELETE 503 rate=100%", "xxxxxxxxxxxx" },
		{ "DELETE 503 turn=4", "...x........" },
		{ "DELETE 503 connection=1", "xxxxxxxxxxxx" },
		{ "DELETE 503 connection=2", "............" },
		/* Requests are asked at 0 s, 1 s, 2 s, ... */
		{ "DELETE 503 from=2s", "..xxxxxxxxxx" },
		{ "DELETE 503 until=2s", "xx.........." },
		{ "DELETE 503 from=1500ms until=4001ms", "..xxx......." },
		{ "DELETE 503 from=3s nth=2", "....x......." },
		{ "* 503 name=x", "xxxxxxxxxxxx" },
		{ "DELETE 503 name={y,z}", "............" },
		{ "DELETE 503 bucket=de* name=?", "xxxxxxxxxxxx" },
		{ "DELETE 503 bucket=other", "............" },
		{ "GET 503", "............" },
		{ "storage.objects.delete 503", "xxxxxxxxxxxx" },
		{ "objects.{get,delete} 503 nth=2", ".x.........." },
		{ "storage.buckets.* 503", "............" },
		/* The first that fires; those behind it never see that one. */
		{ "DELETE 503 nth=2; DELETE 500 nth=2", ".xx........." },
		{ "DELETE 503 times=2; DELETE 500 every=3", "xx..x..x..x." },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		start_with(rows[i].rule);
		ck_assert_msg(strcmp(fates(12), rows[i].fates) == 0, "%s: %s",
		    rows[i].rule, fates(0));
		stop();
	}
}
END_TEST

/* A hundred names, each deleted ten times; the fates as a line of statuses. */
static void
draw(size_t connections, uint64_t seed, const char *rule, struct buf *out)
{
	char target[64];
	size_t numbers[1000], i;

	start_on(connections, seed);
	set(rule);
	for (i = 0; i < 1000; i++) {
		snprintf(target, sizeof(target), "/b/demo/o/x%zu", i % 100);
		numbers[i] = sim_client_ask(world.client, "DELETE", target,
		    NULL);
	}
	sim_client_run(world.client);
	buf_clear(out);
	for (i = 0; i < 1000; i++)
		buf_addc(out,
		    sim_client_answer(world.client, numbers[i])->status == 503
			? 'x'
			: '.');
	stop();
}

static size_t
count(const struct buf *fates)
{
	size_t i, n = 0;

	for (i = 0; i < fates->len; i++)
		n += fates->data[i] == 'x';
	return n;
}

START_TEST(a_rate_draws_the_same_whatever_the_order)
{
	struct buf alone, again;

	buf_init(&alone, 2000);
	buf_init(&again, 2000);
	draw(1, 1, "DELETE 503 rate=20%", &alone);
	ck_assert_uint_eq(count(&alone), 185);
	draw(1, 1, "DELETE 503 rate=20%", &again);
	ck_assert_str_eq(alone.data, again.data);
	/* Ten connections bring them ten at a time, a name once in each. */
	draw(10, 1, "DELETE 503 rate=20%", &again);
	ck_assert_str_eq(alone.data, again.data);
	draw(1, 2, "DELETE 503 rate=20%", &again);
	ck_assert_str_ne(alone.data, again.data);
	ck_assert_uint_eq(count(&again), 209);
	draw(1, 1, "DELETE 503 rate=20% id=other", &again);
	ck_assert_str_ne(alone.data, again.data);
	draw(1, 1, "DELETE 503 rate=0.1%", &again);
	ck_assert_uint_eq(count(&again), 1);
	buf_release(&alone);
	buf_release(&again);
}
END_TEST

START_TEST(a_reset_of_the_counts_begins_anew)
{
	struct err err = ERR_INIT;

	start_with("DELETE 503 nth=2 id=a\nDELETE 500 from=3s times=1 id=b");
	ck_assert_str_eq(fates(5), ".x.x.");
	ck_assert_uint_eq(sim_faults_fired(world.sim, "a"), 1);
	ck_assert_uint_eq(sim_faults_fired(world.sim, "b"), 1);
	ck_assert_uint_eq(sim_faults_fired(world.sim, "c"), 0);
	sim_reset_counts(world.sim);
	ck_assert_uint_eq(sim_faults_fired(world.sim, "a"), 0);
	ck_assert_str_eq(fates(5), ".x.x.");
	ck_assert_int_eq(sim_remove_faults(world.sim, "a", &err), 0);
	ck_assert_int_eq(sim_remove_faults(world.sim, "a", &err), -1);
	sim_reset_counts(world.sim);
	ck_assert_str_eq(fates(5), "...x.");
	ck_assert_int_eq(sim_remove_faults(world.sim, NULL, &err), 0);
	sim_reset_counts(world.sim);
	ck_assert_str_eq(fates(5), ".....");
	stop();
}
END_TEST

static const char *
no_header(const void *from, const char *name)
{
	(void)from, (void)name;
	return NULL;
}

/* What was spent before a reset is not owed to those who come after it. */
START_TEST(a_fault_of_before_a_reset_is_not_given_back)
{
	static const char text[] = "PUT 503 after=1KB times=1";
	const struct ask_headers headers = { .find = no_header };
	struct route route;
	const struct fault_ask ask = { .route = &route, .headers = &headers };
	struct rules rules = { .seed = 1 };
	struct fault before, since;
	struct err err = ERR_INIT;
	size_t line;

	route_init(&route);
	route_parse(&route, HTTP_POST,
	    "/upload/storage/v1/b/demo/o?uploadType=media&name=a");
	ck_assert_int_eq(rules_add(&rules, text, strlen(text), RULE_BY_CALL, 0,
			     &line, &err),
	    0);
	ck_assert(rules_take(&rules, &ask, &before));
	rules_restart(&rules, 0);
	ck_assert(rules_take(&rules, &ask, &since));
	rules_give_back(&rules, before.rule);
	ck_assert(!rules_take(&rules, &ask, &before));
	rules_give_back(&rules, since.rule);
	ck_assert(rules_take(&rules, &ask, &before));
	rules_release(&rules);
	route_release(&route);
}
END_TEST

START_TEST(what_the_limiter_rejects_no_rule_sees)
{
	struct sim_opts opts;
	struct sim_counts counts;

	sim_defaults(&opts);
	opts.registry = "manifests=0";
	opts.write_limit = 1;
	opts.burst = 1;
	opts.latency = sim_constant(400000);
	opts.faults = (struct opt_strings){ { "DELETE 500 nth=2 id=a" }, 1 };
	sim_world_start(&world, LOOP_VIRTUAL, &opts, 1);
	ck_assert_int_eq(ask("DELETE", "/b/demo/o/x"), 404); /* 0.0 s */
	ck_assert_int_eq(ask("DELETE", "/b/demo/o/x"), 429); /* 0.4 s */
	ck_assert_int_eq(ask("DELETE", "/b/demo/o/x"), 429); /* 0.8 s */
	ck_assert_int_eq(ask("DELETE", "/b/demo/o/x"), 500); /* 1.2 s */
	sim_counts(world.sim, &counts);
	ck_assert_uint_eq(counts.faults, 1);
	stop();
}
END_TEST

/* --- while it runs --- */

START_TEST(rules_are_set_and_told_and_taken_away_live)
{
	const struct sim_answer *a;

	start();
	a = post("/_sim/faults",
	    "DELETE 503 nth=2-4\nGET reset times=9 id=g\n");
	ck_assert_int_eq(a->status, 200);
	ck_assert(has(a, "\"id\": \"r1\""));
	ck_assert(has(a, "\"rule\": \"DELETE 503 id=r1 nth=2-4\""));
	ck_assert(has(a, "\"rule\": \"GET reset id=g times=9\""));
	ck_assert(has(a, "\"source\": \"live\""));
	ck_assert_str_eq(fates(3), ".xx");
	a = get("/_sim/faults/r1");
	ck_assert(has(a, "\"matched\": 3"));
	ck_assert(has(a, "\"fired\": 2"));
	ck_assert(has(a, "\"left\": 1"));
	a = post("/_sim/faults", "LIST 500 every=2");
	ck_assert(has(a, "\"id\": \"r2\""));
	ck_assert(has(a, "\"left\": null"));
	ck_assert(!has(a, "\"id\": \"r1\""));
	ck_assert_int_eq(ask("DELETE", "/_sim/faults/r1"), 204);
	ck_assert_int_eq(ask("DELETE", "/_sim/faults/r1"), 404);
	ck_assert_int_eq(ask("GET", "/_sim/faults/r1"), 404);
	ck_assert_str_eq(fates(1), ".");
	a = get("/_sim/faults");
	ck_assert(!has(a, "r1") && has(a, "\"id\": \"g\"") && has(a, "r2"));
	ck_assert_int_eq(ask("POST", "/_sim/reset"), 204);
	ck_assert(has(get("/_sim/faults"), "\"left\": 9"));
	ck_assert_int_eq(ask("DELETE", "/_sim/faults"), 204);
	ck_assert_str_eq(get("/_sim/faults")->body.data,
	    "{\n  \"faults\": []\n}\n");
	ck_assert_int_eq(ask("PUT", "/_sim/faults"), 405);
	stop();
}
END_TEST

START_TEST(a_bad_text_is_refused_live_by_its_line)
{
	const struct sim_answer *a;

	start();
	a = post("/_sim/faults", "DELETE 503\n\nGET rate=5%");
	ck_assert_int_eq(a->status, 400);
	ck_assert(has(a, "line 3: 'rate=5%' is no fault"));
	a = post("/_sim/faults", "");
	ck_assert_int_eq(a->status, 400);
	ck_assert(has(a, "line 1: there is no rule in it"));
	ck_assert_str_eq(get("/_sim/faults")->body.data,
	    "{\n  \"faults\": []\n}\n");
	stop();
}
END_TEST

int
main(void)
{
	return suite_run("sim_rules", a_text_has_rules_comments_and_empty_lines,
	    one_bad_rule_refuses_all_by_its_line,
	    there_are_a_thousand_rules_and_no_more,
	    a_start_with_a_bad_rule_is_none,
	    a_rule_says_which_of_its_matches_it_meets,
	    a_rate_draws_the_same_whatever_the_order,
	    a_reset_of_the_counts_begins_anew,
	    a_fault_of_before_a_reset_is_not_given_back,
	    what_the_limiter_rejects_no_rule_sees,
	    rules_are_set_and_told_and_taken_away_live,
	    a_bad_text_is_refused_live_by_its_line, NULL);
}
