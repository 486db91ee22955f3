/* SPDX-License-Identifier: MIT */
/*
 * Certificates for servers of tests, made when they are needed: an authority of
 * its own for each set, and a leaf that is right or wrong in one way.
 */
#ifndef TESTS_SUPPORT_TLS_CERTS_H
#define TESTS_SUPPORT_TLS_CERTS_H

#include <openssl/ssl.h>

enum tls_cert {
	TLS_CERT_GOOD, /* localhost, 127.0.0.1 and ::1 */
	TLS_CERT_EXPIRED,
	TLS_CERT_WRONG_HOST, /* other.test */
	TLS_CERT_SELF_SIGNED
};

struct tls_certs {
	EVP_PKEY *key; /* of the authority */
	X509 *ca;
	char ca_file[256]; /* its certificate, PEM; gone with release */
};

void tls_certs_init(struct tls_certs *certs);
void tls_certs_release(struct tls_certs *certs);

/* Gives a context a new key and a certificate of that kind. */
void tls_certs_use(const struct tls_certs *certs, SSL_CTX *ctx,
    enum tls_cert kind);

#endif
