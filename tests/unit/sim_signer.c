/* SPDX-License-Identifier: MIT */
#include "tests/unit/sim_signer.h"

#include <check.h>
#include <jansson.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base64.h"
#include "src/base/buf.h"
#include "src/base/mem.h"

enum { SIGNATURE_MAX = 512 };

struct sim_signer {
	json_t *file;
	EVP_PKEY *key;
};

static const char *
text_of(const struct sim_signer *s, const char *key)
{
	return json_string_value(json_object_get(s->file, key));
}

struct sim_signer *
sim_signer_new(const char *file)
{
	struct sim_signer *s = mem_zalloc(1, sizeof(*s));
	BIO *in;

	s->file = json_loads(file, 0, NULL);
	ck_assert_ptr_nonnull(s->file);
	in = BIO_new_mem_buf(text_of(s, "private_key"), -1);
	s->key = PEM_read_bio_PrivateKey(in, NULL, NULL, NULL);
	BIO_free(in);
	ck_assert_ptr_nonnull(s->key);
	return s;
}

void
sim_signer_free(struct sim_signer *s)
{
	EVP_PKEY_free(s->key);
	json_decref(s->file);
	free(s);
}

const char *
sim_signer_email(const struct sim_signer *s)
{
	return text_of(s, "client_email");
}

const char *
sim_signer_key_id(const struct sim_signer *s)
{
	return text_of(s, "private_key_id");
}

void
sim_signer_sign(const struct sim_signer *s, const char *head,
    const char *claims, struct buf *out)
{
	unsigned char signature[SIGNATURE_MAX];
	size_t n = sizeof(signature), from = out->len;
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	base64_url_add(out, head, strlen(head));
	buf_addc(out, '.');
	base64_url_add(out, claims, strlen(claims));
	ck_assert_int_eq(EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL,
			     s->key),
	    1);
	ck_assert_int_eq(EVP_DigestSign(ctx, signature, &n,
			     (const unsigned char *)out->data + from,
			     out->len - from),
	    1);
	EVP_MD_CTX_free(ctx);
	buf_addc(out, '.');
	base64_url_add(out, signature, n);
}
