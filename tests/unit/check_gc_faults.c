/* SPDX-License-Identifier: MIT */
/* gc fails closed: whichever read of a mark fails, nothing is deleted. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/registry/cache.h"
#include "src/storage/mem_store.h"
#include "tests/support/maker.h"
#include "tests/support/rig.h"
#include "tests/support/suite.h"

enum { READS = 1U << STORAGE_LIST | 1U << STORAGE_GET };

static const struct {
	enum storage_verdict verdict;
	enum err_code code;
} failures[] = {
	{ STORAGE_DENIED, ERR_DENIED },
	{ STORAGE_FAILED, ERR_NET },
	{ STORAGE_FAILED, ERR_PROTOCOL },
	{ STORAGE_THROTTLED, ERR_THROTTLED },
	{ STORAGE_CANCELLED, ERR_CANCELLED },
};

/* What a test wants beside what the seed makes. */
static struct {
	size_t page_limit; /* 0: by the seed */
	struct cache *cache;
	unsigned long parts; /* lists that began elsewhere than at the front */
} with;

static void
count_part(void *arg, struct storage_op *op)
{
	(void)arg;
	with.parts += op->kind == STORAGE_LIST && op->start.len > 0;
}

static void
prepare(struct rig *rig, const struct maker *r, uint64_t seed,
    bool delete_untagged)
{
	rig_init(rig, seed, delete_untagged);
	rig->opts.root = maker_root(r);
	rig->opts.mark.width = 1 + seed % 16;
	rig->watch.page_limit = with.page_limit != 0 ? with.page_limit
						     : seed % 3 * 20;
	rig->watch.on_submit = count_part;
	rig->opts.mark.cache = with.cache;
	rig->rule.kinds = READS;
	maker_fill(r, rig->mem);
}

static unsigned long
count_reads(const struct maker *r, uint64_t seed, bool delete_untagged)
{
	struct rig rig;
	unsigned long reads;

	prepare(&rig, r, seed, delete_untagged);
	ck_assert_int_eq(rig_plan(&rig), 0);
	reads = faulty_seen(rig.faulty);
	rig_release(&rig);
	return reads;
}

static void
fail_one(const struct maker *r, uint64_t seed, bool delete_untagged,
    const struct faulty_rule *rule)
{
	struct rig rig;

	prepare(&rig, r, seed, delete_untagged);
	rig.rule = *rule;
	ck_assert_msg(rig_plan(&rig) == -1,
	    "seed %llu, read %lu: a failed read was overlooked",
	    (unsigned long long)seed, rule->skip);
	ck_assert_int_eq(rig.err.code, rule->code);
	ck_assert_str_ne(rig.err.text, "");
	ck_assert_uint_eq(faulty_fired(rig.faulty), 1);
	ck_assert_uint_eq(rig.watch.deletes + rig.watch.writes, 0);
	ck_assert_uint_eq(rig.watch.in_flight, 0);
	ck_assert_uint_eq(mem_store_count(rig.mem), maker_count(r));
	ck_assert_uint_eq(plan_count(&rig.gc.plan), 0);
	/* What failed does not count as done. */
	ck_assert_uint_lt(rig.gc.mark.pages.done + rig.gc.mark.reads.done,
	    rig.gc.mark.pages.known + rig.gc.mark.reads.known);
	rig_release(&rig);
}

static void
fail_each(uint64_t seed, unsigned scale, bool delete_untagged, bool is_acted)
{
	struct maker *r = maker_new(seed, scale);
	unsigned long reads = count_reads(r, seed, delete_untagged), nth;
	size_t i = seed;

	ck_assert_uint_gt(reads, 2);
	for (nth = 0; nth < reads; nth++) {
		for (i = 0; i < sizeof(failures) / sizeof(failures[0]); i++) {
			struct faulty_rule rule = {
				.kinds = READS,
				.skip = nth,
				.count = 1,
				.is_acted = is_acted,
				.verdict = failures[i].verdict,
				.code = failures[i].code,
			};

			fail_one(r, seed, delete_untagged, &rule);
		}
	}
	maker_free(r);
}

/* Every read once, each time in another way. */
static void
fail_each_once(const struct maker *r, uint64_t seed)
{
	unsigned long reads = count_reads(r, seed, true), nth;

	for (nth = 0; nth < reads; nth++) {
		size_t i = nth % (sizeof(failures) / sizeof(failures[0]));
		struct faulty_rule rule = {
			.kinds = READS,
			.skip = nth,
			.count = 1,
			.verdict = failures[i].verdict,
			.code = failures[i].code,
		};

		fail_one(r, seed, true, &rule);
	}
}

START_TEST(any_single_failed_read_forbids_every_delete)
{
	uint64_t seed;

	for (seed = 0; seed < 12; seed++)
		fail_each(seed, 1 + seed % 3, seed & 1, seed & 2);
}
END_TEST

/* The first registry that has so many objects, and its seed. */
static struct maker *
find_large(uint64_t *seed)
{
	struct maker *r;

	for (*seed = 0;; ++*seed) {
		r = maker_new(*seed, 6);
		if (maker_count(r) >= 300)
			return r;
		maker_free(r);
	}
}

START_TEST(any_failed_read_of_300_objects_forbids_every_delete)
{
	uint64_t seed;

	maker_free(find_large(&seed));
	fail_each(seed, 6, true, false);
}
END_TEST

START_TEST(any_failed_read_of_a_listing_in_parts_forbids_every_delete)
{
	uint64_t seed;
	struct maker *r = find_large(&seed);

	with.page_limit = 3;
	fail_each_once(r, seed | 15); /* of width 16 */
	with.page_limit = 0;
	ck_assert_uint_gt(with.parts, 100);
	maker_free(r);
}
END_TEST

/* What is read is what the cache does not know: links, tags and pages. */
START_TEST(any_failed_read_beside_the_cache_forbids_every_delete)
{
	struct err err = ERR_INIT;
	uint64_t seed;
	struct maker *r = find_large(&seed);
	unsigned long without = count_reads(r, seed, true);
	char folder[] = "/tmp/check_gc_faults.XXXXXX", path[64];

	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/cache", folder);
	with.cache = cache_open(path, &err);
	if (with.cache != NULL) { /* else there is no SQLite */
		count_reads(r, seed, true);
		ck_assert_uint_lt(count_reads(r, seed, true), without);
		fail_each_once(r, seed);
		cache_close(with.cache);
		with.cache = NULL;
		unlink(path);
	}
	rmdir(folder);
	maker_free(r);
}
END_TEST

START_TEST(a_listing_that_is_not_there_forbids_every_delete)
{
	uint64_t seed;

	for (seed = 0; seed < 40; seed++) {
		struct maker *r = maker_new(seed, 1);
		struct faulty_rule rule = {
			.kinds = 1U << STORAGE_LIST,
			.skip = seed & 1,
			.count = 1,
			.verdict = STORAGE_GONE,
			.code = ERR_NOT_FOUND,
		};

		fail_one(r, seed, seed & 2, &rule);
		maker_free(r);
	}
}
END_TEST

START_TEST(failures_that_go_on_and_on_forbid_every_delete)
{
	uint64_t seed;

	for (seed = 0; seed < 200; seed++) {
		struct maker *r = maker_new(seed, 1);
		struct rig rig;

		prepare(&rig, r, seed, seed & 1);
		rig.rule = (struct faulty_rule){
			.kinds = READS,
			.skip = seed % 7,
			.count = ~0UL,
			.verdict = STORAGE_FAILED,
			.code = ERR_NET,
		};
		if (rig_plan(&rig) == 0)
			ck_assert_uint_eq(faulty_fired(rig.faulty), 0);
		else
			ck_assert_int_eq(rig.err.code, ERR_NET);
		ck_assert_uint_eq(rig.watch.deletes, 0);
		ck_assert_uint_eq(rig.watch.in_flight, 0);
		rig_release(&rig);
		maker_free(r);
	}
}
END_TEST

/* --- cancelled from outside --- */

static void
cancel_at_nth(void *arg, struct storage_op *op)
{
	struct rig *rig = arg;

	(void)op;
	if (rig->opts.sweep.width-- == 1)
		storage_cancel(rig->mem);
}

START_TEST(a_mark_cancelled_at_any_moment_forbids_every_delete)
{
	struct maker *r = maker_new(5, 2);
	unsigned long reads = count_reads(r, 5, true), nth;

	for (nth = 1; nth <= reads; nth++) {
		struct rig rig;

		prepare(&rig, r, 5, true);
		/* The sweep never comes, so its width can count. */
		rig.opts.sweep.width = (unsigned)nth;
		rig.watch.on_submit = cancel_at_nth;
		rig.watch.arg = &rig;
		if (rig_plan(&rig) != 0)
			ck_assert_int_eq(rig.err.code, ERR_CANCELLED);
		ck_assert_uint_eq(rig.watch.deletes, 0);
		ck_assert_uint_eq(rig.watch.in_flight, 0);
		ck_assert_uint_eq(mem_store_count(rig.mem), maker_count(r));
		rig_release(&rig);
	}
	maker_free(r);
}
END_TEST

int
main(void)
{
	return suite_run("gc_faults",
	    any_single_failed_read_forbids_every_delete,
	    any_failed_read_of_300_objects_forbids_every_delete,
	    any_failed_read_of_a_listing_in_parts_forbids_every_delete,
	    any_failed_read_beside_the_cache_forbids_every_delete,
	    a_listing_that_is_not_there_forbids_every_delete,
	    failures_that_go_on_and_on_forbid_every_delete,
	    a_mark_cancelled_at_any_moment_forbids_every_delete, NULL);
}
