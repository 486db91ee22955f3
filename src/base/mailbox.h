/* SPDX-License-Identifier: MIT */
/*
 * Calls into a loop's thread from other threads.  A loop is single-threaded;
 * this is the one door through which others come in: they hand over a function
 * and wait until the loop's thread has run it, between two things that happen
 * there.  Calls run in the order in which they came.
 */
#ifndef BASE_MAILBOX_H
#define BASE_MAILBOX_H

#include "src/base/err.h"

struct loop;
struct mailbox;

/* On a loop of the real clock; ERR_CONFIG when descriptors have run out. */
struct mailbox *mailbox_new(struct loop *loop, struct err *err);

/* When nobody calls any more, before the loop is freed; NULL is fine. */
void mailbox_free(struct mailbox *box);

/* From any thread but the loop's own: run(arg) has been called there when this
 * returns 0.  -1: the mailbox is closed, and it never will be. */
int mailbox_call(struct mailbox *box, void (*run)(void *arg), void *arg);

/* In the loop's thread: whoever waits is told -1, and so is all who come. */
void mailbox_close(struct mailbox *box);

#endif
