/* SPDX-License-Identifier: MIT */
/*
 * Most cells are a line of a table.  In it stand for themselves all bytes but
 *
 *	$B  the right body		$N  its length
 *	$F  without its last 5 bytes	$S  the length of that
 *	$X  the length in hex		$L  5 bytes more than the length
 */
#include "tests/driver/matrix_cells.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A head of 100,000 bytes, or as many interim answers as no one sends. */
enum { REPLY_MAX = 1024 * 1024, LONG_LINE = 100000, INTERIM_MAX = 10000 };

#define ITEM(name, generation)                              \
	"{\"name\":\"" name "\",\"generation\":" generation \
	",\"size\":\"5\",\"timeCreated\":\"2026-01-01T00:00:00Z\"}"
#define PAGE                                                       \
	"{\"kind\":\"storage#objects\",\"items\":[" ITEM(MATRIX_A, \
	    "\"1\"") "," ITEM(MATRIX_B, "\"2\"") "]}"

static const char *const op_names[MATRIX_OPS] = { "list", "get", "put",
	"delete", "delete-any" };

/* The right body under a status of 200. */
static const char *const bodies[MATRIX_OPS] = { PAGE, MATRIX_BYTES,
	"{\"generation\":\"9\"}", "{\"kind\":\"done\"}",
	"{\"kind\":\"done\"}" };

const char *
matrix_op_name(enum matrix_op op)
{
	return op_names[op];
}

static struct cell *add(struct cells *cells, enum raw_after after,
    const char *format, ...) PRINTF_LIKE(3, 4);

static struct cell *
add(struct cells *cells, enum raw_after after, const char *format, ...)
{
	struct cell *cell = vec_push(&cells->v);
	va_list ap;

	*cell = (struct cell){ .after = after };
	buf_init(&cell->reply, REPLY_MAX);
	va_start(ap, format);
	vsnprintf(cell->name, sizeof(cell->name), format, ap);
	va_end(ap);
	return cell;
}

static void
expand(struct buf *out, const char *text, const char *body)
{
	size_t n = strlen(body);

	for (; *text != '\0'; text++) {
		if (*text != '$') {
			buf_addc(out, *text);
			continue;
		}
		switch (*++text) {
		case 'B':
			buf_adds(out, body);
			break;
		case 'F':
			buf_add(out, body, n - 5);
			break;
		case 'N':
			buf_addf(out, "%zu", n);
			break;
		case 'S':
			buf_addf(out, "%zu", n - 5);
			break;
		case 'L':
			buf_addf(out, "%zu", n + 5);
			break;
		case 'X':
			buf_addf(out, "%zx", n);
			break;
		}
	}
}

struct saying {
	const char *name;
	const char *reply;
	enum raw_after after;
};

#define STATUS "HTTP/1.1 200 OK\r\n"
#define LENGTH "Content-Length: $N\r\n"
#define CHUNKS "Transfer-Encoding: chunked\r\n"
#define REST   LENGTH "\r\n$B"

static const struct saying sayings[] = {
	/* How long the body says it is. */
	{ "length right", STATUS REST, RAW_KEEP },
	{ "length too-long close", STATUS "Content-Length: $L\r\n\r\n$B",
	    RAW_CLOSE },
	{ "length too-long stall", STATUS "Content-Length: $L\r\n\r\n$B",
	    RAW_STALL },
	{ "length too-short", STATUS "Content-Length: $S\r\n\r\n$B", RAW_KEEP },
	{ "length negative", STATUS "Content-Length: -1\r\n\r\n$B", RAW_CLOSE },
	{ "length plus", STATUS "Content-Length: +$S\r\n\r\n$B", RAW_CLOSE },
	{ "length words", STATUS "Content-Length: some\r\n\r\n$B", RAW_CLOSE },
	{ "length tail", STATUS "Content-Length: $Sx\r\n\r\n$B", RAW_CLOSE },
	{ "length empty", STATUS "Content-Length:\r\n\r\n$B", RAW_CLOSE },
	{ "length hex", STATUS "Content-Length: 0x$X\r\n\r\n$B", RAW_CLOSE },
	{ "length huge",
	    STATUS "Content-Length: 99999999999999999999\r\n\r\n$B",
	    RAW_CLOSE },
	{ "length pair", STATUS "Content-Length: $N, $N\r\n\r\n$B", RAW_CLOSE },
	{ "length same-twice", STATUS LENGTH REST, RAW_KEEP },
	{ "length two long-first", STATUS LENGTH "Content-Length: $S\r\n\r\n$B",
	    RAW_CLOSE },
	{ "length two short-first", STATUS "Content-Length: $S\r\n" REST,
	    RAW_CLOSE },
	{ "length and-chunked",
	    STATUS LENGTH CHUNKS "\r\n$X\r\n$B\r\n0\r\n\r\n", RAW_KEEP },
	{ "length none close", STATUS "\r\n$B", RAW_CLOSE },
	{ "length none stall", STATUS "\r\n$B", RAW_STALL },
	{ "length none cut", STATUS "\r\n$F", RAW_CLOSE },

	/* Chunks. */
	{ "chunks right", STATUS CHUNKS "\r\n$X\r\n$B\r\n0\r\n\r\n", RAW_KEEP },
	{ "chunks extension", STATUS CHUNKS "\r\n$X;a=b\r\n$B\r\n0\r\n\r\n",
	    RAW_KEEP },
	{ "chunks trailer", STATUS CHUNKS "\r\n$X\r\n$B\r\n0\r\nA: b\r\n\r\n",
	    RAW_KEEP },
	{ "chunks no-size", STATUS CHUNKS "\r\n$B", RAW_CLOSE },
	{ "chunks negative", STATUS CHUNKS "\r\n-5\r\n$B\r\n0\r\n\r\n",
	    RAW_CLOSE },
	{ "chunks huge",
	    STATUS CHUNKS "\r\nfffffffffffffffff\r\n$B\r\n0\r\n\r\n",
	    RAW_CLOSE },
	{ "chunks too-long", STATUS CHUNKS "\r\nfff\r\n$B\r\n0\r\n\r\n",
	    RAW_CLOSE },
	{ "chunks too-short", STATUS CHUNKS "\r\n5\r\n$B\r\n0\r\n\r\n",
	    RAW_CLOSE },
	{ "chunks no-end close", STATUS CHUNKS "\r\n$X\r\n$B\r\n", RAW_CLOSE },
	{ "chunks no-end stall", STATUS CHUNKS "\r\n$X\r\n$B\r\n", RAW_STALL },
	{ "chunks half-end", STATUS CHUNKS "\r\n$X\r\n$B\r\n0\r\n", RAW_CLOSE },
	{ "chunks gzip",
	    STATUS "Transfer-Encoding: gzip, chunked\r\n\r\n"
		   "$X\r\n$B\r\n0\r\n\r\n",
	    RAW_CLOSE },
	{ "chunks identity", STATUS "Transfer-Encoding: identity\r\n" REST,
	    RAW_CLOSE },
	{ "chunks unknown", STATUS "Transfer-Encoding: zip\r\n\r\n$B",
	    RAW_CLOSE },

	/* Interim answers. */
	{ "interim 100", "HTTP/1.1 100 Continue\r\n\r\n" STATUS REST,
	    RAW_KEEP },
	{ "interim 102", "HTTP/1.1 102 Processing\r\n\r\n" STATUS REST,
	    RAW_KEEP },
	{ "interim 103",
	    "HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n" STATUS REST,
	    RAW_KEEP },
	{ "interim 199", "HTTP/1.1 199 Odd\r\n\r\n" STATUS REST, RAW_KEEP },
	{ "interim length",
	    "HTTP/1.1 100 Continue\r\nContent-Length: 3\r\n\r\n" STATUS REST,
	    RAW_KEEP },
	{ "interim alone close", "HTTP/1.1 100 Continue\r\n\r\n", RAW_CLOSE },
	{ "interim alone stall", "HTTP/1.1 100 Continue\r\n\r\n", RAW_STALL },
	{ "interim switch",
	    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n$B",
	    RAW_CLOSE },
	{ "interim switch-back",
	    "HTTP/1.1 101 Switching Protocols\r\n\r\n" STATUS REST, RAW_KEEP },

	/* How an answer begins. */
	{ "start nothing close", "", RAW_CLOSE },
	{ "start nothing reset", "", RAW_RESET },
	{ "start nothing stall", "", RAW_STALL },
	{ "start headers", LENGTH "\r\n$B", RAW_CLOSE },
	{ "start body", "$B", RAW_CLOSE },
	{ "start blank-line", "\r\n" STATUS REST, RAW_CLOSE },
	{ "start ssh", "SSH-2.0-OpenSSH_9.2\r\n", RAW_CLOSE },
	{ "start h2-settings", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", RAW_CLOSE },
	{ "start http/1.0", "HTTP/1.0 200 OK\r\n" REST, RAW_CLOSE },
	{ "start http/1.0 no-length", "HTTP/1.0 200 OK\r\n\r\n$B", RAW_CLOSE },
	{ "start http/2", "HTTP/2 200\r\n" REST, RAW_CLOSE },
	{ "start http/3", "HTTP/3 200\r\n" REST, RAW_CLOSE },
	{ "start http/1.9", "HTTP/1.9 200 OK\r\n" REST, RAW_CLOSE },
	{ "start lower-case", "http/1.1 200 OK\r\n" REST, RAW_CLOSE },
	{ "start no-reason", "HTTP/1.1 200\r\n" REST, RAW_KEEP },
	{ "start status 000", "HTTP/1.1 000 No\r\n" REST, RAW_CLOSE },
	{ "start status 99", "HTTP/1.1 99 No\r\n" REST, RAW_CLOSE },
	{ "start status 099", "HTTP/1.1 099 No\r\n" REST, RAW_CLOSE },
	{ "start status 600", "HTTP/1.1 600 No\r\n" REST, RAW_CLOSE },
	{ "start status 999", "HTTP/1.1 999 No\r\n" REST, RAW_CLOSE },
	{ "start status 2000", "HTTP/1.1 2000 No\r\n" REST, RAW_CLOSE },
	{ "start status -200", "HTTP/1.1 -200 No\r\n" REST, RAW_CLOSE },
	{ "start status words", "HTTP/1.1 OK\r\n" REST, RAW_CLOSE },

	/* Odd heads. */
	{ "head type-twice",
	    STATUS "Content-Type: text/html\r\n"
		   "Content-Type: application/json\r\n" REST,
	    RAW_KEEP },
	{ "head date-twice",
	    STATUS "Date: Thu, 01 Jan 2026 00:00:00 GMT\r\n"
		   "Date: never\r\n" REST,
	    RAW_KEEP },
	{ "head no-colon", STATUS "what is this\r\n" REST, RAW_KEEP },
	{ "head folded", STATUS "X: a\r\n b\r\n" REST, RAW_KEEP },
	{ "head lf-only", "HTTP/1.1 200 OK\nContent-Length: $N\n\n$B",
	    RAW_KEEP },
	{ "head gzip", STATUS "Content-Encoding: gzip\r\n" REST, RAW_KEEP },
	{ "head close", STATUS "Connection: close\r\n" REST, RAW_CLOSE },

	/* More than one answer to one request. */
	{ "twice at-once", STATUS REST STATUS REST, RAW_KEEP },
	{ "twice then-words", STATUS REST "and more", RAW_KEEP },
};

static const struct saying delete_sayings[] = {
	{ "deleted 204", "HTTP/1.1 204 No Content\r\n\r\n", RAW_KEEP },
	{ "deleted 204 length",
	    "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n", RAW_KEEP },
	{ "deleted 204 body", "HTTP/1.1 204 No Content\r\n" REST, RAW_KEEP },
	{ "deleted 204 chunks",
	    "HTTP/1.1 204 No Content\r\n" CHUNKS "\r\n0\r\n\r\n", RAW_KEEP },
	{ "deleted 204 answer",
	    "HTTP/1.1 204 No Content\r\n\r\n"
	    "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
	    RAW_KEEP },
	{ "deleted 200 empty", STATUS "Content-Length: 0\r\n\r\n", RAW_KEEP },
	{ "deleted 200 html",
	    STATUS "Content-Length: 26\r\n\r\n<html>Please log in</html>",
	    RAW_KEEP },
	{ "deleted 200 error",
	    STATUS
	    "Content-Length: 28\r\n\r\n{\"error\":{\"message\":\"oops\"}}",
	    RAW_KEEP },
};

static void
add_saying(struct cells *cells, const struct saying *s, size_t chunk)
{
	struct cell *cell = add(cells, s->after, "%s%s", s->name,
	    chunk != 0 ? " dripped" : " at-once");

	cell->chunk = chunk;
	expand(&cell->reply, s->reply, bodies[cells->op]);
}

/* Each at once, and byte by byte. */
static void
add_sayings(struct cells *cells, const struct saying *table, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		add_saying(cells, &table[i], 0);
		add_saying(cells, &table[i], 1);
	}
}

/* --- cut at every byte --- */

/* "cut PART BYTE ENDING": the connection ends, or nothing more comes, before
 * that byte of that part. */
static void
add_cuts(struct cells *cells, const char *what, const char *reply)
{
	static const char *const endings[] = { "close", "reset", "stall" };
	static const enum raw_after afters[] = { RAW_CLOSE, RAW_RESET,
		RAW_STALL };
	const char *line = strstr(reply, "\r\n") + 2;
	const char *body = strstr(reply, "\r\n\r\n") + 4;
	struct cell *cell;
	const char *at;
	size_t i;

	for (at = reply; *at != '\0'; at++) {
		for (i = 0; i < 3; i++) {
			cell = add(cells, afters[i], "%s %s %zu %s", what,
			    at < line       ? "status"
				: at < body ? "head"
					    : "body",
			    (size_t)(at -
				(at < line          ? reply
					: at < body ? line
						    : body)),
			    endings[i]);
			buf_add(&cell->reply, reply, (size_t)(at - reply));
		}
	}
}

static void
add_all_cuts(struct cells *cells)
{
	struct buf reply;

	buf_init(&reply, REPLY_MAX);
	expand(&reply, STATUS "Content-Type: application/json\r\n" REST,
	    bodies[cells->op]);
	add_cuts(cells, "cut", reply.data);
	buf_clear(&reply);
	expand(&reply, STATUS CHUNKS "\r\n$X\r\n$B\r\n0\r\n\r\n",
	    bodies[cells->op]);
	add_cuts(cells, "cut-chunks", reply.data);
	if (cells->op >= MATRIX_DELETE)
		add_cuts(cells, "cut-204",
		    "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n");
	buf_release(&reply);
}

/* --- statuses --- */

/* The words that the body of an error is made of. */
#define WORDS_JSON                                                      \
	"{\"error\":{\"code\":1,\"message\":\"Said why\",\"errors\":[{" \
	"\"reason\":\"because\",\"message\":\"Said why\"}]}}"

static void
add_status(struct cells *cells, int status)
{
	static const struct {
		const char *name, *body;
	} shapes[] = { { "json", WORDS_JSON },
		{ "html", "<html><h1>Said so</h1></html>" }, { "empty", "" },
		{ "odd", "[{\"error\":7}]" } };
	struct cell *cell;
	size_t i;

	for (i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		cell = add(cells, RAW_KEEP, "status %d %s", status,
		    shapes[i].name);
		buf_addf(&cell->reply,
		    "HTTP/1.1 %d Said So\r\nLocation: /elsewhere\r\n"
		    "Content-Length: %zu\r\n\r\n%s",
		    status, status == 304 ? 0 : strlen(shapes[i].body),
		    status == 304 ? "" : shapes[i].body);
	}
}

static void
add_statuses(struct cells *cells)
{
	static const int statuses[] = { 300, 301, 302, 303, 304, 305, 307, 308,
		400, 401, 403, 404, 405, 408, 409, 410, 411, 412, 413, 416, 429,
		499, 500, 501, 502, 503, 504, 511 };
	static const int successes[] = { 201, 202, 203, 206, 226, 299 };
	struct cell *cell;
	size_t i;

	for (i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
		add_status(cells, statuses[i]);
	for (i = 0; i < sizeof(successes) / sizeof(successes[0]); i++) {
		cell = add(cells, RAW_KEEP, "success %d", successes[i]);
		buf_addf(&cell->reply, "HTTP/1.1 %d Fine\r\n", successes[i]);
		expand(&cell->reply, REST, bodies[cells->op]);
	}
	for (i = 204; i <= 205; i++) {
		cell = add(cells, RAW_KEEP, "success %zu", i);
		buf_addf(&cell->reply,
		    "HTTP/1.1 %zu Empty\r\nContent-Length: 0\r\n\r\n", i);
	}
}

/* --- bodies --- */

static const struct {
	const char *name, *body;
} page_bodies[] = {
	{ "empty", "{}" },
	{ "nothing", "" },
	{ "html", "<html><body>It works!</body></html>" },
	{ "null", "null" },
	{ "array", "[]" },
	{ "two-pages", PAGE PAGE },
	{ "error", "{\"error\":{\"code\":503,\"message\":\"busy\"}}" },
	{ "next", "{\"nextPageToken\":\"t2\"}" },
	{ "next-same", "{\"nextPageToken\":\"t1\"}" },
	{ "next-number", "{\"nextPageToken\":2}" },
	{ "outside", "{\"items\":[" ITEM("elsewhere/a", "\"1\"") "]}" },
	{ "outside-above", "{\"items\":[" ITEM("docker", "\"1\"") "]}" },
	{ "descending",
	    "{\"items\":[" ITEM(MATRIX_B, "\"1\"") "," ITEM(MATRIX_A,
		"\"2\"") "]}" },
	{ "twice",
	    "{\"items\":[" ITEM(MATRIX_A, "\"1\"") "," ITEM(MATRIX_A,
		"\"1\"") "]}" },
	{ "duplicate-key",
	    "{\"items\":[" ITEM(MATRIX_A, "\"1\"") "],"
						   "\"items\":[]}" },
	{ "other-bucket",
	    "{\"items\":[{\"bucket\":\"other\",\"name\":\"" MATRIX_A
	    "\",\"generation\":\"1\",\"size\":\"5\"}]}" },
	{ "right-bucket",
	    "{\"items\":[{\"bucket\":\"demo\",\"name\":\"" MATRIX_A
	    "\",\"generation\":\"1\",\"size\":\"5\"}]}" },
	{ "bucket-number",
	    "{\"items\":[{\"bucket\":7,\"name\":\"" MATRIX_A
	    "\",\"generation\":\"1\",\"size\":\"5\"}]}" },
	{ "other-kind", "{\"kind\":\"storage#buckets\"}" },
	{ "prefixes", "{\"prefixes\":[\"docker/\"]}" },
	{ "generation none",
	    "{\"items\":[{\"name\":\"" MATRIX_A "\",\"size\":\"5\"}]}" },
	{ "generation zero", "{\"items\":[" ITEM(MATRIX_A, "\"0\"") "]}" },
	{ "generation negative", "{\"items\":[" ITEM(MATRIX_A, "\"-1\"") "]}" },
	{ "generation huge",
	    "{\"items\":[" ITEM(MATRIX_A, "\"18446744073709551616\"") "]}" },
	{ "generation number", "{\"items\":[" ITEM(MATRIX_A, "1") "]}" },
	{ "generation words", "{\"items\":[" ITEM(MATRIX_A, "\"new\"") "]}" },
	{ "generation null", "{\"items\":[" ITEM(MATRIX_A, "null") "]}" },
};

static void
add_pages(struct cells *cells)
{
	struct cell *cell;
	size_t i;

	for (i = 0; i < sizeof(page_bodies) / sizeof(page_bodies[0]); i++) {
		cell = add(cells, RAW_KEEP, "page %s", page_bodies[i].name);
		expand(&cell->reply, STATUS REST, page_bodies[i].body);
	}
}

/* --- too much --- */

static void
add_floods(struct cells *cells)
{
	struct cell *cell;
	int i;

	cell = add(cells, RAW_CLOSE, "flood interim");
	for (i = 0; i < INTERIM_MAX; i++)
		buf_adds(&cell->reply, "HTTP/1.1 100 Continue\r\n\r\n");
	expand(&cell->reply, STATUS REST, bodies[cells->op]);

	cell = add(cells, RAW_CLOSE, "flood header-line");
	buf_adds(&cell->reply, STATUS "X: ");
	for (i = 0; i < LONG_LINE; i++)
		buf_addc(&cell->reply, 'x');
	expand(&cell->reply, "\r\n" REST, bodies[cells->op]);

	cell = add(cells, RAW_CLOSE, "flood header-lines");
	buf_adds(&cell->reply, STATUS);
	for (i = 0; i < LONG_LINE / 10; i++)
		buf_adds(&cell->reply, "X-Y: zzz\r\n");
	expand(&cell->reply, REST, bodies[cells->op]);

	cell = add(cells, RAW_CLOSE, "flood body");
	buf_addf(&cell->reply, STATUS "Content-Length: %d\r\n\r\n", LONG_LINE);
	for (i = 0; i < LONG_LINE; i++)
		buf_addc(&cell->reply, ' ');

	cell = add(cells, RAW_CLOSE, "head nul");
	buf_adds(&cell->reply, STATUS "X: a");
	buf_addc(&cell->reply, '\0');
	expand(&cell->reply, "b\r\n" REST, bodies[cells->op]);
}

void
cells_init(struct cells *cells, enum matrix_op op)
{
	*cells = (struct cells){ .op = op };
	add_all_cuts(cells);
	add_sayings(cells, sayings, sizeof(sayings) / sizeof(sayings[0]));
	if (op >= MATRIX_DELETE)
		add_sayings(cells, delete_sayings,
		    sizeof(delete_sayings) / sizeof(delete_sayings[0]));
	if (op == MATRIX_LIST)
		add_pages(cells);
	add_statuses(cells);
	add_floods(cells);
}

void
cells_release(struct cells *cells)
{
	size_t i;

	for (i = 0; i < cells->v.n; i++)
		buf_release(&cells->v.v[i].reply);
	vec_release(&cells->v);
}
