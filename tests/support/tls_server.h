/* SPDX-License-Identifier: MIT */
/*
 * TLS in front of a raw_server: what the script says goes out as it was written,
 * one record for each piece, and what a client sends arrives there.  It can also
 * do what only TLS has: late tickets, words between answers, ends said and
 * unsaid.
 */
#ifndef TESTS_SUPPORT_TLS_SERVER_H
#define TESTS_SUPPORT_TLS_SERVER_H

#include <stdbool.h>
#include <stddef.h>

#include "tests/support/tls_certs.h"

struct loop;
struct raw_server;
struct tls_server;

/* What every connection does that stands, on tls_server_do. */
enum tls_deed {
	TLS_TICKET, /* sends one more session ticket */
	TLS_KEYS,   /* changes its keys, and wants the other side to */
	TLS_SPEAK,  /* sends an answer that nobody asked for */
	TLS_NOTIFY, /* says that it ends, and leaves the socket open */
	TLS_END     /* says it and closes */
};

struct tls_server *tls_server_start(struct loop *loop);
void tls_server_stop(struct tls_server *server);

/* Behind it: its script and what it heard.  Its own address is of no use. */
struct raw_server *tls_server_raw(struct tls_server *server);

/* "https://127.0.0.1:PORT", and a file with the certificate to trust; both are
 * valid until stop. */
const char *tls_server_url(const struct tls_server *server);
const char *tls_server_ca_file(const struct tls_server *server);

/* For the connections to come. */
void tls_server_certify(struct tls_server *server, enum tls_cert kind);
void tls_server_limit(struct tls_server *server, int version_max);

/* The connections to come are reset in the middle of the handshake. */
void tls_server_break(struct tls_server *server, bool is_broken);

void tls_server_do(struct tls_server *server, enum tls_deed deed);

/* Connections accepted; of these whose handshake was whole; of these that took
 * up an old session. */
size_t tls_server_connections(const struct tls_server *server);
size_t tls_server_handshakes(const struct tls_server *server);
size_t tls_server_resumed(const struct tls_server *server);

/* The protocols that the last client offered, "http/1.1" or "h2,http/1.1". */
const char *tls_server_offered(const struct tls_server *server);

#endif
