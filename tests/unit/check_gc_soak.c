/* SPDX-License-Identifier: MIT */
/*
 * gc: random registries with everything at once: ages, damage, missing layers,
 * listings with MD5 and without, pages of any size, both modes.  What is left,
 * and what is counted as kept only for being young, is what the oracle says; of a
 * registry with a corrupt manifest nothing is deleted.
 *
 *	SOAK=100000 check_gc_soak	so many of them; make soak
 *	SOAK=1 SOAK_FROM=4711 ...	the one that failed, again
 */
#include <stdlib.h>
#include <string.h>

#include "src/base/rng.h"
#include "src/base/str.h"
#include "src/storage/mem_store.h"
#include "tests/support/maker.h"
#include "tests/support/rig.h"
#include "tests/support/suite.h"

enum { SEEDS = 1000 };
#define WALL UINT64_C(1800000000000000)
#define DAY  UINT64_C(86400000000)

/* What a seed makes of its registry. */
struct soak {
	uint64_t seed;
	struct rng rng;
	struct maker *maker;
	struct rig rig;
	bool is_untagged, has_ages, is_corrupt;
	unsigned damages;
};

static bool
one_in(struct soak *s, unsigned n)
{
	return rng_below(&s->rng, n) == 0;
}

static void
begin(struct soak *s, uint64_t seed)
{
	memset(s, 0, sizeof(*s));
	s->seed = seed;
	rng_init(&s->rng, seed ^ 0x736f616b);
	s->maker = maker_new(seed, 1 + seed % 2);
	s->is_untagged = !one_in(s, 3);
	s->has_ages = !one_in(s, 3);
	if (s->has_ages)
		maker_set_ages(s->maker, rng_next(&s->rng), WALL, DAY);
	if (one_in(s, 3))
		s->damages = maker_damage(s->maker, rng_next(&s->rng));
	s->is_corrupt = one_in(s, 20) && maker_corrupt(s->maker);
}

static void
build(struct soak *s)
{
	struct rig *rig = &s->rig;

	/* An odd seed tells no MD5. */
	rig_init(rig, rng_next(&s->rng), s->is_untagged);
	rig->opts.root = maker_root(s->maker);
	rig->opts.mark.width = 1 + (unsigned)rng_below(&s->rng, 64);
	rig->opts.sweep.width = 1 + (unsigned)rng_below(&s->rng, 64);
	rig->opts.sweep.strategy = (enum sweep_strategy)one_in(s, 4);
	rig->opts.mark.min_age_us = s->has_ages ? DAY : 0;
	rig->watch.page_limit = one_in(s, 3) ? 0 : 1 + rng_below(&s->rng, 20);
	maker_fill(s->maker, rig->mem);
	if (s->has_ages)
		mem_store_set_wall(rig->mem, WALL);
}

static void
expect_kept(struct soak *s)
{
	const struct plan_kept *kept = &s->rig.gc.plan.kept;
	struct maker_kept all, lasting;

	maker_count_kept(s->maker, &all);
	maker_ignore_ages(s->maker, true);
	maker_judge(s->maker, s->is_untagged);
	maker_count_kept(s->maker, &lasting);
	ck_assert_msg(kept->manifests == all.manifests &&
		kept->blobs == all.blobs && kept->bytes == all.bytes,
	    "seed %llu: what is kept", (unsigned long long)s->seed);
	ck_assert_msg(kept->young_manifests ==
		    all.manifests - lasting.manifests &&
		kept->young_blobs == all.blobs - lasting.blobs &&
		kept->young_bytes == all.bytes - lasting.bytes &&
		kept->young_links == all.links - lasting.links,
	    "seed %llu: what is kept for being young",
	    (unsigned long long)s->seed);
}

static void
expect_result(struct soak *s)
{
	const char *wrong;

	maker_judge(s->maker, s->is_untagged);
	wrong = maker_difference(s->maker, s->rig.mem);
	ck_assert_msg(wrong == NULL, "seed %llu: %s is wrong",
	    (unsigned long long)s->seed, wrong);
	ck_assert_msg(s->rig.watch.deletes == maker_victims(s->maker) &&
		s->rig.watch.bare == 0 && s->rig.watch.writes == 0,
	    "seed %llu: deletes", (unsigned long long)s->seed);
	expect_kept(s);
}

static void
run_one(uint64_t seed)
{
	struct soak s;
	size_t before;
	int rc;

	begin(&s, seed);
	build(&s);
	before = mem_store_count(s.rig.mem);
	rc = rig_plan(&s.rig);
	if (s.is_corrupt) {
		ck_assert_msg(rc == -1 && s.rig.err.code == ERR_CORRUPT,
		    "seed %llu: a corrupt manifest was overlooked",
		    (unsigned long long)seed);
		ck_assert_uint_eq(s.rig.watch.deletes, 0);
		ck_assert_uint_eq(mem_store_count(s.rig.mem), before);
	} else {
		ck_assert_msg(rc == 0, "seed %llu: %s",
		    (unsigned long long)seed, s.rig.err.text);
		rc = rig_sweep(&s.rig);
		ck_assert_msg(rc == 0, "seed %llu: %s",
		    (unsigned long long)seed, s.rig.err.text);
		expect_result(&s);
	}
	rig_release(&s.rig);
	maker_free(s.maker);
}

static uint64_t
number(const char *variable, uint64_t otherwise)
{
	const char *text = getenv(variable);
	uint64_t n;

	if (text == NULL || text[0] == '\0')
		return otherwise;
	ck_assert_msg(str_parse_u64(text, &n) == 0, "%s=%s", variable, text);
	return n;
}

START_TEST(leaves_what_the_oracle_says_of_old_young_and_damaged)
{
	uint64_t from = number("SOAK_FROM", 0), n = number("SOAK", SEEDS), i;

	for (i = 0; i < n; i++)
		run_one(from + i);
}
END_TEST

/* A guard on the guard: all of it happens, and age and damage decide things. */
START_TEST(the_random_registries_are_young_damaged_and_corrupt)
{
	uint64_t seed, spared = 0, damaged = 0, corrupt = 0;
	size_t young, old;
	struct soak s;

	for (seed = 0; seed < 200; seed++) {
		begin(&s, seed);
		maker_judge(s.maker, s.is_untagged);
		young = maker_victims(s.maker);
		maker_ignore_ages(s.maker, true);
		maker_judge(s.maker, s.is_untagged);
		old = maker_victims(s.maker);
		ck_assert_uint_le(young, old);
		spared += young < old;
		damaged += s.damages > 0;
		corrupt += s.is_corrupt;
		maker_free(s.maker);
	}
	ck_assert_uint_gt(spared, 50);
	ck_assert_uint_gt(damaged, 30);
	ck_assert_uint_gt(corrupt, 3);
}
END_TEST

int
main(void)
{
	return suite_run("gc_soak",
	    the_random_registries_are_young_damaged_and_corrupt,
	    leaves_what_the_oracle_says_of_old_young_and_damaged, NULL);
}
