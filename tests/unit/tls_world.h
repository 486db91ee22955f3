/* SPDX-License-Identifier: MIT */
/*
 * As net_world, with TLS between the client and the script.
 */
#ifndef TESTS_UNIT_TLS_WORLD_H
#define TESTS_UNIT_TLS_WORLD_H

#include "src/base/loop.h"
#include "src/net/client.h"
#include "tests/support/raw_server.h"
#include "tests/support/suite.h"
#include "tests/support/tls_server.h"

struct tls_world {
	struct loop *loop;
	struct tls_server *server;
	struct raw_server *raw; /* its script */
	struct http_opts opts;
	struct http_client *client;
	struct http_request req; /* a secret one, with an Authorization */
	char url[256];
};

enum {
	TLS_WORLD_CONNECT_US = 3000000,
	TLS_WORLD_IDLE_US = 5000000,
	TLS_WORLD_TOTAL_US = 60000000
};

void tls_world_init(struct tls_world *w, unsigned connections);
void tls_world_release(struct tls_world *w);

/* Closes the client and opens another one, by w->opts. */
void tls_world_reopen(struct tls_world *w);

/* Submits a request for a path of the server, with room for 1,000 bytes. */
void tls_world_ask(struct tls_world *w, struct http_request *req,
    enum http_method method, const char *path);

/* Turns the loop until a request is finished. */
struct http_request *tls_world_reap(struct tls_world *w);

/* w->req from submit to reap. */
enum http_outcome tls_world_run(struct tls_world *w, enum http_method method,
    const char *path);

#endif
