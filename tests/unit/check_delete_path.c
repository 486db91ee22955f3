/* SPDX-License-Identifier: MIT */
/* delete_path: what is taken, what stays, and how a failure ends it. */
#include "src/storage/delete_path.h"

#include <string.h>

#include "src/storage/faulty.h"
#include "src/storage/mem_store.h"
#include "src/storage/storage.h"
#include "tests/support/suite.h"

START_TEST(a_failed_delete_ends_it_and_the_rest_stays)
{
	struct faulty_rule rule = { 1 << STORAGE_DELETE, 2, 1, false,
		STORAGE_DENIED, ERR_DENIED };
	struct err err = ERR_INIT;
	struct storage *mem, *store;
	uint64_t deleted, seed;

	for (seed = 0; seed < 200; seed++) {
		mem = mem_store_new(seed);
		mem_store_load(mem, "a/1", 1);
		mem_store_load(mem, "a/2", 1);
		mem_store_load(mem, "a/3", 1);
		mem_store_load(mem, "a/4", 1);
		mem_store_load(mem, "a", 1);
		store = faulty_new(mem, &rule);
		ck_assert_int_eq(delete_path(store, "a", 1, &deleted, &err),
		    -1);
		ck_assert_int_eq(err.code, ERR_DENIED);
		ck_assert_uint_eq(deleted, 2);
		ck_assert_uint_eq(mem_store_count(mem), 3);
		ck_assert(mem_store_has(mem, "a"));
		/* The same call finds the rest. */
		ck_assert_int_eq(delete_path(store, "a", 1, &deleted, &err), 0);
		ck_assert_uint_eq(deleted, 3);
		ck_assert_uint_eq(mem_store_count(mem), 0);
		storage_close(store);
	}
}
END_TEST

START_TEST(a_failed_list_is_no_empty_one)
{
	struct faulty_rule rule = { 1 << STORAGE_LIST, 0, 1, false,
		STORAGE_FAILED, ERR_NET };
	struct err err = ERR_INIT;
	struct storage *store;
	uint64_t deleted;

	for (rule.skip = 0; rule.skip < 2; rule.skip++) {
		store = faulty_new(mem_store_new(1), &rule);
		ck_assert_int_eq(delete_path(store, "a", 4, &deleted, &err),
		    -1);
		ck_assert_int_eq(err.code, ERR_NET);
		storage_close(store);
	}
}
END_TEST

START_TEST(a_path_that_is_none_is_refused)
{
	static const char *const bad[] = { "", ".", "..", "a/", "/", "a\nb" };
	struct storage *mem = mem_store_new(1);
	struct err err = ERR_INIT;
	uint64_t deleted;
	size_t i;

	mem_store_load(mem, "a/b", 1);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ck_assert_int_eq(delete_path(mem, bad[i], 4, &deleted, &err),
		    -1);
		ck_assert_int_eq(err.code, ERR_USAGE);
		ck_assert_ptr_nonnull(strstr(err.text, "cannot delete"));
	}
	ck_assert_uint_eq(mem_store_count(mem), 1);
	storage_close(mem);
}
END_TEST

int
main(void)
{
	return suite_run("delete_path",
	    a_failed_delete_ends_it_and_the_rest_stays,
	    a_failed_list_is_no_empty_one, a_path_that_is_none_is_refused,
	    NULL);
}
