/* SPDX-License-Identifier: MIT */
/* OpenSSL's part of it; what is kept of a key is its public half alone. */
#include "sim/authority_key.h"

#include <limits.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sim/hash.h"
#include "src/base/buf.h"
#include "src/base/mem.h"

enum { BITS = 2048 };

struct authority_key {
	EVP_PKEY *public;
};

/* Nobody is there to type a passphrase, so a key that wants one is none. */
static int
no_passphrase(char *out, int size, int writes, void *arg)
{
	(void)out, (void)size, (void)writes, (void)arg;
	return -1;
}

static EVP_PKEY *
read_any(const char *pem, size_t n)
{
	BIO *in;
	EVP_PKEY *key;

	if (n > INT_MAX || (in = BIO_new_mem_buf(pem, (int)n)) == NULL)
		return NULL;
	key = PEM_read_bio_PrivateKey(in, NULL, no_passphrase, NULL);
	if (key == NULL) {
		(void)BIO_reset(in);
		key = PEM_read_bio_PUBKEY(in, NULL, no_passphrase, NULL);
	}
	BIO_free(in);
	return key;
}

static EVP_PKEY *
public_half(EVP_PKEY *key)
{
	unsigned char *der = NULL;
	const unsigned char *at;
	EVP_PKEY *half = NULL;
	int n = i2d_PUBKEY(key, &der);

	at = der;
	if (n > 0)
		half = d2i_PUBKEY(NULL, &at, n);
	OPENSSL_free(der);
	return half;
}

struct authority_key *
authority_key_parse(const char *pem, size_t n)
{
	struct authority_key *key = NULL;
	EVP_PKEY *any = read_any(pem, n), *half = NULL;

	if (any != NULL && EVP_PKEY_base_id(any) == EVP_PKEY_RSA)
		half = public_half(any);
	EVP_PKEY_free(any);
	ERR_clear_error();
	if (half != NULL) {
		key = mem_zalloc(1, sizeof(*key));
		key->public = half;
	}
	return key;
}

void
authority_key_free(struct authority_key *key)
{
	if (key == NULL)
		return;
	EVP_PKEY_free(key->public);
	free(key);
}

bool
authority_key_has_signed(const struct authority_key *key, const void *data,
    size_t n, const void *signature, size_t signature_n)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool is_its = ctx != NULL &&
	    EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, key->public) ==
		1 &&
	    EVP_DigestVerify(ctx, signature, signature_n, data, n) == 1;

	EVP_MD_CTX_free(ctx);
	ERR_clear_error();
	return is_its;
}

static int
add_pem(EVP_PKEY *key, struct buf *pem)
{
	BIO *out = BIO_new(BIO_s_secmem());
	char *text;
	long n;
	int rc = -1;

	if (out != NULL &&
	    PEM_write_bio_PKCS8PrivateKey(out, key, NULL, NULL, 0, NULL,
		NULL) == 1 &&
	    (n = BIO_get_mem_data(out, &text)) > 0)
		rc = buf_add(pem, text, (size_t)n);
	BIO_free(out);
	return rc;
}

static int
name_key(EVP_PKEY *key, char id[AUTHORITY_KEY_ID + 1])
{
	char hex[HASH_SHA256_HEX + 1];
	unsigned char *der = NULL;
	int n = i2d_PUBKEY(key, &der);

	if (n <= 0)
		return -1;
	hash_sha256_hex(der, (size_t)n, hex);
	OPENSSL_free(der);
	memcpy(id, hex, AUTHORITY_KEY_ID);
	id[AUTHORITY_KEY_ID] = '\0';
	return 0;
}

int
authority_key_make(struct buf *pem, char id[AUTHORITY_KEY_ID + 1],
    struct err *err)
{
	EVP_PKEY *key = EVP_RSA_gen(BITS);
	int rc = key != NULL && name_key(key, id) == 0 ? add_pem(key, pem) : -1;

	EVP_PKEY_free(key);
	ERR_clear_error();
	if (rc != 0)
		return err_set(err, ERR_CONFIG, "cannot make an RSA key");
	return 0;
}
