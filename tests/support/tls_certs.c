/* SPDX-License-Identifier: MIT */
/*
 * Keys are of P-256: made in no time.  Certificates hold on the machine's clock,
 * from yesterday to tomorrow, whatever clock the test's loop has.
 */
#include "tests/support/tls_certs.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { DAY_S = 86400 };

static void
must(int ok)
{
	if (!ok)
		abort();
}

static void
add_extension(X509 *cert, int nid, const char *value)
{
	X509_EXTENSION *extension;

	extension = X509V3_EXT_conf_nid(NULL, NULL, nid, value);
	must(extension != NULL);
	must(X509_add_ext(cert, extension, -1));
	X509_EXTENSION_free(extension);
}

/* Without an issuer it is its own. */
static X509 *
make(const char *name, EVP_PKEY *key, X509 *issuer, EVP_PKEY *issuer_key,
    long from, long till)
{
	X509 *cert = X509_new();
	X509_NAME *subject;
	uint32_t serial;

	must(cert != NULL);
	must(RAND_bytes((unsigned char *)&serial, sizeof(serial)));
	must(X509_set_version(cert, X509_VERSION_3));
	must(ASN1_INTEGER_set_uint64(X509_get_serialNumber(cert), serial));
	must(X509_gmtime_adj(X509_getm_notBefore(cert), from) != NULL);
	must(X509_gmtime_adj(X509_getm_notAfter(cert), till) != NULL);
	must(X509_set_pubkey(cert, key));
	subject = X509_get_subject_name(cert);
	must(X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
	    (const unsigned char *)name, -1, -1, 0));
	if (issuer == NULL) {
		issuer = cert;
		issuer_key = key;
		add_extension(cert, NID_basic_constraints, "critical,CA:TRUE");
	}
	must(X509_set_issuer_name(cert, X509_get_subject_name(issuer)));
	if (name[0] != 'T')
		add_extension(cert, NID_subject_alt_name, name);
	must(X509_sign(cert, issuer_key, EVP_sha256()) > 0);
	return cert;
}

static void
write_ca(struct tls_certs *certs)
{
	const char *dir = getenv("TMPDIR");
	FILE *file;
	int fd;

	snprintf(certs->ca_file, sizeof(certs->ca_file), "%s/test-ca-XXXXXX",
	    dir != NULL ? dir : "/tmp");
	must((fd = mkstemp(certs->ca_file)) >= 0);
	must((file = fdopen(fd, "w")) != NULL);
	must(PEM_write_X509(file, certs->ca));
	must(fclose(file) == 0);
}

void
tls_certs_init(struct tls_certs *certs)
{
	char name[64];

	/* Of two with one name OpenSSL would take either for the issuer. */
	snprintf(name, sizeof(name), "The authority of %d, %p", getpid(),
	    (void *)certs);
	certs->key = EVP_EC_gen("P-256");
	must(certs->key != NULL);
	certs->ca = make(name, certs->key, NULL, NULL, -DAY_S, DAY_S);
	write_ca(certs);
}

void
tls_certs_release(struct tls_certs *certs)
{
	unlink(certs->ca_file);
	X509_free(certs->ca);
	EVP_PKEY_free(certs->key);
}

void
tls_certs_use(const struct tls_certs *certs, SSL_CTX *ctx, enum tls_cert kind)
{
	const char *name = kind == TLS_CERT_WRONG_HOST
	    ? "DNS:other.test"
	    : "DNS:localhost,IP:127.0.0.1,IP:::1";
	bool is_own = kind == TLS_CERT_SELF_SIGNED;
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *cert;

	must(key != NULL);
	cert = make(name, key, is_own ? NULL : certs->ca, certs->key,
	    -2 * DAY_S, kind == TLS_CERT_EXPIRED ? -DAY_S : DAY_S);
	must(SSL_CTX_use_certificate(ctx, cert));
	must(SSL_CTX_use_PrivateKey(ctx, key));
	X509_free(cert);
	EVP_PKEY_free(key);
}
