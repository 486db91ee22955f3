/* SPDX-License-Identifier: MIT */
/* Cases about many objects at once: pages, delete_files, cancel. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/mem.h"
#include "src/storage/delete_files.h"
#include "tests/driver/conformance_priv.h"

/* Lists everything under a prefix; each name must be the next of the series
 * that watched_put_many made.  Answers how many pages there were. */
static size_t
count_pages(struct watched *w, const char *prefix, size_t *names)
{
	char token[2048] = "", want[64];
	size_t pages = 0, i;

	*names = 0;
	do {
		watched_list(w, prefix, token);
		for (i = 0; i < w->op.page.objects.n; i++) {
			snprintf(want, sizeof(want), "%s%05zu", prefix,
			    (*names)++);
			ck_assert_str_eq(w->op.page.objects.v[i].name, want);
		}
		snprintf(token, sizeof(token), "%s", w->op.page.next.data);
		pages++;
	} while (token[0] != '\0');
	return pages;
}

void
conformance_pages(struct watched *w)
{
	size_t names;

	watched_put_many(w, "c/p/", 2500);
	watched_put(w, "c/p", "before");
	watched_put(w, "c/q", "after");
	ck_assert_uint_ge(count_pages(w, "c/p/", &names), 3);
	ck_assert_uint_eq(names, 2500);
	watched_list(w, "c/p/02", "");
	ck_assert_uint_eq(w->op.page.objects.n, 500);
	ck_assert_str_eq(w->op.page.objects.v[0].name, "c/p/02000");
}

void
conformance_delete_while_listing(struct watched *w)
{
	struct storage_op op;
	char token[2048] = "";
	size_t deleted = 0, i;

	storage_op_init(&op);
	watched_put_many(w, "c/d/", 1500);
	do {
		watched_list(w, "c/d/", token);
		snprintf(token, sizeof(token), "%s", w->op.page.next.data);
		for (i = 0; i < w->op.page.objects.n; i++) {
			const struct storage_object *o =
			    &w->op.page.objects.v[i];

			storage_ask_delete(&op, o->name);
			storage_if_generation(&op, o->generation);
			ck_assert_int_eq(watched_run(w, &op), STORAGE_OK);
			deleted++;
		}
	} while (token[0] != '\0');
	ck_assert_uint_eq(deleted, 1500);
	watched_list(w, "c/d/", "");
	ck_assert_uint_eq(w->op.page.objects.n, 0);
	storage_op_release(&op);
}

/* --- delete_files --- */

struct failures {
	size_t n;
	char last[64];
	enum err_code code;
};

static void
on_failed(void *arg, const char *path, const struct err *why)
{
	struct failures *f = arg;

	f->n++;
	snprintf(f->last, sizeof(f->last), "%s", path);
	f->code = why->code;
}

/* "c/f/00000" and so on, in a block of their own. */
static char **
make_paths(size_t n)
{
	char **paths = mem_zalloc(n + 1, sizeof(*paths));
	char name[64];
	size_t i;

	for (i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "c/f/%05zu", i);
		paths[i] = mem_strdup(name);
	}
	return paths;
}

static void
free_paths(char **paths)
{
	size_t i;

	for (i = 0; paths[i] != NULL; i++)
		free(paths[i]);
	free(paths);
}

static size_t
delete_all(struct watched *w, char **paths, size_t n, unsigned width,
    struct failures *f)
{
	const char **borrowed = mem_zalloc(n + 1, sizeof(*borrowed));
	size_t i, absent;

	*f = (struct failures){ 0 };
	w->peak = w->settled = 0;
	for (i = 0; i < n; i++)
		borrowed[i] = paths[i];
	absent = delete_files(&w->storage, borrowed, n, width, on_failed, f);
	ck_assert_uint_eq(w->settled, n);
	ck_assert_uint_le(w->peak, width);
	free(borrowed);
	return absent;
}

void
conformance_delete_few(struct watched *w)
{
	struct failures f;
	size_t n, i;

	for (n = 0; n <= 9; n++) {
		char **paths = make_paths(n);

		for (i = 0; i < n; i++)
			watched_put(w, paths[i],
			    "thirty-two bytes of some content");
		ck_assert_uint_eq(delete_all(w, paths, n, 1000, &f), n);
		ck_assert_uint_eq(f.n, 0);
		for (i = 0; i < n; i++)
			ck_assert_int_eq(watched_get(w, paths[i]),
			    STORAGE_GONE);
		free_paths(paths);
	}
}

void
conformance_delete_missing(struct watched *w)
{
	char **paths = make_paths(5);
	struct failures f;
	size_t i;

	/* The first, third and fifth are not there. */
	watched_put(w, paths[1], "x");
	watched_put(w, paths[3], "x");
	ck_assert_uint_eq(delete_all(w, paths, 5, 1000, &f), 5);
	ck_assert_uint_eq(f.n, 0);
	for (i = 0; i < 5; i++)
		ck_assert_int_eq(watched_get(w, paths[i]), STORAGE_GONE);
	/* Again: nothing is there now. */
	ck_assert_uint_eq(delete_all(w, paths, 5, 2, &f), 5);
	free_paths(paths);
}

void
conformance_delete_none(struct watched *w)
{
	ck_assert_uint_eq(delete_files(&w->storage, NULL, 0, 1000, NULL, NULL),
	    0);
	ck_assert_uint_eq(w->settled, 0);
}

void
conformance_delete_failures(struct watched *w)
{
	char **paths = make_paths(7);
	struct failures f;
	size_t i;

	for (i = 0; i < 7; i++)
		watched_put(w, paths[i], "x");
	strcpy(paths[3], "..");
	strcpy(paths[5], "a\nb");
	ck_assert_uint_eq(delete_all(w, paths, 7, 3, &f), 5);
	ck_assert_uint_eq(f.n, 2);
	ck_assert_int_eq(f.code, ERR_REFUSED);
	ck_assert(strcmp(f.last, "..") == 0 || strcmp(f.last, "a\nb") == 0);
	/* One failure stops nothing: the others are gone, these two are not. */
	watched_list(w, "c/f/", "");
	ck_assert_uint_eq(w->op.page.objects.n, 2);
	ck_assert_str_eq(w->op.page.objects.v[0].name, "c/f/00003");
	ck_assert_str_eq(w->op.page.objects.v[1].name, "c/f/00005");
	free_paths(paths);
}

void
conformance_delete_wide(struct watched *w)
{
	static const unsigned widths[] = { 1000, 1001, 7, 1 };
	char **paths = make_paths(1001);
	struct failures f;
	size_t i;

	for (i = 0; i < sizeof(widths) / sizeof(widths[0]); i++) {
		watched_put_many(w, "c/f/", 1001);
		ck_assert_uint_eq(delete_all(w, paths, 1001, widths[i], &f),
		    1001);
		ck_assert_uint_eq(f.n, 0);
		ck_assert_uint_eq(w->peak, widths[i]);
		watched_list(w, "c/f/", "");
		ck_assert_uint_eq(w->op.page.objects.n, 0);
	}
	free_paths(paths);
}

/* --- cancel --- */

enum { FLIGHT = 100 };

static void
submit_deletes(struct watched *w, struct storage_op *ops)
{
	char name[64];
	size_t i;

	watched_put_many(w, "c/x/", FLIGHT);
	for (i = 0; i < FLIGHT; i++) {
		storage_op_init(&ops[i]);
		snprintf(name, sizeof(name), "c/x/%05zu", i);
		storage_ask_delete(&ops[i], name);
		storage_submit(&w->storage, &ops[i]);
	}
}

static void
release_all(struct storage_op *ops)
{
	size_t i;

	for (i = 0; i < FLIGHT; i++)
		storage_op_release(&ops[i]);
}

void
conformance_cancel(struct watched *w)
{
	struct storage_op ops[FLIGHT], *op;

	submit_deletes(w, ops);
	storage_cancel(&w->storage);
	while ((op = storage_reap(&w->storage)) != NULL) {
		ck_assert_int_eq(op->verdict, STORAGE_CANCELLED);
		ck_assert_int_eq(op->err.code, ERR_CANCELLED);
	}
	ck_assert_uint_eq(w->settled, FLIGHT);
	release_all(ops);
	/* The store goes on afterwards. */
	watched_put(w, "c/later", "x");
	ck_assert_int_eq(watched_get(w, "c/later"), STORAGE_OK);
	storage_cancel(&w->storage);
	ck_assert_ptr_null(storage_reap(&w->storage));
	ck_assert_int_eq(watched_delete(w, "c/later"), STORAGE_OK);
}

void
conformance_cancel_half(struct watched *w)
{
	struct storage_op ops[FLIGHT], *op;
	size_t n, cancelled = 0;

	submit_deletes(w, ops);
	for (n = 0; n < FLIGHT / 2; n++) {
		op = storage_reap(&w->storage);
		ck_assert_ptr_nonnull(op);
		ck_assert_int_eq(op->verdict, STORAGE_OK);
	}
	storage_cancel(&w->storage);
	while ((op = storage_reap(&w->storage)) != NULL) {
		/* What was done already may say so. */
		ck_assert(op->verdict == STORAGE_CANCELLED ||
		    op->verdict == STORAGE_OK);
		cancelled += op->verdict == STORAGE_CANCELLED;
	}
	ck_assert_uint_eq(w->settled, FLIGHT);
	ck_assert_uint_le(cancelled, FLIGHT / 2);
	release_all(ops);
	ck_assert_int_eq(watched_delete(w, "c/never"), STORAGE_GONE);
}
