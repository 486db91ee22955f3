/* SPDX-License-Identifier: MIT */
/* confirm: nothing goes that nobody said yes to, on a terminal and off one. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/base/loop.h"
#include "src/cli/confirm.h"
#include "src/cli/run.h"
#include "tests/support/suite.h"

/* Of a run only what the question needs. */
struct scene {
	struct run run;
	struct options opts;
	struct target target;
	struct err err;
};

int
run_interrupted(const struct run *r, const char *when, struct err *err)
{
	(void)r;
	return err_set(err, ERR_CANCELLED, "interrupted %s", when);
}

static void
set_up(struct scene *s, const char *command, unsigned victims)
{
	static char bucket[] = "demo";

	memset(s, 0, sizeof(*s));
	s->target.bucket = bucket;
	s->run.command = command;
	s->run.opts = &s->opts;
	s->run.target = &s->target;
	s->run.loop = loop_new(LOOP_REAL);
	signals_init(&s->run.signals, s->run.loop);
	plan_init(&s->run.gc.plan);
	for (; victims > 0; victims--)
		*vec_push(&s->run.gc.plan.victims[PLAN_BLOBS]) = victims;
}

static int
answer(struct scene *s)
{
	int rc = confirm(&s->run, &s->err);

	plan_release(&s->run.gc.plan);
	signals_release(&s->run.signals);
	loop_free(s->run.loop);
	return rc;
}

/* Standard input and error become fd. */
static void
become(int fd)
{
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(dup2(fd, STDIN_FILENO), STDIN_FILENO);
	ck_assert_int_eq(dup2(fd, STDERR_FILENO), STDERR_FILENO);
	close(fd);
}

START_TEST(off_a_terminal_gc_needs_yes_and_upstreams_name_does_not)
{
	struct scene s;

	become(open("/dev/null", O_RDWR));
	set_up(&s, "gc", 2);
	ck_assert_int_eq(answer(&s), -1);
	ck_assert_int_eq(s.err.code, ERR_REFUSED);
	ck_assert_ptr_nonnull(strstr(s.err.text, "2 objects"));
	ck_assert_ptr_nonnull(strstr(s.err.text, "--yes"));
	set_up(&s, "apply", 1);
	ck_assert_int_eq(answer(&s), -1);
	set_up(&s, "garbage-collect", 1);
	ck_assert_int_eq(answer(&s), 0);
}
END_TEST

START_TEST(nobody_is_asked_where_there_is_nothing_to_ask)
{
	struct scene s;

	become(open("/dev/null", O_RDWR));
	set_up(&s, "gc", 0);
	ck_assert_int_eq(answer(&s), 0);
	set_up(&s, "gc", 1);
	s.opts.yes = true;
	ck_assert_int_eq(answer(&s), 0);
	set_up(&s, "gc", 1);
	s.run.report.is_dry = true;
	ck_assert_int_eq(answer(&s), 0);
}
END_TEST

/* On a terminal on which somebody types so. */
static int
typed(struct scene *s, const char *command, const char *text)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY);

	ck_assert_int_ge(master, 0);
	ck_assert_int_eq(grantpt(master), 0);
	ck_assert_int_eq(unlockpt(master), 0);
	become(open(ptsname(master), O_RDWR | O_NOCTTY));
	ck_assert_int_eq(write(master, text, strlen(text)),
	    (ssize_t)strlen(text));
	set_up(s, command, 1);
	return answer(s);
}

START_TEST(on_a_terminal_the_buckets_name_is_the_only_yes)
{
	static const char *const no[] = { "\n", "y\n", "yes\n", "dem\n",
		"demo2\n", " demo\n", "DEMO\n", "\004" };
	struct scene s;
	size_t i;

	ck_assert_int_eq(typed(&s, "gc", "demo\n"), 0);
	ck_assert_int_eq(typed(&s, "garbage-collect", "demo\n"), 0);
	for (i = 0; i < sizeof(no) / sizeof(no[0]); i++) {
		ck_assert_int_eq(typed(&s, i & 1 ? "gc" : "garbage-collect",
				     no[i]),
		    -1);
		ck_assert_int_eq(s.err.code, ERR_REFUSED);
		ck_assert_ptr_nonnull(strstr(s.err.text, "nothing was"));
	}
}
END_TEST

int
main(void)
{
	return suite_run("confirm",
	    off_a_terminal_gc_needs_yes_and_upstreams_name_does_not,
	    nobody_is_asked_where_there_is_nothing_to_ask,
	    on_a_terminal_the_buckets_name_is_the_only_yes, NULL);
}
