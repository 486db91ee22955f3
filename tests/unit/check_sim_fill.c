/* SPDX-License-Identifier: MIT */
/* sim.h: what a test's fixture asks of it once it runs. */
#include <string.h>

#include "sim/sim.h"
#include "tests/support/suite.h"
#include "tests/unit/sim_client.h"

static struct sim_world world;

static void
start(const char *registry, uint64_t seed)
{
	struct sim_opts opts;

	sim_defaults(&opts);
	opts.registry = registry;
	opts.seed = seed;
	sim_world_start(&world, LOOP_VIRTUAL, &opts, 1);
}

static int
ask(const char *method, const char *target)
{
	return sim_client_get(world.client, method, target)->status;
}

START_TEST(a_bucket_filled_later_is_as_one_filled_at_the_start)
{
	struct err err = ERR_INIT;
	uint64_t objects, bytes, later_bytes;

	start("repos=2,manifests=20", 7);
	objects = sim_objects(world.sim, "demo", &bytes);
	sim_world_stop(&world);
	start(NULL, 7);
	ck_assert_int_eq(ask("GET", "/b/late"), 404);
	ck_assert_msg(sim_fill(world.sim, "late", "repos=2,manifests=20", "",
			  &err) == 0,
	    "%s", err.text);
	ck_assert_int_eq(ask("GET", "/b/late"), 200);
	ck_assert_uint_eq(sim_objects(world.sim, "late", &later_bytes),
	    objects);
	ck_assert_uint_eq(bytes, later_bytes);
	/* One that a client has made, empty as it is, is filled too. */
	sim_client_ask(world.client, "POST", "/b?project=p",
	    "{\"name\":\"by-hand\"}");
	sim_client_run(world.client);
	ck_assert_int_eq(sim_fill(world.sim, "by-hand", "repos=2,manifests=20",
			     "prefix", &err),
	    0);
	ck_assert_uint_eq(sim_objects(world.sim, "by-hand", NULL), objects);
	sim_world_stop(&world);
}
END_TEST

START_TEST(a_filling_that_cannot_be_leaves_nothing_behind)
{
	struct err err = ERR_INIT;

	start("manifests=1", 1);
	ck_assert_int_eq(sim_fill(world.sim, "late", "wheels=4", "", &err), -1);
	ck_assert_int_eq(err.code, ERR_USAGE);
	ck_assert_int_eq(ask("GET", "/b/late"), 404);
	ck_assert_int_eq(sim_fill(world.sim, "late", "demo", "a\nb", &err), -1);
	ck_assert_int_eq(ask("GET", "/b/late"), 404);
	ck_assert_int_eq(sim_fill(world.sim, "A B", "demo", "", &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "bucket 'A B'"));
	ck_assert_int_eq(sim_fill(world.sim, "demo", "demo", "", &err), -1);
	ck_assert_int_eq(err.code, ERR_USAGE);
	ck_assert_ptr_nonnull(strstr(err.text, "bucket 'demo' has"));
	sim_world_stop(&world);
}
END_TEST

START_TEST(counts_and_objects_can_be_asked_one_by_one)
{
	start("manifests=0", 1);
	ck_assert(!sim_has(world.sim, "demo", "a/b"));
	sim_client_ask(world.client, "POST",
	    "/upload/storage/v1/b/demo/o?uploadType=media&name=a/b", "x");
	sim_client_run(world.client);
	ck_assert(sim_has(world.sim, "demo", "a/b"));
	ck_assert(!sim_has(world.sim, "demo", "a"));
	ck_assert(!sim_has(world.sim, "other", "a/b"));
	ck_assert_int_eq(ask("DELETE", "/b/demo/o/a%2Fb"), 204);
	ck_assert_int_eq(ask("DELETE", "/b/demo/o/a%2Fb"), 404);
	ck_assert_int_eq(ask("GET", "/b/demo/o"), 200);
	ck_assert(!sim_has(world.sim, "demo", "a/b"));
	ck_assert_uint_eq(sim_count(world.sim, SIM_PUT), 1);
	ck_assert_uint_eq(sim_count(world.sim, SIM_DELETE), 2);
	ck_assert_uint_eq(sim_count(world.sim, SIM_LIST), 1);
	ck_assert_uint_eq(sim_count(world.sim, SIM_GET), 0);
	sim_world_stop(&world);
}
END_TEST

int
main(void)
{
	return suite_run("sim_fill",
	    a_bucket_filled_later_is_as_one_filled_at_the_start,
	    a_filling_that_cannot_be_leaves_nothing_behind,
	    counts_and_objects_can_be_asked_one_by_one, NULL);
}
