/* SPDX-License-Identifier: MIT */
/* gc: on thousands of random registries, in shuffled order, what is left is
 * exactly what an independent oracle says. */
#include <stdio.h>
#include <string.h>

#include "src/storage/mem_store.h"
#include "src/storage/storage.h"
#include "tests/support/maker.h"
#include "tests/support/rig.h"
#include "tests/support/suite.h"

enum { SEEDS = 2000 };

static void
expect_oracle(const struct maker *r, struct rig *rig, uint64_t seed)
{
	const char *wrong = maker_difference(r, rig->mem);

	ck_assert_msg(wrong == NULL, "seed %llu, untagged %d: %s is wrong",
	    (unsigned long long)seed, rig->opts.mark.delete_untagged, wrong);
}

/* Each op settled once, the width kept, each delete by generation, and the
 * requests of the sweep as many as the formula says. */
static void
expect_order(const struct maker *r, struct rig *rig, uint64_t seed)
{
	const struct tally *t = tally_of(rig->tally);
	uint64_t victims = plan_count(&rig->gc.plan);
	unsigned width = rig->opts.mark.width > rig->opts.sweep.width
	    ? rig->opts.mark.width
	    : rig->opts.sweep.width;

	ck_assert_msg(victims == maker_victims(r) &&
		rig->watch.deletes == victims && rig->watch.bare == 0 &&
		rig->watch.writes == 0,
	    "seed %llu: %llu victims, %llu deletes, %llu bare",
	    (unsigned long long)seed, (unsigned long long)victims,
	    (unsigned long long)rig->watch.deletes,
	    (unsigned long long)rig->watch.bare);
	ck_assert_uint_eq(t->attempts,
	    sweep_formula(rig->opts.sweep.strategy, victims));
	ck_assert_uint_eq(t->requests[STORAGE_DELETE], victims);
	ck_assert_uint_eq(t->requests[STORAGE_GET], 0);
	ck_assert_uint_eq(rig->watch.in_flight, 0);
	ck_assert_uint_eq(rig->watch.strangers, 0);
	ck_assert_uint_le(rig->watch.peak, width);
	ck_assert_uint_le(mem_store_peak(rig->mem), width);
	ck_assert_uint_le(t->peak_in_flight, rig->opts.sweep.width);
	ck_assert_uint_eq(sweep_count(&rig->gc.report, STORAGE_OK), victims);
	ck_assert_uint_eq(rig->gc.report.failed, 0);
	ck_assert_uint_eq(rig->gc.report.not_tried, 0);
}

static void
simulate(struct maker *r, uint64_t seed, bool delete_untagged,
    enum sweep_strategy strategy)
{
	static const unsigned widths[] = { 1, 2, 7, 64 };
	static const size_t limits[] = { 0, 1, 3, 10 };
	struct rig rig;

	rig_init(&rig, seed ^ strategy, delete_untagged);
	rig.opts.root = maker_root(r);
	rig.opts.mark.width = widths[seed % 4];
	rig.opts.sweep.width = widths[seed / 4 % 4];
	rig.opts.sweep.strategy = strategy;
	rig.watch.page_limit = limits[seed / 16 % 4];
	maker_fill(r, rig.mem);
	rig_collect(&rig);
	expect_oracle(r, &rig, seed);
	expect_order(r, &rig, seed);
	ck_assert_uint_eq(rig.gc.mark.damages.n, 0);
	rig_release(&rig);
}

START_TEST(leaves_what_the_oracle_says_on_every_seed)
{
	uint64_t seed;
	int untagged;

	for (seed = 0; seed < SEEDS; seed++) {
		struct maker *r = maker_new(seed, 1 + seed % 2);

		for (untagged = 0; untagged < 2; untagged++) {
			maker_judge(r, untagged);
			simulate(r, seed, untagged, SWEEP_DELETE);
			simulate(r, seed, untagged, SWEEP_LIST_DELETE);
		}
		maker_free(r);
	}
}
END_TEST

static void
count_parts(void *arg, struct storage_op *op)
{
	uint64_t *parts = arg;

	*parts += op->kind == STORAGE_LIST && op->start.len > 0;
}

/* Pages are short, and registries large enough to be listed in parts; one read
 * finds nothing, so that a repository is listed again meanwhile. */
START_TEST(leaves_what_the_oracle_says_when_listings_are_cut)
{
	static const size_t limits[] = { 8, 13, 24 };
	uint64_t seed, parts = 0;

	for (seed = 0; seed < 60; seed++) {
		struct maker *r = maker_new(seed, 16);
		struct rig rig;

		maker_judge(r, true);
		rig_init(&rig, seed, true);
		rig.opts.root = maker_root(r);
		rig.opts.mark.width = seed % 4 ? 64 : 5;
		rig.watch.page_limit = limits[seed % 3];
		rig.watch.on_submit = count_parts;
		rig.watch.arg = &parts;
		rig.rule = (struct faulty_rule){
			.kinds = 1U << STORAGE_GET,
			.skip = seed,
			.count = 1,
			.verdict = STORAGE_GONE,
			.code = ERR_NOT_FOUND,
		};
		maker_fill(r, rig.mem);
		rig_collect(&rig);
		expect_oracle(r, &rig, seed);
		ck_assert_uint_eq(rig.gc.mark.damages.n, 0);
		rig_release(&rig);
		maker_free(r);
	}
	ck_assert_uint_gt(parts, 200);
}
END_TEST

/* A guard on the guard: the makers' registries must contain what matters. */
START_TEST(the_random_registries_have_something_of_everything)
{
	uint64_t seed, objects = 0, plain = 0, untagged = 0;

	for (seed = 0; seed < 200; seed++) {
		struct maker *r = maker_new(seed, 2);

		objects += maker_count(r);
		maker_judge(r, false);
		plain += maker_victims(r);
		maker_judge(r, true);
		untagged += maker_victims(r);
		maker_free(r);
	}
	ck_assert_uint_gt(objects, 200 * 30);
	ck_assert_uint_gt(plain, 200);
	ck_assert_uint_gt(untagged, 3 * plain);
	ck_assert_uint_lt(untagged, objects / 2);
}
END_TEST

int
main(void)
{
	return suite_run("gc",
	    the_random_registries_have_something_of_everything,
	    leaves_what_the_oracle_says_on_every_seed,
	    leaves_what_the_oracle_says_when_listings_are_cut, NULL);
}
