/* SPDX-License-Identifier: MIT */
/* TLS goes through memory here too, so that a test can cut it anywhere. */
#include "tests/unit/tls_peer.h"

#include <check.h>
#include <errno.h>
#include <event2/event.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "src/base/err.h"
#include "src/base/loop.h"

static void
end(struct tls_peer *p, int error)
{
	p->has_ended = true;
	p->error = error;
	event_del(p->event);
}

/* Hearing tells of a server that has gone. */
static void
send_all(struct tls_peer *p, const char *bytes, size_t n)
{
	size_t said = 0;
	ssize_t k;

	while (said < n) {
		k = send(p->fd, bytes + said, n - said, MSG_NOSIGNAL);
		if (k < 0)
			return;
		said += (size_t)k;
	}
}

/* Answers whether there was something. */
static bool
send_piece(struct tls_peer *p)
{
	char bytes[16384];
	size_t most = p->piece > 0 ? p->piece : sizeof(bytes);
	int n = BIO_read(SSL_get_wbio(p->ssl), bytes, (int)most);

	if (n > 0)
		send_all(p, bytes, (size_t)n);
	return n > 0;
}

void
tls_peer_flush(struct tls_peer *p)
{
	while (p->piece == 0 && send_piece(p))
		;
}

/* What has come makes a handshake, or is heard. */
static void
progress(struct tls_peer *p)
{
	char *room = p->heard + p->n;
	int got = 1;

	if (!SSL_is_init_finished(p->ssl))
		got = SSL_do_handshake(p->ssl);
	while (got > 0) {
		room = p->heard + p->n;
		got = SSL_read(p->ssl, room,
		    (int)(sizeof(p->heard) - 1 - p->n));
		p->n += got > 0 ? (size_t)got : 0;
	}
	p->heard[p->n] = '\0';
	p->is_told |= (SSL_get_shutdown(p->ssl) & SSL_RECEIVED_SHUTDOWN) != 0;
	if (SSL_get_error(p->ssl, got) == SSL_ERROR_SSL)
		end(p, EPROTO);
	tls_peer_flush(p);
}

static void
on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct tls_peer *p = arg;
	char bytes[16384];
	ssize_t got = recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT);

	(void)what;
	if (got > 0) {
		BIO_write(SSL_get_rbio(p->ssl), bytes, (int)got);
		progress(p);
	} else if (got == 0 || errno != EAGAIN) {
		end(p, got == 0 ? 0 : errno);
	}
}

static void
connect_to(struct tls_peer *p, const char *url)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	int on = 1;

	address.sin_port = htons((uint16_t)atoi(strrchr(url, ':') + 1));
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	p->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert_int_ge(p->fd, 0);
	ck_assert_int_eq(connect(p->fd, (struct sockaddr *)&address,
			     sizeof(address)),
	    0);
	setsockopt(p->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	p->event = event_new(loop_events(p->loop), p->fd, EV_READ | EV_PERSIST,
	    on_readable, p);
	event_add(p->event, NULL);
}

static int
on_session(SSL *ssl, SSL_SESSION *session)
{
	struct tls_peer *p = SSL_get_app_data(ssl);

	SSL_SESSION_free(p->session);
	p->session = session;
	return 1;
}

static void
set_manner(struct tls_peer *p, const struct tls_manner *manner)
{
	unsigned char offer[32];
	size_t n = manner->protocol != NULL ? strlen(manner->protocol) : 0;

	if (manner->version != 0) {
		/* Old versions want old digests, which level 0 allows. */
		SSL_CTX_set_cipher_list(p->context, "ALL:@SECLEVEL=0");
		SSL_CTX_set_min_proto_version(p->context, manner->version);
		SSL_CTX_set_max_proto_version(p->context, manner->version);
	}
	SSL_CTX_set_session_cache_mode(p->context,
	    SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
	SSL_CTX_sess_set_new_cb(p->context, on_session);
	SSL_CTX_set_verify(p->context, SSL_VERIFY_PEER, NULL);
	ck_assert_int_eq(SSL_CTX_load_verify_locations(p->context,
			     manner->ca_file, NULL),
	    1);
	if (n > 0) {
		offer[0] = (unsigned char)n;
		memcpy(offer + 1, manner->protocol, n);
		SSL_CTX_set_alpn_protos(p->context, offer, (unsigned)n + 1);
	}
}

void
tls_peer_open(struct tls_peer *p, struct loop *loop, const char *url,
    const struct tls_manner *manner)
{
	char name[] = "localhost"; /* OpenSSL casts the const away */

	*p = (struct tls_peer){ .loop = loop, .piece = manner->piece };
	p->context = SSL_CTX_new(TLS_client_method());
	set_manner(p, manner);
	p->ssl = SSL_new(p->context);
	SSL_set_app_data(p->ssl, p);
	SSL_set_bio(p->ssl, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
	SSL_set_connect_state(p->ssl);
	SSL_set_tlsext_host_name(p->ssl, name);
	SSL_set1_host(p->ssl, name);
	if (manner->session != NULL)
		SSL_set_session(p->ssl, manner->session);
	connect_to(p, url);
	progress(p);
}

void
tls_peer_close(struct tls_peer *p)
{
	event_free(p->event);
	close(p->fd);
	/* Or its session would count as broken. */
	SSL_set_shutdown(p->ssl, SSL_SENT_SHUTDOWN);
	SSL_SESSION_free(p->session);
	SSL_free(p->ssl);
	SSL_CTX_free(p->context);
}

static void
step(struct tls_peer *p)
{
	struct err err = ERR_INIT;

	/* The server takes one before the next is sent. */
	if (send_piece(p))
		loop_look(p->loop);
	else
		ck_assert_msg(loop_step(p->loop, &err) == 0, "%s", err.text);
}

bool
tls_peer_shake(struct tls_peer *p)
{
	while (!p->has_ended && !SSL_is_init_finished(p->ssl))
		step(p);
	return SSL_is_init_finished(p->ssl);
}

void
tls_peer_say_bytes(struct tls_peer *p, const void *bytes, size_t n)
{
	ck_assert_int_eq(SSL_write(p->ssl, bytes, (int)n), (int)n);
	tls_peer_flush(p);
}

void
tls_peer_say(struct tls_peer *p, const char *text)
{
	tls_peer_say_bytes(p, text, strlen(text));
}

void
tls_peer_hear(struct tls_peer *p, const char *text)
{
	while (strstr(p->heard, text) == NULL) {
		ck_assert_msg(!p->has_ended, "ended after: %s", p->heard);
		step(p);
	}
}

void
tls_peer_hear_end(struct tls_peer *p)
{
	while (!p->has_ended)
		step(p);
}
