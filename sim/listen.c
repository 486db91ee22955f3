/* SPDX-License-Identifier: MIT */
/*
 * Only numeric addresses and "localhost" are understood: looking a name up
 * would block, and a simulator listens on loopback.
 */
#include "sim/listen.h"

#include <errno.h>
#include <event2/listener.h>
#include <event2/util.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "src/base/str.h"

enum {
	/* Every connection of a run of 1000 may knock at once, several times. */
	BACKLOG = 4096,
	/* Descriptors that are not connections: files, epoll, logs. */
	SPARE_FDS = 64
};

/* As many connections as descriptors can be had for. */
uint64_t
listen_raise_fd_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return SPARE_FDS;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	getrlimit(RLIMIT_NOFILE, &limit);
	return limit.rlim_cur > 2 * SPARE_FDS ? limit.rlim_cur - SPARE_FDS
					      : SPARE_FDS;
}

static int
bad_listen(const char *text, struct err *err)
{
	return err_set(err, ERR_USAGE,
	    "listen address '%s': want ADDRESS:PORT, such as 127.0.0.1:0 or "
	    "[::1]:8080",
	    text);
}

/* "127.0.0.1", "[::1]" or "localhost", of n bytes. */
static int
parse_host(const char *text, size_t n, struct sockaddr_storage *out)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)out;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)out;
	char host[INET6_ADDRSTRLEN + 2] = "127.0.0.1";

	if (!str_is(text, n, "localhost")) {
		if (n >= sizeof(host))
			return -1;
		memcpy(host, text, n);
		host[n] = '\0';
	}
	memset(out, 0, sizeof(*out));
	if (host[0] == '[' && str_ends(host, "]")) {
		host[n - 1] = '\0';
		out->ss_family = AF_INET6;
		return evutil_inet_pton(AF_INET6, host + 1, &v6->sin6_addr) == 1
		    ? (int)sizeof(*v6)
		    : -1;
	}
	out->ss_family = AF_INET;
	return evutil_inet_pton(AF_INET, host, &v4->sin_addr) == 1
	    ? (int)sizeof(*v4)
	    : -1;
}

static int
parse_listen(const char *text, struct sockaddr_storage *out, int *n,
    struct err *err)
{
	const char *colon = strrchr(text, ':');
	uint64_t port;

	if (colon == NULL || str_parse_u64(colon + 1, &port) != 0 ||
	    port > UINT16_MAX ||
	    (*n = parse_host(text, (size_t)(colon - text), out)) < 0)
		return bad_listen(text, err);
	/* Both kinds keep the port in the same place. */
	((struct sockaddr_in *)out)->sin_port = htons((uint16_t)port);
	return 0;
}

int
listen_is_loopback(const char *text, struct err *err)
{
	struct sockaddr_storage address;
	const struct sockaddr_in *v4 = (struct sockaddr_in *)&address;
	const struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&address;
	int n;

	if (parse_listen(text, &address, &n, err) != 0)
		return -1;
	if (address.ss_family == AF_INET)
		return ntohl(v4->sin_addr.s_addr) >> 24 == 127;
	return IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr) ? 1 : 0;
}

static uint16_t
format_number(const struct sockaddr_storage *address, char host[LISTEN_URL_MAX])
{
	const struct sockaddr_in *v4 = (const struct sockaddr_in *)address;
	const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)address;

	if (address->ss_family == AF_INET)
		evutil_inet_ntop(AF_INET, &v4->sin_addr, host, LISTEN_URL_MAX);
	else
		evutil_inet_ntop(AF_INET6, &v6->sin6_addr, host,
		    LISTEN_URL_MAX);
	return ntohs(v4->sin_port);
}

void
listen_format_host(const char *text, char host[LISTEN_URL_MAX])
{
	struct sockaddr_storage address;
	struct err err = ERR_INIT;
	int n;

	host[0] = '\0';
	if (parse_listen(text, &address, &n, &err) == 0)
		format_number(&address, host);
}

static void
format_url(evutil_socket_t fd, const char *scheme, char url[LISTEN_URL_MAX])
{
	struct sockaddr_storage address;
	socklen_t n = sizeof(address);
	char host[LISTEN_URL_MAX] = "";
	uint16_t port;

	getsockname(fd, (struct sockaddr *)&address, &n);
	port = format_number(&address, host);
	snprintf(url, LISTEN_URL_MAX,
	    address.ss_family == AF_INET ? "%s://%.46s:%u" : "%s://[%.46s]:%u",
	    scheme, host, port);
}

struct evconnlistener *
listen_open(struct event_base *base, const char *scheme, const char *text,
    char url[LISTEN_URL_MAX], struct err *err)
{
	struct sockaddr_storage address;
	struct evconnlistener *listener;
	int n, on = 1;

	if (parse_listen(text, &address, &n, err) != 0)
		return NULL;
	listener = evconnlistener_new_bind(base, NULL, NULL,
	    LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC | LEV_OPT_REUSEABLE,
	    BACKLOG, (struct sockaddr *)&address, n);
	if (listener == NULL) {
		err_set(err, ERR_NET, "cannot listen on %s: %s%s", text,
		    strerror(errno),
		    errno == EADDRINUSE ? "; port 0 takes a free one" : "");
		return NULL;
	}
	/* Accepted sockets inherit it. */
	setsockopt(evconnlistener_get_fd(listener), IPPROTO_TCP, TCP_NODELAY,
	    &on, sizeof(on));
	format_url(evconnlistener_get_fd(listener), scheme, url);
	return listener;
}
