/* SPDX-License-Identifier: MIT */
/* Each piece leaves at once, and where the sockets' buffers are small the server
 * takes some of it before the rest is said. */
#include "tests/unit/sim_peer.h"

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
end(struct sim_peer *p, int error)
{
	p->has_ended = true;
	p->error = error;
	event_del(p->event);
}

static void
on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct sim_peer *p = arg;
	char piece[1024];
	ssize_t got = recv(fd, piece, sizeof(piece), MSG_DONTWAIT);
	size_t n = got > 0 ? (size_t)got : 0;

	(void)what;
	if (got == 0)
		end(p, 0);
	else if (got < 0 && errno != EAGAIN)
		end(p, errno);
	if (n > sizeof(p->heard) - 1 - p->n)
		n = sizeof(p->heard) - 1 - p->n;
	memcpy(p->heard + p->n, piece, n);
	p->n += n;
	p->heard[p->n] = '\0';
}

void
sim_peer_open(struct sim_peer *p, struct loop *loop, const char *url)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	int on = 1;

	*p = (struct sim_peer){ .loop = loop };
	address.sin_port = htons((uint16_t)atoi(strrchr(url, ':') + 1));
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	p->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert_int_ge(p->fd, 0);
	ck_assert_int_eq(connect(p->fd, (struct sockaddr *)&address,
			     sizeof(address)),
	    0);
	setsockopt(p->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	p->event = event_new(loop_events(loop), p->fd, EV_READ | EV_PERSIST,
	    on_readable, p);
	event_add(p->event, NULL);
}

void
sim_peer_close(struct sim_peer *p)
{
	event_free(p->event);
	close(p->fd);
}

void
sim_peer_say(struct sim_peer *p, const char *text)
{
	size_t n = strlen(text), said = 0;
	ssize_t k;

	while (said < n) {
		k = send(p->fd, text + said, n - said,
		    MSG_NOSIGNAL | MSG_DONTWAIT);
		ck_assert_msg(k > 0 || errno == EAGAIN, "%s", strerror(errno));
		if (k > 0)
			said += (size_t)k;
		else
			loop_look(p->loop);
	}
}

void
sim_peer_hear(struct sim_peer *p, const char *text)
{
	struct err err = ERR_INIT;

	while (strstr(p->heard, text) == NULL) {
		ck_assert_msg(!p->has_ended, "ended after: %s", p->heard);
		ck_assert_msg(loop_step(p->loop, &err) == 0, "%s", err.text);
	}
}

void
sim_peer_hear_end(struct sim_peer *p)
{
	struct err err = ERR_INIT;

	while (!p->has_ended)
		ck_assert_msg(loop_step(p->loop, &err) == 0, "%s", err.text);
}
