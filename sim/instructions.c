/* SPDX-License-Identifier: MIT */
/*
 * Two grammars.  Those of retry tests are patterns, in which `#` stands for a
 * number and `%` for a word or the rest; the first that fits counts.  Those of
 * the header are seven fixed words, of which the testbench looks only at the
 * beginning of some.
 */
#include "sim/instructions.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "sim/fault.h"
#include "sim/operations.h"
#include "sim/routes.h"
#include "src/base/str.h"

/* What the testbench sends of an answer before it breaks off, how much of a
 * download the header's instructions let through, and how long they stall. */
enum {
	BROKEN_AFTER = 4,
	HEADER_BROKEN_AFTER = 1024 * 1024,
	HEADER_AFTER = 256 * 1024,
	HEADER_STALL_US = 10 * 1000000
};

/* --- the grammar of retry tests --- */

enum { NUMBERS_MAX = 2, NUMBER_DIGITS = 18 };

static const struct pattern {
	const char *text;
	enum instruction_kind kind;
	char numbers[NUMBERS_MAX]; /* X status, K KiB, B bytes, s seconds */
	bool takes_all;            /* % is whatever follows */
} patterns[] = {
	{ "return-reset-connection", INSTRUCTION_RESET, "", false },
	{ "return-broken-stream", INSTRUCTION_BROKEN, "", false },
	{ "return-broken-stream-after-#K", INSTRUCTION_BROKEN_AFTER, "K",
	    false },
	{ "return-broken-stream-final-chunk-after-#B", INSTRUCTION_SHORT, "B",
	    false },
	{ "return-unreachable-buckets-%", INSTRUCTION_UNREACHABLE, "", true },
	{ "return-#", INSTRUCTION_STATUS, "X", false },
	{ "return-#-after-#K", INSTRUCTION_STATUS_AFTER, "XK", false },
	{ "return-#-if-dp-enforced", INSTRUCTION_GRPC, "X", false },
	{ "stall-for-#s-after-#K", INSTRUCTION_STALL, "sK", false },
	{ "redirect-send-token-%", INSTRUCTION_GRPC, "", false },
	{ "redirect-send-handle-and-token-%", INSTRUCTION_GRPC, "", false },
	{ "redirect-expect-token-%", INSTRUCTION_GRPC, "", false },
};

struct found {
	size_t n;
	uint64_t number[NUMBERS_MAX];
	const char *rest;
};

/* Digits, which text goes on behind; NULL: none, or too many. */
static const char *
take_number(const char *text, uint64_t *out)
{
	const char *end = text;

	for (*out = 0; isdigit((unsigned char)*end); end++) {
		if (end - text == NUMBER_DIGITS)
			return NULL;
		*out = *out * 10 + (uint64_t)(*end - '0');
	}
	return end > text ? end : NULL;
}

static bool
fits(const struct pattern *p, const char *text, struct found *f)
{
	const char *want;

	f->n = 0;
	for (want = p->text; *want != '\0' && *want != '%'; want++) {
		if (*want == '#')
			text = take_number(text, &f->number[f->n++]);
		else if (*text == *want)
			text++;
		else
			return false;
		if (text == NULL)
			return false;
	}
	f->rest = text;
	if (*want == '\0')
		return *text == '\0';
	return *text != '\0' &&
	    (p->takes_all ||
		text[strspn(text, "abcdefghijklmnopqrstuvwxyz-")] == '\0');
}

/* -1: out of bounds. */
static int
set_number(struct instruction *i, char what, uint64_t v)
{
	switch (what) {
	case 'X':
		i->status = (int)v;
		return v >= 200 && v <= 599 ? 0 : -1;
	case 's':
		i->seconds = v;
		return v <= INSTRUCTION_SECONDS_MAX ? 0 : -1;
	case 'K':
		i->bytes = v * 1024;
		return v <= INSTRUCTION_BYTES_MAX / 1024 ? 0 : -1;
	default:
		i->bytes = v;
		return v <= INSTRUCTION_BYTES_MAX ? 0 : -1;
	}
}

int
instruction_parse(const char *text, struct instruction *out)
{
	const struct pattern *p,
	    *end = patterns + sizeof(patterns) / sizeof(patterns[0]);
	struct found found;
	size_t i;

	for (p = patterns; p < end && !fits(p, text, &found);)
		p++;
	if (p == end)
		return -1;
	*out = (struct instruction){ .kind = p->kind, .names = found.rest };
	for (i = 0; i < found.n; i++) {
		if (set_number(out, p->numbers[i], found.number[i]) != 0)
			return -1;
	}
	return 0;
}

/* --- what they do --- */

static void
init_fault(struct fault *f, enum fault_what what)
{
	*f = (struct fault){ .what = what,
		.keep_bytes = FAULT_KEEP_ALL,
		.manner = http_plain };
}

static bool
is_download(const struct route *r)
{
	return r->op == OP_OBJECT_GET || r->op == OP_OBJECT_MEDIA ||
	    r->op == OP_XML_GET;
}

/* Does it bring bytes?  The start of a resumable upload does not, which shows
 * when it is read. */
static bool
is_upload(const struct route *r)
{
	return r->op == OP_OBJECT_INSERT || r->op == OP_UPLOAD_STATUS ||
	    r->op == OP_XML_PUT;
}

static void
break_off(struct fault *f, uint64_t at, uint64_t if_body, bool is_reset)
{
	init_fault(f, FAULT_ANSWER);
	f->manner.cut_at = at;
	f->manner.is_reset = is_reset;
	f->if_body = if_body;
}

static bool
stall(const struct instruction *i, const struct route *r, struct fault *f)
{
	uint64_t us = i->seconds * 1000000;

	if (is_upload(r)) {
		init_fault(f, FAULT_STALL);
		f->keep_bytes = i->bytes;
		f->stall_us = us;
		return true;
	}
	init_fault(f, FAULT_ANSWER);
	f->manner.pause_at = i->bytes;
	f->manner.pause_us = us;
	f->if_body = i->bytes + 1;
	return is_download(r);
}

bool
instruction_meets(const struct instruction *i, const struct route *r,
    struct fault *out)
{
	switch (i->kind) {
	case INSTRUCTION_STATUS:
	case INSTRUCTION_STATUS_AFTER:
		init_fault(out, FAULT_STATUS);
		out->status = i->status;
		out->is_testbench = true;
		if (i->kind == INSTRUCTION_STATUS)
			return true;
		out->keep_bytes = i->bytes;
		return is_upload(r);
	case INSTRUCTION_RESET:
		init_fault(out, FAULT_RESET);
		return true;
	case INSTRUCTION_BROKEN:
		break_off(out, BROKEN_AFTER, BROKEN_AFTER, false);
		return true;
	case INSTRUCTION_BROKEN_AFTER:
		break_off(out, i->bytes, i->bytes, false);
		return is_download(r);
	case INSTRUCTION_SHORT:
		init_fault(out, FAULT_ANSWER);
		out->if_finished = out->is_short = true;
		out->body_max = i->bytes;
		return r->op == OP_UPLOAD_STATUS;
	case INSTRUCTION_STALL:
		return stall(i, r, out);
	case INSTRUCTION_UNREACHABLE:
		init_fault(out, FAULT_ANSWER);
		out->hides_buckets = true;
		return r->op == OP_BUCKET_LIST;
	case INSTRUCTION_GRPC:
		break;
	}
	return false;
}

bool
instruction_is_certain(const struct instruction *i)
{
	return i->kind == INSTRUCTION_STATUS || i->kind == INSTRUCTION_RESET;
}

/* --- the header --- */

/* Does a download begin where the object does, as the testbench sees it?  The
 * last bytes count as such. */
static bool
is_from_start(const struct fault_ask *ask)
{
	const char *range = ask->headers->find(ask->headers->from, "Range");

	return range == NULL || !str_starts(range, "bytes=") ||
	    strtoull(range + strlen("bytes="), NULL, 10) == 0 ||
	    range[strlen("bytes=")] == '-';
}

static bool
stall_download(struct fault *f, uint64_t at)
{
	init_fault(f, FAULT_ANSWER);
	f->manner.pause_at = at;
	f->manner.pause_us = HEADER_STALL_US;
	f->if_body = at + 1;
	return true;
}

/* A retry that comes behind the first bytes says which it is. */
static bool
fail_download(const struct fault_ask *ask, const char *text, struct fault *f)
{
	if (is_from_start(ask)) {
		break_off(f, HEADER_AFTER, HEADER_AFTER + 1, true);
		return true;
	}
	init_fault(f, FAULT_STATUS);
	f->status = 503;
	return str_ends(text, "/retry-1") || str_ends(text, "/retry-2");
}

static bool
meet_download(const struct fault_ask *ask, const char *text, struct fault *f)
{
	if (strcmp(text, "return-broken-stream") == 0) {
		break_off(f, HEADER_BROKEN_AFTER, HEADER_BROKEN_AFTER + 1,
		    true);
		return true;
	}
	if (strcmp(text, "return-corrupted-data") == 0) {
		init_fault(f, FAULT_ANSWER);
		f->corrupts = true;
		f->if_body = 1;
		return true;
	}
	if (str_starts(text, "stall-always"))
		return stall_download(f, 0);
	if (strcmp(text, "stall-at-256KiB") == 0)
		return is_from_start(ask) && stall_download(f, HEADER_AFTER);
	return str_starts(text, "return-503-after-256K") &&
	    fail_download(ask, text, f);
}

static bool
meet_upload(const char *text, struct fault *f)
{
	init_fault(f, FAULT_STATUS);
	f->status = 503;
	f->keep_bytes = HEADER_AFTER;
	return strcmp(text, "return-503-after-256K") == 0;
}

bool
instructions_take(const struct fault_ask *ask, struct fault *out)
{
	const struct ask_headers *h = ask->headers;
	const char *text = h->find(h->from, "x-goog-emulator-instructions");
	bool is_met;

	if (text == NULL)
		text = h->find(h->from, "x-goog-testbench-instructions");
	if (text == NULL)
		return false;
	if (ask->route->op == OP_UPLOAD_STATUS)
		is_met = meet_upload(text, out);
	else
		is_met = (ask->route->op == OP_OBJECT_MEDIA ||
			     ask->route->op == OP_XML_GET) &&
		    meet_download(ask, text, out);
	if (is_met)
		strcpy(out->mark, "x-goog-emulator-instructions");
	return is_met;
}
