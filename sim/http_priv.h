/* SPDX-License-Identifier: MIT */
/*
 * What the rooms of http share: http.c (exchanges and answers), http_door.c
 * (who comes in) and http_gate.c (which heads evhttp gets to see).
 */
#ifndef SIM_HTTP_PRIV_H
#define SIM_HTTP_PRIV_H

#include <event2/event.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "sim/head.h"
#include "sim/http.h"
#include "sim/listen.h"
#include "src/base/buf.h"
#include "src/base/loop.h"
#include "src/base/vec.h"

struct bufferevent;
struct evbuffer;
struct evhttp;
struct evhttp_bound_socket;
struct evhttp_connection;
struct evhttp_request;
struct evconnlistener;

struct connection {
	struct http *http;
	struct bufferevent *bev;
	struct evhttp_connection *evcon; /* NULL until it is claimed */
	struct connection *next;
	struct connection **self; /* the link to it */
	bool is_beyond;           /* the cap: comes in to be sent away */
	bool is_busy; /* evhttp has a head, and no answer left yet */
	struct head head;
	struct evbuffer *held;      /* bytes kept back from evhttp, or NULL */
	struct loop_timer deadline; /* of the head */
	int refusal;                /* the status it is sent away with, or 0 */
	const char *fault;          /* and why */
	void *call;                 /* on_head's, until on_request or on_end */
};

struct http {
	struct http_opts opts;
	struct loop *loop;
	struct evhttp *evhttp;
	struct evhttp_bound_socket *bound;
	struct evconnlistener *listener; /* bound's; NULL when draining */
	struct event *knock;
	struct event *resume;
	struct event *look;
	uint64_t accepted;
	uint64_t refused;
	uint64_t max_connections;
	bool is_capped; /* by the caller, not by descriptors */
	bool is_resting;
	uint64_t next_warning; /* not before */
	uint64_t open;
	uint64_t beyond;                /* of the cap, and still here */
	struct connection *connections; /* the open ones */
	struct connection *waiting;     /* for on_look */
	VEC(struct connection *) by_fd;
	struct buf line; /* reason and headers of the answer being sent */
	time_t date_of;
	char date[40];
	char url[LISTEN_URL_MAX];
};

/* --- http_door.c --- */

/* evhttp is made, not yet listening. */
void door_open(struct http *h);

/* From now on no new connection. */
void door_shut(struct http *h);

/* Nobody is told of the ends that follow. */
void door_close(struct http *h);

struct connection *door_find(const struct http *h, struct evhttp_request *req);

/* gate_look(k) soon, from the loop. */
void door_wait(struct connection *k);

/* --- http_gate.c --- */

/* From now on k's bytes pass through the gate. */
void gate_init(struct connection *k);
void gate_release(struct connection *k);

/* k's answer has left: the next head may come, or is here already. */
void gate_next(struct connection *k);

/* Hears what was kept back by gate_next. */
void gate_look(struct connection *k);

#endif
