/* SPDX-License-Identifier: MIT */
/* A certificate for this run, and the authority that signed it. */
#ifndef SIM_TLS_CERT_H
#define SIM_TLS_CERT_H

#include "src/base/err.h"

struct evp_pkey_st;
struct x509_st;

/* Keys are of P-256, and leave this process never. */
struct tls_cert {
	struct x509_st *authority; /* whose key is gone */
	struct x509_st *leaf;
	struct evp_pkey_st *key; /* the leaf's */
};

/* listen: an address whose host the certificate names, besides those that always
 * mean this machine. */
int tls_cert_make(struct tls_cert *c, const char *listen,
    struct err *err) MUST_CHECK;
void tls_cert_release(struct tls_cert *c);

/* Writes the authority's certificate as PEM; the file is whole from the moment
 * it is there. */
int tls_cert_write(const struct tls_cert *c, const char *path,
    struct err *err) MUST_CHECK;

#endif
