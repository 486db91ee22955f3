/* SPDX-License-Identifier: MIT */
/*
 * From options to a store: the loop, the driver, what counts it, and, for a dry
 * run, what withholds every change.
 *
 *	engine -> [dryrun] -> tally -> gcs -> loop
 */
#ifndef CLI_STACK_H
#define CLI_STACK_H

#include <stdbool.h>
#include <stdint.h>

#include "src/base/err.h"

struct hist;
struct loop;
struct storage;
struct tally;

struct stack_opts {
	const char *endpoint;
	const char *bucket;
	const char *delete_under; /* the driver's own guard */
	unsigned connections;
	uint64_t seed;
	bool is_dry_run;
	bool is_patient; /* no limits of time for a request */
};

struct stack {
	struct loop *loop;
	struct storage *store;   /* what the engine is given */
	struct storage *counter; /* the tally in it */
	unsigned connections;    /* that the driver will use at most */
};

/* loop is borrowed and must outlive the stack. */
int stack_open(struct stack *st, struct loop *loop,
    const struct stack_opts *opts, struct err *err) MUST_CHECK;
void stack_close(struct stack *st);

/* The counts since stack_open or the last stack_reset. */
const struct tally *stack_tally(const struct stack *st);
const struct hist *stack_latency(const struct stack *st);
void stack_reset(struct stack *st);

#endif
