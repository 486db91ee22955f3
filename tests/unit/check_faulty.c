/* SPDX-License-Identifier: MIT */
/* faulty: fails exactly what the rule says, before or after acting. */
#include <stdio.h>

#include "src/storage/faulty.h"
#include "src/storage/mem_store.h"
#include "tests/support/suite.h"

static enum storage_verdict
put(struct storage *s, const char *name)
{
	struct storage_op op;
	enum storage_verdict verdict;

	storage_op_init(&op);
	storage_ask_put(&op, name, "x", 1);
	storage_submit(s, &op);
	ck_assert_ptr_eq(storage_reap(s), &op);
	ck_assert_ptr_null(storage_reap(s));
	ck_assert(op.verdict == STORAGE_OK || op.err.code == ERR_THROTTLED);
	verdict = op.verdict;
	storage_op_release(&op);
	return verdict;
}

START_TEST(skips_then_fails_so_many)
{
	unsigned long skip, count, i;

	for (skip = 0; skip < 4; skip++) {
		for (count = 0; count < 4; count++) {
			struct storage *mem = mem_store_new(1), *s;
			struct faulty_rule rule = {
				.kinds = 1U << STORAGE_PUT,
				.skip = skip,
				.count = count,
				.verdict = STORAGE_THROTTLED,
				.code = ERR_THROTTLED,
			};
			char name[8];

			s = faulty_new(mem, &rule);
			for (i = 0; i < 9; i++) {
				bool fails = i >= skip && i < skip + count;

				snprintf(name, sizeof(name), "%lu", i);
				ck_assert_int_eq(put(s, name),
				    fails ? STORAGE_THROTTLED : STORAGE_OK);
				ck_assert(mem_store_has(mem, name) == !fails);
			}
			ck_assert_uint_eq(faulty_seen(s), 9);
			ck_assert_uint_eq(faulty_fired(s), count);
			storage_close(s);
		}
	}
}
END_TEST

START_TEST(an_acted_failure_has_happened)
{
	struct faulty_rule rule = {
		.kinds = 1U << STORAGE_PUT,
		.count = ~0UL,
		.is_acted = true,
		.verdict = STORAGE_THROTTLED,
		.code = ERR_THROTTLED,
	};
	struct storage *mem = mem_store_new(1);
	struct storage *s = faulty_new(mem, &rule);

	ck_assert_int_eq(put(s, "a"), STORAGE_THROTTLED);
	ck_assert(mem_store_has(mem, "a"));
	storage_close(s);
}
END_TEST

START_TEST(other_kinds_are_neither_counted_nor_failed)
{
	struct faulty_rule rule = {
		.kinds = 1U << STORAGE_GET | 1U << STORAGE_LIST,
		.count = ~0UL,
		.verdict = STORAGE_FAILED,
		.code = ERR_NET,
	};
	struct storage *s = faulty_new(mem_store_new(1), &rule);

	ck_assert_int_eq(put(s, "a"), STORAGE_OK);
	ck_assert_uint_eq(faulty_seen(s), 0);
	storage_close(s);
}
END_TEST

/* Failed and true ones in flight together; an acted failure shows nothing of
 * the true answer. */
START_TEST(each_op_comes_back_once_and_as_told)
{
	int is_acted;

	for (is_acted = 0; is_acted < 2; is_acted++) {
		struct faulty_rule rule = {
			.kinds = 1U << STORAGE_GET | 1U << STORAGE_LIST,
			.skip = 3,
			.count = 4,
			.is_acted = is_acted,
			.verdict = STORAGE_DENIED,
			.code = ERR_DENIED,
		};
		struct storage *mem = mem_store_new(7), *s;
		struct storage_op ops[10], *op;
		bool is_back[10] = { false };
		int i, failed = 0, back = 0;

		s = faulty_new(mem, &rule);
		mem_store_put(mem, "a", "body", 4);
		for (i = 0; i < 10; i++) {
			storage_op_init(&ops[i]);
			if (i % 2)
				storage_ask_get(&ops[i], "a", 4);
			else
				storage_ask_list(&ops[i], "", "");
			storage_submit(s, &ops[i]);
		}
		while ((op = storage_reap(s)) != NULL) {
			i = (int)(op - ops);
			ck_assert(!is_back[i]);
			is_back[i] = true;
			back++;
			if (op->verdict == STORAGE_OK)
				continue;
			failed++;
			ck_assert(i >= 3 && i < 7);
			ck_assert_int_eq(op->err.code, ERR_DENIED);
			ck_assert_uint_eq(op->body.len, 0);
			ck_assert_uint_eq(op->page.objects.n, 0);
		}
		ck_assert_int_eq(back, 10);
		ck_assert_int_eq(failed, 4);
		for (i = 0; i < 10; i++)
			storage_op_release(&ops[i]);
		storage_close(s);
	}
}
END_TEST

int
main(void)
{
	return suite_run("faulty", skips_then_fails_so_many,
	    an_acted_failure_has_happened,
	    other_kinds_are_neither_counted_nor_failed,
	    each_op_comes_back_once_and_as_told, NULL);
}
