/* SPDX-License-Identifier: MIT */
/* Cases about delete_path: an object and all below it, and nothing beside it. */
#include <string.h>

#include "src/storage/delete_path.h"
#include "tests/driver/conformance_priv.h"

static uint64_t
delete_below(struct watched *w, const char *path)
{
	struct err err = ERR_INIT;
	uint64_t deleted;

	ck_assert_msg(delete_path(&w->storage, path, 8, &deleted, &err) == 0,
	    "%s", err.text);
	ck_assert_uint_le(w->peak, 8);
	return deleted;
}

static void
expect_left(struct watched *w, const char *prefix, const char *const *names,
    size_t n)
{
	size_t i;

	watched_list(w, prefix, "");
	ck_assert_uint_eq(w->op.page.objects.n, n);
	for (i = 0; i < n; i++)
		ck_assert_str_eq(w->op.page.objects.v[i].name, names[i]);
}

void
conformance_path_subtree(struct watched *w)
{
	static const char *const taken[] = { "c/path", "c/path/1", "c/path/2/3",
		"c/path//", "c/path/path2" };
	static const char *const left[] = { "c/pat", "c/path-", "c/path.x",
		"c/path0", "c/path2", "c/path2/1" };
	size_t i;

	for (i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
		watched_put(w, taken[i], "x");
	for (i = 0; i < sizeof(left) / sizeof(left[0]); i++)
		watched_put(w, left[i], "x");
	ck_assert_uint_eq(delete_below(w, "c/path"), 5);
	expect_left(w, "c/", left, 6);
	/* An object alone, with nothing below it; then a folder alone. */
	ck_assert_uint_eq(delete_below(w, "c/path0"), 1);
	watched_put(w, "c/folder/x", "x");
	ck_assert_uint_eq(delete_below(w, "c/folder"), 1);
	watched_list(w, "c/", "");
	ck_assert_uint_eq(w->op.page.objects.n, 5);
}

void
conformance_path_absent(struct watched *w)
{
	static const char *const absent[] = { "c/a", "c/ab/", "c/abc/d",
		"c/abcd" };
	struct err err = ERR_INIT;
	uint64_t deleted;
	size_t i;

	watched_put(w, "c/abc", "x");
	for (i = 0; i < sizeof(absent) / sizeof(absent[0]); i++) {
		ck_assert_int_eq(delete_path(&w->storage, absent[i], 4,
				     &deleted, &err),
		    -1);
		ck_assert_int_eq(err.code,
		    absent[i][strlen(absent[i]) - 1] == '/' ? ERR_USAGE
							    : ERR_NOT_FOUND);
		ck_assert_uint_eq(deleted, 0);
	}
	ck_assert_int_eq(watched_get(w, "c/abc"), STORAGE_OK);
	ck_assert_uint_eq(delete_below(w, "c/abc"), 1);
	ck_assert_int_eq(delete_path(&w->storage, "c/abc", 4, &deleted, &err),
	    -1);
	ck_assert_int_eq(err.code, ERR_NOT_FOUND);
}

void
conformance_path_pages(struct watched *w)
{
	watched_put_many(w, "c/big/", 2300);
	watched_put(w, "c/big2", "x");
	ck_assert_uint_eq(delete_below(w, "c/big"), 2300);
	watched_list(w, "c/", "");
	ck_assert_uint_eq(w->op.page.objects.n, 1);
}
