/* SPDX-License-Identifier: MIT */
#include "tests/unit/auth_world.h"

#include <assert.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/mem.h"

char auth_key[4096], auth_short_key[4096], auth_ec_key[4096];

static EVP_PKEY *key;

/* Not by ck_assert, which needs a test around it. */
static void
write_key(EVP_PKEY *from, char *out, size_t size)
{
	BIO *bio = BIO_new(BIO_s_mem());
	int n;

	assert(from != NULL);
	PEM_write_bio_PKCS8PrivateKey(bio, from, NULL, NULL, 0, NULL, NULL);
	n = BIO_read(bio, out, (int)size - 1);
	assert(n > 0);
	out[n] = '\0';
	BIO_free(bio);
}

void
auth_make_keys(void)
{
	EVP_PKEY *other;

	key = EVP_RSA_gen(2048);
	write_key(key, auth_key, sizeof(auth_key));
	other = EVP_RSA_gen(1024);
	write_key(other, auth_short_key, sizeof(auth_short_key));
	EVP_PKEY_free(other);
	other = EVP_EC_gen("P-256");
	write_key(other, auth_ec_key, sizeof(auth_ec_key));
	EVP_PKEY_free(other);
}

char *
auth_key_file(const char *change)
{
	json_t *file = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "type",
	    "service_account", "project_id", "p", "private_key_id", "k1",
	    "private_key", auth_key, "client_email",
	    "sweeper@p.iam.gserviceaccount.com", "token_uri",
	    "https://oauth2.googleapis.com/token", "universe_domain",
	    "googleapis.com");
	json_t *changes = json_loads(change != NULL ? change : "{}", 0, NULL);
	json_t *value;
	const char *name;
	char *text;

	json_object_foreach (changes, name, value) {
		if (json_is_null(value))
			json_object_del(file, name);
		else
			json_object_set(file, name, value);
	}
	text = json_dumps(file, 0);
	json_decref(changes);
	json_decref(file);
	return text;
}

/* Out of base64url; answers the length. */
static size_t
decode(const char *text, size_t n, unsigned char *out)
{
	char *padded = mem_zalloc(n + 4, 1);
	size_t i, blocks = (n + 3) / 4;

	for (i = 0; i < 4 * blocks; i++)
		padded[i] = i >= n   ? '='
		    : text[i] == '-' ? '+'
		    : text[i] == '_' ? '/'
				     : text[i];
	ck_assert_int_eq(EVP_DecodeBlock(out, (unsigned char *)padded,
			     (int)(4 * blocks)),
	    (int)(3 * blocks));
	free(padded);
	return 3 * blocks - (4 * blocks - n);
}

json_t *
auth_read_jwt(const char *text, size_t n, json_t **header)
{
	const char *dot = memchr(text, '.', n), *second;
	unsigned char raw[8192];
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	json_t *claims;
	size_t size;

	ck_assert_ptr_nonnull(dot);
	second = memchr(dot + 1, '.', n - (size_t)(dot + 1 - text));
	ck_assert_ptr_nonnull(second);
	size = decode(second + 1, n - (size_t)(second + 1 - text), raw);
	ck_assert_int_eq(EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL,
			     key),
	    1);
	ck_assert_int_eq(EVP_DigestVerify(ctx, raw, size,
			     (const unsigned char *)text,
			     (size_t)(second - text)),
	    1);
	EVP_MD_CTX_free(ctx);
	size = decode(text, (size_t)(dot - text), raw);
	*header = json_loadb((char *)raw, size, 0, NULL);
	size = decode(dot + 1, (size_t)(second - dot - 1), raw);
	claims = json_loadb((char *)raw, size, 0, NULL);
	ck_assert(json_is_object(*header) && json_is_object(claims));
	return claims;
}

static struct cred *
parse(const char *text, struct err *err)
{
	struct cred_origin origin = { "K.json", SCOPE_STORAGE, 0 };

	return cred_parse(text, strlen(text), &origin, err);
}

void
auth_play_init(struct auth_play *p, const char *text)
{
	err_clear(&p->err);
	http_request_init(&p->req);
	cred_token_init(&p->token);
	p->c = parse(text, &p->err);
	ck_assert_msg(p->c != NULL, "%s", p->err.text);
}

void
auth_play_release(struct auth_play *p)
{
	cred_free(p->c);
	cred_token_release(&p->token);
	http_request_release(&p->req);
}

enum cred_step
auth_play_begin(struct auth_play *p, bool is_refused)
{
	return cred_begin(p->c, AUTH_WALL_US, is_refused, &p->req, &p->token,
	    &p->err);
}

enum cred_step
auth_play_answer(struct auth_play *p, int status, const char *body)
{
	p->req.outcome = HTTP_ANSWERED;
	p->req.status = status;
	p->req.is_flavored = true;
	buf_clear(&p->req.content);
	buf_adds(&p->req.content, body);
	return cred_take(p->c, AUTH_WALL_US, &p->req, &p->token, &p->err);
}

static unsigned
hex(char c)
{
	return (unsigned)(strchr("0123456789ABCDEF", c) - "0123456789ABCDEF");
}

char *
auth_play_field(const struct auth_play *p, const char *name)
{
	const char *at = p->req.body, *end;
	size_t n = strlen(name), used = 0;
	char *out;

	while (at != NULL && (strncmp(at, name, n) != 0 || at[n] != '=')) {
		at = strchr(at, '&');
		at = at != NULL ? at + 1 : NULL;
	}
	if (at == NULL)
		return NULL;
	at += n + 1;
	end = at + strcspn(at, "&");
	out = mem_zalloc((size_t)(end - at) + 1, 1);
	for (; at < end; at++) {
		if (*at == '%') {
			out[used++] = (char)(hex(at[1]) << 4 | hex(at[2]));
			at += 2;
		} else {
			out[used++] = *at;
		}
	}
	return out;
}

void
auth_refused(const char *text, struct err *err)
{
	err_clear(err);
	ck_assert_msg(parse(text, err) == NULL, "taken: %s", text);
	ck_assert_int_eq(err->code, ERR_CONFIG);
	ck_assert_ptr_nonnull(strstr(err->text, "K.json"));
}
