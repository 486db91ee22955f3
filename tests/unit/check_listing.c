/* SPDX-License-Identifier: MIT */
/* listing: a server that makes no sense is told, and never keeps us busy. */
#include <stdio.h>

#include "src/registry/listing.h"
#include "src/storage/answer.h"
#include "src/storage/storage.h"
#include "tests/support/suite.h"

/* Feeds one page: names are single words, ended by NULL. */
static int
feed(struct listing *l, const char *next, struct err *err,
    const char *const *names)
{
	struct storage_op op;
	int rc;

	storage_op_init(&op);
	for (; *names != NULL; names++)
		storage_page_add(&op.page, *names, 1, 0, 0);
	buf_adds(&op.page.next, next);
	rc = listing_take_page(l, &op.page, err);
	storage_op_release(&op);
	return rc;
}

#define page(l, next, err, ...) \
	feed(l, next, err, (const char *const[]){ __VA_ARGS__, NULL })

static int
empty_page(struct listing *l, const char *next, struct err *err)
{
	const char *none = NULL;

	return feed(l, next, err, &none);
}

START_TEST(pages_in_order_are_taken_to_the_end)
{
	struct listing *l = listing_new(LISTING_BLOBS, "p/", "", "");
	struct err err = ERR_INIT;

	ck_assert_str_eq(l->token.data, "");
	ck_assert_int_eq(page(l, "t1", &err, "p/a", "p/b"), 0);
	ck_assert_str_eq(l->token.data, "t1");
	ck_assert(!l->is_done);
	ck_assert_int_eq(empty_page(l, "t2", &err), 0);
	ck_assert_int_eq(page(l, "t3", &err, "p/b/", "p/b0"), 0);
	ck_assert_int_eq(empty_page(l, "", &err), 0);
	ck_assert(l->is_done);
	listing_free(l);
	listing_free(NULL);
}
END_TEST

START_TEST(an_empty_listing_is_done_at_once)
{
	struct listing *l = listing_new(LISTING_REPOSITORIES, "p/", "", "");
	struct err err = ERR_INIT;

	ck_assert_int_eq(empty_page(l, "", &err), 0);
	ck_assert(l->is_done);
	listing_free(l);
}
END_TEST

START_TEST(names_out_of_order_or_twice_are_refused)
{
	static const char *const pairs[][2] = { { "b", "a" }, { "a", "a" },
		{ "a/", "a" }, { "\xc3\xa9", "z" } };
	struct err err;
	size_t i;

	for (i = 0; i < 4; i++) {
		struct listing *within = listing_new(LISTING_BLOBS, "", "", "");
		struct listing *across = listing_new(LISTING_BLOBS, "", "", "");

		err_clear(&err);
		ck_assert_int_eq(page(within, "", &err, pairs[i][0],
				     pairs[i][1]),
		    -1);
		ck_assert_int_eq(err.code, ERR_PROTOCOL);
		ck_assert_int_eq(page(across, "t1", &err, pairs[i][0]), 0);
		ck_assert_int_eq(empty_page(across, "t2", &err), 0);
		ck_assert_int_eq(page(across, "", &err, pairs[i][1]), -1);
		ck_assert_int_eq(err.code, ERR_PROTOCOL);
		listing_free(within);
		listing_free(across);
	}
}
END_TEST

START_TEST(a_repeated_token_is_refused)
{
	struct listing *l = listing_new(LISTING_BLOBS, "", "", "");
	struct err err = ERR_INIT;

	ck_assert_int_eq(page(l, "t", &err, "a"), 0);
	ck_assert_int_eq(page(l, "t", &err, "b"), -1);
	ck_assert_int_eq(err.code, ERR_PROTOCOL);
	listing_free(l);
}
END_TEST

START_TEST(empty_pages_without_end_are_refused)
{
	struct listing *l = listing_new(LISTING_BLOBS, "", "", "");
	struct err err = ERR_INIT;
	char token[32];
	int i;

	for (i = 0; i < 5000; i++) {
		snprintf(token, sizeof(token), "t%d", i);
		if (empty_page(l, token, &err) != 0)
			break;
	}
	ck_assert_int_gt(i, 10);
	ck_assert_int_lt(i, 5000);
	ck_assert_int_eq(err.code, ERR_PROTOCOL);
	listing_free(l);
}
END_TEST

START_TEST(two_tokens_taken_in_turns_end_as_well)
{
	struct listing *l = listing_new(LISTING_BLOBS, "", "", "");
	struct err err = ERR_INIT;
	int i;

	for (i = 0; i < 5000; i++) {
		if (empty_page(l, i & 1 ? "x" : "y", &err) != 0)
			break;
	}
	ck_assert_int_lt(i, 5000);
	listing_free(l);
}
END_TEST

START_TEST(names_of_another_range_are_refused)
{
	static const char *const bad[] = { "b", "e", "f" };
	struct err err;
	size_t i;

	for (i = 0; i < 3; i++) {
		struct listing *l = listing_new(LISTING_BLOBS, "", "c", "e");

		err_clear(&err);
		ck_assert_int_eq(page(l, "", &err, bad[i]), -1);
		ck_assert_int_eq(err.code, ERR_PROTOCOL);
		listing_free(l);
	}
}
END_TEST

/* It goes on at the last name, which is shown again and not new, or has gone
 * meanwhile. */
START_TEST(a_listing_that_is_cut_goes_on_without_a_token)
{
	int is_gone;

	for (is_gone = 0; is_gone < 2; is_gone++) {
		struct listing *l = listing_new(LISTING_BLOBS, "", "", "");
		struct err err = ERR_INIT;

		ck_assert_int_eq(page(l, "t1", &err, "a", "b"), 0);
		listing_cut(l, "f");
		ck_assert_str_eq(l->token.data, "");
		ck_assert_str_eq(l->start, "b");
		ck_assert_str_eq(l->end, "f");
		ck_assert(l->is_part && !l->is_done);
		if (is_gone)
			ck_assert_int_eq(page(l, "t1", &err, "c", "d"), 0);
		else
			ck_assert_int_eq(page(l, "t1", &err, "b", "c", "d"), 0);
		ck_assert_uint_eq(l->seen, is_gone ? 0 : 1);
		ck_assert_int_eq(page(l, "t2", &err, "d"), -1);
		listing_free(l);
	}
}
END_TEST

START_TEST(an_end_that_was_cut_off_is_not_believed_again)
{
	struct listing *l = listing_new(LISTING_BLOBS, "", "", "");
	struct err err = ERR_INIT;

	ck_assert_int_eq(page(l, "t1", &err, "a", "b"), 0);
	listing_cut(l, "f");
	ck_assert_int_eq(page(l, "", &err, "b", "f"), -1);
	ck_assert_int_eq(err.code, ERR_PROTOCOL);
	listing_free(l);
}
END_TEST

int
main(void)
{
	return suite_run("listing", pages_in_order_are_taken_to_the_end,
	    an_empty_listing_is_done_at_once,
	    names_out_of_order_or_twice_are_refused,
	    a_repeated_token_is_refused, empty_pages_without_end_are_refused,
	    two_tokens_taken_in_turns_end_as_well,
	    names_of_another_range_are_refused,
	    a_listing_that_is_cut_goes_on_without_a_token,
	    an_end_that_was_cut_off_is_not_believed_again, NULL);
}
