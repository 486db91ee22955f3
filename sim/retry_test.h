/* SPDX-License-Identifier: MIT */
/*
 * Retry tests, as the storage testbench has them: a test holds a queue of
 * instructions for each of some methods, and a request that names the test in
 * its header x-retry-test-id meets the first of its method's.  One is dequeued
 * when it has happened; a test of which all have is completed, so that a client
 * can be held to exactly as many requests as it owed.
 *
 * Tests are known by ids that follow from a seed.  Pure.
 */
#ifndef SIM_RETRY_TEST_H
#define SIM_RETRY_TEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "src/base/vec.h"

struct fault;
struct fault_ask;

enum {
	RETRY_ID_LEN = 32,
	/* With one more the oldest is dropped: conformance suites make a test a
	 * case, and many never delete one. */
	RETRY_TESTS_MAX = 1000
};

struct retry_step {
	char *text;      /* an instruction */
	uint64_t ticket; /* no other step has it */
};

struct retry_queue {
	char *method;
	VEC(struct retry_step) steps; /* those that are left */
};

struct retry_test {
	char id[RETRY_ID_LEN + 1];
	bool is_grpc; /* no request of ours ever meets it */
	bool is_completed;
	VEC(struct retry_queue) queues;
};

struct retry_tests {
	uint64_t seed;
	uint64_t made; /* tests so far */
	uint64_t tickets;
	VEC(struct retry_test *) all; /* the oldest first */
};

/* --- making one --- */

struct retry_test *retry_test_new(bool is_grpc);
void retry_test_free(struct retry_test *t);

/* method is new in t. */
struct retry_queue *retry_test_add(struct retry_test *t, const char *method);
void retry_queue_add(struct retry_queue *q, const char *text);

/* --- all of them --- */

void retry_tests_init(struct retry_tests *all, uint64_t seed);
void retry_tests_release(struct retry_tests *all);

/* It gets its id, and is answered. */
const struct retry_test *retry_tests_add(struct retry_tests *all,
    struct retry_test *t_take);

const struct retry_test *retry_tests_find(const struct retry_tests *all,
    const char *id);

/* False: there is none of that id. */
bool retry_tests_remove(struct retry_tests *all, const char *id);

/* --- what requests meet --- */

/* What the request's test does to it: what is certain to happen is dequeued,
 * else the fault has a ticket.  A test that is not there is a fault, too.
 * False: nothing. */
bool retry_tests_take(struct retry_tests *all, const struct fault_ask *ask,
    struct fault *out);

/* The instruction with that ticket, as long as it is the next of its queue;
 * NULL: it is not, or has happened to another request meanwhile. */
const char *retry_tests_text(const struct retry_tests *all, uint64_t ticket);

/* It happens: it is dequeued.  False where the above is NULL. */
bool retry_tests_settle(struct retry_tests *all, uint64_t ticket);

#endif
