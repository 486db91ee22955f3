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
#include "src/net/pace.h"

struct hist;
struct loop;
struct storage;
struct tally;
struct gcs_status;
struct token_source;

struct stack_opts {
	const char *endpoint;
	const char *bucket;
	const char *delete_under; /* the driver's own guard */
	unsigned connections;
	uint64_t seed;
	struct token_source *tokens; /* NULL: as nobody */
	const char *quota_project;   /* or NULL */
	const char *ca_file;         /* or NULL; borrowed until close */
	enum pace_mode pace;
	uint64_t rate; /* deletes a second: PACE_CEILING's */
	bool is_dry_run;
	bool is_patient; /* no limits of time for a request */
};

struct stack {
	struct loop *loop;
	struct storage *store;   /* what the engine is given */
	struct storage *counter; /* the tally in it */
	struct storage *driver;  /* below it */
	unsigned connections;    /* that the driver will use at most */
};

/* loop is borrowed and must outlive the stack. */
int stack_open(struct stack *st, struct loop *loop,
    const struct stack_opts *opts, struct err *err) MUST_CHECK;
void stack_close(struct stack *st);

/* A hint: n operations are still to come, see gcs_expect. */
void stack_expect(const struct stack *st, uint64_t n);

/* The counts since stack_open or the last stack_reset. */
const struct tally *stack_tally(const struct stack *st);
const struct hist *stack_latency(const struct stack *st);
void stack_reset(struct stack *st);

/* What the driver is doing, and what it did since stack_open. */
void stack_status(const struct stack *st, struct gcs_status *out);

#endif
