/* SPDX-License-Identifier: MIT */
/*
 * A pair of sockets for each connection, the client's and one to the raw_server,
 * and a buffer each way.  Whatever becomes ready, all that can move is moved.
 */
#include "tests/support/tls_server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/event.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <unistd.h>

#include "src/base/buf.h"
#include "src/base/loop.h"
#include "src/base/mem.h"
#include "tests/support/raw_server.h"

/* No test sends more at once. */
enum { BYTES_MAX = 16 * 1024 * 1024, PIECE = 16 * 1024 };

struct pair {
	struct tls_server *server;
	LIST_ENTRY(pair) link;
	SSL *ssl;
	int front, back;
	struct event *front_event, *back_event;
	struct buf to_back, to_front;
	bool stands;  /* the handshake is whole */
	bool is_over; /* the raw_server said its last */
};

struct tls_server {
	struct loop *loop;
	struct raw_server *raw;
	struct tls_certs certs;
	SSL_CTX *ctx;
	struct event *event;
	int fd;
	struct sockaddr_in back; /* the raw_server's */
	char url[64], offered[64];
	bool is_broken;
	size_t connections, handshakes, resumed;
	LIST_HEAD(pairs, pair) pairs;
};

static void
drop(struct pair *p, bool with_reset)
{
	struct linger linger = { .l_onoff = 1, .l_linger = 0 };

	if (with_reset)
		setsockopt(p->front, SOL_SOCKET, SO_LINGER, &linger,
		    sizeof(linger));
	event_free(p->front_event);
	event_free(p->back_event);
	SSL_free(p->ssl);
	close(p->front);
	close(p->back);
	LIST_REMOVE(p, link);
	buf_release(&p->to_back);
	buf_release(&p->to_front);
	free(p);
}

/* Takes n bytes off the beginning. */
static void
take(struct buf *b, size_t n)
{
	memmove(b->data, b->data + n, b->len - n);
	b->len -= n;
}

/* --- what moves; each is -1 when the pair is at its end --- */

static int
shake_hands(struct pair *p)
{
	int rc;

	if (p->stands)
		return 0;
	if ((rc = SSL_accept(p->ssl)) != 1) {
		rc = SSL_get_error(p->ssl, rc);
		return rc == SSL_ERROR_WANT_READ || rc == SSL_ERROR_WANT_WRITE
		    ? 0
		    : -1;
	}
	p->stands = true;
	p->server->handshakes++;
	p->server->resumed += SSL_session_reused(p->ssl) ? 1 : 0;
	return 0;
}

static int
read_front(struct pair *p)
{
	char bytes[PIECE];
	int n;

	if (!p->stands)
		return 0;
	while ((n = SSL_read(p->ssl, bytes, sizeof(bytes))) > 0)
		buf_add(&p->to_back, bytes, (size_t)n);
	return SSL_get_error(p->ssl, n) == SSL_ERROR_WANT_READ ? 0 : -1;
}

static int
write_back(struct pair *p)
{
	ssize_t n;

	while (p->to_back.len > 0) {
		n = send(p->back, p->to_back.data, p->to_back.len,
		    MSG_NOSIGNAL);
		if (n < 0)
			return errno == EAGAIN ? 0 : -1;
		take(&p->to_back, (size_t)n);
	}
	return 0;
}

/* A piece is a record, so nothing is read before the last one is out. */
static int
read_back(struct pair *p)
{
	char bytes[PIECE];
	ssize_t n;

	if (p->is_over || p->to_front.len > 0)
		return 0;
	n = recv(p->back, bytes, sizeof(bytes), 0);
	if (n > 0)
		buf_add(&p->to_front, bytes, (size_t)n);
	else if (n == 0)
		p->is_over = true;
	else if (errno != EAGAIN)
		return -1;
	return 0;
}

static int
write_front(struct pair *p)
{
	int n;

	if (!p->stands || p->to_front.len == 0)
		return 0;
	n = SSL_write(p->ssl, p->to_front.data, (int)p->to_front.len);
	if (n <= 0)
		return SSL_get_error(p->ssl, n) == SSL_ERROR_WANT_WRITE ? 0
									: -1;
	take(&p->to_front, (size_t)n);
	return 0;
}

static void on_pair(evutil_socket_t fd, short what, void *arg);

static void
watch(struct pair *p, struct event **event, int fd, bool reads, bool writes)
{
	short what = EV_PERSIST;

	if (reads)
		what |= EV_READ;
	if (writes)
		what |= EV_WRITE;
	if (*event != NULL)
		event_free(*event);
	*event = event_new(loop_events(p->server->loop), fd, what, on_pair, p);
	if (reads || writes)
		event_add(*event, NULL);
}

static void
on_pair(evutil_socket_t fd, short what, void *arg)
{
	struct pair *p = arg;

	(void)fd, (void)what;
	if (p->server->is_broken) {
		drop(p, true);
		return;
	}
	ERR_clear_error();
	if (shake_hands(p) != 0 || read_front(p) != 0 || write_back(p) != 0) {
		drop(p, false);
		return;
	}
	if (read_back(p) != 0 || write_front(p) != 0) {
		drop(p, true);
		return;
	}
	if (p->is_over && p->to_front.len == 0) {
		SSL_shutdown(p->ssl);
		drop(p, false);
		return;
	}
	watch(p, &p->front_event, p->front, true, p->to_front.len > 0);
	watch(p, &p->back_event, p->back, !p->is_over && p->to_front.len == 0,
	    p->to_back.len > 0);
}

static void
on_connection(evutil_socket_t listener, short what, void *arg)
{
	struct tls_server *server = arg;
	int fd = accept(listener, NULL, NULL), on = 1;
	struct pair *p;

	(void)what;
	if (fd < 0)
		return;
	p = mem_zalloc(1, sizeof(*p));
	p->server = server;
	p->front = fd;
	p->back = socket(AF_INET, SOCK_STREAM, 0);
	/* The queue of a listener takes it, though nobody accepts yet. */
	if (connect(p->back, (struct sockaddr *)&server->back,
		sizeof(server->back)) != 0)
		abort();
	evutil_make_socket_nonblocking(p->front);
	evutil_make_socket_nonblocking(p->back);
	setsockopt(p->front, SOL_TCP, TCP_NODELAY, &on, sizeof(on));
	setsockopt(p->back, SOL_TCP, TCP_NODELAY, &on, sizeof(on));
	p->ssl = SSL_new(server->ctx);
	SSL_set_fd(p->ssl, fd);
	buf_init(&p->to_back, BYTES_MAX);
	buf_init(&p->to_front, BYTES_MAX);
	LIST_INSERT_HEAD(&server->pairs, p, link);
	server->connections++;
	watch(p, &p->front_event, p->front, true, false);
	watch(p, &p->back_event, p->back, true, false);
}

/* --- what a test wants --- */

static void
do_one(struct pair *p, enum tls_deed deed)
{
	static const char words[] = "HTTP/1.1 204 Unasked\r\n\r\n";

	switch (deed) {
	case TLS_TICKET:
		SSL_new_session_ticket(p->ssl);
		SSL_do_handshake(p->ssl);
		break;
	case TLS_KEYS:
		SSL_key_update(p->ssl, SSL_KEY_UPDATE_REQUESTED);
		SSL_do_handshake(p->ssl);
		break;
	case TLS_SPEAK:
		SSL_write(p->ssl, words, sizeof(words) - 1);
		break;
	case TLS_NOTIFY:
		SSL_shutdown(p->ssl);
		break;
	case TLS_END:
		SSL_shutdown(p->ssl);
		drop(p, false);
		break;
	}
}

void
tls_server_do(struct tls_server *server, enum tls_deed deed)
{
	struct pair *p = LIST_FIRST(&server->pairs), *next;

	for (; p != NULL; p = next) {
		next = LIST_NEXT(p, link);
		if (p->stands)
			do_one(p, deed);
	}
}

void
tls_server_certify(struct tls_server *server, enum tls_cert kind)
{
	tls_certs_use(&server->certs, server->ctx, kind);
}

void
tls_server_limit(struct tls_server *server, int version_max)
{
	/* The older ones have no cipher that is thought safe. */
	SSL_CTX_set_security_level(server->ctx, 0);
	SSL_CTX_set_min_proto_version(server->ctx, TLS1_VERSION);
	SSL_CTX_set_max_proto_version(server->ctx, version_max);
}

void
tls_server_break(struct tls_server *server, bool is_broken)
{
	server->is_broken = is_broken;
}

/* --- what was seen --- */

/* The list of ALPN is a length and a name, again and again. */
static int
on_offer(SSL *ssl, const unsigned char **chosen, unsigned char *n,
    const unsigned char *offer, unsigned int offer_n, void *arg)
{
	struct tls_server *server = arg;
	size_t room = sizeof(server->offered);
	unsigned int i;
	int used = 0;

	(void)ssl;
	for (i = 0; i < offer_n; i += 1U + offer[i])
		used += snprintf(server->offered + used, room - (size_t)used,
		    "%s%.*s", used != 0 ? "," : "", offer[i],
		    (const char *)offer + i + 1);
	*chosen = offer + 1;
	*n = offer[0];
	return SSL_TLSEXT_ERR_OK;
}

struct raw_server *
tls_server_raw(struct tls_server *server)
{
	return server->raw;
}

const char *
tls_server_url(const struct tls_server *server)
{
	return server->url;
}

const char *
tls_server_ca_file(const struct tls_server *server)
{
	return server->certs.ca_file;
}

size_t
tls_server_connections(const struct tls_server *server)
{
	return server->connections;
}

size_t
tls_server_handshakes(const struct tls_server *server)
{
	return server->handshakes;
}

size_t
tls_server_resumed(const struct tls_server *server)
{
	return server->resumed;
}

const char *
tls_server_offered(const struct tls_server *server)
{
	return server->offered;
}

/* --- life --- */

static void
listen_on_loopback(struct tls_server *server)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t n = sizeof(address);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	server->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	if (bind(server->fd, (struct sockaddr *)&address, n) != 0 ||
	    listen(server->fd, 1024) != 0 ||
	    getsockname(server->fd, (struct sockaddr *)&address, &n) != 0)
		abort();
	snprintf(server->url, sizeof(server->url), "https://127.0.0.1:%d",
	    ntohs(address.sin_port));
	server->event = event_new(loop_events(server->loop), server->fd,
	    EV_READ | EV_PERSIST, on_connection, server);
	event_add(server->event, NULL);
}

struct tls_server *
tls_server_start(struct loop *loop)
{
	struct tls_server *server = mem_zalloc(1, sizeof(*server));
	const char *port;

	/* OpenSSL writes to a socket without saying that it wants no signal. */
	signal(SIGPIPE, SIG_IGN);
	server->loop = loop;
	LIST_INIT(&server->pairs);
	server->raw = raw_server_start(loop);
	port = strrchr(raw_server_url(server->raw), ':') + 1;
	server->back = (struct sockaddr_in){ .sin_family = AF_INET,
		.sin_port = htons((in_port_t)atoi(port)) };
	server->back.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	server->ctx = SSL_CTX_new(TLS_server_method());
	SSL_CTX_set_alpn_select_cb(server->ctx, on_offer, server);
	SSL_CTX_set_session_id_context(server->ctx,
	    (const unsigned char *)"test", 4);
	tls_certs_init(&server->certs);
	tls_server_certify(server, TLS_CERT_GOOD);
	listen_on_loopback(server);
	return server;
}

void
tls_server_stop(struct tls_server *server)
{
	struct pair *p;

	while ((p = LIST_FIRST(&server->pairs)) != NULL)
		drop(p, false);
	event_free(server->event);
	close(server->fd);
	raw_server_stop(server->raw);
	SSL_CTX_free(server->ctx);
	tls_certs_release(&server->certs);
	free(server);
}
