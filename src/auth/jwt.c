/* SPDX-License-Identifier: MIT */
/* The crypto is OpenSSL's; here are only the three parts and their dots. */
#include "src/auth/jwt.h"

#include <jansson.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/buf.h"

/* RS256 allows no less (RFC 7518, 3.3); 16384 is where OpenSSL stops. */
enum { KEY_BITS_MIN = 2048, SIGNATURE_MAX = 16384 / 8 };

/* Without this OpenSSL would ask at the terminal. */
static int
on_passphrase(char *out, int size, int is_for_writing, void *arg)
{
	(void)out, (void)size, (void)is_for_writing, (void)arg;
	return -1;
}

struct evp_pkey_st *
jwt_key_parse(const char *pem, const char **why)
{
	BIO *bio = BIO_new_mem_buf(pem, (int)strlen(pem));
	EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, on_passphrase, NULL);

	BIO_free(bio);
	ERR_clear_error();
	*why = NULL;
	if (key == NULL)
		*why = "is no key in PEM without a passphrase";
	else if (EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA)
		*why = "is no RSA key";
	else if (EVP_PKEY_get_bits(key) < KEY_BITS_MIN ||
	    EVP_PKEY_get_size(key) > SIGNATURE_MAX)
		*why = "has less than 2048 or more than 16384 bits";
	if (*why == NULL)
		return key;
	EVP_PKEY_free(key);
	return NULL;
}

void
jwt_key_free(struct evp_pkey_st *key)
{
	EVP_PKEY_free(key);
}

static void
add_base64url(struct buf *out, const void *data, size_t n)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789-_";
	const unsigned char *p = data;
	unsigned value, i, bytes;

	for (; n > 0; n -= bytes, p += bytes) {
		bytes = n < 3 ? (unsigned)n : 3;
		value = (unsigned)p[0] << 16;
		if (bytes > 1)
			value |= (unsigned)p[1] << 8;
		if (bytes > 2)
			value |= p[2];
		for (i = 0; i <= bytes; i++)
			buf_addc(out, digits[value >> (18 - 6 * i) & 63]);
	}
}

static void
add_header(struct buf *out, const char *kid)
{
	json_t *header = json_pack("{s:s, s:s, s:s*}", "alg", "RS256", "typ",
	    "JWT", "kid", kid);
	char *text = json_dumps(header, JSON_COMPACT);

	add_base64url(out, text, strlen(text));
	free(text);
	json_decref(header);
}

int
jwt_sign(struct evp_pkey_st *key, const char *kid, const char *claims,
    struct buf *out)
{
	unsigned char signature[SIGNATURE_MAX];
	size_t n = sizeof(signature), start = out->len;
	EVP_MD_CTX *ctx;
	int ok;

	add_header(out, kid);
	buf_addc(out, '.');
	add_base64url(out, claims, strlen(claims));
	if (out->full)
		return -1;
	ctx = EVP_MD_CTX_new();
	ok = EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, key) == 1 &&
	    EVP_DigestSign(ctx, signature, &n,
		(const unsigned char *)out->data + start,
		out->len - start) == 1;
	EVP_MD_CTX_free(ctx);
	ERR_clear_error();
	if (!ok)
		return -1;
	buf_addc(out, '.');
	add_base64url(out, signature, n);
	return out->full ? -1 : 0;
}
