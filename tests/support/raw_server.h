/* SPDX-License-Identifier: MIT */
/*
 * A server on loopback that says exactly what a test wrote down, byte by byte,
 * and keeps what it was asked.  It runs on the test's own loop, real or
 * virtual, and knows nothing of HTTP but where a request ends.
 */
#ifndef TESTS_SUPPORT_RAW_SERVER_H
#define TESTS_SUPPORT_RAW_SERVER_H

#include <stdbool.h>
#include <stddef.h>

struct loop;
struct raw_server;

/* What happens to the connection once the reply is out. */
enum raw_after {
	RAW_KEEP,  /* the next request may come */
	RAW_CLOSE, /* an orderly end */
	RAW_RESET, /* RST */
	RAW_STALL  /* nothing more is said; a virtual clock may move on */
};

struct raw_server *raw_server_start(struct loop *loop);
void raw_server_stop(struct raw_server *server);

/* "http://127.0.0.1:PORT", valid until stop. */
const char *raw_server_url(const struct raw_server *server);

/* Each request takes one step of the script, the last step for ever.  chunk:
 * bytes of the reply in one write; 0: all. */
void raw_server_step(struct raw_server *server, const char *reply, size_t chunk,
    enum raw_after after);

/* The same for n bytes, NULs too. */
void raw_server_step_bytes(struct raw_server *server, const void *reply,
    size_t n, size_t chunk, enum raw_after after);

/* A step with a status, Content-Length and a body, that keeps the
 * connection. */
void raw_server_answer(struct raw_server *server, int status, const char *body);

/* Forgets the script, the heads and the count of connections. */
void raw_server_reset(struct raw_server *server);

/* Has every byte of every step that was begun been written? */
bool raw_server_is_quiet(const struct raw_server *server);

/* Request heads so far, and the i-th of them, from its method to its empty
 * line. */
size_t raw_server_heads(const struct raw_server *server);
const char *raw_server_head(const struct raw_server *server, size_t i);

/* Connections accepted so far. */
size_t raw_server_connections(const struct raw_server *server);

#endif
