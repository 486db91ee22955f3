/* SPDX-License-Identifier: MIT */
/* tally: counts what was asked, sent and answered, and the window of time. */
#include "src/base/hist.h"
#include "src/storage/answer.h"
#include "src/storage/mem_store.h"
#include "src/storage/tally.h"
#include "tests/support/suite.h"

START_TEST(counts_by_kind_and_verdict)
{
	struct storage *mem = mem_store_new(3), *s = tally_new(mem);
	struct storage_op ops[6], *op;
	const struct tally *t = tally_of(s);
	int i;

	mem_store_put(mem, "a", "x", 1);
	for (i = 0; i < 6; i++)
		storage_op_init(&ops[i]);
	storage_ask_get(&ops[0], "a", 1);
	storage_ask_get(&ops[1], "none", 1);
	storage_ask_list(&ops[2], "", "");
	storage_ask_delete(&ops[3], "none");
	storage_ask_delete(&ops[4], ".."); /* refused, never sent */
	storage_ask_put(&ops[5], "b", "", 0);
	for (i = 0; i < 6; i++)
		storage_submit(s, &ops[i]);
	ck_assert_uint_eq(t->in_flight, 6);
	while ((op = storage_reap(s)) != NULL)
		continue;
	ck_assert_uint_eq(t->in_flight, 0);
	ck_assert_uint_eq(t->peak_in_flight, 6);
	ck_assert_uint_eq(t->ops[STORAGE_GET], 2);
	ck_assert_uint_eq(t->ops[STORAGE_DELETE], 2);
	ck_assert_uint_eq(t->requests[STORAGE_DELETE], 1);
	ck_assert_uint_eq(t->requests[STORAGE_LIST], 1);
	ck_assert_uint_eq(t->requests[STORAGE_PUT], 1);
	ck_assert_uint_eq(t->attempts, 5);
	ck_assert_uint_eq(t->verdicts[STORAGE_OK], 3);
	ck_assert_uint_eq(t->verdicts[STORAGE_GONE], 2);
	ck_assert_uint_eq(t->verdicts[STORAGE_FAILED], 1);
	ck_assert_uint_eq(t->retries + t->rejected + t->unanswered, 0);
	ck_assert_uint_gt(t->last_us, t->first_us);
	for (i = 0; i < 6; i++)
		storage_op_release(&ops[i]);
	storage_close(s);
}
END_TEST

/* A store that answers with what the op's user field says. */
struct told {
	struct storage base;
	struct storage_op *op;
};

struct script {
	unsigned attempts, rejected, unanswered;
	uint64_t from, to;
	bool is_cancelled;
};

static void
told_submit(struct storage *s, struct storage_op *op)
{
	((struct told *)s)->op = op;
}

static struct storage_op *
told_reap(struct storage *s)
{
	struct told *t = (struct told *)s;
	struct storage_op *op = t->op;
	const struct script *script;

	t->op = NULL;
	if (op == NULL)
		return NULL;
	script = op->user;
	op->attempts = script->attempts;
	op->rejected = script->rejected;
	op->unanswered = script->unanswered;
	op->submitted_us = script->from;
	op->done_us = script->to;
	if (script->is_cancelled)
		storage_answer(op, STORAGE_CANCELLED, 0, ERR_CANCELLED,
		    "cancelled");
	else
		storage_answer_ok(op, 200);
	return op;
}

static void
told_nothing(struct storage *s)
{
	(void)s;
}

static const struct storage_ops told_ops = {
	.submit = told_submit,
	.reap = told_reap,
	.cancel = told_nothing,
	.close = told_nothing,
};

/* One operation after the other, each as its script says. */
static void
play(struct storage *s, struct storage_op *op, struct script *scripts, size_t n)
{
	size_t i;

	storage_op_init(op);
	for (i = 0; i < n; i++) {
		storage_ask_get(op, "a", 1);
		op->user = &scripts[i];
		storage_submit(s, op);
		ck_assert_ptr_eq(storage_reap(s), op);
	}
}

START_TEST(sums_attempts_and_takes_the_widest_window)
{
	static struct script scripts[] = { { 3, 1, 1, 500, 900, false },
		{ 1, 0, 0, 300, 400, false }, { 0, 0, 0, 1, 5000, false },
		{ 2, 1, 0, 600, 1000, false } };
	struct told told = { .base = { &told_ops } };
	struct storage *s = tally_new(&told.base);
	const struct tally *t = tally_of(s);
	struct storage_op op;

	play(s, &op, scripts, 4);
	ck_assert_uint_eq(t->attempts, 6);
	ck_assert_uint_eq(t->requests[STORAGE_GET], 6);
	ck_assert_uint_eq(t->retries, 3);
	ck_assert_uint_eq(t->rejected, 2);
	ck_assert_uint_eq(t->rejected_of[STORAGE_GET], 2);
	ck_assert_uint_eq(t->rejected_of[STORAGE_LIST], 0);
	ck_assert_uint_eq(t->settled[STORAGE_GET], 4);
	ck_assert_uint_eq(t->unanswered, 1);
	ck_assert_uint_eq(t->peak_in_flight, 1);
	ck_assert_uint_eq(t->first_us, 300);
	ck_assert_uint_eq(t->last_us, 1000);
	tally_reset(s);
	ck_assert_uint_eq(t->attempts + t->first_us + t->last_us, 0);
	storage_submit(s, &op);
	storage_reap(s);
	ck_assert_uint_eq(t->first_us, 600);
	storage_op_release(&op);
	storage_close(s);
}
END_TEST

/* Retries and all; but neither what was never sent nor how long we cared to
 * wait for what was cancelled. */
START_TEST(latency_is_from_submit_to_done_of_what_was_answered)
{
	static struct script scripts[] = { { 3, 1, 1, 500, 900, false },
		{ 1, 0, 0, 300, 600, false }, { 0, 0, 0, 1, 5000, false },
		{ 1, 0, 0, 0, 7000, true } };
	struct told told = { .base = { &told_ops } };
	struct storage *s = tally_new(&told.base);
	const struct hist *latency = tally_latency(s);
	struct storage_op op;

	play(s, &op, scripts, 4);
	ck_assert_uint_eq(latency->count, 2);
	ck_assert_uint_eq(hist_quantile(latency, 0.5), 300);
	ck_assert_uint_eq(latency->max, 400);
	tally_reset(s);
	ck_assert_uint_eq(latency->count, 0);
	storage_op_release(&op);
	storage_close(s);
}
END_TEST

int
main(void)
{
	return suite_run("tally", counts_by_kind_and_verdict,
	    sums_attempts_and_takes_the_widest_window,
	    latency_is_from_submit_to_done_of_what_was_answered, NULL);
}
