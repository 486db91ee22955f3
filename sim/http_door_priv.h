/* SPDX-License-Identifier: MIT */
/* The doors: between http_door.c and the other rooms of http. */
#ifndef SIM_HTTP_DOOR_PRIV_H
#define SIM_HTTP_DOOR_PRIV_H

#include "sim/listen.h"
#include "src/base/err.h"

struct evconnlistener;
struct http;
struct http_exchange;
struct tls;

/* Where clients come in. */
struct door {
	struct http *http;
	struct tls *tls;                 /* spoken there; or NULL */
	struct evconnlistener *listener; /* NULL: shut for ever */
	char url[LISTEN_URL_MAX];
};

enum { DOOR_PLAIN, DOOR_TLS, DOORS };

/* Listens at every door that is asked for; -1: nothing is open. */
int door_open(struct http *h, struct err *err) MUST_CHECK;

/* From now on no new connection. */
void door_shut(struct http *h);

/* Nobody is told of the ends that follow. */
void door_close(struct http *h);

/* x is one of its http's from here on, and is heard. */
void door_enter(struct http_exchange *x);

/* Closes x's connection and frees it. */
void door_leave(struct http_exchange *x);

#endif
