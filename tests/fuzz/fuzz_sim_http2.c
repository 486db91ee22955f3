/* SPDX-License-Identifier: MIT */
/*
 * sim_http2: a byte of manner, one that says in which pieces the rest comes and
 * what its answers are, and the frames of a client.  Whatever they are, a stream
 * is one request and no more, so nothing can be smuggled behind it; nobody hears
 * of more requests at once than were allowed, nor of one that is gone.
 */
#include <event2/buffer.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "sim/http2.h"
#include "sim/http_reader.h"
#include "src/base/mem.h"
#include "src/base/rng.h"
#include "tests/fuzz/fuzz.h"

const char fuzz_name[] = "sim_http2";

enum { MAX_STREAMS = 8, MAX_RESETS = 4, PULL_MOST = 4096 };

/* A frame of data may be larger than what was asked for; no frame is longer. */
enum { PULL_OVER = 32 * 1024 };

/* Of the byte of manner. */
enum { MANNER_BARE = 1, MANNER_MUTE = 2 };

static const char preface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
			      "\0\0\0\4\0\0\0\0\0"; /* and no settings */

struct request {
	struct request *next;
	struct client *client;
	struct http2_stream *stream; /* NULL: gone, or answered */
	struct reader reader;
	bool is_whole;
};

struct client {
	struct request *requests;
	struct rng rng;
	size_t live;
	bool is_mute;
};

/* --- what the server's owner is told --- */

static void *
on_request(void *arg, struct http2_stream *s)
{
	struct client *c = arg;
	struct request *r = mem_zalloc(1, sizeof(*r));

	r->client = c;
	r->stream = s;
	r->next = c->requests;
	c->requests = r;
	reader_init(&r->reader);
	LAW(++c->live <= MAX_STREAMS, "no more requests than were allowed");
	return r;
}

static void
on_bytes(void *request, const void *bytes, size_t n)
{
	struct request *r = request;
	const char *at = bytes;
	size_t size;
	char *room;

	LAW(r->stream != NULL, "one that is gone says nothing");
	LAW(!r->is_whole || n == 0, "nothing follows a whole request");
	for (; n > 0 && r->reader.stage != STAGE_FAULTY;
	     n -= size, at += size) {
		room = reader_room(&r->reader, &size);
		if (size > n)
			size = n;
		memcpy(room, at, size);
		reader_add(&r->reader, size);
		while (!r->is_whole && reader_read(&r->reader) == READER_HEAD)
			;
		r->is_whole = r->reader.stage == STAGE_WHOLE;
		LAW(!r->is_whole ||
			(n == size && r->reader.at == r->reader.len),
		    "a stream is one request");
	}
}

static void
on_drained(void *request)
{
	LAW(((struct request *)request)->stream != NULL,
	    "nobody waits for one that is gone");
}

static void
on_gone(void *request)
{
	struct request *r = request;

	LAW(r->stream != NULL, "a request goes once");
	r->stream = NULL;
	r->client->live--;
}

/* --- what it does --- */

static void
end(struct request *r)
{
	r->stream = NULL;
	r->client->live--;
}

static void
answer(struct request *r, bool has_body)
{
	char lines[] = "Content-Type: text/plain\r\nX-A: b\r\n";
	struct evbuffer *body;

	http2_answer(r->stream, 200, lines, has_body);
	if (has_body) {
		body = evbuffer_new();
		evbuffer_add_printf(body, "%*s", 3000, "word");
		http2_add(r->stream, body, true);
		evbuffer_free(body);
	}
	http2_forget(r->stream);
	end(r);
}

/* One of them is answered, or ended in one of the other ways. */
static void
act(struct client *c)
{
	struct request *r = c->requests;

	while (r != NULL && (r->stream == NULL || !r->is_whole))
		r = r->next;
	if (r == NULL || c->is_mute)
		return;
	switch (rng_below(&c->rng, 6)) {
	case 0:
		http2_reset(r->stream, HTTP2_CANCEL);
		end(r);
		break;
	case 1:
		http2_turn_away(r->stream);
		end(r);
		break;
	case 2:
		answer(r, false);
		break;
	default:
		answer(r, true);
		break;
	}
}

static void
pull(struct http2 *h)
{
	struct evbuffer *out = evbuffer_new();

	http2_pull(h, out, PULL_MOST);
	LAW(evbuffer_get_length(out) <= PULL_MOST + PULL_OVER,
	    "no more is made than was asked for");
	evbuffer_free(out);
}

static void
feed(struct http2 *h, struct client *c, const uint8_t *data, size_t n)
{
	uint64_t now = 0;
	size_t size;

	for (; n > 0; n -= size, data += size) {
		size = 1 + (size_t)rng_below(&c->rng, n < 64 ? n : 64);
		if (size > n)
			size = n;
		if (http2_feed(h, data, size, now++) != 0)
			return;
		act(c);
		if (rng_below(&c->rng, 2) == 0)
			pull(h);
	}
}

static void
release(struct client *c)
{
	struct request *r;

	while ((r = c->requests) != NULL) {
		LAW(r->stream == NULL, "who is left is told that all is over");
		c->requests = r->next;
		reader_release(&r->reader);
		free(r);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct client c = { 0 };
	const struct http2_opts opts = { .max_streams = MAX_STREAMS,
		.max_resets = MAX_RESETS,
		.on_request = on_request,
		.on_bytes = on_bytes,
		.on_drained = on_drained,
		.on_gone = on_gone,
		.arg = &c };
	struct http2 *h;

	if (n < 2 || !http2_is_built())
		return 0;
	rng_init(&c.rng, data[1]);
	c.is_mute = data[0] & MANNER_MUTE;
	h = http2_new(&opts);
	if ((data[0] & MANNER_BARE) == 0 &&
	    http2_feed(h, preface, sizeof(preface) - 1, 0) != 0)
		LAW(false, "the preface is one");
	feed(h, &c, data + 2, n - 2);
	pull(h);
	http2_free(h);
	release(&c);
	return 0;
}
