/* SPDX-License-Identifier: MIT */
/* Snapshots: the way back, by HTTP and from a test's own process. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/sim.h"
#include "sim/sim_state.h"
#include "src/base/mem.h"
#include "src/base/rng.h"
#include "tests/support/suite.h"
#include "tests/unit/sim_client.h"

static struct sim_world world;

static void
start(const char *registry, uint64_t write_limit)
{
	struct sim_opts opts;

	sim_defaults(&opts);
	opts.registry = registry;
	opts.make_bucket = true;
	opts.write_limit = write_limit;
	opts.burst = 2;
	sim_world_start(&world, LOOP_VIRTUAL, &opts, 1);
}

static const struct sim_answer *
ask(const char *method, const char *target)
{
	return sim_client_get(world.client, method, target);
}

static int
status(const char *method, const char *target)
{
	return ask(method, target)->status;
}

static int
post(const char *target, const char *body)
{
	size_t n = sim_client_ask(world.client, "POST", target, body);

	sim_client_run(world.client);
	return sim_client_answer(world.client, n)->status;
}

static int
put(const char *name, const char *body)
{
	char target[128];

	snprintf(target, sizeof(target),
	    "/upload/storage/v1/b/demo/o?uploadType=media&name=%s", name);
	return post(target, body);
}

/* All that can be listed; to free(). */
static char *
everything(void)
{
	struct buf out;

	buf_init(&out, 16 * 1024 * 1024);
	buf_adds(&out, ask("GET", "/b?projection=full")->body.data);
	buf_adds(&out, ask("GET", "/b/demo/iam")->body.data);
	buf_adds(&out, ask("GET", "/b/demo/notificationConfigs")->body.data);
	buf_adds(&out,
	    ask("GET", "/storage/v1/projects/p/hmacKeys")->body.data);
	buf_adds(&out,
	    ask("GET", "/b/demo/o?versions=true&projection=full")->body.data);
	buf_adds(&out, ask("GET", "/b/demo/o?softDeleted=true")->body.data);
	buf_adds(&out, ask("GET", "/b/other/o?versions=true")->body.data);
	return buf_steal(&out);
}

static void
check_everything(const char *was)
{
	char *is = everything();

	ck_assert_str_eq(is, was);
	free(is);
}

/* The path of the first object; static storage. */
static const char *
first_object(void)
{
	static char path[256];
	const char *at = ask("GET",
	    "/b/demo/o?fields=items/selfLink&maxResults=1")
			     ->body.data;

	at = strstr(at, "/storage/v1/");
	snprintf(path, sizeof(path), "%.*s", (int)strcspn(at, "\""), at);
	return path;
}

START_TEST(restoring_brings_back_what_was_and_nothing_else)
{
	const struct sim_answer *a;
	char *was;

	start("manifests=2", 0);
	ck_assert_int_eq(put("old", "before"), 200);
	ck_assert_int_eq(put("gone", "x"), 200);
	ck_assert_int_eq(status("DELETE", "/b/demo/o/gone"), 204);
	was = everything();
	a = ask("POST", "/_sim/snapshot?name=one");
	ck_assert_int_eq(a->status, 200);
	ck_assert_ptr_nonnull(strstr(a->body.data, "\"name\": \"one\""));
	ck_assert_int_eq(put("old", "behind"), 200);
	ck_assert_int_eq(put("new", "x"), 200);
	ck_assert_int_eq(post("/b?project=p", "{\"name\":\"other\"}"), 200);
	ck_assert_int_eq(status("POST", "/_sim/restore?name=one"), 204);
	check_everything(was);
	ck_assert_str_eq(ask("GET", "/b/demo/o/old?alt=media")->body.data,
	    "before");
	/* Again, and when the bucket itself has gone. */
	ck_assert_int_eq(put("old", "behind"), 200);
	ck_assert_int_eq(status("POST", "/_sim/restore?name=one"), 204);
	check_everything(was);
	free(was);
	sim_world_stop(&world);
}
END_TEST

/* Once each: of a bucket, of what is new in it, of an object, of a project. */
static void
change_access(const char *who)
{
	char body[256];

	snprintf(body, sizeof(body),
	    "{\"entity\":\"user-%s\",\"role\":\"READER\"}", who);
	ck_assert_int_eq(post("/b/demo/acl", body), 200);
	ck_assert_int_eq(post("/b/demo/defaultObjectAcl", body), 200);
	ck_assert_int_eq(post("/b/demo/o/a/acl", body), 200);
	snprintf(body, sizeof(body),
	    "{\"topic\":\"//pubsub.googleapis.com/projects/p/topics/%s\","
	    "\"payload_format\":\"NONE\"}",
	    who);
	ck_assert_int_eq(post("/b/demo/notificationConfigs", body), 200);
	snprintf(body, sizeof(body),
	    "/storage/v1/projects/p/hmacKeys?serviceAccountEmail=%s@x", who);
	ck_assert_int_eq(post(body, ""), 200);
}

START_TEST(who_may_do_what_comes_back_too)
{
	char *was;

	start(NULL, 0);
	ck_assert_int_eq(put("a", "x"), 200);
	change_access("ann");
	was = everything();
	ck_assert_ptr_nonnull(strstr(was, "\"ann@x\""));
	ck_assert_int_eq(status("POST", "/_sim/snapshot?name=s"), 200);
	change_access("bob");
	ck_assert_int_eq(status("POST", "/_sim/restore?name=s"), 204);
	check_everything(was);
	ck_assert_int_eq(status("POST", "/_sim/reset?state=start"), 204);
	ck_assert_ptr_null(
	    strstr(ask("GET", "/storage/v1/projects/p/hmacKeys")->body.data,
		"items"));
	free(was);
	sim_world_stop(&world);
}
END_TEST

START_TEST(a_bucket_that_is_gone_comes_back)
{
	char *was;

	start(NULL, 0);
	was = everything();
	ck_assert_int_eq(status("POST", "/_sim/snapshot?name=empty"), 200);
	ck_assert_int_eq(put("a", "x"), 200);
	ck_assert_int_eq(status("POST", "/_sim/snapshot?name=full"), 200);
	ck_assert_int_eq(status("POST", "/_sim/restore?name=empty"), 204);
	check_everything(was);
	ck_assert_int_eq(status("DELETE", "/b/demo"), 204);
	ck_assert_int_eq(status("GET", "/b/demo"), 404);
	ck_assert_int_eq(status("POST", "/_sim/restore?name=full"), 204);
	ck_assert_str_eq(ask("GET", "/b/demo/o/a?alt=media")->body.data, "x");
	ck_assert_int_eq(status("POST", "/_sim/restore?name=empty"), 204);
	check_everything(was);
	free(was);
	sim_world_stop(&world);
}
END_TEST

/* Some names, put and deleted at random; now and then there and back. */
START_TEST(any_way_there_leads_back)
{
	char target[64], name[2] = "a", *was = NULL;
	uint64_t seed;
	struct rng rng;
	int i;

	for (seed = 1; seed <= 20; seed++) {
		start(NULL, 0);
		rng_init(&rng, seed);
		for (i = 0; i < 60; i++) {
			name[0] = (char)('a' + rng_below(&rng, 8));
			snprintf(target, sizeof(target), "/b/demo/o/%s", name);
			if (rng_below(&rng, 3) == 0)
				status("DELETE", target);
			else
				ck_assert_int_eq(put(name, name), 200);
			if (i % 20 == 7) {
				free(was);
				was = everything();
				ask("POST", "/_sim/snapshot?name=s");
			} else if (i % 20 == 17) {
				ask("POST", "/_sim/restore?name=s");
				check_everything(was);
			}
		}
		sim_world_stop(&world);
	}
	free(was);
}
END_TEST

START_TEST(generations_are_never_given_twice)
{
	char first[64], *at;

	start(NULL, 0);
	ck_assert_int_eq(status("POST", "/_sim/snapshot?name=s"), 200);
	ck_assert_int_eq(put("a", "x"), 200);
	at = strstr(ask("GET", "/b/demo/o/a?fields=generation")->body.data,
	    "\"generation\"");
	snprintf(first, sizeof(first), "%s", at);
	ck_assert_int_eq(status("POST", "/_sim/restore?name=s"), 204);
	ck_assert_int_eq(put("a", "x"), 200);
	at = strstr(ask("GET", "/b/demo/o/a?fields=generation")->body.data,
	    "\"generation\"");
	ck_assert_str_ne(at, first);
	sim_world_stop(&world);
}
END_TEST

START_TEST(objects_by_formula_come_back_too)
{
	char *was;

	start("manifests=0,bulk=50", 0);
	ck_assert_int_eq(status("POST", "/_sim/snapshot?name=s"), 200);
	was = everything();
	ck_assert_int_eq(post("/b?project=p", "{\"name\":\"other\"}"), 200);
	ck_assert_int_eq(status("DELETE", first_object()), 204);
	ck_assert_int_eq(status("DELETE", first_object()), 204);
	ck_assert_uint_eq(sim_objects(world.sim, "demo", NULL), 48);
	ck_assert_int_eq(status("POST", "/_sim/restore?name=s"), 204);
	check_everything(was);
	ck_assert_int_eq(status("DELETE", first_object()), 204);
	ck_assert_int_eq(status("POST", "/_sim/reset?state=start"), 204);
	ck_assert_uint_eq(sim_objects(world.sim, "demo", NULL), 50);
	free(was);
	sim_world_stop(&world);
}
END_TEST

/* A token stands for an answer of the past that was left. */
START_TEST(a_repeated_call_acts_again_behind_a_restore)
{
	static const char call[] =
	    "POST /upload/storage/v1/b/demo/o?uploadType=media&name=a "
	    "HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n"
	    "x-goog-gcs-idempotency-token: one\r\n\r\nx";

	start(NULL, 0);
	ck_assert_int_eq(status("POST", "/_sim/snapshot?name=s"), 200);
	sim_client_raw(world.client, call, sizeof(call) - 1);
	sim_client_run(world.client);
	ck_assert_int_eq(status("POST", "/_sim/restore?name=s"), 204);
	ck_assert(!sim_has(world.sim, "demo", "a"));
	sim_client_raw(world.client, call, sizeof(call) - 1);
	sim_client_run(world.client);
	ck_assert(sim_has(world.sim, "demo", "a"));
	sim_world_stop(&world);
}
END_TEST

START_TEST(limiters_are_full_again_and_counts_stay)
{
	start(NULL, 1);
	ck_assert_int_eq(status("POST", "/_sim/snapshot?name=s"), 200);
	ck_assert_int_eq(put("a", "x"), 200);
	ck_assert_int_eq(put("b", "x"), 200);
	ck_assert_int_eq(put("c", "x"), 429);
	ck_assert_int_eq(status("POST", "/_sim/restore?name=s"), 204);
	ck_assert_int_eq(put("d", "x"), 200);
	ck_assert_uint_eq(sim_count(world.sim, SIM_PUT), 4);
	sim_world_stop(&world);
}
END_TEST

START_TEST(reset_goes_back_to_the_start_when_it_is_told_to)
{
	char *was;

	start("manifests=3", 0);
	was = everything();
	ck_assert_int_eq(put("a", "x"), 200);
	ck_assert_int_eq(status("POST", "/_sim/reset"), 204);
	ck_assert(sim_has(world.sim, "demo", "a"));
	ck_assert_uint_eq(sim_count(world.sim, SIM_PUT), 0);
	ck_assert_int_eq(put("b", "x"), 200);
	ck_assert_int_eq(post("/b?project=p", "{\"name\":\"other\"}"), 200);
	ck_assert_int_eq(status("POST", "/_sim/reset?state=start"), 204);
	ck_assert_uint_eq(sim_count(world.sim, SIM_PUT), 0);
	check_everything(was);
	ck_assert_int_eq(status("POST", "/_sim/reset?state=begin"), 400);
	free(was);
	sim_world_stop(&world);
}
END_TEST

START_TEST(snapshots_are_listed_replaced_and_forgotten)
{
	const char *at;

	start(NULL, 0);
	ck_assert_int_eq(status("POST", "/_sim/snapshot?name=two"), 200);
	ck_assert_int_eq(put("a", "four"), 200);
	ck_assert_int_eq(status("POST", "/_sim/snapshot?name=two"), 200);
	ck_assert_int_eq(status("POST", "/_sim/snapshot?name=one"), 200);
	at = ask("GET", "/_sim/snapshots")->body.data;
	ck_assert_ptr_nonnull(strstr(at, "\"name\": \"one\""));
	ck_assert_ptr_nonnull(strstr(at, "\"objects\": 1"));
	ck_assert_ptr_nonnull(strstr(at, "\"bytes\": 4"));
	ck_assert_ptr_null(strstr(at, "\"objects\": 0"));
	ck_assert(strstr(at, "\"one\"") < strstr(at, "\"two\""));
	ck_assert_int_eq(status("DELETE", "/_sim/snapshots?name=one"), 204);
	ck_assert_int_eq(status("DELETE", "/_sim/snapshots?name=one"), 404);
	ck_assert_int_eq(status("POST", "/_sim/restore?name=one"), 404);
	ck_assert_int_eq(status("POST", "/_sim/restore?name=two"), 204);
	ck_assert_int_eq(status("GET", "/_sim/snapshot?name=two"), 405);
	sim_world_stop(&world);
}
END_TEST

START_TEST(a_bad_name_is_said_to_be_one)
{
	static const char *const names[] = { "", "?name=", "?name=a%2Fb",
		"?name=%zz", "?name=a%00b",
		("?name="
		 "0123456789012345678901234567890123456789"
		 "012345678901234567890123") };
	char target[128];
	const struct sim_answer *a;
	size_t i;

	start(NULL, 0);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(target, sizeof(target), "/_sim/snapshot%s", names[i]);
		a = ask("POST", target);
		ck_assert_msg(a->status == 400, "%s: %d", target, a->status);
		ck_assert_ptr_nonnull(strstr(a->body.data, "want a name="));
	}
	a = ask("POST", "/_sim/restore?name=nobody");
	ck_assert_int_eq(a->status, 404);
	ck_assert_ptr_nonnull(strstr(a->body.data, "'nobody'"));
	sim_world_stop(&world);
}
END_TEST

START_TEST(a_test_does_the_same_without_http)
{
	struct err err = ERR_INIT;

	start("manifests=1", 0);
	ck_assert_int_eq(sim_snapshot(world.sim, "s", &err), 0);
	ck_assert_int_eq(put("a", "x"), 200);
	ck_assert_int_eq(sim_restore(world.sim, "s", &err), 0);
	ck_assert(!sim_has(world.sim, "demo", "a"));
	ck_assert_int_eq(sim_forget(world.sim, "s", &err), 0);
	ck_assert_int_eq(sim_restore(world.sim, "s", &err), -1);
	ck_assert_int_eq(err.code, ERR_NOT_FOUND);
	ck_assert_int_eq(sim_snapshot(world.sim, "a b", &err), -1);
	ck_assert_int_eq(err.code, ERR_USAGE);
	ck_assert_int_eq(put("a", "x"), 200);
	ck_assert_int_eq(sim_restart(world.sim, &err), 0);
	ck_assert(!sim_has(world.sim, "demo", "a"));
	sim_world_stop(&world);
}
END_TEST

int
main(void)
{
	return suite_run("sim_snapshot",
	    restoring_brings_back_what_was_and_nothing_else,
	    a_bucket_that_is_gone_comes_back, who_may_do_what_comes_back_too,
	    any_way_there_leads_back, generations_are_never_given_twice,
	    objects_by_formula_come_back_too,
	    a_repeated_call_acts_again_behind_a_restore,
	    limiters_are_full_again_and_counts_stay,
	    reset_goes_back_to_the_start_when_it_is_told_to,
	    snapshots_are_listed_replaced_and_forgotten,
	    a_bad_name_is_said_to_be_one, a_test_does_the_same_without_http,
	    NULL);
}
