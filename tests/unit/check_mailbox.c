/* SPDX-License-Identifier: MIT */
/* mailbox: calls from other threads into a loop's thread. */
#include <pthread.h>
#include <string.h>

#include "src/base/loop.h"
#include "src/base/mailbox.h"
#include "tests/support/suite.h"

enum { THREADS = 8, CALLS = 500 };

static struct loop *loop;
static struct mailbox *box;
static pthread_t home;

static struct {
	size_t runs;
	size_t callers; /* that have called for the last time */
} seen;

static void
open_box(void)
{
	struct err err = ERR_INIT;

	loop = loop_new(LOOP_REAL);
	box = mailbox_new(loop, &err);
	ck_assert_msg(box != NULL, "%s", err.text);
	home = pthread_self();
	memset(&seen, 0, sizeof(seen));
}

static void
close_box(void)
{
	mailbox_free(box);
	loop_free(loop);
}

/* No lock: whoever runs here runs alone. */
static void
run_add(void *arg)
{
	size_t *mine = arg;

	ck_assert(pthread_equal(pthread_self(), home));
	++*mine;
	seen.runs++;
}

static void
run_last(void *arg)
{
	(void)arg;
	if (++seen.callers == THREADS)
		loop_stop(loop);
}

static void *
call_often(void *arg)
{
	size_t mine = 0, i;

	for (i = 0; i < CALLS; i++) {
		ck_assert_int_eq(mailbox_call(box, run_add, &mine), 0);
		ck_assert_uint_eq(mine, i + 1);
	}
	ck_assert_int_eq(mailbox_call(box, run_last, NULL), 0);
	return arg;
}

START_TEST(each_call_has_run_once_and_at_home_when_it_returns)
{
	struct err err = ERR_INIT;
	pthread_t threads[THREADS];
	size_t i;

	open_box();
	for (i = 0; i < THREADS; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, call_often,
				     NULL),
		    0);
	ck_assert_int_eq(loop_run(loop, &err), 0);
	for (i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	ck_assert_uint_eq(seen.runs, THREADS * CALLS);
	close_box();
}
END_TEST

static void
run_never(void *arg)
{
	(void)arg;
	ck_abort_msg("ran in a closed mailbox");
}

START_TEST(a_closed_mailbox_runs_nothing_and_says_so)
{
	open_box();
	mailbox_close(box);
	ck_assert_int_eq(mailbox_call(box, run_never, NULL), -1);
	close_box();
}
END_TEST

/* The one letter that is run closes the box: whatever came meanwhile, and all
 * that comes later, is returned. */
static void
run_close(void *arg)
{
	(void)arg;
	seen.runs++;
	mailbox_close(box);
	loop_stop(loop);
}

static void *
call_until_closed(void *arg)
{
	int rc = mailbox_call(box, run_close, NULL);

	ck_assert_int_eq(mailbox_call(box, run_close, NULL), -1);
	return rc == 0 ? arg : NULL;
}

START_TEST(whoever_waits_when_it_closes_is_told)
{
	struct err err = ERR_INIT;
	pthread_t threads[THREADS];
	size_t heard = 0, i;
	void *result;

	open_box();
	for (i = 0; i < THREADS; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL,
				     call_until_closed, &seen),
		    0);
	ck_assert_int_eq(loop_run(loop, &err), 0);
	for (i = 0; i < THREADS; i++) {
		pthread_join(threads[i], &result);
		heard += result != NULL;
	}
	ck_assert_uint_eq(heard, 1);
	ck_assert_uint_eq(seen.runs, 1);
	close_box();
}
END_TEST

int
main(void)
{
	return suite_run("mailbox",
	    each_call_has_run_once_and_at_home_when_it_returns,
	    a_closed_mailbox_runs_nothing_and_says_so,
	    whoever_waits_when_it_closes_is_told, NULL);
}
