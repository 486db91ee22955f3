/* SPDX-License-Identifier: MIT */
/*
 * An event is formatted once and copied to each client that wants it.  The
 * timers are libevent's and not the loop's, because those move a virtual clock:
 * it is people who wait for a batch.
 */
#include "sim/events.h"

#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#include "sim/access_log.h"
#include "sim/control_priv.h"
#include "sim/sim_priv.h"
#include "sim/http.h"
#include "sim/http_stream.h"
#include "sim/json_out.h"
#include "sim/query.h"
#include "src/base/mem.h"

enum {
	CLIENTS_MAX = 16,
	/* What waits for one client, here and as much again in its stream. */
	WAITING_MAX = 1024 * 1024,
	TYPES_TEXT_MAX = 256,
	BEATS_BETWEEN_COMMENTS = 15
};

/* Twenty batches a second. */
static const struct timeval BATCH = { .tv_usec = 50000 };
static const struct timeval BEAT = { .tv_sec = 1 };

enum type { TYPE_CONFIG, TYPE_REQUEST, TYPE_STATE, TYPE_STATS };
enum { TYPES = TYPE_STATS + 1 };

static const char *const type_names[TYPES] = { "config", "request", "state",
	"stats" };

struct client {
	struct events *events;
	struct client *next;
	struct client **self; /* the link to it */
	struct http_exchange *x;
	unsigned types; /* 1 << enum type, of those that it wants */
	struct buf waiting;
	uint64_t lost;
};

struct events {
	struct sim *sim;
	struct client *clients;
	unsigned n;
	unsigned types; /* that somebody wants */
	unsigned beats;
	struct event *batch;
	struct event *beat;
	struct access_clock clock;
	struct buf text; /* of the event in the making */
};

/* --- telling --- */

static void
arm(struct events *e)
{
	if (!event_pending(e->batch, EV_TIMEOUT, NULL))
		event_add(e->batch, &BATCH);
}

static void
tell(struct client *c, const struct buf *text)
{
	if (text->full || buf_add(&c->waiting, text->data, text->len) != 0) {
		/* What would fit behind it would come out of order. */
		c->waiting.full = true;
		c->lost++;
	}
}

/* Begins an event; false: nobody wants it. */
static bool
begin(struct events *e, enum type type)
{
	if (e == NULL || !(e->types & 1u << type))
		return false;
	buf_clear(&e->text);
	buf_addf(&e->text, "event: %s\ndata: ", type_names[type]);
	return true;
}

/* Its data is complete, a line; only, or all who want it when that is NULL,
 * hears it. */
static void
end(struct events *e, enum type type, struct client *only)
{
	struct client *c;

	buf_addc(&e->text, '\n');
	for (c = e->clients; c != NULL; c = c->next) {
		if ((c->types & 1u << type) && (only == NULL || c == only))
			tell(c, &e->text);
	}
	arm(e);
}

void
events_request(struct events *e, const struct access_entry *entry)
{
	if (!begin(e, TYPE_REQUEST))
		return;
	access_line_add(&e->clock, entry, &e->text);
	end(e, TYPE_REQUEST, NULL);
}

static void
tell_config(struct events *e, struct client *only)
{
	struct json_out w;

	if (!begin(e, TYPE_CONFIG))
		return;
	json_init(&w, &e->text, false, NULL);
	conf_add(&e->sim->conf, true, &w);
	json_end(&w);
	end(e, TYPE_CONFIG, only);
}

void
events_config(struct events *e)
{
	tell_config(e, NULL);
}

void
events_state(struct events *e, const char *what, const char *name)
{
	struct json_out w;

	if (!begin(e, TYPE_STATE))
		return;
	json_init(&w, &e->text, false, NULL);
	json_open(&w, '{');
	json_key(&w, "what");
	json_str(&w, what);
	json_key(&w, "name");
	json_str(&w, name);
	json_close(&w, '}');
	json_end(&w);
	end(e, TYPE_STATE, NULL);
}

static void
tell_stats(struct events *e, struct client *only)
{
	struct json_out w;

	if (!begin(e, TYPE_STATS))
		return;
	json_init(&w, &e->text, false, NULL);
	json_open(&w, '{');
	control_add_counts(e->sim, &w);
	json_close(&w, '}');
	json_end(&w);
	end(e, TYPE_STATS, only);
}

/* --- batches and beats --- */

/* One batch is under way at a time; what comes meanwhile waits for its end. */
static void
send_batch(struct client *c)
{
	if (c->waiting.len == 0 && c->lost == 0)
		return;
	if (http_stream_waiting(c->x) > 0) {
		arm(c->events);
		return;
	}
	http_stream_add(c->x, c->waiting.data, c->waiting.len);
	buf_clear(&c->waiting);
	if (c->lost > 0) {
		buf_addf(&c->waiting,
		    "event: lost\ndata: {\"events\":%llu}\n\n",
		    (unsigned long long)c->lost);
		http_stream_add(c->x, c->waiting.data, c->waiting.len);
		buf_clear(&c->waiting);
	}
	c->lost = 0;
}

static void
on_batch(evutil_socket_t fd, short what, void *arg)
{
	struct events *e = arg;
	struct client *c;

	(void)fd, (void)what;
	for (c = e->clients; c != NULL; c = c->next)
		send_batch(c);
}

/* A comment now and then, for whoever drops connections that are silent. */
static void
on_beat(evutil_socket_t fd, short what, void *arg)
{
	struct events *e = arg;
	struct client *c;

	(void)fd, (void)what;
	tell_stats(e, NULL);
	if (++e->beats % BEATS_BETWEEN_COMMENTS != 0)
		return;
	for (c = e->clients; c != NULL; c = c->next) {
		if (c->waiting.len == 0)
			buf_adds(&c->waiting, ":\n\n");
	}
	arm(e);
}

/* --- clients --- */

static void
count_types(struct events *e)
{
	struct client *c;

	e->types = 0;
	for (c = e->clients; c != NULL; c = c->next)
		e->types |= c->types;
}

static void
on_end(void *arg)
{
	struct client *c = arg;
	struct events *e = c->events;

	*c->self = c->next;
	if (c->next != NULL)
		c->next->self = c->self;
	buf_release(&c->waiting);
	free(c);
	e->n--;
	count_types(e);
	if (e->n > 0)
		return;
	event_del(e->beat);
	event_del(e->batch);
}

static struct client *
add_client(struct events *e, struct http_exchange *x, unsigned types)
{
	struct client *c = mem_zalloc(1, sizeof(*c));

	c->events = e;
	c->x = x;
	c->types = types;
	buf_init(&c->waiting, WAITING_MAX);
	c->next = e->clients;
	c->self = &e->clients;
	if (c->next != NULL)
		c->next->self = &c->next;
	e->clients = c;
	e->n++;
	count_types(e);
	if (!event_pending(e->beat, EV_TIMEOUT, NULL))
		event_add(e->beat, &BEAT);
	return c;
}

/* "request,stats" */
static int
parse_types(const char *text, unsigned *types, struct err *err)
{
	size_t n;
	int i;

	for (*types = 0; *text != '\0'; text += n + (text[n] == ',')) {
		n = strcspn(text, ",");
		for (i = 0; i < TYPES; i++) {
			if (strlen(type_names[i]) == n &&
			    memcmp(type_names[i], text, n) == 0)
				break;
		}
		if (i == TYPES)
			return err_set(err, ERR_USAGE,
			    "types=%s: want some of config, request, state and "
			    "stats, with commas between",
			    text);
		*types |= 1u << i;
	}
	return 0;
}

static int
read_types(const struct query *query, unsigned *types, struct err *err)
{
	struct buf text;
	int rc;

	*types = (1u << TYPES) - 1;
	if (!query_has(query, "types"))
		return 0;
	buf_init(&text, TYPES_TEXT_MAX);
	if (query_get(query, "types", &text) != 0)
		rc = err_set(err, ERR_USAGE, "types= cannot be read");
	else
		rc = parse_types(text.data, types, err);
	buf_release(&text);
	return rc;
}

int
events_open(struct events *e, struct http_exchange *x,
    const struct query *query, struct err *err)
{
	struct client *c;
	unsigned types;

	if (read_types(query, &types, err) != 0)
		return -1;
	if (e->n >= CLIENTS_MAX)
		return err_set(err, ERR_THROTTLED,
		    "%d clients have events already, and more may not",
		    CLIENTS_MAX);
	c = add_client(e, x, types);
	http_stream_open(e->sim->http, x, loop_wall(e->sim->loop),
	    "Content-Type: text/event-stream\r\nCache-Control: no-store\r\n",
	    on_end, c);
	buf_adds(&c->waiting, "retry: 1000\n\n");
	tell_config(e, c);
	tell_stats(e, c);
	send_batch(c);
	return 0;
}

/* --- life --- */

struct events *
events_new(struct sim *sim)
{
	struct events *e = mem_zalloc(1, sizeof(*e));
	struct event_base *base = loop_events(sim->loop);

	e->sim = sim;
	e->batch = evtimer_new(base, on_batch, e);
	e->beat = event_new(base, -1, EV_PERSIST, on_beat, e);
	buf_init(&e->text, WAITING_MAX);
	return e;
}

void
events_free(struct events *e)
{
	if (e == NULL)
		return;
	while (e->clients != NULL)
		http_drop(e->clients->x);
	event_free(e->batch);
	event_free(e->beat);
	buf_release(&e->text);
	free(e);
}
