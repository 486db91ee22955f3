/* SPDX-License-Identifier: MIT */
/*
 * A client that talks TLS as it likes, and keeps what it hears until its
 * connection ends.  It lives on the server's loop.
 */
#ifndef TESTS_UNIT_TLS_PEER_H
#define TESTS_UNIT_TLS_PEER_H

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>

struct event;
struct loop;

enum { TLS_PEER_MAX = 16384 };

/* All zero but ca_file: as most clients do. */
struct tls_manner {
	const char *ca_file;  /* whom it trusts */
	int version;          /* TLS1_2_VERSION or another, and no other */
	const char *protocol; /* the one that it offers, by ALPN */
	SSL_SESSION *session; /* to resume; borrowed */
	size_t piece;         /* so many bytes at once go to the network */
};

struct tls_peer {
	struct loop *loop;
	struct event *event;
	SSL_CTX *context;
	SSL *ssl;
	SSL_SESSION *session; /* the last ticket; or NULL */
	size_t piece;
	int fd;
	bool has_ended;
	bool is_told; /* of the end, by the server */
	int error;    /* the network's: 0 is an orderly end, or an errno */
	char heard[TLS_PEER_MAX]; /* NUL-terminated */
	size_t n;
};

/* Connects to "https://127.0.0.1:41873", and says the first of the handshake. */
void tls_peer_open(struct tls_peer *p, struct loop *loop, const char *url,
    const struct tls_manner *manner);
void tls_peer_close(struct tls_peer *p);

/* Turns the loop until the handshake is made, or has failed: false. */
bool tls_peer_shake(struct tls_peer *p);

/* In one record, or many. */
void tls_peer_say(struct tls_peer *p, const char *text);
void tls_peer_say_bytes(struct tls_peer *p, const void *bytes, size_t n);

/* Sends what TLS has to say by itself. */
void tls_peer_flush(struct tls_peer *p);

/* Turns the loop until the server has said so much, or has ended it. */
void tls_peer_hear(struct tls_peer *p, const char *text);
void tls_peer_hear_end(struct tls_peer *p);

#endif
