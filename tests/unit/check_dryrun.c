/* SPDX-License-Identifier: MIT */
/* dryrun: reads pass, writes are answered and never sent. */
#include "src/storage/dryrun.h"
#include "src/storage/mem_store.h"
#include "src/storage/storage.h"
#include "src/storage/tally.h"
#include "tests/support/maker.h"
#include "tests/support/suite.h"

#include "src/registry/gc.h"

START_TEST(reads_pass_and_writes_do_not)
{
	struct storage *mem = mem_store_new(1), *tally, *s;
	struct storage_op ops[4], *op;
	int i, back = 0;

	mem_store_put(mem, "a", "x", 1);
	tally = tally_new(mem);
	s = dryrun_new(tally);
	for (i = 0; i < 4; i++)
		storage_op_init(&ops[i]);
	storage_ask_get(&ops[0], "a", 1);
	storage_ask_list(&ops[1], "", "");
	storage_ask_delete(&ops[2], "a");
	storage_if_generation(&ops[2], 12345);
	storage_ask_put(&ops[3], "b", "y", 1);
	for (i = 0; i < 4; i++)
		storage_submit(s, &ops[i]);
	while ((op = storage_reap(s)) != NULL) {
		ck_assert_int_eq(op->verdict, STORAGE_OK);
		back++;
	}
	ck_assert_int_eq(back, 4);
	ck_assert_str_eq(ops[0].body.data, "x");
	ck_assert_uint_eq(ops[1].page.objects.n, 1);
	ck_assert_uint_eq(ops[2].attempts + ops[3].attempts, 0);
	ck_assert(mem_store_has(mem, "a") && !mem_store_has(mem, "b"));
	ck_assert_uint_eq(tally_of(tally)->ops[STORAGE_DELETE], 0);
	ck_assert_uint_eq(tally_of(tally)->ops[STORAGE_PUT], 0);
	for (i = 0; i < 4; i++)
		storage_op_release(&ops[i]);
	storage_close(s);
}
END_TEST

START_TEST(a_whole_collection_changes_nothing_and_plans_the_same)
{
	uint64_t seed;

	for (seed = 0; seed < 50; seed++) {
		struct maker *r = maker_new(seed, 1);
		struct gc_opts opts = {
			.root = maker_root(r),
			.mark = { .delete_untagged = true, .width = 4 },
			.sweep = { .strategy = (enum sweep_strategy)(seed & 1),
			    .width = 4 },
			.guards = { .allow_empty_mark = true,
			    .allow_missing = true,
			    .max_delete = GUARD_LIMIT_NONE },
		};
		struct storage *mem = mem_store_new(seed), *s;
		struct err err = ERR_INIT;
		struct gc gc;

		maker_fill(r, mem);
		s = dryrun_new(mem);
		ck_assert_int_eq(gc_init(&gc, &opts, &err), 0);
		ck_assert_int_eq(gc_plan(&gc, s, &err), 0);
		ck_assert_int_eq(gc_sweep(&gc, s, &err), 0);
		maker_judge(r, true);
		ck_assert_uint_eq(plan_count(&gc.plan), maker_victims(r));
		ck_assert_uint_eq(sweep_count(&gc.report, STORAGE_OK),
		    maker_victims(r));
		ck_assert_uint_eq(mem_store_count(mem), maker_count(r));
		gc_release(&gc);
		storage_close(s);
		maker_free(r);
	}
}
END_TEST

int
main(void)
{
	return suite_run("dryrun", reads_pass_and_writes_do_not,
	    a_whole_collection_changes_nothing_and_plans_the_same, NULL);
}
