/* SPDX-License-Identifier: MIT */
/*
 * Nothing is ever taken out of a table: answers are kept in two rounds, and
 * when the younger one is old or large enough, it becomes the older one, whose
 * answers all go at once.
 */
#include "sim/replay.h"

#include <string.h>

#include "sim/reply.h"
#include "sim/routes.h"
#include "src/base/rng.h"

enum {
	/* Measured: a token is known after 115 seconds, unknown after 130. */
	KNOWN_US = 120 * 1000 * 1000,
	ROUND_MAX = 32 * 1024 * 1024,
	/* What an answer takes beside its texts. */
	ANSWER_BYTES = 128
};

struct replay_answer {
	uint64_t at_us;
	const char *key;
	size_t key_n;
	const char *type; /* NULL: none */
	const char *head;
	size_t head_n;
	const char *body;
	size_t body_n;
	int status;
};

static void
init_round(struct replay_round *round)
{
	*round = (struct replay_round){ 0 };
	hmap_init(&round->by_key);
	arena_init(&round->texts);
}

static void
release_round(struct replay_round *round)
{
	vec_release(&round->answers);
	hmap_release(&round->by_key);
	arena_release(&round->texts);
}

void
replay_init(struct replay *r)
{
	init_round(&r->now);
	init_round(&r->before);
}

void
replay_release(struct replay *r)
{
	release_round(&r->now);
	release_round(&r->before);
}

bool
replay_takes(const struct route *route)
{
	switch (route->op) {
	case OP_OBJECT_INSERT:
		return !query_is(&route->query, "uploadType", "resumable");
	case OP_OBJECT_DELETE:
	case OP_OBJECT_PATCH:
	case OP_OBJECT_MOVE:
		return true;
	default:
		return false;
	}
}

/* --- keys --- */

static void
add_text(struct buf *key, const char *text, size_t n)
{
	buf_add(key, &n, sizeof(n));
	buf_add(key, text, n);
}

/* Token, kind and resource: each with its length, so that no two of them read
 * alike together. */
static void
format_key(struct buf *key, const struct route *route, const char *token)
{
	const char op = (char)route->op;

	buf_init(key, 256 * 1024);
	buf_addc(key, op);
	add_text(key, token, strlen(token));
	add_text(key, route->bucket.data, route->bucket.len);
	add_text(key, route->name.data, route->name.len);
	add_text(key, route->source_name.data, route->source_name.len);
}

static bool
is_same(const void *ctx, uint32_t entry, const void *key)
{
	const struct replay_round *round = ctx;
	const struct replay_answer *a = &round->answers.v[entry];
	const struct buf *want = key;

	return a->key_n == want->len &&
	    memcmp(a->key, want->data, want->len) == 0;
}

/* The youngest answer to it that is still known, or NULL. */
static const struct replay_answer *
find(const struct replay_round *round, const struct buf *key, uint64_t hash,
    uint64_t now_us)
{
	uint32_t i = hmap_find(&round->by_key, hash, is_same, round, key);

	return i != HMAP_NONE && now_us - round->answers.v[i].at_us < KNOWN_US
	    ? &round->answers.v[i]
	    : NULL;
}

static const struct replay_answer *
find_any(const struct replay *r, const struct buf *key, uint64_t now_us)
{
	uint64_t hash = rng_hash(key->data, key->len, 0);
	const struct replay_answer *a = find(&r->now, key, hash, now_us);

	return a != NULL ? a : find(&r->before, key, hash, now_us);
}

/* --- answers --- */

bool
replay_get(const struct replay *r, const struct route *route, const char *token,
    uint64_t now_us, struct reply *reply)
{
	const struct replay_answer *a;
	struct buf key;

	format_key(&key, route, token);
	a = find_any(r, &key, now_us);
	buf_release(&key);
	if (a == NULL)
		return false;
	reply_clear(reply, true);
	reply->status = a->status;
	reply->type = a->type;
	buf_add(&reply->head, a->head, a->head_n);
	buf_add(&reply->body, a->body, a->body_n);
	return true;
}

static void
begin_round(struct replay *r, uint64_t now_us)
{
	release_round(&r->before);
	r->before = r->now;
	init_round(&r->now);
	r->now.since_us = now_us;
}

static bool
is_over(const struct replay_round *round, uint64_t now_us)
{
	return round->answers.n > 0 &&
	    (now_us - round->since_us >= KNOWN_US ||
		round->texts.total + round->answers.n * ANSWER_BYTES >=
		    ROUND_MAX);
}

static const char *
copy(struct replay_round *round, const struct buf *text)
{
	return arena_strndup(&round->texts, text->data, text->len);
}

/* One that is known no more in the same round is written over. */
static struct replay_answer *
make_room(struct replay_round *round, const struct buf *key)
{
	uint64_t hash = rng_hash(key->data, key->len, 0);
	uint32_t i = hmap_find(&round->by_key, hash, is_same, round, key);

	if (i != HMAP_NONE)
		return &round->answers.v[i];
	hmap_add(&round->by_key, hash, (uint32_t)round->answers.n);
	return vec_push(&round->answers);
}

void
replay_keep(struct replay *r, const struct route *route, const char *token,
    uint64_t now_us, const struct reply *reply)
{
	struct replay_round *round = &r->now;
	struct replay_answer *a;
	struct buf key;

	if (!replay_takes(route) || reply->status < 200 || reply->status > 299)
		return;
	if (is_over(round, now_us))
		begin_round(r, now_us);
	if (round->answers.n == 0)
		round->since_us = now_us;
	format_key(&key, route, token);
	a = make_room(round, &key);
	*a = (struct replay_answer){ .at_us = now_us,
		.key = copy(round, &key),
		.key_n = key.len,
		.type = reply->type != NULL
		    ? arena_strndup(&round->texts, reply->type,
			  strlen(reply->type))
		    : NULL,
		.head = copy(round, &reply->head),
		.head_n = reply->head.len,
		.body = copy(round, &reply->body),
		.body_n = reply->body.len,
		.status = reply->status };
	buf_release(&key);
}
