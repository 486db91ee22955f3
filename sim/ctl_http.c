/* SPDX-License-Identifier: MIT */
/* The server is told to close, so that the end of the answer is that of the
 * connection; a length that it tells must be the answer's. */
#include "sim/ctl_http.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "src/base/str.h"

enum {
	HOST_MAX = 255,
	PORT_MAX = 5,
	HEAD_MAX = 64 * 1024,
	/* A snapshot that is downloaded is the longest. */
	ANSWER_MAX = 0x7fffffff
};

struct talk {
	const char *url; /* for errors */
	int fd;
	uint64_t end_us; /* of patience, on the monotonic clock */
	struct err *err;
};

uint64_t
ctl_now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

/* --- addresses --- */

static int
bad_url(const char *url, struct err *err)
{
	return err_set(err, ERR_USAGE,
	    "'%s': want a simulator's URL such as http://127.0.0.1:9000", url);
}

/* "http://HOST:PORT/..." */
static int
split_url(const char *url, char host[HOST_MAX + 1], char port[PORT_MAX + 1],
    struct err *err)
{
	const char *at = url, *end, *colon;
	uint64_t number = 80;
	size_t n;

	if (strncasecmp(at, "http://", 7) == 0)
		at += 7;
	else if (strstr(at, "://") != NULL)
		return bad_url(url, err);
	end = at + strcspn(at, "/?#");
	colon = at[0] == '[' ? strstr(at, "]:")
			     : memchr(at, ':', (size_t)(end - at));
	colon = colon != NULL && colon < end && at[0] == '[' ? colon + 1
							     : colon;
	n = (size_t)((colon != NULL && colon < end ? colon : end) - at);
	if (colon != NULL && colon < end) {
		snprintf(port, PORT_MAX + 1, "%.*s", (int)(end - colon - 1),
		    colon + 1);
		if (end - colon - 1 > PORT_MAX ||
		    str_parse_u64(port, &number) != 0)
			number = 0;
	}
	if (at[0] == '[' && n > 2 && at[n - 1] == ']') {
		at++;
		n -= 2;
	}
	if (n == 0 || n > HOST_MAX || number < 1 || number > 65535)
		return bad_url(url, err);
	snprintf(host, HOST_MAX + 1, "%.*s", (int)n, at);
	snprintf(port, PORT_MAX + 1, "%u", (unsigned)number);
	return 0;
}

/* --- the socket --- */

static int
lost(const struct talk *t, const char *why)
{
	return err_set(t->err, ERR_NET, "no answer from %s: %s", t->url, why);
}

static int
wait_for(const struct talk *t, short events)
{
	struct pollfd p = { .fd = t->fd, .events = events };
	uint64_t now;
	int rc;

	do {
		now = ctl_now_us();
		if (now >= t->end_us)
			return lost(t, "it takes longer than --timeout");
		rc = poll(&p, 1, (int)((t->end_us - now) / 1000) + 1);
	} while (rc == 0 || (rc < 0 && errno == EINTR));
	return rc > 0 ? 0 : lost(t, strerror(errno));
}

static int
try_address(struct talk *t, const struct addrinfo *a)
{
	socklen_t n = sizeof(int);
	int error = 0;

	t->fd = socket(a->ai_family,
	    a->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, a->ai_protocol);
	if (t->fd < 0)
		return lost(t, strerror(errno));
	if (connect(t->fd, a->ai_addr, a->ai_addrlen) == 0)
		return 0;
	if (errno != EINPROGRESS)
		error = errno;
	else if (wait_for(t, POLLOUT) != 0)
		return -1;
	else
		getsockopt(t->fd, SOL_SOCKET, SO_ERROR, &error, &n);
	return error == 0 ? 0 : lost(t, strerror(error));
}

static int
connect_to(struct talk *t)
{
	const struct addrinfo want = { .ai_socktype = SOCK_STREAM };
	struct addrinfo *list, *a;
	char host[HOST_MAX + 1], port[PORT_MAX + 1];
	int rc;

	if (split_url(t->url, host, port, t->err) != 0)
		return -1;
	rc = getaddrinfo(host, port, &want, &list);
	if (rc != 0)
		return lost(t, gai_strerror(rc));
	for (rc = -1, a = list; rc != 0 && a != NULL; a = a->ai_next) {
		if (t->fd >= 0)
			close(t->fd);
		rc = try_address(t, a);
	}
	freeaddrinfo(list);
	return rc;
}

static int
send_all(const struct talk *t, const struct buf *bytes)
{
	size_t sent = 0;
	ssize_t n;

	while (sent < bytes->len) {
		n = send(t->fd, bytes->data + sent, bytes->len - sent,
		    MSG_NOSIGNAL);
		if (n > 0)
			sent += (size_t)n;
		else if (errno != EAGAIN && errno != EINTR)
			return lost(t, strerror(errno));
		else if (wait_for(t, POLLOUT) != 0)
			return -1;
	}
	return 0;
}

static int
receive_all(const struct talk *t, struct buf *out)
{
	char piece[64 * 1024];
	ssize_t n;

	while ((n = recv(t->fd, piece, sizeof(piece), 0)) != 0) {
		if (n > 0 && buf_add(out, piece, (size_t)n) != 0)
			return lost(t, "it is too long");
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return lost(t, strerror(errno));
		if (n < 0 && wait_for(t, POLLIN) != 0)
			return -1;
	}
	return 0;
}

/* --- question and answer --- */

static int
send_question(const struct talk *t, const struct ctl_question *q)
{
	struct buf head;
	int rc;

	buf_init(&head, HEAD_MAX);
	buf_addf(&head,
	    "%s %s HTTP/1.1\r\nHost: gcs-sim\r\nConnection: close\r\n"
	    "Content-Length: %zu\r\n\r\n",
	    q->method, q->target.data, q->body.len);
	rc = head.full ? err_set(t->err, ERR_USAGE, "the words are too long")
		       : send_all(t, &head);
	buf_release(&head);
	return rc == 0 ? send_all(t, &q->body) : -1;
}

/* "Content-Length: 12", or none, of n bytes that came. */
static bool
is_whole(const char *head, size_t n)
{
	const char *line;

	for (line = head; line != NULL; line = strstr(line, "\r\n")) {
		line += line != head ? 2 : 0;
		if (strncasecmp(line, "Content-Length:", 15) == 0)
			return strtoull(line + 15, NULL, 10) == n;
	}
	return true;
}

static int
split_answer(const struct talk *t, const struct buf *bytes,
    struct ctl_answer *a)
{
	const char *end = strstr(bytes->data, "\r\n\r\n");
	size_t n;

	if (end == NULL || !str_starts(bytes->data, "HTTP/1.1 "))
		return lost(t, "it ended before one, or speaks no HTTP");
	n = bytes->len - (size_t)(end + 4 - bytes->data);
	a->status = atoi(bytes->data + 9);
	if (!is_whole(bytes->data, n))
		return lost(t, "it ended in the middle");
	return buf_add(&a->body, end + 4, n);
}

int
ctl_ask(const char *url, const struct ctl_question *q, uint64_t timeout_us,
    struct ctl_answer *a, struct err *err)
{
	struct talk t = { .url = url,
		.fd = -1,
		.end_us = ctl_now_us() + timeout_us,
		.err = err };
	struct buf bytes;
	int rc = connect_to(&t);

	buf_init(&bytes, ANSWER_MAX);
	buf_clear(&a->body);
	if (rc == 0)
		rc = send_question(&t, q);
	if (rc == 0)
		rc = receive_all(&t, &bytes);
	if (rc == 0)
		rc = split_answer(&t, &bytes, a);
	buf_release(&bytes);
	if (t.fd >= 0)
		close(t.fd);
	return rc;
}
