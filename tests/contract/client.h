/* SPDX-License-Identifier: MIT */
/*
 * One client of a simulator on the same virtual loop: it writes any bytes and
 * reads answers, one after the other, on a connection that it keeps while the
 * server does.
 */
#ifndef TESTS_CONTRACT_CLIENT_H
#define TESTS_CONTRACT_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "src/base/buf.h"

struct client;
struct loop;

struct client_answer {
	int status;      /* 0: the connection ended first */
	struct buf head; /* with its first line and the empty one */
	struct buf body; /* taken out of its chunks */
};

struct client *client_new(struct loop *loop, const char *url);
void client_free(struct client *c);

/* Writes a request, or a part of one. */
void client_send(struct client *c, const void *bytes, size_t n);

/* Reads the next answer into *out, which stays the client's until the next
 * call.  has_body: not so for HEAD.  is_whole: the server has the whole
 * request, so the clock stands until it has answered.  NULL, or why there is no
 * answer. */
const char *client_hear(struct client *c, bool has_body, bool is_whole,
    const struct client_answer **out);

/* Does the server close now, without another byte?  NULL, or what it did. */
const char *client_hear_end(struct client *c);

/* Turns the loop until so much (virtual) time has gone by. */
const char *client_wait(struct client *c, uint64_t us);

#endif
