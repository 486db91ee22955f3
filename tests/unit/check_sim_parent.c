/* SPDX-License-Identifier: MIT */
/* Hearing of the end of a process, with a pidfd and without. */
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/parent.h"
#include "tests/support/suite.h"

static struct loop *loop;
static int gone;

static void
on_gone(void *arg)
{
	ck_assert_ptr_eq(arg, &gone);
	gone++;
	loop_stop(loop);
}

static pid_t
start_child(void)
{
	pid_t pid = fork();

	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		for (;;)
			pause();
	}
	return pid;
}

static void
end_child(pid_t pid)
{
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
}

/* The lowest limit of descriptors under which not one more is to be had. */
static struct rlimit
forbid_descriptors(void)
{
	struct rlimit old, none;
	int next = dup(STDERR_FILENO);

	close(next);
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &old), 0);
	none = old;
	none.rlim_cur = (rlim_t)next;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
	return old;
}

static void
hear_of_an_end(bool has_descriptors)
{
	struct err err = ERR_INIT;
	struct parent p;
	struct rlimit old;
	pid_t pid = start_child();
	int rc;

	loop = loop_new(LOOP_REAL);
	gone = 0;
	if (!has_descriptors)
		old = forbid_descriptors();
	rc = parent_watch(&p, loop, pid, on_gone, &gone, &err);
	if (!has_descriptors)
		setrlimit(RLIMIT_NOFILE, &old);
	ck_assert_msg(rc == 0, "%s", err.text);
	ck_assert_int_eq(loop_timer_is_set(&p.look), !has_descriptors);
	ck_assert_int_eq(gone, 0);
	end_child(pid);
	ck_assert_int_eq(loop_run(loop, &err), 0);
	ck_assert_int_eq(gone, 1);
	parent_release(&p);
	loop_free(loop);
}

START_TEST(the_end_of_a_process_is_heard_of)
{
	hear_of_an_end(true);
}
END_TEST

START_TEST(without_a_descriptor_its_number_is_asked_for)
{
	hear_of_an_end(false);
}
END_TEST

START_TEST(a_process_that_has_gone_is_refused_by_number)
{
	struct err err = ERR_INIT;
	struct parent p = { 0 };
	pid_t pid = start_child();

	end_child(pid);
	loop = loop_new(LOOP_REAL);
	ck_assert_int_eq(parent_watch(&p, loop, pid, on_gone, &gone, &err), -1);
	ck_assert_int_eq(err.code, ERR_USAGE);
	ck_assert_ptr_nonnull(strstr(err.text, "there is no process"));
	parent_release(&p);
	loop_free(loop);
}
END_TEST

START_TEST(a_watch_may_end_before_the_process)
{
	struct err err = ERR_INIT;
	struct parent p;
	pid_t pid = start_child();

	loop = loop_new(LOOP_REAL);
	ck_assert_int_eq(parent_watch(&p, loop, pid, on_gone, &gone, &err), 0);
	parent_release(&p);
	loop_free(loop);
	end_child(pid);
}
END_TEST

int
main(void)
{
	return suite_run("sim_parent", the_end_of_a_process_is_heard_of,
	    without_a_descriptor_its_number_is_asked_for,
	    a_process_that_has_gone_is_refused_by_number,
	    a_watch_may_end_before_the_process, NULL);
}
