/* SPDX-License-Identifier: MIT */
/* storage: operations are asked, answered and asked again without residue. */
#include <string.h>

#include "src/storage/answer.h"
#include "src/storage/storage.h"
#include "tests/support/suite.h"

static void
answer_everything(struct storage_op *op)
{
	storage_page_add(&op->page, "a", 1, 2, 3);
	buf_adds(&op->page.next, "next");
	op->put_generation = 9;
	op->attempts = 3;
	op->rejected = 2;
	op->unanswered = 1;
	op->submitted_us = op->done_us = 5;
	storage_answer(op, STORAGE_DENIED, 403, ERR_DENIED, "no: %d", 7);
}

static void
expect_blank(const struct storage_op *op)
{
	ck_assert_int_eq(op->verdict, STORAGE_OK);
	ck_assert_int_eq(op->status, 0);
	ck_assert_int_eq(op->err.code, ERR_NONE);
	ck_assert_uint_eq(op->page.objects.n, 0);
	ck_assert_str_eq(op->page.next.data, "");
	ck_assert_uint_eq(op->put_generation, 0);
	ck_assert_uint_eq(op->attempts + op->rejected + op->unanswered, 0);
	ck_assert_uint_eq(op->submitted_us + op->done_us, 0);
	ck_assert(!op->has_generation);
}

START_TEST(asking_again_leaves_nothing_of_what_was_before)
{
	struct storage_op op;
	int user = 1;

	storage_op_init(&op);
	op.user = &user;
	storage_ask_put(&op, "name", "body\0x", 6);
	storage_if_generation(&op, 0);
	ck_assert(op.has_generation);
	ck_assert_uint_eq(op.body.len, 6);
	answer_everything(&op);
	storage_ask_list(&op, "prefix/", "token");
	expect_blank(&op);
	ck_assert_int_eq(op.kind, STORAGE_LIST);
	ck_assert_str_eq(op.name.data, "prefix/");
	ck_assert_str_eq(op.token.data, "token");
	ck_assert_uint_eq(op.body.len, 0);
	answer_everything(&op);
	storage_ask_get(&op, "x", 100);
	expect_blank(&op);
	ck_assert_str_eq(op.token.data, "");
	ck_assert_uint_eq(op.max_body, 100);
	answer_everything(&op);
	storage_ask_delete(&op, "y");
	expect_blank(&op);
	ck_assert_ptr_eq(op.user, &user);
	storage_op_release(&op);
}
END_TEST

START_TEST(a_new_try_keeps_the_question)
{
	struct storage_op op;

	storage_op_init(&op);
	storage_ask_put(&op, "name", "body", 4);
	storage_if_generation(&op, 5);
	answer_everything(&op);
	storage_clear_answer(&op);
	ck_assert_str_eq(op.body.data, "body");
	ck_assert_str_eq(op.name.data, "name");
	ck_assert(op.has_generation && op.generation == 5);
	ck_assert_int_eq(op.verdict, STORAGE_OK);
	ck_assert_uint_eq(op.page.objects.n, 0);
	ck_assert_uint_eq(op.attempts, 3); /* they were made all the same */
	storage_ask_get(&op, "name", 10);
	buf_adds(&op.body, "half");
	storage_clear_answer(&op);
	ck_assert_uint_eq(op.body.len, 0);
	storage_op_release(&op);
}
END_TEST

START_TEST(an_answer_has_a_text_unless_it_is_ok)
{
	struct storage_op op;

	storage_op_init(&op);
	storage_ask_get(&op, "name", 10);
	answer_everything(&op);
	ck_assert_str_eq(op.err.text, "no: 7");
	ck_assert_int_eq(op.err.code, ERR_DENIED);
	storage_answer_ok(&op, 204);
	ck_assert_str_eq(op.err.text, "");
	ck_assert_int_eq(op.status, 204);
	storage_op_release(&op);
}
END_TEST

START_TEST(a_page_keeps_copies_of_its_names)
{
	struct storage_op op;
	char name[8] = "aaa";
	int i;

	storage_op_init(&op);
	storage_ask_list(&op, "", "");
	for (i = 0; i < 1000; i++) {
		name[0] = (char)('a' + i % 26);
		storage_page_add(&op.page, name, (uint64_t)i + 1, 5, 6);
	}
	for (i = 0; i < 1000; i++) {
		name[0] = (char)('a' + i % 26);
		ck_assert_str_eq(op.page.objects.v[i].name, name);
		ck_assert_uint_eq(op.page.objects.v[i].generation,
		    (uint64_t)i + 1);
	}
	storage_op_release(&op);
}
END_TEST

START_TEST(names_that_no_object_may_have_are_known)
{
	char name[STORAGE_NAME_MAX + 2];

	ck_assert_ptr_nonnull(storage_name_fault(""));
	ck_assert_ptr_nonnull(storage_name_fault("."));
	ck_assert_ptr_nonnull(storage_name_fault(".."));
	ck_assert_ptr_nonnull(storage_name_fault("a\nb"));
	ck_assert_ptr_nonnull(storage_name_fault("a\r"));
	ck_assert_ptr_null(storage_name_fault("..."));
	ck_assert_ptr_null(storage_name_fault("a/../b"));
	ck_assert_ptr_null(storage_name_fault(" %?#\x01\xff"));
	memset(name, 'a', sizeof(name));
	name[STORAGE_NAME_MAX + 1] = '\0';
	ck_assert_ptr_nonnull(storage_name_fault(name));
	name[STORAGE_NAME_MAX] = '\0';
	ck_assert_ptr_null(storage_name_fault(name));
}
END_TEST

START_TEST(every_kind_and_verdict_has_a_name)
{
	int i;

	for (i = 0; i < STORAGE_KINDS; i++)
		ck_assert_ptr_nonnull(storage_kind_name((enum storage_kind)i));
	for (i = 0; i < STORAGE_VERDICTS; i++)
		ck_assert_ptr_nonnull(
		    storage_verdict_name((enum storage_verdict)i));
	ck_assert_str_eq(storage_kind_name(STORAGE_DELETE), "DELETE");
	ck_assert_str_eq(storage_verdict_name(STORAGE_GONE), "gone");
	storage_close(NULL);
}
END_TEST

int
main(void)
{
	return suite_run("storage",
	    asking_again_leaves_nothing_of_what_was_before,
	    a_new_try_keeps_the_question, an_answer_has_a_text_unless_it_is_ok,
	    a_page_keeps_copies_of_its_names,
	    names_that_no_object_may_have_are_known,
	    every_kind_and_verdict_has_a_name, NULL);
}
