/* SPDX-License-Identifier: MIT */
/* The list of cases, and the watch that each of them runs under. */
#include "tests/driver/conformance.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/mem.h"
#include "tests/driver/conformance_priv.h"
#include "tests/support/suite.h"

/* Check's tests take no argument, so the driver under test is told here; each
 * test is a process of its own. */
static const struct conformance_driver *driver;

/* --- the watch --- */

static struct watched *
from_storage(struct storage *s)
{
	return (struct watched *)s;
}

static void
watch_submit(struct storage *s, struct storage_op *op)
{
	struct watched *w = from_storage(s);

	*vec_push(&w->flying) = op;
	if (w->flying.n > w->peak)
		w->peak = w->flying.n;
	storage_submit(w->inner, op);
}

static struct storage_op *
watch_reap(struct storage *s)
{
	struct watched *w = from_storage(s);
	struct storage_op *op = storage_reap(w->inner);
	size_t i;

	if (op == NULL) {
		ck_assert_uint_eq(w->flying.n, 0);
		return NULL;
	}
	for (i = 0; i < w->flying.n && w->flying.v[i] != op; i++)
		;
	ck_assert_msg(i < w->flying.n, "%s came back twice", op->name.data);
	w->flying.v[i] = w->flying.v[--w->flying.n];
	w->settled++;
	return op;
}

static void
watch_cancel(struct storage *s)
{
	storage_cancel(from_storage(s)->inner);
}

static const struct storage_ops watch = {
	.submit = watch_submit,
	.reap = watch_reap,
	.cancel = watch_cancel,
};

static void
run_case(conformance_case *test)
{
	struct watched w = { .storage.ops = &watch,
		.name_max = STORAGE_NAME_MAX - driver->prefix_len };

	w.inner = driver->open(&w.state);
	storage_op_init(&w.op);
	test(&w);
	ck_assert_ptr_null(storage_reap(&w.storage));
	storage_op_release(&w.op);
	vec_release(&w.flying);
	driver->close(w.inner, w.state);
}

enum storage_verdict
watched_run(struct watched *w, struct storage_op *op)
{
	storage_submit(&w->storage, op);
	ck_assert_ptr_eq(storage_reap(&w->storage), op);
	ck_assert_ptr_null(storage_reap(&w->storage));
	return op->verdict;
}

uint64_t
watched_put(struct watched *w, const char *name, const char *text)
{
	storage_ask_put(&w->op, name, text, strlen(text));
	ck_assert_msg(watched_run(w, &w->op) == STORAGE_OK, "%s",
	    w->op.err.text);
	return w->op.put_generation;
}

enum storage_verdict
watched_get(struct watched *w, const char *name)
{
	storage_ask_get(&w->op, name, 10000);
	return watched_run(w, &w->op);
}

enum storage_verdict
watched_delete(struct watched *w, const char *name)
{
	storage_ask_delete(&w->op, name);
	return watched_run(w, &w->op);
}

void
watched_list(struct watched *w, const char *prefix, const char *token)
{
	storage_ask_list(&w->op, prefix, token);
	ck_assert_msg(watched_run(w, &w->op) == STORAGE_OK, "%s",
	    w->op.err.text);
}

static bool
put_next(struct watched *w, struct storage_op *op, const char *prefix,
    size_t *sent, size_t n)
{
	char name[64];

	if (*sent == n)
		return false;
	snprintf(name, sizeof(name), "%s%05zu", prefix, (*sent)++);
	storage_ask_put(op, name, "", 0);
	storage_submit(&w->storage, op);
	return true;
}

void
watched_put_many(struct watched *w, const char *prefix, size_t n)
{
	enum { WIDTH = 50 };
	struct storage_op ops[WIDTH], *op;
	size_t sent = 0, i;

	for (i = 0; i < WIDTH; i++) {
		storage_op_init(&ops[i]);
		put_next(w, &ops[i], prefix, &sent, n);
	}
	while ((op = storage_reap(&w->storage)) != NULL) {
		ck_assert_msg(op->verdict == STORAGE_OK, "%s", op->err.text);
		put_next(w, op, prefix, &sent, n);
	}
	for (i = 0; i < WIDTH; i++)
		storage_op_release(&ops[i]);
	w->peak = w->settled = 0;
}

/* --- the list --- */

#define CASE(sentence, test)    \
	START_TEST(sentence)    \
	{                       \
		run_case(test); \
	}                       \
	END_TEST

CASE(what_is_put_can_be_read_listed_and_deleted, conformance_round_trip)
CASE(what_is_absent_is_gone, conformance_absent)
CASE(bodies_come_back_byte_for_byte, conformance_bodies)
CASE(a_read_stops_at_its_limit, conformance_body_limit)
CASE(generations_guard_puts_and_deletes, conformance_generations)
CASE(one_question_is_one_attempt, conformance_counters)
CASE(a_listing_keeps_to_its_prefix, conformance_prefixes)
CASE(a_listing_is_in_byte_order, conformance_order)
CASE(hostile_names_are_only_names, conformance_hostile_names)
CASE(every_byte_that_may_stand_in_a_name_does, conformance_all_bytes)
CASE(names_that_may_not_be_never_leave, conformance_bad_names)
CASE(pages_go_on_to_the_end, conformance_pages)
CASE(deleting_while_listing_skips_nothing, conformance_delete_while_listing)
CASE(delete_files_takes_up_to_nine, conformance_delete_few)
CASE(delete_files_counts_the_missing, conformance_delete_missing)
CASE(delete_files_takes_none, conformance_delete_none)
CASE(delete_files_reports_each_failure, conformance_delete_failures)
CASE(delete_files_keeps_to_its_width, conformance_delete_wide)
CASE(delete_path_takes_all_below_and_no_sibling, conformance_path_subtree)
CASE(delete_path_knows_what_is_not_there, conformance_path_absent)
CASE(delete_path_goes_through_all_pages, conformance_path_pages)
CASE(cancel_gives_every_operation_back, conformance_cancel)
CASE(cancel_leaves_what_was_done, conformance_cancel_half)

int
conformance_run(const struct conformance_driver *under_test)
{
	driver = under_test;
	return suite_run(under_test->name,
	    what_is_put_can_be_read_listed_and_deleted, what_is_absent_is_gone,
	    bodies_come_back_byte_for_byte, a_read_stops_at_its_limit,
	    generations_guard_puts_and_deletes, one_question_is_one_attempt,
	    a_listing_keeps_to_its_prefix, a_listing_is_in_byte_order,
	    hostile_names_are_only_names,
	    every_byte_that_may_stand_in_a_name_does,
	    names_that_may_not_be_never_leave, pages_go_on_to_the_end,
	    deleting_while_listing_skips_nothing, delete_files_takes_up_to_nine,
	    delete_files_counts_the_missing, delete_files_takes_none,
	    delete_files_reports_each_failure, delete_files_keeps_to_its_width,
	    delete_path_takes_all_below_and_no_sibling,
	    delete_path_knows_what_is_not_there,
	    delete_path_goes_through_all_pages,
	    cancel_gives_every_operation_back, cancel_leaves_what_was_done,
	    NULL);
}
