/* SPDX-License-Identifier: MIT */
/*
 * What every test of src/net/client needs: a virtual loop, a server that says
 * what the test wrote down, a client, and one request.
 */
#ifndef TESTS_UNIT_NET_WORLD_H
#define TESTS_UNIT_NET_WORLD_H

#include "src/base/loop.h"
#include "src/net/client.h"
#include "tests/support/raw_server.h"
#include "tests/support/suite.h"

struct net_world {
	struct loop *loop;
	struct raw_server *server;
	struct http_client *client;
	struct http_request req;
	char url[256];
};

/* The limits of time that the client has. */
enum {
	NET_WORLD_CONNECT_US = 3000000,
	NET_WORLD_IDLE_US = 5000000,
	NET_WORLD_TOTAL_US = 60000000
};

void net_world_init(struct net_world *w, unsigned connections);
void net_world_release(struct net_world *w);

/* Submits a request for a path of the server, with room for 1,000 bytes. */
void net_world_ask(struct net_world *w, struct http_request *req,
    enum http_method method, const char *path);

/* Turns the loop until a request is finished. */
struct http_request *net_world_reap(struct net_world *w);

/* w->req from submit to reap. */
enum http_outcome net_world_run(struct net_world *w, enum http_method method,
    const char *path);

#endif
