/* SPDX-License-Identifier: MIT */
/*
 * One peer per connection: it collects bytes until a head and the body that
 * Content-Length announces are there, takes the next step of the script and
 * plays it.  A stalled request is parked, so that on a virtual loop the time
 * goes on; it is unparked when the client closes.
 */
#include "tests/support/raw_server.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <event2/event.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <unistd.h>

#include "src/base/buf.h"
#include "src/base/loop.h"
#include "src/base/mem.h"
#include "src/base/vec.h"

/* No test sends more in one request. */
enum { REQUEST_MAX = 8 * 1024 * 1024 };

struct step {
	char *reply;
	size_t length;
	size_t chunk;
	enum raw_after after;
};

struct peer {
	struct raw_server *server;
	LIST_ENTRY(peer) link;
	struct event *event;
	int fd;
	struct buf in;
	const struct step *step; /* being played; NULL: reads a request */
	size_t written;
	bool is_parked;
};

struct raw_server {
	struct loop *loop;
	struct event *event;
	int fd;
	char url[64];
	VEC(struct step *) steps; /* all that were ever written, till stop */
	size_t next;
	VEC(char *) heads;
	size_t connections;
	LIST_HEAD(peers, peer) peers;
};

static void
drop(struct peer *peer, bool with_reset)
{
	struct linger linger = { .l_onoff = 1, .l_linger = 0 };

	if (with_reset)
		setsockopt(peer->fd, SOL_SOCKET, SO_LINGER, &linger,
		    sizeof(linger));
	if (peer->is_parked)
		loop_unpark(peer->server->loop);
	event_free(peer->event);
	close(peer->fd);
	LIST_REMOVE(peer, link);
	buf_release(&peer->in);
	free(peer);
}

static void on_peer(evutil_socket_t fd, short what, void *arg);

static void
watch(struct peer *peer, short what)
{
	if (peer->event != NULL)
		event_free(peer->event);
	peer->event = event_new(loop_events(peer->server->loop), peer->fd,
	    (short)(what | EV_PERSIST), on_peer, peer);
	event_add(peer->event, NULL);
}

/* The whole length of the request at the beginning of text, or 0: not all of
 * it is there. */
static size_t
measure_request(const char *text, size_t n, size_t *head)
{
	const char *end = strstr(text, "\r\n\r\n"), *line;
	size_t body = 0;

	if (end == NULL)
		return 0;
	*head = (size_t)(end - text) + 4;
	for (line = text; line < end; line = strstr(line, "\r\n") + 2) {
		if (strncasecmp(line, "Content-Length:", 15) == 0)
			body = (size_t)strtoul(line + 15, NULL, 10);
	}
	return n >= *head + body ? *head + body : 0;
}

static void
take_request(struct peer *peer)
{
	struct raw_server *server = peer->server;
	size_t head, whole;

	if ((whole = measure_request(peer->in.data, peer->in.len, &head)) == 0)
		return;
	*vec_push(&server->heads) = mem_strndup(peer->in.data, head);
	buf_clear(&peer->in); /* nobody pipelines */
	assert(server->next < server->steps.n);
	peer->step = server->steps.v[server->next];
	if (server->next + 1 < server->steps.n)
		server->next++;
	peer->written = 0;
	watch(peer, EV_WRITE);
}

/* Parks in the next turn: on a virtual clock the client would else run out of
 * time before it had read what was written last. */
static void
park_late(struct peer *peer)
{
	struct timeval now = { 0, 0 };

	event_free(peer->event);
	peer->event = event_new(loop_events(peer->server->loop), peer->fd,
	    EV_READ, on_peer, peer);
	event_add(peer->event, &now);
}

static void
park(struct peer *peer)
{
	peer->is_parked = true;
	loop_park(peer->server->loop);
	watch(peer, EV_READ);
}

static void
end_step(struct peer *peer)
{
	enum raw_after after = peer->step->after;

	peer->step = NULL;
	if (after == RAW_CLOSE || after == RAW_RESET) {
		drop(peer, after == RAW_RESET);
		return;
	}
	if (after == RAW_STALL)
		park_late(peer);
	else
		watch(peer, EV_READ);
}

static void
write_some(struct peer *peer)
{
	const struct step *step = peer->step;
	size_t n = step->length - peer->written;
	ssize_t k;

	if (step->chunk != 0 && n > step->chunk)
		n = step->chunk;
	k = send(peer->fd, step->reply + peer->written, n, MSG_NOSIGNAL);
	if (k < 0) {
		if (errno != EAGAIN)
			drop(peer, false);
		return;
	}
	peer->written += (size_t)k;
	if (peer->written == step->length)
		end_step(peer);
}

static void
read_some(struct peer *peer)
{
	char bytes[16 * 1024];
	ssize_t n = recv(peer->fd, bytes, sizeof(bytes), 0);

	if (n < 0 && errno == EAGAIN)
		return;
	if (n <= 0) {
		drop(peer, false);
		return;
	}
	if (buf_add(&peer->in, bytes, (size_t)n) != 0)
		abort();
	take_request(peer);
}

static void
on_peer(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	if (what & EV_TIMEOUT)
		park(arg);
	else if (((struct peer *)arg)->step != NULL)
		write_some(arg);
	else
		read_some(arg);
}

static void
on_connection(evutil_socket_t listener, short what, void *arg)
{
	struct raw_server *server = arg;
	struct peer *peer;
	int fd = accept(listener, NULL, NULL), on = 1;

	(void)what;
	if (fd < 0)
		return;
	evutil_make_socket_nonblocking(fd);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	peer = mem_zalloc(1, sizeof(*peer));
	peer->server = server;
	peer->fd = fd;
	buf_init(&peer->in, REQUEST_MAX);
	LIST_INSERT_HEAD(&server->peers, peer, link);
	server->connections++;
	watch(peer, EV_READ);
}

/* --- the script --- */

void
raw_server_step_bytes(struct raw_server *server, const void *reply, size_t n,
    size_t chunk, enum raw_after after)
{
	struct step *step = mem_zalloc(1, sizeof(*step));

	step->reply = mem_alloc(n + 1);
	memcpy(step->reply, reply, n);
	step->length = n;
	step->chunk = chunk;
	step->after = after;
	*vec_push(&server->steps) = step;
}

void
raw_server_step(struct raw_server *server, const char *reply, size_t chunk,
    enum raw_after after)
{
	raw_server_step_bytes(server, reply, strlen(reply), chunk, after);
}

void
raw_server_answer(struct raw_server *server, int status, const char *body)
{
	struct buf reply;

	buf_init(&reply, REQUEST_MAX);
	buf_addf(&reply, "HTTP/1.1 %d Said So\r\n", status);
	if (status != 204)
		buf_addf(&reply, "Content-Length: %zu\r\n", strlen(body));
	buf_addf(&reply, "\r\n%s", body);
	raw_server_step(server, reply.data, 0, RAW_KEEP);
	buf_release(&reply);
}

void
raw_server_reset(struct raw_server *server)
{
	size_t i;

	for (i = 0; i < server->heads.n; i++)
		free(server->heads.v[i]);
	server->heads.n = 0;
	server->next =
	    server->steps.n; /* some peer may still play an old one */
	server->connections = 0;
}

/* --- what was seen --- */

bool
raw_server_is_quiet(const struct raw_server *server)
{
	const struct peer *peer;

	LIST_FOREACH(peer, &server->peers, link)
	{
		if (peer->step != NULL)
			return false;
	}
	return true;
}

size_t
raw_server_heads(const struct raw_server *server)
{
	return server->heads.n;
}

const char *
raw_server_head(const struct raw_server *server, size_t i)
{
	assert(i < server->heads.n);
	return server->heads.v[i];
}

size_t
raw_server_connections(const struct raw_server *server)
{
	return server->connections;
}

const char *
raw_server_url(const struct raw_server *server)
{
	return server->url;
}

/* --- life --- */

struct raw_server *
raw_server_start(struct loop *loop)
{
	struct raw_server *server = mem_zalloc(1, sizeof(*server));
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t length = sizeof(address);

	server->loop = loop;
	LIST_INIT(&server->peers);
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	server->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	if (bind(server->fd, (struct sockaddr *)&address, length) != 0 ||
	    listen(server->fd, 1024) != 0 ||
	    getsockname(server->fd, (struct sockaddr *)&address, &length) != 0)
		abort();
	snprintf(server->url, sizeof(server->url), "http://127.0.0.1:%d",
	    ntohs(address.sin_port));
	server->event = event_new(loop_events(loop), server->fd,
	    EV_READ | EV_PERSIST, on_connection, server);
	event_add(server->event, NULL);
	return server;
}

void
raw_server_stop(struct raw_server *server)
{
	struct peer *peer;
	size_t i;

	while ((peer = LIST_FIRST(&server->peers)) != NULL)
		drop(peer, false);
	for (i = 0; i < server->steps.n; i++) {
		free(server->steps.v[i]->reply);
		free(server->steps.v[i]);
	}
	event_free(server->event);
	close(server->fd);
	raw_server_reset(server);
	vec_release(&server->steps);
	vec_release(&server->heads);
	free(server);
}
