/* SPDX-License-Identifier: MIT */
/*
 * OpenSSL between two buffers in memory.  It asks for no socket, so it never
 * waits, and nothing that it wants to say is lost because a socket was full.
 * Its queue of errors is one for all connections of a thread: it is emptied
 * before each call, or the fault of one would be taken for another's.
 */
#include "sim/tls.h"

#include <errno.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>

#include "sim/tls_cert.h"
#include "src/base/mem.h"

struct tls {
	SSL_CTX *context;
	bool offers_http2;
};

struct tls_talk {
	SSL *ssl;
	BIO *in;  /* of the network; both are ssl's */
	BIO *out; /* to it */
};

/* What may be spoken inside, the best first; RFC 7301's form. */
static const unsigned char protocols[] = "\x02h2\x08http/1.1";

/* Of these, what has HTTP/2 in front of the others. */
enum { HTTP2_LEN = 3 };

/* --- the server --- */

/* A client that offers only what is not spoken here is told so. */
static int
on_offer(SSL *ssl, const unsigned char **out, unsigned char *out_len,
    const unsigned char *offer, unsigned offer_len, void *arg)
{
	const struct tls *t = arg;
	size_t skipped = t->offers_http2 ? 0 : HTTP2_LEN;
	unsigned char *chosen;

	(void)ssl;
	if (SSL_select_next_proto(&chosen, out_len, protocols + skipped,
		(unsigned)(sizeof(protocols) - 1 - skipped), offer,
		offer_len) != OPENSSL_NPN_NEGOTIATED)
		return SSL_TLSEXT_ERR_ALERT_FATAL;
	*out = chosen;
	return SSL_TLSEXT_ERR_OK;
}

/* Tickets carry all that a resumption needs, so no session is kept here. */
static void
set_manners(struct tls *t)
{
	SSL_CTX *context = t->context;
	static const unsigned char who[] = "gcs-sim";

	SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
	SSL_CTX_set_options(context,
	    SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
		SSL_OP_CIPHER_SERVER_PREFERENCE);
	SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
	SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_session_id_context(context, who, sizeof(who) - 1);
	SSL_CTX_set_alpn_select_cb(context, on_offer, t);
}

/* Why OpenSSL would not have a file: the system's word, or its own. */
static int
bad_file(const char *option, const char *path, const char *what,
    struct err *err)
{
	unsigned long why = ERR_peek_last_error();

	if (ERR_GET_LIB(ERR_peek_error()) == ERR_LIB_SYS)
		return err_set(err, ERR_USAGE, "%s: cannot read %s: %s", option,
		    path, strerror(ERR_GET_REASON(ERR_peek_error())));
	return err_set(err, ERR_USAGE, "%s: %s holds no %s in PEM: %s", option,
	    path, what,
	    why != 0 ? ERR_reason_error_string(why) : "it is empty");
}

/* A key behind a password is refused, and nobody is asked for one. */
static int
no_password(char *out, int size, int is_for_writing, void *arg)
{
	(void)out, (void)size, (void)is_for_writing, (void)arg;
	return -1;
}

static int
load_own(struct tls *t, const struct tls_opts *opts, struct err *err)
{
	bool is_key;

	ERR_clear_error();
	SSL_CTX_set_default_passwd_cb(t->context, no_password);
	if (SSL_CTX_use_certificate_chain_file(t->context, opts->cert_file) !=
	    1)
		return bad_file("--tls-cert", opts->cert_file, "certificate",
		    err);
	/* Loading a key looks whether it is the certificate's if it is of its
	 * kind; one of another kind is laid beside it. */
	is_key = SSL_CTX_use_PrivateKey_file(t->context, opts->key_file,
		     SSL_FILETYPE_PEM) == 1;
	if (is_key && SSL_CTX_check_private_key(t->context) == 1)
		return 0;
	if (is_key || ERR_GET_LIB(ERR_peek_last_error()) == ERR_LIB_X509)
		return err_set(err, ERR_USAGE,
		    "--tls-key: the key in %s is not that of the certificate "
		    "in %s",
		    opts->key_file, opts->cert_file);
	return bad_file("--tls-key", opts->key_file,
	    "private key without a password", err);
}

static int
make_own(struct tls *t, const struct tls_opts *opts, struct err *err)
{
	struct tls_cert cert;
	int rc = 0;

	if (tls_cert_make(&cert, opts->listen, err) != 0)
		return -1;
	if (SSL_CTX_use_certificate(t->context, cert.leaf) != 1 ||
	    SSL_CTX_use_PrivateKey(t->context, cert.key) != 1)
		rc = err_set(err, ERR_CONFIG,
		    "cannot use the certificate that was made: %s",
		    ERR_reason_error_string(ERR_peek_error()));
	if (rc == 0 && opts->ca_file != NULL)
		rc = tls_cert_write(&cert, opts->ca_file, err);
	tls_cert_release(&cert);
	return rc;
}

struct tls *
tls_new(const struct tls_opts *opts, struct err *err)
{
	struct tls *t = mem_zalloc(1, sizeof(*t));
	int rc;

	t->context = SSL_CTX_new(TLS_server_method());
	if (t->context == NULL) {
		free(t);
		err_set(err, ERR_CONFIG, "OpenSSL offers no TLS: %s",
		    ERR_reason_error_string(ERR_peek_error()));
		return NULL;
	}
	t->offers_http2 = opts->offers_http2;
	set_manners(t);
	rc = opts->cert_file != NULL ? load_own(t, opts, err)
				     : make_own(t, opts, err);
	if (rc == 0)
		return t;
	tls_free(t);
	return NULL;
}

void
tls_free(struct tls *t)
{
	if (t == NULL)
		return;
	SSL_CTX_free(t->context);
	free(t);
}

/* --- a connection --- */

struct tls_talk *
tls_talk_new(struct tls *t)
{
	struct tls_talk *k = mem_zalloc(1, sizeof(*k));

	k->ssl = mem_checked(SSL_new(t->context), 1);
	k->in = mem_checked(BIO_new(BIO_s_mem()), 1);
	k->out = mem_checked(BIO_new(BIO_s_mem()), 1);
	SSL_set_bio(k->ssl, k->in, k->out);
	SSL_set_accept_state(k->ssl);
	return k;
}

void
tls_talk_free(struct tls_talk *k)
{
	if (k == NULL)
		return;
	SSL_free(k->ssl);
	free(k);
}

void
tls_talk_feed(struct tls_talk *k, const void *bytes, size_t n)
{
	size_t taken;

	if (BIO_write_ex(k->in, bytes, n, &taken) != 1)
		mem_checked(NULL, n);
}

enum tls_found
tls_talk_read(struct tls_talk *k, void *room, size_t *n)
{
	size_t got = 0;
	int rc;

	ERR_clear_error();
	rc = SSL_read_ex(k->ssl, room, *n, &got);
	*n = rc == 1 ? got : 0;
	if (rc == 1)
		return TLS_BYTES;
	switch (SSL_get_error(k->ssl, rc)) {
	case SSL_ERROR_WANT_READ:
		return TLS_HUNGRY;
	case SSL_ERROR_ZERO_RETURN:
		return TLS_END;
	default:
		return TLS_FAULTY;
	}
}

bool
tls_talk_write(struct tls_talk *k, const void *bytes, size_t n)
{
	size_t taken;

	ERR_clear_error();
	return SSL_write_ex(k->ssl, bytes, n, &taken) == 1;
}

void
tls_talk_end(struct tls_talk *k)
{
	ERR_clear_error();
	if (tls_talk_is_up(k))
		SSL_shutdown(k->ssl);
}

const void *
tls_talk_waiting(const struct tls_talk *k, size_t *n)
{
	char *bytes;

	*n = (size_t)BIO_get_mem_data(k->out, &bytes);
	return bytes;
}

/* Nobody needs the bytes that are read here: they have gone. */
void
tls_talk_sent(struct tls_talk *k, size_t n)
{
	char gone[4096];
	size_t got;

	for (; n > 0; n -= got) {
		if (BIO_read_ex(k->out, gone,
			n < sizeof(gone) ? n : sizeof(gone), &got) != 1)
			return;
	}
}

bool
tls_talk_is_up(const struct tls_talk *k)
{
	return SSL_is_init_finished(k->ssl);
}

bool
tls_talk_is_http2(const struct tls_talk *k)
{
	const unsigned char *name;
	unsigned n;

	SSL_get0_alpn_selected(k->ssl, &name, &n);
	return tls_talk_is_up(k) && n == 2 && memcmp(name, "h2", n) == 0;
}
