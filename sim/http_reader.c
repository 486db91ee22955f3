/* SPDX-License-Identifier: MIT */
/*
 * One block of memory holds a request.  Bytes are read to its end, so the body
 * follows its head and is in one piece without being moved; only chunks move
 * up, over the lines between them.
 *
 *	HEAD --> LENGTH ------------------------------> WHOLE
 *	     --> SIZE --> CHUNK --> CHUNK_END --> SIZE
 *	              --> TRAILER --------------------> WHOLE
 *
 * As strict as head.c, and for the same reason.
 */
#include "sim/http_reader.h"

#include <stdlib.h>
#include <string.h>

#include "sim/percent.h"
#include "src/base/mem.h"

enum {
	/* Heads of real clients have 200 to 1500 bytes. */
	ROOM_FIRST = 2048,
	ROOM_LEAST = 512,
	/* A body grows by doubling, but not from so little. */
	ROOM_BODY = 64 * 1024,
	/* Taken at once where the end is not known: what was sent ahead is
	 * moved once for each request, so it must not be much. */
	ROOM_MOST = 64 * 1024,
	/* More than that is given back with the request that needed it. */
	KEEP_MOST = 64 * 1024,
	/* A chunk's size with its extensions, which nobody uses. */
	SIZE_LINE_MAX = 1024,
	TRAILERS_MAX = 8 * 1024
};

/* --- memory --- */

void
reader_init(struct reader *r)
{
	*r = (struct reader){ 0 };
}

void
reader_release(struct reader *r)
{
	free(r->data);
}

/* Moves what was not read yet down, behind the body. */
static void
close_gap(struct reader *r)
{
	size_t end = r->body_at + r->body_len;

	if (r->stage < STAGE_SIZE || r->at == end)
		return;
	memmove(r->data + end, r->data + r->at, r->len - r->at);
	r->len -= r->at - end;
	r->at = end;
}

static void
grow(struct reader *r, size_t want)
{
	r->cap = want;
	r->data = mem_resize(r->data, want, 1);
}

static size_t
max(size_t a, size_t b)
{
	return a > b ? a : b;
}

static size_t
min(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Memory goes with what has come, not with what was announced. */
char *
reader_room(struct reader *r, size_t *n)
{
	size_t most = ROOM_MOST;

	close_gap(r);
	if (r->stage == STAGE_LENGTH) {
		most = (size_t)r->left;
		if (r->cap - r->len < min(most, ROOM_LEAST))
			grow(r,
			    min(r->len + most,
				max(2 * r->cap, r->len + ROOM_BODY)));
	} else if (r->cap - r->len < ROOM_LEAST) {
		grow(r, max(2 * r->cap, ROOM_FIRST));
	}
	*n = min(r->cap - r->len, most);
	return r->data + r->len;
}

void
reader_add(struct reader *r, size_t n)
{
	r->len += n;
}

void
reader_next(struct reader *r)
{
	size_t rest = r->len - r->at;
	char *data = r->data;
	size_t cap = r->cap;

	if (cap > KEEP_MOST) {
		cap = max(rest, ROOM_FIRST);
		data = mem_alloc(cap);
	}
	if (rest > 0)
		memmove(data, r->data + r->at, rest);
	if (data != r->data)
		free(r->data);
	*r = (struct reader){ .data = data, .cap = cap, .len = rest };
}

bool
reader_has_begun(const struct reader *r)
{
	return r->stage == STAGE_HEAD ? r->len > 0 : r->stage < STAGE_WHOLE;
}

/* --- the head --- */

static bool
refuse(struct reader *r, int status, const char *fault)
{
	r->stage = STAGE_FAULTY;
	r->status = status;
	r->fault = fault;
	return true;
}

static enum reader_found
read_head(struct reader *r)
{
	switch (head_read(&r->head, r->data, r->len)) {
	case HEAD_UNFINISHED:
		return READER_HUNGRY;
	case HEAD_FAULTY:
		refuse(r, r->head.status, r->head.fault);
		return READER_FAULTY;
	case HEAD_WHOLE:
		break;
	}
	head_split(&r->head, r->data);
	r->body_at = r->at = r->head.len;
	r->left = r->head.length;
	r->stage = r->head.is_chunked ? STAGE_SIZE : STAGE_LENGTH;
	return READER_HEAD;
}

/* --- the body.  Each step is false when it can do nothing yet. --- */

/* Takes so much of what is left as is here; true when nothing is left. */
static bool
take(struct reader *r)
{
	size_t end = r->body_at + r->body_len;
	size_t n = min(r->len - r->at, (size_t)r->left);

	if (r->at != end)
		memmove(r->data + end, r->data + r->at, n);
	r->body_len += n;
	r->at += n;
	r->left -= n;
	return r->left == 0;
}

static bool
read_length(struct reader *r)
{
	if (!take(r))
		return false;
	r->stage = STAGE_WHOLE;
	return true;
}

enum line { LINE_UNFINISHED, LINE_WHOLE, LINE_FAULTY };

/* The next line of the framing, of most bytes at most with its end. */
static enum line
next_line(struct reader *r, size_t most, const char **line, size_t *n)
{
	const char *begin = r->data + r->at;
	size_t here = min(r->len - r->at, most);
	const char *end = here > 0 ? memchr(begin, '\n', here) : NULL;

	if (end == NULL)
		return here < most ? LINE_UNFINISHED : LINE_FAULTY;
	*line = begin;
	*n = (size_t)(end - begin);
	if (*n == 0 || end[-1] != '\r' || !head_is_text(begin, --*n))
		return LINE_FAULTY;
	r->at += *n + strlen("\r\n");
	return LINE_WHOLE;
}

/* Digits at once, and behind them nothing or an extension.  What is too much
 * for a number is too much for a body, and stays so. */
static bool
parse_size(const char *line, size_t n, uint64_t *size)
{
	size_t i;
	int digit;

	*size = 0;
	for (i = 0; i < n && (digit = percent_digit(line[i])) >= 0; i++) {
		if (*size <= HTTP_MAX_BODY)
			*size = 16 * *size + (unsigned)digit;
	}
	return i > 0 && (i == n || line[i] == ';');
}

static bool
read_size(struct reader *r)
{
	const char *line;
	size_t n;

	switch (next_line(r, SIZE_LINE_MAX, &line, &n)) {
	case LINE_UNFINISHED:
		return false;
	case LINE_FAULTY:
		return refuse(r, 400, "A chunk's size is not one short line.");
	case LINE_WHOLE:
		break;
	}
	if (!parse_size(line, n, &r->left))
		return refuse(r, 400, "A chunk's size is not a number.");
	if (r->left > HTTP_MAX_BODY - r->body_len)
		return refuse(r, 413, "The body is too large.");
	r->stage = r->left > 0 ? STAGE_CHUNK : STAGE_TRAILER;
	return true;
}

static bool
read_chunk(struct reader *r)
{
	if (!take(r))
		return false;
	r->stage = STAGE_CHUNK_END;
	return true;
}

static bool
read_chunk_end(struct reader *r)
{
	if (r->len - r->at < 2)
		return false;
	if (memcmp(r->data + r->at, "\r\n", 2) != 0)
		return refuse(r, 400, "A chunk is longer than its size.");
	r->at += 2;
	r->stage = STAGE_SIZE;
	return true;
}

/* Nobody asks for them. */
static bool
read_trailer(struct reader *r)
{
	const char *line;
	size_t n;

	switch (next_line(r, TRAILERS_MAX - r->trailers, &line, &n)) {
	case LINE_UNFINISHED:
		return false;
	case LINE_FAULTY:
		return refuse(r, 400, "The trailers are too long or no text.");
	case LINE_WHOLE:
		break;
	}
	r->trailers += n + strlen("\r\n");
	if (n == 0)
		r->stage = STAGE_WHOLE;
	else if (!head_is_field(line, n))
		return refuse(r, 400, "A trailer that is no header.");
	return true;
}

static bool
step(struct reader *r)
{
	switch (r->stage) {
	case STAGE_LENGTH:
		return read_length(r);
	case STAGE_SIZE:
		return read_size(r);
	case STAGE_CHUNK:
		return read_chunk(r);
	case STAGE_CHUNK_END:
		return read_chunk_end(r);
	case STAGE_TRAILER:
		return read_trailer(r);
	case STAGE_HEAD:
	case STAGE_WHOLE:
	case STAGE_FAULTY:
		break;
	}
	return false;
}

enum reader_found
reader_read(struct reader *r)
{
	if (r->stage == STAGE_HEAD)
		return read_head(r);
	while (step(r))
		;
	if (r->stage == STAGE_WHOLE)
		return READER_WHOLE;
	return r->stage == STAGE_FAULTY ? READER_FAULTY : READER_HUNGRY;
}
