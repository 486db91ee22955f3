/* SPDX-License-Identifier: MIT */
/*
 * A small HTTP client for the simulator's tests: it sends raw bytes over a few
 * connections, one request at a time on each, on the same loop as the
 * simulator, and keeps every answer.
 */
#ifndef TESTS_UNIT_SIM_CLIENT_H
#define TESTS_UNIT_SIM_CLIENT_H

#include <stdbool.h>
#include <stddef.h>

#include "src/base/buf.h"
#include "src/base/loop.h"

struct sim;
struct sim_opts;
struct sim_client;

struct sim_answer {
	int status;  /* 0: closed without an answer */
	bool closed; /* the connection, right after it */
	struct buf head;
	struct buf body;
};

struct sim_client *sim_client_new(struct loop *loop, const struct sim *sim,
    size_t connections);
void sim_client_free(struct sim_client *c);

/* Queues a request of any bytes; answers its number, from 0. */
size_t sim_client_raw(struct sim_client *c, const void *bytes, size_t n);

/* Queues METHOD TARGET with a Host, and a body when there is one. */
size_t sim_client_ask(struct sim_client *c, const char *method,
    const char *target, const char *body);

/* Sends what can be sent. */
void sim_client_start(struct sim_client *c);

/* Closes all connections; what was open is settled without an answer. */
void sim_client_hang_up(struct sim_client *c);

/* Turns the loop until everything queued is answered. */
void sim_client_run(struct sim_client *c);

const struct sim_answer *sim_client_answer(const struct sim_client *c,
    size_t number);

/* Queues, runs, and gives the answer. */
const struct sim_answer *sim_client_get(struct sim_client *c,
    const char *method, const char *target);

/* Is this one of the head's lines? */
bool sim_answer_has(const struct sim_answer *a, const char *line);

/* A loop, a simulator on it and its client. */
struct sim_world {
	struct loop *loop;
	struct sim *sim;
	struct sim_client *client;
};

void sim_world_start(struct sim_world *w, enum loop_clock clock,
    const struct sim_opts *opts, size_t connections);
void sim_world_stop(struct sim_world *w);

#endif
