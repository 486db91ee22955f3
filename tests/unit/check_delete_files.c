/* SPDX-License-Identifier: MIT */
/* delete_files: upstream's contract, as its driver suite tests it, and beyond:
 * failures, width, more than a thousand paths. */
#include <stdio.h>
#include <string.h>

#include "src/storage/delete_files.h"
#include "src/storage/faulty.h"
#include "src/storage/mem_store.h"
#include "tests/support/suite.h"

enum { MOST = 1200 };

struct names {
	char text[MOST][32];
	const char *list[MOST];
};

static void
make(struct names *names, struct storage *mem, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		snprintf(names->text[i], sizeof(names->text[i]), "f/%05zu", i);
		names->list[i] = names->text[i];
		mem_store_load(mem, names->text[i], 32);
	}
}

static void
count_failure(void *arg, const char *path, const struct err *why)
{
	size_t *failed = arg;

	ck_assert(strncmp(path, "f/", 2) == 0);
	ck_assert_int_ne(why->code, ERR_NONE);
	++*failed;
}

START_TEST(deletes_all_of_any_number_at_any_width)
{
	static const size_t counts[] = { 0, 1, 2, 9, 1000, 1001, MOST };
	static const unsigned widths[] = { 1, 2, 7, 1000 };
	static struct names names;
	size_t i, k;

	for (i = 0; i < 7; i++) {
		for (k = 0; k < 4; k++) {
			struct storage *mem = mem_store_new(i * 4 + k);
			size_t failed = 0;

			make(&names, mem, counts[i]);
			mem_store_load(mem, "g", 1);
			ck_assert_uint_eq(delete_files(mem, names.list,
					      counts[i], widths[k],
					      count_failure, &failed),
			    counts[i]);
			ck_assert_uint_eq(failed, 0);
			ck_assert_uint_eq(mem_store_count(mem), 1);
			ck_assert_uint_eq(mem_store_peak(mem),
			    counts[i] < widths[k] ? counts[i] : widths[k]);
			storage_close(mem);
		}
	}
}
END_TEST

/* Of five files the 1st, 3rd and 5th are gone before: all five count. */
START_TEST(what_is_absent_counts_as_deleted)
{
	struct storage *mem = mem_store_new(1);
	static struct names names;
	size_t i;

	make(&names, mem, 5);
	for (i = 0; i < 5; i += 2)
		mem_store_remove(mem, names.list[i]);
	ck_assert_uint_eq(delete_files(mem, names.list, 5, 3, NULL, NULL), 5);
	ck_assert_uint_eq(mem_store_count(mem), 0);
	ck_assert_uint_eq(delete_files(mem, names.list, 5, 3, NULL, NULL), 5);
	storage_close(mem);
}
END_TEST

START_TEST(a_failure_is_told_and_the_rest_goes_on)
{
	size_t failed = 0;
	struct faulty_rule rule = {
		.kinds = 1U << STORAGE_DELETE,
		.skip = 10,
		.count = 7,
		.verdict = STORAGE_DENIED,
		.code = ERR_DENIED,
	};
	struct storage *mem = mem_store_new(1);
	struct storage *s = faulty_new(mem, &rule);
	static struct names names;

	make(&names, mem, 100);
	ck_assert_uint_eq(delete_files(s, names.list, 100, 8, count_failure,
			      &failed),
	    93);
	ck_assert_uint_eq(failed, 7);
	ck_assert_uint_eq(mem_store_count(mem), 7);
	ck_assert_uint_eq(faulty_seen(s), 100);
	ck_assert_uint_eq(delete_files(s, names.list, 100, 8, NULL, NULL), 100);
	storage_close(s);
}
END_TEST

START_TEST(the_same_path_twice_is_absent_twice)
{
	const char *const paths[] = { "a", "a", "b", "a" };
	struct storage *mem = mem_store_new(1);

	mem_store_load(mem, "a", 1);
	ck_assert_uint_eq(delete_files(mem, paths, 4, 4, NULL, NULL), 4);
	ck_assert_uint_eq(mem_store_count(mem), 0);
	storage_close(mem);
}
END_TEST

int
main(void)
{
	return suite_run("delete_files", deletes_all_of_any_number_at_any_width,
	    what_is_absent_counts_as_deleted,
	    a_failure_is_told_and_the_rest_goes_on,
	    the_same_path_twice_is_absent_twice, NULL);
}
