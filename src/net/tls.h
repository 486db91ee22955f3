/* SPDX-License-Identifier: MIT */
/*
 * A look into a TLS connection that nobody asked anything for now.
 */
#ifndef NET_TLS_H
#define NET_TLS_H

enum tls_look {
	TLS_QUIET,  /* nothing, or only what belongs to TLS itself */
	TLS_SPEAKS, /* bytes of an answer, or what cannot be read at all */
	TLS_ENDED   /* the other side said that it ends */
};

/* ssl is OpenSSL's, fd its socket. */
enum tls_look tls_look(void *ssl, int fd);

#endif
