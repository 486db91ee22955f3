/* SPDX-License-Identifier: MIT */
/*
 * Bytes at the socket say nothing under TLS: a session ticket, a change of keys,
 * the end and a stray answer look alike until they are decrypted.  So OpenSSL is
 * asked to look.  curl's own way to the socket works only inside its calls;
 * while we look, the connection reads and writes the socket itself.
 */
#include "src/net/tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

static enum tls_look
look(SSL *ssl)
{
	char byte;
	int rc;

	ERR_clear_error();
	rc = SSL_peek(ssl, &byte, 1);
	if (rc > 0)
		return TLS_SPEAKS;
	switch (SSL_get_error(ssl, rc)) {
	case SSL_ERROR_WANT_READ:
	case SSL_ERROR_WANT_WRITE:
		return TLS_QUIET;
	case SSL_ERROR_ZERO_RETURN:
		return TLS_ENDED;
	default:
		return TLS_SPEAKS;
	}
}

enum tls_look
tls_look(void *ssl, int fd)
{
	enum tls_look seen;
	BIO *curls, *own;
	char byte;

	if (SSL_has_pending(ssl) == 0 &&
	    recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) <= 0)
		return TLS_QUIET;
	if ((own = BIO_new_socket(fd, BIO_NOCLOSE)) == NULL)
		return TLS_SPEAKS;
	curls = SSL_get_rbio(ssl);
	/* SSL_set_bio takes one reference where both are one. */
	BIO_up_ref(curls);
	SSL_set_bio(ssl, own, own);
	seen = look(ssl);
	ERR_clear_error();
	SSL_set_bio(ssl, curls, curls);
	return seen;
}
