/* SPDX-License-Identifier: MIT */
/*
 * A pidfd names one process for good, however often its number is given out
 * again.  Where there is none (an old kernel, a container that forbids the
 * call, no descriptor left) the number is asked for now and then, and a new
 * process of the same number would be taken for the old one.
 */
#include "sim/parent.h"

#include <errno.h>
#include <event2/event.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { LOOK_US = 200000 };

static void
on_exit_event(evutil_socket_t fd, short what, void *arg)
{
	struct parent *p = arg;

	(void)fd, (void)what;
	p->on_gone(p->arg);
}

static void
on_look(void *arg)
{
	struct parent *p = arg;

	if (kill(p->pid, 0) != 0 && errno == ESRCH)
		p->on_gone(p->arg);
	else
		loop_timer_set(&p->look, loop_now(p->look.loop) + LOOK_US);
}

int
parent_watch(struct parent *p, struct loop *loop, pid_t pid,
    void (*on_gone)(void *arg), void *arg, struct err *err)
{
	*p = (struct parent){ .pid = pid, .on_gone = on_gone, .arg = arg };
	loop_timer_init(&p->look, loop, on_look, p);
	/* A process of another user answers EPERM, and is there. */
	if (kill(pid, 0) != 0 && errno == ESRCH)
		return err_set(err, ERR_USAGE, "there is no process %ld",
		    (long)pid);
	p->fd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (p->fd < 0) {
		on_look(p);
		return 0;
	}
	p->event = event_new(loop_events(loop), p->fd, EV_READ, on_exit_event,
	    p);
	event_add(p->event, NULL);
	return 0;
}

void
parent_release(struct parent *p)
{
	loop_timer_cancel(&p->look);
	if (p->event == NULL)
		return;
	event_free(p->event);
	close(p->fd);
	p->event = NULL;
}
