/* SPDX-License-Identifier: MIT */
/*
 * What came lies in one buffer, and an answer is cut off its front as soon as
 * it is whole.  The clock stands while an answer is awaited; it moves for
 * requests of which the server has a part only, since nothing but a deadline
 * can answer those.
 */
#include "tests/contract/client.h"

#include <errno.h>
#include <event2/event.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "src/base/loop.h"
#include "src/base/mem.h"

enum {
	HEAD_MAX = 1 << 16,
	BODY_MAX = 1 << 28,
	LOOKS = 8 /* to connect, accept, write, read, answer, read; and two */
};

struct client {
	struct loop *loop;
	uint16_t port;
	int fd; /* -1: not connected */
	struct event *readable;
	struct event *writable; /* while something is left to write */
	struct buf out;
	size_t written;
	struct buf in;
	bool has_ended;
	struct client_answer answer;
	struct err err;
};

/* --- the connection --- */

static void
on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct client *c = arg;
	char piece[16384];
	ssize_t got = recv(fd, piece, sizeof(piece), MSG_DONTWAIT);

	(void)what;
	if (got > 0) {
		buf_add(&c->in, piece, (size_t)got);
	} else if (got == 0 || errno != EAGAIN) {
		c->has_ended = true;
		event_del(c->readable);
		event_del(c->writable);
	}
}

/* A server that refuses a body stops reading it: that is its right. */
static void
on_writable(evutil_socket_t fd, short what, void *arg)
{
	struct client *c = arg;
	ssize_t put = send(fd, c->out.data + c->written,
	    c->out.len - c->written, MSG_DONTWAIT | MSG_NOSIGNAL);

	(void)what;
	if (put > 0)
		c->written += (size_t)put;
	if (c->written == c->out.len || (put < 0 && errno != EAGAIN))
		event_del(c->writable);
}

static void
hang_up(struct client *c)
{
	if (c->fd < 0)
		return;
	event_free(c->readable);
	event_free(c->writable);
	close(c->fd);
	c->fd = -1;
}

static void
connect_again(struct client *c)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	int on = 1;

	hang_up(c);
	address.sin_port = htons(c->port);
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (connect(c->fd, (struct sockaddr *)&address, sizeof(address)) != 0)
		abort(); /* the server listens on this very loop */
	/* A part of a request leaves before the one before it is confirmed. */
	setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	c->readable = event_new(loop_events(c->loop), c->fd,
	    EV_READ | EV_PERSIST, on_readable, c);
	c->writable = event_new(loop_events(c->loop), c->fd,
	    EV_WRITE | EV_PERSIST, on_writable, c);
	event_add(c->readable, NULL);
	c->has_ended = false;
	buf_clear(&c->in);
}

struct client *
client_new(struct loop *loop, const char *url)
{
	struct client *c = mem_zalloc(1, sizeof(*c));

	c->loop = loop;
	c->port = (uint16_t)atoi(strrchr(url, ':') + 1);
	c->fd = -1;
	buf_init(&c->out, BODY_MAX);
	buf_init(&c->in, BODY_MAX);
	buf_init(&c->answer.head, HEAD_MAX);
	buf_init(&c->answer.body, BODY_MAX);
	return c;
}

void
client_free(struct client *c)
{
	hang_up(c);
	buf_release(&c->out);
	buf_release(&c->in);
	buf_release(&c->answer.head);
	buf_release(&c->answer.body);
	free(c);
}

void
client_send(struct client *c, const void *bytes, size_t n)
{
	if (c->fd < 0 || c->has_ended)
		connect_again(c);
	if (c->written == c->out.len) {
		buf_clear(&c->out);
		c->written = 0;
	}
	buf_add(&c->out, bytes, n);
	event_add(c->writable, NULL);
}

/* --- answers --- */

/* A header's value up to its line's end, or NULL. */
static const char *
find_header(const char *head, const char *name)
{
	size_t n = strlen(name);
	const char *line;

	for (line = strstr(head, "\r\n"); line != NULL;
	     line = strstr(line, "\r\n")) {
		line += 2;
		if (strncasecmp(line, name, n) == 0 && line[n] == ':')
			return line + n + 1;
	}
	return NULL;
}

/* Bytes that a chunked body takes in all, or 0 while it is unfinished. */
static size_t
take_chunks(const char *text, size_t n, struct buf *body)
{
	size_t at = 0, size;
	const char *end;

	buf_clear(body);
	for (;;) {
		end = memmem(text + at, n - at, "\r\n", 2);
		if (end == NULL)
			return 0;
		size = strtoul(text + at, NULL, 16);
		at = (size_t)(end - text) + 2;
		if (n - at < size + 2)
			return 0;
		buf_add(body, text + at, size);
		at += size + 2;
		if (size == 0)
			return at;
	}
}

/* The body of the answer whose head is there; false while more must come.
 * *used: how many bytes it takes. */
static bool
take_body(struct client *c, bool has_body, const char *text, size_t n,
    size_t *used)
{
	struct client_answer *a = &c->answer;
	const char *length = find_header(a->head.data, "Content-Length");

	*used = 0;
	buf_clear(&a->body);
	if (!has_body || a->status < 200 || a->status == 204 ||
	    a->status == 304)
		return true;
	if (find_header(a->head.data, "Transfer-Encoding") != NULL)
		return (*used = take_chunks(text, n, &a->body)) > 0;
	if (length != NULL)
		*used = strtoul(length, NULL, 10);
	else if (c->has_ended)
		*used = n;
	if (n < *used || (length == NULL && !c->has_ended))
		return false;
	buf_add(&a->body, text, *used);
	return true;
}

/* Cuts the next whole answer off what came. */
static bool
take_answer(struct client *c, bool has_body)
{
	const char *end = c->in.len > 0
	    ? memmem(c->in.data, c->in.len, "\r\n\r\n", 4)
	    : NULL;
	size_t head, used, left;
	char *rest;

	if (end == NULL)
		return false;
	head = (size_t)(end - c->in.data) + 4;
	buf_clear(&c->answer.head);
	buf_add(&c->answer.head, c->in.data, head);
	c->answer.status = atoi(c->answer.head.data + strlen("HTTP/1.1 "));
	if (!take_body(c, has_body, end + 4, c->in.len - head, &used))
		return false;
	left = c->in.len - head - used;
	rest = mem_alloc(left + 1);
	memcpy(rest, c->in.data + head + used, left);
	buf_clear(&c->in);
	buf_add(&c->in, rest, left);
	free(rest);
	return true;
}

/* The server gets to see what was sent before the clock moves: on loopback what
 * was written is readable at once. */
static void
settle(struct client *c)
{
	int i;

	for (i = 0; i < LOOKS; i++)
		loop_look(c->loop);
}

const char *
client_hear(struct client *c, bool has_body, bool is_whole,
    const struct client_answer **out)
{
	const char *fault = NULL;
	bool has_answer;

	*out = &c->answer;
	if (c->fd < 0)
		return "nothing was asked";
	if (is_whole)
		loop_sent(c->loop);
	else
		settle(c);
	while (!(has_answer = take_answer(c, has_body)) && !c->has_ended &&
	    fault == NULL) {
		if (loop_step(c->loop, &c->err) != 0)
			fault = c->err.text;
	}
	if (is_whole)
		loop_settled(c->loop);
	if (!has_answer && fault == NULL && !take_answer(c, has_body))
		return "the connection was closed without an answer";
	return fault;
}

const char *
client_hear_end(struct client *c)
{
	const char *fault = NULL;

	loop_sent(c->loop);
	while (!c->has_ended && fault == NULL) {
		if (loop_step(c->loop, &c->err) != 0)
			fault = "the connection stays open";
	}
	loop_settled(c->loop);
	if (fault == NULL && c->in.len > 0)
		fault = "more came before the connection was closed";
	return fault;
}

static void
on_due(void *arg)
{
	bool *is_over = arg;

	*is_over = true;
}

const char *
client_wait(struct client *c, uint64_t us)
{
	struct loop_timer timer;
	bool is_over = false;
	const char *fault = NULL;

	settle(c);
	loop_timer_init(&timer, c->loop, on_due, &is_over);
	loop_timer_set(&timer, loop_now(c->loop) + us);
	while (!is_over && fault == NULL) {
		if (loop_step(c->loop, &c->err) != 0)
			fault = c->err.text;
	}
	loop_timer_cancel(&timer);
	return fault;
}
