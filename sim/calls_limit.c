/* SPDX-License-Identifier: MIT */
/*
 * What a call is to the limits: a read or a write of its bucket, or of none; the
 * names that it touches; and whether that is a mutation of them.
 *
 * Google counts "create, update, and delete" of one name.  A resumable upload is
 * one such mutation, counted when it starts, as in the bill (method.h), and an
 * XML multipart upload one when it is completed: the requests that bring bytes
 * write to the bucket and mutate nothing.  A move mutates both its names.
 */
#include "sim/calls_priv.h"

#include <stdlib.h>

#include "sim/bucket.h"
#include "sim/sim_priv.h"
#include "sim/http.h"
#include "sim/xml_delete.h"
#include "src/base/buf.h"
#include "src/base/mem.h"

static const bool is_mutation[OPERATIONS] = {
	[OP_OBJECT_INSERT] = true,
	[OP_OBJECT_DELETE] = true,
	[OP_OBJECT_PATCH] = true,
	[OP_OBJECT_UPDATE] = true,
	[OP_OBJECT_COMPOSE] = true,
	[OP_OBJECT_COPY] = true,
	[OP_OBJECT_REWRITE] = true,
	[OP_OBJECT_MOVE] = true,
	[OP_OBJECT_RESTORE] = true,
	[OP_XML_MULTI_DELETE] = true,
	[OP_XML_PUT] = true,
	[OP_XML_DELETE] = true,
	[OP_XML_UPLOAD_COMPLETE] = true,
};

/* Its names; release in any case. */
struct touched {
	struct limits_name few[2];
	struct limits_name *many; /* or NULL */
	size_t n;
	struct xml_delete delete; /* whose they are */
};

static void
add_name(struct touched *t, const struct buf *name)
{
	if (name->len > 0)
		t->few[t->n++] = (struct limits_name){ name->data, name->len };
}

/* What is no Delete will be refused, and names nothing. */
static void
add_victims(struct touched *t, const struct call *c)
{
	const struct xml_victim *v;
	const void *body;
	size_t i, n;

	body = http_body(c->x, &n);
	if (xml_delete_parse(&t->delete, body, n) != NULL)
		return;
	t->n = t->delete.victims.n;
	t->many = mem_zalloc(t->n, sizeof(*t->many));
	for (i = 0; i < t->n; i++) {
		v = &t->delete.victims.v[i];
		t->many[i] = (struct limits_name){ v->name, v->name_len };
	}
}

/* A list's "name" is a prefix, and a bulk restore's none. */
static void
find_touched(struct touched *t, const struct call *c)
{
	const struct route *r = &c->route;

	*t = (struct touched){ .n = 0 };
	if (r->op == OP_XML_MULTI_DELETE)
		add_victims(t, c);
	else if (r->kind != SIM_LIST)
		add_name(t, &r->name);
	if (r->op == OP_OBJECT_MOVE)
		add_name(t, &r->source_name);
}

static void
release(struct touched *t, const struct call *c)
{
	if (c->route.op == OP_XML_MULTI_DELETE)
		xml_delete_release(&t->delete);
	free(t->many);
}

static bool
makes_buckets(enum operation op)
{
	return op == OP_BUCKET_INSERT || op == OP_BUCKET_DELETE ||
	    op == OP_XML_BUCKET_PUT || op == OP_XML_BUCKET_DELETE;
}

/* How many writes of its bucket it is. */
static uint64_t
count_tokens(const struct call *c, const struct touched *t)
{
	bool is_many = c->route.op == OP_XML_MULTI_DELETE && t->n > 0 &&
	    !c->sim->world.multidelete_is_one_write;

	return is_many ? t->n : 1;
}

static void
decide_on_objects(struct call *c, const struct bucket *b, uint64_t now_us)
{
	enum sim_kind kind = c->route.kind;
	struct limits_ask ask = { .bucket = b->name,
		.is_mutation = is_mutation[c->route.op] };
	struct touched t;

	find_touched(&t, c);
	ask.class = kind == SIM_LIST || kind == SIM_GET ? LIMITS_READ
							: LIMITS_WRITE;
	ask.tokens = count_tokens(c, &t);
	ask.names = t.many != NULL ? t.many : t.few;
	ask.names_n = t.n;
	limits_decide(&c->sim->world.limits, &ask, now_us, &c->limit);
	release(&t, c);
}

void
calls_limit(struct call *c, uint64_t now_us)
{
	static const struct limits_ask make = { .class = LIMITS_MAKE,
		.tokens = 1 };
	const struct route *r = &c->route;
	struct world *w = &c->sim->world;
	const struct bucket *b;

	c->limit = (struct limits_verdict){ .passes = true };
	if (!limits_exist(&w->limits))
		return;
	if (makes_buckets(r->op)) {
		limits_decide(&w->limits, &make, now_us, &c->limit);
	} else if (r->kind != SIM_BUCKET && r->kind != SIM_OTHER) {
		b = world_find(w, r->bucket.data, r->bucket.len);
		if (b != NULL)
			decide_on_objects(c, b, now_us);
	}
}

/* Whole seconds, and none too few. */
static uint64_t
seconds(uint64_t us)
{
	return us / 1000000 + (us % 1000000 != 0);
}

void
calls_limit_answer(const struct call *c, struct reply *reply)
{
	const struct route *r = &c->route;
	uint64_t retry_after_us = c->sim->world.limits.retry_after_us;

	if (c->limit.status == 503)
		reply_trouble(reply, 503);
	else if (c->limit.by == SIM_LIMIT_BUCKETS)
		reply_throttled_project(reply);
	else
		reply_throttled(reply,
		    r->kind == SIM_PUT || r->kind == SIM_DELETE, r->bucket.data,
		    r->name.data, r->name.len);
	if (retry_after_us > 0)
		buf_addf(&reply->head, "Retry-After: %llu\r\n",
		    (unsigned long long)seconds(retry_after_us));
}
