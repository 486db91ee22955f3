/* SPDX-License-Identifier: MIT */
/*
 * The bridge between libcurl and libevent.
 *
 * curl stops watching a connection at the end of each transfer and starts again
 * at the next, which is two epoll_ctl calls a request for nothing.  So a watch
 * stays armed when curl lets go of it; if it fires unwanted (the server closed
 * an idle connection) it is disarmed then.  That is safe only for sockets whose
 * close we are told of, which are those that we opened; others (the resolver's
 * pipe) are disarmed at once, since their number may come back as another file.
 *
 * curl's timer runs on the real clock whatever the loop's clock is: it carries
 * only curl's own housekeeping.  Limits of time are loop timers, see client.c.
 */
#include "src/net/multi.h"

#include <arpa/inet.h>
#include <assert.h>
#include <event2/event.h>
#include <event2/event_struct.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "src/base/loop.h"
#include "src/base/mem.h"
#include "src/base/vec.h"

struct watch {
	struct event event;
	struct multi *multi;
	short armed;                 /* what libevent watches for; 0: nothing */
	short wanted;                /* what curl wants */
	bool is_ours;                /* opened by want_socket */
	int port;                    /* local; 0: not asked for yet */
	char peer[INET6_ADDRSTRLEN]; /* the address at the other end */
};

enum { PORTS = 65536 };

struct multi {
	CURLM *curl;
	CURLSH *share; /* sessions of TLS */
	struct event_base *events;
	struct event *timer;
	VEC(struct watch *) watches; /* by file descriptor */
	curl_socket_t *by_port;      /* 1 + socket that had it last; or 0 */
	bool has_opened;             /* a socket, so a name was resolved */
	void (*on_turn)(void *arg);
	void *arg;
};

static void
turn(struct multi *m, curl_socket_t fd, int what)
{
	CURLMcode rc;
	int running;

	rc = curl_multi_socket_action(m->curl, fd, what, &running);
	/* Anything but OK is misuse of the interface. */
	assert(rc == CURLM_OK);
	(void)rc;
	m->on_turn(m->arg);
}

/* --- sockets --- */

static struct watch *
find_watch(struct multi *m, curl_socket_t fd)
{
	size_t i = (size_t)fd;

	while (m->watches.n <= i)
		*vec_push(&m->watches) = NULL;
	if (m->watches.v[i] == NULL) {
		m->watches.v[i] = mem_zalloc(1, sizeof(struct watch));
		m->watches.v[i]->multi = m;
	}
	return m->watches.v[i];
}

static void
disarm(struct watch *w)
{
	if (w->armed != 0)
		event_del(&w->event);
	w->armed = 0;
}

static void
on_ready(evutil_socket_t fd, short what, void *arg)
{
	struct watch *w = arg;
	int action = 0;

	what &= w->wanted;
	if (what == 0) {
		disarm(w);
		return;
	}
	if (what & EV_READ)
		action |= CURL_CSELECT_IN;
	if (what & EV_WRITE)
		action |= CURL_CSELECT_OUT;
	turn(w->multi, fd, action);
}

static void
arm(struct multi *m, struct watch *w, curl_socket_t fd)
{
	if (w->armed == w->wanted)
		return;
	disarm(w);
	event_assign(&w->event, m->events, fd, (short)(w->wanted | EV_PERSIST),
	    on_ready, w);
	event_add(&w->event, NULL);
	w->armed = w->wanted;
}

static int
want_watch(CURL *easy, curl_socket_t fd, int what, void *arg, void *unused)
{
	struct multi *m = arg;
	struct watch *w = find_watch(m, fd);

	(void)easy, (void)unused;
	w->wanted = 0;
	if (what == CURL_POLL_IN || what == CURL_POLL_INOUT)
		w->wanted |= EV_READ;
	if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT)
		w->wanted |= EV_WRITE;
	if (w->wanted != 0)
		arm(m, w, fd);
	else if (!w->is_ours)
		disarm(w);
	return 0;
}

static curl_socket_t
want_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct multi *m = arg;
	int fd;

	(void)purpose;
	fd = socket(address->family, address->socktype | SOCK_CLOEXEC,
	    address->protocol);
	if (fd < 0)
		return CURL_SOCKET_BAD;
	find_watch(m, fd)->is_ours = true;
	m->has_opened = true;
	return fd;
}

static int
want_close(void *arg, curl_socket_t fd)
{
	struct watch *w = find_watch(arg, fd);

	disarm(w);
	w->wanted = 0;
	w->is_ours = false;
	((struct multi *)arg)->by_port[w->port] = 0;
	w->port = 0;
	return close(fd);
}

union address {
	struct sockaddr any;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
};

/* Port 0 where the socket has none, or is of a family without ports. */
static int
read_port(curl_socket_t fd)
{
	union address address = { .any = { 0 } };
	socklen_t n = sizeof(address);

	if (getsockname(fd, &address.any, &n) != 0)
		return 0;
	if (address.any.sa_family == AF_INET)
		return ntohs(address.in.sin_port);
	if (address.any.sa_family == AF_INET6)
		return ntohs(address.in6.sin6_port);
	return 0;
}

/* As curl writes it; "" where nobody is there. */
static void
read_peer(curl_socket_t fd, char peer[INET6_ADDRSTRLEN])
{
	union address address = { .any = { 0 } };
	socklen_t n = sizeof(address);

	peer[0] = '\0';
	if (getpeername(fd, &address.any, &n) != 0)
		return;
	if (address.any.sa_family == AF_INET)
		inet_ntop(AF_INET, &address.in.sin_addr, peer,
		    INET6_ADDRSTRLEN);
	else if (address.any.sa_family == AF_INET6)
		inet_ntop(AF_INET6, &address.in6.sin6_addr, peer,
		    INET6_ADDRSTRLEN);
}

/* Asks each socket once in its life. */
static void
learn_ports(struct multi *m)
{
	struct watch *w;
	size_t i;

	for (i = 0; i < m->watches.n; i++) {
		w = m->watches.v[i];
		if (w == NULL || !w->is_ours || w->port != 0)
			continue;
		w->port = read_port((curl_socket_t)i);
		read_peer((curl_socket_t)i, w->peer);
		m->by_port[w->port] = (curl_socket_t)i + 1;
	}
}

static bool
is_at(const struct multi *m, size_t fd, int local_port, const char *peer)
{
	const struct watch *w = m->watches.v[fd];

	return w != NULL && w->is_ours && w->port == local_port &&
	    strcmp(w->peer, peer) == 0;
}

/* Two connections may have one local port, if they lead to two addresses: as
 * those of one name do. */
curl_socket_t
multi_find_socket(struct multi *m, int local_port, const char *peer)
{
	size_t i;

	if (local_port <= 0 || local_port >= PORTS)
		return CURL_SOCKET_BAD;
	if (m->by_port[local_port] == 0)
		learn_ports(m);
	if (m->by_port[local_port] != 0 &&
	    is_at(m, (size_t)m->by_port[local_port] - 1, local_port, peer))
		return m->by_port[local_port] - 1;
	learn_ports(m);
	for (i = 0; i < m->watches.n; i++) {
		if (is_at(m, i, local_port, peer))
			return (curl_socket_t)i;
	}
	return CURL_SOCKET_BAD;
}

bool
multi_has_opened(const struct multi *m)
{
	return m->has_opened;
}

void
multi_adopt(struct multi *m, CURL *easy)
{
	curl_easy_setopt(easy, CURLOPT_SHARE, m->share);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, want_socket);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, m);
	curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, want_close);
	curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, m);
}

/* --- the timer --- */

static void
on_time(evutil_socket_t fd, short what, void *arg)
{
	(void)fd, (void)what;
	turn(arg, CURL_SOCKET_TIMEOUT, 0);
}

static int
want_timer(CURLM *curl, long ms, void *arg)
{
	struct multi *m = arg;
	struct timeval tv = { ms / 1000, ms % 1000 * 1000 };

	(void)curl;
	if (ms < 0) {
		event_del(m->timer);
	} else if (ms == 0) {
		/* Runs before the loop sleeps, so that a batch of new requests
		 * leaves in one go; never from inside curl. */
		multi_wake(m);
	} else {
		event_add(m->timer, &tv);
	}
	return 0;
}

void
multi_wake(struct multi *m)
{
	event_active(m->timer, EV_TIMEOUT, 0);
}

/* --- life --- */

struct multi *
multi_new(struct loop *loop, unsigned connections, void (*on_turn)(void *arg),
    void *arg)
{
	struct multi *m = mem_zalloc(1, sizeof(*m));
	long k = (long)connections;

	m->on_turn = on_turn;
	m->arg = arg;
	m->events = loop_events(loop);
	m->by_port = mem_zalloc(PORTS, sizeof(*m->by_port));
	m->timer = event_new(m->events, -1, 0, on_time, m);
	m->curl = curl_multi_init();
	/* Each handle would keep its own: a session that one of them has is
	 * taken up by all that connect later, at a third of the CPU. */
	m->share = curl_share_init();
	curl_share_setopt(m->share, CURLSHOPT_SHARE,
	    CURL_LOCK_DATA_SSL_SESSION);
	curl_multi_setopt(m->curl, CURLMOPT_SOCKETFUNCTION, want_watch);
	curl_multi_setopt(m->curl, CURLMOPT_SOCKETDATA, m);
	curl_multi_setopt(m->curl, CURLMOPT_TIMERFUNCTION, want_timer);
	curl_multi_setopt(m->curl, CURLMOPT_TIMERDATA, m);
	/* Below k, idle connections would be closed and made again for every
	 * request: ten times the connections, three times the CPU. */
	curl_multi_setopt(m->curl, CURLMOPT_MAXCONNECTS, k);
	curl_multi_setopt(m->curl, CURLMOPT_MAX_TOTAL_CONNECTIONS, k);
	curl_multi_setopt(m->curl, CURLMOPT_MAX_HOST_CONNECTIONS, k);
	curl_multi_setopt(m->curl, CURLMOPT_PIPELINING, CURLPIPE_NOTHING);
	return m;
}

void
multi_free(struct multi *m)
{
	size_t i;

	curl_multi_cleanup(m->curl);
	curl_share_cleanup(m->share);
	for (i = 0; i < m->watches.n; i++) {
		if (m->watches.v[i] != NULL)
			disarm(m->watches.v[i]);
		free(m->watches.v[i]);
	}
	vec_release(&m->watches);
	free(m->by_port);
	event_free(m->timer);
	free(m);
}

CURLM *
multi_curl(struct multi *m)
{
	return m->curl;
}
