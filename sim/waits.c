/* SPDX-License-Identifier: MIT */
/* One timer for each: it is due at the end, and now when something changed. */
#include "sim/waits.h"

#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#include "sim/control_priv.h"
#include "sim/expect.h"
#include "sim/http.h"
#include "sim/sim_priv.h"
#include "src/base/loop.h"
#include "src/base/mem.h"

struct waiter {
	struct waiter *next;
	struct waits *waits;
	struct http_exchange *x;
	struct event *watch; /* on its client */
	struct loop_timer timer;
	uint64_t until;
	char scope[SCOPE_NAME_MAX + 1];
	struct expect expect;
};

/* Whoever calls it answers or drops what it answers. */
static struct http_exchange *
take_out(struct waiter *p)
{
	struct waiter **at = &p->waits->list;
	struct http_exchange *x = p->x;

	while (*at != p)
		at = &(*at)->next;
	*at = p->next;
	loop_timer_cancel(&p->timer);
	loop_unpark(p->waits->sim->loop);
	event_free(p->watch);
	free(p);
	return x;
}

static void
on_gone(evutil_socket_t fd, short what, void *arg)
{
	(void)fd, (void)what;
	http_drop(take_out(arg));
}

static void
on_due(void *arg)
{
	struct waiter *p = arg;
	struct sim *sim = p->waits->sim;
	const struct scope *sc = scopes_find(&sim->scopes, p->scope);
	struct control c = { .sim = sim };

	if (sc != NULL && !p->waits->is_draining &&
	    loop_now(sim->loop) < p->until &&
	    !expect_check(&p->expect, &sc->tally, &sim->tariff, NULL)) {
		loop_timer_set(&p->timer, p->until);
		return;
	}
	reply_clear(&sim->reply, true);
	control_tell_expected(&c, &p->expect, p->scope);
	c.x = take_out(p);
	control_send(&c);
}

static void
look_at_all(void *arg)
{
	struct waits *w = arg;
	struct waiter *p;

	for (p = w->list; p != NULL; p = p->next)
		loop_timer_set(&p->timer, loop_now(w->sim->loop));
}

void
waits_init(struct waits *w, struct sim *sim)
{
	*w = (struct waits){ .sim = sim };
	sim->scopes.on_change = look_at_all;
	sim->scopes.change_arg = w;
}

void
waits_release(struct waits *w)
{
	while (w->list != NULL)
		http_drop(take_out(w->list));
}

bool
waits_hold(struct waits *w, struct http_exchange *x, const struct expect *e,
    const struct scope *sc, uint64_t us)
{
	struct loop *loop = w->sim->loop;
	struct waiter *p;

	if (us == 0 || w->is_draining)
		return false;
	p = mem_zalloc(1, sizeof(*p));
	p->waits = w;
	p->x = x;
	p->expect = *e;
	memcpy(p->scope, sc->name, sizeof(p->scope));
	p->until = loop_now(loop) + us;
	p->watch = http_watch(w->sim->http, x, on_gone, p);
	loop_timer_init(&p->timer, loop, on_due, p);
	loop_timer_set(&p->timer, p->until);
	loop_park(loop);
	p->next = w->list;
	w->list = p;
	return true;
}

void
waits_drain(struct waits *w)
{
	w->is_draining = true;
	look_at_all(w);
}
