/* SPDX-License-Identifier: MIT */
/* A request is on the wire from its writing to the end of its answer, and says
 * so to the loop, as the driver does. */
#include "tests/unit/sim_client.h"

#include <check.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "sim/sim.h"
#include "src/base/mem.h"
#include "src/base/vec.h"

enum { HEAD_MAX = 1 << 16, BODY_MAX = 1 << 28 };

struct exchange {
	struct buf request;
	struct sim_answer answer;
};

struct connection {
	struct sim_client *client;
	struct bufferevent *bev;
	struct exchange *now; /* NULL: idle */
};

struct sim_client {
	struct loop *loop;
	uint16_t port;
	struct connection *connections;
	size_t n;
	VEC(struct exchange *) exchanges;
	size_t next; /* not sent yet */
	size_t open; /* sent and not answered */
};

static void send_next(struct connection *k);

static void
finish(struct connection *k, bool closed)
{
	struct sim_client *c = k->client;

	k->now->answer.closed = closed;
	k->now = NULL;
	c->open--;
	loop_settled(c->loop);
	if (closed) {
		bufferevent_free(k->bev);
		k->bev = NULL;
	}
	send_next(k);
}

/* The length of the body that is to come. */
static size_t
body_length(const struct exchange *e)
{
	const char *line = strstr(e->answer.head.data, "\r\nContent-Length:");
	bool has_body = strncmp(e->request.data, "HEAD ", 5) != 0;

	return line != NULL && has_body ? (size_t)strtoul(line + 17, NULL, 10)
					: 0;
}

static bool
take_head(struct sim_answer *a, struct evbuffer *in)
{
	struct evbuffer_ptr end = evbuffer_search(in, "\r\n\r\n", 4, NULL);
	char *text;

	if (end.pos < 0)
		return false;
	text = mem_zalloc((size_t)end.pos + 5, 1);
	evbuffer_remove(in, text, (size_t)end.pos + 4);
	buf_adds(&a->head, text);
	free(text);
	a->status = atoi(a->head.data + strlen("HTTP/1.1 "));
	return true;
}

static void
on_read(struct bufferevent *bev, void *arg)
{
	struct connection *k = arg;
	struct evbuffer *in = bufferevent_get_input(bev);
	struct sim_answer *a;
	char piece[4096];
	size_t want;
	int got;

	if (k->now == NULL)
		return;
	a = &k->now->answer;
	if (a->status == 0 && !take_head(a, in))
		return;
	want = body_length(k->now) - a->body.len;
	while (want > 0 &&
	    (got = evbuffer_remove(in, piece,
		 want < sizeof(piece) ? want : sizeof(piece))) > 0) {
		buf_add(&a->body, piece, (size_t)got);
		want -= (size_t)got;
	}
	/* One that announces its end is over when the end has come. */
	if (want == 0 && strstr(a->head.data, "\r\nConnection: close") == NULL)
		finish(k, false);
}

static void
on_event(struct bufferevent *bev, short what, void *arg)
{
	struct connection *k = arg;

	(void)bev;
	if (!(what & (BEV_EVENT_EOF | BEV_EVENT_ERROR)))
		return;
	if (k->now != NULL) {
		finish(k, true);
		return;
	}
	bufferevent_free(k->bev);
	k->bev = NULL;
}

static void
open_connection(struct connection *k)
{
	struct sockaddr_in address = { .sin_family = AF_INET };

	address.sin_port = htons(k->client->port);
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	k->bev = bufferevent_socket_new(loop_events(k->client->loop), -1,
	    BEV_OPT_CLOSE_ON_FREE);
	bufferevent_setcb(k->bev, on_read, NULL, on_event, k);
	bufferevent_enable(k->bev, EV_READ | EV_WRITE);
	ck_assert_int_eq(bufferevent_socket_connect(k->bev,
			     (struct sockaddr *)&address, sizeof(address)),
	    0);
}

static void
send_next(struct connection *k)
{
	struct sim_client *c = k->client;

	if (c->next == c->exchanges.n)
		return;
	k->now = c->exchanges.v[c->next++];
	if (k->bev == NULL)
		open_connection(k);
	c->open++;
	loop_sent(c->loop);
	bufferevent_write(k->bev, k->now->request.data, k->now->request.len);
}

struct sim_client *
sim_client_new(struct loop *loop, const struct sim *sim, size_t connections)
{
	struct sim_client *c = mem_zalloc(1, sizeof(*c));
	size_t i;

	c->loop = loop;
	c->port = (uint16_t)atoi(strrchr(sim_url(sim), ':') + 1);
	c->connections = mem_zalloc(connections, sizeof(*c->connections));
	c->n = connections;
	for (i = 0; i < connections; i++)
		c->connections[i].client = c;
	return c;
}

void
sim_client_hang_up(struct sim_client *c)
{
	struct connection *k;

	for (k = c->connections; k < c->connections + c->n; k++) {
		if (k->now != NULL) {
			loop_settled(c->loop);
			c->open--;
		}
		if (k->bev != NULL)
			bufferevent_free(k->bev);
		k->now = NULL;
		k->bev = NULL;
	}
}

void
sim_client_free(struct sim_client *c)
{
	struct exchange *e;
	size_t i;

	sim_client_hang_up(c);
	for (i = 0; i < c->exchanges.n; i++) {
		e = c->exchanges.v[i];
		buf_release(&e->request);
		buf_release(&e->answer.head);
		buf_release(&e->answer.body);
		free(e);
	}
	vec_release(&c->exchanges);
	free(c->connections);
	free(c);
}

size_t
sim_client_raw(struct sim_client *c, const void *bytes, size_t n)
{
	struct exchange *e = mem_zalloc(1, sizeof(*e));

	buf_init(&e->request, BODY_MAX);
	buf_init(&e->answer.head, HEAD_MAX);
	buf_init(&e->answer.body, BODY_MAX);
	buf_add(&e->request, bytes, n);
	*vec_push(&c->exchanges) = e;
	return c->exchanges.n - 1;
}

size_t
sim_client_ask(struct sim_client *c, const char *method, const char *target,
    const char *body)
{
	struct buf text;
	size_t number;

	buf_init(&text, BODY_MAX);
	buf_addf(&text, "%s %s HTTP/1.1\r\nHost: storage.test:4443\r\n", method,
	    target);
	if (body != NULL || method[0] == 'P') /* POST, PUT, PATCH */
		buf_addf(&text, "Content-Length: %zu\r\n",
		    body != NULL ? strlen(body) : 0);
	buf_adds(&text, "\r\n");
	buf_adds(&text, body != NULL ? body : "");
	number = sim_client_raw(c, text.data, text.len);
	buf_release(&text);
	return number;
}

void
sim_client_start(struct sim_client *c)
{
	size_t i;

	for (i = 0; i < c->n; i++) {
		if (c->connections[i].now == NULL)
			send_next(&c->connections[i]);
	}
}

void
sim_client_run(struct sim_client *c)
{
	struct err err = ERR_INIT;

	sim_client_start(c);
	while (c->open > 0 || c->next < c->exchanges.n)
		ck_assert_msg(loop_step(c->loop, &err) == 0, "%s", err.text);
}

const struct sim_answer *
sim_client_answer(const struct sim_client *c, size_t number)
{
	return &c->exchanges.v[number]->answer;
}

const struct sim_answer *
sim_client_get(struct sim_client *c, const char *method, const char *target)
{
	size_t number = sim_client_ask(c, method, target, NULL);

	sim_client_run(c);
	return sim_client_answer(c, number);
}

bool
sim_answer_has(const struct sim_answer *a, const char *line)
{
	const char *at = strstr(a->head.data, line);

	return at != NULL && strncmp(at + strlen(line), "\r\n", 2) == 0;
}

void
sim_world_start(struct sim_world *w, enum loop_clock clock,
    const struct sim_opts *opts, size_t connections)
{
	struct err err = ERR_INIT;

	w->loop = loop_new(clock);
	w->sim = sim_start_on(w->loop, opts, &err);
	ck_assert_msg(w->sim != NULL, "%s", err.text);
	w->client = sim_client_new(w->loop, w->sim, connections);
}

void
sim_world_stop(struct sim_world *w)
{
	sim_client_free(w->client);
	sim_stop(w->sim);
	loop_free(w->loop);
}
