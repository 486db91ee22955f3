/* SPDX-License-Identifier: MIT */
/*
 * The floor: what the same requests cost when nothing is done beside sending
 * them and finding the end of each answer.  No library, no retries, no limits
 * of time; each connection carries one request at a time, as the others' do.
 *
 *	floor URL CONNECTIONS [SERVER-PID] <requests
 *
 * A line of standard input is a method and a target, "DELETE /storage/v1/...";
 * the requests are written out before the clock starts.  With the id of the
 * server's process its processor time over the same stretch is printed too.
 *
 * All sockets are watched from birth, edge-triggered: the first edge says that
 * a connection stands, each later one that more of an answer has come.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "bench/watch.h"

enum {
	HEAD_MAX = 4096, /* bytes of an answer's head; ours have some 500 */
	EDGES = 64,      /* taken from the kernel at once */
	LINE_MAX_BYTES = 8192
};

struct connection {
	int fd;
	bool is_busy;
	bool has_head; /* all of it, and only body is still missing */
	size_t have;   /* bytes of the head */
	size_t missing;
	double began;
	char head[HEAD_MAX];
};

struct floor {
	char *text;  /* all requests, one behind the other */
	size_t *end; /* end[i]: where request i ends, and i + 1 begins */
	uint32_t *took_us;
	size_t count, next, answers, successes;
	int epoll;
};

static _Noreturn void
die(const char *what)
{
	fprintf(stderr, "floor: %s: %s\n", what, strerror(errno));
	exit(EXIT_FAILURE);
}

/* --- requests --- */

/* The head that gcsweep sends, byte for byte. */
static void
read_requests(struct floor *f, const char *host)
{
	char line[LINE_MAX_BYTES];
	size_t bytes = 0, room = 0;
	FILE *text = open_memstream(&f->text, &bytes);
	size_t at = 0;

	while (fgets(line, sizeof(line), stdin) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		at += (size_t)fprintf(text,
		    "%s HTTP/1.1\r\nHost: %s\r\nUser-Agent: gcsweep\r\n"
		    "Accept: */*\r\n\r\n",
		    line, host);
		if (f->count == room) {
			room = room ? 2 * room : 1024;
			f->end = realloc(f->end, room * sizeof(*f->end));
			if (f->end == NULL)
				die("requests");
		}
		f->end[f->count++] = at;
	}
	if (fclose(text) != 0)
		die("requests");
	f->took_us = calloc(f->count + 1, sizeof(*f->took_us));
	if (f->took_us == NULL)
		die("requests");
}

/* A request is far smaller than a socket's empty buffer: it goes in whole. */
static void
send_next(struct floor *f, struct connection *c)
{
	size_t i = f->next, from = i == 0 ? 0 : f->end[i - 1];
	ssize_t n;

	c->is_busy = i < f->count;
	if (!c->is_busy)
		return;
	f->next++;
	c->has_head = false;
	c->have = 0;
	c->began = watch_clock(CLOCK_MONOTONIC);
	n = send(c->fd, f->text + from, f->end[i] - from, MSG_NOSIGNAL);
	if (n != (ssize_t)(f->end[i] - from))
		die("send");
}

/* --- answers --- */

/* A 204 has no body, and its head need not be searched for a length. */
static size_t
body_length(const char *head)
{
	static const char name[] = "\r\nContent-Length:";
	const char *at;

	if (memcmp(head + strlen("HTTP/1.1 "), "204", 3) == 0)
		return 0;
	if ((at = strcasestr(head, name)) == NULL) {
		errno = EPROTO;
		die("an answer without Content-Length");
	}
	return strtoul(at + strlen(name), NULL, 10);
}

/* n more bytes came behind what is there of the head. */
static void
take_head(struct connection *c, size_t n)
{
	const char *end;
	size_t body;

	c->head[c->have += n] = '\0';
	if ((end = strstr(c->head, "\r\n\r\n")) == NULL)
		return;
	c->has_head = true;
	body = c->have - (size_t)(end + 4 - c->head);
	c->missing = body_length(c->head) - body;
}

static void
settle(struct floor *f, struct connection *c)
{
	double took = watch_clock(CLOCK_MONOTONIC) - c->began;

	f->took_us[f->answers++] = (uint32_t)(took * 1e6);
	f->successes += c->head[strlen("HTTP/1.1 ")] == '2';
}

/* Reads until the answer is whole or no more of it is there.  Bodies are
 * counted and not looked at, so the kernel need not copy them (MSG_TRUNC). */
static void
receive(struct floor *f, struct connection *c)
{
	ssize_t n;

	while (!c->has_head || c->missing > 0) {
		n = c->has_head
		    ? recv(c->fd, NULL, c->missing, MSG_TRUNC)
		    : recv(c->fd, c->head + c->have, HEAD_MAX - 1 - c->have, 0);
		if (n < 0 && errno == EAGAIN)
			return;
		if (n == 0)
			errno = ECONNRESET;
		if (n <= 0)
			die("an answer broke off");
		if (c->has_head)
			c->missing -= (size_t)n;
		else
			take_head(c, (size_t)n);
	}
	settle(f, c);
	send_next(f, c);
}

/* --- connections --- */

static void
open_connection(struct floor *f, struct connection *c,
    const struct sockaddr_in *server)
{
	struct epoll_event edge = {
		.events = EPOLLIN | EPOLLOUT | EPOLLET,
		.data.ptr = c,
	};
	int on = 1;

	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	if (c->fd < 0)
		die("socket");
	setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (connect(c->fd, (const struct sockaddr *)server, sizeof(*server)) !=
		0 &&
	    errno != EINPROGRESS)
		die("connect");
	if (epoll_ctl(f->epoll, EPOLL_CTL_ADD, c->fd, &edge) != 0)
		die("epoll_ctl");
}

static void
run(struct floor *f, size_t connections, const struct sockaddr_in *server)
{
	struct connection *all = calloc(connections, sizeof(*all));
	struct epoll_event edges[EDGES];
	int i, n;
	size_t k;

	f->epoll = epoll_create1(0);
	for (k = 0; k < connections; k++)
		open_connection(f, &all[k], server);
	while (f->answers < f->count) {
		if ((n = epoll_wait(f->epoll, edges, EDGES, -1)) < 0)
			die("epoll_wait");
		for (i = 0; i < n; i++) {
			struct connection *c = edges[i].data.ptr;

			if (c->is_busy)
				receive(f, c);
			else
				send_next(f, c);
		}
	}
	free(all);
}

/* --- the program --- */

static int
by_size(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static void
report(struct floor *f, const struct watch *w)
{
	printf("answers %zu ok %zu ", f->answers, f->successes);
	watch_print(w);
	qsort(f->took_us, f->count, sizeof(*f->took_us), by_size);
	printf(" p50_us %u p90_us %u p99_us %u max_us %u",
	    f->took_us[f->count / 2], f->took_us[f->count * 90 / 100],
	    f->took_us[f->count * 99 / 100], f->took_us[f->count - 1]);
}

/* "http://127.0.0.1:8080"; answers host and port. */
static const char *
parse_url(const char *url, struct sockaddr_in *server)
{
	char host[16];
	unsigned short port;

	if (sscanf(url, "http://%15[0-9.]:%hu", host, &port) != 2)
		return NULL;
	server->sin_family = AF_INET;
	server->sin_port = htons(port);
	return inet_pton(AF_INET, host, &server->sin_addr) == 1
	    ? strstr(url, "//") + 2
	    : NULL;
}

int
main(int argc, char **argv)
{
	clockid_t server_clock = CLOCK_MONOTONIC;
	struct sockaddr_in server = { 0 };
	struct floor f = { 0 };
	const char *host = argc > 1 ? parse_url(argv[1], &server) : NULL;
	size_t connections = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;
	double server_cpu;
	struct watch w;

	if (host == NULL || connections == 0 || argc > 4) {
		fputs("usage: floor URL CONNECTIONS [SERVER-PID] <requests\n",
		    stderr);
		return 2;
	}
	if (argc == 4 &&
	    clock_getcpuclockid((pid_t)atoi(argv[3]), &server_clock) != 0)
		die(argv[3]);
	read_requests(&f, host);
	server_cpu = watch_clock(server_clock);
	watch_start(&w);
	run(&f, connections < f.count ? connections : f.count, &server);
	report(&f, &w);
	if (argc == 4)
		printf(" server_cpu %.6f",
		    watch_clock(server_clock) - server_cpu);
	printf("\n");
	free(f.text);
	free(f.end);
	free(f.took_us);
	return EXIT_SUCCESS;
}
