/* SPDX-License-Identifier: MIT */
/*
 * A letter lies on its sender's stack, since the sender waits for it.  The list
 * of letters and their `state` are under the lock; what a letter asks for runs
 * without it, so that others can post meanwhile.  An eventfd is the bell: it
 * rings until it is read, so none that came before the look into the box is
 * overlooked.
 */
#include "src/base/mailbox.h"

#include <errno.h>
#include <event2/event.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "src/base/loop.h"
#include "src/base/mem.h"

enum state { WAITING, DONE, RETURNED };

struct letter {
	struct letter *next;
	void (*run)(void *arg);
	void *arg;
	enum state state;
};

struct mailbox {
	pthread_mutex_t lock;
	pthread_cond_t answered;
	struct letter *first;
	struct letter **end;
	bool is_closed;
	int bell;
	struct event *on_bell;
};

/* Takes the first letter out; NULL when there is none. */
static struct letter *
next_letter(struct mailbox *box)
{
	struct letter *letter;

	pthread_mutex_lock(&box->lock);
	letter = box->first;
	if (letter != NULL && (box->first = letter->next) == NULL)
		box->end = &box->first;
	pthread_mutex_unlock(&box->lock);
	return letter;
}

/* From here on the letter may be gone: its sender returns. */
static void
answer(struct mailbox *box, struct letter *letter, enum state state)
{
	pthread_mutex_lock(&box->lock);
	letter->state = state;
	pthread_cond_broadcast(&box->answered);
	pthread_mutex_unlock(&box->lock);
}

static void
on_bell(evutil_socket_t fd, short what, void *arg)
{
	struct mailbox *box = arg;
	struct letter *letter;
	uint64_t rings;

	(void)what;
	if (read(fd, &rings, sizeof(rings)) != (ssize_t)sizeof(rings))
		return;
	while ((letter = next_letter(box)) != NULL) {
		letter->run(letter->arg);
		answer(box, letter, DONE);
	}
}

struct mailbox *
mailbox_new(struct loop *loop, struct err *err)
{
	struct mailbox *box;
	int bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

	if (bell < 0) {
		err_set(err, ERR_CONFIG, "cannot make an eventfd: %s",
		    strerror(errno));
		return NULL;
	}
	box = mem_zalloc(1, sizeof(*box));
	pthread_mutex_init(&box->lock, NULL);
	pthread_cond_init(&box->answered, NULL);
	box->end = &box->first;
	box->bell = bell;
	box->on_bell = event_new(loop_events(loop), bell, EV_READ | EV_PERSIST,
	    on_bell, box);
	event_add(box->on_bell, NULL);
	return box;
}

void
mailbox_free(struct mailbox *box)
{
	if (box == NULL)
		return;
	event_free(box->on_bell);
	close(box->bell);
	pthread_cond_destroy(&box->answered);
	pthread_mutex_destroy(&box->lock);
	free(box);
}

int
mailbox_call(struct mailbox *box, void (*run)(void *arg), void *arg)
{
	const uint64_t ring = 1;
	struct letter letter = { .run = run, .arg = arg, .state = WAITING };
	ssize_t n;

	pthread_mutex_lock(&box->lock);
	if (box->is_closed) {
		letter.state = RETURNED;
	} else {
		*box->end = &letter;
		box->end = &letter.next;
		/* It fails only when it has been rung 2^64 - 2 times unheard:
		 * then it rings anyway. */
		n = write(box->bell, &ring, sizeof(ring));
		(void)n;
	}
	while (letter.state == WAITING)
		pthread_cond_wait(&box->answered, &box->lock);
	pthread_mutex_unlock(&box->lock);
	return letter.state == DONE ? 0 : -1;
}

void
mailbox_close(struct mailbox *box)
{
	struct letter *letter;

	pthread_mutex_lock(&box->lock);
	box->is_closed = true;
	pthread_mutex_unlock(&box->lock);
	while ((letter = next_letter(box)) != NULL)
		answer(box, letter, RETURNED);
}
