/* SPDX-License-Identifier: MIT */
/*
 * A client that is no good: it sends any bytes at any time, and keeps what it
 * hears until its connection ends.  It lives on the server's loop.
 */
#ifndef TESTS_UNIT_SIM_PEER_H
#define TESTS_UNIT_SIM_PEER_H

#include <stdbool.h>
#include <stddef.h>

struct event;
struct loop;

enum { SIM_PEER_MAX = 16384 };

struct sim_peer {
	struct loop *loop;
	struct event *event;
	int fd;
	bool has_ended;
	int error; /* how: 0 is the orderly end, or an errno */
	char
	    heard[SIM_PEER_MAX]; /* NUL-terminated; what does not fit is lost */
	size_t n;
};

/* Connects to "http://127.0.0.1:41873"; the server need not have accepted. */
void sim_peer_open(struct sim_peer *p, struct loop *loop, const char *url);
void sim_peer_close(struct sim_peer *p);

void sim_peer_say(struct sim_peer *p, const char *text);

/* Turns the loop until the server has said so much, or has ended it. */
void sim_peer_hear(struct sim_peer *p, const char *text);
void sim_peer_hear_end(struct sim_peer *p);

#endif
