/* SPDX-License-Identifier: MIT */
/*
 * What clients of today ask of a certificate: names in subjectAltName, key
 * identifiers, what a key is for, and a serial number that no other run has
 * under an authority of the same name.
 */
#include "sim/tls_cert.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>

#include "sim/listen.h"
#include "sim/whole_file.h"
#include "src/base/buf.h"

enum {
	VERSION_3 = 2,
	SERIAL_BITS = 127,
	/* Clocks of containers and of their hosts may differ. */
	NOT_BEFORE = -24 * 60 * 60,
	/* Some clients take none that is good for more than 825 days. */
	NOT_AFTER = 730 * 24 * 60 * 60,
	NAMES_MAX = 256,
	PEM_MAX = 16 * 1024
};

static int
no_cert(struct err *err)
{
	unsigned long why = ERR_peek_error();

	return err_set(err, ERR_CONFIG, "cannot make a certificate: %s",
	    why != 0 ? ERR_reason_error_string(why) : "unknown cause");
}

/* --- one certificate --- */

static bool
set_serial(X509 *cert)
{
	BIGNUM *number = BN_new();
	bool is_done = number != NULL &&
	    BN_rand(number, SERIAL_BITS, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) &&
	    BN_to_ASN1_INTEGER(number, X509_get_serialNumber(cert)) != NULL;

	BN_free(number);
	return is_done;
}

static bool
set_name(X509_NAME *name, const char *text)
{
	return X509_NAME_add_entry_by_txt(name, "O", MBSTRING_UTF8,
		   (const unsigned char *)"gcs-sim", -1, -1, 0) &&
	    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
		(const unsigned char *)text, -1, -1, 0);
}

/* All but who signs it, and what it may do. */
static X509 *
new_cert(const char *name, EVP_PKEY *key)
{
	X509 *cert = X509_new();

	if (cert != NULL && X509_set_version(cert, VERSION_3) &&
	    set_serial(cert) && set_name(X509_get_subject_name(cert), name) &&
	    X509_gmtime_adj(X509_getm_notBefore(cert), NOT_BEFORE) != NULL &&
	    X509_gmtime_adj(X509_getm_notAfter(cert), NOT_AFTER) != NULL &&
	    X509_set_pubkey(cert, key))
		return cert;
	X509_free(cert);
	return NULL;
}

static bool
add(X509 *cert, X509 *issuer, int nid, const char *value)
{
	X509_EXTENSION *extension;
	X509V3_CTX context;
	bool is_done;

	X509V3_set_ctx(&context, issuer, cert, NULL, NULL, 0);
	extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
	is_done = extension != NULL && X509_add_ext(cert, extension, -1);
	X509_EXTENSION_free(extension);
	return is_done;
}

/* --- the two of them --- */

static bool
make_authority(struct tls_cert *c, EVP_PKEY *key)
{
	X509 *cert = c->authority = new_cert("gcs-sim authority of one run",
	    key);

	return cert != NULL &&
	    X509_set_issuer_name(cert, X509_get_subject_name(cert)) &&
	    add(cert, cert, NID_basic_constraints,
		"critical,CA:TRUE,pathlen:0") &&
	    add(cert, cert, NID_key_usage, "critical,keyCertSign,cRLSign") &&
	    add(cert, cert, NID_subject_key_identifier, "hash") &&
	    X509_sign(cert, key, EVP_sha256()) > 0;
}

/* Those that mean this machine, and the host that is listened on. */
static void
format_names(const char *listen, char out[NAMES_MAX])
{
	char host[LISTEN_URL_MAX];

	listen_format_host(listen, host);
	snprintf(out, NAMES_MAX,
	    "DNS:localhost,DNS:*.localhost,IP:127.0.0.1,IP:::1%s%s",
	    host[0] != '\0' ? ",IP:" : "", host);
}

static bool
make_leaf(struct tls_cert *c, const char *listen, EVP_PKEY *authority_key)
{
	X509 *cert = c->leaf = new_cert("localhost", c->key);
	char names[NAMES_MAX];

	format_names(listen, names);
	return cert != NULL &&
	    X509_set_issuer_name(cert, X509_get_subject_name(c->authority)) &&
	    add(cert, c->authority, NID_basic_constraints,
		"critical,CA:FALSE") &&
	    add(cert, c->authority, NID_key_usage,
		"critical,digitalSignature") &&
	    add(cert, c->authority, NID_ext_key_usage, "serverAuth") &&
	    add(cert, c->authority, NID_subject_alt_name, names) &&
	    add(cert, c->authority, NID_subject_key_identifier, "hash") &&
	    add(cert, c->authority, NID_authority_key_identifier,
		"keyid:always") &&
	    X509_sign(cert, authority_key, EVP_sha256()) > 0;
}

int
tls_cert_make(struct tls_cert *c, const char *listen, struct err *err)
{
	EVP_PKEY *authority_key = EVP_EC_gen("P-256");
	bool is_made;

	*c = (struct tls_cert){ .key = EVP_EC_gen("P-256") };
	is_made = authority_key != NULL && c->key != NULL &&
	    make_authority(c, authority_key) &&
	    make_leaf(c, listen, authority_key);
	EVP_PKEY_free(authority_key);
	if (is_made)
		return 0;
	tls_cert_release(c);
	return no_cert(err);
}

void
tls_cert_release(struct tls_cert *c)
{
	X509_free(c->authority);
	X509_free(c->leaf);
	EVP_PKEY_free(c->key);
	*c = (struct tls_cert){ 0 };
}

/* --- for clients --- */

int
tls_cert_write(const struct tls_cert *c, const char *path, struct err *err)
{
	BIO *out = BIO_new(BIO_s_mem());
	struct buf text;
	char *pem;
	long n;
	int rc;

	buf_init(&text, PEM_MAX);
	if (out != NULL && PEM_write_bio_X509(out, c->authority) == 1 &&
	    (n = BIO_get_mem_data(out, &pem)) > 0 &&
	    buf_add(&text, pem, (size_t)n) == 0)
		rc = whole_file_write(path, &text, err);
	else
		rc = no_cert(err);
	buf_release(&text);
	BIO_free(out);
	return rc == 0 ? 0 : err_wrap(err, "--ca-file");
}
