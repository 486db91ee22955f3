/* SPDX-License-Identifier: MIT */
/*
 * sim_multipart: the first line is the type of a request, what is behind it
 * the body of an upload in two parts.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/multipart.h"
#include "src/base/buf.h"
#include "src/base/mem.h"
#include "tests/fuzz/fuzz.h"

const char fuzz_name[] = "sim_multipart";

#define TYPE "multipart/related; boundary=B"

static void
is_within(const char *from, const char *to, const char *s, size_t n)
{
	LAW(s >= from && s <= to && n <= (size_t)(to - s),
	    "a slice lies in the body");
}

static bool
is_same(const struct multipart_part *a, const struct multipart_part *b)
{
	return a->n == b->n && memcmp(a->bytes, b->bytes, a->n) == 0;
}

/* Both parts, and the end of the body behind them. */
static void
check_places(const struct multipart *m, const char *body, size_t n)
{
	const struct multipart_part *part = &m->metadata;
	const char *at = body;

	for (; part != NULL; part = part == &m->metadata ? &m->media : NULL) {
		if (part->type != NULL)
			is_within(at, part->bytes, part->type, part->type_n);
		is_within(at, body + n, part->bytes, part->n);
		at = part->bytes + part->n;
	}
	LAW(at < body + n, "a delimiter is behind the last part");
}

/* What was read, in CRLF and with the boundary B, is read again. */
static void
check_again(const struct multipart *m)
{
	struct multipart again;
	struct buf text;

	buf_init(&text, SIZE_MAX);
	buf_adds(&text, "--B\r\n\r\n");
	buf_add(&text, m->metadata.bytes, m->metadata.n);
	buf_adds(&text, "\r\n--B\r\n\r\n");
	buf_add(&text, m->media.bytes, m->media.n);
	buf_adds(&text, "\r\n--B--");
	LAW(multipart_parse(TYPE, text.data, text.len, &again) == NULL &&
		is_same(&m->metadata, &again.metadata) &&
		is_same(&m->media, &again.media),
	    "what was read and is written is read as the same");
	buf_release(&text);
}

/* The body in memory of just its size, so that a look too far is seen. */
static void
check_body(const char *type, const char *text, size_t n, bool is_b)
{
	char *body = mem_alloc(n > 0 ? n : 1);
	struct multipart m, cut;
	const char *fault;

	memcpy(body, text, n);
	fault = multipart_parse(type, body, n, &m);
	if (fault != NULL) {
		fuzz_is_reason(fault);
	} else {
		check_places(&m, body, n);
		LAW(multipart_parse(type, body,
			(size_t)(m.media.bytes + m.media.n - body),
			&cut) != NULL,
		    "a body without its last delimiter is refused");
		if (is_b)
			check_again(&m);
	}
	free(body);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const char *body;
	size_t n_body;
	char *type = fuzz_first_line(data, n, &body, &n_body);

	if (type == NULL)
		return 0;
	check_body(type, body, n_body, false);
	check_body(TYPE, body, n_body, true);
	free(type);
	return 0;
}
