/* SPDX-License-Identifier: MIT */
/* Who asked for the end is known by number; what the end means is the owner's
 * business. */
#include "src/cli/signals.h"

#include <poll.h>
#include <signal.h>
#include <stddef.h>

#include "src/gcs/gcs.h"
#include "src/storage/storage.h"

static const struct {
	int signo;
	const char *name;
} table[SIGNALS] = {
	{ SIGINT, "SIGINT" },
	{ SIGTERM, "SIGTERM" },
	{ SIGHUP, "SIGHUP" },
};

static void
cancel(struct signals *s)
{
	loop_timer_cancel(&s->drain);
	if (s->store != NULL)
		storage_cancel(s->store);
}

static void
on_drained(void *arg)
{
	cancel(arg);
}

static void
on_signal(void *arg)
{
	const struct signal_hook *hook = arg;
	struct signals *s = hook->signals;

	if (s->is_stopping || s->drain_us == 0) {
		cancel(s);
	} else {
		if (s->driver != NULL)
			gcs_stop(s->driver);
		loop_timer_set(&s->drain, loop_now(s->loop) + s->drain_us);
	}
	if (!s->is_stopping)
		s->signo = hook->signo;
	s->is_stopping = true;
}

static bool
is_ignored(int signo)
{
	struct sigaction former;

	return sigaction(signo, NULL, &former) == 0 &&
	    former.sa_handler == SIG_IGN;
}

void
signals_init(struct signals *s, struct loop *loop)
{
	int i;

	*s = (struct signals){ .loop = loop };
	loop_timer_init(&s->drain, loop, on_drained, s);
	for (i = 0; i < SIGNALS; i++) {
		s->hooks[i].signals = s;
		s->hooks[i].signo = table[i].signo;
		if (!is_ignored(table[i].signo))
			loop_on_signal(loop, table[i].signo, on_signal,
			    &s->hooks[i]);
	}
}

void
signals_release(struct signals *s)
{
	int i;

	loop_timer_cancel(&s->drain);
	for (i = 0; i < SIGNALS; i++)
		loop_off_signal(s->loop, table[i].signo);
}

bool
signals_look(struct signals *s)
{
	loop_look(s->loop);
	return s->is_stopping;
}

static void
fill_set(sigset_t *set)
{
	int i;

	sigemptyset(set);
	for (i = 0; i < SIGNALS; i++)
		sigaddset(set, table[i].signo);
}

/* The signals get in only while ppoll sleeps, so that none slips between a look
 * and the wait.  poll is never restarted after a handler, whatever its flags;
 * read or fgets would be, and would wait on. */
bool
signals_wait(struct signals *s, int fd)
{
	struct pollfd input = { .fd = fd, .events = POLLIN };
	sigset_t ours, former;
	bool is_readable = false;

	fill_set(&ours);
	sigprocmask(SIG_BLOCK, &ours, &former);
	while (!signals_look(s) && !is_readable)
		is_readable = ppoll(&input, 1, NULL, &former) > 0;
	sigprocmask(SIG_SETMASK, &former, NULL);
	return !s->is_stopping;
}

void
signals_hold(void)
{
	sigset_t set;

	fill_set(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

const char *
signals_name(int signo)
{
	int i;

	for (i = 0; i + 1 < SIGNALS && table[i].signo != signo; i++)
		continue;
	return table[i].name;
}
