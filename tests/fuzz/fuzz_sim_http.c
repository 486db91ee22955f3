/* SPDX-License-Identifier: MIT */
/*
 * sim_http: requests out of bytes.  In whatever pieces they come, they make the
 * same requests; and a lax reader, written down here, that takes bare LFs and
 * looks for nothing but the ends of things, finds the same ends: nothing can be
 * smuggled past whoever reads before or behind the simulator.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sim/http_reader.h"
#include "src/base/buf.h"
#include "src/base/rng.h"
#include "tests/fuzz/fuzz.h"

const char fuzz_name[] = "sim_http";

enum {
	TRANSCRIPT_MAX = 1 << 20,
	/* Memory for what has not come yet. */
	MEMORY_AHEAD = 128 * 1024
};

/* One reading of the input, piece by piece. */
struct reading {
	const char *data;
	size_t fed;
	size_t begin; /* of the request that is read */
	struct reader reader;
	struct buf said; /* all that was found */
};

/* --- the lax reader --- */

struct lax {
	const char *at;
	const char *end;
};

/* Moves behind the next line; its length without its end. */
static size_t
lax_line(struct lax *in)
{
	const char *lf = memchr(in->at, '\n', (size_t)(in->end - in->at));
	size_t n;

	LAW(lf != NULL, "a lax reader finds every line");
	n = (size_t)(lf - in->at);
	in->at = lf + 1;
	return n > 0 && lf[-1] == '\r' ? n - 1 : n;
}

static bool
lax_is(const char *line, size_t n, const char *name)
{
	return n > strlen(name) && strncasecmp(line, name, strlen(name)) == 0 &&
	    strchr(": \t", line[strlen(name)]) != NULL;
}

/* Of all the lengths that a head may name, each. */
static void
lax_length(const char *line, const struct reader *r)
{
	const char *colon = strchr(line, ':');

	LAW(strtoull(colon + 1, NULL, 10) == r->head.length,
	    "every Content-Length is the one that was taken");
	LAW(!r->head.is_chunked, "a length and chunks exclude each other");
}

static void
lax_head(struct lax *in, const struct reader *r)
{
	const char *line = in->at;
	size_t n = lax_line(in), headers = 0, at = 0;
	const char *name, *value;

	LAW(n > 0, "a head begins with a line");
	while (line = in->at, (n = lax_line(in)) > 0) {
		headers++;
		LAW(*line != ' ' && *line != '\t', "no line is folded");
		if (lax_is(line, n, "content-length"))
			lax_length(line, r);
		if (lax_is(line, n, "transfer-encoding"))
			LAW(r->head.is_chunked, "chunks are seen by everybody");
	}
	while (head_next(&r->head, r->data, &at, &name, &value))
		headers--;
	LAW(headers == 0, "each line is one header");
}

static void
lax_chunks(struct lax *in, const struct reader *r)
{
	size_t size, seen = 0;

	for (;;) {
		size = strtoul(in->at, NULL, 16);
		lax_line(in);
		if (size == 0)
			break;
		LAW(size <= (size_t)(in->end - in->at) &&
			size <= r->body_len - seen &&
			memcmp(in->at, r->data + r->body_at + seen, size) == 0,
		    "a lax reader finds the same chunks");
		seen += size;
		in->at += size;
		LAW(lax_line(in) == 0, "a chunk ends where its size says");
	}
	LAW(seen == r->body_len, "the body is its chunks and no more");
	while (lax_line(in) > 0)
		;
}

/* The bytes of a whole request, read again in the other way. */
static void
check_request(const struct reading *g)
{
	const struct reader *r = &g->reader;
	size_t rest = r->len - r->at;
	struct lax in = { g->data + g->begin, g->data + g->fed - rest };

	lax_head(&in, r);
	if (r->head.is_chunked) {
		lax_chunks(&in, r);
	} else {
		LAW(r->body_len == r->head.length,
		    "a body has the length that was announced");
		LAW(r->body_len == (size_t)(in.end - in.at) &&
			memcmp(in.at, r->data + r->body_at, r->body_len) == 0,
		    "a body is what follows its head");
		in.at += r->body_len;
	}
	LAW(in.at == in.end, "a lax reader ends at the same byte");
}

/* --- the strict one --- */

static void
check_text(const char *s, bool may_have_blanks)
{
	LAW(head_is_text(s, strlen(s)), "no text has control characters");
	LAW(may_have_blanks || strpbrk(s, " \t") == NULL,
	    "targets and names have no blanks");
	LAW(*s == '\0' ||
		(strchr(" \t", *s) == NULL &&
		    strchr(" \t", s[strlen(s) - 1]) == NULL),
	    "values have no blanks around them");
}

static void
say_head(struct reading *g)
{
	const struct reader *r = &g->reader;
	const char *target = r->data + r->head.target_at, *name, *value;
	size_t at = 0;

	LAW(*target == '/' && strlen(target) == r->head.target_len,
	    "a target is one path");
	LAW(r->head.method < HTTP_OTHER_METHOD, "a method is a known one");
	LAW(r->head.has_host, "a head has a host");
	LAW(r->head.may_have_body ||
		(r->head.length == 0 && !r->head.is_chunked),
	    "only some methods have a body");
	check_text(target, false);
	buf_addf(&g->said, "%d %s\n", (int)r->head.method, target);
	while (head_next(&r->head, r->data, &at, &name, &value)) {
		LAW(*name != '\0', "a header has a name");
		check_text(name, false);
		check_text(value, true);
		buf_addf(&g->said, "%s:%s\n", name, value);
	}
}

static void
say_body(struct reading *g)
{
	buf_addf(&g->said, "%zu ", g->reader.body_len);
	buf_add(&g->said, g->reader.data + g->reader.body_at,
	    g->reader.body_len);
}

static void
say_fault(struct reading *g)
{
	int status = g->reader.status;

	LAW(status == 400 || status == 413 || status == 417 || status == 431 ||
		status == 501,
	    "a refusal has its status");
	buf_addf(&g->said, "%d %s\n", status, g->reader.fault);
}

/* What is here makes; false when nothing ever will. */
static bool
read_on(struct reading *g)
{
	struct reader *r = &g->reader;

	for (;;) {
		switch (reader_read(r)) {
		case READER_HUNGRY:
			return true;
		case READER_HEAD:
			say_head(g);
			break;
		case READER_WHOLE:
			say_body(g);
			check_request(g);
			g->begin = g->fed - (r->len - r->at);
			reader_next(r);
			break;
		case READER_FAULTY:
			say_fault(g);
			return false;
		}
		LAW(r->body_len <= HTTP_MAX_BODY &&
			(r->head.is_chunked || r->body_len <= r->head.length),
		    "a body never exceeds what was declared");
	}
}

/* Feeds the next n bytes. */
static bool
feed(struct reading *g, size_t n)
{
	char *room;
	size_t some;

	for (; n > 0; n -= some) {
		room = reader_room(&g->reader, &some);
		LAW(some > 0, "there is room for a hungry reader");
		LAW(g->reader.cap <= 2 * g->fed + MEMORY_AHEAD,
		    "memory goes with what has come");
		if (some > n)
			some = n;
		memcpy(room, g->data + g->fed, some);
		reader_add(&g->reader, some);
		g->fed += some;
		if (!read_on(g))
			return false;
	}
	return true;
}

/* In pieces: one of `first` bytes, and then of `each` bytes. */
static void
read_all(struct reading *g, const char *data, size_t n, size_t first,
    size_t each)
{
	bool is_alive;

	*g = (struct reading){ .data = data };
	buf_init(&g->said, TRANSCRIPT_MAX);
	reader_init(&g->reader);
	is_alive = feed(g, first);
	while (is_alive && g->fed < n)
		is_alive = feed(g, n - g->fed < each ? n - g->fed : each);
	if (is_alive)
		buf_addf(&g->said, "begun: %d, body: %zu\n",
		    reader_has_begun(&g->reader), g->reader.body_len);
}

static void
forget(struct reading *g)
{
	buf_release(&g->said);
	reader_release(&g->reader);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const char *bytes = (const char *)data;
	struct reading whole, other;
	size_t cut = rng_hash(data, n, 0) % (n + 1), i;

	read_all(&whole, bytes, n, n, 1);
	for (i = 0; i < 2; i++) {
		read_all(&other, bytes, n, i == 0 ? cut : 0, i == 0 ? n : 1);
		LAW(whole.said.len == other.said.len &&
			memcmp(whole.said.data, other.said.data,
			    whole.said.len) == 0,
		    "pieces make no difference");
		forget(&other);
	}
	forget(&whole);
	return 0;
}
