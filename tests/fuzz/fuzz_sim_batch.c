/* SPDX-License-Identifier: MIT */
/*
 * sim_batch: the first line is the type of a request, what is behind it the
 * body of a batch.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/batch.h"
#include "sim/multipart.h"
#include "sim/reply.h"
#include "src/base/buf.h"
#include "src/base/mem.h"
#include "tests/fuzz/fuzz.h"

const char fuzz_name[] = "sim_batch";

#define TYPE "multipart/mixed; boundary=B"

static void
is_line(const char *text, const char *law)
{
	for (; *text != '\0'; text++)
		LAW(((unsigned char)*text >= ' ' || *text == '\t'), law);
}

static const char *
name_of(enum http_method method)
{
	switch (method) {
	case HTTP_DELETE:
		return "DELETE";
	case HTTP_GET:
		return "GET";
	case HTTP_PATCH:
		return "PATCH";
	case HTTP_POST:
		return "POST";
	case HTTP_PUT:
		return "PUT";
	default:
		return NULL;
	}
}

static void
check_part(const struct batch *b, size_t i, const char *body, size_t n)
{
	const struct batch_part *p = &b->parts.v[i];
	const char *at = p->body;
	size_t h;

	if (p->id != NULL)
		is_line(p->id, "a Content-ID is one line");
	LAW(p->target[0] == '/', "a target begins with a slash");
	is_line(p->target, "a target is one line");
	LAW(strchr(p->target, ' ') == NULL, "a target has no space");
	LAW(p->first == (i > 0 ? b->parts.v[i - 1].last : 0) ||
		p->fault != NULL || (i > 0 && b->parts.v[i - 1].fault != NULL),
	    "a header belongs to one part");
	for (h = p->first; h < p->last; h++) {
		LAW(b->headers.v[h].name[0] != '\0', "a header has a name");
		is_line(b->headers.v[h].name, "a header is one line");
		is_line(b->headers.v[h].value, "a header is one line");
	}
	if (p->fault != NULL) {
		LAW(p->fault[0] != '\0', "a refusal says why");
		is_line(p->fault, "a refusal is one line");
		return;
	}
	LAW(name_of(p->method) != NULL, "a call has a method that is known");
	LAW(at >= body && p->body_n <= (size_t)(body + n - at),
	    "a part lies in the body");
}

static bool
is_in_a_body(const struct batch *b, const char *text)
{
	size_t i;

	for (i = 0; i < b->parts.n; i++) {
		if (b->parts.v[i].fault == NULL &&
		    memmem(b->parts.v[i].body, b->parts.v[i].body_n, text,
			strlen(text)) != NULL)
			return true;
	}
	return false;
}

/* What a careful client puts between its parts: a body that is cut by its
 * length may end in what was no boundary where it stood. */
static void
choose_boundary(const struct batch *b, char *out, size_t size)
{
	unsigned i = 0;

	do
		snprintf(out, size, "--B%u", i++);
	while (is_in_a_body(b, out));
}

/* As that client would have sent it. */
static void
format(const struct batch *b, const struct batch_part *p, const char *boundary,
    struct buf *out)
{
	size_t h;

	buf_addf(out, "%s\r\nContent-Type: application/http\r\n", boundary);
	if (p->id != NULL)
		buf_addf(out, "Content-ID: <%s>\r\n", p->id);
	buf_addf(out, "\r\n%s %s HTTP/1.1\r\n", name_of(p->method), p->target);
	for (h = p->first; h < p->last; h++)
		buf_addf(out, "%s: %s\r\n", b->headers.v[h].name,
		    b->headers.v[h].value);
	buf_adds(out, "\r\n");
	buf_add(out, p->body, p->body_n);
	buf_adds(out, "\r\n");
}

static bool
is_same_part(const struct batch *a, const struct batch_part *x,
    const struct batch *b, const struct batch_part *y)
{
	size_t i, n = x->last - x->first;

	if (y->fault != NULL || x->method != y->method ||
	    strcmp(x->target, y->target) != 0 || n != y->last - y->first ||
	    x->body_n != y->body_n || memcmp(x->body, y->body, x->body_n) != 0)
		return false;
	for (i = 0; i < n; i++) {
		if (strcmp(a->headers.v[x->first + i].name,
			b->headers.v[y->first + i].name) != 0 ||
		    strcmp(a->headers.v[x->first + i].value,
			b->headers.v[y->first + i].value) != 0)
			return false;
	}
	return true;
}

static void
check_again(const struct batch *b)
{
	char boundary[24], type[64];
	struct batch again;
	struct buf text;
	size_t i, n = 0;

	choose_boundary(b, boundary, sizeof(boundary));
	snprintf(type, sizeof(type), "multipart/mixed; boundary=%s",
	    boundary + 2);
	buf_init(&text, SIZE_MAX);
	for (i = 0; i < b->parts.n; i++) {
		if (b->parts.v[i].fault == NULL) {
			format(b, &b->parts.v[i], boundary, &text);
			n++;
		}
	}
	buf_addf(&text, "%s--", boundary);
	batch_init(&again);
	LAW(n == 0 ||
		(batch_parse(&again, type, text.data, text.len) == NULL &&
		    again.parts.n == n),
	    "what was read and is written is read again");
	for (i = n = 0; i < b->parts.n; i++) {
		if (b->parts.v[i].fault == NULL)
			LAW(is_same_part(b, &b->parts.v[i], &again,
				&again.parts.v[n++]),
			    "what was read and is written is read as the same");
	}
	batch_release(&again);
	buf_release(&text);
}

/* Whatever a client calls its parts, it can tell their answers apart. */
static void
check_answer(const struct batch *b)
{
	struct multipart_reader r;
	struct multipart_part part;
	struct reply reply;
	struct buf text;
	size_t i;

	reply_init(&reply);
	reply_bad_request(&reply, "badRequest", "no");
	buf_init(&text, SIZE_MAX);
	for (i = 0; i < b->parts.n; i++)
		batch_add_answer(&text, "batch_1", &b->parts.v[i], &reply);
	batch_end_answer(&text, "batch_1");
	LAW(multipart_open(&r, "mixed", "multipart/mixed; boundary=batch_1",
		text.data, text.len) == NULL,
	    "an answer can be read");
	for (i = 0; multipart_has_next(&r); i++) {
		LAW(multipart_next(&r, &part) == NULL,
		    "each part of an answer can be read");
		LAW((part.id != NULL) == (b->parts.v[i].id != NULL),
		    "an answer has an id when its part has one");
	}
	LAW(i == b->parts.n, "each part has one answer");
	buf_release(&text);
	reply_release(&reply);
}

/* The body in memory of just its size, so that a look too far is seen. */
static void
check_body(const char *type, const char *text, size_t n, bool is_b)
{
	char *body = mem_alloc(n > 0 ? n : 1);
	const char *fault;
	struct batch b;
	size_t i;

	memcpy(body, text, n);
	batch_init(&b);
	fault = batch_parse(&b, type, body, n);
	if (fault != NULL) {
		LAW(fault[0] != '\0', "a refusal says why");
		is_line(fault, "a refusal is one line");
	} else {
		LAW(b.parts.n >= 1 && b.parts.n <= BATCH_PARTS,
		    "a batch has 1 to 100 parts");
		for (i = 0; i < b.parts.n; i++)
			check_part(&b, i, body, n);
		check_answer(&b);
		if (is_b)
			check_again(&b);
	}
	batch_release(&b);
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
