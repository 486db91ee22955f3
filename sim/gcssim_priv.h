/* SPDX-License-Identifier: MIT */
/* Between the files of the public library. */
#ifndef SIM_GCSSIM_PRIV_H
#define SIM_GCSSIM_PRIV_H

#include <pthread.h>
#include <stdint.h>
#include <sys/types.h>

#include "sim/gcssim.h"
#include "sim/settings.h"
#include "sim/sim.h"
#include "src/base/err.h"
#include "src/base/vec.h"

struct buf;
struct loop;
struct mailbox;

struct gcssim {
	pid_t pid; /* where the thread is */
	pthread_t thread;
	struct loop *loop;
	struct mailbox *box;
	struct sim *sim;
	char *url;
	struct settings settings;
	VEC(char *) texts;  /* copies; the settings' strings are in them */
	struct err trouble; /* that no request tells of */
};

/* What is asked of the thread, and what it answers.  Each question uses some of
 * the members. */
struct question {
	struct gcssim *sim;
	const char *const *settings;
	const char
	    *text; /* a name of a snapshot, count or rule; rules; a query */
	const char *bucket;
	const char *name; /* of an object, or a scope */
	const char *registry;
	const char *root;
	struct buf *bytes;
	struct sim_fault fault;
	uint64_t number;
	int rc;
	struct err err;
};

/* Fills *out, if there is one; answers -1. */
int tell_caller(struct gcssim_error *out, const struct err *err);

/* Has the thread run it; answers the question's rc, or -1 when there is no
 * thread. */
int ask_thread(struct gcssim *sim, void (*run)(void *arg), struct question *q,
    struct gcssim_error *err);

#endif
