/* SPDX-License-Identifier: MIT */
/*
 * TLS for the simulator's connections, without sockets: bytes of the network go
 * in and come out, and those of the client in between.  1.2 and 1.3, resumption
 * by tickets, no renegotiation.  A certificate is the user's own, or one that is
 * made at the start, under an authority that is forgotten with it.
 */
#ifndef SIM_TLS_H
#define SIM_TLS_H

#include <stdbool.h>
#include <stddef.h>

#include "src/base/err.h"

/* A server's certificate, and how it talks. */
struct tls;

/* A connection. */
struct tls_talk;

struct tls_opts {
	const char *listen;    /* its host is a name of the certificate */
	const char *cert_file; /* NULL: a certificate is made */
	const char *key_file;
	/* Where the authority's certificate is written, for clients; NULL:
	 * nowhere. */
	const char *ca_file;
	bool offers_http2;
};

/* ERR_USAGE of files that cannot be used, ERR_CONFIG of one that cannot be
 * written. */
struct tls *tls_new(const struct tls_opts *opts, struct err *err);
void tls_free(struct tls *t);

struct tls_talk *tls_talk_new(struct tls *t);
void tls_talk_free(struct tls_talk *k);

/* Bytes have come. */
void tls_talk_feed(struct tls_talk *k, const void *bytes, size_t n);

enum tls_found {
	TLS_BYTES,  /* *n of the client's are in room */
	TLS_HUNGRY, /* nothing without more from the network */
	TLS_END,    /* the client has said that no more will come */
	TLS_FAULTY  /* what came was no TLS, or none that we speak */
};

/* Takes out of what has come; *n is the room, and what of it was filled. */
enum tls_found tls_talk_read(struct tls_talk *k, void *room, size_t *n);

/* One record; false when it is too late for that. */
bool tls_talk_write(struct tls_talk *k, const void *bytes, size_t n);

/* The most that a record has. */
enum { TLS_RECORD_MAX = 16384 };

/* The last word, which tells an end from a cut. */
void tls_talk_end(struct tls_talk *k);

/* What is to go to the network, as one piece; and so much of it has gone. */
const void *tls_talk_waiting(const struct tls_talk *k, size_t *n);
void tls_talk_sent(struct tls_talk *k, size_t n);

/* Has the handshake been made? */
bool tls_talk_is_up(const struct tls_talk *k);

/* And was HTTP/2 agreed upon in it? */
bool tls_talk_is_http2(const struct tls_talk *k);

#endif
