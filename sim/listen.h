/* SPDX-License-Identifier: MIT */
/* Addresses to listen on, and the descriptors that connections need. */
#ifndef SIM_LISTEN_H
#define SIM_LISTEN_H

#include <stdint.h>

#include "src/base/err.h"

struct evconnlistener;
struct event_base;

enum { LISTEN_URL_MAX = 80 };

/* Listens on "127.0.0.1:0", "[::1]:0" or "localhost:80", without a callback
 * yet; writes "http://127.0.0.1:41873", with that scheme.  NULL and *err when it
 * cannot. */
struct evconnlistener *listen_open(struct event_base *base, const char *scheme,
    const char *text, char url[LISTEN_URL_MAX], struct err *err);

/* Does the address name this machine only?  -1: it is no address. */
int listen_is_loopback(const char *text, struct err *err);

/* Its number without the port: "127.0.0.1", "::1"; "" of what is no address. */
void listen_format_host(const char *text, char host[LISTEN_URL_MAX]);

/* Raises the soft limit to the hard one; answers how many connections can be
 * had. */
uint64_t listen_raise_fd_limit(void);

#endif
